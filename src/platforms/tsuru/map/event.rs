//! Events.
//!
//! Source: tsuru contract, section 5 (events).

use jiff::Timestamp;

use super::verdict::{Verdict, verdict};
use super::words::{apps, blame, doing, is_cancelling, kind, target, who, whole};
use crate::model::{Activity, ActivityId, AppId, Detail, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::{progress, wire};

pub(in crate::platforms::tsuru) fn event(wire: &wire::Event) -> Activity {
    let is_running = *wire.is_running == Some(true);
    Activity {
        id: ActivityId::new(&wire.unique_id),
        at: *wire.start_time,
        app: apps(wire).next().map(AppId::new),
        by: who(wire),
        kind: Text::clean(kind(wire)),
        text: story(wire),
        failed: failed(verdict(wire)),
        follow: Some(progress::of_event(wire)),
        can_cancel: is_running && *wire.is_cancelable == Some(true) && !is_cancelling(wire),
        details: details(wire),
    }
}

/// Nothing is to be said of what goes on, and what was cancelled is neither done nor failed.
fn failed(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::Building | Verdict::Deploying | Verdict::Cancelling | Verdict::Cancelled => None,
        Verdict::Succeeded => Some(false),
        Verdict::Failed | Verdict::Lost => Some(true),
    }
}

/// "deploy of shop failed: image not found".
fn story(wire: &wire::Event) -> Text {
    let target = wire.target.as_ref();
    let (of, what) = target.map_or((None, None), |it| (text(&it.kind), text(&it.value)));
    let target = match (of.as_ref().map(Text::as_str), what) {
        (Some("app"), Some(name)) => format!(" of {name}"),
        (Some(kind), Some(name)) => format!(" of {} {name}", kind.replace('-', " ")),
        (_, what) => what.map(|name| format!(" of {name}")).unwrap_or_default(),
    };
    Text::clean(&format!("{}{target}{}", doing(kind(wire)), outcome(wire)))
}

fn outcome(wire: &wire::Event) -> String {
    let blamed = || blame(&wire.error);
    match verdict(wire) {
        Verdict::Building | Verdict::Deploying => ", under way".to_owned(),
        Verdict::Cancelling => ", being cancelled".to_owned(),
        Verdict::Succeeded => String::new(),
        Verdict::Cancelled => ", cancelled".to_owned(),
        Verdict::Lost => " was lost: the server that did it is gone".to_owned(),
        Verdict::Failed => blamed().map_or(" failed".to_owned(), |why| format!(" failed: {why}")),
    }
}

fn details(wire: &wire::Event) -> Vec<Detail> {
    let owner = wire.owner.as_ref();
    let mut details = Details::default()
        .text("Target", target(wire.target.as_ref()))
        .text("Owner type", owner.and_then(|owner| text(&owner.kind)))
        .word("From", &wire.source_ip)
        .time("Ended", &wire.end_time)
        .duration("Took", &Loose(took(*wire.start_time, *wire.end_time)));
    let cancel = wire.cancel_info.as_ref();
    if let Some(cancel) = cancel.filter(|_| is_cancelling(wire)) {
        details = details
            .word("Cancelled by", &cancel.owner)
            .word("Cancelled because", &cancel.reason)
            .time("Cancel asked", &cancel.start_time)
            .time("Cancel acknowledged", &cancel.ack_time);
    }
    details
        .text("Error", whole(wire.error.as_deref()))
        .text("Event", Text::non_empty(&wire.unique_id))
        .done()
}

fn took(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<std::time::Duration> {
    std::time::Duration::try_from(to?.duration_since(from?)).ok()
}
