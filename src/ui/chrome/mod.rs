//! What stands around the panes.

mod activity;
mod footer;
mod header;
mod strip;

pub(crate) use activity::activity;
pub(crate) use footer::{bar, footer};
pub(crate) use header::{header, summary};
pub(crate) use strip::{condition, strip};

/// From this width on, totals have words and keys have room.
const ROOMY: u16 = 100;
