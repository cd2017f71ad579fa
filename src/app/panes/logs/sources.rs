//! What is shown instead of the selection's log: sources that somebody chose, as one.

use tui_input::Input;

use crate::app::keys::KeyPress;
use crate::app::state::State;
use crate::model::{EnvId, Scoped};

/// The sources that were chosen, in that order; empty while the selection is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// They.
    pub chosen: Vec<Scoped<EnvId>>,
}

impl Sources {
    pub(super) fn shown_env(&self, state: &State) -> Option<Scoped<EnvId>> {
        match self.chosen.as_slice() {
            [] => state.selected_env(),
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}

/// The list of what can be chosen.
#[derive(Clone, Debug, Default)]
pub struct SourcesState {
    /// What is looked for in it.
    pub search: Input,
    /// The row under the bar.
    pub selected: usize,
}

/// The environment whose log is shown by itself: the only source that was chosen, or the selection.
#[must_use]
pub fn shown_env(state: &State) -> Option<Scoped<EnvId>> {
    state.panes.logs.sources.shown_env(state)
}

/// Environments whose logs are shown: those that were chosen, or the selection.
pub(super) fn wanted(state: &State) -> impl Iterator<Item = Scoped<EnvId>> {
    let chosen = &state.panes.logs.sources.chosen;
    let selected = state.selected_env().filter(|_| chosen.is_empty());
    chosen.iter().cloned().chain(selected)
}

/// Whether an environment is shown because it is selected just now, and for no other reason.
pub(super) fn is_passing(state: &State, env: &Scoped<EnvId>) -> bool {
    state.panes.logs.sources.chosen.is_empty() && !state.watches.wanted().any(|it| it == env)
}

/// Whether the pane shows lines of an environment.
#[must_use]
pub fn shows(state: &State, env: &Scoped<EnvId>) -> bool {
    wanted(state).any(|shown| shown == *env)
}

/// Takes note of what is shown now.
pub(super) fn settle(state: &mut State) {
    let now: Vec<_> = wanted(state).collect();
    if now == state.panes.logs.of {
        return;
    }
    let stays_merged = now.len() > 1 && state.panes.logs.of.len() > 1;
    if stays_merged {
        state.panes.logs.of = now;
    } else {
        state.panes.logs.turn_to(now);
    }
}

/// Opens the list.
pub(super) fn open(_state: &mut State) {}

/// A key while the list is open.
pub(in crate::app) fn key(_state: &mut State, _open: SourcesState, _press: KeyPress) {}
