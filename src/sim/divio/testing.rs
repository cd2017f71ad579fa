//! Worlds for the unit tests.

use super::world::World;
use crate::sim::Setup;

fn world(seed: u64, apps: usize, story: bool) -> World {
    World::new(&Setup::of(seed, apps, story))
}

/// A world in which nothing changes by itself.
pub(super) fn still_world(seed: u64, apps: usize) -> World {
    world(seed, apps, false)
}

/// A world in which the story plays.
pub(super) fn story_world(seed: u64, apps: usize) -> World {
    world(seed, apps, true)
}
