//! What earlier answers said, where a later question is about the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::paging::Place;
use super::spec::Specs;
use super::wire;
use crate::model::{Class, Failure, Page, Phase, Text, Units};
use crate::platforms::rounds::{Rounds, Slot};

/// For so long the last known health stands in for one that a list does not carry.
const HEALTH_HOLDS: Duration = Duration::from_secs(90);

/// Projects hardly ever change.
const PROJECTS_HOLD: Duration = Duration::from_mins(10);

/// A page of apps as it came.
pub(super) type Apps = Arc<Page<wire::App>>;

/// A page of apps; of failures only that of a limit is kept, on which nobody is to spend another
/// request.
pub(super) type AskedApps = Result<Apps, Failure>;

/// What is known of a project.
#[derive(Clone)]
pub(super) struct KnownProject {
    pub(super) name: Text,
    pub(super) class: Option<Class>,
}

/// Projects by identifier.
pub(super) type Projects = Arc<HashMap<String, KnownProject>>;

/// How a component does.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Pulse {
    pub(super) units: Option<Units>,
    pub(super) cpu: Option<f32>,
    pub(super) memory: Option<f32>,
    pub(super) is_unhealthy: bool,
}

/// How the components of an app do, by name.
pub(super) type Pulses = Arc<HashMap<String, Pulse>>;

/// How the newest deployment of an app ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Newest {
    pub(super) created_at: Timestamp,
    pub(super) phase: Phase,
}

/// Grows while the platform is asked.
#[derive(Default)]
pub(super) struct Memory {
    known: Mutex<Known>,
    pub(super) rounds: Rounds,
    /// Whoever reads the projects, for the others to wait for.
    pub(super) projects_turn: Turn<()>,
}

#[derive(Default)]
pub(super) struct Known {
    apps: HashMap<Place, Arc<Slot<AskedApps>>>,
    projects: Option<(Instant, Projects)>,
    pulses: HashMap<String, (Instant, Pulses)>,
    newest: HashMap<String, Newest>,
    databases: HashMap<String, Vec<String>>,
    /// The specs that were read.
    pub(super) specs: Specs,
}

impl Memory {
    pub(super) fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written: what was read before may have changed.
    pub(super) fn forget(&self) {
        self.rounds.forget();
        self.lock().apps.clear();
    }

    /// Where a page of apps is kept; whoever holds it asks, the others wait.
    pub(super) fn apps(&self, place: Place) -> Arc<Slot<AskedApps>> {
        self.lock().apps.entry(place).or_default().clone()
    }

    pub(super) fn projects(&self) -> Option<Projects> {
        let known = self.lock();
        let (at, projects) = known.projects.as_ref()?;
        (at.elapsed() < PROJECTS_HOLD).then(|| projects.clone())
    }

    pub(super) fn remember_projects(&self, projects: HashMap<String, KnownProject>) -> Projects {
        let projects = Arc::new(projects);
        self.lock().projects = Some((Instant::now(), projects.clone()));
        projects
    }

    pub(super) fn pulses(&self, app: &str) -> Option<Pulses> {
        let known = self.lock();
        let (at, pulses) = known.pulses.get(app)?;
        (at.elapsed() < HEALTH_HOLDS).then(|| pulses.clone())
    }

    pub(super) fn remember_pulses(&self, app: &str, pulses: Pulses) {
        let mut known = self.lock();
        known
            .pulses
            .retain(|_, (at, _)| at.elapsed() < HEALTH_HOLDS);
        known
            .pulses
            .insert(app.to_owned(), (Instant::now(), pulses));
    }

    /// How the deployment of `app` that began then ended, where that is known.
    pub(super) fn newest(&self, app: &str, created_at: Timestamp) -> Option<Newest> {
        let known = self.lock();
        let newest = known.newest.get(app)?;
        (newest.created_at == created_at).then(|| newest.clone())
    }

    pub(super) fn remember_newest(&self, app: &str, newest: Newest) {
        let mut known = self.lock();
        let is_older = |known: &Newest| known.created_at > newest.created_at;
        if !known.newest.get(app).is_some_and(is_older) {
            known.newest.insert(app.to_owned(), newest);
        }
    }

    /// The names of an app's database components.
    pub(super) fn databases(&self, app: &str) -> Option<Vec<String>> {
        self.lock().databases.get(app).cloned()
    }

    pub(super) fn remember_databases(&self, app: &wire::App) {
        let of_spec = app.spec.as_ref().and_then(|spec| spec.databases.as_ref());
        let names = of_spec.into_iter().flatten();
        let names = names.filter_map(|database| database.name.0.clone());
        let names = names.collect();
        self.lock().databases.insert(app.id.clone(), names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::rounds::Asked;

    fn asked(memory: &Memory) -> Asked<AskedApps> {
        Asked::new(memory.rounds.now(), Ok(Arc::new(Page::whole(Vec::new()))))
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_serves_its_round_and_no_other() {
        let memory = Memory::default();
        let page = asked(&memory);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(memory.rounds.of_round(Some(&page)).is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(memory.rounds.of_round(Some(&page)).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_asked_before_a_write_is_old_after_it() {
        let memory = Memory::default();
        let page = asked(&memory);
        memory.forget();
        assert!(memory.rounds.of_round(Some(&page)).is_none());
        assert!(memory.rounds.of_round(Some(&asked(&memory))).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn health_stands_in_for_a_while() {
        let memory = Memory::default();
        memory.remember_pulses("a", Pulses::default());
        tokio::time::advance(Duration::from_secs(89)).await;
        assert!(memory.pulses("a").is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(memory.pulses("a").is_none());
    }
}
