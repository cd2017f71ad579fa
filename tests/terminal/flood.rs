//! Logs that are written faster than anybody reads: nothing is lost unseen, keys are answered.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::kit::{Launch, Shot, Sim, Terminal, until, until_within};

/// The log that is flooded, of an app with one process first.
const LOG: &str = "lantern/web";
/// So long takes what a slow machine has to catch up with.
const LONG: Duration = Duration::from_mins(2);

/// A server whose logs are streams.
fn server() -> Sim {
    Sim::still_on("tsuru", 1.0)
}

/// The log on the whole screen.
fn following(sim: &Sim) -> Terminal {
    let mut tty = Launch::on(sim).start();
    tty.when("the apps and a log", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW")
    });
    tty.types("/app:lantern\r");
    tty.when("the log of the app", |shot| {
        shot.selected_app().as_deref() == Some("lantern") && shot.has(&format!("Logs  {LOG}"))
    });
    tty.types("3");
    tty.when("nothing but the log", |shot| {
        !shot.has("┃ Apps") && !shot.has("Environments") && lines(shot).is_some()
    });
    tty
}

/// What the log had before it is flooded: all of it is there, and counted.
fn at_rest(sim: &Sim, tty: &Terminal) -> u64 {
    sim.log(LOG, &["before the flood"]);
    counted(&tty.sees("before the flood"))
}

/// Back to the apps, and out.
fn leave(mut tty: Terminal) {
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.quit();
}

/// The number before a word in the title of the log, `… 1 250 lines`.
fn number(shot: &Shot, word: &str) -> Option<u64> {
    let row = shot.row(&format!("Logs  {LOG}"))?;
    let (before, _) = row.split_once(&format!(" {word}"))?;
    let digits = before.chars().rev();
    let digits: Vec<char> = digits
        .take_while(|c| c.is_ascii_digit() || *c == ' ')
        .filter(char::is_ascii_digit)
        .collect();
    digits.into_iter().rev().collect::<String>().parse().ok()
}

fn lines(shot: &Shot) -> Option<u64> {
    number(shot, "lines").or_else(|| number(shot, "line"))
}

/// All lines that ever came: those that are kept, and those that are not.
fn counted(shot: &Shot) -> u64 {
    lines(shot).unwrap_or(0) + number(shot, "dropped").unwrap_or(0)
}

/// The numbers of the lines in sight, from the top.
fn numbers(shot: &Shot) -> Vec<u64> {
    let rows = shot.rows.iter();
    let found = rows.filter_map(|row| row.split_once("seq=")?.1.get(..6)?.parse().ok());
    found.collect()
}

