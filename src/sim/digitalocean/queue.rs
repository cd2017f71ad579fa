//! Starting and ending deployments: one is under way, one waits, a newer one takes its place.

use std::sync::Arc;

use serde_json::Value;

use super::{
    cause::Cause,
    component::components,
    deployment::{Course, Deployment, Ending, Failure, Phase, Stop},
    errors::Refusal,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// How a new deployment is to be.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) cause: Cause,
    pub(super) course: Course,
    pub(super) failure: Option<Failure>,
    /// What it deploys, if not what the app is to be anyway.
    pub(super) spec: Option<Arc<Value>>,
    pub(super) cloned_from: Option<usize>,
    /// The commit, if it is not a new one.
    pub(super) commit: Option<String>,
    /// Real seconds it takes, if not the usual ones.
    pub(super) seconds: Option<f64>,
}

impl Start {
    /// An ordinary deployment.
    pub(super) fn of(cause: Cause, course: Course) -> Start {
        Start {
            cause,
            course,
            failure: None,
            spec: None,
            cloned_from: None,
            commit: None,
            seconds: None,
        }
    }
}

impl World {
    /// Starts a deployment, or queues it behind the one under way; its ordinal.
    pub(super) fn start(
        &mut self,
        app: usize,
        now: Moment,
        start: Start,
    ) -> Result<usize, Refusal> {
        if self.apps[app].pinned.is_some() {
            return Err(Refusal::conflict(
                "app is pinned to a rollback: commit or revert it before you deploy again",
            ));
        }
        let spec = start.spec.unwrap_or_else(|| self.spec(app));
        let images = components(&spec);
        let images = !images.is_empty() && images.iter().all(|component| component.prebuilt);
        let course = if images { Course::Reused } else { start.course };
        let begins = self.turn(app, now);
        let ordinal = self.deployment_count(app);
        let seconds = course.usual_seconds() / self.clock.speed();
        let commit = start.commit.unwrap_or_else(|| {
            Dice::new(self.seed, &[0xd0, 9, app as u64, ordinal as u64]).hex(40)
        });
        self.apps[app].started.push(Deployment {
            app,
            ordinal,
            created: now,
            begins,
            seconds: start.seconds.unwrap_or(seconds),
            course,
            ending: start.failure.map_or(Ending::Live, Ending::Fails),
            stopped: None,
            cause: start.cause,
            spec,
            commit,
            cloned_from: start.cloned_from,
        });
        Ok(ordinal)
    }

    /// When the next one begins: after the one under way. Whatever waits is overtaken.
    fn turn(&mut self, app: usize, now: Moment) -> Moment {
        let mut begins = now;
        for deployment in &mut self.apps[app].started {
            if deployment.phase(now, None).is_terminal() {
                continue;
            }
            if deployment.begins > now {
                deployment.stopped = Some((now, Stop::Overtaken));
            } else {
                begins = begins.max(deployment.end());
            }
        }
        begins
    }

    /// Cancels a deployment that has not ended; the one that waits for it begins.
    pub(super) fn cancel(
        &mut self,
        app: usize,
        ordinal: usize,
        now: Moment,
    ) -> Result<(), Refusal> {
        let deployment = self.deployment(app, ordinal);
        let phase = self.phase(&deployment, now);
        let since = ordinal.checked_sub(self.apps[app].past);
        let Some(since) = since.filter(|_| !phase.is_terminal()) else {
            let message = format!("cannot cancel a deployment in phase {}", phase.word());
            return Err(Refusal::bad(message));
        };
        let started = &mut self.apps[app].started;
        started[since].stopped = Some((now, Stop::Cancelled));
        let waiting = started[since + 1..].iter_mut();
        for next in waiting.filter(|next| next.begins > now && next.begins != Moment::NEVER) {
            next.begins = now;
        }
        Ok(())
    }

    /// The newest deployment that waits to be built.
    pub(super) fn pending(&self, app: usize, now: Moment) -> Option<&Deployment> {
        let mut unfinished = self.unfinished(app, now).into_iter();
        unfinished.find(|it| it.phase(now, None) == Phase::PendingBuild)
    }

    /// The deployment that is being built or rolled out.
    pub(super) fn in_progress(&self, app: usize, now: Moment) -> Option<&Deployment> {
        let mut unfinished = self.unfinished(app, now).into_iter();
        unfinished.find(|it| it.phase(now, None) != Phase::PendingBuild)
    }
}

