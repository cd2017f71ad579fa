//! The rows above the lines of the log that tell of a release.

use super::Watch;
use crate::app::screen::{Pane, Zoom};
use crate::app::state::State;

/// Below this the log needs every row.
const SMALL: usize = 6;
/// From here on there is room for the phases.
const MEDIUM: usize = 12;
/// From here on there is room for everything.
const LARGE: usize = 20;

/// The release that is told of above the log of the selection: the newest that was watched there.
#[must_use]
pub fn shown(state: &State) -> Option<&Watch> {
    if state.logs.merged().is_some() || state.panes.logs.shows_previous {
        return None;
    }
    let watch = state.watches.of(&state.selected_env()?)?;
    let is_news = watch.is_running() || watch.is_settling();
    let is_bad = watch.verdict().is_some_and(super::Verdict::is_bad);
    // What went well is old news in a small pane.
    (is_news || is_bad || state.screen.zoom != Zoom::Normal).then_some(watch)
}

/// How many rows of the pane it takes. The number depends on the room alone, so that the lines below
/// do not jump while a release goes on.
#[must_use]
pub fn rows(state: &State) -> usize {
    let room = state.layout().rows(Pane::Logs);
    if shown(state).is_none() || room < SMALL {
        return 0;
    }
    match (state.screen.zoom, room) {
        (Zoom::Normal, _) | (_, 0..MEDIUM) => 1,
        (Zoom::Half | Zoom::Full, MEDIUM..LARGE) => 3,
        (Zoom::Half | Zoom::Full, _) => 5,
    }
}

/// Whether what is shown of a release counts seconds.
#[must_use]
pub(in crate::app) fn counts_seconds(state: &State) -> bool {
    let is_running = shown(state).is_some_and(Watch::is_running);
    is_running && state.layout().shows(Pane::Logs) && rows(state) > 0
}
