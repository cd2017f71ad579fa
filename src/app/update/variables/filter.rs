//! What narrows the view: a filter, a comparison.

use tui_input::InputRequest;

use super::leaves;
use crate::app::keys::{Key, KeyPress};
use crate::app::panes::{self, Motion};
use crate::app::state::State;
use crate::app::update::input::edit;
use crate::model::Text;

/// A key while the filter is typed.
pub(in crate::app::update) fn in_filter(state: &mut State, press: KeyPress) {
    state.room_is_old = true;
    let pane = &mut state.panes.variables;
    if leaves(press) {
        pane.is_filtering = false;
        pane.filter.reset();
    } else if press.key == Key::Enter {
        pane.is_filtering = false;
    } else if matches!(press.key, Key::Up | Key::Down) {
        let by = if press.key == Key::Up { -1 } else { 1 };
        panes::motion(state, Motion::By(by));
    } else if let Some(request) = edit(press) {
        pane.filter.handle(request);
    }
}

/// Text pasted while the filter is typed.
pub(super) fn paste(state: &mut State, text: &str) {
    for c in Text::clean(text).as_str().chars() {
        state
            .panes
            .variables
            .filter
            .handle(InputRequest::InsertChar(c));
    }
    state.room_is_old = true;
}

/// Ends the filter, else the comparison. Says whether there was one.
pub(in crate::app::update) fn peel(state: &mut State) -> bool {
    state.room_is_old = true;
    let pane = &mut state.panes.variables;
    if !pane.filter.value().is_empty() {
        pane.filter.reset();
        return true;
    }
    state.inventory.vault.compare(None);
    pane.comparison.take().is_some()
}
