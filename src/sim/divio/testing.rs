//! Worlds for the unit tests.

use super::world::World;
use crate::sim::{Setup, clock::Clock, dice::scramble};

fn world(seed: u64, apps: usize, story: bool) -> World {
    World::new(&Setup {
        seed,
        sibling: scramble(seed),
        apps,
        story,
        clock: Clock::start(1.0),
        token: "sim-token".to_owned(),
        base_url: "http://127.0.0.1:1".to_owned(),
        second: false,
        rate_limits: None,
    })
}

/// A world in which nothing changes by itself.
pub(super) fn still_world(seed: u64, apps: usize) -> World {
    world(seed, apps, false)
}

/// A world in which the story plays.
pub(super) fn story_world(seed: u64, apps: usize) -> World {
    world(seed, apps, true)
}
