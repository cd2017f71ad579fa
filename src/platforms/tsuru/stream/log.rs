//! Format B: records of a log, in lists. The first list is what there was, each after it is news.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::action::moment;
use super::values::{Found, Shape, Values};
use crate::model::{Failure, Text};
use crate::platforms::tsuru::folded;

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::platforms::tsuru) struct Record {
    /// When.
    pub(in crate::platforms::tsuru) at: Option<Timestamp>,
    /// What.
    pub(in crate::platforms::tsuru) message: String,
    /// The process, or whoever writes in the platform's name.
    pub(in crate::platforms::tsuru) source: String,
    /// The unit.
    pub(in crate::platforms::tsuru) unit: String,
}

/// A step of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) enum Step {
    /// The next record.
    Record(Record),
    /// The end of a list.
    EndOfList,
}

/// As the server writes it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Exact<'a> {
    #[serde(borrow)]
    date: Cow<'a, str>,
    message: String,
    source: String,
    unit: String,
}

/// As it may be written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Any {
    date: Option<String>,
    message: Option<String>,
    source: Option<String>,
    unit: Option<String>,
    error: Option<String>,
}

/// Reads a log's stream.
#[derive(Debug)]
pub(in crate::platforms::tsuru) struct Log {
    values: Values,
    failure: Option<Failure>,
}

impl Log {
    pub(in crate::platforms::tsuru) fn new() -> Self {
        Self {
            values: Values::new(Shape::Lists),
            failure: None,
        }
    }

    /// Takes bytes, and gives what can be read. Nothing follows what cannot.
    pub(in crate::platforms::tsuru) fn push(&mut self, bytes: &[u8]) -> Vec<Step> {
        if self.failure.is_some() {
            return Vec::new();
        }
        let found = self.values.push(bytes);
        self.steps(found)
    }

    /// The same for the end of the bytes.
    pub(in crate::platforms::tsuru) fn finish(&mut self) -> Vec<Step> {
        if self.failure.is_some() {
            return Vec::new();
        }
        let found = self.values.finish();
        self.steps(found)
    }

    /// What cannot be read; to be told after what can.
    pub(in crate::platforms::tsuru) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    fn steps(&mut self, found: impl IntoIterator<Item = Found>) -> Vec<Step> {
        let mut steps = Vec::new();
        for found in found {
            match step(found) {
                Ok(step) => steps.push(step),
                Err(failure) => {
                    self.failure = Some(failure);
                    break;
                }
            }
        }
        steps
    }
}

fn step(found: Found) -> Result<Step, Failure> {
    match found {
        Found::Value(value) => Ok(Step::Record(record(&value)?)),
        Found::EndOfList => Ok(Step::EndOfList),
        Found::TooLong(length) => Ok(Step::Record(Record {
            message: format!("[a record of {length} bytes: not shown]"),
            ..Record::default()
        })),
        Found::Stray(_) => Err(misread("something else")),
        Found::Cut => Err(super::lost("the log broke off in the middle")),
    }
}

fn record(value: &[u8]) -> Result<Record, Failure> {
    // Programs write bytes. That some are no text must not hide the rest of the log.
    let value = &*String::from_utf8_lossy(value);
    if let Ok(exact) = serde_json::from_str::<Exact<'_>>(value) {
        return Ok(Record {
            at: moment(&exact.date),
            message: exact.message,
            source: exact.source,
            unit: exact.unit,
        });
    }
    let value: Value = serde_json::from_str(value).map_err(|_| misread("something else"))?;
    if !value.is_object() {
        return Err(misread("something else"));
    }
    let any: Any = folded::from_value(value).map_err(|_| misread("something else"))?;
    match any.error.filter(|error| !error.is_empty()) {
        Some(error) if any.message.as_deref().unwrap_or_default().is_empty() => Err(broken(&error)),
        _ => Ok(Record {
            at: any.date.as_deref().and_then(moment),
            message: any.message.unwrap_or_default(),
            source: any.source.unwrap_or_default(),
            unit: any.unit.unwrap_or_default(),
        }),
    }
}

