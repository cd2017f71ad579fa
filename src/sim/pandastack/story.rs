//! What happens by itself while the story plays, again every four minutes. One installation waits
//! for its domain and one has failed from the start: those are the user's.

use super::{
    catalogue::CAUSES,
    install::{End, Stage},
    world::World,
};
use crate::sim::{clock::Moment, script::Script};

/// Seconds of a round.
const ROUND: f64 = 240.0;

/// What happens, and in which second of a round.
struct Turn {
    at: f64,
    what: Cast,
    build_s: f64,
    succeeds: bool,
}

/// What somebody else deploys.
enum Cast {
    /// An app, by its name.
    App(&'static str),
    /// A project, by its place.
    Project(usize),
}

const fn turn(at: f64, what: Cast, build_s: f64, succeeds: bool) -> Turn {
    Turn {
        at,
        what,
        build_s,
        succeeds,
    }
}

const TURNS: [Turn; 7] = [
    // These have begun when the simulator starts, and go on for a good while.
    turn(-8.0, Cast::App("metabase"), 45.0, true),
    turn(-6.0, Cast::Project(0), 70.0, true),
    turn(35.0, Cast::App("umami"), 10.0, true),
    turn(75.0, Cast::Project(1), 20.0, false),
    turn(95.0, Cast::App("umami"), 4.0, false),
    turn(125.0, Cast::App("umami"), 8.0, true),
    turn(150.0, Cast::Project(2), 30.0, true),
];

const SCRIPT: Script<Turn> = Script {
    turns: &TURNS,
    at: |turn| turn.at,
    round_s: ROUND,
};

/// Lets everything happen that should have happened by `now`.
pub(super) fn tell(world: &mut World, now: Moment) {
    if !world.story {
        return;
    }
    while let Some((at, turn)) = SCRIPT.due(&world.clock, world.told, now) {
        world.told += 1;
        play(world, at, turn);
    }
}

fn play(world: &mut World, at: Moment, turn: &Turn) {
    let end = |usual: End| {
        if turn.succeeds {
            usual
        } else {
            End::Fails(CAUSES[0].to_owned())
        }
    };
    match turn.what {
        Cast::App(name) => {
            let Some(place) = world.find_named(name, at) else {
                return;
            };
            let stage = world.apps[place].stage(at, world.pace());
            // What somebody deletes or deploys right then is left alone.
            if stage == Stage::Deleting || stage.is_moving() {
                return;
            }
            let usual = world.apps[place].next_end();
            world.begin_long(place, at, turn.build_s, end(usual));
        }
        Cast::Project(place) => {
            if world.projects.get(place).is_some_and(|it| !it.gone) {
                world.begin_project(place, at, turn.build_s, end(End::Runs));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Setup;

    fn stage(world: &mut World, name: &str, after: f64) -> Stage {
        let now = world.clock.started().plus(after);
        tell(world, now);
        let place = world.find_named(name, now).unwrap();
        world.apps[place].stage(now, world.pace())
    }

    #[test]
    fn story_has_everything_the_demo_shows() {
        let mut world = World::new(&Setup::of(1, 24, true));
        assert_eq!(stage(&mut world, "metabase", 0.0), Stage::Building);
        assert_eq!(stage(&mut world, "ghost", 0.0), Stage::Awaiting);
        assert_eq!(stage(&mut world, "n8n", 0.0), Stage::Failed);
        assert_eq!(stage(&mut world, "umami", 0.0), Stage::Running);
        assert_eq!(stage(&mut world, "umami", 41.0), Stage::Building);
        assert_eq!(stage(&mut world, "metabase", 60.0), Stage::Running);
        assert_eq!(stage(&mut world, "umami", 60.0), Stage::Running);
        assert_eq!(stage(&mut world, "umami", 110.0), Stage::Failed);
        assert_eq!(stage(&mut world, "ghost", 110.0), Stage::Awaiting);
    }

    #[test]
    fn nothing_happens_by_itself_without_the_story() {
        let mut world = World::new(&Setup::of(1, 24, false));
        assert_eq!(stage(&mut world, "metabase", 0.0), Stage::Running);
        assert_eq!(stage(&mut world, "umami", 110.0), Stage::Running);
        assert_eq!(world.told, 0);
    }
}
