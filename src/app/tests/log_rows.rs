//! The rows of a log: wrapped, folded, chosen, copied, saved.

use proptest::prelude::*;

use super::kit::*;
use crate::app::logs::query::LineFilter;
use crate::app::logs::ring::{FIRST, LineNo};
use crate::app::message::{Effect, Outcome};
use crate::app::panes::logs::{Sight, rows};
use crate::model::{Status, TailState, Text};

/// A log in the pane that has the focus, on a screen of that size.
fn following(lines: &[&str], (width, height): (u16, u16)) -> Desk {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.lines(lines, TailState::Live);
    desk.press("l");
    desk.press("+");
    desk.press("+");
    // A smaller one has no place for a log beside the apps.
    desk.resize(width, height);
    desk
}

/// The rows in sight: of which line, and which of its rows.
fn seen(desk: &Desk) -> Vec<(LineNo, usize)> {
    let rows = rows(&desk.state);
    let sight = Sight::of(&desk.state).unwrap();
    let lines = sight.lines(sight.top(rows), rows);
    let of_line = |(no, from, count): (LineNo, usize, usize)| {
        (from..from + count).map(move |row| (no - FIRST, row))
    };
    lines
        .iter()
        .map(|(line, from, count)| (line.no, *from, *count))
        .flat_map(of_line)
        .collect()
}

/// All rows there are.
fn all(desk: &Desk) -> Vec<(LineNo, usize)> {
    let sight = Sight::of(&desk.state).unwrap();
    let lines = sight.lines(sight.start(), usize::MAX);
    let of_line = |(no, count): (LineNo, usize)| (0..count).map(move |row| (no - FIRST, row));
    lines
        .iter()
        .map(|(line, _, count)| (line.no, *count))
        .flat_map(of_line)
        .collect()
}

fn filter(desk: &mut Desk, typed: &str) {
    let filter = LineFilter::parse(typed).unwrap();
    desk.state.panes.logs.sieve.set(filter, 0);
    desk.pass(1);
}

fn a_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z ]{0,40}",
        2 => "[a-z ]{60,300}",
        2 => "(日本|é|e\u{301}|x){0,120}",
        2 => "[a-z]{1,9}".prop_map(|it| format!("{{\"msg\":\"{it}\",\"a\":{{\"b\":\"{}\"}}}}", it.repeat(12))),
        1 => "[a-z]{1,3}".prop_map(|it| it.repeat(9_000)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whoever pages down through a log sees every row of it, in order, and none twice but those
    /// with which the last page is filled.
    #[test]
    fn nothing_is_skipped_by_paging(
        lines in proptest::collection::vec(a_line(), 1..40),
        size in (40_u16..140, 10_u16..40),
        typed in prop_oneof![Just(""), Just("a"), Just("x")],
        wraps in any::<bool>(),
        unfolds in any::<bool>(),
        up in any::<bool>(),
    ) {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let mut desk = following(&lines, size);
        desk.state.panes.logs.lens.wraps = wraps;
        filter(&mut desk, typed);
        desk.press("g");
        if unfolds {
            desk.press("enter");
        }
        let all = all(&desk);
        if up {
            desk.press("G");
        } else {
            desk.press("g");
        }
        let (mut found, key) = (seen(&desk), if up { "pageup" } else { "pagedown" });
        for _ in 0..=all.len() {
            desk.press(key);
            let page = seen(&desk);
            let fresh: Vec<_> = page.iter().copied().filter(|row| !found.contains(row)).collect();
            let is_end = if up { found.first() == all.first() } else { found.last() == all.last() };
            prop_assert_eq!(fresh.is_empty(), is_end || all.is_empty());
            if is_end || all.is_empty() {
                break;
            }
            // A whole page is new, but at the end.
            prop_assert!(fresh.len() == page.len() || page.first() == all.first() || page.last() == all.last());
            found = if up { [fresh, found].concat() } else { [found, fresh].concat() };
        }
        prop_assert_eq!(found, all);
    }
}

#[test]
fn following_keeps_the_last_row_of_a_wrapped_line_in_sight() {
    let long = "x".repeat(400);
    let mut desk = following(&["a", &long, &long], (60, 12));
    desk.press("w");
    assert_eq!(seen(&desk).last(), all(&desk).last());
    desk.lines(&[&long], TailState::Live);
    assert_eq!(seen(&desk).last(), all(&desk).last());
    desk.press("k");
    let before = seen(&desk);
    desk.lines(&["more"], TailState::Live);
    assert_eq!(seen(&desk), before, "what is read stays where it is");
    desk.press("G");
    assert_eq!(seen(&desk).last(), all(&desk).last());
}

