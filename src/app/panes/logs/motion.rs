//! Moving through the lines. What is in sight is named by a line, never by a count from an end, so
//! that it stays where it is while lines come and go.

use super::{Motion, rows, shown};
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
    fn line(line: LineNo) -> Self {
        Self { line, row: 0 }
    }
}

pub(in crate::app::panes) fn motion(state: &mut State, motion: Motion) {
    let rows = rows(state) as u64;
    let Some((start, end)) = shown(state).map(|ring| (ring.start(), ring.end())) else {
        return;
    };
    let last_top = end.saturating_sub(rows).max(start);
    let pane = &mut state.panes.logs;
    let top = if pane.follows {
        last_top
    } else {
        pane.top.line.clamp(start, last_top)
    };
    match motion {
        Motion::By(delta) => {
            let line = top
                .saturating_add_signed(delta as i64)
                .clamp(start, last_top);
            pane.top = Place::line(line);
            // Scrolling down to the end is how one says "go on".
            pane.follows = delta > 0 && line == last_top;
        }
        Motion::Top => (pane.top, pane.follows) = (Place::line(start), false),
        Motion::Bottom => pane.follows = true,
    }
}

/// The first row in sight.
#[must_use]
pub fn top(state: &State, ring: &Ring, rows: usize) -> Place {
    let last_top = ring.end().saturating_sub(rows as u64).max(ring.start());
    if state.panes.logs.follows {
        Place::line(last_top)
    } else {
        Place::line(state.panes.logs.top.line.clamp(ring.start(), last_top))
    }
}
