//! What stands around the panes.

mod activity;
mod footer;
mod header;
mod strip;

pub(crate) use activity::activity;
pub(crate) use footer::{bar, footer};
pub(crate) use header::{header, summary};
pub(crate) use strip::{condition, strip};

use super::View;

/// Whether something is under way or waits for its turn.
pub(crate) fn is_acting(view: View<'_>) -> bool {
    let state = view.state;
    state.operations.running().next().is_some() || state.batches.running().next().is_some()
}

/// From this width on, totals have words and keys have room.
const ROOMY: u16 = 100;
