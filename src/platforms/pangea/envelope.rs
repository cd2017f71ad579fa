//! The envelope of every answer, and what it says: success is decided by its status, not by the HTTP
//! code alone.
//!
//! Source: Pangea contract, sections 4 to 6.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{Failure, Text};
use crate::platforms::http::{Reply, decode_value};

/// What an answer is wrapped in.
pub(super) struct Envelope {
    /// Under which the platform's support finds the request.
    pub(super) request_id: Option<String>,
    /// The status as it is written.
    pub(super) status: String,
    pub(super) summary: Option<String>,
    /// Null where there is none.
    pub(super) result: Value,
}

/// What a status means. An open set: what is not known is shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Success,
    Accepted,
    Validation,
    Unauthorized,
    Forbidden,
    NotFound,
    TooMany,
    /// The platform broke: a read may be repeated.
    Broken,
    Other,
}

/// Words without case, `_`, `-` and blanks.
const MEANINGS: [(&str, Meaning); 7] = [
    ("success", Meaning::Success),
    ("accepted", Meaning::Accepted),
    ("validationerror", Meaning::Validation),
    ("unauthorized", Meaning::Unauthorized),
    ("notfound", Meaning::NotFound),
    ("toomanyrequests", Meaning::TooMany),
    ("internalerror", Meaning::Broken),
];

/// Any status with this in it says that the role or scope is too small.
const FORBIDDEN: &str = "forbidden";

/// What a status means, however it is written: the documentation itself writes it in two ways.
pub(super) fn meaning(status: &str) -> Meaning {
    let word = folded(status);
    let known = MEANINGS.iter().find(|(known, _)| *known == word);
    match known {
        Some((_, meaning)) => *meaning,
        None if word.contains(FORBIDDEN) => Meaning::Forbidden,
        None => Meaning::Other,
    }
}

fn folded(status: &str) -> String {
    let counts = |c: &char| !matches!(c, '_' | '-') && !c.is_whitespace();
    let letters = status.chars().filter(counts);
    letters.flat_map(char::to_lowercase).collect()
}

impl Envelope {
    /// Reads a body; absent for what is no object with a status.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
            return None;
        };
        let mut text = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) => Some(text),
            Some(_) | None => None,
        };
        let filled = |text: &String| !text.trim().is_empty();
        Some(Self {
            status: text("status")?,
            request_id: text("request_id").filter(filled),
            summary: text("summary").filter(filled),
            result: fields.remove("result").unwrap_or_default(),
        })
    }
}

/// An answer that comes later.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Later {
    /// By which it is asked for; absent where the platform forgot to say.
    pub(super) request_id: Option<String>,
    /// How long it is worth asking.
    pub(super) ttl: Option<Duration>,
    /// Where it is, as the platform says. To be believed on its own host only.
    pub(super) location: Option<String>,
}

impl Later {
    fn of(envelope: Envelope) -> Self {
        let field = |name: &str| envelope.result.get(name);
        // Numbers are shown as text in one place of the documentation, texts as numbers in another.
        let minutes = field("ttl_mins")
            .and_then(|it| it.as_u64().or_else(|| it.as_str()?.trim().parse().ok()));
        Self {
            ttl: minutes.map(|minutes| Duration::from_mins(minutes.min(MOST_MINUTES))),
            location: field("location").and_then(Value::as_str).map(str::to_owned),
            request_id: envelope.request_id,
        }
    }
}

/// A good answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) result: Value,
    request_id: Option<String>,
}

impl Answer {
    /// Decodes the result.
    ///
    /// # Errors
    /// `Decode`, which names the request.
    pub(super) fn decode<W: DeserializeOwned>(self, operation: &str) -> Result<W, Failure> {
        let Self { result, request_id } = self;
        decode_value(operation, "result", result).map_err(|mut failure| {
            if let (Failure::Decode { found, .. }, Some(id)) = (&mut failure, request_id) {
                *found = Text::clean(&format!("{found} (request {id})"));
            }
            failure
        })
    }
}

/// Nobody waits for longer than a day.
const MOST_MINUTES: u64 = 24 * 60;

/// What an answer is.
pub(super) enum Outcome {
    /// Temporarily unavailable; the body may be anything.
    Unavailable,
    /// No envelope.
    Garbled,
    Later(Later),
    Done(Answer),
    /// An error, whatever the HTTP code is.
    Refused(Meaning),
}

