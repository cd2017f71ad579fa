//! The state of one organisation: what exists, and what requests and the story have changed.

use std::collections::HashMap;

use super::{
    app::App,
    install::Run,
    make,
    project::{self, Project},
    shape::Shape,
    wire,
};
use crate::sim::{
    Setup,
    clock::{Clock, Moment},
    dice::mix,
    host::Dialect,
};

/// Everything one token can see.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) clock: Clock,
    pub(super) story: bool,
    pub(super) organisation: String,
    pub(super) token: String,
    /// The shape of answers, unless a fault asks for another.
    pub(super) shape: Shape,
    /// All apps, the oldest last; those that were installed since come after them.
    pub(super) apps: Vec<App>,
    /// Places of apps by their identifiers.
    ids: HashMap<u64, usize>,
    /// Places of deployments of apps, by their UUIDs.
    pub(super) runs: HashMap<String, (usize, usize)>,
    pub(super) projects: Vec<Project>,
    /// How many apps were there at the start.
    original: usize,
    pub(super) dialect: Dialect,
    pub(super) is_token_expired: bool,
    /// How many turns of the story were told.
    pub(super) told: usize,
    pub(super) next_id: u64,
    /// How many UUIDs there are.
    pub(super) uuids: u64,
}

impl World {
    /// The world of a seed, as it is when the simulator starts.
    pub(super) fn new(setup: &Setup) -> World {
        let first = make::first_id(setup.seed);
        let mut world = World {
            seed: setup.seed,
            clock: setup.clock.clone(),
            story: setup.story,
            organisation: setup.organisation.clone(),
            token: setup.token.clone(),
            shape: Shape::of(setup.seed),
            apps: Vec::with_capacity(setup.apps),
            ids: HashMap::with_capacity(setup.apps),
            runs: HashMap::with_capacity(setup.apps),
            projects: Vec::new(),
            original: setup.apps,
            dialect: Dialect::Both,
            is_token_expired: false,
            told: 0,
            next_id: first + setup.apps as u64,
            uuids: 0,
        };
        for ordinal in 0..setup.apps {
            let id = first + (setup.apps - 1 - ordinal) as u64;
            let uuid = world.uuid();
            world.add(make::app(&world, ordinal, id, uuid));
        }
        world.projects = project::all(&mut world, setup.apps);
        world
    }

    /// Seconds that a simulated second takes.
    pub(super) fn pace(&self) -> f64 {
        1.0 / self.clock.speed()
    }

    /// A new UUID.
    pub(super) fn uuid(&mut self) -> String {
        self.uuids += 1;
        let (high, low) = (
            mix(self.seed, &[0xde, self.uuids]),
            mix(self.seed, &[0xdf, self.uuids]),
        );
        let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
        let fourth = 0x8000 | (low >> 50);
        let last = low & 0xffff_ffff_ffff;
        format!("{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{last:012x}")
    }

    /// Puts an app into the world. Tells its place.
    pub(super) fn add(&mut self, app: App) -> usize {
        let place = self.apps.len();
        self.ids.insert(app.id, place);
        for (number, run) in app.runs.iter().enumerate() {
            self.runs.insert(run.uuid.clone(), (place, number));
        }
        self.apps.push(app);
        place
    }

    /// The app with this identifier, if it is still there.
    pub(super) fn find_app(&self, id: &str, now: Moment) -> Option<usize> {
        let place = self.ids.get(&wire::number(id)?).copied()?;
        let is_there = self.apps[place].is_there(now, self.pace());
        is_there.then_some(place)
    }

    /// The app with this identifier or name.
    pub(super) fn find_named(&self, text: &str, now: Moment) -> Option<usize> {
        self.find_app(text, now).or_else(|| {
            let pace = self.pace();
            let fits = |app: &App| app.name == text && app.is_there(now, pace);
            self.apps.iter().position(fits)
        })
    }

    /// The deployment of an app with this UUID.
    pub(super) fn find_run(&self, uuid: &str, now: Moment) -> Option<(&App, &Run)> {
        let (place, number) = self.runs.get(uuid).copied()?;
        let app = &self.apps[place];
        let there = app.is_there(now, self.pace());
        there.then(|| (app, &app.runs[number]))
    }

    /// The apps that are there, the newest first.
    pub(super) fn present_apps(&self, now: Moment) -> impl Iterator<Item = &App> {
        let (old, new) = self.apps.split_at(self.original);
        let pace = self.pace();
        let all = new.iter().rev().chain(old);
        all.filter(move |app| app.is_there(now, pace))
    }

    /// The project with this name.
    pub(super) fn find_project(&self, name: &str) -> Option<usize> {
        let mut projects = self.projects.iter();
        projects.position(|project| !project.gone && project.name == name)
    }

    /// Whether a dialect is served.
    pub(super) fn serves(&self, dialect: Dialect) -> bool {
        self.dialect == Dialect::Both || self.dialect == dialect
    }
}

#[cfg(test)]
mod tests {
    use super::{super::install::Stage, *};

    #[test]
    fn same_seed_gives_the_same_world() {
        let described = |seed| {
            let world = World::new(&Setup::of(seed, 60, false));
            let apps = world.apps.iter();
            let apps = apps.map(|app| (app.id, app.name.clone(), app.run().uuid.clone()));
            apps.collect::<Vec<_>>()
        };
        assert_eq!(described(3), described(3));
        assert_ne!(described(3), described(4));
    }

    #[test]
    fn nothing_moves_in_a_still_world() {
        let world = World::new(&Setup::of(1, 200, false));
        let started = world.clock.started();
        let stage = |app: &App, after: f64| app.stage(started.plus(after), 1.0);
        assert!(world.apps.iter().all(|app| {
            !stage(app, 0.0).is_moving() && stage(app, 0.0) == stage(app, 10_000.0)
        }));
        for wanted in [
            Stage::Awaiting,
            Stage::Failed,
            Stage::Running,
            Stage::Stopped,
        ] {
            let mut apps = world.apps.iter();
            assert!(apps.any(|app| stage(app, 0.0) == wanted), "{wanted:?}");
        }
    }

    #[test]
    fn two_thousand_apps_have_their_own_identifiers_and_names() {
        let world = World::new(&Setup::of(1, 2_000, false));
        let names: std::collections::HashSet<&str> =
            world.apps.iter().map(|app| app.name.as_str()).collect();
        assert_eq!(
            (world.ids.len(), world.runs.len(), names.len()),
            (2_000, 2_000, 2_000)
        );
    }
}
