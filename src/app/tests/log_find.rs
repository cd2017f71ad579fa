//! Searching the log, its errors, and lines of context, by keys.

use super::kit::*;
use crate::app::logs::ring::FIRST;
use crate::app::panes::logs::{is_behind, rows, shown, top};
use crate::model::{LogBatch, LogLine, Status, TailState, Text};

pub(super) fn live() -> Desk {
    let mut desk = Desk::showing(vec![
        env("shop", "test", Status::Live),
        env("blog", "test", Status::Live),
    ]);
    desk.press("l");
    desk
}

/// Lines with their levels, as a platform sends them.
pub(super) fn output(desk: &mut Desk, lines: &[String]) {
    let tail = desk.tails.last().expect("a tail is open").clone();
    let lines = lines
        .iter()
        .map(|text| LogLine::output(None, Text::default(), text));
    desk.send(crate::app::Message::Logs(LogBatch {
        tail,
        lines: lines.collect(),
        skipped: 0,
        restarted: false,
        state: TailState::Live,
    }));
}

/// A thousand lines, `first hit` at 100, `hit` at 500 and 900, errors at 300 and 600.
fn thousand() -> Desk {
    let mut desk = live();
    let line = |n: usize| match n {
        100 => "first hit".to_owned(),
        500 | 900 => format!("a hit in line {n}"),
        300 | 600 => "ERROR broken".to_owned(),
        _ => format!("line {n}"),
    };
    output(&mut desk, &(0..1_000).map(line).collect::<Vec<_>>());
    desk
}

pub(super) fn settle(desk: &mut Desk) {
    while is_behind(&desk.state) {
        desk.pass(0);
    }
}

pub(super) fn type_in(desk: &mut Desk, key: &str, text: &str) {
    desk.press(key);
    desk.press("ctrl-u");
    desk.type_text_with_spaces(text);
    settle(desk);
}

/// The line one has gone to, counted from the first.
fn current(desk: &Desk) -> Option<u64> {
    let current = desk.state.panes.logs.finder.current;
    current.map(|no| no - FIRST)
}

fn first(desk: &Desk) -> u64 {
    let ring = shown(&desk.state).expect("a log is shown");
    top(&desk.state, ring, rows(&desk.state)).line - FIRST
}

#[test]
fn a_search_is_shown_while_it_is_typed_and_kept_or_taken_back() {
    let mut desk = thousand();
    desk.press("g");
    type_in(&mut desk, "/", "hit");
    assert_eq!(
        (current(&desk), desk.state.panes.logs.finder.count()),
        (Some(100), 3)
    );
    let third = rows(&desk.state) as u64 / 3;
    assert_eq!(first(&desk), 100 - third, "it stands in the upper third");
    desk.type_text_with_spaces(" in");
    settle(&mut desk);
    assert_eq!(current(&desk), Some(500), "from where one began");
    desk.type_text_with_spaces(" none");
    settle(&mut desk);
    assert_eq!((current(&desk), first(&desk)), (None, 0));
    assert_eq!(desk.state.panes.logs.finder.position(), (0, 0, false));
    desk.press("esc");
    assert_eq!(first(&desk), 0);
    assert!(desk.state.panes.logs.finder.pattern().is_none());
    assert!(desk.state.panes.logs.entry.is_none());
    type_in(&mut desk, "/", "hit");
    desk.press("enter");
    assert_eq!(desk.state.panes.logs.finder.position(), (1, 3, false));
    assert!(desk.state.panes.logs.entry.is_none());
}

#[test]
fn hits_are_gone_to_in_turn_and_around_the_ends() {
    let mut desk = thousand();
    desk.press("g");
    type_in(&mut desk, "/", "hit");
    desk.press("enter");
    let mut seen = Vec::new();
    for key in ["n", "n", "n", "N", "N"] {
        desk.press(key);
        seen.push((current(&desk).unwrap(), desk.notice()));
    }
    let top = "search went on at the top".to_owned();
    let end = "search went on at the end".to_owned();
    let none = String::new;
    let expected = [
        (500, none()),
        (900, none()),
        (100, top),
        (900, end),
        (500, none()),
    ];
    assert_eq!(seen, expected);
    assert_eq!(desk.state.panes.logs.finder.position(), (2, 3, false));
}

#[test]
fn a_search_goes_on_from_the_place_in_sight_when_one_has_moved_away() {
    let mut desk = thousand();
    desk.press("g");
    type_in(&mut desk, "/", "hit");
    desk.press("enter");
    desk.press("G");
    desk.press("N");
    assert_eq!(current(&desk), Some(900));
    assert!(!desk.state.panes.logs.follows);
    desk.press("g");
    desk.press("n");
    assert_eq!(current(&desk), Some(100));
}

