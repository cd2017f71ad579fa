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

/// The list of what can be chosen.
#[derive(Clone, Debug, Default)]
pub struct SourcesState {
    /// What is looked for in it.
    pub search: Input,
    /// The row under the bar.
    pub selected: usize,
}

/// Opens the list.
pub(super) fn open(_state: &mut State) {}

/// A key while the list is open.
pub(in crate::app) fn key(_state: &mut State, _open: SourcesState, _press: KeyPress) {}
