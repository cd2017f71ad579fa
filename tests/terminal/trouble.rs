//! Servers that die, tokens that are wrong, limits that are reached.

use std::time::Duration;

use serde_json::json;

use crate::kit::{Launch, Shot, Sim};

/// Longer than the longest wait between two attempts after a short outage.
const RECOVERY: Duration = Duration::from_mins(1);

fn has_strip(shot: &Shot, text: &str) -> bool {
    shot.rows.get(1).is_some_and(|row| row.contains(text))
}

#[test]
fn a_server_that_dies_takes_no_value_with_it() {
    let mut sim = Sim::still();
    let tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("all panes", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE") && has_strip(shot, "● <2s")
    });
    let apps = tty.shot().apps();
    sim.stop();
    let shot = tty.within(RECOVERY, "the strip says what is wrong", |shot| {
        has_strip(shot, "divio ▲") && has_strip(shot, "nothing answers")
    });
    assert_eq!(shot.apps(), apps, "values stay");
    let shot = tty.within(RECOVERY, "stale", |shot| {
        shot.has("? STAL") && shot.has("old")
    });
    assert!(shot.has("Apps 24") && shot.has("was live"));
    assert_eq!(shot.apps().len(), apps.len());
    sim.start_again();
    tty.within(RECOVERY, "all is well again", |shot| {
        has_strip(shot, "divio ● <2s") && !shot.has("STAL") && shot.apps() == apps
    });
    tty.within(RECOVERY, "the other panes, too", |shot| {
        shot.has("FOLLOW") && shot.has("last good") && !shot.has("failed: ")
    });
    tty.quit();
}

#[test]
fn a_wrong_token_is_told_with_what_helps() {
    let sim = Sim::still();
    let launch = Launch::on(&sim).instead("sim-divio-token-1", "sim-divio-token-9");
    let tty = launch.start();
    let shot = tty.when("the strip says AUTH", |shot| {
        has_strip(shot, "divio ✖ AUTH token rejected")
    });
    assert!(shot.has("make a new token and put it where"));
    assert!(shot.has("r tries again"));
    assert!(!shot.has("sim-divio-token"));
    let asked = sim.requests();
    assert!(
        asked["unauthorised"].as_u64().unwrap() <= 6,
        "it does not insist: {asked}"
    );
    tty.quit();
}

#[test]
fn a_token_that_is_revoked_leaves_the_values() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("apps", |shot| {
        shot.has("Apps 24") && has_strip(shot, "● <2s")
    });
    sim.fault(&json!([{ "operation": "*", "status": 401 }]));
    let shot = tty.when("AUTH", |shot| has_strip(shot, "AUTH") && shot.has("? AUTH"));
    assert!(shot.has("Apps 24") && shot.has("was live"));
    sim.no_faults();
    tty.types("r");
    tty.when("well again", |shot| {
        has_strip(shot, "● <2s") && !shot.has("? AUTH")
    });
    tty.quit();
}

#[test]
fn a_limit_is_counted_down_and_obeyed() {
    let sim = Sim::still();
    let tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("apps", |shot| {
        shot.has("Apps 24") && has_strip(shot, "● <2s")
    });
    sim.fault(&json!([{ "operation": "*", "status": 429, "retry_after": 12 }]));
    let left = |shot: &Shot| -> Option<u32> {
        let (_, after) = shot.rows.get(1)?.split_once("429 retry ")?;
        after.split('s').next()?.parse().ok()
    };
    let first = left(&tty.when("a countdown", |shot| left(shot).is_some())).unwrap();
    assert!(first <= 13, "{first}");
    let shot = tty.when("less is left", |shot| {
        left(shot).is_some_and(|now| now + 2 <= first)
    });
    assert!(shot.has("Apps 24") && shot.has("● LIVE"), "values stay");
    sim.no_faults();
    tty.within(RECOVERY, "well again without a key", |shot| {
        has_strip(shot, "divio ● <2s")
    });
    tty.quit();
}

#[test]
fn an_answer_that_is_not_understood_is_told() {
    let sim = Sim::still();
    let tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("apps", |shot| {
        shot.has("Apps 24") && has_strip(shot, "● <2s")
    });
    sim.fault(&json!([{ "operation": "ListEnvironments", "malformed": true }]));
    let shot = tty.when("what is wrong", |shot| {
        has_strip(shot, "answer not understood")
    });
    assert!(shot.has("Apps 24"));
    sim.no_faults();
    tty.within(RECOVERY, "well again", |shot| has_strip(shot, "● <2s"));
    tty.quit();
}
