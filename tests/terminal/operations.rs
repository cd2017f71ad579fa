//! Changing things: what it takes, and how often it is sent.

use crate::kit::{Launch, Shot, Sim, Terminal};

/// A deployment takes so long that it is seen.
pub(crate) fn slow() -> Sim {
    Sim::still_on("divio", 5.0)
}

/// On the test environment of the first app, which failed.
pub(crate) fn at_test(sim: &Sim, launch: Launch) -> Terminal {
    assert_eq!(sim.changing(), 0);
    let mut tty = launch.start();
    tty.when("all panes", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
    });
    assert_eq!(tty.shot().selected_app().as_deref(), Some("checkout"));
    tty.types("d");
    tty.when("the environments", |shot| shot.has("┏ Environments"));
    // Chosen: from now on the selection stays on it.
    tty.types("jk");
    tty.when("the test environment", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty
}

/// The first row of the backups.
fn newest_backup(shot: &Shot) -> Option<&str> {
    let at = shot.rows.iter().position(|row| row.contains("TAKEN"))?;
    let row = shot.rows.get(at + 1)?;
    row.rsplit('│').nth(1)
}

#[test]
fn a_deployment_goes_to_its_end() {
    let sim = slow();
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.types("D");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("y");
    tty.sees("◐ deploy checkout/test (stag, divio)");
    tty.sees("Logs  checkout/test · deployment");
    tty.when("its log", |shot| shot.has(": its log ──"));
    tty.when("its end", |shot| shot.has("✓ deploy checkout/test"));
    tty.when("the verdict in the log", |shot| {
        shot.row("── deployment ")
            .is_some_and(|_| shot.rows.iter().any(|row| row.contains("succeeded after")))
    });
    tty.when("it stands in the line of operations", |shot| {
        shot.has("✓ deploy checkout/test (stag, divio)")
    });
    assert_eq!(sim.count("CreateDeployment"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn enter_is_no() {
    let sim = Sim::still();
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.types("D");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    tty.types("\r");
    tty.sees("deploy checkout/test: not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn production_asks_in_a_dialog_that_cannot_be_hit_by_accident() {
    let sim = Sim::still();
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.types("j");
    tty.sees("Logs  checkout/live");
    // In one go: the y was typed before the dialog could be read.
    tty.types("Dy");
    let is_armed = |shot: &Shot| shot.is_bold("y deploy");
    let shot = tty.when("the dialog, armed", |shot| {
        shot.has("Enter cancel") && is_armed(shot)
    });
    for fact in [" PROD ", "runs now", "then", "last good", "checkout/live"] {
        assert!(shot.has(fact), "{fact}");
    }
    assert_eq!(sim.changing(), 0);
    tty.types("\r");
    tty.sees("deploy checkout/live: not done");
    assert_eq!(sim.changing(), 0, "Enter is no");
    tty.types("D");
    tty.when("the dialog again", is_armed);
    tty.types("y");
    tty.sees("✓ deploy checkout/live");
    assert_eq!(sim.count("CreateDeployment"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn a_backup_goes_to_its_end_and_stands_first() {
    let sim = slow();
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.when("fifteen backups", |shot| shot.has("Backups 15"));
    tty.types("B");
    tty.sees("backup checkout/test (stag) in divio? y/N");
    tty.types("y");
    tty.sees("backup checkout/test (stag, divio)");
    tty.sees("✓ backup checkout/test");
    tty.when("the new one first", |shot| {
        shot.has("Backups 16")
            && newest_backup(shot).is_some_and(|row| row.contains("● DONE") && row.contains("test"))
    });
    assert_eq!(sim.count("CreateBackup"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn read_only_changes_nothing() {
    let sim = Sim::still();
    let mut tty = at_test(&sim, Launch::on(&sim).with("--read-only"));
    for (key, verb) in [("D", "deploy"), ("B", "backup")] {
        tty.types(key);
        tty.sees(&format!("{verb}: divio is read-only"));
        // Whatever y means here, it is no answer to a question that was not asked.
        tty.types("y");
        tty.sees("letter or Enter copies");
        tty.types("\u{1b}");
        tty.sees_no("letter or Enter copies");
    }
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_protected_context_is_locked_until_it_is_unlocked() {
    let sim = Sim::still();
    let mut tty = at_test(&sim, Launch::on(&sim).setting("protected = true"));
    assert!(tty.shot().has("PROD locked"));
    tty.types("D");
    tty.sees("deploy: divio is protected; ! unlocks it");
    tty.types("!");
    tty.sees("Unlock divio?");
    tty.types("y\r");
    tty.sees("divio stays locked");
    tty.types("!");
    tty.sees("Unlock divio?");
    tty.types("divio\r");
    tty.sees("UNLOCKED 09:5");
    tty.types("D");
    tty.when("one tier higher: a dialog", |shot| shot.has("Enter cancel"));
    tty.when("armed", |shot| shot.is_bold("y deploy"));
    tty.types("n");
    tty.sees("deploy checkout/test: not done");
    assert_eq!(sim.changing(), 0);
    tty.quit();
}

#[test]
fn a_failed_deployment_says_why() {
    let sim = slow();
    sim.fault(&serde_json::json!([
        { "operation": "CreateDeployment", "fail_deployment": "migrate exited with 1" }
    ]));
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.types("D");
    tty.sees("y/N");
    tty.types("y");
    tty.sees("deploy checkout/test FAILED");
    tty.when("the verdict in the log", |shot| {
        shot.rows
            .iter()
            .any(|row| row.contains("── deployment") && row.contains("failed"))
    });
    tty.quit();
}

#[test]
fn quitting_while_something_runs_asks() {
    let sim = slow();
    let mut tty = at_test(&sim, Launch::on(&sim));
    tty.types("D");
    tty.sees("y/N");
    tty.types("y");
    tty.sees("◐ deploy checkout/test");
    tty.types("q");
    tty.sees("Quit while operations run?");
    tty.types("n");
    tty.sees_no("Quit while operations run?");
    tty.sees("✓ deploy checkout/test");
    tty.quit();
}
