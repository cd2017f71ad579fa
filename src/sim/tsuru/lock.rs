//! What stands in the way of an event: the lock that another holds, limits, and blocks. Source:
//! tsuru contract, sections 2 and 5.

use super::{
    errors::Refusal,
    event::{Event, Kind, Owner, Target},
    world::World,
};
use crate::sim::clock::Moment;

/// Forbids events of some kinds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) id: String,
    pub(super) start: Moment,
    pub(super) end: Option<Moment>,
    /// Empty fits all; so it is with the next three.
    pub(super) kind: String,
    pub(super) owner: String,
    pub(super) target_kind: String,
    pub(super) target_value: String,
    pub(super) reason: String,
}

/// So many events of a kind in so many seconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Throttle {
    pub(super) kind: String,
    pub(super) app: String,
    pub(super) most: usize,
    pub(super) seconds: f64,
}

impl Block {
    /// Forbids events of a kind on an app, or on everything if none is named.
    pub(super) fn of(start: Moment, kind: &str, app: &str, reason: &str) -> Block {
        let target_kind = if app.is_empty() { "" } else { "app" };
        Block {
            id: String::new(),
            start,
            end: None,
            kind: kind.to_owned(),
            owner: String::new(),
            target_kind: target_kind.to_owned(),
            target_value: app.to_owned(),
            reason: reason.to_owned(),
        }
    }

    fn concerns(&self, kind: Kind, target: &Target, owner: &Owner) -> bool {
        let fits = |wanted: &str, actual: &str| wanted.is_empty() || wanted == actual;
        self.end.is_none()
            && fits(&self.kind, kind.name())
            && fits(&self.owner, &owner.name)
            && fits(&self.target_kind, target.kind)
            && fits(&self.target_value, &target.value)
    }

    fn words(&self) -> String {
        let or = |text: &str, all: &str| {
            let text = if text.is_empty() { all } else { text };
            text.to_owned()
        };
        let target = if self.target_kind.is_empty() {
            "all targets".to_owned()
        } else {
            format!("{}({})", self.target_kind, self.target_value)
        };
        let kind = or(&self.kind, "all actions");
        let owner = or(&self.owner, "all users");
        format!("block {kind} by {owner} on {target}: {}", self.reason)
    }
}

impl World {
    /// The running event that holds the lock of a target.
    pub(super) fn holder(&self, now: Moment, target: &Target) -> Option<&Event> {
        let live = self.live.iter().map(|place| &self.events[*place]);
        let mut live = live.filter(|event| event.locks && event.is_running(now));
        live.find(|event| event.target == *target)
    }

    /// Refuses if another event holds the lock.
    pub(super) fn check_lock(&self, now: Moment, target: &Target) -> Result<(), Refusal> {
        let Some(held) = self.holder(now, target) else {
            return Ok(());
        };
        Err(Refusal::locked(format!(
            "event locked: {}({}) running \"{}\" start by {} {} at {}",
            target.kind,
            target.value,
            held.kind.name(),
            held.owner.kind,
            held.owner.name,
            held.start.whole_second(),
        )))
    }

    /// Refuses if there were too many of a kind lately.
    pub(super) fn check_throttle(
        &self,
        now: Moment,
        kind: Kind,
        target: &Target,
    ) -> Result<(), Refusal> {
        let fits = |limit: &&Throttle| {
            (limit.kind.is_empty() || limit.kind == kind.name()) && limit.app == target.value
        };
        let Some(limit) = self.throttles.iter().find(fits) else {
            return Ok(());
        };
        let since = now.plus(-limit.seconds);
        let recent = self
            .events
            .iter()
            .filter(|event| event.target == *target && event.kind == kind && event.start >= since);
        if recent.count() < limit.most {
            return Ok(());
        }
        Err(Refusal::failed(format!(
            "event throttled, limit for {} on {} \"{}\" is {} every {}s",
            kind.name(),
            target.kind,
            target.value,
            limit.most,
            limit.seconds,
        )))
    }

    /// What is said if a block forbids it.
    pub(super) fn blocked(&self, kind: Kind, target: &Target, owner: &Owner) -> Option<String> {
        let mut blocks = self.blocks.iter();
        let block = blocks.find(|block| block.concerns(kind, target, owner))?;
        Some(format!(
            "error running \"{}\" on {}({}): {}",
            kind.name(),
            target.kind,
            target.value,
            block.words()
        ))
    }
}
