//! What is there after the start, at every size.

use crate::kit::{Launch, Sim};

const PANES: [&str; 4] = ["Apps ", "Environments ", "Logs ", "Backups "];

#[test]
fn four_panes_have_data_from_100_columns() {
    let sim = Sim::still();
    for (width, height) in [(120, 40), (200, 60)] {
        let tty = Launch::on(&sim).size(width, height).start();
        let shot = tty.when("four panes with data", |shot| {
            shot.has("Apps 24")
                && shot.has("Environments 2")
                && shot.has(" FOLLOW ")
                && shot.has("DONE")
        });
        for pane in PANES {
            assert!(shot.has(pane), "{pane} at {width}x{height}");
        }
        assert!(shot.has("divio ● <15s"));
        assert!(!shot.has("too small"));
        tty.quit();
    }
}

#[test]
fn a_world_in_which_nothing_happens_has_no_news() {
    let sim = Sim::still();
    let tty = Launch::on(&sim)
        .size(200, 60)
        .setting("poll = \"2s\"")
        .start();
    tty.when("apps with their state", |shot| {
        shot.has("Apps 24") && shot.has("● 22 live")
    });
    sim.until_asked("ListEnvironments", 2);
    assert!(tty.shot().has("Nothing has changed since the start."));
    tty.quit();
}

#[test]
fn a_narrow_screen_has_tabs() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).size(80, 24).start();
    let shot = tty.when("apps over a log", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW")
    });
    assert!(shot.has("Environments ┃ Logs ┃ Backups ┃ Detail"));
    tty.types("]");
    tty.when("the backups' tab", |shot| {
        shot.has("last good") && shot.has("DONE")
    });
    tty.types("[[");
    tty.when("the environments' tab", |shot| {
        shot.has("branch") && shot.has("test")
    });
    tty.quit();
}

#[test]
fn a_small_screen_has_one_pane() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).size(50, 20).start();
    tty.when("apps with their state", |shot| {
        shot.has("Apps 24") && shot.has("✖ FAIL")
    });
    tty.types("l");
    let shot = tty.sees("FOLLOW");
    assert!(!shot.has("Apps 24"));
    tty.quit();
}

#[test]
fn the_smallest_screen_has_a_summary() {
    let sim = Sim::still();
    let tty = Launch::on(&sim).size(30, 6).start();
    let shot = tty.sees("● 22");
    assert!(shot.has("✖ 2"));
    assert_eq!(
        shot.rows
            .iter()
            .filter(|row| !row.trim().is_empty())
            .count(),
        1
    );
    tty.quit();
}

#[test]
fn the_demo_says_that_it_is_one() {
    let tty = Launch::demo().start();
    let shot = tty.when("every account", |shot| {
        let accounts = ["divio-lab ●", "tsuru ●", "pandastack ●", "pangea ●"];
        shot.has(" DEMO ") && accounts.iter().all(|it| shot.has(it)) && shot.has("Apps 119")
    });
    assert!(shot.has("◐"), "the story has begun");
    tty.quit();
}

#[test]
fn without_a_configuration_it_says_what_to_do() {
    let tty = Launch::bare().start();
    let shot = tty.sees("No context is configured");
    assert!(shot.has("--demo"));
    assert!(shot.has("flightdeck config path"));
    tty.quit();
}
