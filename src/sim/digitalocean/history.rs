//! The deployments of an app: those of the past are made from the seed when somebody asks, the
//! others are kept.

use std::sync::Arc;

use super::{
    cause::Cause,
    deployment::{Course, Deployment, Ending, Failure, Phase, Stage, Stop},
    plan::Profile,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, words};

/// What the app of the demo says whose newest deployment failed.
const UNHEALTHY: &str = "ERROR failed health checks after 9 attempts with error Readiness probe failed: dial tcp: connect: connection refused";

impl World {
    /// How many deployments an app has had.
    pub(super) fn deployment_count(&self, app: usize) -> usize {
        self.apps[app].past + self.apps[app].started.len()
    }

    /// A deployment by its ordinal, counted from the oldest.
    pub(super) fn deployment(&self, app: usize, ordinal: usize) -> Deployment {
        match ordinal.checked_sub(self.apps[app].past) {
            Some(since) => self.apps[app].started[since].clone(),
            None => self.past_deployment(app, ordinal),
        }
    }

    /// The deployments of an app, newest first.
    pub(super) fn deployments(&self, app: usize) -> impl Iterator<Item = Deployment> {
        let ordinals = (0..self.deployment_count(app)).rev();
        ordinals.map(move |ordinal| self.deployment(app, ordinal))
    }

    /// The deployment that serves.
    pub(super) fn active(&self, app: usize, now: Moment) -> Option<Deployment> {
        self.deployments(app)
            .find(|deployment| deployment.live_since(now).is_some())
    }

    /// The phase a deployment is in.
    pub(super) fn phase(&self, deployment: &Deployment, now: Moment) -> Phase {
        let active = self.active(deployment.app, now);
        deployment.phase(now, active.map(|active| active.ordinal))
    }

    /// When a deployment was replaced by a newer one, if it was.
    pub(super) fn replaced_at(&self, deployment: &Deployment, now: Moment) -> Option<Moment> {
        deployment.live_since(now)?;
        let newer = deployment.ordinal + 1..self.deployment_count(deployment.app);
        newer
            .map(|ordinal| self.deployment(deployment.app, ordinal))
            .find_map(|newer| newer.live_since(now))
    }

    /// The deployments that have not ended, newest first.
    pub(super) fn unfinished(&self, app: usize, now: Moment) -> Vec<&Deployment> {
        let started = self.apps[app].started.iter().rev();
        started
            .filter(|deployment| !deployment.phase(now, None).is_terminal())
            .collect()
    }

    /// Why a past deployment was made; cheap, for lists that are filtered by it.
    pub(super) fn cause(&self, app: usize, ordinal: usize) -> Cause {
        let App { past, profile } = self.brief(app);
        if let Some(since) = ordinal.checked_sub(past) {
            return self.apps[app].started[since].cause.clone();
        }
        let mut dice = self.dice(app, ordinal, 5);
        if profile == Profile::Autoscaled && dice.chance(60) {
            let from = dice.between(2, 7);
            let to = if dice.chance(50) {
                from + 1
            } else {
                from.max(3) - 1
            };
            let component = "web".to_owned();
            return Cause::Autoscaled {
                component,
                from,
                to,
            };
        }
        let by = dice.pick(words::PEOPLE);
        match dice.below(100) {
            0..50 => Cause::Push {
                by,
                message: dice.pick(words::COMMITS),
            },
            50..66 => Cause::Spec(by),
            66..78 => Cause::Manual(by),
            78..86 => Cause::Restart(by),
            86..92 => Cause::Maintenance,
            92..96 => Cause::Domain(format!("{}.example.com", self.apps[app].name)),
            _ => Cause::TrustedSources,
        }
    }

    fn past_deployment(&self, app: usize, ordinal: usize) -> Deployment {
        let past = self.apps[app].past;
        let mut dice = self.dice(app, ordinal, 6);
        let cause = self.cause(app, ordinal);
        let built = matches!(cause, Cause::Push { .. } | Cause::Manual(_));
        let course = if built { Course::Built } else { Course::Reused };
        let created = self.past_moment(app, ordinal);
        let seconds = f64::from(dice.between(60, 240));
        let commit = dice.hex(40);
        // What serves when the simulator starts is the newest of the past.
        let luck = if ordinal + 1 == past {
            99
        } else {
            dice.below(100)
        };
        let ending = match luck {
            0..6 => Ending::Fails(build_failure()),
            6..12 => Ending::Fails(unhealthy()),
            _ => Ending::Live,
        };
        let cancelled = (12..16).contains(&luck);
        let stopped = cancelled.then(|| (created.plus(seconds * 0.4), Stop::Cancelled));
        Deployment {
            app,
            ordinal,
            created,
            begins: created,
            seconds,
            course,
            ending,
            stopped,
            cause,
            spec: Arc::clone(self.first_spec(&self.apps[app])),
            commit,
            cloned_from: None,
        }
    }

    /// When a past deployment was made: the newest some hours before the start, the others at
    /// uneven distances before it.
    fn past_moment(&self, app: usize, ordinal: usize) -> Moment {
        const HOURS_BETWEEN: f64 = 22.0;
        let past = self.apps[app].past;
        let age = u32::try_from(past - ordinal).unwrap_or(u32::MAX);
        let jitter = self.dice(app, ordinal, 7).fraction() * 0.8;
        let hours = HOURS_BETWEEN * (f64::from(age) + jitter);
        self.clock.started().plus(-3_600.0 * hours)
    }

