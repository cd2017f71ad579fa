//! One event holds an app: who, since when, and what to do about it.

use super::{app_row, asks, at, newest_event, server};

#[test]
fn a_locked_app_says_who_holds_it_and_lets_go_when_that_is_cancelled() {
    let sim = server(20.0);
    let mut tty = at(&sim, "meadow");
    tty.when("it is busy", |shot| {
        app_row(shot, "meadow").contains("busy: command by")
    });
    tty.types("ae");
    let shot = asks(&tty, "restart");
    assert!(shot.has("▲ app.run of lead@example.com, begun at "));
    assert!(shot.has("holds the app: the server waits 10 s for it, then"));
    tty.types("y");
    tty.when("what was refused, why, since when, what to do", |shot| {
        shot.row("✖ restart meadow not done: locked: app.run of lead@example.com since 20")
            .is_some_and(|row| row.contains("UTC: wait, or cancel it"))
    });
    assert_eq!(sim.count("AppRestart"), 1, "it is not repeated");
    tty.types("6");
    tty.when("what holds it, first", |shot| {
        shot.row("command of meadow, under way")
            .is_some_and(|row| row.contains("◐ RUNS"))
    });
    tty.types("/meadow command\r");
    tty.when("that alone", |shot| {
        shot.row("▸ ")
            .is_some_and(|row| row.contains("command of meadow"))
    });
    tty.types("X");
    asks(&tty, "cancel event");
    tty.types("y");
    tty.sees("✓ cancel event meadow done");
    tty.when("it stands there as what it is", |shot| {
        shot.row("command of meadow, cancelled")
            .is_some_and(|row| row.contains("NOTE"))
    });
    assert_eq!(newest_event(&sim, "meadow", "app.run")["Running"], false);
    tty.types("1");
    tty.when("it is free", |shot| {
        !app_row(shot, "meadow").contains("busy") && shot.has("┏ Apps")
    });
    tty.types("ae");
    asks(&tty, "restart");
    tty.types("y");
    tty.sees("✓ restart meadow done");
    assert_eq!(sim.count("AppRestart"), 2);
    tty.quit();
}
