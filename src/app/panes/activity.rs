//! Activity: what happened, everywhere, newest first.

use super::Motion;
use crate::app::state::State;

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct ActivityPane {
    /// The first row in sight.
    pub offset: usize,
}

/// Builds the rows anew.
pub(super) fn derive(_state: &mut State) {}

pub(super) fn motion(_state: &mut State, _motion: Motion) {}

/// What Enter does.
pub(in crate::app) fn open(_state: &mut State) {}
