//! The words that tables and JSON use for states of the model.

use crate::model::{BackupState, DetailValue, Level, Phase, Release, Status, Text};

use super::output::ReleaseItem;

/// The word of a status in JSON, and the platform's own where flightdeck does not know it.
pub(crate) fn status(status: &Status) -> (&'static str, Option<String>) {
    let word = match status {
        Status::Failed => "failed",
        Status::Degraded => "degraded",
        Status::Queued => "queued",
        Status::Building => "building",
        Status::Deploying => "deploying",
        Status::Live => "live",
        Status::Asleep => "asleep",
        Status::Stopped => "stopped",
        Status::Present => "present",
        Status::Unknown => "unknown",
        Status::Other(word) => return ("unknown", Some(word.to_string())),
    };
    (word, None)
}

/// The word of a deployment's phase, and the platform's own where that says more.
pub(crate) fn phase(phase: &Phase) -> (&'static str, Option<String>) {
    match phase {
        Phase::Queued => ("queued", None),
        Phase::Building => ("building", None),
        Phase::Deploying => ("deploying", None),
        Phase::Running(word) => ("running", own(word)),
        Phase::ActionRequired(word) => ("action_required", own(word)),
        Phase::Succeeded => ("succeeded", None),
        Phase::Replaced => ("replaced", None),
        Phase::Failed => ("failed", None),
        Phase::Cancelled => ("cancelled", None),
        Phase::Ended => ("ended", None),
        Phase::Other(word) => ("unknown", own(word)),
    }
}

/// A value that only one platform knows, exact.
pub(crate) fn detail(value: &DetailValue) -> String {
    match value {
        DetailValue::Text(text) | DetailValue::Url(text) => text.to_string(),
        DetailValue::Count(count) => count.to_string(),
        DetailValue::Bytes(bytes) => bytes.to_string(),
        DetailValue::Duration(length) => length.as_secs().to_string(),
        DetailValue::Time(at) => at.to_string(),
        DetailValue::Flag(flag) => String::from(if *flag { "yes" } else { "no" }),
    }
}

/// The word of a backup's state, and the platform's own where flightdeck does not know it.
pub(crate) fn backup(state: &BackupState) -> (&'static str, Option<String>) {
    match state {
        BackupState::Waiting => ("waiting", None),
        BackupState::Working => ("working", None),
        BackupState::Done => ("done", None),
        BackupState::Partial => ("partial", None),
        BackupState::Failed => ("failed", None),
        BackupState::Other(word) => ("unknown", own(word)),
    }
}

/// A state as a table shows it: the words of the dashboard; an unknown one as itself with `?`.
pub(crate) fn cell(word: &'static str, own: Option<&str>) -> String {
    let short = match word {
        "failed" => "FAIL",
        "degraded" => "DEGR",
        "queued" => "QUEU",
        "waiting" => "WAIT",
        "working" => "WORK",
        "partial" => "PART",
        "building" => "BUIL",
        "deploying" => "DEPL",
        "live" => "LIVE",
        "asleep" => "SLEP",
        "stopped" => "STOP",
        "present" => "HERE",
        "cancelled" => "CANC",
        "unknown" => {
            return own.map_or_else(|| "UNKN".into(), |own| format!("{own}?"));
        }
        other => return other.to_uppercase(),
    };
    short.into()
}

/// The word of a level.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

/// A release in JSON.
pub(crate) fn release(release: &Release) -> ReleaseItem {
    ReleaseItem {
        label: release.label.to_string(),
        at: release.at,
        by: text(release.by.as_ref()),
    }
}

/// A text in JSON.
pub(crate) fn text(text: Option<&Text>) -> Option<String> {
    text.map(ToString::to_string)
}

fn own(word: &Text) -> Option<String> {
    Some(word.to_string()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_is_shown_as_itself_and_never_as_live() {
        let (word, own) = status(&Status::Other(Text::clean("exploding")));
        assert_eq!(word, "unknown");
        assert_eq!(cell(word, own.as_deref()), "exploding?");
        let (word, own) = status(&Status::Live);
        assert_eq!(cell(word, own.as_deref()), "LIVE");
    }
}
