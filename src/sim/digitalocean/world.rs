//! The state of one team: what exists, and what requests and the story have changed.
//!
//! The skeleton is made at the start; specifications and deployments are made when somebody looks
//! at them. Nothing here depends on what time it is except through the moments passed in.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use serde_json::{Map, Value};

use super::{
    catalogue,
    component::{Component, components},
    databases::Restored,
    deployment::Deployment,
    errors::Refusal,
    history,
    id::{self, Kind},
    limits::Limits,
    logs::Logs,
    plan::{Profile, plan},
    secret::Seals,
    spec::Author,
};
use crate::sim::{
    Setup,
    clock::{Clock, Moment},
    dice::Dice,
};

/// Everything one token can see.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) clock: Clock,
    pub(super) story: bool,
    pub(super) apps: Vec<App>,
    pub(super) seals: Seals,
    pub(super) limits: Limits,
    pub(super) logs: Logs,
    /// Clusters that were made since the start.
    pub(super) restored: Vec<Restored>,
    /// Runs of jobs that were cancelled: app and ordinal, and when.
    pub(super) stopped_runs: Vec<(usize, usize, Moment)>,
    /// How many requests were answered.
    pub(super) answered: usize,
    /// How many events of the story have happened.
    pub(super) told: usize,
}

/// An app.
pub(super) struct App {
    pub(super) ordinal: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) profile: Profile,
    pub(super) region: usize,
    pub(super) project: usize,
    pub(super) created: Moment,
    pub(super) updated: Moment,
    /// The specification it has from the start, made when it is first needed.
    first: OnceLock<Arc<Value>>,
    /// The specification as it was last submitted.
    pub(super) written: Option<Arc<Value>>,
    /// How many deployments lie behind it when the simulator starts.
    pub(super) past: usize,
    /// Those that began later, or whose state is special.
    pub(super) started: Vec<Deployment>,
    /// The deployment it is held at after a rollback.
    pub(super) pinned: Option<usize>,
    /// The specification from before that rollback.
    pub(super) before_rollback: Option<Arc<Value>>,
    /// When a test let a component crash: its name, and when.
    pub(super) crashed: Vec<(String, Moment)>,
    /// Where alerts are sent to, by their place, if somebody has changed that.
    pub(super) destinations: HashMap<usize, Map<String, Value>>,
    pub(super) gone: bool,
}

impl World {
    /// The world of a seed, as it is when the simulator starts.
    pub(super) fn new(setup: &Setup) -> World {
        let mut world = World {
            seed: setup.seed,
            clock: setup.clock.clone(),
            story: setup.story,
            apps: Vec::with_capacity(setup.apps),
            seals: Seals::new(setup.seed),
            limits: Limits::new(setup.rate_limits),
            logs: Logs::new(setup.seed, &setup.clock, setup.story),
            restored: Vec::new(),
            stopped_runs: Vec::new(),
            answered: 0,
            told: 0,
        };
        for ordinal in 0..setup.apps {
            let (name, profile) = plan(setup.seed, ordinal);
            world.add_app(name, profile);
            history::prepare(&mut world, ordinal);
        }
        world
    }

    fn add_app(&mut self, name: String, profile: Profile) -> usize {
        let ordinal = self.apps.len();
        let mut dice = Dice::new(self.seed, &[0xd0, 3, ordinal as u64]);
        let age = f64::from(dice.between(90, 1_500));
        let created = self.clock.started().plus(-86_400.0 * age);
        let regions = u32::try_from(catalogue::REGIONS.len()).unwrap_or(1);
        self.apps.push(App {
            ordinal,
            id: id::id(self.seed, Kind::App, 0, ordinal),
            name,
            profile,
            region: dice.below(regions) as usize,
            project: dice.below(3) as usize,
            created,
            updated: self.clock.started().plus(-3_600.0 * 30.0),
            first: OnceLock::new(),
            written: None,
            past: profile.past(&mut dice),
            started: Vec::new(),
            pinned: None,
            before_rollback: None,
            crashed: Vec::new(),
            destinations: HashMap::new(),
            gone: false,
        });
        ordinal
    }

    /// An app that a request makes.
    pub(super) fn create_app(&mut self, now: Moment, name: &str, spec: Value) -> usize {
        let ordinal = self.add_app(name.to_owned(), Profile::NeverDeployed);
        let region = spec["region"].as_str().and_then(catalogue::region);
        let app = &mut self.apps[ordinal];
        (app.created, app.updated) = (now, now);
        app.region = region.unwrap_or(app.region);
        app.project = 0;
        app.written = Some(Arc::new(spec));
        ordinal
    }

    /// The specification of an app as it is now.
    pub(super) fn spec(&self, app: usize) -> Arc<Value> {
        let app = &self.apps[app];
        Arc::clone(app.written.as_ref().unwrap_or_else(|| self.first_spec(app)))
    }

