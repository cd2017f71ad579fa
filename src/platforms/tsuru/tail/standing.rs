//! How an event is doing, and what is kept of its log.
//!
//! Nothing is, while it runs. Source: tsuru contract, section 5 (deploys, events).

use jiff::Timestamp;
use jiff::fmt::strtime;

use super::finite::Subject;
use crate::model::{AuthProblem, Failure, LogLine};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::stream::{Line, Printed};
use crate::platforms::tsuru::wire::{self, Took};

/// What the server puts before each line of a log that is one text.
const PREFIX: &str = "%Y-%m-%d %H:%M:%S %z";
const PREFIX_LENGTH: usize = "2006-01-02 15:04:05 -0700".len();

/// How an event is doing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Standing {
    pub(super) is_running: bool,
    pub(super) from: Option<Timestamp>,
    /// The app that it is about.
    pub(super) app: Option<String>,
    /// `app.deploy`.
    pub(super) kind: String,
    pub(super) log: Vec<LogLine>,
    /// Why it failed.
    pub(super) error: String,
    /// It was asked to stop, and did.
    pub(super) is_cancelled: bool,
}

impl Standing {
    /// Asks. A deploy that is not found among the events, or may not be read there, is one of the
    /// deploys still.
    pub(super) async fn of(api: &Api, subject: &Subject) -> Result<Self, Failure> {
        let asked = api.event(&subject.event).await;
        let standing = match asked {
            Ok(event) => Self::of_event(event),
            Err(failure) if subject.is_deploy && may_be_elsewhere(&failure) => {
                let deploy = api.get(Op::DeployInfo, &[&subject.event], &[]).await;
                return Ok(Self::of_deploy(deploy?));
            }
            Err(failure) => return Err(failure),
        };
        if standing.is_running || !standing.log.is_empty() || !subject.is_deploy {
            return Ok(standing);
        }
        // That it is not there either is no news.
        let deploy = api.get(Op::DeployInfo, &[&subject.event], &[]).await;
        let log = deploy.map(|deploy| Self::of_deploy(deploy).log);
        Ok(Self {
            log: log.unwrap_or_default(),
            ..standing
        })
    }

    fn of_event(event: wire::Event) -> Self {
        let kind = map::kind(&event).to_owned();
        let is_cancelled = map::verdict(&event) == map::Verdict::Cancelled;
        let target = event.target.0.unwrap_or_default();
        let is_app = target.kind.as_deref() == Some("app");
        let entries = event.structured_log.0.unwrap_or_default();
        let log = if entries.is_empty() {
            lines_of_text(&event.log.0.unwrap_or_default())
        } else {
            lines_of_entries(entries)
        };
        Self {
            is_running: event.is_running.0.unwrap_or(event.end_time.is_none()),
            from: event.start_time.0,
            app: target.value.0.filter(|name| is_app && !name.is_empty()),
            kind,
            log,
            error: event.error.0.unwrap_or_default(),
            is_cancelled,
        }
    }

    fn of_deploy(deploy: wire::Deploy) -> Self {
        Self {
            is_running: matches!(deploy.duration.0, Some(Took::Running)),
            from: deploy.timestamp.0,
            app: deploy.app.0.filter(|name| !name.is_empty()),
            kind: wire::DEPLOY.to_owned(),
            log: lines_of_text(&deploy.log.0.unwrap_or_default()),
            error: deploy.error.0.unwrap_or_default(),
            is_cancelled: false,
        }
    }

    /// The log that is kept, and why it failed where that does not say so.
    pub(super) fn told(mut self) -> Vec<LogLine> {
        let error = self
            .error
            .lines()
            .map(str::trim)
            .rfind(|line| !line.is_empty());
        let Some(error) = error else {
            return self.log;
        };
        let word = if self.is_cancelled {
            "cancelled: "
        } else {
            "failed: "
        };
        let mark = LogLine::mark(None, format!("{word}{error}"));
        let shown = mark.text.strip_prefix(word).unwrap_or_default();
        if !self.log.iter().any(|line| line.text.contains(shown)) {
            self.log.push(mark);
        }
        self.log
    }
}

/// Whether something else may tell what this did not.
fn may_be_elsewhere(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::NotFound { .. }
            | Failure::Unsupported { .. }
            | Failure::Validation(_)
            | Failure::Auth(AuthProblem::Forbidden(_))
    )
}

