//! What there is not at Pangea, and what must not be done: said, and nothing turns for ever.

use super::{account, all, asks, at, right};
use crate::kit::{Launch, Shot};

/// What the pane at the right says below its titles.
fn pane(shot: &Shot, title: &str) -> String {
    let from = shot
        .rows
        .iter()
        .position(|row| right(row).is_empty() || row.contains(title));
    let rows = shot.rows.iter().skip(from.unwrap_or(usize::MAX)).take(8);
    let rows: Vec<_> = rows.map(|row| right(row).trim()).collect();
    rows.join(" ")
}

#[test]
fn there_are_no_deployments_logs_or_backups_and_nothing_is_waited_for() {
    let sim = account(20.0);
    let mut tty = at(&sim, "docs-prod");
    let shot = tty.when("why there is nothing", |shot| {
        pane(shot, "Regions 1")
            .contains("Pangea projects have no deployments: nothing runs in them")
            && shot.has("Pangea projects have no log stream.")
            && shot.has("Pangea projects have no backups.")
    });
    for waiting in ["reading", "Reading", "FOLLOW", "◐ ", "loading"] {
        let is_count = |row: &&String| row.starts_with(" flightdeck");
        let rows = shot.rows.iter().filter(|row| !is_count(row));
        assert!(rows.clone().all(|row| !row.contains(waiting)), "{waiting}");
    }
    assert!(!shot.has("RELEASE"), "nothing is released anywhere");
    for (key, why) in [
        ("D", "✖ deploy: Pangea projects have no deployments"),
        ("Z", "✖ rollback: Pangea projects have no deployments"),
        ("B", "✖ backup: Pangea projects have no backups"),
    ] {
        tty.types(key);
        tty.sees(why);
    }
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn no_health_is_invented() {
    let sim = account(20.0);
    let tty = all(Launch::on(&sim));
    let shot = tty.when("that they are there", |shot| shot.has("○ 24 here"));
    assert!(!shot.has("● LIVE"));
    tty.quit();
}

#[test]
fn read_only_changes_nothing() {
    let sim = account(20.0);
    let mut tty = all(Launch::on(&sim).with("--read-only"));
    for (keys, name) in [
        ("aA", "create-app"),
        ("aE", "rename-app"),
        ("aD", "delete-app"),
        ("aL", "rename-organisation"),
    ] {
        tty.types(keys);
        tty.sees(&format!("{name}: pangea is read-only"));
        tty.types("\u{1b}");
        tty.sees_no("┏ Actions");
    }
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_locked_account_refuses_until_it_is_unlocked() {
    let sim = account(20.0);
    let mut tty = all(Launch::on(&sim).setting("protected = true"));
    tty.types("aL");
    tty.sees("rename-organisation: pangea is protected; ! unlocks it");
    tty.types("\u{1b}");
    tty.sees_no("┏ Actions");
    tty.types("!");
    tty.sees("Unlock pangea?");
    tty.types("pangea\r");
    tty.sees("UNLOCKED 09:5");
    tty.types("aL");
    tty.sees("▸   Harbour Works");
    tty.types("\r");
    tty.sees("▸ name");
    tty.types("Sea Works\r");
    asks(&tty, "rename organisation");
    tty.types("n");
    tty.sees("not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}
