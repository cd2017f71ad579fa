//! A log that is cut a hundred times loses no line, shows none twice, and shows each cut: on every
//! platform that has live logs, by the real adapter, the real engine and the channel of an
//! environment, against the simulator.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod world;

use flightdeck::platforms::{digitalocean, divio, pandastack, tsuru};
use serde_json::{Value, json};

use self::world::{Ground, World};

const CUTS: usize = 100;

const DIVIO: Ground = Ground {
    platform: "divio",
    connect: divio::connect_with,
    app: "checkout",
    environment: Some("test"),
    place: "checkout/test",
    speed: 1.0,
};

const DIGITALOCEAN: Ground = Ground {
    platform: "digitalocean",
    connect: digitalocean::connect_with,
    app: "quotes",
    environment: Some("web"),
    place: "quotes/web",
    speed: 1.0,
};

const TSURU: Ground = Ground {
    platform: "tsuru",
    connect: tsuru::connect_with,
    app: "atlas",
    environment: None,
    place: "atlas/web",
    speed: 1.0,
};

const PANDASTACK: Ground = Ground {
    platform: "pandastack",
    connect: pandastack::connect_with,
    app: "www",
    environment: None,
    place: "www",
    // A deployment that goes on for long: its log ends with it.
    speed: 0.005,
};

/// A stream is cut where it is, amid lines that are written; every few times what is opened next
/// is spoiled by one of `effects` before it has caught up.
async fn check(ground: &Ground, operation: &str, effects: &[Value]) -> World {
    let mut random = fastrand::Rng::with_seed(23);
    let mut world = World::new(ground).await;
    if ground.platform == "pandastack" {
        world
            .control("deploy", &json!({"environment": ground.place}))
            .await;
    }
    world.open();
    world.write(5).await;
    world.shows(5).await;
    for cut in 0..CUTS {
        let before = world.written.len();
        let new = random.usize(1..12);
        world.write(new).await;
        world.shows(before + random.usize(1..=new)).await;
        if cut % 10 == 7 {
            // Another log is looked at for a moment.
            world.close();
            world.open();
            // What is cut is the stream that was opened now.
            world.write(1).await;
            world.shows(world.written.len()).await;
        }
        if cut % 5 == 0
            && let Some(effect) = effects.get(cut / 5 % effects.len().max(1))
        {
            let mut fault = effect.clone();
            (fault["operation"], fault["times"]) = (json!(operation), json!(1));
            world.fault(&fault).await;
        }
        world.cut().await;
    }
    world.write(3).await;
    world.shows(world.written.len()).await;
    assert_eq!(world.shown, world.written, "{}", ground.platform);
    assert!(
        world.gaps >= CUTS,
        "{}: {} gaps",
        ground.platform,
        world.gaps
    );
    world
}

#[tokio::test]
async fn divio_s_log_that_fails_a_hundred_times_is_whole() {
    let effects = [
        json!({"status": 503}),
        json!({"cut": "after_status_line"}),
        json!({"cut": "in_headers"}),
        json!({"cut": "after_headers"}),
        json!({"cut_at": 40}),
        json!({"truncate": true}),
        json!({"malformed": true}),
    ];
    let mut random = fastrand::Rng::with_seed(5);
    let mut world = World::new(&DIVIO).await;
    world.open();
    world.write(5).await;
    world.shows(5).await;
    for cut in 0..CUTS {
        let mut fault = effects[cut % effects.len()].clone();
        (fault["operation"], fault["times"]) = (json!("GetEnvironmentLogs"), json!(1));
        world.fault(&fault).await;
        // What comes next comes after that.
        let before = world.written.len();
        world.write(random.usize(1..12)).await;
        world.shows(before + 1).await;
    }
    world.shows(world.written.len()).await;
    assert_eq!(world.shown, world.written);
    assert_eq!((world.gaps, world.doubts), (CUTS, 0));
}

#[tokio::test]
async fn digitalocean_s_log_that_is_cut_a_hundred_times_is_whole() {
    let effects = [
        json!({"close": 1011, "close_after": 3}),
        json!({"close": 1006, "close_after": 40}),
        json!({"cut_at": 300}),
        json!({"close": 1001}),
        json!({"silence": 5}),
    ];
    let world = check(&DIGITALOCEAN, "FollowLog", &effects).await;
    assert_eq!(world.doubts, 0);
}

#[tokio::test]
async fn tsuru_s_log_that_is_cut_a_hundred_times_is_whole() {
    let effects = [
        json!({"cut_at": 300}),
        json!({"cut": "after_headers"}),
        json!({"status": 502}),
        json!({"cut_at": 3000}),
        json!({"silence": 1}),
    ];
    let world = check(&TSURU, "AppLog", &effects).await;
    assert_eq!(world.doubts, 0);
}

#[tokio::test]
async fn pandastack_s_log_that_is_cut_a_hundred_times_is_whole() {
    let effects = [
        json!({"cut_at": 300}),
        json!({"cut": "after_headers"}),
        json!({"status": 502}),
        json!({"cut_at": 3000}),
        json!({"silence": 4}),
    ];
    let world = check(&PANDASTACK, "StreamDeploymentLogs", &effects).await;
    assert_eq!(world.doubts, 0);
}