/// An entry is what was written at once: a fragment, not a line.
fn lines_of_entries(entries: Vec<wire::LogEntry>) -> Vec<LogLine> {
    let mut printed = Printed::default();
    let mut lines = Vec::new();
    for entry in entries {
        lines.extend(printed.push(entry.date.0, entry.message.as_deref().unwrap_or_default()));
    }
    lines.extend(printed.finish());
    lines.iter().map(Line::shown).collect()
}

/// Lines, each with the time of the server that wrote it.
fn lines_of_text(text: &str) -> Vec<LogLine> {
    let lines = text.lines().map(|line| {
        let (at, text) = timed(line).map_or((None, line), |(at, rest)| (Some(at), rest));
        let text = text.to_owned();
        Line { at, text }.shown()
    });
    lines.collect()
}

fn timed(line: &str) -> Option<(Timestamp, &str)> {
    let (time, rest) = line.split_at_checked(PREFIX_LENGTH)?;
    let time = strtime::parse(PREFIX, time).ok()?.to_timestamp().ok()?;
    let rest = rest.strip_prefix(':')?;
    Some((time, rest.strip_prefix(' ').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platforms::tsuru::folded;

    fn event(value: Value) -> Standing {
        Standing::of_event(folded::from_value(value).unwrap())
    }

    fn told(lines: &[LogLine]) -> Vec<String> {
        let told = lines.iter().map(|line| match line.at {
            Some(at) => format!("{at} {}", line.text),
            None => line.text.clone(),
        });
        told.collect()
    }

    #[test]
    fn entries_are_fragments() {
        let standing = event(json!({
            "UniqueID": "e1", "Running": false, "StartTime": "2026-11-21T12:00:00Z",
            "Target": {"Type": "app", "Value": "shop"}, "Kind": {"Name": "app.deploy"},
            "Log": "not this",
            "StructuredLog": [
                {"Date": "2026-11-21T12:00:01Z", "Message": "a\nb"},
                {"Date": "2026-11-21T12:00:02Z", "Message": "c\n"},
                {"Date": "0001-01-01T00:00:00Z", "Message": "d"},
            ],
        }));
        let expected = ["2026-11-21T12:00:01Z a", "2026-11-21T12:00:01Z bc", "d"];
        assert_eq!(told(&standing.log), expected);
        assert_eq!(standing.app.as_deref(), Some("shop"));
        assert_eq!(standing.kind, "app.deploy");
        assert_eq!(told(&standing.told()), expected);
    }

    #[test]
    fn lines_of_a_text_have_a_time_in_front() {
        let text = "2026-11-21 12:00:01 +0100: a: b\n2026-11-21 12:00:02 +0000: \nno time\n\
                    2026-11-21 12:00:0é: x";
        let standing = event(json!({"UniqueID": "e1", "Running": false, "Log": text}));
        let expected = [
            "2026-11-21T11:00:01Z a: b",
            "2026-11-21T12:00:02Z ",
            "no time",
        ];
        assert_eq!(told(&standing.log)[..3], expected);
        assert_eq!(standing.app, None);
    }

    #[test]
    fn the_reason_is_told_once() {
        let failed = |log: &str| {
            told(
                &event(
                    json!({"UniqueID": "e", "Running": false, "Log": log, "Error": "no\nluck\n"}),
                )
                .told(),
            )
        };
        assert_eq!(failed("no\nluck here\n"), ["no", "luck here"]);
        assert_eq!(failed(""), ["failed: luck"]);
        let cancelled = event(
            json!({"UniqueID": "e", "Running": false, "Error": "by request",
                                     "CancelInfo": {"Asked": true, "Canceled": true}}),
        );
        assert_eq!(told(&cancelled.told()), ["cancelled: by request"]);
    }

    #[test]
    fn without_a_word_on_that_it_runs_until_it_has_an_end() {
        let zero = json!({"UniqueID": "e", "EndTime": "0001-01-01T00:00:00Z"});
        assert!(event(zero).is_running);
        assert!(!event(json!({"UniqueID": "e", "EndTime": "2026-11-21T12:00:00Z"})).is_running);
        let deploy = json!({"ID": "e", "Duration": -9_223_372_036_854_775_808_i64});
        assert!(Standing::of_deploy(folded::from_value(deploy).unwrap()).is_running);
    }
}
