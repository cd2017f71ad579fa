//! The state of one account: an organisation, its projects, and what was accepted but is not done.

use std::collections::HashMap;

use super::{
    id::{Kind, id},
    project::{self, Organisation, Project},
    shape::Shape,
    tasks::{self, Task},
    tokens::Tokens,
};
use crate::sim::{
    Setup,
    clock::{Clock, Moment},
};

/// Another host, until a test names one of its own. Nobody is there.
const ELSEWHERE: &str = "https://api.console.example.com";

/// Everything the token can see.
pub(super) struct World {
    seed: u64,
    pub(super) clock: Clock,
    pub(super) story: bool,
    /// How many turns of the story were told.
    pub(super) told: usize,
    pub(super) organisation: Organisation,
    /// In the order in which they were made.
    projects: Vec<Option<Project>>,
    /// Places of projects by their identifiers.
    places: HashMap<String, usize>,
    pub(super) tasks: Vec<Task>,
    pub(super) tokens: Tokens,
    /// How many requests have come.
    requests: usize,
    /// The shape of answers that no fault asks for.
    pub(super) shape: Shape,
    /// Where `location` leads when it leads to another host.
    pub(super) elsewhere: String,
}

impl World {
    /// The world of a seed, as it is when the simulator starts.
    pub(super) fn new(setup: &Setup) -> World {
        let (seed, started) = (setup.seed, setup.clock.started());
        let first = id(seed, Kind::Project, 0);
        let mut world = World {
            seed,
            clock: setup.clock.clone(),
            story: setup.story,
            told: 0,
            organisation: project::organisation(seed, started),
            projects: Vec::new(),
            places: HashMap::new(),
            tasks: Vec::new(),
            tokens: Tokens::new(seed, &setup.token, first),
            requests: 0,
            shape: Shape::of_seed(seed, setup.story),
            elsewhere: ELSEWHERE.to_owned(),
        };
        // A demo shows several platforms; a dozen here is enough to scroll.
        let count = if setup.story {
            setup.apps.div_ceil(2)
        } else {
            setup.apps
        };
        for ordinal in 0..count {
            world.add(project::project(seed, ordinal, started));
        }
        world
    }

    /// Seconds that a simulated second takes.
    pub(super) fn pace(&self) -> f64 {
        1.0 / self.clock.speed()
    }

    /// Lets everything happen that should have happened by `now`.
    pub(super) fn settle(&mut self, now: Moment) {
        tasks::settle(self, now);
    }

    /// The identifier of the request that has just come.
    pub(super) fn request_id(&mut self) -> String {
        self.requests += 1;
        id(self.seed, Kind::Request, self.requests)
    }

    /// The identifier of the project that is made next.
    pub(super) fn next_id(&self) -> String {
        id(self.seed, Kind::Project, self.projects.len())
    }

    /// Puts a project at the end of the list.
    pub(super) fn add(&mut self, project: Project) {
        self.places.insert(project.id.clone(), self.projects.len());
        self.projects.push(Some(project));
    }

    /// Takes a project out of the list.
    pub(super) fn remove(&mut self, place: usize) -> Option<Project> {
        let project = self.projects.get_mut(place)?.take()?;
        self.places.remove(&project.id);
        Some(project)
    }

    /// Where the project with this identifier is.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// Where the project with this identifier or name is.
    pub(super) fn find_named(&self, text: &str) -> Option<usize> {
        let fits = |project: &Option<Project>| project.as_ref().is_some_and(|it| it.name == text);
        let named = || self.projects.iter().position(fits);
        self.find(text).or_else(named)
    }

    /// The project at a place.
    pub(super) fn project(&self, place: usize) -> Option<&Project> {
        self.projects.get(place)?.as_ref()
    }

    /// Gives a project another name.
    pub(super) fn rename(&mut self, place: usize, name: &str, now: Moment) -> Option<&Project> {
        let project = self.projects.get_mut(place)?.as_mut()?;
        name.clone_into(&mut project.name);
        project.updated = now;
        Some(project)
    }

    /// The projects that are there.
    pub(super) fn present(&self) -> impl Iterator<Item = &Project> {
        self.projects.iter().flatten()
    }
}
