//! Keys: text field, then dialog, then the table of actions.

use tui_input::InputRequest;

use super::act::act;
use super::{choose, copy, form, help, leaving, menu, operation, palette, variables};
use crate::app::action::Action;
use crate::app::filter::Filter;
use crate::app::keys::{Key, KeyPress};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::panes::{self, Motion};
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::Text;

pub(super) fn key(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    outcome.redraw = true;
    state.notices.go_on();
    match state.screen.overlay.take() {
        Some(Overlay::Help(help)) => help::in_help(state, help, press, outcome),
        Some(Overlay::Confirm(confirm)) => {
            operation::in_confirm(state, confirm, press, repeat, outcome);
        }
        Some(Overlay::Unlock(unlock)) => super::marks::in_unlock(state, unlock, press),
        Some(Overlay::Menu(open)) => menu::key(state, open, press, repeat, outcome),
        Some(Overlay::Palette(open)) => palette::key(state, open, press, outcome),
        Some(Overlay::Form(open)) => form::key(state, open, press, repeat, outcome),
        Some(Overlay::Copy(open)) => copy::key(state, open, press, outcome),
        Some(Overlay::Choose(open)) => choose::key(state, open, press),
        Some(Overlay::Variables(dialog)) => variables::key(state, *dialog, press, outcome),
        Some(Overlay::Quit) => leaving::in_quit(press, outcome),
        Some(Overlay::Sources(open)) => panes::logs::key_in_sources(state, *open, press),
        // A key that is none of a text field, as that for a page, is still one of the pane.
        None if is_typing_in_log(state) => {
            if !panes::logs::key_in_entry(state, press, outcome) {
                in_pane(state, press, repeat, outcome);
            }
        }
        None if state.panes.apps.is_filtering => in_filter(state, press),
        None if state.panes.variables.is_filtering => variables::in_filter(state, press),
        None if panes::field(state).is_some_and(|field| field.is_typing) => in_field(state, press),
        None => in_pane(state, press, repeat, outcome),
    }
}

/// Whether something is typed on the last row of the log.
fn is_typing_in_log(state: &State) -> bool {
    state.screen.focus == Pane::Logs && state.panes.logs.entry.is_some()
}

fn in_pane(state: &mut State, press: KeyPress, repeat: bool, outcome: &mut Outcome) {
    if let Some(action) = state.screen.keymap.resolve(state.screen.focus, press) {
        act(state, action, repeat, outcome);
    } else {
        let help = state.screen.keymap.key(Action::Help);
        let text = format!("{press} does nothing here; {help} lists the keys");
        state.notices.say(state.now, Tone::Info, text);
    }
}

pub(super) fn paste(state: &mut State, raw: &str, outcome: &mut Outcome) {
    let text = Text::clean(raw);
    let insert = |input: &mut tui_input::Input| {
        text.as_str().chars().for_each(|c| {
            input.handle(InputRequest::InsertChar(c));
        });
    };
    match state.screen.overlay.take() {
        Some(Overlay::Help(mut help)) => {
            insert(&mut help.search);
            help.search_in(state);
            state.screen.overlay = Some(Overlay::Help(help));
        }
        Some(Overlay::Palette(mut open)) => {
            insert(&mut open.input);
            open.search_again(state);
            state.screen.overlay = Some(Overlay::Palette(open));
        }
        Some(Overlay::Menu(mut open)) => {
            open.is_searching = true;
            insert(&mut open.search);
            open.search_again();
            state.screen.overlay = Some(Overlay::Menu(open));
        }
        Some(Overlay::Form(mut open)) => {
            form::paste(state, &mut open, raw);
            state.screen.overlay = Some(Overlay::Form(open));
        }
        // A typed confirmation is not filled by a paste: it is there to make one look.
        other @ Some(
            Overlay::Confirm(_)
            | Overlay::Unlock(_)
            | Overlay::Copy(_)
            | Overlay::Choose(_)
            | Overlay::Quit,
        ) => state.screen.overlay = other,
        None if state.panes.apps.is_filtering => {
            insert(&mut state.panes.apps.filter_text);
            filter_typed(state);
        }
        other @ Some(Overlay::Variables(_)) => {
            state.screen.overlay = other;
            variables::paste(state, raw);
        }
        Some(Overlay::Sources(mut open)) => {
            insert(&mut open.search);
            open.search_again(state);
            state.screen.overlay = Some(Overlay::Sources(open));
        }
        None if is_typing_in_log(state) => panes::logs::paste_in_entry(state, &text),
        None => {
            if let Some(field) = panes::field_mut(state).filter(|field| field.is_typing) {
                field.edit(text.as_str().chars().map(InputRequest::InsertChar));
                state.room_is_old = true;
            } else {
                variables::paste(state, raw);
            }
        }
    }
    outcome.redraw = true;
}

/// Whether a key closes what is open, whatever it is.
pub(in crate::app) fn is_close(press: KeyPress) -> bool {
    press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'))
}

/// What a key does in a text field; absent for keys that end or leave it.
pub(in crate::app) fn edit(press: KeyPress) -> Option<InputRequest> {
    use InputRequest as R;
    let request = match (press.key, press.ctrl, press.alt) {
        (Key::Char('a'), true, _) | (Key::Home, ..) => R::GoToStart,
        (Key::Char('e'), true, _) | (Key::End, ..) => R::GoToEnd,
        (Key::Char('u'), true, _) => R::DeleteLine,
        (Key::Char('w'), true, _) | (Key::Backspace, _, true) => R::DeletePrevWord,
        (Key::Char('k'), true, _) => R::DeleteTillEnd,
        (Key::Char(c), false, false) => R::InsertChar(c),
        (Key::Backspace, ..) => R::DeletePrevChar,
        (Key::Delete, ..) => R::DeleteNextChar,
        (Key::Left, ..) => R::GoToPrevChar,
        (Key::Right, ..) => R::GoToNextChar,
        _ => return None,
    };
    Some(request)
}

fn in_filter(state: &mut State, press: KeyPress) {
    match press {
        KeyPress {
            key: Key::Enter, ..
        } => state.panes.apps.is_filtering = false,
        KeyPress { key: Key::Esc, .. }
        | KeyPress {
            key: Key::Char('c'),
            ctrl: true,
            ..
        } => {
            state.panes.apps.is_filtering = false;
            clear_filter(state);
        }
        KeyPress { key: Key::Up, .. } => panes::motion(state, Motion::By(-1)),
        KeyPress { key: Key::Down, .. } => panes::motion(state, Motion::By(1)),
        other => {
            if let Some(request) = edit(other) {
                state.panes.apps.filter_text.handle(request);
                filter_typed(state);
            }
        }
    }
}

/// A key while the filter of a view is typed.
fn in_field(state: &mut State, press: KeyPress) {
    let is_over = press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'));
    let moves = [(Key::Up, -1), (Key::Down, 1)];
    if let Some((_, by)) = moves.into_iter().find(|(key, _)| *key == press.key) {
        return panes::motion(state, Motion::By(by));
    }
    let Some(field) = panes::field_mut(state) else {
        return;
    };
    if is_over {
        field.clear();
    } else if press.key == Key::Enter {
        field.is_typing = false;
    } else {
        field.edit(edit(press));
    }
    state.room_is_old = true;
}

fn filter_typed(state: &mut State) {
    state.panes.apps.filter = Filter::parse(state.panes.apps.filter_text.value());
    panes::apps::filter(state);
}

pub(super) fn clear_filter(state: &mut State) {
    state.panes.apps.filter_text.reset();
    filter_typed(state);
}
