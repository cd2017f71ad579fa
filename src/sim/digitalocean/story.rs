//! What happens by itself while the story plays. It is told again every three minutes.

use super::{cause::Cause, deployment::Course, queue::Start, world::World};
use crate::sim::{clock::Moment, script::Script, words};

/// Seconds of a round.
const ROUND: f64 = 180.0;

struct Event {
    /// Second of the round in which the deployment starts.
    at: f64,
    app: &'static str,
    course: Course,
    /// Seconds until it is live.
    lasts: f64,
    cause: fn() -> Cause,
}

const EVENTS: [Event; 2] = [
    // It has already begun when the simulator starts, and is live 50 seconds later.
    Event {
        at: -6.0,
        app: "storefront",
        course: Course::Built,
        lasts: 56.0,
        cause: || Cause::Push {
            by: words::PEOPLE[1],
            message: words::COMMITS[3],
        },
    },
    Event {
        at: 70.0,
        app: "feeds",
        course: Course::Reused,
        lasts: 24.0,
        cause: || Cause::Autoscaled {
            component: "web".to_owned(),
            from: 3,
            to: 4,
        },
    },
];

const SCRIPT: Script<Event> = Script {
    turns: &EVENTS,
    at: |event| event.at,
    round_s: ROUND,
};

/// Lets everything happen that should have happened by `now`.
pub(super) fn tell(world: &mut World, now: Moment) {
    if !world.story {
        return;
    }
    while let Some((at, event)) = SCRIPT.due(&world.clock, world.told, now) {
        world.told += 1;
        play(world, at, event);
    }
}

fn play(world: &mut World, at: Moment, event: &Event) {
    let Some(app) = world.named_app(event.app) else {
        return;
    };
    let start = Start {
        seconds: Some(event.lasts),
        ..Start::of((event.cause)(), event.course)
    };
    // Refused if the app is pinned right then: the story goes on without it.
    let _told = world.start(app, at, start);
}

#[cfg(test)]
mod tests {
    use super::{
        super::{deployment::Phase, testing::story_world},
        *,
    };

    #[test]
    fn story_is_told_within_a_minute_and_again() {
        let mut world = story_world(1, 24);
        let (app, started) = (
            world.named_app("storefront").unwrap(),
            world.clock.started(),
        );
        tell(&mut world, started);
        let first = world.in_progress(app, started).unwrap().ordinal;
        let at = |second| world.phase(&world.deployment(app, first), started.plus(second));
        assert_eq!((at(0.0), at(30.0)), (Phase::Building, Phase::Deploying));
        assert_eq!(at(50.0), Phase::Active);
        tell(&mut world, started.plus(400.0));
        assert_eq!(world.apps[app].started.len(), 3);
    }
}
