//! Choosing lines, copying them, and saving them to a file.

use crate::app::logs::ring::LineNo;
use crate::app::message::Outcome;
use crate::app::state::State;
use crate::model::Text;

/// Lines that are chosen: from where the choice began to the line one is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: LineNo,
    /// The line one is on.
    pub head: LineNo,
}

/// Begins to choose lines, or stops.
pub(super) fn toggle(_state: &mut State) {}

/// Copies the lines that are chosen.
pub(super) fn copy(_state: &mut State, _outcome: &mut Outcome) {}

/// Asks for the file into which lines are saved.
pub(super) fn begin_save(_state: &mut State) {}

/// Lines were saved: where, or why not.
pub(in crate::app) fn saved(_state: &mut State, _result: Result<Text, Text>) {}

/// Saves the chosen lines, or all that are shown, to a file.
pub(super) fn save_to(_state: &mut State, _path: &str, _outcome: &mut Outcome) {}
