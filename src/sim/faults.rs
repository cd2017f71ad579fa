//! Fault scripts: what goes wrong, for which requests, how often.
//!
//! A script is a JSON array of objects. Each has optional matchers (`operation`, `method`,
//! `context`, `after`, `times`) and exactly one effect. What the effects do is in `effects`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One fault: which requests it concerns and what it does to them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "RawFault", into = "RawFault")]
pub struct Fault {
    /// Which requests it concerns.
    pub matcher: Matcher,
    /// What it does to them.
    pub effect: Effect,
}

/// Which requests a fault concerns. The default matches every request, without end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matcher {
    /// Operation name of the contract; absent or `*` means any.
    pub operation: Option<String>,
    /// HTTP method in capitals; absent means any.
    pub method: Option<String>,
    /// Context name of the server that is asked; absent means any.
    pub context: Option<String>,
    /// How many matching requests pass unharmed first.
    pub after: u64,
    /// How many matching requests are harmed; absent means all.
    pub times: Option<u64>,
}

/// What a fault does to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Waits before anything else happens.
    Latency {
        /// The wait in milliseconds.
        ms: u64,
    },
    /// Answers this HTTP status without acting.
    Status {
        /// The HTTP status, 400 to 599.
        status: u16,
        /// Seconds for the `Retry-After` header.
        retry_after: Option<u64>,
        /// What the answer says, instead of the usual words for the status.
        body: Option<String>,
    },
    /// Accepts the request and never answers.
    Hang,
    /// Acts, and never answers.
    HangAfter,
    /// Cuts the connection.
    Cut(Cut),
    /// Sends so many bytes of the body, then cuts the connection; absent means at a place that
    /// changes from answer to answer. Answers that are shorter are sent whole. The frames of a
    /// stream are its body.
    CutAt(Option<u64>),
    /// Sends only half of the body, with a length that fits the half.
    Truncate,
    /// Sends a body that is not JSON; of a stream, the first frame.
    Malformed,
    /// Replaces the words for states by this one.
    StatusWord(String),
    /// Sends the body in pieces, waiting before each; of a stream, before each frame.
    Drip {
        /// The wait before each piece in milliseconds.
        ms: u64,
    },
    /// Shifts the `Date` header and all times in answers.
    ClockSkew {
        /// The shift in seconds; positive is the future.
        seconds: i64,
    },
    /// Acts, then answers this HTTP status as if it had not.
    ActThenStatus {
        /// The HTTP status, 500 to 599.
        status: u16,
        /// What the answer says, instead of the usual words for the status.
        body: Option<String>,
    },
    /// Lets the deployment that the request starts fail with this cause.
    FailDeployment(String),
    /// Gives the answer this shape, of those that the platform knows: where a contract does not
    /// say what answers look like, each of them is possible.
    Shape(String),
    /// Sends so many frames of a stream and nothing more, pings neither.
    Silence {
        /// How many frames come first.
        after: u64,
    },
    /// Closes a stream after so many frames.
    Close {
        /// Code of the close frame; 1006 has none: the connection just ends.
        code: u16,
        /// How many frames come first.
        after: u64,
    },
    /// Sends every line of a stream in frames of so many characters, whatever they belong to; where
    /// a stream is a body, in chunks of so many bytes.
    Split(u16),
}

/// When a connection is cut, in the order in which things happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// After the headers of the request: its body is not read.
    Before,
    /// After the first piece of the request's body.
    InBody,
    /// After the whole request, before acting.
    AfterBody,
    /// After acting, without an answer: the client cannot know.
    During,
    /// After acting and the first line of the answer.
    AfterStatusLine,
    /// After acting and a part of the answer's headers.
    InHeaders,
    /// After acting, the headers and a part of the body.
    AfterHeaders,
}

/// Where an answer is cut: after so many bytes, or `"random"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "`cut_at` is a number of bytes or \"random\"")]
enum Place {
    Byte(u64),
    Any(Anywhere),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Anywhere {
    Random,
}

/// Why a fault script was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The text is not JSON, or neither an array nor an object.
    #[error("a fault script is a JSON array of objects: {0}")]
    Script(String),
    /// One of the faults is wrong.
    #[error("fault {position}: {message}")]
    Fault {
        /// Which one, counted from 1.
        position: usize,
        /// What is wrong and what is allowed.
        message: String,
    },
}

