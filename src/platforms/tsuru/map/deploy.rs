//! Deploys, and what is released.
//!
//! Source: tsuru contract, sections 5 (deploys) and 6.

use jiff::Timestamp;

use super::verdict::{Verdict, of_error};
use super::words::{blame, whole};
use crate::model::{AppId, Deployment, DeploymentId, Detail, Phase, Release, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::wire::{self, Took};

/// Whether a deploy goes on, as far as it says itself: without a length it has an image or an error
/// once it is over.
pub(in crate::platforms::tsuru) fn is_running(wire: &wire::Deploy) -> bool {
    let has_come_to_something = || text(&wire.image).is_some() || text(&wire.error).is_some();
    match *wire.duration {
        Some(took) => took == Took::Running,
        None => !has_come_to_something(),
    }
}

/// Whether it went well.
pub(in crate::platforms::tsuru) fn has_succeeded(wire: &wire::Deploy) -> bool {
    !is_running(wire) && text(&wire.error).is_none()
}

/// The version that came of it: older servers name it in the image only.
pub(in crate::platforms::tsuru) fn version(wire: &wire::Deploy) -> Option<i64> {
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
    match verdict? {
        Verdict::Lost => Some(Text::clean("lost: the server that did it is gone")),
        Verdict::Failed | Verdict::Cancelled => blame(&wire.error),
        Verdict::Building | Verdict::Deploying | Verdict::Cancelling | Verdict::Succeeded => None,
    }
}

fn details(wire: &wire::Deploy) -> Vec<Detail> {
    let can = Loose(wire.can_rollback.filter(|can| *can));
    // The first line of a message stands elsewhere, with the rest of what every platform says.
    let message = wire.message.as_deref().unwrap_or_default().trim();
    let message = message.contains('\n').then_some(message);
    Details::default()
        .word("Image", &wire.image)
        .text("Message", message.and_then(Text::non_empty))
        .text("Error", whole(wire.error.as_deref()))
        .when("Rolls back", &can)
        .text("Event", Text::non_empty(&wire.id))
        .done()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    fn one(value: serde_json::Value) -> wire::Deploy {
        folded::from_value(value).unwrap()
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
