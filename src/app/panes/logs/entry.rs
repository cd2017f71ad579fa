//! What is typed on the last row of the pane: a search, a filter, a time, fields, a file's name.

use tui_input::Input;

use crate::app::keys::KeyPress;
use crate::app::message::Outcome;
use crate::app::state::State;
use crate::model::Text;

/// What is typed, and what for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What for.
    pub purpose: Purpose,
    /// The text.
    pub input: Input,
    /// What is wrong with it; absent while it is well.
    pub problem: Option<Text>,
}

/// What something is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A search, shown while it is typed.
    Search,
    /// A filter, shown while it is typed.
    Filter,
    /// From when lines are wanted.
    Since,
    /// Which fields of JSON lines are shown.
    Fields,
    /// The name of the file into which lines are saved.
    Save,
}

/// Begins to type.
pub(super) fn begin(state: &mut State, purpose: Purpose) {
    state.panes.logs.entry = Some(Entry {
        purpose,
        input: Input::default(),
        problem: None,
    });
}

/// A key while something is typed.
pub(in crate::app) fn key(state: &mut State, _press: KeyPress, _outcome: &mut Outcome) {
    state.panes.logs.entry = None;
}

/// A text was pasted while something is typed.
pub(in crate::app) fn paste(_state: &mut State, _text: &Text) {}
