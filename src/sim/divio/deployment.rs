//! The life of a deployment (contract section 7.1): a function of when it began.

use super::{
    build_log,
    environment::Profile,
    errors::Refusal,
    key::Kind,
    world::{Oddity, World},
};
use crate::sim::{clock::Moment, dice::Dice, words};

/// One deployment. Its state at any moment follows from these.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Deployment {
    pub(super) environment: usize,
    pub(super) ordinal: usize,
    pub(super) queued: Moment,
    /// Real seconds it takes if nothing fails.
    pub(super) seconds: f64,
    pub(super) ending: Ending,
    pub(super) mode: Mode,
    pub(super) author: &'static str,
    pub(super) commit: String,
    pub(super) copy_from: Option<usize>,
    /// The images of old deployments are removed.
    pub(super) image_kept: bool,
}

/// How a deployment ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ending {
    Success,
    /// A release command fails with this cause.
    Failure(String),
    /// It ends, and the platform does not say how.
    Unknown,
}

/// Where the image comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Auto,
    /// The image of an earlier deployment: nothing is built.
    Adopt,
    /// Built without a cache.
    Force,
}

struct Phase {
    /// Share of the whole at which it ends.
    until: f64,
    status: &'static str,
    percent: f64,
}

const fn phase(until: f64, status: &'static str, percent: f64) -> Phase {
    Phase {
        until,
        status,
        percent,
    }
}

/// The order is documented, the words are not.
const PHASES: [Phase; 8] = [
    phase(0.06, "waiting for a worker", 0.0),
    phase(0.14, "provisioning services", 8.0),
    phase(0.56, "building image", 60.0),
    phase(0.66, "releasing image", 70.0),
    phase(0.82, "running release commands", 80.0),
    phase(0.91, "scaling", 90.0),
    phase(0.96, "running sanity tests", 95.0),
    phase(1.0, "finalising", 99.0),
];

/// Share of the whole at which a release command fails.
pub(super) const FAILS_AT: f64 = 0.80;
/// The build stalls within this share of the whole.
const STALL: (f64, f64) = (0.30, 0.38);

impl Deployment {
    /// How far it is, as a share of the whole.
    pub(super) fn progress(&self, now: Moment) -> f64 {
        (now.since(self.queued) / self.seconds).clamp(0.0, self.end_share())
    }

    fn end_share(&self) -> f64 {
        match self.ending {
            Ending::Success | Ending::Unknown => 1.0,
            Ending::Failure(_) => FAILS_AT,
        }
    }

    /// When it ends or ended.
    pub(super) fn end(&self) -> Moment {
        self.queued.plus(self.seconds * self.end_share())
    }

    /// When it ended, if it has.
    pub(super) fn ended(&self, now: Moment) -> Option<Moment> {
        Some(self.end()).filter(|end| *end <= now)
    }

    /// When a worker took it up, if one has.
    pub(super) fn begun(&self, now: Moment) -> Option<Moment> {
        Some(self.queued.plus(self.seconds * PHASES[0].until)).filter(|begun| *begun <= now)
    }

    /// How it ended; absent while it runs, or if the platform does not say.
    pub(super) fn success(&self, now: Moment) -> Option<bool> {
        self.ended(now)?;
        match self.ending {
            Ending::Success => Some(true),
            Ending::Failure(_) => Some(false),
            Ending::Unknown => None,
        }
    }

    /// The free text about its state.
    pub(super) fn status(&self, now: Moment) -> &'static str {
        match (&self.ending, self.ended(now)) {
            (Ending::Success, Some(_)) => "deployed",
            (Ending::Failure(_), Some(_)) => "failed in release commands",
            (Ending::Unknown, Some(_)) => "worker lost",
            (_, None) => self.phase(now).1.status,
        }
    }

    /// Percent done, 0 to 100: stalls during the build, and goes back a little after it.
    pub(super) fn percent(&self, now: Moment) -> i64 {
        if self.ended(now).is_some() && self.ending == Ending::Success {
            return 100;
        }
        let share = self.progress(now);
        let share = if (STALL.0..STALL.1).contains(&share) {
            STALL.0
        } else {
            share
        };
        let (before, phase) = phase_at(share);
        let (start, base) = before.map_or((0.0, 0.0), |before| (before.until, before.percent));
        let within = (share - start) / (phase.until - start);
        let back = if (STALL.1..STALL.1 + 0.04).contains(&share) {
            2.0
        } else {
            0.0
        };
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
        let percent = (base + (phase.percent - base) * within - back).clamp(0.0, 100.0) as i64;
        percent
    }

    fn phase(&self, now: Moment) -> (Option<&'static Phase>, &'static Phase) {
        phase_at(self.progress(now))
    }
}

