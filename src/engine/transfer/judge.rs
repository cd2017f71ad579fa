//! What an answer of the storage means for a file that is there in part: a pure function.

use std::time::Duration;

use crate::model::Stored;
use crate::platforms::http::storage::Head;

/// What to do with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Its bytes are the first of the file.
    Begin,
    /// Its bytes follow those that are there.
    GoOn,
    /// Its bytes are the first of the file, which was there in part; why that is of no use.
    BeginAnew(&'static str),
    /// It has no use, and the whole file must be asked for; why.
    AskForAll(&'static str),
    /// Nothing is missing.
    Complete,
    /// The link is not accepted any more.
    NewLink,
    /// The storage is in trouble: ask again, not before that.
    Again(Option<Duration>),
    /// Asking again gives the same.
    GiveUp,
}

const CHANGED: &str = "the file changed at the storage; from the start again";
const NO_RANGES: &str = "the storage cannot go on where it ended; from the start again";
const MISPLACED: &str = "the storage sent another part of the file; from the start again";

/// What `head` means when `have` bytes of `known` are there.
pub(super) fn judge(have: u64, known: Option<&Stored>, head: &Head) -> Step {
    let known = known.filter(|_| have > 0);
    match head.status {
        200 => whole(known, head),
        206 => part(have, known, head),
        416 => beyond(have, known, head),
        400 | 401 | 403 | 404 | 410 => Step::NewLink,
        408 | 425 | 429 | 500 | 502.. => Step::Again(head.retry_after),
        _ => Step::GiveUp,
    }
}

fn whole(known: Option<&Stored>, head: &Head) -> Step {
    match known {
        None => Step::Begin,
        Some(known) if is_same(known, &head.object) => Step::BeginAnew(NO_RANGES),
        Some(_) => Step::BeginAnew(CHANGED),
    }
}

fn part(have: u64, known: Option<&Stored>, head: &Head) -> Step {
    let from = head.piece.and_then(|piece| piece.from);
    match known {
        Some(known) if !is_same(known, &head.object) => Step::AskForAll(CHANGED),
        Some(_) if from == Some(have) => Step::GoOn,
        None if from == Some(0) => Step::Begin,
        Some(_) | None => Step::AskForAll(MISPLACED),
    }
}

fn beyond(have: u64, known: Option<&Stored>, head: &Head) -> Step {
    match (known, head.object.total) {
        (Some(known), Some(total)) if total == have && is_same(known, &head.object) => {
            Step::Complete
        }
        (Some(_), _) => Step::AskForAll(CHANGED),
        (None, _) => Step::GiveUp,
    }
}

/// Whether two answers can be about the same object. What one of them does not say is no
/// difference.
fn is_same(known: &Stored, now: &Stored) -> bool {
    fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        one.zip(other).is_some_and(|(one, other)| one != other)
    }
    !(differ(known.total.as_ref(), now.total.as_ref())
        || differ(known.etag.as_ref(), now.etag.as_ref())
        || differ(known.modified.as_ref(), now.modified.as_ref()))
}

/// By what the storage is told which version the bytes are of. A weak version is not allowed
/// there (RFC 9110, section 13.1.5).
pub(super) fn version(known: &Stored) -> Option<&str> {
    let strong = known.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
    strong.or(known.modified.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::http::storage::Piece;

    fn object(etag: &str, total: u64) -> Stored {
        Stored {
            total: Some(total),
            etag: Some(etag.into()),
            ..Stored::default()
        }
    }

    fn head(status: u16, from: Option<u64>, object: Stored) -> Head {
        Head {
            status,
            piece: from.map(|from| Piece {
                from: Some(from),
                total: object.total,
            }),
            object,
            ..Head::default()
        }
    }

    #[track_caller]
    fn check(have: u64, head: &Head, expected: &Step) {
        assert_eq!(judge(have, Some(&object("a", 10)), head), *expected);
    }

    #[test]
    fn a_file_goes_on_only_with_its_own_bytes() {
        let at = |from, etag, total| head(206, Some(from), object(etag, total));
        check(4, &at(4, "a", 10), &Step::GoOn);
        check(4, &at(5, "a", 10), &Step::AskForAll(MISPLACED));
        check(4, &at(4, "b", 10), &Step::AskForAll(CHANGED));
        check(4, &at(4, "a", 11), &Step::AskForAll(CHANGED));
        check(
            4,
            &head(206, None, object("a", 10)),
            &Step::AskForAll(MISPLACED),
        );
        check(0, &at(0, "b", 10), &Step::Begin);
    }

    #[test]
    fn a_whole_file_is_taken_from_its_start() {
        let all = |etag| head(200, None, object(etag, 10));
        check(0, &all("b"), &Step::Begin);
        check(4, &all("a"), &Step::BeginAnew(NO_RANGES));
        check(4, &all("b"), &Step::BeginAnew(CHANGED));
    }

    #[test]
    fn nothing_more_to_send_is_an_end_only_at_the_end() {
        let total = |total| head(416, None, object("a", total));
        check(10, &total(10), &Step::Complete);
        check(10, &total(9), &Step::AskForAll(CHANGED));
        check(0, &total(0), &Step::GiveUp);
        let silent = head(416, None, Stored::default());
        check(10, &silent, &Step::AskForAll(CHANGED));
    }

    #[test]
    fn what_is_refused_and_what_is_broken_are_told_apart() {
        let say = |status| judge(4, None, &head(status, None, Stored::default()));
        for status in [400, 401, 403, 404, 410] {
            assert_eq!(say(status), Step::NewLink, "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504, 599] {
            assert_eq!(say(status), Step::Again(None), "{status}");
        }
        for status in [204, 304, 405, 451, 501] {
            assert_eq!(say(status), Step::GiveUp, "{status}");
        }
    }

    #[test]
    fn a_weak_version_is_not_sent() {
        let mut known = object("W/\"a\"", 10);
        assert_eq!(version(&known), None);
        known.modified = Some("Sun, 01 Mar 2026 14:00:00 GMT".into());
        assert_eq!(version(&known), known.modified.as_deref());
        assert_eq!(version(&object("\"a\"", 10)), Some("\"a\""));
    }
}