/// Whether numbers follow one another without a gap and without one twice.
fn follow_each_other(numbers: &[u64]) -> bool {
    numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

/// How many lines the marks in sight say were dropped.
fn told_dropped(shot: &Shot) -> u64 {
    let rows = shot.rows.iter();
    let told = rows.filter_map(|row| {
        let (before, _) = row.split_once(" lines came too fast")?;
        before.split_whitespace().last()?.parse::<u64>().ok()
    });
    told.sum()
}

#[test]
fn two_thousand_lines_a_second_are_all_shown_and_each_once() {
    let sim = server();
    let mut tty = following(&sim);
    let before = at_rest(&sim, &tty);
    sim.numbered(&json!({ "environment": LOG, "rate": 2_000, "seconds": 20 }));
    // While they come: the newest in sight is no older than what was written a moment ago.
    for _ in 0..5 {
        let (written, _) = sim.produced();
        tty.when("what was written when it was asked", |shot| {
            numbers(shot).last().is_some_and(|last| last + 1 >= written)
        });
    }
    let produced = sim.until_all_written(LONG);
    assert_eq!(produced, 40_000);
    let shot = tty.when("the newest", |shot| numbers(shot).last() == Some(&39_999));
    assert_eq!(lines(&shot), Some(before + produced), "nothing twice");
    assert_eq!(number(&shot, "dropped"), None, "nothing lost");
    let mut first = check_page(&shot);
    // Page by page back, as far as is worth the while.
    for _ in 0..60 {
        tty.types("\u{2}");
        let shot = tty.when("a page before", |shot| {
            numbers(shot).first().is_some_and(|now| *now < first)
        });
        assert!(numbers(&shot).last() >= Some(&(first - 1)), "pages meet");
        first = check_page(&shot);
    }
    tty.types("G");
    tty.when("the newest again", |shot| {
        shot.has("FOLLOW") && numbers(shot).last() == Some(&39_999)
    });
    leave(tty);
}

/// The first number of a page on which none is missing.
fn check_page(shot: &Shot) -> u64 {
    let found = numbers(shot);
    assert!(found.len() > 10 && follow_each_other(&found), "{found:?}");
    found[0]
}

#[test]
fn keys_are_answered_while_fifty_thousand_lines_a_second_come() {
    let sim = server();
    let mut tty = following(&sim);
    let before = at_rest(&sim, &tty);
    sim.numbered(&json!({ "environment": LOG, "rate": 50_000, "seconds": 5 }));
    tty.when("a flood", |shot| counted(shot) > before + 1_000);
    let mut rounds = 0;
    while !sim.produced().1 || rounds < 2 {
        tty.types("?");
        tty.sees("Keys in Logs");
        tty.types("\u{1b}");
        tty.sees_no("Keys in Logs");
        tty.types("f");
        let shot = tty.sees("f follows");
        let seen = numbers(&shot);
        tty.types("f");
        tty.when("it follows again", |shot| {
            shot.has("FOLLOW") && numbers(shot) >= seen
        });
        rounds += 1;
    }
    let produced = sim.until_all_written(LONG);
    assert_eq!(produced, 250_000);
    // Shown, kept out by the bounds, dropped on the way: together all that was written. Each loss
    // on the way has a line of its own, and is no line of the log.
    let shot = tty.within(LONG, "the last line", |shot| {
        numbers(shot).last() == Some(&(produced - 1))
    });
    let all = before + produced;
    assert!(counted(&shot) >= all, "{} of {all}", counted(&shot));
    assert!(lines(&shot).is_some_and(|kept| kept <= 100_000));
    assert!(
        number(&shot, "dropped").is_some_and(|lost| lost > 0),
        "it is said"
    );
    check_marked(&mut tty);
    leave(tty);
}

/// On every page from the end back: where a number is missing, a line says so.
fn check_marked(tty: &mut Terminal) {
    for _ in 0..20 {
        let shot = tty.shot();
        let found = numbers(&shot);
        let missing: u64 = found.windows(2).map(|pair| pair[1] - pair[0] - 1).sum();
        assert!(found.is_sorted(), "{found:?}");
        assert!(
            missing <= told_dropped(&shot),
            "{missing} missing in silence"
        );
        tty.types("\u{2}");
        tty.when("a page before", |shot| numbers(shot) != found);
    }
}

#[test]
fn memory_stays_within_bounds_however_much_comes() {
    const MIB: u64 = 1024 * 1024;
    let sim = server();
    let tty = following(&sim);
    if tty.memory().is_none() {
        // Only Linux tells.
        return leave(tty);
    }
    let before = at_rest(&sim, &tty);
    let order = json!({ "environment": LOG, "rate": 40_000, "seconds": 4, "length": 300 });
    sim.numbered(&order);
    let first = sim.until_all_written(LONG);
    // What is full does not grow: 32 MiB of text at the most, whatever the number of lines.
    tty.within(LONG, "all that came first", |shot| {
        counted(shot) >= before + first
    });
    let full = tty.memory().unwrap();
    sim.numbered(
        &json!({ "environment": LOG, "rate": 40_000, "seconds": 4, "length": 300,
        "first": first }),
    );
    let both = sim.until_all_written(LONG);
    tty.within(LONG, "all that came then", |shot| {
        numbers(shot).last() == Some(&(both - 1))
    });
    let then = tty.memory().unwrap();
    assert!(full < 200 * MIB, "{} MiB", full / MIB);
    assert!(
        then < full + 24 * MIB,
        "{} MiB, then {}",
        full / MIB,
        then / MIB
    );
    leave(tty);
}

#[test]
fn a_command_that_follows_writes_every_line_once() {
    let sim = server();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("flightdeck.toml");
    sim.write_config(&config);
    let out = home.path().join("out");
    let mut child = Command::new(env!("CARGO_BIN_EXE_flightdeck"))
        .arg("--config")
        .arg(&config)
        .args(["logs", LOG, "--follow"])
        .env("HOME", home.path())
        .env("XDG_STATE_HOME", home.path())
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let read = || fs::read_to_string(&out).unwrap();
    until("it follows", || sim.are_streams_open().then_some(()));
    sim.numbered(&json!({ "environment": LOG, "rate": 2_000, "seconds": 5 }));
    let last = "seq=009999";
    until_within(LONG, "the last line", || {
        read().contains(last).then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let text = read();
    let found = text.lines().filter_map(|line| line.split_once("seq="));
    let found: Vec<u64> = found
        .map(|(_, rest)| rest.get(..6).unwrap().parse().unwrap())
        .collect();
    assert_eq!(found, (0..10_000).collect::<Vec<u64>>());
}
