//! Deploys: followed from elsewhere, cancelled, gone back from.

use std::time::Duration;

use serde_json::json;

use super::{app_row, asks, at, newest_event, process, right, server};
use crate::kit::Terminal;

/// Builds are slow here, so that they are seen.
const SLOWLY: Duration = Duration::from_mins(1);

/// Somebody else deploys the selected app, and it is seen.
fn somebody_deploys(tty: &mut Terminal, sim: &crate::kit::Sim, app: &str) {
    sim.post(
        "deploy",
        &json!({ "environment": format!("{app}/web"), "outcome": "success" }),
    );
    tty.types("r");
    tty.when("a build", |shot| {
        let is_building = |row: &str| row.contains("◐ BUIL") && row.contains("deploy");
        is_building(app_row(shot, app))
            && process(shot, "web").contains("◐ BUIL")
            && shot
                .rows
                .iter()
                .any(|row| right(row).contains("◐ building"))
    });
}

#[test]
fn a_deploy_from_elsewhere_is_followed_and_its_own_log_takes_the_place_in_the_end() {
    let sim = server(3.0);
    let mut tty = at(&sim, "tundra");
    let before = newest_event(&sim, "tundra", "app.deploy")["UniqueID"].clone();
    somebody_deploys(&mut tty, &sim, "tundra");
    tty.types("l++");
    tty.when("its log, as far as the app's log has it", |shot| {
        shot.has("this deploy was started elsewhere") && shot.has("load build definition")
    });
    tty.within(SLOWLY, "the end", |shot| shot.has("succeeded after"));
    // All of it, from the first line.
    tty.resize(120, 100);
    let shot = tty.when("both logs", |shot| {
        shot.has("this deploy was started elsewhere") && shot.has("it begins anew")
    });
    let at_row = |text: &str| shot.rows.iter().position(|row| row.contains(text)).unwrap();
    let (anew, end) = (at_row("it begins anew"), at_row("succeeded after"));
    let kept = &shot.rows[anew..end];
    for step in ["Building application image", "Done updating units"] {
        assert!(kept.iter().any(|row| row.contains(step)), "{step}");
    }
    let event = newest_event(&sim, "tundra", "app.deploy");
    assert_ne!(event["UniqueID"], before);
    assert_eq!(sim.changing(), 0, "nothing of it was ours");
    tty.types("__");
    tty.quit();
}

#[test]
fn a_deploy_is_cancelled_by_key_and_stands_as_cancelled() {
    let sim = server(1.0);
    let mut tty = at(&sim, "tundra");
    let release = |shot: &crate::kit::Shot| {
        let words: Vec<_> = app_row(shot, "tundra").split_whitespace().collect();
        let at = words.iter().position(|word| *word == "tsuru");
        at.map(|at| words[at + 1].to_owned())
    };
    let before = release(&tty.shot());
    somebody_deploys(&mut tty, &sim, "tundra");
    tty.types("X");
    asks(&tty, "cancel");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("n");
    tty.sees("cancel tundra: not done");
    // The same with the form, where the reason goes.
    tty.types("a/cancel\t");
    tty.sees("cancel · tundra");
    tty.types("\rwrong branch");
    tty.when("the form filled in", |shot| {
        shot.row("▸ reason")
            .is_some_and(|row| row.contains("wrong branch"))
    });
    tty.types("\r");
    asks(&tty, "cancel");
    tty.types("y");
    tty.sees("✓ cancel tundra done");
    tty.when("it is over, and what ran before runs", |shot| {
        let mut rows = shot.rows.iter().map(|row| right(row));
        rows.any(|row| row.contains("○ cancelled"))
            && app_row(shot, "tundra").contains("● LIVE")
            && release(shot) == before
    });
    assert_eq!(sim.count("EventCancel"), 1);
    assert_eq!(sim.changing(), 1);
    let event = newest_event(&sim, "tundra", "app.deploy");
    assert_eq!(event["CancelInfo"]["Reason"], "wrong branch");
    assert_eq!(event["CancelInfo"]["Canceled"], true);
    tty.types("6");
    let shot = tty.when("neither done nor failed", |shot| shot.has("○ CANC"));
    assert!(
        !shot.has("deploy of tundra, cancelled"),
        "the deployment and the trail's word of it are one row"
    );
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.quit();
}

#[test]
fn a_roll_back_names_the_image_and_shows_what_the_server_prints() {
    let sim = server(1.0);
    let mut tty = at(&sim, "ripple");
    assert!(
        app_row(&tty.shot(), "ripple").contains(" PROD "),
        "its pool is prod"
    );
    tty.types("Z");
    tty.sees("app-ripple:v5");
    let shot = asks(&tty, "roll back");
    assert!(shot.has("version  v6 → v5"));
    assert!(shot.has(" PROD "));
    assert_eq!(sim.changing(), 0);
    tty.types("y");
    tty.when("what the server prints", |shot| {
        shot.row("◐ roll back ripple (PROD, tsuru)")
            .is_some_and(|row| row.contains("new units"))
    });
    tty.within(SLOWLY, "its end", |shot| {
        let row = app_row(shot, "ripple");
        shot.has("✓ roll back ripple LIVE in") && row.contains("● LIVE") && row.contains(" v5 ")
    });
    assert_eq!(sim.count("DeployRollback"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}
