//! Fetching files by pre-signed link, from hosts that are no platform's API.
//!
//! A client of its own: it knows no token, so none can go along, whatever the host. The link is the
//! secret here: it is in no log, no failure, no debug output. Bytes come as they are stored: nothing
//! is decoded on the way, so that sizes, ranges and checksums mean what the storage says. Texts that
//! are read and not kept are another matter: [`Storage::decoding`].

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName,
    IF_RANGE, LAST_MODIFIED, LOCATION, RANGE,
};
use reqwest::{ClientBuilder, Response};
use tokio::time::timeout;
use url::Url;

use super::client::is_loopback;
use super::link::{self, Clients};
use super::unpack::Unpacker;
use super::{problem, rate};
use crate::model::{Failure, Secret, Stored};

/// Redirects followed for one request; storages send to a region's own host.
const MAX_REDIRECTS: usize = 3;

/// Waiting for the next bytes.
const SILENCE: Duration = Duration::from_mins(1);

/// The way to files behind links.
pub struct Storage {
    is_decoding: bool,
    clients: Clients,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            is_decoding: false,
            clients: Clients::new(|builder| adapt(builder, false)),
        }
    }
}

/// What is asked of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// The first byte that is wanted.
    pub from: u64,
    /// The version it must have for that; otherwise all of it is sent.
    pub version: Option<&'a str>,
}

/// The part of a file that an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte; absent where the answer says only how large the file is.
    pub from: Option<u64>,
    /// The size of the whole file, where that is known.
    pub total: Option<u64>,
}

/// What an answer says before its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// Which part of the file follows.
    pub piece: Option<Piece>,
    /// The file.
    pub object: Stored,
    /// SHA-256 of the whole file, in hexadecimal digits, where the storage tells.
    pub sha256: Option<String>,
    /// When to ask again.
    pub retry_after: Option<Duration>,
}

/// An answer; its bytes come bit by bit.
pub struct Object {
    /// What it says before its bytes.
    pub head: Head,
    response: Response,
    /// On a way that decodes, until the end.
    unpacker: Option<Unpacker>,
}

impl Storage {
    /// A way on which what is stored compressed arrives as it was before, whether it says so or not.
    #[must_use]
    pub fn decoding() -> Self {
        Self {
            is_decoding: true,
            clients: Clients::new(|builder| adapt(builder, true)),
        }
    }

    /// Asks for a file, by a link that is a secret. Every status is an answer.
    ///
    /// # Errors
    /// `Network`; `Server` for a redirect that is not followed; `Decode` for what is no link.
    pub async fn get(&self, link: &Secret, wish: Wish<'_>) -> Result<Object, Failure> {
        let mut url = Url::parse(link.expose()).map_err(|_| no_link("something else"))?;
        check(&url, true)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(url.clone(), wish).await?;
            let Some(target) = redirection(&response) else {
                return Ok(Object {
                    head: head(response.status().as_u16(), response.headers()),
                    response,
                    unpacker: self.is_decoding.then(Unpacker::new),
                });
            };
            let (status, from_here) = (response.status().as_u16(), is_loopback(&url));
            let refuse = |why: &str| problem::redirect(status, why);
            url = url
                .join(&target)
                .map_err(|_| refuse("redirects to nowhere"))?;
            // Back to this machine only from this machine: a storage has no business here.
            check(&url, from_here).map_err(|_| refuse("redirects to where links must not go"))?;
        }
        Err(problem::redirect(302, "redirects in a circle"))
    }

    async fn once(&self, url: Url, wish: Wish<'_>) -> Result<Response, Failure> {
        let url = link::bare(url);
        let mut request = self.clients.of(&url)?.get(url);
        if !self.is_decoding {
            request = request.header(ACCEPT_ENCODING, "identity");
        }
        if wish.from > 0 {
            request = request.header(RANGE, format!("bytes={}-", wish.from));
            if let Some(version) = wish.version {
                request = request.header(IF_RANGE, version);
            }
        }
        let response = timeout(SILENCE, request.send())
            .await
            .map_err(|_| problem::silent(SILENCE))?
            .map_err(problem::network)?;
        tracing::debug!(
            status = response.status().as_u16(),
            from = wish.from,
            "the storage answered"
        );
        Ok(response)
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

impl Object {
    /// The next bytes, split anywhere; absent at the end. Cancel-safe.
    ///
    /// # Errors
    /// `Network`.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let chunk = timeout(SILENCE, self.response.chunk()).await;
            let chunk = chunk.map_err(|_| problem::silent(SILENCE))?;
            let chunk = chunk.map_err(problem::network)?;
            let Some(unpacker) = &mut self.unpacker else {
                return Ok(chunk);
            };
            if let Some(chunk) = chunk {
                let plain = unpacker.push(chunk)?;
                if !plain.is_empty() {
                    return Ok(Some(plain));
                }
                continue;
            }
            let rest = unpacker.finish()?;
            self.unpacker = None;
            return Ok(Some(rest).filter(|rest| !rest.is_empty()));
        }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head.fmt(f)
    }
}

/// Bytes as they are stored, or the text of what is stored as gzip.
fn adapt(builder: ClientBuilder, is_decoding: bool) -> ClientBuilder {
    builder
        .gzip(is_decoding)
        .no_brotli()
        .no_zstd()
        .no_deflate()
        // One stream of bytes: a second protocol would add windows, and logs of its own.
        .http1_only()
}

