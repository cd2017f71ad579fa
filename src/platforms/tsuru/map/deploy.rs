//! Deploys, and what is released.
//!
//! Source: tsuru contract, sections 5 (deploys) and 6.

use jiff::Timestamp;

use super::words::blame;
use crate::model::{AppId, Deployment, DeploymentId, Detail, Phase, Release, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::wire::{self, Took};

/// How a deploy whose event stopped being updated ends.
const EXPIRED: &str = "event expired";

/// How a deploy that was cancelled ends, unless the step that was interrupted has words of its own.
const CANCELLED: &str = "canceled by user request";

/// What the event of a deploy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) enum Verdict {
    Building,
    Deploying,
    /// It was asked to stop.
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
    /// The server that did it is gone.
    Lost,
}

impl Verdict {
    fn phase(self) -> Phase {
        match self {
            Self::Building => Phase::Building,
            Self::Deploying => Phase::Deploying,
            Self::Cancelling => Phase::Running(Text::clean("cancelling")),
            Self::Succeeded => Phase::Succeeded,
            Self::Failed | Self::Lost => Phase::Failed,
            Self::Cancelled => Phase::Cancelled,
        }
    }

    /// Whether nothing more will happen.
    pub(in crate::platforms::tsuru) fn is_final(self) -> bool {
        self.phase().is_final()
    }
}

/// What an event says of its deploy. Whether it runs is said nowhere else for sure.
pub(in crate::platforms::tsuru) fn verdict(event: &wire::Event) -> Verdict {
    let cancel = event.cancel_info.as_ref();
    let error = event.error.as_deref().unwrap_or_default();
    if *event.is_running == Some(true) {
        return match (cancel.and_then(|it| *it.is_asked), *event.is_cancelable) {
            (Some(true), _) => Verdict::Cancelling,
            (_, Some(true)) => Verdict::Building,
            (_, Some(false) | None) => Verdict::Deploying,
        };
    }
    if cancel.is_some_and(|it| *it.is_canceled == Some(true)) {
        return Verdict::Cancelled;
    }
    of_error(error)
}

fn of_error(error: &str) -> Verdict {
    match error.trim() {
        "" => Verdict::Succeeded,
        error if error.contains(CANCELLED) => Verdict::Cancelled,
        error if error.contains(EXPIRED) => Verdict::Lost,
        _ => Verdict::Failed,
    }
}

/// Whether a deploy goes on, as far as it says itself: without a length it has an image or an error
/// once it is over.
pub(in crate::platforms::tsuru) fn is_running(wire: &wire::Deploy) -> bool {
    let has_come_to_something = || text(&wire.image).is_some() || text(&wire.error).is_some();
    match *wire.duration {
        Some(took) => took == Took::Running,
        None => !has_come_to_something(),
    }
}

fn has_succeeded(wire: &wire::Deploy) -> bool {
    !is_running(wire) && text(&wire.error).is_none()
}

/// The version that came of it: older servers name it in the image only.
pub(super) fn version(wire: &wire::Deploy) -> Option<i64> {
    let said = wire.version.filter(|version| *version > 0);
    said.or_else(|| wire.image.as_deref()?.rsplit_once(":v")?.1.parse().ok())
}

/// `v12`, else the first digits of its identifier.
fn label(wire: &wire::Deploy) -> Text {
    match version(wire) {
        Some(version) => Text::clean(&format!("v{version}")),
        None => short(&wire.id),
    }
}

fn short(id: &str) -> Text {
    Text::clean(&id.chars().take(8).collect::<String>())
}

/// The deploys that what gets requests came of: of each version the newest that went well; where no
/// version is known, the newest of all. The list is newest first.
pub(in crate::platforms::tsuru) fn current(
    deploys: &[wire::Deploy],
    versions: &[i64],
) -> Vec<String> {
    let good = || deploys.iter().filter(|deploy| has_succeeded(deploy));
    let of = |wanted: &i64| good().find(|deploy| version(deploy) == Some(*wanted));
    let found: Vec<_> = versions.iter().filter_map(of).collect();
    let found = if versions.is_empty() {
        good().take(1).collect()
    } else {
        found
    };
    found.into_iter().map(|deploy| deploy.id.clone()).collect()
}

/// What is released: the newest of the versions, with the deploy it came of.
pub(super) fn release<'a, I: Iterator<Item = &'a wire::Deploy>>(
    versions: &[i64],
    deploys: impl Fn() -> I,
) -> Option<Release> {
    let newest = versions.first().copied();
    let of = deploys()
        .filter(|deploy| has_succeeded(deploy))
        .filter(|deploy| newest.is_none() || version(deploy) == newest)
        .max_by_key(|deploy| *deploy.timestamp);
    let label = match newest {
        Some(version) => Text::clean(&format!("v{version}")),
        None => label(of?),
    };
    Some(Release {
        label,
        deployment: of.map(|deploy| DeploymentId::new(&deploy.id)),
        at: of.and_then(ended),
        by: of.and_then(|deploy| text(&deploy.user)),
    })
}

fn ended(wire: &wire::Deploy) -> Option<Timestamp> {
    match (*wire.duration)? {
        Took::Running => None,
        Took::For(duration) => wire.timestamp.as_ref()?.checked_add(duration).ok(),
    }
}