#[test]
fn who_follows_sees_the_newest_hit_and_follows_again_when_it_is_taken_back() {
    let mut desk = thousand();
    type_in(&mut desk, "/", "hit");
    assert_eq!(current(&desk), Some(900));
    assert!(!desk.state.panes.logs.follows);
    desk.press("esc");
    assert!(desk.state.panes.logs.follows);
}

#[test]
fn keys_of_a_search_without_one_say_what_to_do() {
    let mut desk = thousand();
    desk.press("n");
    assert_eq!(desk.notice(), "nothing is searched for; / searches");
    type_in(&mut desk, "/", "nowhere");
    desk.press("enter");
    assert_eq!(desk.notice(), "no line here has nowhere");
    desk.press("n");
    assert_eq!(desk.notice(), "no line here has nowhere");
}

#[test]
fn errors_are_gone_to_in_turn() {
    let mut desk = thousand();
    desk.press("ctrl-e");
    assert_eq!(current(&desk), Some(600));
    assert!(!desk.state.panes.logs.follows);
    desk.press("ctrl-e");
    assert_eq!(current(&desk), Some(300));
    desk.press("ctrl-e");
    assert_eq!(
        (current(&desk), desk.notice()),
        (Some(300), "no error above; E looks the other way".into())
    );
    desk.press("E");
    desk.press("E");
    assert_eq!(
        (current(&desk), desk.notice()),
        (
            Some(600),
            "no error below; Ctrl-e looks the other way".into()
        )
    );
}

#[test]
fn errors_that_a_filter_hides_are_not_gone_to() {
    let mut desk = thousand();
    type_in(&mut desk, "&", "hit");
    desk.press("enter");
    desk.press("g");
    desk.press("E");
    assert_eq!(current(&desk), None);
    assert!(
        desk.notice().contains("no error below"),
        "{}",
        desk.notice()
    );
}

#[test]
fn only_hits_that_are_shown_count() {
    let mut desk = thousand();
    type_in(&mut desk, "/", "hit");
    desk.press("enter");
    type_in(&mut desk, "&", "first");
    desk.press("enter");
    assert_eq!(desk.state.panes.logs.finder.position().1, 1);
    desk.press("g");
    desk.press("n");
    assert_eq!(current(&desk), Some(100));
    output(&mut desk, &["first hit again".into(), "a hit".into()]);
    assert_eq!(desk.state.panes.logs.finder.position(), (1, 2, false));
    desk.press("esc");
    desk.press("esc");
    assert!(
        desk.state.panes.logs.sieve.filter().is_none(),
        "search, then filter"
    );
}

#[test]
fn a_hit_far_to_the_right_comes_into_sight() {
    let mut desk = live();
    let far = format!("{}needle{}", "x".repeat(500), "y".repeat(500));
    output(&mut desk, &["short".into(), far, "needle".into()]);
    desk.press("g");
    type_in(&mut desk, "/", "needle");
    desk.press("enter");
    let left = desk.state.panes.logs.left;
    assert!(left > 400 && left < 500, "{left}");
    desk.press("n");
    assert_eq!(desk.state.panes.logs.left, 0, "and back");
}

#[test]
fn lines_around_those_that_fit_are_shown_in_steps() {
    let mut desk = thousand();
    desk.press("C");
    assert!(desk.notice().contains("& sets one"), "{}", desk.notice());
    for _ in 0..4 {
        desk.press("C");
    }
    type_in(&mut desk, "&", "hit");
    desk.press("enter");
    let mut counts = Vec::new();
    for _ in 0..6 {
        settle(&mut desk);
        let ring = shown(&desk.state).unwrap();
        counts.push(desk.state.panes.logs.sieve.len(ring));
        desk.press("C");
    }
    assert_eq!(counts, [3, 9, 21, 33, 63, 3]);
}

#[test]
fn how_one_looks_survives_another_selection_and_another_size() {
    let mut desk = thousand();
    type_in(&mut desk, "/", "hit");
    desk.press("enter");
    type_in(&mut desk, "&", "hit");
    desk.press("enter");
    desk.press("3");
    desk.press("_");
    desk.press("_");
    desk.resize(80, 24);
    desk.resize(120, 40);
    desk.press("tab");
    desk.press("shift-tab");
    let before = desk.state.panes.logs.finder.position().1;
    // The other app and back.
    while desk.state.screen.focus != crate::app::screen::Pane::Apps {
        desk.press("shift-tab");
    }
    desk.press("j");
    desk.rest();
    output(&mut desk, &["another hit".into(), "nothing".into()]);
    settle(&mut desk);
    assert_eq!(desk.state.panes.logs.finder.position().1, 1);
    desk.press("k");
    desk.rest();
    settle(&mut desk);
    assert_eq!(desk.state.panes.logs.finder.position().1, before);
    assert_eq!(desk.state.panes.logs.sieve.filter_text(), Some("hit"));
}