fn check(url: &Url, may_be_here: bool) -> Result<(), Failure> {
    let plain = "plain http, which would show the file to the network";
    link::check(url, may_be_here, plain).map_err(no_link)
}

/// What is wrong with a link, without the link.
fn no_link(found: &str) -> Failure {
    link::no_link("a download", "an https address", found)
}

fn redirection(response: &Response) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    text(response.headers(), &LOCATION)
}

fn head(status: u16, headers: &HeaderMap) -> Head {
    let piece = text(headers, &CONTENT_RANGE).and_then(|range| piece(&range));
    let length = text(headers, &CONTENT_LENGTH).and_then(|length| length.parse().ok());
    let total = match status {
        200 => length,
        _ => piece.and_then(|piece| piece.total),
    };
    let encoding = text(headers, &CONTENT_ENCODING).unwrap_or_default();
    Head {
        status,
        piece,
        object: Stored {
            total,
            etag: text(headers, &ETAG),
            modified: text(headers, &LAST_MODIFIED),
            is_gzip: matches!(encoding.to_ascii_lowercase().as_str(), "gzip" | "x-gzip"),
        },
        sha256: sha256(headers),
        retry_after: rate::retry_after(headers),
    }
}

/// `bytes 5-9/10`, `bytes 5-9/*`, `bytes */10`.
fn piece(range: &str) -> Option<Piece> {
    let (place, total) = range.strip_prefix("bytes")?.trim().split_once('/')?;
    let from = place.split_once('-').map(|(from, _)| from.parse());
    Some(Piece {
        from: from.transpose().ok()?,
        total: total.parse().ok(),
    })
}

/// The checksums that are about the whole file whatever part of it is sent. `Content-MD5` is about
/// what is sent, and an `ETag` is a checksum only where nobody says that it is one.
fn sha256(headers: &HeaderMap) -> Option<String> {
    let amazon = text(headers, &HeaderName::from_static("x-amz-checksum-sha256"));
    let listed = ["repr-digest", "digest"].iter().find_map(|name| {
        let list = text(headers, &HeaderName::from_static(name))?;
        let mut items = list
            .split(',')
            .filter_map(|item| item.trim().split_once('='));
        let found = items.find(|(algorithm, _)| algorithm.eq_ignore_ascii_case("sha-256"))?;
        Some(found.1.trim_matches(':').to_owned())
    });
    hexadecimal(&amazon.or(listed)?)
}

/// 32 bytes in base64 as hexadecimal digits; absent for anything else, such as a checksum of
/// checksums (`…-3`).
fn hexadecimal(base64: &str) -> Option<String> {
    const SYMBOLS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let symbols = base64.trim_end_matches('=');
    // 43 symbols of six bits are 32 bytes and two bits of nothing.
    if symbols.len() != 43 {
        return None;
    }
    let values: Option<Vec<_>> = symbols.chars().map(|it| SYMBOLS.find(it)).collect();
    let values = values?;
    let bit = |at: usize| values[at / 6] >> (5 - at % 6) & 1;
    let digits = (0..64).map(|nibble| {
        let value = (0..4).fold(0, |sum, at| sum * 2 + bit(nibble * 4 + at));
        char::from_digit(u32::try_from(value).ok()?, 16)
    });
    digits.collect()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_piece_of_a_file_is_placed() {
        let at = |from, total| Some(Piece { from, total });
        assert_eq!(piece("bytes 5-9/10"), at(Some(5), Some(10)));
        assert_eq!(piece("bytes 5-9/*"), at(Some(5), None));
        assert_eq!(piece("bytes */10"), at(None, Some(10)));
        for wrong in ["", "items 0-1/2", "bytes x-9/10", "bytes 5"] {
            assert_eq!(piece(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn checksums_of_the_whole_file_are_understood() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        for pair in [
            ("x-amz-checksum-sha256", base64.to_owned()),
            ("digest", format!("md5=x, SHA-256={base64}")),
            ("repr-digest", format!("sha-512=:y:, sha-256=:{base64}:")),
        ] {
            let found = sha256(&headers(&[(pair.0, &pair.1)]));
            assert_eq!(found.as_deref(), Some(empty), "{pair:?}");
        }
        for wrong in [
            format!("{base64}-3"),
            "47DE".into(),
            base64.replace('+', "*"),
        ] {
            assert_eq!(sha256(&headers(&[("x-amz-checksum-sha256", &wrong)])), None);
        }
    }

    #[test]
    fn the_size_is_that_of_the_whole_file() {
        let whole = head(200, &headers(&[("content-length", "10")]));
        assert_eq!(whole.object.total, Some(10));
        let part = [("content-length", "4"), ("content-range", "bytes 6-9/10")];
        assert_eq!(head(206, &headers(&part)).object.total, Some(10));
        assert_eq!(head(404, &headers(&part[..1])).object.total, None);
    }

    #[test]
    fn a_link_goes_over_tls_or_stays_here() {
        let allowed = |link: &str, here| check(&Url::parse(link).unwrap(), here).is_ok();
        for good in ["https://bucket.example.org/x", "http://127.0.0.1:1/x"] {
            assert!(allowed(good, true), "{good}");
        }
        for bad in [
            "http://bucket.example.org/x",
            "ftp://bucket.example.org/x",
            "file:///etc/passwd",
        ] {
            assert!(!allowed(bad, true), "{bad}");
        }
        assert!(!allowed("http://127.0.0.1:1/x", false));
        assert!(!allowed("https://localhost/x", false));
    }
}