/// The server fails after it has begun to answer: its status was 200, and would have been this.
fn broken(error: &str) -> Failure {
    Failure::Server {
        status: 500,
        message: Some(Text::clean(error)),
        request_id: None,
    }
}

fn misread(found: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean("AppLog"),
        path: Text::clean("a record"),
        expected: Text::clean("lists of records"),
        found: Text::clean(found),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cuts::same_however_cut;
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut log = Log::new();
        let mut steps = Vec::new();
        for piece in pieces {
            steps.extend(log.push(piece));
        }
        steps.extend(log.finish());
        let mut told: Vec<String> = steps.into_iter().map(told).collect();
        told.extend(log.failure().map(|failure| {
            if let Failure::Decode { found: why, .. } | Failure::Network { detail: why, .. } =
                failure
            {
                return format!("! {why}");
            }
            format!("! {failure}")
        }));
        told
    }

    fn told(step: Step) -> String {
        match step {
            Step::EndOfList => "]".into(),
            Step::Record(it) => {
                let at = it.at.map(|at| format!("{at} ")).unwrap_or_default();
                format!("{at}{}/{}: {}", it.source, it.unit, it.message)
            }
        }
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(same_however_cut(body.as_bytes(), read), expected, "{body}");
    }

    #[test]
    fn bytes_that_are_no_text_hide_no_record() {
        let body = b"[{\"Message\":\"a\xffz\",\"Source\":\"web\",\"Unit\":\"w1\"}]";
        assert_eq!(same_however_cut(body, read), ["web/w1: a\u{fffd}z", "]"]);
    }

    #[test]
    fn lists_of_records_are_read_one_record_at_a_time() {
        check("[]\n\n\n", &["]"]);
        check(
            "[{\"Date\":\"2026-11-21T12:00:00.12Z\",\"Message\":\"GET é\",\"Source\":\"web\",\
             \"Name\":\"shop\",\"Type\":\"app\",\"Unit\":\"w1\"}]\n\n[]",
            &["2026-11-21T12:00:00.12Z web/w1: GET é", "]", "]"],
        );
        check(
            "[\n {\n  \"message\": \"a\",\n  \"source\": \"tsuru\"\n }\n]\n",
            &["tsuru/: a", "]"],
        );
        check(
            "[{\"MESSAGE\":\"a\",\"unit\":\"u\",\"Date\":\"0001-01-01T00:00:00Z\"}]null\n[]",
            &["/u: a", "]", "]"],
        );
    }

    #[test]
    fn what_cannot_be_read_follows_what_can() {
        check(
            "[{\"Message\":\"a\"}]\nunparseable data\n[{\"Message\":\"b\"}]",
            &["/: a", "]", "! something else"],
        );
        check(
            "[{\"Message\":\"a\"},{\"Message\":3},{\"Message\":\"b\"}]",
            &["/: a", "! something else"],
        );
        check(
            "[{\"Message\":\"a\"},{\"Mess",
            &["/: a", "! the log broke off in the middle"],
        );
        check(
            "[]\n{\"Message\":\"\",\"Error\":\"no logs here\"}\n",
            &["]", "! server error 500: no logs here"],
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_the_same_however_they_are_cut(
            body in prop::collection::vec(
                prop::sample::select(b"{}[]\",:\\n\n aM\xc3\xa9\xff".to_vec()), 0..40),
        ) {
            same_however_cut(&body, read);
        }
    }

    #[test]
    fn a_long_log_is_the_same_however_it_is_cut() {
        let mut body = String::from("[");
        let mut expected = Vec::new();
        for number in 0..40 {
            let record = serde_json::json!({ "Message": format!("{number} é€\u{1f680} [\"]}}") });
            body.push_str(&record.to_string());
            body.push_str(["]\n[", "]\n\n\n[", ",", "]["][number % 4]);
            expected.push(format!("/: {number} é€\u{1f680} [\"]}}"));
            expected.extend((number % 4 != 2).then(|| "]".to_owned()));
        }
        body.push(']');
        expected.push("]".into());
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&body, &expected);
    }
}
