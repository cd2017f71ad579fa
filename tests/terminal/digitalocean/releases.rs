//! Deployments: followed, failed, gone back from.

use std::time::Duration;

use serde_json::json;

use super::{asks, at, component, record, right, team};
use crate::kit::Shot;

/// Builds are slow here, so that they are seen.
const SLOWLY: Duration = Duration::from_mins(1);

/// How many of its 21 steps the deployment has behind it.
fn steps(shot: &Shot) -> Option<u32> {
    let row = component(shot, "api")?;
    let mut words = row.split_whitespace();
    words.find_map(|word| word.strip_suffix("/21")?.parse().ok())
}

/// Whether these rows are there, in this order.
fn in_order(shot: &Shot, texts: &[&str]) -> bool {
    let mut rows = shot.rows.iter();
    texts.iter().all(|text| rows.any(|row| row.contains(text)))
}

#[test]
fn a_build_is_followed_step_by_step_until_it_is_live() {
    let sim = team(2.0);
    let mut tty = at(&sim, "storefront");
    tty.types("D");
    asks(&tty, "deploy storefront (dev) in digitalocean");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("y");
    let shot = tty.within(SLOWLY, "some steps", |shot| {
        steps(shot).is_some_and(|done| (1..21).contains(&done))
    });
    let before = steps(&shot).unwrap();
    let shot = tty.within(SLOWLY, "more steps", |shot| {
        steps(shot).is_some_and(|done| (before + 1..21).contains(&done))
    });
    assert!(
        shot.row("storefront  dev")
            .is_some_and(|row| row.contains('◐'))
    );
    tty.within(SLOWLY, "its end", |shot| {
        let is_live = |row: &str| row.contains("● LIVE");
        shot.has("✓ deploy storefront LIVE in")
            && shot.row("storefront  dev").is_some_and(is_live)
            && component(shot, "api").is_some_and(is_live)
    });
    tty.types("l++");
    tty.when("its logs, one after the other", |shot| {
        let parts = ["=> build finished", "── deploy log ──", "succeeded after"];
        in_order(shot, &parts)
    });
    sim.log("storefront/api", &["said by what runs now"]);
    tty.when("what runs now", |shot| {
        in_order(shot, &["succeeded after", "said by what runs now"])
    });
    assert_eq!(sim.count("CreateDeployment"), 1);
    assert_eq!(sim.changing(), 1);
    tty.types("__");
    tty.quit();
}

#[test]
fn a_failed_deployment_says_which_step_why_and_what_to_do() {
    let sim = team(20.0);
    sim.fault(&json!([
        { "operation": "CreateDeployment", "fail_deployment": "exec: node: not found" }
    ]));
    let mut tty = at(&sim, "loyalty");
    tty.types("D");
    asks(&tty, "deploy loyalty (stag) in digitalocean");
    tty.types("y");
    tty.sees("deploy loyalty FAILED");
    tty.when("it stands in the lists", |shot| {
        let is_failed = |row: &&str| row.contains("✖ failed");
        shot.row("loyalty  stag")
            .is_some_and(|row| row.contains("✖ FAIL"))
            && shot
                .rows
                .iter()
                .map(|row| right(row))
                .any(|row| is_failed(&row))
    });
    tty.types("i");
    let shot = tty.when("why, and a hint", |shot| {
        shot.has("┏ Detail") && shot.row("why  ").is_some() && shot.row("hint  ").is_some()
    });
    let text = |from: &str| -> String {
        let from = shot.rows.iter().position(|row| right(row).contains(from));
        let rows = shot.rows.iter().skip(from.unwrap()).take(3);
        let rows: Vec<_> = rows.map(|row| right(row).trim()).collect();
        rows.join(" ")
    };
    assert!(
        text("why  ").contains("exec: node: not found"),
        "{}",
        text("why  ")
    );
    assert!(text("hint  ").contains("listens on"), "{}", text("hint  "));
    tty.quit();
}

#[test]
fn a_roll_back_warns_pins_refuses_deployments_and_is_kept() {
    let sim = team(20.0);
    let mut tty = at(&sim, "uploads");
    tty.types("Z");
    tty.sees("▲ the image is named by its tag and may have changed (web)");
    let shot = asks(&tty, "roll back");
    assert!(shot.has("nothing is deployed until you keep or undo it"));
    assert_eq!(sim.changing(), 0);
    tty.types("y");
    tty.sees("pinned there: keep it (a K) or undo it (a U)");
    tty.when("it is pinned, and says so", |shot| {
        let row = shot.row("uploads  dev").unwrap_or_default();
        row.contains("▲ DEGR") && row.contains("PINNED") && shot.has("uploads  PINNED")
    });
    tty.types("D");
    tty.sees("uploads is pinned to an earlier deployment: keep it (a K) or undo it (a U) first");
    assert_eq!(sim.changing(), 1, "the roll-back alone");
    tty.types("aK");
    asks(&tty, "keep roll-back");
    tty.types("y");
    tty.sees("✓ keep roll-back uploads");
    tty.sees_no("PINNED");
    assert_eq!(sim.count("CommitRollback"), 1);
    assert!(record(&sim, "uploads").get("pinned_deployment").is_none());
    tty.types("D");
    asks(&tty, "deploy uploads (dev) in digitalocean");
    tty.types("n");
    tty.sees("deploy uploads: not done");
    assert_eq!(sim.changing(), 2);
    tty.quit();
}

#[test]
fn a_roll_back_is_undone_by_a_deployment_that_is_followed() {
    let sim = team(5.0);
    let mut tty = at(&sim, "ledger");
    tty.sees("ledger  PINNED");
    tty.types("aU");
    asks(&tty, "undo roll-back");
    tty.types("y");
    tty.sees("◐ undo roll-back ledger");
    tty.sees("✓ undo roll-back ledger");
    tty.when("it is free again", |shot| {
        shot.row("ledger  dev")
            .is_some_and(|row| row.contains("● LIVE"))
            && !shot.has("PINNED")
    });
    assert_eq!(sim.count("RevertRollback"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}
