//! What earlier answers said, where a later question is about the same. Everything is bounded: a
//! server may have thousands of apps.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::map::{Sample, Verdict};
use super::wire;
use crate::platforms::rounds::{Rounds, Slot};

/// The newest deploys of all apps say who released what: that may be late.
pub(super) const DEPLOYS_HOLD: Duration = Duration::from_mins(1);

/// Plans hardly ever change.
pub(super) const PLANS_HOLD: Duration = Duration::from_mins(10);

/// For so long what an app said in full stands in for what a list does not carry.
const FULL_HOLDS: Duration = Duration::from_mins(10);

/// For so long what its units use does.
const MEASURED_HOLDS: Duration = Duration::from_secs(90);

/// Metrics are those of the last hour.
const SPAN: SignedDuration = SignedDuration::from_hours(1);

/// Readings are this far apart: an hour of them is at most 360.
const APART: SignedDuration = SignedDuration::from_secs(10);

/// So many apps are remembered in full, with their readings and deploys.
const APPS: usize = 128;

/// So many ends of deploys are remembered.
const ENDS: usize = 2_000;

/// The apps of a round, and what goes on with them.
pub(super) struct Fleet {
    pub(super) apps: Vec<wire::App>,
    /// Events under way.
    pub(super) running: Vec<wire::Event>,
    /// Newest first.
    pub(super) deploys: Kept<wire::Deploy>,
}

/// Records that several questions share.
pub(super) type Kept<T> = Arc<Vec<T>>;

/// What is known of an app.
#[derive(Default)]
struct Known {
    used_at: Option<Instant>,
    full: Option<(Instant, Arc<wire::App>)>,
    deploys: Kept<wire::Deploy>,
    samples: VecDeque<(Timestamp, Sample)>,
}

/// What an app is known to be, in a few words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Brief {
    pub(super) team: Option<String>,
    pub(super) pool: Option<String>,
    /// Versions that get requests, the newest first.
    pub(super) versions: Vec<i64>,
}

#[derive(Default)]
struct Inner {
    apps: HashMap<String, Known>,
    briefs: HashMap<String, Brief>,
    ends: HashMap<String, Verdict>,
}

/// Grows while the platform is asked.
#[derive(Default)]
pub(super) struct Memory {
    inner: Mutex<Inner>,
    pub(super) rounds: Rounds,
    pub(super) fleet: Slot<Arc<Fleet>>,
    pub(super) deploys: Slot<Kept<wire::Deploy>>,
    pub(super) plans: Slot<Kept<wire::Plan>>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember_brief(&self, app: &str, brief: Brief) {
        self.lock().briefs.insert(app.to_owned(), brief);
    }

    /// These are all apps that there are.
    pub(super) fn remember_briefs(&self, briefs: HashMap<String, Brief>) {
        self.lock().briefs = briefs;
    }

    pub(super) fn brief(&self, app: &str) -> Option<Brief> {
        self.lock().briefs.get(app).cloned()
    }

    /// An app in full, with what its units use.
    pub(super) fn remember_full(
        &self,
        app: Arc<wire::App>,
        sample: Sample,
        now: Option<Timestamp>,
    ) {
        let mut inner = self.lock();
        let known = inner.known(&app.name);
        known.full = Some((Instant::now(), app));
        if let Some(now) = now.filter(|_| !sample.is_empty()) {
            known.measure(now, sample);
        }
    }

    /// An app as it last said in full.
    pub(super) fn full(&self, app: &str) -> Option<Arc<wire::App>> {
        self.full_within(app, FULL_HOLDS)
    }

    /// The same, if what its units use still holds.
    pub(super) fn measured(&self, app: &str) -> Option<Arc<wire::App>> {
        self.full_within(app, MEASURED_HOLDS)
    }

    fn full_within(&self, app: &str, holds: Duration) -> Option<Arc<wire::App>> {
        let inner = self.lock();
        let (at, full) = inner.apps.get(app)?.full.as_ref()?;
        (at.elapsed() < holds).then(|| full.clone())
    }

    /// What units of an app used in the last hour, as far as it was seen; oldest first.
    pub(super) fn samples(&self, app: &str) -> Vec<(Timestamp, Sample)> {
        let inner = self.lock();
        let known = inner.apps.get(app);
        known.map_or_else(Vec::new, |known| known.samples.iter().cloned().collect())
    }

    pub(super) fn remember_deploys(&self, app: &str, deploys: Kept<wire::Deploy>) {
        self.lock().known(app).deploys = deploys;
    }

    pub(super) fn deploys_of(&self, app: &str) -> Kept<wire::Deploy> {
        let inner = self.lock();
        let known = inner.apps.get(app);
        known.map(|known| known.deploys.clone()).unwrap_or_default()
    }

    /// How a deploy ended.
    pub(super) fn end(&self, deploy: &str) -> Option<Verdict> {
        self.lock().ends.get(deploy).copied()
    }

    /// An end stays what it is.
    pub(super) fn remember_end(&self, deploy: &str, verdict: Verdict) {
        let mut inner = self.lock();
        if inner.ends.len() >= ENDS {
            inner.ends.clear();
        }
        inner.ends.insert(deploy.to_owned(), verdict);
    }
}

impl Inner {
    /// What is known of an app, now used; the one that was not used for longest makes room.
    fn known(&mut self, app: &str) -> &mut Known {
        if self.apps.len() >= APPS && !self.apps.contains_key(app) {
            let oldest = self.apps.iter().min_by_key(|(_, known)| known.used_at);
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.map(|name| self.apps.remove(&name));
        }
        let known = self.apps.entry(app.to_owned()).or_default();
        known.used_at = Some(Instant::now());
        known
    }
}

impl Known {
    fn measure(&mut self, now: Timestamp, sample: Sample) {
        let newest = self.samples.back().map(|(at, _)| *at);
        if newest.is_some_and(|at| now.duration_since(at) < APART) {
            return;
        }
        self.samples.push_back((now, sample));
        let is_old = |at: Timestamp| now.duration_since(at) > SPAN;
        while self.samples.front().is_some_and(|(at, _)| is_old(*at)) {
            self.samples.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