    fn dice(&self, app: usize, ordinal: usize, purpose: u64) -> Dice {
        Dice::new(self.seed, &[0xd0, purpose, app as u64, ordinal as u64])
    }

    fn brief(&self, app: usize) -> App {
        let super::world::App { past, profile, .. } = &self.apps[app];
        App {
            past: *past,
            profile: *profile,
        }
    }
}

struct App {
    past: usize,
    profile: Profile,
}

/// A build that ends with an error.
pub(super) fn build_failure() -> Failure {
    Failure {
        stage: Stage::Build,
        code: "BuildJobExitNonZero".to_owned(),
        message: "Your build job failed because it exited with a non-zero code.".to_owned(),
    }
}

/// Instances that do not become healthy.
pub(super) fn unhealthy() -> Failure {
    Failure {
        stage: Stage::Deploy,
        code: "DeployContainerHealthChecksFailed".to_owned(),
        message: UNHEALTHY.to_owned(),
    }
}

/// Brings an app into the state its profile says.
pub(super) fn prepare(world: &mut World, app: usize) {
    match world.apps[app].profile {
        Profile::Failing => {
            add(world, app, 20.0, |it| {
                it.ending = Ending::Fails(unhealthy());
            });
        }
        Profile::Stuck => add(world, app, 25.0, |it| it.begins = Moment::NEVER),
        Profile::Cancelled => add(world, app, 50.0, |it| {
            // After the first build of three.
            let at = it.moment(0.26);
            it.stopped = Some((at, Stop::Cancelled));
        }),
        Profile::Autoscaled => roll_back_by_itself(world, app),
        Profile::Pinned => pin(world, app),
        Profile::Building
        | Profile::NeverDeployed
        | Profile::Degraded
        | Profile::WorkerOnly
        | Profile::LongHistory
        | Profile::Functions
        | Profile::StaticSite
        | Profile::Ordinary
        | Profile::Image => {}
    }
}

/// A failed deployment, and the one by which the platform went back.
fn roll_back_by_itself(world: &mut World, app: usize) {
    let good = world.apps[app].past.checked_sub(1);
    let failed = world.deployment_count(app);
    add(world, app, 190.0, |it| {
        it.ending = Ending::Fails(unhealthy());
    });
    add(world, app, 186.0, |it| {
        it.cause = Cause::AutoRollback(failed);
        it.course = Course::Reused;
        it.cloned_from = good;
    });
}

fn pin(world: &mut World, app: usize) {
    let here = world.deployment_count(app);
    let earlier = (0..here.saturating_sub(1)).rev();
    let target = earlier
        .map(|ordinal| world.deployment(app, ordinal))
        .find(|it| it.live_since(world.clock.started()).is_some());
    add(world, app, 95.0, |it| {
        it.cause = Cause::Rollback(words::PEOPLE[2]);
        it.course = Course::Reused;
        it.cloned_from = target.map(|target| target.ordinal);
    });
    world.apps[app].before_rollback = Some(world.spec(app));
    world.apps[app].pinned = Some(here);
}

/// Adds a deployment that was made so many minutes before the start.
fn add(world: &mut World, app: usize, minutes: f64, change: impl FnOnce(&mut Deployment)) {
    let ordinal = world.deployment_count(app);
    let mut dice = world.dice(app, ordinal, 8);
    let created = world.clock.started().plus(-60.0 * minutes);
    let mut deployment = Deployment {
        app,
        ordinal,
        created,
        begins: created,
        seconds: 120.0,
        course: Course::Built,
        ending: Ending::Live,
        stopped: None,
        cause: Cause::Push {
            by: dice.pick(words::PEOPLE),
            message: dice.pick(words::COMMITS),
        },
        spec: world.spec(app),
        commit: dice.hex(40),
        cloned_from: None,
    };
    change(&mut deployment);
    world.apps[app].started.push(deployment);
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    fn phases(name: &str) -> Vec<&'static str> {
        let world = still_world(1, 24);
        let (app, now) = (world.named_app(name).unwrap(), world.clock.started());
        let newest = world.deployments(app).take(3);
        newest.map(|it| world.phase(&it, now).word()).collect()
    }

    #[test]
    fn profiles_have_their_newest_deployments() {
        assert_eq!(phases("orders-api")[..2], ["ERROR", "ACTIVE"]);
        assert_eq!(phases("bookings")[..2], ["PENDING_BUILD", "ACTIVE"]);
        assert_eq!(phases("landing")[..2], ["CANCELED", "ACTIVE"]);
        assert_eq!(phases("feeds"), ["ACTIVE", "ERROR", "SUPERSEDED"]);
        assert_eq!(phases("ledger")[..2], ["ACTIVE", "SUPERSEDED"]);
        assert!(phases("greenhouse").is_empty());
    }

    #[test]
    fn history_is_newest_first_and_all_ended() {
        let world = still_world(1, 24);
        let now = world.clock.started();
        for app in 0..24 {
            let history: Vec<Deployment> = world.deployments(app).collect();
            let times: Vec<Moment> = history.iter().map(|it| it.created).collect();
            assert!(times.is_sorted_by(|one, next| one >= next), "app {app}");
            let serving = history
                .iter()
                .filter(|it| world.phase(it, now) == Phase::Active);
            assert_eq!(serving.count(), usize::from(!history.is_empty()));
        }
    }
}
