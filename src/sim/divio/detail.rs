//! What is inside an environment: made from the seed when somebody looks, then kept, because
//! requests change it.

use super::{
    cronjobs::{self, Cronjob},
    domains::{self, Domain},
    services::{self, Instance},
    variables::{self, Variable},
    world::World,
};
use crate::sim::clock::Moment;

/// The contents of an environment. The `n` of an item is its ordinal, which is never used again.
#[derive(Clone, Debug)]
pub(super) struct Detail {
    pub(super) variables: Vec<Variable>,
    pub(super) domains: Vec<Domain>,
    pub(super) instances: Vec<Instance>,
    pub(super) cronjobs: Vec<Cronjob>,
    /// The ordinal of the next new item of any kind.
    next: usize,
}

impl Detail {
    /// The ordinal for a new item.
    pub(super) fn next_ordinal(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}

/// First ordinal of items that requests make; generated ones stay below.
const FIRST_NEW: usize = 1_000;

impl World {
    /// The contents of an environment.
    pub(super) fn detail(&self, environment: usize) -> &Detail {
        self.environments[environment].detail.get_or_init(|| {
            Box::new(Detail {
                variables: variables::generated(self, environment),
                domains: domains::generated(self, environment),
                instances: services::generated(self, environment),
                cronjobs: cronjobs::generated(self, environment),
                next: FIRST_NEW,
            })
        })
    }

    /// The contents of an environment, to change them.
    pub(super) fn detail_mut(&mut self, environment: usize) -> &mut Detail {
        let _made = self.detail(environment);
        match self.environments[environment].detail.get_mut() {
            Some(detail) => detail,
            None => unreachable!("made in the line before"),
        }
    }

    /// Notes a change that takes effect with the next deployment.
    pub(super) fn note_change(&mut self, environment: usize, now: Moment, what: String) {
        self.environments[environment].changes.push((now, what));
    }

    /// The changes that no successful deployment has taken up yet.
    pub(super) fn pending_changes(&self, environment: usize, now: Moment) -> Vec<&str> {
        let changes = self.environments[environment].changes.iter();
        let waiting = changes.filter(|(at, _)| !self.taken_up(environment, *at, now));
        waiting.map(|(_, what)| what.as_str()).collect()
    }

    /// Whether a deployment that began after `at` has succeeded by `now`.
    pub(super) fn taken_up(&self, environment: usize, at: Moment, now: Moment) -> bool {
        let started = self.environments[environment].started.iter().rev();
        started
            .take_while(|deployment| deployment.queued >= at)
            .any(|deployment| deployment.success(now) == Some(true))
    }
}
