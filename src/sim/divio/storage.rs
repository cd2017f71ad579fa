//! The files behind download links: a plain dump for databases, a gzipped archive for storage.
//!
//! The links are signed: whoever sends a token along is refused, as object stores do. A file has a
//! version and a checksum, and is sent from any byte on; its encoding is how it is stored.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use ring::digest::{SHA256, digest};

use super::{
    backups,
    key::{Key, Kind},
    reply::Reply,
    services::SERVICES,
    world::World,
};
use crate::sim::{clock::Moment, gzip::gzip};

/// Largest file; the size a backup claims may be larger.
const LARGEST: u64 = 8_000_000;

/// Answers a request for a file.
pub(super) fn serve(
    world: &World,
    now: Moment,
    name: &str,
    query: &str,
    headers: &HeaderMap,
) -> Reply {
    let error = |status, code: &str| {
        let body = format!("<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code></Error>\n");
        Reply::bytes(status, "application/xml", body.into_bytes())
    };
    if headers.contains_key(header::AUTHORIZATION) || query != "signature=sim" {
        return error(StatusCode::FORBIDDEN, "AccessDenied");
    }
    let Ok(key) = world.find(name, Kind::DownloadPart) else {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let download = &world.downloads[key.parent];
    if !download.ready(key.ordinal, now) {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    }
    let part = download.parts[key.ordinal];
    let (content, zipped) = content(world, part);
    let version = format!("\"{}-{}\"", part.text(world.seed), content.len());
    let given = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // For another version than this one a part is of no use.
    let fits = given(header::IF_RANGE).is_none_or(|wanted| wanted == version);
    let checksum = base64(digest(&SHA256, &content).as_ref());
    let reply = ranged(content, given(header::RANGE).filter(|_| fits))
        .with("etag", &version)
        .with("x-amz-checksum-sha256", &checksum);
    if zipped {
        reply.with("content-encoding", "gzip")
    } else {
        reply
    }
}

fn content(world: &World, part: Key) -> (Vec<u8>, bool) {
    let (backup, number) = backups::part_of(world, part);
    let n = backup.instances[number];
    let instances = &world.detail(part.parent).instances;
    let instance = instances.iter().find(|instance| instance.n == n);
    let storage = instance.is_some_and(|i| SERVICES[i.service].kind == "STORAGE");
    let size = usize::try_from(backup.part_size(number).min(LARGEST)).unwrap_or_default();
    let slug = &world.owner(part.parent).slug;
    if storage {
        let picture = repeated(b"picture ", size);
        return (gzip(&tar(&format!("media/{slug}.jpg"), &picture)), true);
    }
    let line = format!("INSERT INTO orders VALUES ('{slug}', 42, 'paid');\n");
    let mut dump = b"-- dump of the database\n".to_vec();
    dump.extend(repeated(line.as_bytes(), size.saturating_sub(dump.len())));
    (dump, false)
}

fn repeated(pattern: &[u8], size: usize) -> Vec<u8> {
    pattern.iter().copied().cycle().take(size).collect()
}

/// What a `Range` asks for of a file of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Everything: there is no range, or none that can be read (RFC 9110, section 14.2).
    All,
    /// From one byte to another, both included.
    Bytes(usize, usize),
    /// What it does not have.
    Nothing,
}

fn wanted(range: Option<&str>, size: usize) -> Wanted {
    let bounds = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let number = |text: &str| text.parse::<usize>().ok();
    let (from, to) = match bounds {
        Some(("", last)) => match number(last) {
            Some(last) if last > 0 && size > 0 => (size.saturating_sub(last), size - 1),
            Some(_) => return Wanted::Nothing,
            None => return Wanted::All,
        },
        Some((from, "")) => match number(from) {
            Some(from) => (from, usize::MAX),
            None => return Wanted::All,
        },
        Some((from, to)) => match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to => (from, to),
            _ => return Wanted::All,
        },
        None => return Wanted::All,
    };
    if from < size {
        Wanted::Bytes(from, to.min(size - 1))
    } else {
        Wanted::Nothing
    }
}

/// The whole file, or a part of it.
fn ranged(content: Vec<u8>, range: Option<&str>) -> Reply {
    const KIND: &str = "application/octet-stream";
    let size = content.len();
    match wanted(range, size) {
        Wanted::All => Reply::bytes(StatusCode::OK, KIND, content).with("accept-ranges", "bytes"),
        Wanted::Bytes(from, to) => {
            let piece = content.get(from..=to).unwrap_or_default().to_vec();
            Reply::bytes(StatusCode::PARTIAL_CONTENT, KIND, piece)
                .with("content-range", &format!("bytes {from}-{to}/{size}"))
        }
        Wanted::Nothing => Reply::bytes(StatusCode::RANGE_NOT_SATISFIABLE, KIND, Vec::new())
            .with("content-range", &format!("bytes */{size}")),
    }
}

/// The usual alphabet, padded.
fn base64(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let value = (0..3).fold(0_usize, |sum, at| {
            sum << 8 | three.get(at).copied().map_or(0, usize::from)
        });
        for place in 0..4 {
            let symbol = SYMBOLS[value >> (18 - 6 * place) & 63];
            let is_padding = place > three.len();
            text.push(if is_padding { '=' } else { char::from(symbol) });
        }
    }
    text
}

/// An archive with one file.
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 512;
    let mut header = [0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (place, byte) in header[at..].iter_mut().zip(text.bytes()) {
            *place = byte;
        }
    };
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", content.len()));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u{0}00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in header[148..]
        .iter_mut()
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *place = byte;
    }
    let mut archive = header.to_vec();
    archive.extend_from_slice(content);
    // Padded to a whole block, then two empty ones.
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_written_in_the_usual_alphabet() {
        for (plain, written) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(plain.as_bytes()), written);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    #[test]
    fn ranges_are_cut_out_of_the_file() {
        let piece = |range| {
            let reply = ranged(b"0123456789".to_vec(), Some(range));
            (
                reply.status.as_u16(),
                String::from_utf8(reply.body).unwrap(),
            )
        };
        assert_eq!(piece("bytes=2-4"), (206, "234".to_owned()));
        assert_eq!(piece("bytes=7-"), (206, "789".to_owned()));
        assert_eq!(piece("bytes=8-99"), (206, "89".to_owned()));
        assert_eq!(piece("bytes=-3"), (206, "789".to_owned()));
        assert_eq!(piece("bytes=-99"), (206, "0123456789".to_owned()));
        assert_eq!(piece("bytes=10-"), (416, String::new()));
        assert_eq!(piece("bytes=-0"), (416, String::new()));
        for unread in ["bytes=5-2", "bytes=0-1,4-5", "bytes=x-", "lines=1-2"] {
            assert_eq!(piece(unread), (200, "0123456789".to_owned()), "{unread}");
        }
        assert_eq!(ranged(b"01".to_vec(), None).status.as_u16(), 200);
    }
}
