//! Focus, zoom, help, hints, leaving.

use super::kit::*;
use crate::app::action::Action;
use crate::app::keymap::Binding;
use crate::app::keys::KeyPress;
use crate::app::message::{Effect, Message, Signal};
use crate::app::screen::{Overlay, Pane, Zoom};
use crate::model::Status;

fn desk() -> Desk {
    Desk::showing(vec![env("shop", "test", Status::Live)])
}

#[test]
fn tab_goes_through_the_panes_that_have_a_place() {
    use Pane::*;
    for (width, height, panes) in [
        (200, 60, vec![Environments, Logs, Backups, Detail, Apps]),
        (120, 40, vec![Environments, Logs, Backups, Apps]),
        (80, 24, vec![Environments, Logs, Backups, Detail, Apps]),
        (50, 24, vec![Environments, Logs, Backups, Detail, Apps]),
    ] {
        let mut desk = desk();
        desk.resize(width, height);
        let mut walked = Vec::new();
        for _ in 0..panes.len() {
            desk.press("tab");
            let focus = desk.state.screen.focus;
            assert!(desk.state.layout().shows(focus), "{focus:?} at {width}");
            walked.push(focus);
        }
        assert_eq!(walked, panes, "at {width}");
        for pane in panes.iter().rev().skip(1) {
            desk.press("shift-tab");
            assert_eq!(desk.state.screen.focus, *pane, "back at {width}");
        }
    }
}

#[test]
fn brackets_turn_the_lower_tab_under_the_list() {
    let mut desk = desk();
    desk.resize(80, 24);
    assert!(desk.state.layout().shows(Pane::Logs));
    desk.press("]");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
    assert!(desk.state.layout().shows(Pane::Backups));
    desk.press("[");
    desk.press("[");
    assert!(desk.state.layout().shows(Pane::Environments));
}

#[test]
fn esc_peels_one_layer_at_a_time() {
    let mut desk = desk();
    desk.press("/");
    desk.type_text("shop");
    desk.press("enter");
    desk.press("l");
    desk.press("+");
    desk.press("+");
    assert_eq!(desk.state.screen.zoom, Zoom::Full);
    desk.press("esc");
    assert_eq!(
        (desk.state.screen.zoom, desk.state.screen.focus),
        (Zoom::Normal, Pane::Logs)
    );
    desk.press("esc");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
    assert!(!desk.state.panes.apps.filter.is_empty());
    desk.press("esc");
    assert!(desk.state.panes.apps.filter.is_empty());
    desk.press("esc");
    assert!(desk.notice().contains("q quits"));
}

#[test]
fn the_focused_pane_grows_and_shrinks() {
    let mut desk = desk();
    let rows = |desk: &Desk| desk.state.layout().rows(Pane::Apps);
    let normal = rows(&desk);
    desk.press("+");
    assert_eq!(desk.state.screen.zoom, Zoom::Half);
    assert!(rows(&desk) > normal);
    desk.press("+");
    desk.press("+");
    assert_eq!(desk.state.layout().panes.len(), 1);
    desk.press("q");
    assert_eq!(desk.state.screen.zoom, Zoom::Normal, "q closes first");
    desk.press("_");
    assert_eq!(desk.state.screen.zoom, Zoom::Normal);
}

#[test]
fn an_unknown_key_gives_a_hint() {
    let mut desk = desk();
    assert!(desk.press("Q").redraw);
    assert!(desk.notice().starts_with("Q does nothing here"));
    desk.pass(6_000);
    assert_eq!(desk.notice(), "");
}

#[test]
fn unlocking_without_a_selection_gives_a_hint() {
    let mut desk = Desk::new(2);
    desk.press("!");
    assert_eq!(desk.notice(), "select an app first");
}

#[test]
fn help_is_searched_and_enter_runs() {
    let mut desk = desk();
    desk.press("?");
    for _ in 0..30 {
        desk.press("down");
    }
    desk.type_text("pause");
    let Some(Overlay::Help(help)) = &desk.state.screen.overlay else {
        panic!("help is open");
    };
    assert_eq!((help.rows.len(), help.selected, help.offset), (1, 0, 0));
    desk.press("enter");
    assert!(desk.state.screen.overlay.is_none());
    assert!(desk.state.is_paused);
}

