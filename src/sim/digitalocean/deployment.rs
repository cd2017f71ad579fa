//! The life of a deployment: a function of when its turn came.
//! Source: DigitalOcean contract, section 5.3.

use std::sync::Arc;

use serde_json::Value;

use super::cause::Cause;
use crate::sim::clock::Moment;

/// One deployment. Its state at any moment follows from these.
#[derive(Clone, Debug)]
pub(super) struct Deployment {
    pub(super) app: usize,
    pub(super) ordinal: usize,
    pub(super) created: Moment,
    /// When its turn comes; never while it is stuck.
    pub(super) begins: Moment,
    /// Real seconds it takes from then on if nothing fails.
    pub(super) seconds: f64,
    pub(super) course: Course,
    pub(super) ending: Ending,
    /// What ended it from outside.
    pub(super) stopped: Option<(Moment, Stop)>,
    pub(super) cause: Cause,
    pub(super) spec: Arc<Value>,
    pub(super) commit: String,
    /// Ordinal of the one it repeats.
    pub(super) cloned_from: Option<usize>,
}

/// Whether something is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    Built,
    /// The build is taken from before: through the stage in well under a second.
    Reused,
}

/// How a deployment ends if nobody stops it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Live,
    Fails(Failure),
}

/// Why a deployment fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    pub(super) code: String,
    pub(super) message: String,
}

/// The two halves of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Build,
    Deploy,
}

/// What can end a deployment from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Somebody cancelled it.
    Cancelled,
    /// A newer one took its place in the queue.
    Overtaken,
}

/// The words of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    PendingBuild,
    Building,
    PendingDeploy,
    Deploying,
    Active,
    Superseded,
    Error,
    Canceled,
}

impl Phase {
    /// The word on the wire.
    pub(super) fn word(self) -> &'static str {
        match self {
            Phase::PendingBuild => "PENDING_BUILD",
            Phase::Building => "BUILDING",
            Phase::PendingDeploy => "PENDING_DEPLOY",
            Phase::Deploying => "DEPLOYING",
            Phase::Active => "ACTIVE",
            Phase::Superseded => "SUPERSEDED",
            Phase::Error => "ERROR",
            Phase::Canceled => "CANCELED",
        }
    }

    /// Whether it has ended, one way or the other.
    pub(super) fn is_terminal(self) -> bool {
        match self {
            Phase::Active | Phase::Superseded | Phase::Error | Phase::Canceled => true,
            Phase::PendingBuild | Phase::Building | Phase::PendingDeploy | Phase::Deploying => {
                false
            }
        }
    }
}

/// Shares of the whole at which the phases before the end are over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) pending: f64,
    pub(super) build: f64,
    pub(super) queued: f64,
}

impl Course {
    /// Simulated seconds it usually takes.
    pub(super) fn usual_seconds(self) -> f64 {
        match self {
            Course::Built => 40.0,
            Course::Reused => 16.0,
        }
    }

    /// When its phases are over.
    pub(super) fn bounds(self) -> Bounds {
        match self {
            Course::Built => Bounds {
                pending: 0.05,
                build: 0.50,
                queued: 0.55,
            },
            Course::Reused => Bounds {
                pending: 0.12,
                build: 0.14,
                queued: 0.20,
            },
        }
    }
}

impl Deployment {
    /// Share of the whole at which the step that fails has failed.
    pub(super) fn fails_at(&self) -> Option<f64> {
        let bounds = self.course.bounds();
        match &self.ending {
            Ending::Live => None,
            Ending::Fails(failure) => Some(match failure.stage {
                Stage::Build => bounds.pending + (bounds.build - bounds.pending) * 0.7,
                Stage::Deploy => bounds.queued + (1.0 - bounds.queued) * 0.8,
            }),
        }
    }

    /// The counters show the error a while before the phase does.
    fn end_share(&self) -> f64 {
        const NOTICED_AFTER: f64 = 0.05;
        self.fails_at().map_or(1.0, |share| share + NOTICED_AFTER)
    }

    /// When it ends if nobody stops it.
    pub(super) fn end(&self) -> Moment {
        self.moment(self.end_share())
    }

    /// When it has come so far.
    pub(super) fn moment(&self, share: f64) -> Moment {
        self.begins.plus(self.seconds * share)
    }

    /// How far it is or came, as a share of the whole.
    pub(super) fn share(&self, now: Moment) -> f64 {
        let until = self.stopped.map_or(now, |(at, _)| at.min(now));
        (until.since(self.begins) / self.seconds).clamp(0.0, self.end_share())
    }

    /// When it was stopped from outside, if that was before its end.
    pub(super) fn stop(&self, now: Moment) -> Option<(Moment, Stop)> {
        self.stopped
            .filter(|(at, _)| *at <= now && *at < self.end())
    }

    /// When it went live, if it has.
    pub(super) fn live_since(&self, now: Moment) -> Option<Moment> {
        let lives = self.ending == Ending::Live && self.stop(now).is_none();
        Some(self.end()).filter(|end| lives && *end <= now)
    }

    /// Its phase, by the ordinal of the deployment that serves now.
    pub(super) fn phase(&self, now: Moment, active: Option<usize>) -> Phase {
        match self.stop(now) {
            Some((_, Stop::Cancelled)) => return Phase::Canceled,
            // Which of the two it is, is not documented: some end so, some so.
            Some((_, Stop::Overtaken)) if self.ordinal % 2 == 1 => return Phase::Canceled,
            Some((_, Stop::Overtaken)) => return Phase::Superseded,
            None => {}
        }
        if self.end() <= now {
            return match self.ending {
                Ending::Fails(_) => Phase::Error,
                Ending::Live if active.is_some_and(|active| active > self.ordinal) => {
                    Phase::Superseded
                }
                Ending::Live => Phase::Active,
            };
        }
        let (share, bounds) = (self.share(now), self.course.bounds());
        match share {
            _ if share < bounds.pending => Phase::PendingBuild,
            _ if share < bounds.build => Phase::Building,
            _ if share < bounds.queued => Phase::PendingDeploy,
            _ => Phase::Deploying,
        }
    }

    /// The phases it has entered by `now` while in progress, with the moment of each.
    pub(super) fn entered(&self, now: Moment) -> Vec<(Phase, Moment)> {
        let bounds = self.course.bounds();
        let until = self.stop(now).map_or(now, |(at, _)| at).min(self.end());
        let phases = [
            (Phase::PendingBuild, self.created),
            (Phase::Building, self.moment(bounds.pending)),
            (Phase::PendingDeploy, self.moment(bounds.build)),
            (Phase::Deploying, self.moment(bounds.queued)),
        ];
        let entered = phases.into_iter().filter(|(_, at)| *at <= until);
        entered.collect()
    }

    /// When it came to the phase it is in, being replaced aside.
    pub(super) fn last_change(&self, now: Moment) -> Moment {
        if let Some((at, _)) = self.stop(now) {
            return at;
        }
        if self.end() <= now {
            return self.end();
        }
        self.entered(now).last().map_or(self.created, |(_, at)| *at)
    }
}
