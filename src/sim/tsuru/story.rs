//! What is special from the start, and what happens by itself while the story plays. It is told
//! again every four minutes.

use super::{
    action::Plan,
    deploy::{Ask, Source},
    event::Owner,
    history::PEOPLE,
    lock::Block,
    plan::Profile,
    rollout::Share,
    world::World,
};
use crate::sim::{clock::Moment, script::Script, words};

/// Seconds of a round.
const ROUND: f64 = 240.0;

/// What happens, and in which second of a round.
struct Turn {
    at: f64,
    app: &'static str,
    happens: Happens,
}

enum Happens {
    /// Somebody deploys it; the build takes so many seconds.
    Deploy { build_s: f64 },
    /// It has so many units from now on.
    Scale(u32),
    /// A unit crashes once.
    Crash,
}

const TURNS: [Turn; 5] = [
    // It has already begun when the simulator starts, and builds for a good while.
    Turn {
        at: -8.0,
        app: "atlas",
        happens: Happens::Deploy { build_s: 48.0 },
    },
    Turn {
        at: 30.0,
        app: "beacon",
        happens: Happens::Scale(6),
    },
    Turn {
        at: 75.0,
        app: "lantern",
        happens: Happens::Crash,
    },
    Turn {
        at: 110.0,
        app: "orchard",
        happens: Happens::Deploy { build_s: 20.0 },
    },
    Turn {
        at: 150.0,
        app: "beacon",
        happens: Happens::Scale(4),
    },
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
        world.settle(at);
        play(world, at, turn);
    }
}

fn play(world: &mut World, at: Moment, turn: &Turn) {
    let Some(app) = world.find_app(turn.app) else {
        return;
    };
    match turn.happens {
        Happens::Deploy { build_s } => {
            let ask = Ask {
                owner: Owner::token("ci"),
                message: words::COMMITS[(world.told + 2) % words::COMMITS.len()].to_owned(),
                build_s: Some(build_s),
                override_versions: true,
                ..Ask::of(Source::Build, "app-deploy")
            };
            // Refused if somebody else holds the lock right then: the story goes on without it.
            let _told = world.deploy(at, app, ask);
        }
        Happens::Scale(to) => world.scaled(app, "web", to, at),
        Happens::Crash => {
            let mut units = world.apps[app].units.iter_mut();
            if let Some(unit) = units.find(|unit| unit.is_there(at)) {
                unit.crashed = Some(at);
            }
        }
    }
}

/// Puts in place what is so from the start, whether the story plays or not.
pub(super) fn prepare(world: &mut World) {
    let started = world.clock.started();
    for app in 0..world.apps.len() {
        let name = world.apps[app].name.clone();
        match world.apps[app].profile {
            Profile::Held => hold(world, &name, started.plus(-240.0)),
            Profile::Blocked => {
                let at = started.plus(-3_600.0 * 5.0);
                let reason = "Release freeze until Monday";
                world.add_block(Block::of(at, "app.deploy", &name, reason));
            }
            Profile::Busy => {
                let at = started.plus(-86_400.0 * 9.0);
                let past = Block::of(at, "app.deploy", "", "Maintenance of the registry");
                let end = Some(at.plus(5_400.0));
                world.add_block(Block { end, ..past });
            }
            Profile::Canary
            | Profile::Autoscaled
            | Profile::Cancelled
            | Profile::Stopped
            | Profile::NeverDeployed
            | Profile::Crashing
            | Profile::Mosaic
            | Profile::Partial
            | Profile::ReadOnly
            | Profile::WorkerOnly
            | Profile::Image
            | Profile::Ordinary => {}
        }
    }
}

/// Somebody runs a migration that takes very long, and holds the lock of the app with it.
fn hold(world: &mut World, app: &str, at: Moment) {
    const STEPS: u32 = 240;
    let command = serde_json::json!([{ "name": "command", "value": "./manage.py migrate" }]);
    let mut plan = Plan::of("app.run", app)
        .by(Owner::user(PEOPLE[2]))
        .custom(command)
        .endless();
    for step in 1..=STEPS {
        plan.say(format!("Rewriting orders: part {step} of {STEPS}\n"));
        plan.wait(15.0);
    }
    plan.cancelable();
    world.put(at, plan);
}

impl World {
    /// The number of units of a process changes by itself: the cluster does it, without an event.
    pub(super) fn scaled(&mut self, app: usize, process: &str, to: u32, at: Moment) {
        let pace = self.pace();
        let app = &mut self.apps[app];
        let mut slots = app.slots.iter().rev();
        let Some(share) = slots.find(|slot| slot.process == process).map(Share::of) else {
            return;
        };
        if share.units < to {
            app.grow(&share, to - share.units, at, pace);
        } else {
            app.shrink(&share, share.units - to, at, pace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::world, *};

    #[test]
    fn a_deploy_is_on_its_way_from_the_start_for_a_good_while() {
        let mut world = world(1, true);
        let started = world.clock.started();
        tell(&mut world, started);
        let running = |world: &World, at| {
            let mut events = world.events.iter();
            events.any(|event| event.target.value == "atlas" && event.is_running(at))
        };
        assert!(running(&world, started) && running(&world, started.plus(45.0)));
        assert!(!running(&world, started.plus(90.0)));
        tell(&mut world, started.plus(ROUND));
        let newest = world.events.last().unwrap();
        assert_eq!(
            (newest.target.value.as_str(), newest.owner.name.as_str()),
            ("atlas", "ci")
        );
    }

    #[test]
    fn nothing_happens_by_itself_without_the_story() {
        let mut world = world(1, false);
        let (count, started) = (world.events.len(), world.clock.started());
        tell(&mut world, started.plus(1_000.0));
        assert_eq!(world.events.len(), count);
    }

    #[test]
    fn lock_that_is_held_from_the_start_can_be_cancelled() {
        let world = world(1, false);
        let now = world.clock.started().plus(10_000.0);
        let mut held = world.events.iter().filter(|event| event.is_running(now));
        let held = held.next().unwrap();
        assert_eq!(
            (held.target.value.as_str(), held.is_cancelable(now)),
            ("meadow", true)
        );
    }
}