#[cfg(test)]
mod tests {
    use Phase::{Active, Building, Deploying, PendingBuild, PendingDeploy};

    use super::{
        super::{history::unhealthy, testing::still_world},
        *,
    };

    fn ordinary() -> Start {
        Start::of(Cause::Manual("ana"), Course::Built)
    }

    fn world() -> (World, usize, Moment) {
        let world = still_world(1, 24);
        let (app, now) = (world.named_app("quotes").unwrap(), world.clock.started());
        (world, app, now)
    }

    #[test]
    fn deployment_goes_through_all_phases_and_replaces_the_one_before() {
        let (mut world, app, now) = world();
        let before = world.active(app, now).unwrap();
        let ordinal = world.start(app, now, ordinary()).unwrap();
        let mut seen: Vec<Phase> = Vec::new();
        for tenth in 0..=400 {
            let at = now.plus(f64::from(tenth) / 10.0);
            seen.push(world.phase(&world.deployment(app, ordinal), at));
        }
        seen.dedup();
        assert_eq!(
            seen,
            [PendingBuild, Building, PendingDeploy, Deploying, Active]
        );
        let end = now.plus(40.0);
        assert_eq!(world.phase(&before, end), Phase::Superseded);
        assert_eq!(world.replaced_at(&before, end), Some(end));
    }

    #[test]
    fn slots_follow_the_phases() {
        let (mut world, app, now) = world();
        let first = world.start(app, now, ordinary()).unwrap();
        assert_eq!(world.pending(app, now).unwrap().ordinal, first);
        assert!(world.in_progress(app, now).is_none());
        let later = now.plus(10.0);
        let second = world.start(app, later, ordinary()).unwrap();
        assert_eq!(world.in_progress(app, later).unwrap().ordinal, first);
        assert_eq!(world.pending(app, later).unwrap().ordinal, second);
        let third = world.start(app, now.plus(12.0), ordinary()).unwrap();
        let ended = world.phase(&world.deployment(app, second), now.plus(12.0));
        assert!(matches!(ended, Phase::Superseded | Phase::Canceled));
        assert_eq!(world.deployment(app, third).begins, now.plus(40.0));
    }

    #[test]
    fn failure_leaves_the_old_one_in_place() {
        let (mut world, app, now) = world();
        let before = world.active(app, now).unwrap().ordinal;
        let failure = Some(unhealthy());
        let ordinal = world
            .start(
                app,
                now,
                Start {
                    failure,
                    ..ordinary()
                },
            )
            .unwrap();
        let after = now.plus(60.0);
        assert_eq!(
            world.phase(&world.deployment(app, ordinal), after),
            Phase::Error
        );
        assert_eq!(world.active(app, after).unwrap().ordinal, before);
    }

    #[test]
    fn cancelling_lets_the_next_one_begin() {
        let (mut world, app, now) = world();
        let first = world.start(app, now, ordinary()).unwrap();
        let second = world.start(app, now.plus(5.0), ordinary()).unwrap();
        let at = now.plus(8.0);
        world.cancel(app, first, at).unwrap();
        assert_eq!(
            world.phase(&world.deployment(app, first), at),
            Phase::Canceled
        );
        assert_eq!(world.deployment(app, second).begins, at);
        assert!(world.cancel(app, first, at.plus(1.0)).is_err());
    }

    #[test]
    fn stuck_deployment_is_overtaken_or_cancelled() {
        let mut world = still_world(1, 24);
        let (app, now) = (world.named_app("bookings").unwrap(), world.clock.started());
        let stuck = world.pending(app, now.plus(86_400.0)).unwrap().ordinal;
        let next = world.start(app, now, ordinary()).unwrap();
        let ended = world.phase(&world.deployment(app, stuck), now);
        assert!(ended.is_terminal());
        assert_eq!(world.deployment(app, next).begins, now);
    }

    #[test]
    fn pinned_app_takes_no_deployment() {
        let mut world = still_world(1, 24);
        let (app, now) = (world.named_app("ledger").unwrap(), world.clock.started());
        assert_eq!(world.start(app, now, ordinary()).unwrap_err().status(), 409);
    }
}
