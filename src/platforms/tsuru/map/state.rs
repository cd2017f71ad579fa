//! What units come to: an app has no state of its own.
//!
//! Source: tsuru contract, section 6.

use super::words::count;
use crate::model::{Status, Text, Units};
use crate::platforms::details::text;
use crate::platforms::tsuru::wire;

/// Status and reason.
pub(super) type State = (Status, Option<Text>);

/// A unit's state. One that is started and not ready is on its way; whether it is ready may be
/// unknown.
pub(super) fn of_unit(unit: &wire::Unit) -> Status {
    match unit.status.as_deref() {
        Some("started") if *unit.ready == Some(false) => Status::Deploying,
        Some("started") => Status::Live,
        Some("created" | "pending" | "starting") => Status::Deploying,
        Some("building") => Status::Building,
        Some("error") => Status::Failed,
        Some("stopped" | "succeeded") => Status::Stopped,
        Some("asleep") => Status::Asleep,
        None | Some("") => Status::Unknown,
        Some(word) => Status::Other(Text::clean(word)),
    }
}

/// Units that count: those with an identifier.
pub(super) fn real(units: Option<&[wire::Unit]>) -> impl Iterator<Item = &wire::Unit> {
    let units = units.unwrap_or_default().iter();
    units.filter(|unit| !unit.id.trim().is_empty())
}

/// How many are up.
pub(super) fn up(units: &[&wire::Unit]) -> Units {
    let ready = units.iter().filter(|unit| is_up(unit)).count();
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Units {
        ready: number(ready),
        wanted: number(units.len()),
    }
}

fn is_up(unit: &wire::Unit) -> bool {
    unit.ready.unwrap_or(of_unit(unit) == Status::Live)
}

/// What several units come to. There is at least one.
pub(super) fn of_units(units: &[&wire::Unit]) -> State {
    let all: Vec<_> = units.iter().map(|unit| of_unit(unit)).collect();
    let of = |status: &Status| all.iter().filter(|it| *it == status).count();
    let failed = of(&Status::Failed);
    if failed > 0 {
        let status = if failed == units.len() {
            Status::Failed
        } else {
            Status::Degraded
        };
        return (status, Some(failure(units, failed)));
    }
    if all.iter().any(Status::is_changing) {
        return (Status::Deploying, Some(share(units)));
    }
    let live = of(&Status::Live);
    if live > 0 {
        let reason = (live < units.len()).then(|| share(units));
        return (Status::Live, reason);
    }
    if of(&Status::Asleep) > 0 {
        return (Status::Asleep, None);
    }
    let odd = all.iter().find(|it| **it != Status::Stopped);
    (odd.cloned().unwrap_or(Status::Stopped), None)
}

/// "1 of 3 units up".
fn share(units: &[&wire::Unit]) -> Text {
    let up = up(units).ready;
    Text::clean(&format!(
        "{up} of {} up",
        count(units.len(), "unit", "units")
    ))
}

/// "1 of 3 units failed: `CrashLoopBackOff`".
fn failure(units: &[&wire::Unit], failed: usize) -> Text {
    let mut failures = units.iter().filter(|unit| of_unit(unit) == Status::Failed);
    let reason = failures.find_map(|unit| text(&unit.status_reason));
    let reason = reason.map(|reason| format!(": {reason}"));
    let all = count(units.len(), "unit", "units");
    Text::clean(&format!(
        "{failed} of {all} failed{}",
        reason.unwrap_or_default()
    ))
}

/// What is without units: stopped, or never deployed. A stopped app has none at all.
pub(super) fn without_units(deploys: Option<i64>) -> State {
    match deploys {
        Some(0) => (Status::Stopped, Some(Text::clean("never deployed"))),
        Some(_) => (Status::Stopped, Some(Text::clean("stopped"))),
        None => (Status::Stopped, Some(Text::clean("no units"))),
    }
}

/// What could not be found out.
pub(super) fn unknown(error: &Text) -> State {
    let reason = Text::clean(&format!("units not known: {error}"));
    (Status::Unknown, Some(reason))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    fn check(words: &[&str], expected: Status, reason: &str) {
        let units: Vec<wire::Unit> = words
            .iter()
            .map(|word| {
                let (word, ready) = word
                    .split_once('!')
                    .map_or((*word, None), |(word, _)| (word, Some(false)));
                folded::from_value(json!({"ID": "u", "STATUS": word, "ready": ready})).unwrap()
            })
            .collect();
        let (status, why) = of_units(&units.iter().collect::<Vec<_>>());
        let why = why.map(|why| why.to_string());
        assert_eq!(
            (status, why.as_deref().unwrap_or("")),
            (expected, reason),
            "{words:?}"
        );
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        check(
            &["error", "started"],
            Status::Degraded,
            "1 of 2 units failed",
        );
        check(&["error"], Status::Failed, "1 of 1 unit failed");
        check(
            &["started", "starting", "stopped"],
            Status::Deploying,
            "1 of 3 units up",
        );
        for word in ["created", "pending", "building", "started!"] {
            check(&[word, "started"], Status::Deploying, "1 of 2 units up");
        }
        check(&["started", "started"], Status::Live, "");
        check(&["started", "stopped"], Status::Live, "1 of 2 units up");
        check(&["stopped", "stopped"], Status::Stopped, "");
        check(&["asleep", "stopped"], Status::Asleep, "");
        check(&["succeeded"], Status::Stopped, "");
    }

    #[test]
    fn a_word_of_tomorrow_is_neutral() {
        check(
            &["levitating"],
            Status::Other(Text::clean("levitating")),
            "",
        );
        check(&["levitating", "started"], Status::Live, "1 of 2 units up");
        check(&[""], Status::Unknown, "");
    }
}
