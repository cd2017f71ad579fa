//! Which apps there are, and what is special about them.

use crate::sim::{dice::Dice, words};

/// What is special about an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    /// The story deploys it again and again.
    Building,
    /// Its newest deployment failed; the one before it serves.
    Failing,
    NeverDeployed,
    /// Rolled back, and held there.
    Pinned,
    /// Fewer instances are ready than there should be; they crash.
    Degraded,
    /// Its newest deployment stays in the queue.
    Stuck,
    /// Its newest deployment was cancelled after two of ten steps.
    Cancelled,
    /// Scales by itself; once it was rolled back by the platform.
    Autoscaled,
    /// No service: it never has an address.
    WorkerOnly,
    /// Lists of its deployments time out unless they are short.
    LongHistory,
    Functions,
    StaticSite,
    /// With a worker, a job by the clock, and a development database.
    Ordinary,
    /// One service from an image.
    Image,
}

use Profile::{
    Autoscaled, Building, Cancelled, Degraded, Failing, Functions, Image, LongHistory,
    NeverDeployed, Ordinary, Pinned, StaticSite, Stuck, WorkerOnly,
};

/// The apps of the demo. None is named as one of another platform is.
const DEMO: [(&str, Profile); 24] = [
    ("storefront", Building),
    ("orders-api", Failing),
    ("greenhouse", NeverDeployed),
    ("ledger", Pinned),
    ("img-proxy", Degraded),
    ("bookings", Stuck),
    ("landing", Cancelled),
    ("feeds", Autoscaled),
    ("mail-drain", WorkerOnly),
    ("old-faithful", LongHistory),
    ("hooks", Functions),
    ("brochure", StaticSite),
    ("quotes", Ordinary),
    ("uploads", Image),
    ("rides", Ordinary),
    ("loyalty", Ordinary),
    ("kiosk", StaticSite),
    ("translate", Image),
    ("geo", Ordinary),
    ("chat", Ordinary),
    ("cms", Ordinary),
    ("crm", Ordinary),
    ("notify", WorkerOnly),
    ("edge-cache", Image),
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
    let mut dice = Dice::new(seed, &[0xd0, 1, ordinal as u64]);
    match dice.below(100) {
        0..3 => Failing,
        3..5 => Degraded,
        5..20 => StaticSite,
        20..28 => WorkerOnly,
        28..50 => Image,
        50 => NeverDeployed,
        _ => Ordinary,
    }
}

impl Profile {
    /// How many deployments lie behind it when the simulator starts.
    pub(super) fn past(self, dice: &mut Dice) -> usize {
        match self {
            NeverDeployed => 0,
            LongHistory => 940,
            Autoscaled => 130,
            Building | Failing | Pinned | Degraded | Stuck | Cancelled | WorkerOnly | Functions
            | StaticSite | Ordinary | Image => dice.between(6, 30) as usize,
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
        let mut names: Vec<String> = (0..3_000).map(|n| plan(1, n).0).collect();
        assert!(names.iter().all(|name| (2..=32).contains(&name.len())));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 3_000);
    }
}
