//! A release is watched: its verdict is told wherever one looks, and to who looks elsewhere.

use serde_json::json;

use crate::kit::{Launch, Sim, Terminal, until};
use crate::operations::{at_test, slow};

/// What was written that asks for a notification, each without its beginning.
fn notifications(tty: &Terminal) -> Vec<String> {
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    let after = raw.split("\x1b]9;").skip(1);
    after.map(|text| text.chars().take(400).collect()).collect()
}

/// The only notification, up to its end.
fn told(tty: &Terminal) -> String {
    let text = until("a notification", || notifications(tty).pop());
    assert_eq!(notifications(tty).len(), 1);
    let (text, after) = text.split_once("\x1b\\").expect("it ends");
    assert!(after.starts_with('\x07'), "then the bell: {after:?}");
    text.to_owned()
}

fn deploys(tty: &mut Terminal) {
    tty.types("D");
    tty.sees("y/N");
    tty.types("y");
    tty.sees("◐ deploy checkout/test");
}

/// From a view back to the dashboard, and out.
fn leave(mut tty: Terminal) {
    // The list may tell the end before the operation does, and one is asked while that runs.
    tty.sees_no("◐ deploy checkout/test");
    tty.types("q");
    tty.sees("Environments 2");
    tty.quit();
}

#[test]
fn the_verdict_comes_wherever_one_looks() {
    let sim = slow();
    let mut tty = at_test(&sim, Launch::on(&sim));
    deploys(&mut tty);
    tty.types("4");
    tty.sees("All backups");
    tty.sees("deploy checkout/test LIVE in");
    let text = told(&tty);
    assert!(text.starts_with("checkout/test "), "{text}");
    assert!(text.contains(": LIVE in "), "{text}");
    // Outside of what a terminal may skip.
    let raw = tty.raw();
    let at = |bytes: &[u8]| raw.windows(bytes.len()).position(|it| it == bytes);
    let begins = at(b"\x1b]9;").unwrap();
    let frames = |mark: &[u8]| {
        raw[..begins]
            .windows(mark.len())
            .filter(|it| *it == mark)
            .count()
    };
    assert_eq!(frames(b"\x1b[?2026h"), frames(b"\x1b[?2026l"));
    leave(tty);
}

#[test]
fn a_failure_is_told_with_its_cause_and_the_way_back_and_cannot_break_out() {
    let sim = slow();
    let cause = "migrate: lock; \u{1b}]0;owned\u{7}\u{1b}\\timeout";
    sim.fault(&json!([{ "operation": "CreateDeployment", "fail_deployment": cause }]));
    let mut tty = at_test(&sim, Launch::on(&sim));
    deploys(&mut tty);
    tty.types("6");
    tty.when("the verdict", |shot| {
        shot.has("deploy checkout/test FAILED") && shot.has("failed in release commands")
    });
    let text = told(&tty);
    assert!(text.contains("FAILED"), "{text}");
    assert!(!text.contains(';'), "no separator of parts: {text}");
    assert!(!text.contains(char::is_control), "{text:?}");
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    assert!(!raw.contains("\x1b]0;owned"));
    tty.types("1L");
    let shot = tty.when("the release and what one can do", |shot| {
        shot.has("✖ ") && shot.has("errors ") && shot.has("Esc, then ")
    });
    assert!(shot.has("FAILED"));
    leave(tty);
}

#[test]
fn who_wants_no_notification_gets_none() {
    let sim = slow();
    let quiet = "[notify]\nbell = false\ndesktop = \"off\"";
    let mut tty = at_test(&sim, Launch::on(&sim).setting(quiet));
    deploys(&mut tty);
    tty.sees("deploy checkout/test LIVE in");
    assert_eq!(notifications(&tty), Vec::<String>::new());
    assert!(!tty.raw().contains(&7));
    tty.sees_no("◐ deploy checkout/test");
    tty.quit();
}

#[test]
fn a_release_has_rows_of_its_own_above_its_log() {
    let sim = Sim::still_on("divio", 2.0);
    let mut tty = at_test(&sim, Launch::on(&sim));
    deploys(&mut tty);
    tty.types("L");
    tty.when("its phases and its rate of errors", |shot| {
        shot.has("queued ") && shot.has("errors ") && shot.has("its end is told wherever")
    });
    tty.when("the verdict above the log", |shot| {
        shot.rows
            .iter()
            .any(|row| row.contains("● ") && row.contains("LIVE in"))
    });
    leave(tty);
}
