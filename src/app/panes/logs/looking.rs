//! Going to what was looked for, and to errors.

use crate::app::state::State;

/// Goes to the next line in which the search occurs, or the one before.
pub(super) fn to_hit(_state: &mut State, _forward: bool) {}

/// Goes to the next error, or the one before.
pub(super) fn to_error(_state: &mut State, _forward: bool) {}

/// More lines around each that the filter shows, then none again.
pub(super) fn turn_context(_state: &mut State) {}
