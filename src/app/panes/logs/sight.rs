//! The rows in sight. Everything is computed from these lines alone, whatever else the log holds.

use std::borrow::Cow;

use super::LogsPane;
use super::columns::Columns;
use super::fold::Unfolded;
use super::motion::Place;
use crate::app::logs::breaks::row_starts;
use crate::app::logs::ring::{Line, LineNo, Ring};
use crate::app::logs::shown::{Content, Shown, folded};
use crate::app::state::State;

/// The lines that are shown, and how.
#[derive(Clone, Debug)]
pub struct Sight<'a> {
    /// The lines.
    pub ring: &'a Ring,
    /// What stands before them.
    pub columns: Columns,
    pane: &'a LogsPane,
}

impl<'a> Sight<'a> {
    /// What the pane shows; absent while there is no log.
    #[must_use]
    pub fn of(state: &'a State) -> Option<Self> {
        let ring = super::shown(state)?;
        Some(Self::on(state, ring))
    }

    /// As [`Sight::of`], of a ring that is known.
    #[must_use]
    pub fn on(state: &'a State, ring: &'a Ring) -> Self {
        Self {
            ring,
            columns: Columns::of(state, ring),
            pane: &state.panes.logs,
        }
    }

    /// The first row in sight, where `rows` are.
    #[must_use]
    pub fn top(&self, rows: usize) -> Place {
        let last = self.last_top(rows);
        if self.pane.follows {
            last
        } else {
            self.settled(self.pane.top).min(last)
        }
    }

    /// The first row when the last one is in sight.
    #[must_use]
    pub fn last_top(&self, rows: usize) -> Place {
        let last = self.before(self.ring.end());
        last.map_or_else(Place::default, |line| {
            self.up(self.end_of(line), rows.saturating_sub(1))
        })
    }

    /// The very first row.
    #[must_use]
    pub fn start(&self) -> Place {
        let first = self.after(self.ring.start());
        first.map_or_else(Place::default, Place::line)
    }

    /// The place itself, or the nearest there is.
    #[must_use]
    pub fn settled(&self, place: Place) -> Place {
        let line = self.after(place.line).or_else(|| self.before(place.line));
        let Some(line) = line else { return place };
        if line != place.line {
            return Place::line(line);
        }
        let row = place.row.min(self.end_of(line).row);
        Place { line, row }
    }

    /// So many rows further up, or the first.
    #[must_use]
    pub fn up(&self, mut place: Place, mut rows: usize) -> Place {
        while place.row < rows {
            let line = place.line.checked_sub(1).and_then(|line| self.before(line));
            let Some(line) = line else {
                return Place::line(place.line);
            };
            rows -= place.row + 1;
            place = self.end_of(line);
        }
        place.row -= rows;
        place
    }

    /// So many rows further down, or the last.
    #[must_use]
    pub fn down(&self, mut place: Place, mut rows: usize) -> Place {
        loop {
            let end = self.end_of(place.line);
            let below = end.row.saturating_sub(place.row);
            if rows <= below {
                place.row += rows;
                return place;
            }
            let Some(line) = self.after(place.line + 1) else {
                return end;
            };
            rows -= below + 1;
            place = Place::line(line);
        }
    }

    /// The lines in sight from a place on, each with its rows that are scrolled past and those that
    /// are in sight.
    #[must_use]
    pub fn lines(&self, top: Place, rows: usize) -> Vec<(Line<'a>, usize, usize)> {
        let (mut found, mut left) = (Vec::new(), rows);
        let mut next = Some(top);
        while let Some(place) = next.filter(|_| left > 0) {
            let Some(line) = self.ring.get(place.line) else {
                break;
            };
            let below = self.height(&line).saturating_sub(place.row);
            let seen = below.min(left);
            found.push((line, place.row, seen));
            left -= seen;
            next = self.after(place.line + 1).map(Place::line);
        }
        found
    }

    /// The last row of a line.
    #[must_use]
    pub fn end_of(&self, no: LineNo) -> Place {
        let height = self.ring.get(no).map_or(1, |line| self.height(&line));
        Place {
            line: no,
            row: height.saturating_sub(1),
        }
    }

    /// The first line that is shown, from `no` on.
    #[must_use]
    pub fn after(&self, no: LineNo) -> Option<LineNo> {
        self.pane.sieve.at_or_after(self.ring, no)
    }

    /// The last line that is shown, up to and with `no`.
    #[must_use]
    pub fn before(&self, no: LineNo) -> Option<LineNo> {
        self.pane.sieve.at_or_before(self.ring, no)
    }

    /// Whether a line is shown in one row with a note of how long it is.
    #[must_use]
    pub fn is_folded(&self, line: &Line<'_>) -> bool {
        line.is_long() && !self.unfolded().has(line.no)
    }

    /// Whether a line goes on in the next row where it is wider than the pane.
    #[must_use]
    pub fn is_wrapped(&self, line: &Line<'_>) -> bool {
        !self.is_folded(line) && (self.pane.lens.wraps || line.is_long())
    }

    /// What there is of a line to show.
    #[must_use]
    pub fn content(&self, line: &Line<'a>) -> Content<'a> {
        Content::of(&self.pane.lens, line)
    }

    /// What is shown of a line, its fields not in columns.
    #[must_use]
    pub fn shown(&self, line: &Line<'a>) -> Shown<'a> {
        if self.is_folded(line) {
            folded(line)
        } else {
            self.content(line).shown(&[])
        }
    }

    /// Where the rows of a wrapped line begin, in what is shown of it.
    #[must_use]
    pub fn row_starts(&self, line: &Line<'_>, text: &str) -> Cow<'a, [u32]> {
        let columns = self.columns.text(line);
        match self.unfolded().starts(line.no, columns) {
            Some(known) if line.is_long() => Cow::Borrowed(known),
            Some(_) | None => Cow::Owned(row_starts(text, columns)),
        }
    }

    fn height(&self, line: &Line<'a>) -> usize {
        if !self.is_wrapped(line) {
            return 1;
        }
        // What was counted when it was unfolded needs no text.
        if let Some(known) = self.unfolded().starts(line.no, self.columns.text(line)) {
            return known.len();
        }
        self.row_starts(line, &self.shown(line).text).len()
    }

    fn unfolded(&self) -> &'a Unfolded {
        &self.pane.unfolded
    }
}
