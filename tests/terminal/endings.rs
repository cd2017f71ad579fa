//! The terminal is given back, whatever ends the dashboard.

use rustix::process::Signal;

use crate::kit::{Launch, Shot, Sim, Terminal};

const LEAVES_SCREEN: &str = "\u{1b}[?1049l";

fn started(sim: &Sim) -> Terminal {
    let tty = Launch::on(sim).start();
    let shot = tty.sees("Apps 24");
    assert!(shot.is_alternate && shot.hides_cursor && shot.pastes_bracketed);
    assert!(!tty.is_cooked(), "raw while it runs");
    tty
}

/// What the terminal must be like afterwards.
fn check_restored(tty: &Terminal, shot: &Shot) {
    assert!(!shot.is_alternate, "the alternate screen is left");
    assert!(!shot.hides_cursor, "the cursor is shown");
    assert!(!shot.pastes_bracketed, "bracketed paste is off");
    assert!(tty.is_cooked(), "the line discipline is as before");
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    assert_eq!(
        raw.matches("\u{1b}[?1049h").count(),
        raw.matches(LEAVES_SCREEN).count()
    );
    assert_eq!(
        raw.matches("\u{1b}[?2026h").count(),
        raw.matches("\u{1b}[?2026l").count() - 1
    );
    assert!(
        !raw.contains("\u{1b}[?1000h"),
        "the mouse is the terminal's own"
    );
}

#[test]
fn quitting_by_key_restores_the_terminal() {
    let sim = Sim::still();
    for key in ["q", "\u{3}"] {
        let mut tty = started(&sim);
        tty.types(key);
        let (code, shot) = tty.end();
        assert_eq!(code, 0, "{key:?}");
        check_restored(&tty, &shot);
    }
}

#[test]
fn quitting_by_signal_restores_the_terminal() {
    let sim = Sim::still();
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut tty = started(&sim);
        tty.signal(signal);
        let (code, shot) = tty.end();
        assert_eq!(code, 0, "{signal:?}");
        check_restored(&tty, &shot);
    }
}

/// F12 panics in debug builds.
#[cfg(debug_assertions)]
#[test]
fn a_panic_restores_the_terminal_before_it_is_reported() {
    let sim = Sim::still();
    let mut tty = started(&sim);
    tty.types("\u{1b}[24~");
    let (code, shot) = tty.end();
    assert_ne!(code, 0);
    check_restored(&tty, &shot);
    assert!(shot.has("asked for by F12"), "on the normal screen");
    let raw = String::from_utf8_lossy(&tty.raw()).into_owned();
    let (before, after) = raw.split_once(LEAVES_SCREEN).unwrap();
    assert!(!before.contains("asked for by F12"));
    assert!(after.contains("asked for by F12"));
}

/// Below a shell with job control, as people have it.
#[test]
fn suspended_and_continued_it_draws_again() {
    let sim = Sim::still();
    let script = r#"set -m; "$0" "$@"; echo "shell: stopped"; read -r word; fg; echo "shell: $?""#;
    let mut tty = Launch::on(&sim).below(script).start();
    tty.sees("Apps 24");
    tty.types("\u{1a}");
    let shot = tty.when("the shell", |shot| {
        !shot.is_alternate && shot.has("shell: stopped")
    });
    assert!(!shot.hides_cursor && !shot.pastes_bracketed);
    tty.types("go\n");
    let shot = tty.when("the dashboard again", |shot| {
        shot.is_alternate && shot.has("Apps 24") && shot.has("Backups") && shot.has("? help")
    });
    assert!(shot.hides_cursor && shot.pastes_bracketed);
    tty.types("j");
    tty.when("keys work again", |shot| {
        shot.selected_app() == shot.apps().get(1).cloned()
    });
    tty.types("q");
    let (code, shot) = tty.end();
    assert_eq!(code, 0);
    assert!(!shot.is_alternate && shot.has("shell: 0"));
}

#[test]
fn the_terminal_is_given_back_while_requests_are_in_flight() {
    let sim = Sim::still();
    sim.fault(&serde_json::json!([{ "operation": "*", "hang": true }]));
    let mut tty = Launch::on(&sim).start();
    tty.sees("loading");
    tty.types("q");
    let (code, shot) = tty.end();
    assert_eq!(code, 0);
    check_restored(&tty, &shot);
}
