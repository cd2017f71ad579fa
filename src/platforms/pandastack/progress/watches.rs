//! What is remembered between two looks at what is followed. All of it can be found out again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexMap;
use tokio::time::Instant;

use crate::model::{AppId, Follow};

/// So much is followed at once; what was begun longest ago is begun anew.
const MOST: usize = 200;

/// One thing that is followed.
#[derive(Clone, Debug)]
pub(in super::super) struct Watch {
    /// When it was first looked at.
    since: Instant,
    /// The app, where it had to be searched for.
    pub(super) app: Option<AppId>,
    /// Whether its deployment went well: from then on the installation is looked at.
    pub(super) is_deployed: bool,
    /// Whether it has left the state in which it was when the operation was sent.
    pub(super) has_moved: bool,
}

impl Watch {
    fn begun() -> Self {
        Self {
            since: Instant::now(),
            app: None,
            is_deployed: false,
            has_moved: false,
        }
    }

    /// How long it has been followed.
    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Everything that is followed.
#[derive(Default)]
pub(in super::super) struct Watches {
    watched: Mutex<IndexMap<Follow, Watch>>,
    /// The apps that were made from a slug before another one was ordered.
    listed: Mutex<IndexMap<String, Vec<String>>>,
}

impl Watches {
    /// What is known of it; nothing at the first look.
    pub(super) fn of(&self, what: &Follow) -> Watch {
        let watch = lock(&self.watched).get(what).cloned();
        watch.unwrap_or_else(Watch::begun)
    }

    /// To be looked at again.
    pub(super) fn keep(&self, what: &Follow, watch: Watch) {
        put(&self.watched, what.clone(), watch);
    }

    /// It has ended.
    pub(super) fn end(&self, what: &Follow) {
        lock(&self.watched).shift_remove(what);
    }

    /// These are made from a slug, right before one more is ordered.
    pub(in super::super) fn list_before(&self, slug: &str, apps: Vec<String>) {
        put(&self.listed, slug.to_owned(), apps);
    }

    /// Those; absent where nobody looked.
    pub(in super::super) fn listed_before(&self, slug: &str) -> Option<Vec<String>> {
        lock(&self.listed).shift_remove(slug)
    }
}

fn put<K: Eq + std::hash::Hash, V>(all: &Mutex<IndexMap<K, V>>, key: K, value: V) {
    let mut all = lock(all);
    if all.len() >= MOST && !all.contains_key(&key) {
        all.shift_remove_index(0);
    }
    all.insert(key, value);
}

fn lock<T>(all: &Mutex<T>) -> MutexGuard<'_, T> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}
