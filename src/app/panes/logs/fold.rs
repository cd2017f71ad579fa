//! Long lines: shown in one row until they are unfolded.
//!
//! Where the rows of an unfolded line begin is found once, and again when the pane has another
//! width: it may be a megabyte, and is drawn whenever anything changes.

use std::collections::BTreeMap;

use super::motion::Place;
use super::select::current;
use super::sight::Sight;
use super::{rows, shown};
use crate::app::logs::breaks::row_starts;
use crate::app::logs::ring::LineNo;
use crate::app::notices::Tone;
use crate::app::state::State;

/// Long lines that are shown whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfolded(BTreeMap<LineNo, Rows>);

/// Where the rows of a line begin, for a width.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rows {
    columns: usize,
    starts: Vec<u32>,
}

impl Unfolded {
    /// Whether a line is shown whole.
    #[must_use]
    pub fn has(&self, no: LineNo) -> bool {
        self.0.contains_key(&no)
    }

    /// Where its rows begin, if it was unfolded in so many columns.
    #[must_use]
    pub fn starts(&self, no: LineNo, columns: usize) -> Option<&[u32]> {
        let rows = self.0.get(&no)?;
        (rows.columns == columns).then_some(rows.starts.as_slice())
    }
}

/// Unfolds the line one is on, or the first long one in sight; or folds it again.
pub(in crate::app) fn toggle(state: &mut State) {
    let Some((no, top)) = meant(state) else {
        let text = "no line in sight is too long for the pane to show whole";
        return state.notices.say(state.now, Tone::Info, text);
    };
    let pane = &mut state.panes.logs;
    // Where it follows, what one wants to read would begin far above.
    (pane.follows, pane.top) = (false, top);
    if pane.unfolded.0.remove(&no).is_none() {
        unfold(state, no);
    } else {
        pane.top = pane.top.min(Place::line(no));
    }
}

/// Shows a long line whole.
pub(super) fn unfold(state: &mut State, no: LineNo) {
    let line = shown(state).and_then(|ring| ring.get(no));
    if line.is_none_or(|line| !line.is_long()) {
        return;
    }
    let empty = Rows {
        columns: 0,
        starts: Vec::new(),
    };
    state.panes.logs.unfolded.0.insert(no, empty);
    tend(state);
}

/// The line that is meant, and the first row in sight.
fn meant(state: &State) -> Option<(LineNo, Place)> {
    let sight = Sight::of(state)?;
    let rows = rows(state);
    let top = sight.top(rows);
    let lines = sight.lines(top, rows);
    let is_meant = |no: LineNo| {
        lines
            .iter()
            .any(|(line, ..)| line.no == no && line.is_long())
    };
    let first = lines.iter().find(|(line, ..)| line.is_long());
    let first = first.map(|(line, ..)| line.no);
    let line = current(state).filter(|no| is_meant(*no)).or(first)?;
    Some((line, top))
}

/// Finds where the rows of unfolded lines begin, where that is not known for the width there is;
/// forgets lines that are gone.
pub(super) fn tend(state: &mut State) {
    if state.panes.logs.unfolded.0.is_empty() {
        return;
    }
    let Some(sight) = Sight::of(state) else {
        return;
    };
    let known = &state.panes.logs.unfolded.0;
    let lines = known.iter().filter_map(|(no, rows)| {
        let line = sight.ring.get(*no)?;
        let columns = sight.columns.text(&line);
        if rows.columns == columns {
            return Some((*no, rows.clone()));
        }
        let starts = row_starts(line.text, columns);
        Some((*no, Rows { columns, starts }))
    });
    let lines = lines.collect();
    state.panes.logs.unfolded = Unfolded(lines);
}

/// Whether any line that is shown whole has other rows in the pane as it is.
pub(super) fn is_old(state: &State) -> bool {
    let known = &state.panes.logs.unfolded.0;
    if known.is_empty() {
        return false;
    }
    let Some(ring) = shown(state) else {
        return true;
    };
    let sight = Sight::on(state, ring);
    known.iter().any(|(no, rows)| {
        let line = ring.get(*no);
        line.is_none_or(|line| sight.columns.text(&line) != rows.columns)
    })
}
