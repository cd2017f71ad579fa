//! Sizes, colours, characters, and quiet.

use std::collections::BTreeSet;

use regex::Regex;

use crate::kit::{Launch, Shot, Sim, Terminal, until};

fn is_complete(shot: &Shot) -> bool {
    shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
}

type Check = fn(&Shot) -> bool;

#[test]
fn every_size_is_drawn_while_it_runs() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).start();
    tty.when("a complete screen", is_complete);
    let steps: [((u16, u16), &str, Check); 9] = [
        ((200, 60), "sidebar and activity", |shot| {
            shot.has("Contexts 1") && shot.has("Activity") && shot.has("Detail ")
        }),
        ((80, 24), "tabs", |shot| shot.has("Environments ┃ Logs")),
        ((50, 20), "one pane", |shot| {
            shot.has("Apps 24") && !shot.has("Logs ┃")
        }),
        ((30, 6), "a line", |shot| {
            shot.has("● 22") && !shot.has("Apps")
        }),
        ((1, 1), "a cell", |_| true),
        ((250, 80), "much room", |shot| shot.has("Contexts 1")),
        ((120, 7), "a line though wide", |shot| {
            shot.has("● 22") && !shot.has("Apps")
        }),
        ((120, 15), "one pane though wide", |shot| {
            shot.has("Apps 24")
        }),
        ((120, 40), "the first size", is_complete),
    ];
    for ((width, height), what, check) in steps {
        tty.resize(width, height);
        tty.when(&format!("{what} at {width}x{height}"), |shot| {
            shot.rows.len() == usize::from(height) && check(shot)
        });
    }
    let shot = tty.when("all of the last screen", |shot| {
        is_complete(shot) && shot.has("? help") && shot.has("flightdeck")
    });
    assert!(!shot.has("Contexts 1") && !shot.has("too small"));
    tty.types("j");
    tty.when("keys work", |shot| {
        shot.selected_app() == shot.apps().get(1).cloned()
    });
    tty.quit();
}

#[test]
fn resizing_in_a_flurry_ends_in_a_complete_screen() {
    let sim = Sim::still();
    // Frames are drawn all the while: some for a size that the terminal no longer has.
    sim.flood("checkout/test", 500);
    let mut tty = Launch::on(&sim).start();
    tty.when("a complete screen", is_complete);
    for step in 0..40 {
        tty.resize(1 + step * 4, 1 + step);
    }
    tty.resize(120, 40);
    tty.when("a complete screen again", |shot| {
        is_complete(shot) && shot.has("? help") && shot.rows.iter().all(|row| !row.contains("┏━┓"))
    });
    tty.quit();
}

/// Parameters of all SGR sequences in the output.
fn sgr(raw: &[u8]) -> BTreeSet<u16> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let sequence = Regex::new("\u{1b}\\[([0-9;:]*)m").unwrap();
    sequence
        .captures_iter(&text)
        .flat_map(|found| {
            let parameters = found[1].to_owned();
            parameters
                .split([';', ':'])
                .map(|parameter| parameter.parse().unwrap_or(0))
                .collect::<Vec<u16>>()
        })
        .collect()
}

fn drawn(launch: Launch) -> (Terminal, Shot) {
    let mut tty = launch.start();
    tty.when("apps", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
    });
    tty.types("?");
    tty.sees("Keys in");
    tty.types("\u{1b}");
    tty.sees_no("Keys in");
    tty.types("\tjk\t\t\t+__");
    let shot = tty.when("all of it again", |shot| {
        shot.has("Apps 24") && shot.has("Backups")
    });
    (tty, shot)
}

#[test]
fn no_color_means_no_colour() {
    let sim = Sim::still();
    sim.log(
        "checkout/test",
        &["\u{1b}[31mred\u{1b}[0m and \u{1b}[48;5;9mmore\u{1b}[m"],
    );
    for launch in [
        Launch::on(&sim).variable("NO_COLOR", "1"),
        Launch::on(&sim).setting("[ui]\ncolour = \"none\""),
        Launch::on(&sim).variable("TERM", "dumb"),
    ] {
        let (tty, shot) = drawn(launch);
        let used = sgr(&tty.raw());
        let is_colour = |code: &u16| matches!(code, 30..=49 | 58 | 59 | 90..=107);
        let colours: Vec<_> = used.iter().copied().filter(is_colour).collect();
        assert_eq!(colours, [] as [u16; 0]);
        assert!(used.contains(&7), "PROD stands out all the same: {used:?}");
        assert!(shot.has("✖ FAIL") && shot.has("● LIVE"));
        tty.quit();
    }
}

