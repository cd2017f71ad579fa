//! The deployments of managed apps that are known: the API lists none, so that those which were seen
//! are kept, between runs too. Source: PandaStack contract, section 9.
//!
//! A line of the notebook says what was seen of one deployment; a later line about the same one says
//! it better. Files are read and written where nobody else waits for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::ids;
use crate::model::{AppId, DeploymentId, Notebook, Text};

/// So many deployments of one app are kept, and so many of all: as many as a notebook has lines.
const PER_APP: usize = 200;
const IN_ALL: usize = 1_000;

/// A deployment as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its app.
    pub(super) app: AppId,
    /// Its UUID.
    pub(super) uuid: String,
    /// The platform's word for its state, when it was last seen.
    pub(super) state: Option<Text>,
    /// Since when it is there at the latest: when its app changed, or when it was first seen, by the
    /// platform's clock.
    pub(super) first: Option<Timestamp>,
    /// When it was last seen.
    pub(super) last: Option<Timestamp>,
}

impl Seen {
    /// Seen at `at`.
    pub(super) fn new(app: &AppId, uuid: &str, state: Option<&str>, at: Option<Timestamp>) -> Self {
        Self {
            app: app.clone(),
            uuid: uuid.to_owned(),
            state: state.and_then(Text::non_empty),
            first: at,
            last: at,
        }
    }

    fn id(&self) -> DeploymentId {
        ids::deployment(&self.app, &self.uuid)
    }

    /// Seen once more. Whether that is worth a line: a state that changed is, a moment is not.
    fn renew(&mut self, newer: Self) -> bool {
        self.first = self.first.or(newer.first);
        self.last = newer.last.or(self.last);
        if newer.state.is_none() || newer.state == self.state {
            return false;
        }
        self.state = newer.state;
        true
    }
}

/// A line of the notebook.
#[derive(Deserialize, Serialize)]
struct Line {
    app: String,
    deployment: String,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    first: Option<Timestamp>,
    #[serde(default)]
    last: Option<Timestamp>,
}

impl Line {
    /// Absent for what is not readable: it says nothing about the others.
    fn read(line: &str) -> Option<Seen> {
        let line: Self = serde_json::from_str(line).ok()?;
        let is_whole = !line.app.is_empty() && !line.deployment.is_empty();
        is_whole.then(|| Seen {
            app: AppId::new(line.app),
            uuid: line.deployment,
            state: line.state.as_deref().and_then(Text::non_empty),
            first: line.first,
            last: line.last,
        })
    }

    fn written(seen: &Seen) -> Option<String> {
        let line = Self {
            app: seen.app.as_str().to_owned(),
            deployment: seen.uuid.clone(),
            state: seen.state.as_ref().map(|it| it.as_str().to_owned()),
            first: seen.first,
            last: seen.last,
        };
        serde_json::to_string(&line).ok()
    }
}

/// What was seen, oldest first.
#[derive(Default)]
struct Ledger(IndexMap<DeploymentId, Seen>);

impl Ledger {
    fn read(lines: &[String]) -> Self {
        let mut ledger = Self::default();
        for seen in lines.iter().filter_map(|line| Line::read(line)) {
            ledger.put(seen);
        }
        ledger
    }

    /// What is to be written down of it; nothing where it is known.
    fn put(&mut self, seen: Seen) -> Option<String> {
        let id = seen.id();
        if let Some(known) = self.0.get_mut(&id) {
            return known.renew(seen).then(|| Line::written(known)).flatten();
        }
        self.make_room(&seen.app);
        let line = Line::written(&seen);
        self.0.insert(id, seen);
        line
    }

    /// The oldest go.
    fn make_room(&mut self, app: &AppId) {
        let is_of = |seen: &Seen| seen.app == *app;
        if self.0.values().filter(|it| is_of(it)).count() >= PER_APP {
            let oldest = self.0.values().position(is_of);
            oldest.and_then(|at| self.0.shift_remove_index(at));
        } else if self.0.len() >= IN_ALL {
            self.0.shift_remove_index(0);
        }
    }
}

/// The deployments that are known, newest first for each app.
pub(super) struct Known {
    notebook: Arc<dyn Notebook>,
    /// Read when it is first needed.
    ledger: OnceCell<Mutex<Ledger>>,
}

impl Known {
    pub(super) fn new(notebook: Arc<dyn Notebook>) -> Self {
        Self {
            notebook,
            ledger: OnceCell::new(),
        }
    }

    /// Those of an app, newest first.
    pub(super) async fn of(&self, app: &AppId) -> Vec<Seen> {
        let ledger = self.open().await;
        let newest = ledger.0.values().rev();
        newest.filter(|it| it.app == *app).cloned().collect()
    }

    /// Whether a deployment was seen before.
    pub(super) async fn has(&self, app: &AppId, uuid: &str) -> bool {
        let id = ids::deployment(app, uuid);
        self.open().await.0.contains_key(&id)
    }

    /// A deployment was seen. One that is known is brought up to date.
    pub(super) async fn saw(
        &self,
        app: &AppId,
        uuid: &str,
        state: Option<&str>,
        at: Option<Timestamp>,
    ) {
        self.saw_all([Seen::new(app, uuid, state, at)]).await;
    }

    /// The same for many at once.
    pub(super) async fn saw_all(&self, seen: impl IntoIterator<Item = Seen>) {
        let lines: Vec<String> = {
            let mut ledger = self.open().await;
            seen.into_iter().filter_map(|it| ledger.put(it)).collect()
        };
        self.note(lines).await;
    }

    async fn open(&self) -> MutexGuard<'_, Ledger> {
        let ledger = self.ledger.get_or_init(|| self.read()).await;
        ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self) -> Mutex<Ledger> {
        let notebook = self.notebook.clone();
        let lines = spawn_blocking(move || notebook.notes()).await;
        Mutex::new(Ledger::read(&lines.unwrap_or_default()))
    }

    async fn note(&self, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        let notebook = self.notebook.clone();
        let noted = spawn_blocking(move || lines.iter().for_each(|line| notebook.note(line)));
        if noted.await.is_err() {
            tracing::warn!("deployments that were seen could not be noted");
        }
    }
}

#[cfg(test)]
mod tests;
