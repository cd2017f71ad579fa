//! Worlds and requests for the unit tests.

use super::world::World;
use crate::sim::{Setup, clock::Clock, dice::scramble};

/// A world, in which the story plays or nothing changes by itself.
pub(super) fn world(seed: u64, story: bool) -> World {
    World::new(&Setup {
        seed,
        sibling: scramble(seed),
        apps: 24,
        story,
        clock: Clock::start(1.0),
        token: "sim-token".to_owned(),
        base_url: "http://127.0.0.1:1".to_owned(),
        second: false,
        rate_limits: None,
    })
}
