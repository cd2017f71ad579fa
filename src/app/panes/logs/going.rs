//! Going to a line so that what was searched for in it is in sight.

use unicode_width::UnicodeWidthStr;

use super::sight::Sight;
use super::{Place, fold, rows};
use crate::app::logs::query::Pattern;
use crate::app::logs::ring::LineNo;
use crate::app::state::State;

/// Of so many hits in a line one is looked for that is in sight.
const MOST_PLACES: usize = 100;

/// Goes to a line: it stands in the upper third, with what was searched for, and is the one one is on.
pub(super) fn go_to(state: &mut State, no: LineNo) {
    if is_beyond_fold(state, no) {
        fold::unfold(state, no);
    }
    let rows = rows(state);
    let Some(sight) = Sight::of(state) else {
        return;
    };
    let (row, left) = place_of_hit(state, &sight, no);
    let top = sight.up(Place { line: no, row }, rows / 3);
    let pane = &mut state.panes.logs;
    (pane.top, pane.left, pane.follows) = (top, left, false);
    pane.finder.current = Some(no);
}

/// Whether what is searched for stands only in that part of a long line that is not shown.
fn is_beyond_fold(state: &State, no: LineNo) -> bool {
    let pattern = state.panes.logs.finder.pattern();
    let sight = Sight::of(state);
    let (Some(pattern), Some(sight)) = (pattern, sight) else {
        return false;
    };
    let line = sight.ring.get(no).filter(|line| sight.is_folded(line));
    line.is_some_and(|line| {
        pattern.is_found(line.text) && !pattern.is_found(&sight.shown(&line).text)
    })
}

/// In which row of a line that is wrapped the first hit is, and how far to scroll sideways so that one
/// is in sight.
fn place_of_hit(state: &State, sight: &Sight<'_>, no: LineNo) -> (usize, usize) {
    let pane = &state.panes.logs;
    let (Some(pattern), Some(line)) = (pane.finder.pattern(), sight.ring.get(no)) else {
        return (0, pane.left);
    };
    let shown = sight.shown(&line);
    if sight.is_wrapped(&line) {
        let starts = sight.row_starts(&line, &shown.text);
        let place = pattern.places(&shown.text).next();
        let at = place.map_or(0, |place| place.start);
        let row = starts.partition_point(|start| *start as usize <= at);
        return (row.saturating_sub(1), pane.left);
    }
    let columns = sight.columns.text(&line);
    (0, left(pattern, &shown.text, pane.left, columns))
}

/// How far to scroll sideways so that a hit is in sight in so many columns.
fn left(pattern: &Pattern, text: &str, left: usize, columns: usize) -> usize {
    let column = |at: usize| text.get(..at).unwrap_or_default().width();
    // The signs that there is more take a column on either side.
    let is_in_sight = |from: usize, to: usize, left: usize| {
        from >= left + usize::from(left > 0) && to < left + columns
    };
    let mut first = None;
    // Who searches for one letter in a line of a megabyte needs to see one.
    for place in pattern.places(text).take(MOST_PLACES) {
        let (from, to) = (column(place.start), column(place.end));
        if is_in_sight(from, to, left) {
            return left;
        }
        first.get_or_insert((from, to));
    }
    match first {
        Some((from, to)) if is_in_sight(from, to, 0) => 0,
        Some((from, _)) => from.saturating_sub(columns / 3),
        None => left,
    }
}
