//! The list of a round: several questions have one answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turn, MutexGuard as Guard};
use tokio::time::Instant;

use super::fleet::Fleet;
use crate::model::{AppId, Text};
use crate::platforms::pandastack::map::Managed;

/// Below the shortest interval, so that no round is answered by the one before.
const HOLDS: Duration = Duration::from_secs(3);

/// Of so many apps all is noted when they are first seen; of more only what changes, and what
/// somebody looks at.
const FEW: usize = 200;

/// What was seen of an app: its word and its deployment.
type Seen = (Option<Text>, Option<Text>);

/// A list, and when it was asked for.
pub(super) struct Asked {
    at: Instant,
    /// Of how many writes it can know.
    writes: u64,
    fleet: Arc<Fleet>,
}

/// The list of this round, and what the one before it said.
#[derive(Default)]
pub(in crate::platforms::pandastack) struct Round {
    asked: Turn<Option<Asked>>,
    writes: AtomicU64,
    before: Mutex<Option<HashMap<AppId, Managed>>>,
}

impl Round {
    /// Something was written: a list that was asked for before says nothing about what is after it.
    pub(in crate::platforms::pandastack) fn forget(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    /// What to keep beside a list that is asked for now.
    pub(super) fn now(&self) -> (Instant, u64) {
        (Instant::now(), self.writes.load(Ordering::Relaxed))
    }

    /// Where the list is kept; whoever holds it asks, the others wait.
    pub(super) async fn turn(&self) -> Guard<'_, Option<Asked>> {
        self.asked.lock().await
    }

    /// The list, if it is of this round.
    pub(super) fn fresh(&self, asked: Option<&Asked>) -> Option<Arc<Fleet>> {
        let asked = asked?;
        let is_new = asked.at.elapsed() < HOLDS;
        let knows = asked.writes == self.writes.load(Ordering::Relaxed);
        (is_new && knows).then(|| asked.fleet.clone())
    }

    /// Whether it is there, or somebody asks for it.
    pub(super) fn is_at_hand(&self) -> bool {
        match self.asked.try_lock() {
            Ok(asked) => self.fresh(asked.as_ref()).is_some(),
            Err(_) => true,
        }
    }

    /// Whether the newest list names this as the latest deployment of an app.
    pub(super) fn is_latest(&self, app: &AppId, uuid: &str) -> bool {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = before
            .as_ref()
            .and_then(|all| all.get(app)?.record.deployment());
        latest.is_some_and(|latest| latest.as_str() == uuid)
    }

    /// What of a new list is to be noted, oldest first: what changed, with what it was before.
    pub(super) fn changes(&self, fleet: &Fleet) -> Vec<Managed> {
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let all = || fleet.managed.values();
        let changed = match before.as_ref() {
            None if fleet.managed.len() <= FEW => all().cloned().collect(),
            None => Vec::new(),
            Some(before) => all()
                .filter(|now| before.get(&now.id).is_none_or(|it| seen(it) != seen(now)))
                .flat_map(|now| before.get(&now.id).into_iter().chain([now]).cloned())
                .collect(),
        };
        let now = all().map(|managed| (managed.id.clone(), managed.clone()));
        *before = Some(now.collect());
        changed
    }
}

fn seen(managed: &Managed) -> Seen {
    (managed.word.clone(), managed.record.deployment())
}

impl Asked {
    pub(super) fn new((at, writes): (Instant, u64), fleet: Arc<Fleet>) -> Self {
        Self { at, writes, fleet }
    }
}