#[test]
fn colours_that_are_asked_for_are_there_whatever_the_environment_says() {
    let sim = Sim::still();
    let launch = Launch::on(&sim).setting("[ui]\ncolour = \"full\"");
    let (tty, _) = drawn(launch.variable("NO_COLOR", "1"));
    assert!(sgr(&tty.raw()).contains(&38));
    tty.quit();
}

#[test]
fn sixteen_colours_are_those_of_the_palette() {
    let sim = Sim::still();
    let (tty, _) = drawn(Launch::on(&sim).variable("TERM", "xterm"));
    let text = String::from_utf8_lossy(&tty.raw()).into_owned();
    assert!(!text.contains("38;2;") && !text.contains("48;2;"));
    tty.quit();
}

#[test]
fn ascii_means_ascii() {
    let sim = Sim::still();
    sim.log("checkout/test", &["Überraschung: 日本語 → ✓ … – 'quotes’"]);
    for (width, height) in [(120, 40), (200, 60), (80, 24), (50, 20), (30, 6)] {
        let mut tty = Launch::on(&sim).with("--ascii").size(width, height).start();
        tty.sees("ok 22");
        tty.types("?");
        tty.types("\u{1b}");
        if width > 60 {
            tty.when("apps", |shot| shot.has("!! FAIL") && shot.has("FOLLOW"));
            tty.types("?");
            tty.sees("Keys in");
            tty.types("\u{1b}");
            tty.sees_no("Keys in");
            tty.types("/x");
            tty.sees("/x");
            tty.types("\u{1b}");
            tty.types("d");
            tty.types("D");
        }
        let strange: BTreeSet<char> = String::from_utf8_lossy(&tty.raw())
            .chars()
            .filter(|c| !c.is_ascii())
            .collect();
        assert_eq!(strange, BTreeSet::new(), "{width}x{height}");
        drop(tty);
    }
}

/// The clock in the header.
fn minute(shot: &Shot) -> String {
    shot.rows[0]
        .trim_end()
        .rsplit(' ')
        .next()
        .unwrap()
        .to_owned()
}

/// Seconds of this minute that are left.
fn seconds_left() -> i8 {
    59 - flightdeck::shell::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .second()
}

#[test]
fn a_quiet_dashboard_writes_nothing() {
    let sim = Sim::still();
    let tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("a complete screen", is_complete);
    // A machine that stalls for seconds makes ages late, and that is shown: then once more.
    let mut written = Vec::new();
    for _ in 0..4 {
        if seconds_left() < 20 {
            let before = minute(&tty.shot());
            tty.within(2 * crate::kit::PATIENCE, "the next minute", |shot| {
                minute(shot) != before
            });
        }
        sim.until_asked("ListEnvironments", 2);
        let before = tty.written();
        sim.until_asked("ListEnvironments", 3);
        written = tty.raw()[before..].to_vec();
        if written.is_empty() {
            tty.quit();
            return;
        }
    }
    panic!(
        "written while nothing changed: {:?}",
        String::from_utf8_lossy(&written)
    );
}

#[test]
fn a_log_that_nobody_sees_is_not_asked_for() {
    let sim = Sim::still();
    let mut tty = Launch::on(&sim).setting("poll = \"2s\"").start();
    tty.when("a complete screen", is_complete);
    let asked = sim.count("GetEnvironmentLogs");
    until("the log is asked for", || {
        (sim.count("GetEnvironmentLogs") > asked).then_some(())
    });
    tty.types("++");
    tty.sees_no("Backups");
    // What was on its way may still arrive.
    sim.until_asked("ListEnvironments", 1);
    let asked = sim.count("GetEnvironmentLogs");
    sim.until_asked("ListEnvironments", 4);
    assert_eq!(sim.count("GetEnvironmentLogs"), asked);
    tty.types("_");
    tty.sees("Backups");
    tty.quit();
}