/// The rule, in its order.
///
/// Source: Pangea contract, section 4.
pub(super) fn outcome(status: u16, body: &[u8]) -> Outcome {
    if status == 503 {
        return Outcome::Unavailable;
    }
    let Some(envelope) = Envelope::read(body) else {
        return Outcome::Garbled;
    };
    let meaning = meaning(&envelope.status);
    if status == 202 || meaning == Meaning::Accepted {
        return Outcome::Later(Later::of(envelope));
    }
    if (200..300).contains(&status) && meaning == Meaning::Success {
        return Outcome::Done(Answer {
            result: envelope.result,
            request_id: envelope.request_id,
        });
    }
    Outcome::Refused(meaning)
}

/// Whether an answer says that the token is not accepted, under whichever HTTP code.
pub(super) fn is_rejected(reply: &Reply) -> bool {
    let status = reply.status.as_u16();
    match outcome(status, &reply.body) {
        Outcome::Refused(meaning) => meaning == Meaning::Unauthorized,
        // A gate before the platform means the same by it.
        Outcome::Garbled => status == 401,
        Outcome::Unavailable | Outcome::Later(_) | Outcome::Done(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What an answer with this status, HTTP code and result is, in a word.
    fn check(http: u16, status: &str, expected: &str) {
        let body = serde_json::json!({"status": status, "request_id": "prq_a"}).to_string();
        let found = match outcome(http, body.as_bytes()) {
            Outcome::Unavailable => "unavailable".to_owned(),
            Outcome::Garbled => "garbled".to_owned(),
            Outcome::Later(later) => format!("later {}", later.request_id.unwrap_or_default()),
            Outcome::Done(_) => "done".to_owned(),
            Outcome::Refused(meaning) => format!("{meaning:?}"),
        };
        assert_eq!(found, expected, "{http} {status}");
    }

    #[test]
    fn the_rule_has_an_order() {
        check(503, "Success", "unavailable");
        check(202, "Success", "later prq_a");
        check(200, "Accepted", "later prq_a");
        check(201, "Success", "done");
        check(400, "Success", "Success");
        check(200, "ValidationError", "Validation");
        check(200, "ForbiddenVaultOperation", "Forbidden");
        check(418, "Teapot", "Other");
    }

    #[test]
    fn what_has_no_status_is_no_envelope() {
        for body in [
            "",
            "[]",
            "null",
            "{}",
            r#"{"status": 1}"#,
            "<p>",
            r#""Success""#,
        ] {
            assert!(Envelope::read(body.as_bytes()).is_none(), "{body}");
            let outcome = outcome(200, body.as_bytes());
            assert!(matches!(outcome, Outcome::Garbled), "{body}");
        }
    }

    #[test]
    fn what_comes_later_is_described_in_numbers_or_texts() {
        for (result, ttl, location) in [
            (r#"{"ttl_mins": 2, "location": "/x"}"#, Some(2), Some("/x")),
            (r#"{"ttl_mins": "2", "location": 7}"#, Some(2), None),
            (r#"{"ttl_mins": "soon"}"#, None, None),
            ("null", None, None),
        ] {
            let body = format!(r#"{{"status": "Accepted", "result": {result}}}"#);
            let Outcome::Later(later) = outcome(202, body.as_bytes()) else {
                panic!("{body}")
            };
            assert_eq!(later.ttl, ttl.map(Duration::from_mins), "{body}");
            assert_eq!(later.location.as_deref(), location, "{body}");
        }
    }

    proptest! {
        #[test]
        fn a_status_means_the_same_however_it_is_written(
            at in 0..MEANINGS.len(),
            style in proptest::collection::vec((any::<bool>(), "[ _-]{0,2}"), 20),
        ) {
            let (word, expected) = MEANINGS[at];
            let mut written = String::new();
            for (letter, (is_upper, filling)) in word.chars().zip(style.iter().cycle()) {
                written.push_str(filling);
                let upper = letter.to_ascii_uppercase();
                written.push(if *is_upper { upper } else { letter });
            }
            prop_assert_eq!(meaning(&written), expected, "{}", written);
        }

        #[test]
        fn no_body_is_taken_for_success_without_saying_so(body in any::<Vec<u8>>()) {
            let is_done = matches!(outcome(200, &body), Outcome::Done(_));
            prop_assert!(!is_done || Envelope::read(&body).is_some());
        }
    }
}
