//! Worlds and requests for the unit tests.

use serde_json::Value;

use super::{
    call::{Call, Query, View},
    world::World,
};
use crate::sim::{Setup, effects::Tweaks};

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

/// A request at the start of the world, for a path without placeholders.
pub(super) fn ask<'a>(world: &'a mut World, path: &'a str, query: &str) -> Call<'a> {
    let view = View {
        now: world.clock.started(),
        origin: "http://127.0.0.1:1".to_owned(),
        tweaks: Tweaks::default(),
    };
    Call {
        world,
        view,
        path,
        given: Vec::new(),
        query: Query::parse(query),
        body: None,
    }
}

/// The same with what the path names, and a body.
pub(super) fn submit<'a>(world: &'a mut World, given: &[&'a str], body: Value) -> Call<'a> {
    let mut call = ask(world, "/", "");
    call.given = given.to_vec();
    call.body = serde_json::from_value(body).ok();
    call
}
