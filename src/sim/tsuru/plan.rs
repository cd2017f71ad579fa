//! Which apps there are, and what is special about them.

use crate::sim::{dice::Dice, words};

/// What is special about an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    /// Several processes; somebody deploys it while the story plays.
    Busy,
    /// Two versions of it are deployed side by side.
    Canary,
    /// Scales by itself.
    Autoscaled,
    /// A deploy of it was cancelled.
    Cancelled,
    /// Somebody's event holds its lock for long.
    Held,
    /// All its units are stopped: there are none.
    Stopped,
    NeverDeployed,
    /// A unit crashes again and again.
    Crashing,
    /// An event block forbids deploys.
    Blocked,
    /// Its units are in every state there is.
    Mosaic,
    /// A part of what is known of it cannot be read.
    Partial,
    /// It belongs to a team whose apps the user may only look at.
    ReadOnly,
    /// No process is reached from outside.
    WorkerOnly,
    /// Only ever deployed from images: it has no platform.
    Image,
    Ordinary,
}

use Profile::{
    Autoscaled, Blocked, Busy, Canary, Cancelled, Crashing, Held, Image, Mosaic, NeverDeployed,
    Ordinary, Partial, ReadOnly, Stopped, WorkerOnly,
};

/// The apps of the demo. None is named as one of another platform is.
const DEMO: [(&str, Profile); 24] = [
    ("atlas", Busy),
    ("cadence", Canary),
    ("beacon", Autoscaled),
    ("harvest", Cancelled),
    ("meadow", Held),
    ("quarry", Stopped),
    ("sprout", NeverDeployed),
    ("thistle", Crashing),
    ("vault", Blocked),
    ("mosaic", Mosaic),
    ("outpost", Partial),
    ("payslips", ReadOnly),
    ("lantern", Ordinary),
    ("orchard", Ordinary),
    ("pebble", WorkerOnly),
    ("ripple", Image),
    ("saffron", Ordinary),
    ("tundra", Ordinary),
    ("umber", Image),
    ("velvet", Ordinary),
    ("willow", Ordinary),
    ("zephyr", WorkerOnly),
    ("juniper", Ordinary),
    ("harbour", Ordinary),
];

/// Name and profile of the app with this ordinal.
pub(super) fn plan(seed: u64, ordinal: usize) -> (String, Profile) {
    let (name, profile) = DEMO[ordinal % DEMO.len()];
    let profile = if ordinal < DEMO.len() {
        profile
    } else {
        further(seed, ordinal)
    };
    (words::numbered(name, ordinal, DEMO.len()), profile)
}

/// Beyond the demo's apps most are ordinary.
fn further(seed: u64, ordinal: usize) -> Profile {
    let mut dice = Dice::new(seed, &[0x75, 1, ordinal as u64]);
    match dice.below(100) {
        0..3 => Crashing,
        3..6 => Stopped,
        6..16 => WorkerOnly,
        16..30 => Image,
        30..36 => Autoscaled,
        36..38 => NeverDeployed,
        _ => Ordinary,
    }
}

impl Profile {
    /// Its processes with how many units each has.
    pub(super) fn processes(self, dice: &mut Dice) -> Vec<(&'static str, u32)> {
        match self {
            Busy => vec![("web", 3), ("worker", 2), ("scheduler", 1)],
            Canary => vec![("web", 3), ("worker", 1)],
            Autoscaled => vec![("web", 4)],
            Mosaic => vec![("web", 9)],
            WorkerOnly => vec![("worker", dice.between(1, 3))],
            Image => vec![("web", dice.between(1, 3))],
            Crashing | Blocked => vec![("web", 2), ("worker", 1)],
            Cancelled | Held | Stopped | NeverDeployed | Partial | ReadOnly | Ordinary => {
                let mut processes = vec![("web", dice.between(1, 3))];
                if dice.chance(50) {
                    processes.push(("worker", dice.between(1, 2)));
                }
                processes
            }
        }
    }

    /// How many deploys lie behind it when the simulator starts.
    pub(super) fn past(self, dice: &mut Dice) -> u32 {
        match self {
            NeverDeployed => 0,
            Busy => 14,
            Canary | Cancelled | Blocked => 5,
            Autoscaled | Held | Stopped | Crashing | Mosaic | Partial | ReadOnly | WorkerOnly
            | Image | Ordinary => dice.between(3, 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_app_is_named_as_one_of_another_platform() {
        for (name, _) in DEMO {
            assert!(!words::APPS.contains(&name) && !words::LAB_APPS.contains(&name));
        }
    }

    #[test]
    fn names_are_unique_and_allowed() {
        let mut names: Vec<String> = (0..2_000).map(|n| plan(1, n).0).collect();
        assert!(names.iter().all(|name| (2..=40).contains(&name.len())));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2_000);
    }
}