    /// The specification the past deployments of an app had.
    pub(super) fn first_spec<'a>(&self, app: &'a App) -> &'a Arc<Value> {
        app.first.get_or_init(|| {
            let author = Author {
                seed: self.seed,
                ordinal: app.ordinal,
                name: &app.name,
                region: catalogue::REGIONS[app.region].slug,
            };
            Arc::new(author.spec(app.profile))
        })
    }

    /// Replaces the specification of an app. Its name may change with it.
    pub(super) fn write_spec(&mut self, app: usize, now: Moment, spec: Arc<Value>) {
        let app = &mut self.apps[app];
        if let Some(name) = spec["name"].as_str() {
            name.clone_into(&mut app.name);
        }
        app.written = Some(spec);
        // The wire has whole seconds: who writes twice in one must be told apart all the same.
        app.updated = app.updated.plus(1.0).max(now);
    }

    /// What an app consists of now.
    pub(super) fn components(&self, app: usize) -> Vec<Component> {
        components(&self.spec(app))
    }

    /// The apps that are there.
    pub(super) fn present_apps(&self) -> impl Iterator<Item = &App> {
        self.apps.iter().filter(|app| !app.gone)
    }

    /// The app with this identifier.
    pub(super) fn find_app(&self, text: &str) -> Result<usize, Refusal> {
        if !id::is_uuid(text) {
            return Err(Refusal::invalid_uuid());
        }
        let ordinal = id::ordinal(self.seed, Kind::App, 0, text);
        let there = |ordinal: &usize| self.apps.get(*ordinal).is_some_and(|app| !app.gone);
        ordinal.filter(there).ok_or_else(Refusal::missing)
    }

    /// The app with this name or identifier.
    pub(super) fn named_app(&self, text: &str) -> Option<usize> {
        let mut apps = self.present_apps();
        apps.find(|app| app.name == text || app.id == text)
            .map(|app| app.ordinal)
    }

    /// The deployment of an app with this identifier.
    pub(super) fn find_deployment(&self, app: usize, text: &str) -> Result<usize, Refusal> {
        if !id::is_uuid(text) {
            return Err(Refusal::invalid_uuid());
        }
        let ordinal = id::ordinal(self.seed, Kind::Deployment, app, text);
        let there = |ordinal: &usize| *ordinal < self.deployment_count(app);
        ordinal.filter(there).ok_or_else(Refusal::missing)
    }

    /// The identifier of a deployment.
    pub(super) fn deployment_id(&self, app: usize, ordinal: usize) -> String {
        id::id(self.seed, Kind::Deployment, app, ordinal)
    }

    /// When instances of a component crashed in the last hour, the oldest first.
    pub(super) fn crashes(&self, app: usize, component: &str, now: Moment) -> Vec<Moment> {
        const EVERY: f64 = 90.0;
        let told = &self.apps[app].crashed;
        let mut crashes: Vec<Moment> = told
            .iter()
            .filter(|(name, _)| name == component)
            .map(|(_, at)| *at)
            .collect();
        if self.apps[app].profile == Profile::Degraded && component == "web" {
            // In a still world it crashed until the start.
            let until = if self.story {
                now
            } else {
                self.clock.started()
            };
            let back = self.clock.started().plus(-3_600.0);
            let times = (until.since(back) / EVERY).max(0.0);
            let regular = (1..).take_while(|n| f64::from(*n) <= times);
            crashes.extend(regular.map(|n| back.plus(EVERY * f64::from(n))));
        }
        crashes.retain(|at| *at <= now && now.since(*at) <= 3_600.0);
        crashes.sort_unstable();
        crashes
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    #[test]
    fn same_seed_gives_the_same_world() {
        let describe = |world: &World| -> Vec<(String, String)> {
            let apps = world.apps.iter();
            apps.map(|app| (app.id.clone(), world.spec(app.ordinal).to_string()))
                .collect()
        };
        assert_eq!(describe(&still_world(1, 40)), describe(&still_world(1, 40)));
        assert_ne!(describe(&still_world(1, 40)), describe(&still_world(2, 40)));
    }

    #[test]
    fn malformed_identifier_is_invalid_and_a_strange_one_is_missing() {
        let world = still_world(1, 3);
        assert_eq!(world.find_app("storefront"), Err(Refusal::invalid_uuid()));
        let strange = id::id(9, Kind::App, 0, 0);
        assert_eq!(world.find_app(&strange), Err(Refusal::missing()));
        assert_eq!(world.find_app(&world.apps[1].id), Ok(1));
        assert_eq!(world.find_deployment(0, ""), Err(Refusal::invalid_uuid()));
    }

    #[test]
    fn thousands_of_apps_are_made_without_their_specifications() {
        let world = still_world(1, 4_000);
        assert_eq!(world.apps.len(), 4_000);
        assert!(world.apps[3_999].first.get().is_none());
    }
}
