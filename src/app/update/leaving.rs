//! Leaving, and what asks before it.

use super::navigate::{dashboard, focus, zoom};
use super::operation;
use crate::app::keys::{Key, KeyPress};
use crate::app::message::{Effect, Outcome};
use crate::app::screen::{Overlay, Zoom};
use crate::app::state::State;

pub(super) fn in_quit(press: KeyPress, outcome: &mut Outcome) {
    // Anything but y stays.
    if press == KeyPress::plain(Key::Char('y')) {
        outcome.effects.push(Effect::Quit);
    }
}

pub(super) fn quit(state: &mut State, outcome: &mut Outcome) {
    if state.screen.focus.is_view() {
        focus(state, dashboard(state));
    } else if state.screen.zoom == Zoom::Full {
        zoom(state, Zoom::Normal);
    } else if is_busy(state) {
        state.screen.overlay = Some(Overlay::Quit);
    } else {
        outcome.effects.push(Effect::Quit);
    }
}

pub(super) fn interrupt(state: &mut State, outcome: &mut Outcome) {
    if is_busy(state) {
        state.screen.overlay = Some(Overlay::Quit);
    } else {
        outcome.effects.push(Effect::Quit);
    }
}

/// Whether something would go on unseen, or not go on at all, were the program to end now.
pub(super) fn is_busy(state: &State) -> bool {
    state.operations.running().next().is_some()
        || operation::has_waiting(state)
        || state.transfers.is_running()
        || state.panes.variables.staged_count() > 0
}
