//! Answers that come later: asked for at the configured server only, and waited for by reads.
//!
//! A read waits here for at most half a minute, and nowhere else does an adapter wait: the answer is
//! one answer, which the engine could only ask for by knowing this platform. What changes something is
//! followed instead, see `progress`.
//!
//! Source: Pangea contract, section 6.

use std::time::Duration;

use reqwest::Method;
use tokio::time::sleep;
use url::Url;

use super::api::{Api, Heard};
use super::envelope::{Answer, Later};
use super::paths::REQUEST;
use crate::model::{Failure, Safety, Text};
use crate::platforms::http::{Call, filled};

/// The name of asking again, for failures and the log.
const OPERATION: &str = "GetRequest";

/// So often a read asks again: after 1, 4, 9 and 16 s.
const LOOKS: u32 = 4;

/// The wait before the look of that number, counted from one.
pub(super) fn wait(look: u32) -> Duration {
    Duration::from_secs(u64::from(look).pow(2))
}

/// The answer to a read, which may come later.
///
/// # Errors
/// As any read; `Server` (202) for one that does not come in time.
pub(super) async fn awaited(api: &Api, call: Call) -> Result<Answer, Failure> {
    let (operation, subject) = (call.operation, call.subject.clone());
    let mut later = match api.exchange(call).await? {
        Heard::Done(answer) => return Ok(answer),
        Heard::Refused(no) => return Err(no.failure),
        Heard::Later(later) => later,
    };
    // Where it is was said at first; what comes after may say less.
    let path = path(api.http.base(), &later).ok_or_else(|| nowhere(operation))?;
    for look in 1..=LOOKS {
        sleep(wait(look)).await;
        later = match api.exchange(asking(&path, &subject)).await? {
            Heard::Done(answer) => return Ok(answer),
            Heard::Refused(no) => return Err(no.failure),
            Heard::Later(later) => later,
        };
    }
    Err(too_late(&later))
}

/// Asks for the answer to a request.
pub(super) fn asking(path: &str, subject: &Text) -> Call {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut call = Call::new(OPERATION, Method::GET, path.to_owned(), Safety::Read);
    query.clone_into(&mut call.query);
    call.about(subject.clone())
}

/// Where the answer is, below the configured address; absent where nobody knows. The token goes along,
/// so a place on another server is no place.
pub(super) fn path(base: &Url, later: &Later) -> Option<String> {
    let said = later.location.as_deref();
    said.and_then(|location| within(base, location))
        .or_else(|| {
            let id = later.request_id.as_deref()?;
            filled(REQUEST, &[id]).ok()
        })
}

/// A place on the server at `base`, as its path and query.
fn within(base: &Url, location: &str) -> Option<String> {
    let url = base.join(location.trim()).ok()?;
    if url.origin() != base.origin() || url.host().is_none() {
        return None;
    }
    let prefix = base.path().trim_end_matches('/');
    let path = url.path().strip_prefix(prefix)?;
    if !path.starts_with('/') || path.len() < 2 {
        return None;
    }
    Some(match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    })
}

fn nowhere(operation: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(operation),
        path: Text::clean("request_id"),
        expected: Text::clean("the request by which the answer is asked for"),
        found: Text::clean("none"),
    }
}

fn too_late(later: &Later) -> Failure {
    Failure::Server {
        status: 202,
        message: Some(Text::clean(
            "the answer was announced and did not come within 30 s",
        )),
        request_id: later.request_id.as_deref().and_then(Text::non_empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where an answer is asked for, by what is said of its place.
    fn check(base: &str, location: &str, expected: &str) {
        let later = Later {
            request_id: Some("prq_a/../b".to_owned()),
            ttl: None,
            location: Some(location.to_owned()),
        };
        let path = path(&Url::parse(base).unwrap(), &later);
        assert_eq!(path.as_deref(), Some(expected), "{location}");
    }

    #[test]
    fn a_place_counts_on_the_own_server_only() {
        let by_id = "/request/prq_a%2F..%2Fb";
        let base = "https://api.example.com/";
        check(
            base,
            "https://api.example.com/request/x?y=1",
            "/request/x?y=1",
        );
        check(base, "/other/x", "/other/x");
        for foreign in [
            "https://evil.example.com/request/x",
            "http://api.example.com/request/x",
            "https://api.example.com:8443/request/x",
            "//evil.example.com/request/x",
            "https://api.example.com@evil.example.com/x",
            "\\\\evil.example.com\\x",
            "file:///etc/passwd",
            "data:text/plain,x",
            "",
            "/",
        ] {
            check(base, foreign, by_id);
        }
        let below = "https://api.example.com/prefix/";
        check(
            below,
            "https://api.example.com/prefix/request/x",
            "/request/x",
        );
        check(below, "https://api.example.com/elsewhere", by_id);
    }

    #[test]
    fn a_read_waits_for_half_a_minute() {
        let waits = (1..=LOOKS).map(|look| wait(look).as_secs());
        assert_eq!(waits.sum::<u64>(), 30);
    }
}
