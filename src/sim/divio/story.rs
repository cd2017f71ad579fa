//! What happens by itself while the story plays. It is told again every three minutes.
//!
//! The flapping service and the overdue backup are properties of two environments; the lines and
//! metrics follow from the time. Only the deployments are events.

use super::{
    deployment::{FAILS_AT, Mode, Start},
    world::World,
};
use crate::sim::{clock::Moment, script::Script, words};

/// Seconds of a round.
const ROUND: f64 = 180.0;

struct Event {
    /// Second of the round in which the deployment starts.
    at: f64,
    application: usize,
    author: &'static str,
    /// Seconds until it ends.
    lasts: f64,
    succeeds: bool,
}

const EVENTS: [Event; 2] = [
    // It has already begun when the simulator starts, and ends 35 seconds later.
    Event {
        at: -6.0,
        application: 0,
        author: "bo",
        lasts: 41.0,
        succeeds: true,
    },
    Event {
        at: 10.0,
        application: 1,
        author: "ci",
        lasts: 30.0,
        succeeds: false,
    },
];

/// Seconds of a round in which the second account is refused.
const REFUSING: std::ops::Range<f64> = 60.0..100.0;

const SCRIPT: Script<Event> = Script {
    turns: &EVENTS,
    at: |event| event.at,
    round_s: ROUND,
};

/// Lets everything happen that should have happened by `now`.
pub(super) fn tell(world: &mut World, now: Moment) {
    if !world.story || world.second {
        return;
    }
    while let Some((at, event)) = SCRIPT.due(&world.clock, world.told, now) {
        world.told += 1;
        play(world, at, event);
    }
}

fn play(world: &mut World, at: Moment, event: &Event) {
    if event.application >= world.applications.len() {
        return;
    }
    let Some(environment) = world.environment_named(event.application, "live") else {
        return;
    };
    let whole = if event.succeeds { 1.0 } else { FAILS_AT };
    let start = Start {
        mode: Mode::Auto,
        author: event.author,
        copy_from: None,
        adopt: None,
        failure: (!event.succeeds).then(|| words::RELEASE_FAILURES[0].to_owned()),
        seconds: event.lasts / whole,
    };
    // Refused if somebody else deploys right then: the story goes on without it.
    let _told = world.start_deployment(environment, at, start);
}

/// How long the second account has to wait before it is heard again.
pub(super) fn refused_for(world: &World, now: Moment) -> Option<u64> {
    let second = now.since(world.clock.started()).rem_euclid(ROUND);
    let refuses = world.story && world.second && REFUSING.contains(&second);
    let left = std::time::Duration::try_from_secs_f64(REFUSING.end - second).unwrap_or_default();
    refuses.then(|| left.as_secs() + 1)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{deployment::Ending, environment::Profile, testing::story_world},
        *,
    };

    #[test]
    fn story_is_told_within_two_minutes_and_again() {
        let mut world = story_world(1, 24);
        let started = world.clock.started();
        let (good, bad) = (
            world.environment_named(0, "live").unwrap(),
            world.environment_named(1, "live").unwrap(),
        );
        tell(&mut world, started);
        let first = world.running(good, started).unwrap();
        assert!(first.percent(started) > 0);
        assert_eq!(first.end(), started.plus(35.0));
        tell(&mut world, started.plus(11.0));
        let second = world.running(bad, started.plus(11.0)).unwrap().clone();
        assert_eq!((second.author, second.end()), ("ci", started.plus(40.0)));
        assert!(matches!(&second.ending, Ending::Failure(cause) if cause.contains("lock timeout")));
        tell(&mut world, started.plus(400.0));
        assert_eq!(world.environments[good].started.len(), 3);
    }

    #[test]
    fn flapping_and_overdue_are_in_the_world() {
        let world = story_world(1, 24);
        let has = |profile| world.environments.iter().any(|e| e.profile == profile);
        assert!(has(Profile::Flapping) && has(Profile::Overdue));
    }

    #[test]
    fn second_account_is_refused_for_a_while() {
        let mut world = story_world(1, 6);
        world.second = true;
        let at = |second| refused_for(&world, world.clock.started().plus(second));
        assert_eq!(at(59.0), None);
        assert_eq!(at(60.5), Some(40));
        assert_eq!(at(101.0), None);
        assert!(at(250.0).is_some());
    }
}