#[test]
fn another_width_keeps_the_line_at_the_top() {
    let long = "x".repeat(300);
    let lines: Vec<_> = std::iter::repeat_n(long.as_str(), 30).collect();
    let mut desk = following(&lines, (80, 20));
    desk.press("w");
    desk.press("g");
    desk.press("ctrl-d");
    let top = seen(&desk)[0].0;
    for (width, height) in [(50, 12), (140, 30), (80, 20)] {
        desk.resize(width, height);
        assert_eq!(seen(&desk)[0].0, top, "{width}x{height}");
    }
}

#[test]
fn a_long_line_is_one_row_until_it_is_unfolded() {
    let long = "é".repeat(9_000);
    let mut desk = following(&["before", &long, "after"], (60, 12));
    assert_eq!(seen(&desk), [(0, 0), (1, 0), (2, 0)]);
    desk.press("enter");
    let rows = all(&desk);
    assert!(rows.len() > 150, "{}", rows.len());
    assert_eq!(seen(&desk)[..2], [(0, 0), (1, 0)]);
    desk.resize(120, 12);
    assert!(all(&desk).len() < rows.len());
    desk.press("enter");
    assert_eq!(seen(&desk), [(0, 0), (1, 0), (2, 0)]);
    let mut short = following(&["a"], (60, 12));
    short.press("enter");
    assert!(
        short.notice().starts_with("no line in sight"),
        "{}",
        short.notice()
    );
}

fn copied(outcome: &Outcome) -> Option<&str> {
    outcome.effects.iter().find_map(|effect| match effect {
        Effect::CopyText(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn lines_are_chosen_by_what_is_shown_and_copied_whole() {
    let long = format!("three {}", "x".repeat(20_000));
    let mut desk = following(&["one", "two", &long, "no", "four"], (80, 24));
    filter(&mut desk, "o|three");
    desk.press("v");
    desk.press("k");
    desk.press("k");
    let outcome = desk.press("y");
    let expected = format!("{long}\nno\nfour\n");
    assert_eq!(copied(&outcome), Some(expected.as_str()));
    assert_eq!(desk.notice(), "copied 3 lines, if the terminal allows it");
    assert_eq!(desk.state.panes.logs.selection, None);
    desk.press("v");
    assert!(
        !desk.state.panes.logs.follows,
        "what is chosen does not move away"
    );
    desk.press("esc");
    assert_eq!(desk.state.panes.logs.selection, None);
}

#[test]
fn what_a_terminal_would_not_take_is_not_copied() {
    let long = "x".repeat(16_000);
    let mut desk = following(&[&long, &long, &long, &long], (80, 24));
    for key in ["v", "g"] {
        desk.press(key);
    }
    let outcome = desk.press("y");
    assert_eq!(copied(&outcome), None);
    assert!(
        desk.notice().contains("W saves it to a file"),
        "{}",
        desk.notice()
    );
    assert!(
        desk.state.panes.logs.selection.is_some(),
        "it can still be saved"
    );
}

#[test]
fn what_is_shown_is_saved_under_a_name_that_is_offered() {
    let mut desk = following(&["one", "two", "three"], (80, 24));
    filter(&mut desk, "t");
    desk.press("W");
    let name = desk
        .state
        .panes
        .logs
        .entry
        .as_ref()
        .map(|it| it.input.value().to_owned());
    let name = name.unwrap();
    assert!(
        name.starts_with("shop-test-") && name.strip_suffix(".log").is_some(),
        "{name}"
    );
    let outcome = desk.press("enter");
    let saved = outcome.effects.iter().find_map(|effect| match effect {
        Effect::SaveLog(save) => Some((save.path.clone(), save.text.clone())),
        _ => None,
    });
    assert_eq!(saved, Some((name, "two\nthree\n".to_owned())));
    let told = Ok(Text::clean("2 lines to /tmp/x.log"));
    desk.send(crate::app::Message::Saved(told));
    assert_eq!(desk.notice(), "saved 2 lines to /tmp/x.log");
    let why = Err(Text::clean("x.log is there already; choose another name"));
    desk.send(crate::app::Message::Saved(why));
    assert_eq!(
        desk.notice(),
        "not saved: x.log is there already; choose another name"
    );
}
