//! Apps of the catalogue: installed from the form, tried again, with the deployments that are known.

use std::time::Duration;

use serde_json::json;

use super::{app_row, asks, at, organisation, right};
use crate::kit::Shot;

/// An installation is looked at every few seconds.
const PATIENTLY: Duration = Duration::from_mins(1);

#[test]
fn a_failed_installation_is_tried_again_and_both_deployments_are_known() {
    let sim = organisation(20.0);
    let mut tty = at(&sim, "n8n");
    tty.when("why it failed, and how much is known", |shot| {
        app_row(shot, "n8n").contains("✖ FAIL  n8n") && shot.has("the deployments known to")
    });
    tty.types("ay");
    asks(&tty, "retry");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("y");
    tty.within(PATIENTLY, "that it lives", |shot| {
        shot.has("✓ retry n8n") && app_row(shot, "n8n").contains("● LIVE")
    });
    let of_history =
        |shot: &Shot, word: &str| shot.rows.iter().any(|row| right(row).contains(word));
    tty.when("the new deployment, and the failed one below it", |shot| {
        of_history(shot, "● live") && of_history(shot, "✖ failed")
    });
    assert_eq!(sim.count("RetryManagedApp"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn an_app_is_installed_from_the_form() {
    let sim = organisation(20.0);
    let mut tty = at(&sim, "umami");
    tty.types("aA");
    tty.sees("create-app · pandastack");
    tty.types("grafana\tname=board");
    tty.when("the form filled in", |shot| {
        shot.row("name  grafana").is_some() && shot.has("set   name=board")
    });
    tty.types("\r");
    asks(&tty, "create app");
    assert_eq!(sim.changing(), 0);
    tty.types("y");
    tty.within(PATIENTLY, "that it is installed", |shot| {
        shot.has("✓ create app pandastack")
    });
    tty.types("/");
    tty.types("\u{15}app:board\r");
    tty.when("it among the others", |shot| {
        shot.has("of 30") && app_row(shot, "board").contains("● LIVE")
    });
    assert_eq!(
        sim.count("DeployManagedApp"),
        1,
        "a second one would be a second app"
    );
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn an_app_that_the_catalogue_has_not_is_refused_and_nothing_was_lost() {
    let sim = organisation(20.0);
    let mut tty = at(&sim, "umami");
    tty.types("aA");
    tty.sees("create-app · pandastack");
    tty.types("nosuchapp\t\r");
    asks(&tty, "create app");
    tty.types("y");
    tty.when("why", |shot| {
        shot.row("✖ create app")
            .is_some_and(|row| row.contains("not done"))
    });
    assert_eq!(sim.changing(), 1, "it was sent once");
    tty.quit();
}

#[test]
fn an_installation_that_fails_says_why_and_what_to_do() {
    let sim = organisation(20.0);
    sim.fault(&json!([
        { "operation": "RetryManagedApp", "fail_deployment": "the registry is away" }
    ]));
    let mut tty = at(&sim, "n8n");
    tty.types("ay");
    asks(&tty, "retry");
    tty.types("y");
    tty.within(PATIENTLY, "why", |shot| {
        shot.has("retry n8n FAILED") && shot.has("the registry is away")
    });
    assert_eq!(sim.count("RetryManagedApp"), 1);
    tty.quit();
}
