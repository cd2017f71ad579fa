//! What keeps the server from beginning: a lock that somebody holds, a block.
//!
//! Source: tsuru contract, sections 2 and 5 (events).

use crate::model::{Preview, Text};
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::operate::Kinds;
use crate::platforms::tsuru::wire::{Block, Event};

/// What holds the lock, since when and for whom.
pub(super) fn lock(event: &Event) -> Text {
    let owner = event.owner.as_ref().and_then(|it| it.name.as_deref());
    let mut text = match map::kind(event) {
        "" => "something".to_owned(),
        kind => kind.to_owned(),
    };
    if let Some(owner) = owner.filter(|it| !it.is_empty()) {
        text = format!("{text} of {owner}");
    }
    if let Some(at) = *event.start_time {
        text = format!("{text}, begun at {}", at.strftime("%Y-%m-%d %H:%M UTC"));
    }
    format!("{text}, holds the app: the server waits 10 s for it, then refuses").into()
}

/// Whether a block is about something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Certain,
    /// It depends on what is not known here: who we are, where the app runs.
    Possible,
    None,
}

/// Adds what a block means to what is told of an operation.
pub(super) fn block(preview: &mut Preview, block: &Block, kinds: Kinds, app: &str) {
    let reason = block.reason.as_deref().unwrap_or_default();
    match matching(block, kinds, app) {
        Match::Certain => {
            let told = format!("blocked: {reason}");
            preview.refusal.get_or_insert_with(|| told.into());
        }
        Match::Possible => {
            let told = format!("a block may forbid it: {reason} ({})", whom(block));
            preview.warnings.push(told.into());
        }
        Match::None => {}
    }
}

fn matching(block: &Block, kinds: Kinds, app: &str) -> Match {
    let prefix = block.kind_name.as_deref().unwrap_or_default();
    let target = block.target.as_ref();
    let kind = target.and_then(|it| it.kind.as_deref()).unwrap_or_default();
    let value = target
        .and_then(|it| it.value.as_deref())
        .unwrap_or_default();
    let is_here = kind.is_empty() || (kind == "app" && (value.is_empty() || value == app));
    let is_active = *block.is_active != Some(false);
    let fitting = kinds.iter().filter(|it| it.starts_with(prefix)).count();
    if !is_here || !is_active || fitting == 0 {
        return Match::None;
    }
    let has_owner = block.owner_name.as_deref().is_some_and(|it| !it.is_empty());
    let has_conditions = block.conditions.as_ref().is_some_and(|it| !it.is_empty());
    if fitting == kinds.len() && !has_owner && !has_conditions {
        Match::Certain
    } else {
        Match::Possible
    }
}

/// For whom, or where, it holds.
fn whom(block: &Block) -> String {
    let owner = block.owner_name.as_deref().filter(|it| !it.is_empty());
    let conditions = block.conditions.as_ref().into_iter().flatten();
    let conditions = conditions.map(|(name, value)| format!("{name} {value}"));
    let kind = block.kind_name.as_deref().filter(|it| !it.is_empty());
    let mut parts: Vec<_> = owner.map(|it| format!("for {it}")).into_iter().collect();
    parts.extend(conditions);
    parts.push(kind.unwrap_or("everything").to_owned());
    parts.join(", ")
}