/// Reads a fault script: a JSON array of faults, or a single one.
///
/// # Errors
/// [`FaultError`] names the position of the first wrong fault and what is allowed there.
pub fn parse_faults(text: &str) -> Result<Vec<Fault>, FaultError> {
    let script: Value =
        serde_json::from_str(text).map_err(|error| FaultError::Script(error.to_string()))?;
    let items = match script {
        Value::Array(items) => items,
        Value::Object(_) => vec![script],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(FaultError::Script(format!("got {script}")));
        }
    };
    let numbered = items.into_iter().enumerate();
    numbered
        .map(|(index, item)| {
            serde_json::from_value(item).map_err(|error| FaultError::Fault {
                position: index + 1,
                message: error.to_string(),
            })
        })
        .collect()
}

/// The form of a fault in a script.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the script's own words: an effect that needs no number is `true`"
)]
struct RawFault {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    #[serde(skip_serializing_if = "is_zero")]
    after: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    hang: bool,
    #[serde(skip_serializing_if = "is_false")]
    hang_after: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut_at: Option<Place>,
    #[serde(skip_serializing_if = "is_false")]
    truncate: bool,
    #[serde(skip_serializing_if = "is_false")]
    malformed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_word: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drip_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_skew_s: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act_then_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fail_deployment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<u16>,
}

const EFFECTS: &str = "latency_ms, status, hang, hang_after, cut, cut_at, truncate, malformed, \
                       status_word, drip_ms, clock_skew_s, act_then_status, fail_deployment, \
                       shape, silence, close, split";

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

impl TryFrom<RawFault> for Fault {
    type Error = String;

    fn try_from(raw: RawFault) -> Result<Fault, String> {
        let effect = effect(&raw)?;
        let RawFault {
            operation,
            method,
            context,
            after,
            times,
            ..
        } = raw;
        let method = method.map(|method| method.to_ascii_uppercase());
        Ok(Fault {
            matcher: Matcher {
                operation,
                method,
                context,
                after,
                times,
            },
            effect,
        })
    }
}

fn effect(raw: &RawFault) -> Result<Effect, String> {
    let (retry_after, body) = (raw.retry_after, raw.body.clone());
    let late_body = raw.body.clone();
    let candidates = [
        raw.latency_ms.map(|ms| Effect::Latency { ms }),
        raw.status.map(|status| Effect::Status {
            status,
            retry_after,
            body,
        }),
        raw.hang.then_some(Effect::Hang),
        raw.hang_after.then_some(Effect::HangAfter),
        raw.cut.map(Effect::Cut),
        raw.cut_at.map(|place| match place {
            Place::Byte(byte) => Effect::CutAt(Some(byte)),
            Place::Any(Anywhere::Random) => Effect::CutAt(None),
        }),
        raw.truncate.then_some(Effect::Truncate),
        raw.malformed.then_some(Effect::Malformed),
        raw.status_word.clone().map(Effect::StatusWord),
        raw.drip_ms.map(|ms| Effect::Drip { ms }),
        raw.clock_skew_s
            .map(|seconds| Effect::ClockSkew { seconds }),
        raw.act_then_status.map(|status| Effect::ActThenStatus {
            status,
            body: late_body,
        }),
        raw.fail_deployment.clone().map(Effect::FailDeployment),
        raw.shape.clone().map(Effect::Shape),
        raw.silence.map(|after| Effect::Silence { after }),
        raw.close.map(|code| Effect::Close {
            code,
            after: raw.close_after.unwrap_or_default(),
        }),
        raw.split.map(Effect::Split),
    ];
    let mut named = candidates.into_iter().flatten();
    let Some(effect) = named.next() else {
        return Err(format!("no effect; one of {EFFECTS} is needed"));
    };
    if named.next().is_some() {
        return Err(format!("several effects; only one of {EFFECTS} is allowed"));
    }
    if let Some((_, wrong)) = rules(raw).into_iter().find(|(broken, _)| *broken) {
        return Err(wrong.to_owned());
    }
    Ok(effect)
}

