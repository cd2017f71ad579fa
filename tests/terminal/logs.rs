//! What applications write must not reach the terminal as they wrote it.

use crate::kit::{Launch, Shot, Sim, Terminal};

fn following(sim: &Sim) -> Terminal {
    let tty = Launch::on(sim).start();
    tty.when("the log of the first app", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty
}

#[test]
fn hostile_lines_are_harmless() {
    let sim = Sim::still();
    let tty = following(&sim);
    sim.log(
        "checkout/test",
        &[
            "query \u{1b}[6n end-1",
            "device \u{1b}[c and \u{1b}[>c end-2",
            "clipboard \u{1b}]52;c;aGFja2Vk\u{7} end-3",
            "title \u{1b}]0;owned\u{1b}\\ end-4",
            "screen \u{1b}[2J\u{1b}[H\u{1b}[?1049l\u{1b}c end-5",
            "order \u{202e}txet desrever\u{202c} \u{2066}isolate\u{2069} end-6",
            "bell \u{7}\u{8}\u{8}\u{b}\u{c}\u{7f} end-7",
            "eight \u{9b}31m\u{9d}0;x\u{9c} end-8",
            "dcs \u{1b}Pq#0;2;0;0;0\u{1b}\\ apc \u{1b}_Gx\u{1b}\\ end-9",
            "\ttabs\tthere\tend-10",
            "wide 日本語の長い行です end-11",
            "family 👩‍👩‍👧‍👦 flag 🇩🇪 combining e\u{301} end-12",
            "carriage\rreturn end-13",
            "zero\u{200b}width\u{feff} end-14",
            "sentinel",
        ],
    );
    let shot = tty.sees("sentinel");
    for number in 1..=14 {
        assert!(shot.has(&format!("end-{number}")), "line {number} is there");
    }
    assert!(shot.is_alternate && shot.has("flightdeck") && shot.has("? help"));
    frame_is_whole(&shot);
    check_raw(&tty.raw());
    tty.quit();
}

/// The frame at the right of the log stands where it stood.
fn frame_is_whole(shot: &Shot) {
    let top = shot
        .rows
        .iter()
        .position(|row| row.contains("Logs  checkout"))
        .unwrap();
    let bottom = (top + 1..shot.rows.len())
        .find(|row| shot.cell(*row, 0) == "╰")
        .unwrap();
    let right = (0..120)
        .find(|column| shot.cell(top, *column) == "╮")
        .unwrap();
    for row in top + 1..bottom {
        assert_eq!(shot.cell(row, right), "│", "row {row}: {}", shot.rows[row]);
        assert_eq!(
            shot.cell(row, right + 1),
            "│",
            "row {row}: {}",
            shot.rows[row]
        );
    }
}

fn check_raw(raw: &[u8]) {
    let text = std::str::from_utf8(raw).unwrap();
    for forbidden in [
        "\u{1b}[6n",
        "\u{1b}[c",
        "\u{1b}[>c",
        "\u{1b}]",
        "\u{1b}P",
        "\u{1b}_",
        "\u{1b}^",
        "\u{1b}c",
        "\u{1b}[?1049l",
        "52;c;",
    ] {
        assert!(!text.contains(forbidden), "{forbidden:?}");
    }
    let is_bad = |c: &char| {
        (c.is_control() && *c != '\u{1b}')
            || matches!(c, '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let bad: Vec<char> = text.chars().filter(is_bad).collect();
    assert_eq!(bad, Vec::<char>::new());
}

/// The number in `… 1 250 lines`.
fn lines(shot: &Shot) -> Option<usize> {
    let row = shot.row("Logs  checkout/test")?;
    let (before, _) = row.split_once(" lines")?;
    let digits: Vec<_> = before
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || *c == ' ')
        .filter(char::is_ascii_digit)
        .collect();
    digits.into_iter().rev().collect::<String>().parse().ok()
}

#[test]
fn keys_are_answered_while_a_log_floods() {
    let sim = Sim::still();
    let mut tty = following(&sim);
    tty.types("d");
    tty.sees("┏ Environments");
    let before = tty.when("a count", |shot| lines(shot).is_some());
    let before = lines(&before).unwrap();
    sim.flood("checkout/test", 2_000);
    for more in [1_000, 5_000, 9_000] {
        tty.when(&format!("{more} lines more"), |shot| {
            lines(shot).is_some_and(|now| now >= before + more)
        });
        tty.types("?");
        tty.sees("Keys in Environments");
        tty.types("\u{1b}");
        tty.sees_no("Keys in Environments");
    }
    tty.types("lg");
    tty.when("it stands still", |shot| shot.has("f follows"));
    let first = first_line(&tty.shot());
    let count = lines(&tty.shot()).unwrap();
    tty.when("while lines come", |shot| {
        lines(shot).is_some_and(|now| now > count)
    });
    assert_eq!(first_line(&tty.shot()), first);
    tty.types("G");
    tty.sees("FOLLOW");
    sim.flood("checkout/test", 0);
    tty.quit();
}

/// The first line of the log.
fn first_line(shot: &Shot) -> String {
    let at = shot
        .rows
        .iter()
        .position(|row| row.contains("Logs  checkout/test"))
        .unwrap();
    let inside: Vec<_> = shot.rows[at + 1].split(['│', '┃']).collect();
    inside[1].to_owned()
}

#[test]
fn a_selection_moves_while_a_log_floods() {
    let sim = Sim::still();
    sim.flood("checkout/test", 2_000);
    let mut tty = following(&sim);
    let apps = tty.shot().apps();
    tty.when("lines", |shot| lines(shot).is_some_and(|now| now > 2_000));
    for (row, app) in apps.iter().enumerate().skip(1).take(8) {
        tty.types("j");
        tty.when(&format!("row {row}"), |shot| {
            shot.selected_app().as_ref() == Some(app)
        });
    }
    tty.types("g");
    tty.when("back", |shot| shot.selected_app().as_ref() == apps.first());
    tty.quit();
}

#[test]
fn scrolling_past_the_start_brings_older_lines() {
    let sim = Sim::still();
    let mut tty = following(&sim);
    tty.types("3");
    let shot = tty.when("the newest lines", |shot| lines(shot) >= Some(200));
    let before = lines(&shot).unwrap();
    let asked = sim.count("GetEnvironmentLogs");
    tty.types("gk");
    let shot = tty.when("older lines", |shot| lines(shot) > Some(before));
    let all = lines(&shot).unwrap();
    assert!(shot.has("f follows"), "it stays where it is");
    tty.types("g");
    tty.sees("── Divio keeps nothing older ──");
    // Nobody asks twice for what is not there.
    tty.types("kk");
    sim.until_asked("GetEnvironmentLogs", 1);
    let shot = tty.when("as many lines", |shot| lines(shot).is_some());
    assert_eq!(lines(&shot), Some(all));
    assert!(sim.count("GetEnvironmentLogs") > asked);
    // Back from the view first.
    tty.types("q");
    tty.sees("Backups");
    tty.quit();
}
