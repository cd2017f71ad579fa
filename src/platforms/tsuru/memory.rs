//! What earlier answers said, where a later question is about the same. Everything is bounded: a
//! server may have thousands of apps.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::map::{Sample, Verdict};
use super::wire;

/// Two questions of one round have one answer: the list of apps and the list of all their
/// processes. Below the shortest interval, so that no round is answered by the one before.
const SAME_ROUND: Duration = Duration::from_secs(3);

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

/// An answer, and when it was asked for.
pub(super) struct Asked<T> {
    at: Instant,
    /// Of how many writes it can know.
    writes: u64,
    answer: Arc<T>,
}

impl<T> Asked<T> {
    /// An answer to keep, and what [`Memory::now`] said before it was asked for.
    pub(super) fn new((at, writes): (Instant, u64), answer: Arc<T>) -> Self {
        Self { at, writes, answer }
    }
}

/// Where an answer is kept; whoever holds it asks, the others wait.
pub(super) type Slot<T> = Turn<Option<Asked<T>>>;

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
    /// Counts writes: an answer asked for before a write says nothing about what is after it.
    writes: u64,
    apps: HashMap<String, Known>,
    briefs: HashMap<String, Brief>,
    ends: HashMap<String, Verdict>,
}

/// Grows while the platform is asked.
#[derive(Default)]
pub(super) struct Memory {
    inner: Mutex<Inner>,
    pub(super) fleet: Slot<Fleet>,
    pub(super) deploys: Slot<Vec<wire::Deploy>>,
    pub(super) plans: Slot<Vec<wire::Plan>>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written: what was read before may have changed.
    pub(super) fn forget(&self) {
        self.lock().writes += 1;
    }

    /// What to keep beside an answer that is asked for now.
    pub(super) fn now(&self) -> (Instant, u64) {
        (Instant::now(), self.lock().writes)
    }

    /// The answer, if it is of this round.
    pub(super) fn of_round<T>(&self, asked: Option<&Asked<T>>) -> Option<Arc<T>> {
        self.fresh(asked, SAME_ROUND)
    }

    /// The answer, if it still answers the question.
    pub(super) fn fresh<T>(&self, asked: Option<&Asked<T>>, holds: Duration) -> Option<Arc<T>> {
        let asked = asked?;
        let is_fresh = asked.writes == self.lock().writes && asked.at.elapsed() < holds;
        is_fresh.then(|| asked.answer.clone())
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::{folded, map};

    fn app(name: &str) -> Arc<wire::App> {
        let metrics = json!([{"ID": "u1", "CPU": "100m", "Memory": "1Mi"}]);
        let value = json!({"name": name, "unitsMetrics": metrics});
        Arc::new(folded::from_value(value).unwrap())
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::from_second(1_800_000_000 + seconds).ok()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_serves_its_round_and_none_after_a_write() {
        let memory = Memory::default();
        let kept = Asked::new(memory.now(), Arc::new(1));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(memory.of_round(Some(&kept)).is_some());
        memory.forget();
        assert!(memory.of_round(Some(&kept)).is_none());
        let kept = Asked::new(memory.now(), Arc::new(1));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert!(memory.of_round(Some(&kept)).is_none());
        assert!(memory.fresh(Some(&kept), DEPLOYS_HOLD).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn readings_are_those_of_the_last_hour_and_few() {
        let memory = Memory::default();
        for seconds in 0..5000 {
            let app = app("shop");
            let sample = map::sample(&app);
            memory.remember_full(app, sample, at(seconds));
        }
        let samples = memory.samples("shop");
        assert_eq!(samples.len(), 361);
        assert_eq!(samples.last().unwrap().0, at(4990).unwrap());
        assert!(memory.samples("blog").is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_app_that_was_not_used_for_longest_makes_room() {
        let memory = Memory::default();
        for number in 0..=APPS {
            tokio::time::advance(Duration::from_millis(1)).await;
            memory.remember_full(app(&format!("app{number}")), Vec::new(), None);
        }
        assert!(memory.full("app0").is_none());
        assert!(memory.full("app1").is_some());
        tokio::time::advance(FULL_HOLDS).await;
        assert!(memory.full("app1").is_none());
    }
}
