//! Keys in the list of contexts.

use super::input::is_close;
use crate::app::choose::ChooseState;
use crate::app::keys::{Key, KeyPress};
use crate::app::notices::Tone;
use crate::app::panes;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::ContextId;

/// Opens it.
pub(super) fn open(state: &mut State) {
    if state.contexts.is_empty() {
        let text = "no context is configured: see `flightdeck config path`";
        state.notices.say(state.now, Tone::Info, text);
    } else {
        state.screen.overlay = Some(Overlay::Choose(ChooseState::new(state)));
    }
}

/// A key while it is open.
pub(super) fn key(state: &mut State, mut choose: ChooseState, press: KeyPress) {
    if is_close(press) || press == KeyPress::plain(Key::Char('q')) {
        return;
    }
    let count = state.contexts.len();
    let id = state.contexts.iter().nth(choose.selected).map(|it| it.id);
    match (press.key, id) {
        (Key::Enter, Some(id)) => return only(state, id),
        (Key::Char(' '), Some(id)) => {
            state.panes.apps.hidden.toggle(id);
            panes::apps::filter(state);
        }
        (Key::Char('*'), _) => show_all(state),
        (Key::Down | Key::Char('j'), _) => choose.step(1, count),
        (Key::Up | Key::Char('k'), _) => choose.step(-1, count),
        (Key::Home | Key::Char('g'), _) => choose.selected = 0,
        (Key::End | Key::Char('G'), _) => choose.step(isize::MAX, count),
        _ => {}
    }
    state.screen.overlay = Some(Overlay::Choose(choose));
}

/// Lists the apps of one context and no other.
pub(super) fn only(state: &mut State, id: ContextId) {
    let all: Vec<_> = state.contexts.iter().map(|context| context.id).collect();
    state.panes.apps.hidden.all_but(id, all.into_iter());
    panes::apps::filter(state);
    super::navigate::focus(state, Pane::Apps);
    if let Some(context) = state.contexts.get(id)
        && state.contexts.len() > 1
    {
        let text = format!("only {} is listed; Esc lists all contexts", context.name);
        state.notices.say(state.now, Tone::Info, text);
    }
}

/// Lists the apps of every context.
pub(super) fn show_all(state: &mut State) {
    state.panes.apps.hidden.clear();
    panes::apps::filter(state);
}
