//! The way of an installation, in simulated time. Source: PandaStack contract, section 4.

use super::{
    app::{App, Dns, Removal},
    catalogue::{CATALOGUE, Entry},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, words::numbered};

/// What can be said of an app, an installation or a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Pending,
    Building,
    Deploying,
    /// It waits for its domain.
    Awaiting,
    Running,
    Failed,
    Stopped,
    Deleting,
    /// Of a deployment: it has succeeded.
    Done,
}

impl Stage {
    /// The stages in the order of the words for them.
    pub(super) const COUNT: usize = 9;

    /// Whether it changes by itself.
    pub(super) fn is_moving(self) -> bool {
        match self {
            Stage::Pending | Stage::Building | Stage::Deploying | Stage::Deleting => true,
            Stage::Awaiting | Stage::Running | Stage::Failed | Stage::Stopped | Stage::Done => {
                false
            }
        }
    }
}

/// What an installation comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Runs,
    AwaitsDomain,
    Fails(String),
}

/// One deployment, planned as a whole when it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) uuid: String,
    pub(super) at: Moment,
    /// Seconds of the simulator's time that building takes.
    pub(super) build_s: f64,
    pub(super) end: End,
    /// What was written into its log besides.
    pub(super) said: Vec<(Moment, String)>,
}

/// Seconds before building begins.
const PENDING_S: f64 = 4.0;
/// Seconds from the end of building to the end.
const DEPLOYING_S: f64 = 8.0;

impl Run {
    /// One that begins now.
    pub(super) fn new(uuid: String, at: Moment, build_s: f64, end: End) -> Run {
        Run {
            uuid,
            at,
            build_s,
            end,
            said: Vec::new(),
        }
    }

    /// Seconds of the simulator's time until nothing changes any more.
    pub(super) fn length(&self) -> f64 {
        let built = PENDING_S + self.build_s;
        match self.end {
            End::Fails(_) => built,
            End::Runs | End::AwaitsDomain => built + DEPLOYING_S,
        }
    }

    /// When it ends; a simulated second takes `pace` seconds.
    pub(super) fn ends(&self, pace: f64) -> Moment {
        self.at.plus(self.length() * pace)
    }

    /// Where it is at a moment.
    pub(super) fn stage(&self, now: Moment, pace: f64) -> Stage {
        let passed = now.since(self.at) / pace;
        if passed < PENDING_S {
            return Stage::Pending;
        }
        if passed < PENDING_S + self.build_s {
            return Stage::Building;
        }
        match &self.end {
            End::Fails(_) => Stage::Failed,
            End::Runs | End::AwaitsDomain if passed < self.length() => Stage::Deploying,
            End::Runs => Stage::Running,
            End::AwaitsDomain => Stage::Awaiting,
        }
    }

    /// Why it failed.
    pub(super) fn failure(&self) -> Option<&str> {
        match &self.end {
            End::Fails(why) => Some(why),
            End::Runs | End::AwaitsDomain => None,
        }
    }

    /// The share of it that is behind, in hundredths.
    pub(super) fn percent(&self, now: Moment, pace: f64) -> u64 {
        let share = (now.since(self.at) / pace / self.length()).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 100"
        )]
        let percent = (share * 100.0) as u64;
        percent
    }
}

impl World {
    /// Installs an app of the catalogue; it fails if `doom` says why. Tells its place.
    pub(super) fn install(
        &mut self,
        now: Moment,
        entry: &Entry,
        name: Option<String>,
        doom: Option<String>,
    ) -> usize {
        let name = name.unwrap_or_else(|| self.free_name(entry));
        let domain = if entry.wants_domain {
            format!("{name}.example.com")
        } else {
            String::new()
        };
        let id = self.next_id;
        self.next_id += 1;
        let place = self.add(App {
            id,
            slug: entry.slug.to_owned(),
            name,
            domain,
            created: now,
            updated: now,
            runs: Vec::new(),
            dns: Dns::default(),
            completed: None,
            removal: Removal::None,
            settings: serde_json::Map::new(),
            is_stopped: false,
        });
        let usual = if entry.wants_domain {
            End::AwaitsDomain
        } else {
            End::Runs
        };
        self.begin(place, now, doom.map_or(usual, End::Fails));
        place
    }

    /// A name that no app of this slug has.
    fn free_name(&self, entry: &Entry) -> String {
        let same = self.apps.iter().filter(|app| app.slug == entry.slug);
        numbered(entry.slug, same.count() * CATALOGUE.len(), CATALOGUE.len())
    }

    /// Begins a deployment of an app. Tells its UUID.
    pub(super) fn begin(&mut self, place: usize, at: Moment, end: End) -> String {
        let build_s = f64::from(Dice::new(self.seed, &[0xb1, self.uuids]).between(12, 22));
        self.begin_long(place, at, build_s, end)
    }

    /// As [`World::begin`], with so many seconds of building.
    pub(super) fn begin_long(
        &mut self,
        place: usize,
        at: Moment,
        build_s: f64,
        end: End,
    ) -> String {
        let uuid = self.uuid();
        let app = &mut self.apps[place];
        self.runs.insert(uuid.clone(), (place, app.runs.len()));
        app.runs.push(Run::new(uuid.clone(), at, build_s, end));
        app.updated = at;
        app.is_stopped = false;
        // What was completed stays so, however often it is deployed.
        app.completed = app.completed.map(|before| before.min(at));
        uuid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(end: End, expected: [Stage; 4]) {
        let start = Moment(0);
        let run = Run::new(String::new(), start, 10.0, end);
        let seen = [1.0, 5.0, 15.0, 23.0].map(|passed| run.stage(start.plus(passed), 1.0));
        assert_eq!(seen, expected);
        let fast = [0.1, 0.5, 1.5, 2.3].map(|passed| run.stage(start.plus(passed), 0.1));
        assert_eq!(fast, expected);
    }

    #[test]
    fn stages_follow_each_other_at_any_pace() {
        use Stage::{Awaiting, Building, Deploying, Failed, Pending, Running};
        check(End::Runs, [Pending, Building, Deploying, Running]);
        check(End::AwaitsDomain, [Pending, Building, Deploying, Awaiting]);
        check(
            End::Fails("no memory".into()),
            [Pending, Building, Failed, Failed],
        );
    }
}