/// The phase at a share of the whole, and the one before it.
fn phase_at(share: f64) -> (Option<&'static Phase>, &'static Phase) {
    let place = PHASES.iter().position(|phase| share < phase.until);
    let place = place.unwrap_or(PHASES.len() - 1);
    (
        place.checked_sub(1).map(|before| &PHASES[before]),
        &PHASES[place],
    )
}

/// How a new deployment is to be.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) mode: Mode,
    pub(super) author: &'static str,
    pub(super) copy_from: Option<usize>,
    pub(super) adopt: Option<usize>,
    pub(super) failure: Option<String>,
    /// Real seconds it takes.
    pub(super) seconds: f64,
}

/// Simulated seconds of an ordinary deployment.
pub(super) const USUAL_SECONDS: f64 = 20.0;
/// Simulated seconds of one that builds nothing.
pub(super) const ADOPT_SECONDS: f64 = 10.0;

impl World {
    /// How many deployments an environment has had.
    pub(super) fn deployment_count(&self, environment: usize) -> usize {
        let environment = &self.environments[environment];
        environment.past + environment.started.len()
    }

    /// A deployment by its ordinal, counted from the oldest.
    pub(super) fn deployment(&self, environment: usize, ordinal: usize) -> Deployment {
        let past = self.environments[environment].past;
        match ordinal.checked_sub(past) {
            Some(since) => self.environments[environment].started[since].clone(),
            None => self.past_deployment(environment, ordinal),
        }
    }

    /// The deployments of an environment, newest first.
    pub(super) fn deployments(&self, environment: usize) -> impl Iterator<Item = Deployment> {
        let ordinals = (0..self.deployment_count(environment)).rev();
        ordinals.map(move |ordinal| self.deployment(environment, ordinal))
    }

    /// The deployment that runs at `now`.
    pub(super) fn running(&self, environment: usize, now: Moment) -> Option<&Deployment> {
        let newest = self.environments[environment].started.last();
        newest.filter(|deployment| deployment.ended(now).is_none())
    }

    /// The newest deployment that has ended.
    pub(super) fn last_finished(&self, environment: usize, now: Moment) -> Option<Deployment> {
        self.deployments(environment)
            .find(|deployment| deployment.ended(now).is_some())
    }

    /// The newest deployment that has succeeded: what runs there.
    pub(super) fn released(&self, environment: usize, now: Moment) -> Option<Deployment> {
        self.deployments(environment)
            .find(|deployment| deployment.success(now) == Some(true))
    }

    /// Whether the newest finished deployment failed; cheap, for filters over all environments.
    pub(super) fn last_failed(&self, environment: usize, now: Moment) -> bool {
        let Environmental {
            started,
            past,
            failing,
        } = self.environmental(environment);
        let finished = started
            .iter()
            .rev()
            .find(|deployment| deployment.ended(now).is_some());
        finished.map_or(past > 0 && failing, |d| d.success(now) == Some(false))
    }

