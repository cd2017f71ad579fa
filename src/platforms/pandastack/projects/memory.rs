//! What was seen of projects. Everything is bounded.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::Secret;

/// So many projects and deployments are remembered; then all are forgotten.
const MOST: usize = 2_000;

/// Prints of the values of variables, by their names: they tell that one is another, and not what it
/// is.
pub(super) type Prints = HashMap<String, u64>;

/// The newest deployment of a project, where it has any.
pub(super) struct Newest(pub(super) Option<String>);

#[derive(Default)]
struct Inner {
    /// The newest deployment, and when that was seen.
    newest: HashMap<String, (Instant, Option<String>)>,
    /// The variables as they were last shown.
    shown: HashMap<String, Prints>,
}

/// What was seen of projects.
#[derive(Default)]
pub(in crate::platforms::pandastack) struct Memory {
    hasher: RandomState,
    inner: Mutex<Inner>,
}

impl Memory {
    /// This is the newest deployment of a project now, or it has none.
    pub(super) fn saw_newest(&self, project: &str, uuid: Option<&str>) {
        let seen = (Instant::now(), uuid.map(str::to_owned));
        put(&mut self.lock().newest, project, seen);
    }

    /// The newest deployment of a project, if that was seen within this time.
    pub(super) fn newest(&self, project: &str, within: Duration) -> Option<Newest> {
        let inner = self.lock();
        let (at, uuid) = inner.newest.get(project)?;
        (at.elapsed() < within).then(|| Newest(uuid.clone()))
    }

    /// The print of a value. Prints of another run are others.
    pub(super) fn print(&self, value: &Secret) -> u64 {
        self.hasher.hash_one(value.expose())
    }

    pub(super) fn show(&self, project: &str, prints: Prints) {
        put(&mut self.lock().shown, project, prints);
    }

    /// The variables as they were last shown; absent where nobody looked at them.
    pub(super) fn shown(&self, project: &str) -> Option<Prints> {
        self.lock().shown.get(project).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put<T>(map: &mut HashMap<String, T>, key: &str, value: T) {
    if map.len() >= MOST && !map.contains_key(key) {
        map.clear();
    }
    map.insert(key.to_owned(), value);
}