/// A deploy of a list, where it is known which ones are current, or by itself.
pub(in crate::platforms::tsuru) fn deploy(
    wire: &wire::Deploy,
    verdict: Option<Verdict>,
    current: Option<&[String]>,
) -> Deployment {
    let verdict = verdict.or_else(|| {
        let error = wire.error.as_deref().unwrap_or_default();
        (!is_running(wire)).then(|| of_error(error))
    });
    let is_current = current.is_some_and(|ids| ids.contains(&wire.id));
    let phase = match verdict {
        None => Phase::Running(Text::clean("under way")),
        Some(Verdict::Succeeded) if current.is_some() && !is_current => Phase::Replaced,
        Some(verdict) => verdict.phase(),
    };
    let is_over = phase.is_final();
    // By itself it says no to everything.
    let can_roll_back_to = current
        .and(*wire.can_rollback)
        .map(|it| it && is_over && !is_current);
    let ended_at = ended(wire).filter(|_| is_over);
    Deployment {
        app: text(&wire.app).map(|_| AppId::new(wire.app.as_deref().unwrap_or_default())),
        by: text(&wire.user),
        cause: text(&wire.origin),
        commit: text(&wire.commit),
        message: wire
            .message
            .as_deref()
            .and_then(|it| it.lines().find_map(Text::non_empty)),
        started_at: *wire.timestamp,
        ended_at,
        duration: match *wire.duration {
            Some(Took::For(duration)) if is_over => Some(duration),
            Some(Took::For(_) | Took::Running) | None => None,
        },
        reason: reason(wire, verdict),
        hint: (verdict == Some(Verdict::Lost))
            .then(|| Text::clean("see what runs, then deploy again")),
        is_current,
        can_roll_back_to,
        details: details(wire),
        ..Deployment::new(DeploymentId::new(&wire.id), label(wire), phase)
    }
}

fn reason(wire: &wire::Deploy, verdict: Option<Verdict>) -> Option<Text> {
    let said = || wire.error.as_deref().and_then(blame);
    match verdict? {
        Verdict::Lost => Some(Text::clean("lost: the server that did it is gone")),
        Verdict::Failed | Verdict::Cancelled => said(),
        Verdict::Building | Verdict::Deploying | Verdict::Cancelling | Verdict::Succeeded => None,
    }
}

fn details(wire: &wire::Deploy) -> Vec<Detail> {
    let can = Loose(wire.can_rollback.filter(|can| *can));
    Details::default()
        .word("Image", &wire.image)
        .word("Origin", &wire.origin)
        .word("Commit", &wire.commit)
        .word("Message", &wire.message)
        .word("Error", &wire.error)
        .when("Can be rolled back to", &can)
        .text("Event", Text::non_empty(&wire.id))
        .done()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    fn event(value: &serde_json::Value) -> wire::Event {
        let mut record = json!({"UniqueID": "e1"});
        record
            .as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
        folded::from_value(record).unwrap()
    }

    fn one(value: serde_json::Value) -> wire::Deploy {
        folded::from_value(value).unwrap()
    }

    #[test]
    fn an_event_tells_how_far_a_deploy_is() {
        let check = |value, expected| assert_eq!(verdict(&event(&value)), expected);
        check(
            json!({"Running": true, "Cancelable": true}),
            Verdict::Building,
        );
        check(
            json!({"Running": true, "Cancelable": false}),
            Verdict::Deploying,
        );
        let asked = json!({"Running": true, "Cancelable": true, "CancelInfo": {"Asked": true}});
        check(asked, Verdict::Cancelling);
        check(json!({"Running": false, "Error": ""}), Verdict::Succeeded);
        check(json!({"Running": false, "Error": "no"}), Verdict::Failed);
        let stopped =
            json!({"Running": false, "Error": "step 3", "CancelInfo": {"Canceled": true}});
        check(stopped, Verdict::Cancelled);
        let lost = json!({"Error": "event expired, no update for 5m0s"});
        check(lost, Verdict::Lost);
    }

    #[test]
    fn what_is_current_is_what_gets_requests() {
        let list = [
            json!({"ID": "d", "Image": "a:v4", "Error": "no", "Duration": 1}),
            json!({"ID": "c", "Image": "a:v3", "Duration": 1}),
            json!({"ID": "b", "Version": 2, "Image": "x", "Duration": 1}),
            json!({"ID": "a", "Version": 2, "Image": "x", "Duration": 1}),
        ]
        .map(one);
        assert_eq!(current(&list, &[2]), ["b"]);
        assert_eq!(current(&list, &[3, 2]), ["c", "b"]);
        assert_eq!(current(&list, &[]), ["c"]);
        assert_eq!(current(&list, &[4]), [""; 0]);
    }

    #[test]
    fn a_running_deploy_is_no_success() {
        let value = json!({"ID": "6740f0f0c2a9", "Duration": -9_223_372_036_854_776_000.0,
                           "Error": "", "Image": ""});
        let made = deploy(&one(value), None, Some(&[]));
        assert_eq!(made.phase, Phase::Running(Text::clean("under way")));
        assert_eq!(made.label.as_str(), "6740f0f0");
        assert!(made.duration.is_none() && made.ended_at.is_none());
    }
}
