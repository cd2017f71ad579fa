//! Moving through the lines. What is in sight is named by a line, never by a count from an end, so
//! that it stays where it is while lines come and go.

use super::sight::Sight;
use super::{Motion, rows, select};
use crate::app::logs::ring::{LineNo, Ring};
use crate::app::state::State;

/// The first row in sight: a line, and which of its rows where it is wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: LineNo,
    /// Its rows that are scrolled past.
    pub row: usize,
}

impl Place {
    /// The first row of a line.
    #[must_use]
    pub fn line(line: LineNo) -> Self {
        Self { line, row: 0 }
    }
}

pub(in crate::app::panes) fn motion(state: &mut State, motion: Motion) {
    if state.panes.logs.selection.is_some() {
        return select::extend(state, motion);
    }
    let rows = rows(state);
    let Some(sight) = Sight::of(state) else {
        return;
    };
    let (top, last) = (sight.top(rows), sight.last_top(rows));
    let to = match motion {
        Motion::By(delta) if delta < 0 => sight.up(top, delta.unsigned_abs()),
        Motion::By(delta) => sight.down(top, delta.unsigned_abs()).min(last),
        Motion::Top => sight.start(),
        Motion::Bottom => last,
    };
    // Scrolling down to the end is how one says "go on".
    let follows = match motion {
        Motion::By(delta) => delta > 0 && to == last,
        Motion::Top => false,
        Motion::Bottom => true,
    };
    let pane = &mut state.panes.logs;
    (pane.top, pane.follows) = (to, follows);
}

/// The first row in sight.
#[must_use]
pub fn top(state: &State, ring: &Ring, rows: usize) -> Place {
    Sight::on(state, ring).top(rows)
}

/// Brings a line into sight, whole if there is room, and stops following.
pub(super) fn reveal(state: &mut State, no: LineNo) {
    let rows = rows(state);
    let Some(sight) = Sight::of(state) else {
        return;
    };
    let (top, first) = (sight.top(rows), Place::line(no));
    // The last of the places from which it is in sight to its end, or else from its start.
    let lowest = sight
        .up(sight.end_of(no), rows.saturating_sub(1))
        .min(first);
    let to = top.clamp(lowest, first);
    let pane = &mut state.panes.logs;
    (pane.top, pane.follows) = (to, false);
}
