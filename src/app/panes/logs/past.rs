//! Older lines than those a log began with, asked for by a time or by scrolling past the start.

use crate::app::message::Outcome;
use crate::app::state::State;
use crate::model::PastLines;

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Past {}

/// Older lines came, or why they did not.
pub(in crate::app) fn took(_state: &mut State, _report: PastLines) {}

/// Asks for lines from a time on, as it was typed.
pub(super) fn since(_state: &mut State, _typed: &str, _outcome: &mut Outcome) {}
