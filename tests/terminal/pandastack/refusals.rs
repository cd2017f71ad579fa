//! What cannot be done, or must not be: said before anything is sent.

use super::{asks, at, at_with, organisation};
use crate::kit::{Launch, Terminal};

/// Presses keys, and sees why nothing comes of it.
fn refuses(tty: &mut Terminal, keys: &str, why: &str) {
    tty.types(keys);
    tty.sees(why);
    if keys.starts_with('a') {
        tty.types("\u{1b}");
        tty.sees_no("┏ Actions");
    }
}

#[test]
fn what_only_projects_have_is_not_offered_for_managed_apps_and_the_other_way_round() {
    let sim = organisation(20.0);
    let mut tty = at(&sim, "umami");
    assert!(!tty.shot().has(" D deploy"), "the hint would be untrue");
    let why = "✖ deploy: PandaStack's API deploys a managed app by installing it";
    refuses(&mut tty, "D", why);
    tty.types("a");
    tty.when("the same in the menu", |shot| {
        shot.row(" d deploy ")
            .is_some_and(|row| row.contains("– PandaStack's API"))
    });
    tty.types("\u{1b}");
    tty.sees_no("┏ Actions");
    tty.types("/");
    tty.types("\u{15}app:shop-api\r");
    tty.when("a project", |shot| {
        shot.selected_app().as_deref() == Some("shop-api")
    });
    tty.types("D");
    asks(&tty, "deploy shop-api");
    tty.types("n");
    tty.sees("deploy shop-api: not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn backups_and_logs_that_there_are_not_are_no_failures() {
    let sim = organisation(20.0);
    let mut tty = at(&sim, "umami");
    let shot = tty.when("what there is instead", |shot| {
        shot.has("PandaStack's API has no backups.")
            && shot.has("no logs of managed apps in PandaStack's API: what flightdeck saw")
    });
    assert!(!shot.has("failed:"));
    refuses(&mut tty, "B", "✖ backup: PandaStack's API has no backups");
    tty.types("6");
    tty.sees("Activity");
    tty.types("1");
    tty.sees("┏ Apps");
    let marks = |shot: &crate::kit::Shot| {
        let rows = shot.rows.iter();
        rows.filter(|row| row.contains("no logs of managed apps"))
            .count()
    };
    let shot = tty.when("its log again", |shot| marks(shot) > 0);
    assert_eq!(marks(&shot), 1, "it is told once");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_read_only_context_verifies_nothing_and_changes_nothing() {
    let sim = organisation(20.0);
    let mut tty = at_with(Launch::on(&sim).with("--read-only"), "ghost");
    refuses(&mut tty, "af", "verify-domain: pandastack is read-only");
    refuses(
        &mut tty,
        "aC",
        "complete-installation: pandastack is read-only",
    );
    refuses(&mut tty, "aA", "create-app: pandastack is read-only");
    assert_eq!(sim.count("VerifyManagedAppDomain"), 0);
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_locked_context_refuses_until_it_is_unlocked() {
    let sim = organisation(20.0);
    let mut tty = at_with(Launch::on(&sim).setting("protected = true"), "ghost");
    refuses(
        &mut tty,
        "af",
        "verify-domain: pandastack is protected; ! unlocks it",
    );
    assert_eq!(sim.count("VerifyManagedAppDomain"), 0);
    tty.types("!");
    tty.sees("Unlock pandastack?");
    tty.types("pandastack\r");
    tty.sees("UNLOCKED 09:5");
    tty.types("af");
    tty.sees("verify-domain · ghost/production");
    tty.types("\u{1b}");
    tty.sees_no("verify-domain · ghost/production");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}
