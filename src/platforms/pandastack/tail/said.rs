//! What a frame of a log says. Source: PandaStack contract, section 7.1.

use serde_json::{Map, Value};

use super::replay::Stamp;
use super::sse::Frame;
use crate::model::{Level, LogLine, Text};
use crate::platforms::pandastack::decode;

/// The name of the event after which nothing comes.
const DONE: &str = "done";

/// Statuses of a deployment after which nothing comes.
const ENDS: [&str; 2] = ["COMPLETED", "FAILED"];

/// Where the text is, best first.
const TEXT: &[&str] = &["message", "log", "text"];

/// Words for how serious a line is.
const LEVELS: &[(&str, Level)] = &[
    ("trace", Level::Debug),
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("notice", Level::Info),
    ("warn", Level::Warn),
    ("warning", Level::Warn),
    ("err", Level::Error),
    ("error", Level::Error),
    ("fatal", Level::Error),
    ("critical", Level::Error),
    ("stderr", Level::Error),
];

/// What a frame says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    /// Its lines.
    pub(super) lines: Vec<LogLine>,
    /// Nothing comes after it.
    pub(super) is_end: bool,
    /// When it was written, as the server wrote that.
    at: String,
    text: String,
}

impl Said {
    pub(super) fn of(frame: Frame) -> Self {
        let is_done = frame.event.eq_ignore_ascii_case(DONE);
        let mut said = if frame.dropped > 0 {
            let length = frame.data.len() + frame.dropped;
            Self::plain(&format!("[an event of {length} bytes: not shown]"))
        } else {
            match serde_json::from_str(&frame.data) {
                Ok(Value::Object(fields)) => Self::record(&fields),
                Ok(Value::String(text)) => Self::plain(&text),
                _ => Self::plain(&frame.data),
            }
        };
        said.is_end |= is_done;
        said.text = frame.data;
        said
    }

    /// By what it is recognised when it comes again.
    pub(super) fn stamp(&self) -> Stamp<'_> {
        Stamp {
            at: &self.at,
            text: &self.text,
        }
    }

    fn plain(text: &str) -> Self {
        Self {
            lines: split(text)
                .map(|line| LogLine::output(None, Text::default(), line))
                .collect(),
            ..Self::default()
        }
    }

    fn record(fields: &Map<String, Value>) -> Self {
        let written = decode::find(fields, &["timestamp"]);
        let status = word(fields, &["status"]).unwrap_or_default();
        let level = level(fields);
        let at = written.and_then(decode::moment);
        let text = text(fields, &status);
        let lines = split(&text).map(|line| {
            let line = LogLine::output(at, Text::default(), line);
            let level = level.or(line.level);
            LogLine { level, ..line }
        });
        Self {
            lines: lines.collect(),
            is_end: ENDS.iter().any(|end| status.eq_ignore_ascii_case(end)),
            at: written.map(Value::to_string).unwrap_or_default(),
            text: String::new(),
        }
    }
}

/// The text of a record. One that has none is a status, or shown as it is.
fn text(fields: &Map<String, Value>, status: &str) -> String {
    match (word(fields, TEXT), status) {
        (Some(text), _) => text,
        // Of an end only its name counts.
        (None, "") if fields.is_empty() => String::new(),
        (None, "") => Value::Object(fields.clone()).to_string(),
        (None, status) => format!("status: {status}"),
    }
}

fn word(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let value = decode::find(fields, names)?;
    let text = value.as_str().map(str::to_owned);
    Some(text.unwrap_or_else(|| value.to_string()))
}

/// How serious it says it is. What an app writes to its second output counts as an error.
fn level(fields: &Map<String, Value>) -> Option<Level> {
    ["level", "stream"].iter().find_map(|name| {
        let word = word(fields, &[name])?;
        let known = LEVELS
            .iter()
            .find(|(known, _)| word.eq_ignore_ascii_case(known));
        known.map(|(_, level)| *level)
    })
}

/// The lines of a text; none of an empty one.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = Some(text).filter(|text| !text.is_empty());
    text.into_iter().flat_map(|text| text.split('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(event: &str, data: &str) -> Said {
        Said::of(Frame {
            event: event.into(),
            data: data.into(),
            dropped: 0,
        })
    }

    fn check(data: &str, expected: &str) {
        let said = said("", data);
        let lines = said.lines.iter().map(|line| {
            let at = line.at.map(|at| format!("{at} ")).unwrap_or_default();
            let level = line.level.map(|level| format!("{level:?} "));
            format!("{at}{}{}", level.unwrap_or_default(), line.text)
        });
        let end = if said.is_end { " ." } else { "" };
        let told = format!("{}{end}", lines.collect::<Vec<_>>().join(" / "));
        assert_eq!(told, expected, "{data}");
    }

    #[test]
    fn a_record_has_a_text_a_time_and_a_level() {
        check(
            r#"{"message":"up","timestamp":"2026-11-21T12:00:00Z","level":"info"}"#,
            "2026-11-21T12:00:00Z Info up",
        );
        check(
            r#"{"log":"a\nb\n","timestamp":1795262400,"stream":"stderr"}"#,
            "2026-11-21T12:00:00Z Error a / 2026-11-21T12:00:00Z Error b",
        );
        check(r#"{"text":"x","timestamp":"soon","level":"loud"}"#, "x");
        check(
            r#"{"level":"stdout","stream":"stderr","text":"x"}"#,
            "Error x",
        );
    }

    #[test]
    fn what_is_no_record_is_shown_as_it_is() {
        check("Step 1/3", "Step 1/3");
        check("a\nb", "a / b");
        check(r#""quoted""#, "quoted");
        check("[1]", "[1]");
        check("{broken", "{broken");
        check(r#"{"else":1}"#, r#"{"else":1}"#);
        check("", "");
    }

    #[test]
    fn a_last_status_and_an_event_of_that_name_end_it() {
        check(r#"{"status":"COMPLETED","message":"bye"}"#, "bye .");
        check(r#"{"status":"failed"}"#, "status: failed .");
        check(r#"{"status":"BUILDING"}"#, "status: BUILDING");
        check(r#"{"message":"COMPLETED"}"#, "COMPLETED");
        assert!(said("done", "").is_end);
        assert!(said("Done", "bye").is_end);
        assert!(!said("log", "done").is_end);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let said = Said::of(Frame {
            data: "{\"message\":\"x".into(),
            dropped: 7,
            ..Frame::default()
        });
        assert_eq!(said.lines[0].text, "[an event of 20 bytes: not shown]");
    }
}
