//! What other users do while the story plays, again every four minutes: a project comes, is given
//! another name, and goes.

use super::{projects, world::World};
use crate::sim::{clock::Moment, script::Script};

/// What happens, and in which second of a round.
struct Turn {
    at: f64,
    what: What,
}

enum What {
    Create,
    Rename,
    Delete,
}

const NAME: &str = "pilot-eu";
const LATER: &str = "pilot-eu-central";

const SCRIPT: Script<Turn> = Script {
    turns: &[
        Turn {
            at: 20.0,
            what: What::Create,
        },
        Turn {
            at: 65.0,
            what: What::Rename,
        },
        Turn {
            at: 115.0,
            what: What::Delete,
        },
    ],
    at: |turn| turn.at,
    round_s: 240.0,
};

/// Lets everything happen that should have happened by `now`.
pub(super) fn tell(world: &mut World, now: Moment) {
    if !world.story {
        return;
    }
    while let Some((at, turn)) = SCRIPT.due(&world.clock, world.told, now) {
        world.told += 1;
        world.settle(at);
        play(world, at, &turn.what);
    }
}

/// What somebody has renamed or deleted meanwhile is left alone.
fn play(world: &mut World, at: Moment, what: &What) {
    match what {
        What::Create => {
            projects::made_elsewhere(world, at, NAME, "eu");
        }
        What::Rename => {
            if let Some(place) = world.find_named(NAME) {
                world.rename(place, LATER, at);
            }
        }
        What::Delete => {
            if let Some(place) = world.find_named(LATER) {
                world.remove(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Setup;

    fn check(world: &mut World, after: f64, expected: [bool; 2]) {
        tell(world, world.clock.started().plus(after));
        let has = |name| world.find_named(name).is_some();
        assert_eq!([has(NAME), has(LATER)], expected, "{after}");
    }

    #[test]
    fn story_is_told_within_two_minutes_and_again() {
        let mut world = World::new(&Setup::of(1, 24, true));
        check(&mut world, 0.0, [false, false]);
        check(&mut world, 21.0, [true, false]);
        check(&mut world, 66.0, [false, true]);
        check(&mut world, 116.0, [false, false]);
        check(&mut world, 270.0, [true, false]);
    }

    #[test]
    fn nothing_happens_by_itself_without_the_story() {
        let mut world = World::new(&Setup::of(1, 24, false));
        check(&mut world, 70.0, [false, false]);
    }
}
