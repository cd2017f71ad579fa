//! One managed app, and what time does to it.

use serde_json::{Map, Value};

use super::install::{End, Run, Stage};
use crate::sim::clock::Moment;

/// One managed app.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) name: String,
    /// The domain it has, or is to have; empty if it wants none.
    pub(super) domain: String,
    pub(super) created: Moment,
    pub(super) updated: Moment,
    /// Its deployments, the newest last. There is one at least.
    pub(super) runs: Vec<Run>,
    pub(super) dns: Dns,
    /// When its installation was completed.
    pub(super) completed: Option<Moment>,
    pub(super) removal: Removal,
    pub(super) settings: Map<String, Value>,
    pub(super) is_stopped: bool,
}

/// Whether an app is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    None,
    /// Somebody has deleted it.
    Begun(Moment),
    Done,
}

/// What is known of a domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dns {
    /// Whether the records exist, if somebody has said so.
    pub(super) told: Option<bool>,
    /// When the platform looked first, and how often it has.
    pub(super) first_look: Option<Moment>,
    pub(super) looks: u32,
    pub(super) verified: bool,
}

/// Seconds that the last part of an installation takes.
const COMPLETING_S: f64 = 12.0;
/// Seconds that a deletion takes.
const DELETING_S: f64 = 10.0;
/// Seconds after the first look in which the records appear by themselves.
const RECORDS_S: f64 = 20.0;

impl App {
    /// Its newest deployment.
    pub(super) fn run(&self) -> &Run {
        &self.runs[self.runs.len() - 1]
    }

    /// Where it is at a moment.
    pub(super) fn stage(&self, now: Moment, pace: f64) -> Stage {
        if self.removal != Removal::None {
            return Stage::Deleting;
        }
        if self.is_stopped {
            return Stage::Stopped;
        }
        let run = self.run();
        match self.completed.filter(|at| *at >= run.ends(pace)) {
            Some(at) if now < at.plus(COMPLETING_S * pace) => Stage::Deploying,
            Some(_) => Stage::Running,
            None => run.stage(now, pace),
        }
    }

    /// Whether it is there at all.
    pub(super) fn is_there(&self, now: Moment, pace: f64) -> bool {
        match self.removal {
            Removal::None => true,
            Removal::Begun(at) => now < at.plus(DELETING_S * pace),
            Removal::Done => false,
        }
    }

    /// What a further deployment of it comes to, unless it fails.
    pub(super) fn next_end(&self) -> End {
        if self.domain.is_empty() || self.completed.is_some() {
            End::Runs
        } else {
            End::AwaitsDomain
        }
    }

    /// When something happened to it last.
    pub(super) fn changed(&self, now: Moment, pace: f64) -> Moment {
        let ended = self.run().ends(pace);
        let ended = if ended <= now { ended } else { self.run().at };
        self.updated.max(ended)
    }

    /// Where it answers, if it does.
    pub(super) fn host(&self, stage: Stage) -> Option<String> {
        match stage {
            Stage::Running | Stage::Stopped if self.domain.is_empty() => {
                Some(format!("{}.apps.example.com", self.name))
            }
            Stage::Running | Stage::Stopped => Some(self.domain.clone()),
            Stage::Pending
            | Stage::Building
            | Stage::Deploying
            | Stage::Awaiting
            | Stage::Failed
            | Stage::Deleting
            | Stage::Done => None,
        }
    }
}

impl Dns {
    /// Of a domain that has been verified long ago.
    pub(super) fn verified() -> Dns {
        Dns {
            verified: true,
            ..Dns::default()
        }
    }

    /// The platform looks for the records, and tells whether they are there: not the first time,
    /// unless somebody has said so; the second time in a story, and otherwise after a while.
    pub(super) fn look(&mut self, now: Moment, pace: f64, story: bool) -> bool {
        let first = *self.first_look.get_or_insert(now);
        self.looks += 1;
        let by_itself = self.looks > 1 && (story || now.since(first) >= RECORDS_S * pace);
        self.verified = self.told.unwrap_or(self.verified || by_itself);
        self.verified
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_appear_after_a_while_or_at_the_second_look_of_a_story() {
        let start = Moment(0);
        let looks = |story, after: f64| {
            let mut dns = Dns::default();
            let first = dns.look(start, 1.0, story);
            (first, dns.look(start.plus(after), 1.0, story))
        };
        assert_eq!(looks(true, 1.0), (false, true));
        assert_eq!(looks(false, 1.0), (false, false));
        assert_eq!(looks(false, 21.0), (false, true));
    }

    #[test]
    fn what_was_said_of_records_holds() {
        let start = Moment(0);
        let mut dns = Dns {
            told: Some(true),
            ..Dns::default()
        };
        assert!(dns.look(start, 1.0, false));
        dns.told = Some(false);
        assert!(!dns.look(start.plus(100.0), 1.0, true));
    }
}