#[test]
fn help_closes_by_its_own_keys_and_a_question_mark_can_be_searched() {
    for close in ["esc", "?", "q", "f1", "ctrl-c"] {
        let mut desk = desk();
        desk.press("?");
        assert!(desk.press(close).effects.is_empty());
        assert!(desk.state.screen.overlay.is_none(), "{close}");
    }
    let mut desk = desk();
    desk.press("f1");
    desk.type_text("quit?");
    assert!(desk.state.screen.overlay.is_some());
}

#[test]
fn the_signals_of_the_system_are_obeyed() {
    let mut desk = desk();
    assert_eq!(
        desk.send(Message::Signal(Signal::Terminate)).effects,
        [Effect::Quit]
    );
    assert_eq!(desk.send(Message::InputClosed).effects, [Effect::Quit]);
    assert_eq!(
        desk.send(Message::Signal(Signal::Resumed)).effects,
        [Effect::Redraw]
    );
    assert_eq!(desk.press("ctrl-z").effects, [Effect::Suspend]);
    assert_eq!(desk.press("ctrl-l").effects, [Effect::Redraw]);
    assert_eq!(desk.press("q").effects, [Effect::Quit]);
}

#[test]
fn moving_through_details_starts_over_with_another_selection() {
    let mut desk = Desk::showing(vec![
        env("a", "live", Status::Live),
        env("b", "live", Status::Live),
    ]);
    desk.press("i");
    desk.press("ctrl-f");
    assert!(desk.state.panes.detail.offset > 0);
    desk.press("esc");
    desk.press("j");
    assert_eq!(desk.state.panes.detail.offset, 0);
}

// ── Keys of one's own ───────────────────────────────────────────────────────────────────────────

/// A desk whose user has given actions other keys.
fn desk_with(bindings: &[(Action, &[&str])]) -> Desk {
    let press = |name: &&str| KeyPress::from_name(name).unwrap();
    let wanted: Vec<_> = bindings
        .iter()
        .map(|(action, keys)| Binding {
            action: *action,
            keys: keys.iter().map(press).collect(),
        })
        .collect();
    let mut desk = desk();
    assert_eq!(desk.state.screen.keymap.rebind(&wanted), []);
    desk
}

#[test]
fn notices_name_the_keys_of_the_user() {
    let mut desk = desk_with(&[
        (Action::Help, &["H"]),
        (Action::Quit, &["ctrl-x"]),
        (Action::Pause, &["z"]),
    ]);
    desk.press("?");
    assert_eq!(desk.notice(), "? does nothing here; H lists the keys");
    desk.press("esc");
    assert_eq!(desk.notice(), "this is the dashboard; Ctrl-x quits");
    desk.press("z");
    assert_eq!(desk.notice(), "polling is paused; z resumes it");
}

#[test]
fn help_knows_and_obeys_the_keys_of_the_user() {
    let mut desk = desk_with(&[(Action::Help, &["H"]), (Action::Pause, &["f7"])]);
    desk.press("H");
    desk.type_text("f7");
    let Some(Overlay::Help(help)) = &desk.state.screen.overlay else {
        panic!("help is open");
    };
    assert_eq!(
        help.rows,
        [crate::app::help::HelpRow::Action(Action::Pause)]
    );
    desk.type_text("H");
    assert!(desk.state.screen.overlay.is_some(), "H is searched for");
    desk.press("esc");
    desk.press("H");
    desk.press("H");
    assert!(desk.state.screen.overlay.is_none());
}

#[test]
fn help_finds_and_runs_what_has_no_key() {
    let mut desk = desk_with(&[(Action::Pause, &[])]);
    desk.press("p");
    assert!(!desk.state.is_paused);
    desk.press("?");
    desk.type_text("poll.pause");
    desk.press("enter");
    assert!(desk.state.is_paused);
    assert_eq!(desk.notice(), "polling is paused; poll.pause resumes it");
}
