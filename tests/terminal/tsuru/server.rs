//! The server: what it does not offer, what it is too old for, and the session on it.

use serde_json::json;

use super::{asks, at, right, server};
use crate::kit::Shot;

#[test]
fn backups_are_not_offered_and_that_is_no_failure() {
    let sim = server(20.0);
    let mut tty = at(&sim, "lantern");
    let pane = |shot: &Shot| -> String {
        let from = shot.rows.iter().position(|row| row.contains("Backups 0"));
        let rows = shot.rows.iter().skip(from.unwrap_or(usize::MAX)).take(5);
        let rows: Vec<_> = rows.map(|row| right(row).trim()).collect();
        rows.join(" ")
    };
    let shot = tty.when("why there are none", |shot| {
        pane(shot).contains("tsuru offers no backups: it stores no data of apps")
    });
    assert!(!pane(&shot).contains("failed"));
    tty.types("B");
    tty.sees("✖ backup: tsuru offers no backups");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn an_old_server_says_what_it_is_too_old_for() {
    let sim = server(20.0);
    sim.post("age", &json!(0));
    let mut tty = at(&sim, "ripple");
    tty.types("8");
    tty.when("the lists that it lacks, and those that it has", |shot| {
        shot.has("this tsuru server is too old to list scheduled jobs: it needs API 1.13")
            && shot.has("this tsuru server is too old to list maintenance: it needs API 1.3")
            && shot.has("ripple.ingress.apps.example.com")
    });
    tty.types("1D");
    asks(&tty, "deploy");
    tty.types("y");
    tty.sees("✖ deploy ripple not done: this tsuru server is too old to deploy: it needs API 1.3");
    let sent = sim.changing();
    tty.types("a");
    tty.when("the menu knows it from now on", |shot| {
        shot.row(" d deploy ")
            .is_some_and(|row| row.contains("– this tsuru server is too old"))
    });
    tty.types("\u{1b}");
    tty.sees_no("┏ Actions");
    tty.types("D");
    tty.sees("✖ deploy: this tsuru server is too old to deploy");
    assert_eq!(sim.changing(), sent, "it is not asked again");
    tty.quit();
}

#[test]
fn a_session_that_is_over_is_told_and_a_log_in_brings_it_back() {
    let sim = server(20.0);
    let mut tty = at(&sim, "lantern");
    sim.post("expire", &json!(true));
    tty.types("r");
    tty.when("the context and its apps", |shot| {
        shot.has("tsuru ✖ AUTH") && shot.has("? AUTH  lantern") && shot.has(", or use `log-in`")
    });
    tty.types("a@");
    tty.sees("log-in · tsuru");
    tty.types("dev@example.com\tsim-password");
    let shot = tty.when("the form filled in", |shot| {
        shot.row("▸ password")
            .is_some_and(|row| row.contains("*****"))
    });
    assert!(!shot.has("sim-password"));
    tty.types("\r");
    let shot = asks(&tty, "log in");
    assert!(shot.has("(hidden)"));
    tty.types("y");
    tty.when("everything is as before", |shot| {
        shot.has("✓ log in tsuru") && shot.has("tsuru ● <15s") && shot.has("● LIVE  lantern")
    });
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    assert!(!raw.contains("sim-password"), "never shown");
    tty.quit();
}
