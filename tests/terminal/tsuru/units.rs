//! Units of processes.

use super::{app_row, asks, at, process, server, to_processes};
use crate::kit::{Shot, Terminal};

/// Fills in the form: its first field is the number.
fn scale(tty: &mut Terminal, title: &str, units: &str) {
    tty.types("ac");
    tty.sees(&format!("scale · {title}"));
    tty.types(&format!("\u{15}{units}"));
    tty.when("the number", |shot| {
        shot.row("▸ units").is_some_and(|row| row.contains(units))
    });
    tty.types("\r\r");
}

#[test]
fn a_process_is_scaled_and_what_the_server_prints_is_seen_twice() {
    let sim = server(1.0);
    let mut tty = at(&sim, "ripple");
    to_processes(&mut tty);
    tty.when("two units", |shot| process(shot, "web").contains(" 2/2 "));
    scale(&mut tty, "ripple/web", "4");
    let shot = asks(&tty, "scale");
    assert!(shot.has("units    2 → 4"));
    assert_eq!(sim.changing(), 0, "asking costs nothing");
    tty.types("yT");
    let is_printed = |row: Option<&str>| row.is_some_and(|row| row.contains("of 2 new units"));
    tty.when("in the strip and in the list of operations", |shot| {
        is_printed(shot.row("◐ scale ripple/web (PROD, tsuru)"))
            && is_printed(shot.row("◐ RUNS  scale"))
    });
    tty.types("1");
    tty.when("four units", |shot: &Shot| {
        shot.has("✓ scale ripple/web done in") && process(shot, "web").contains(" 4/4 ")
    });
    assert_eq!(sim.count("UnitsAdd"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn what_scales_by_itself_is_scaled_by_its_bounds() {
    let sim = server(20.0);
    let mut tty = at(&sim, "beacon");
    to_processes(&mut tty);
    scale(&mut tty, "beacon/web", "6");
    let shot = tty.sees("✖ the platform refuses this");
    assert!(shot.has("web scales automatically: change its bounds with `autoscale`"));
    assert!(!shot.is_bold("y scale"));
    tty.insists("y", " ✖ the platform refuses this");
    tty.types("n");
    tty.sees("scale beacon/web: not done");
    assert_eq!(sim.changing(), 0, "y sends nothing");
    tty.quit();
}

#[test]
fn an_app_restarts_as_a_whole_from_its_row_and_one_process_from_its_own() {
    let sim = server(20.0);
    let mut tty = at(&sim, "atlas");
    tty.types("ae");
    let shot = asks(&tty, "restart");
    assert!(shot.has("┏ restart atlas "));
    let all = shot.row("all of").unwrap();
    for part in ["scheduler 1/1", "web 3/3", "worker 2/2"] {
        assert!(all.contains(part), "{all}");
    }
    tty.types("n");
    tty.sees("restart atlas: not done");
    to_processes(&mut tty);
    tty.types("ae");
    let shot = asks(&tty, "restart");
    assert!(shot.has("┏ restart atlas/scheduler "));
    tty.types("y");
    tty.sees("✓ restart atlas/scheduler done");
    assert_eq!(sim.count("AppRestart"), 1);
    assert_eq!(sim.changing(), 1);
    tty.when("all are there", |shot| {
        app_row(shot, "atlas").contains(" 6/6 ")
    });
    tty.quit();
}