    fn environmental(&self, environment: usize) -> Environmental<'_> {
        let environment = &self.environments[environment];
        let failing = environment.profile == Profile::Failing;
        Environmental {
            started: &environment.started,
            past: environment.past,
            failing,
        }
    }

    /// When a deployment was ordered; cheap, for lists over all environments.
    pub(super) fn queued_at(&self, environment: usize, ordinal: usize) -> Moment {
        let about = &self.environments[environment];
        match ordinal.checked_sub(about.past) {
            Some(since) => about.started[since].queued,
            None => self.past_queued_at(environment, ordinal),
        }
    }

    fn past_queued_at(&self, environment: usize, ordinal: usize) -> Moment {
        const HOUR: f64 = 3_600.0;
        let mut habit = Dice::new(self.seed, &[3, environment as u64]);
        let gap = f64::from(habit.between(6, 150)) * HOUR;
        let newest = f64::from(habit.between(2, 60)) * HOUR;
        let rank = self.past_rank(environment, ordinal);
        let mut dice = Dice::new(self.seed, &[24, environment as u64, ordinal as u64]);
        let early = 0.8 * dice.fraction() * f64::from(rank.min(1));
        self.clock
            .started()
            .plus(-newest - gap * (f64::from(rank) + early))
    }

    /// How many deployments of the history are newer.
    fn past_rank(&self, environment: usize, ordinal: usize) -> u32 {
        let count = self.environments[environment].past;
        u32::try_from(count - 1 - ordinal).unwrap_or(0)
    }

    /// A deployment from before the start: a function of the seed.
    fn past_deployment(&self, environment: usize, ordinal: usize) -> Deployment {
        let mut dice = Dice::new(self.seed, &[4, environment as u64, ordinal as u64]);
        let rank = self.past_rank(environment, ordinal);
        let failing = self.environments[environment].profile == Profile::Failing;
        let ending = match (rank, dice.below(100)) {
            (0, _) if failing => Ending::Failure(words::RELEASE_FAILURES[1].to_owned()),
            (0, _) | (_, 0..88) => Ending::Success,
            (_, 88..98) => Ending::Failure(dice.pick(words::RELEASE_FAILURES).to_owned()),
            _ => Ending::Unknown,
        };
        Deployment {
            environment,
            ordinal,
            queued: self.past_queued_at(environment, ordinal),
            seconds: f64::from(dice.between(45, 420)),
            ending,
            mode: if dice.chance(10) {
                Mode::Adopt
            } else {
                Mode::Auto
            },
            author: dice.pick(words::PEOPLE),
            commit: dice.hex(40),
            copy_from: None,
            image_kept: rank < 10,
        }
    }

    /// Starts a deployment at `now`.
    ///
    /// # Errors
    /// Refused while another one runs, or if the application is suspended.
    pub(super) fn start_deployment(
        &mut self,
        environment: usize,
        now: Moment,
        start: Start,
    ) -> Result<usize, Refusal> {
        if self.running(environment, now).is_some() {
            return Err(Refusal::whole("This environment is already deploying."));
        }
        if self.owner(environment).oddity == Oddity::Suspended {
            return Err(Refusal::whole("The application is suspended."));
        }
        let ordinal = self.deployment_count(environment);
        let mut dice = Dice::new(self.seed, &[4, environment as u64, ordinal as u64]);
        let adopted = start
            .adopt
            .map(|adopt| self.deployment(environment, adopt).commit);
        let deployment = Deployment {
            environment,
            ordinal,
            queued: now,
            seconds: start.seconds,
            ending: start.failure.map_or(Ending::Success, Ending::Failure),
            mode: start.mode,
            author: start.author,
            commit: adopted.unwrap_or_else(|| dice.hex(40)),
            copy_from: start.copy_from,
            image_kept: true,
        };
        let succeeds = deployment.ending == Ending::Success;
        let end = deployment.end();
        let author = start.author;
        self.announce(environment, now, &format!("deployment started by {author}"));
        self.announce(environment, end, build_log::verdict(&deployment));
        self.environments[environment].started.push(deployment);
        if succeeds {
            self.environments[environment].voice.wake(end);
        }
        self.record(environment, now, author, "deployment_started");
        Ok(ordinal)
    }

    /// The identifier of a deployment.
    pub(super) fn deployment_id(&self, deployment: &Deployment) -> String {
        self.id(Kind::Deployment, deployment.environment, deployment.ordinal)
    }
}

struct Environmental<'a> {
    started: &'a [Deployment],
    past: usize,
    failing: bool,
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    fn start() -> Start {
        Start {
            mode: Mode::Auto,
            author: "ana",
            copy_from: None,
            adopt: None,
            failure: None,
            seconds: 20.0,
        }
    }

    #[test]
    fn deployment_runs_through_its_phases_to_the_end() {
        let mut world = still_world(1, 3);
        let now = world.clock.started();
        let ordinal = world.start_deployment(1, now, start()).unwrap();
        let deployment = world.deployment(1, ordinal);
        assert_eq!(deployment.begun(now), None);
        let mut seen = Vec::new();
        for tenth in 0..200 {
            let at = now.plus(f64::from(tenth) / 10.0);
            assert_eq!((deployment.ended(at), deployment.success(at)), (None, None));
            assert!((0..=100).contains(&deployment.percent(at)));
            seen.push(deployment.status(at));
        }
        seen.dedup();
        assert_eq!(seen.len(), PHASES.len());
        let end = now.plus(20.0);
        assert_eq!(deployment.success(end), Some(true));
        assert_eq!(
            (deployment.percent(end), deployment.status(end)),
            (100, "deployed")
        );
    }

    #[test]
    fn second_deployment_is_refused_while_one_runs() {
        let mut world = still_world(1, 3);
        let now = world.clock.started();
        world.start_deployment(1, now, start()).unwrap();
        assert!(world.start_deployment(1, now.plus(19.0), start()).is_err());
        assert!(world.start_deployment(1, now.plus(21.0), start()).is_ok());
    }

    #[test]
    fn failure_keeps_what_was_released() {
        let mut world = still_world(1, 3);
        let now = world.clock.started();
        let before = world.released(1, now).unwrap();
        let failure = Some("no".to_owned());
        world
            .start_deployment(1, now, Start { failure, ..start() })
            .unwrap();
        let after = now.plus(30.0);
        assert!(world.last_failed(1, after));
        assert_eq!(world.released(1, after).unwrap(), before);
    }

    #[test]
    fn history_is_newest_first_and_all_ended() {
        let world = still_world(1, 8);
        let now = world.clock.started();
        for environment in 0..world.environments.len() {
            let history: Vec<Deployment> = world.deployments(environment).collect();
            assert!(
                history
                    .windows(2)
                    .all(|pair| pair[0].queued >= pair[1].queued)
            );
            assert!(
                history
                    .iter()
                    .all(|deployment| deployment.ended(now).is_some())
            );
        }
    }
}
