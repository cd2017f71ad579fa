//! Worlds for the unit tests.

use super::world::World;
use crate::sim::Setup;

/// A world, in which the story plays or nothing changes by itself.
pub(super) fn world(seed: u64, story: bool) -> World {
    World::new(&Setup::of(seed, 24, story))
}