/// What is wrong with a fault that has exactly one effect: whether, and what is allowed.
fn rules(raw: &RawFault) -> [(bool, &'static str); 7] {
    let outside = |status: Option<u16>, range: std::ops::Range<u16>| {
        status.is_some_and(|status| !range.contains(&status))
    };
    [
        (
            raw.retry_after.is_some() && raw.status.is_none(),
            "`retry_after` goes with `status` only",
        ),
        (
            raw.body.is_some() && raw.status.or(raw.act_then_status).is_none(),
            "`body` goes with `status` and `act_then_status` only",
        ),
        (outside(raw.status, 400..600), "`status` is from 400 to 599"),
        (
            outside(raw.act_then_status, 500..600),
            "`act_then_status` is from 500 to 599",
        ),
        (
            raw.close_after.is_some() && raw.close.is_none(),
            "`close_after` goes with `close` only",
        ),
        (
            outside(raw.close, 1000..5000),
            "`close` is from 1000 to 4999",
        ),
        (
            raw.split == Some(0),
            "`split` is a number of characters from 1 on",
        ),
    ]
}

impl From<Fault> for RawFault {
    fn from(fault: Fault) -> RawFault {
        let Matcher {
            operation,
            method,
            context,
            after,
            times,
        } = fault.matcher;
        let mut raw = RawFault {
            operation,
            method,
            context,
            after,
            times,
            ..RawFault::default()
        };
        match fault.effect {
            Effect::Latency { ms } => raw.latency_ms = Some(ms),
            Effect::Status {
                status,
                retry_after,
                body,
            } => {
                raw.status = Some(status);
                raw.retry_after = retry_after;
                raw.body = body;
            }
            Effect::Hang => raw.hang = true,
            Effect::HangAfter => raw.hang_after = true,
            Effect::Cut(cut) => raw.cut = Some(cut),
            Effect::CutAt(byte) => {
                raw.cut_at = Some(byte.map_or(Place::Any(Anywhere::Random), Place::Byte));
            }
            Effect::Truncate => raw.truncate = true,
            Effect::Malformed => raw.malformed = true,
            Effect::StatusWord(word) => raw.status_word = Some(word),
            Effect::Drip { ms } => raw.drip_ms = Some(ms),
            Effect::ClockSkew { seconds } => raw.clock_skew_s = Some(seconds),
            Effect::ActThenStatus { status, body } => {
                raw.act_then_status = Some(status);
                raw.body = body;
            }
            Effect::FailDeployment(cause) => raw.fail_deployment = Some(cause),
            Effect::Shape(shape) => raw.shape = Some(shape),
            Effect::Silence { after } => raw.silence = Some(after),
            Effect::Close { code, after } => {
                raw.close = Some(code);
                raw.close_after = Some(after).filter(|after| *after > 0);
            }
            Effect::Split(characters) => raw.split = Some(characters),
        }
        raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse_faults(text).unwrap_err().to_string()
    }

    #[test]
    fn script_survives_writing_and_reading() {
        let text = r#"[{"operation":"ListApplications","after":1,"times":2,"status":429,"retry_after":3},
            {"hang":true},{"cut":"after_headers"},{"cut_at":7},{"cut_at":"random"},{"clock_skew_s":-90},
            {"fail_deployment":"x"},{"hang_after":true},{"act_then_status":500,"body":"{}"},{"cut":"in_body"},
            {"silence":3},{"close":1001},{"close":1006,"close_after":2},{"split":1},
            {"context":"pandastack","shape":"bare_array"}]"#;
        let faults = parse_faults(text).unwrap();
        let written = serde_json::to_string(&faults).unwrap();
        assert_eq!(parse_faults(&written).unwrap(), faults);
        assert_eq!(faults[2].effect, Effect::Cut(Cut::AfterHeaders));
        assert_eq!(faults[3].effect, Effect::CutAt(Some(7)));
        assert_eq!(faults[4].effect, Effect::CutAt(None));
    }

    #[test]
    fn refusal_names_position_and_what_is_allowed() {
        let unknown = refused(r#"[{"hang":true},{"statsu":500}]"#);
        assert!(
            unknown.starts_with("fault 2: unknown field `statsu`"),
            "{unknown}"
        );
        assert!(unknown.contains("`status`"), "{unknown}");
        let cut = refused(r#"{"cut":"after"}"#);
        assert!(
            cut.contains("fault 1") && cut.contains("`after_headers`"),
            "{cut}"
        );
        let place = refused(r#"{"cut_at":"half"}"#);
        assert!(place.contains("number of bytes"), "{place}");
        assert!(refused("[{}]").contains("no effect"));
        assert!(refused(r#"[{"hang":true,"truncate":true}]"#).contains("several effects"));
        assert!(refused(r#"[{"status":200}]"#).contains("400 to 599"));
        assert!(refused(r#"[{"hang":true,"body":"x"}]"#).contains("`body` goes with"));
        assert!(refused(r#"[{"hang":true,"close_after":1}]"#).contains("`close_after` goes with"));
        assert!(refused(r#"[{"close":200}]"#).contains("1000 to 4999"));
        assert!(refused(r#"[{"split":0}]"#).contains("from 1 on"));
        assert!(refused("3").contains("JSON array"));
        assert!(refused("{").contains("JSON array"));
    }
}
