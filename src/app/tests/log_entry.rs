//! What is typed on the last row of the log.

use super::kit::*;
use super::log_find::{live, output, settle, type_in};
use crate::app::panes::logs::{Purpose, shown};
use crate::app::screen::Pane;
use crate::model::Text;

fn text(desk: &Desk) -> Option<&str> {
    let entry = desk.state.panes.logs.entry.as_ref();
    entry.map(|entry| entry.input.value())
}

fn problem(desk: &Desk) -> Option<&str> {
    let entry = desk.state.panes.logs.entry.as_ref()?;
    entry.problem.as_ref().map(Text::as_str)
}

fn count(desk: &Desk) -> usize {
    let ring = shown(&desk.state).unwrap();
    desk.state.panes.logs.sieve.len(ring)
}

fn desk() -> Desk {
    let mut desk = live();
    let lines: Vec<_> = (0..50).map(|n| format!("line {n}")).collect();
    output(&mut desk, &lines);
    desk
}

#[test]
fn a_filter_is_in_force_while_it_is_typed_and_what_is_wrong_leaves_the_last_that_could_be_read() {
    let mut desk = desk();
    type_in(&mut desk, "&", "4");
    assert_eq!(count(&desk), 14);
    desk.type_text("(");
    assert_eq!(
        problem(&desk),
        Some("\"(\" is not closed; \\( finds the sign")
    );
    assert_eq!(count(&desk), 14);
    desk.press("enter");
    assert_eq!(
        text(&desk),
        Some("4("),
        "what cannot be read is not accepted"
    );
    desk.press("backspace");
    assert_eq!(problem(&desk), None);
    desk.type_text("9");
    settle(&mut desk);
    assert_eq!(count(&desk), 1);
    desk.press("esc");
    settle(&mut desk);
    assert_eq!((count(&desk), text(&desk)), (50, None));
}

#[test]
fn what_is_in_force_is_there_to_be_changed() {
    let mut desk = desk();
    type_in(&mut desk, "&", "4");
    desk.press("enter");
    desk.press("&");
    assert_eq!(text(&desk), Some("4"));
    desk.type_text("5");
    settle(&mut desk);
    assert_eq!(count(&desk), 1);
    desk.press("esc");
    settle(&mut desk);
    assert_eq!(count(&desk), 14);
    desk.press("&");
    desk.press("ctrl-u");
    desk.press("enter");
    assert_eq!(
        (count(&desk), desk.state.panes.logs.sieve.filter_text()),
        (50, None)
    );
}

#[test]
fn texts_typed_before_come_back_by_purpose() {
    let mut desk = desk();
    for typed in ["one", "two", "one"] {
        type_in(&mut desk, "/", typed);
        desk.press("enter");
    }
    type_in(&mut desk, "&", "line");
    desk.press("enter");
    desk.press("/");
    desk.press("ctrl-u");
    desk.type_text("own");
    let mut seen = Vec::new();
    for key in ["up", "up", "up", "down", "down", "down"] {
        desk.press(key);
        seen.push(text(&desk).unwrap().to_owned());
    }
    assert_eq!(seen, ["one", "two", "two", "one", "own", "own"]);
    desk.press("up");
    desk.press("enter");
    assert_eq!(
        desk.state.panes.logs.finder.pattern().unwrap().text(),
        "one"
    );
}

#[test]
fn twenty_texts_are_remembered() {
    let mut desk = desk();
    for n in 0..25 {
        type_in(&mut desk, "/", &format!("w{n}"));
        desk.press("enter");
    }
    desk.press("/");
    desk.press("ctrl-u");
    for _ in 0..40 {
        desk.press("up");
    }
    assert_eq!(text(&desk), Some("w5"));
}

#[test]
fn a_text_is_pasted_and_keys_that_are_none_of_a_text_stay_keys() {
    let mut desk = desk();
    desk.press("&");
    desk.send(crate::app::Message::Paste("line\n7".to_owned().into()));
    settle(&mut desk);
    assert_eq!((text(&desk), count(&desk)), (Some("line 7"), 5));
    desk.press("ctrl-u");
    desk.press("pageup");
    assert!(!desk.state.panes.logs.follows, "one may look around");
    assert_eq!(text(&desk), Some(""));
    desk.type_text("9");
    desk.press("tab");
    assert_ne!(desk.state.screen.focus, Pane::Logs);
    assert_eq!(text(&desk), None, "who leaves types no more");
    assert_eq!(
        desk.state.panes.logs.sieve.filter_text(),
        Some("9"),
        "what is in force stays"
    );
}

#[test]
fn fields_are_apart_by_commas_or_blanks() {
    let mut desk = desk();
    type_in(&mut desk, "F", "status, path  user");
    desk.press("enter");
    let fields = |desk: &Desk| -> Vec<String> {
        let fields = desk.state.panes.logs.lens.fields.iter();
        fields.map(ToString::to_string).collect()
    };
    assert_eq!(fields(&desk), ["status", "path", "user"]);
    desk.press("F");
    assert_eq!(text(&desk), Some("status path user"));
    desk.press("esc");
    assert_eq!(fields(&desk).len(), 3);
}

#[test]
fn each_purpose_has_its_words() {
    let mut desk = desk();
    for (key, purpose, prompt) in [
        ("/", Purpose::Search, "search"),
        ("&", Purpose::Filter, "filter"),
        ("s", Purpose::Since, "since"),
        ("F", Purpose::Fields, "fields"),
    ] {
        desk.press(key);
        let entry = desk.state.panes.logs.entry.as_ref().unwrap();
        assert_eq!((entry.purpose, entry.prompt()), (purpose, prompt));
        assert!(!entry.hint().is_empty());
        desk.press("esc");
    }
}

#[test]
fn esc_takes_the_search_then_the_filter_then_goes_back() {
    let mut desk = desk();
    type_in(&mut desk, "&", "4");
    desk.press("enter");
    type_in(&mut desk, "/", "4");
    desk.press("enter");
    let pane = |desk: &Desk| {
        let pane = &desk.state.panes.logs;
        (
            pane.finder.pattern().is_some(),
            pane.sieve.filter().is_some(),
        )
    };
    assert_eq!(pane(&desk), (true, true));
    desk.press("esc");
    assert_eq!(pane(&desk), (false, true));
    desk.press("esc");
    assert_eq!(
        (pane(&desk), desk.state.screen.focus),
        ((false, false), Pane::Logs)
    );
    desk.press("esc");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
}
