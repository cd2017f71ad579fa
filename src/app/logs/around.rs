//! The lines that a filter shows, with those around them that it shows for their sake.

use std::collections::VecDeque;

use super::ring::LineNo;
use super::scan::End;

/// Why a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The filter lets it through.
    Fits,
    /// It is a remark of flightdeck's own.
    Mark,
    /// It is near one that fits.
    Near,
}

/// Eight bytes a line: its number and why it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row(u64);

impl Row {
    fn new(no: LineNo, why: Why) -> Self {
        let why = match why {
            Why::Fits => 0,
            Why::Mark => 1,
            Why::Near => 2,
        };
        Self(no << 2 | why)
    }

    fn no(self) -> LineNo {
        self.0 >> 2
    }

    fn why(self) -> Why {
        match self.0 & 3 {
            0 => Why::Fits,
            1 => Why::Mark,
            _ => Why::Near,
        }
    }

    fn fits(self) -> bool {
        self.why() == Why::Fits
    }
}

/// Lines that are shown, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    rows: VecDeque<Row>,
    fitting: usize,
    /// How many lines around each that fits are shown.
    near: u64,
}

impl Shown {
    /// None yet.
    pub(super) fn new(near: usize) -> Self {
        Self {
            near: near as u64,
            ..Self::default()
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many of them fit.
    pub(super) fn fitting(&self) -> usize {
        self.fitting
    }

    /// How many come before a line.
    pub(super) fn rank(&self, no: LineNo) -> usize {
        self.rows.partition_point(|row| row.no() < no)
    }

    /// The one at a rank.
    pub(super) fn at(&self, rank: usize) -> Option<LineNo> {
        self.rows.get(rank).map(|row| row.no())
    }

    /// Why a line is shown; absent if it is not.
    pub(super) fn why(&self, no: LineNo) -> Option<Why> {
        let row = self.rows.get(self.rank(no)).filter(|row| row.no() == no)?;
        Some(row.why())
    }

    /// They, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = LineNo> {
        self.rows.iter().map(|row| row.no())
    }

    /// A line was looked at, just before or after those that were seen. Says whether more is shown.
    pub(super) fn add(&mut self, no: LineNo, end: End, why: Option<Why>) -> bool {
        let near = || (self.near > 0 && self.has_fit_near(no, end)).then_some(Why::Near);
        let Some(why) = why.or_else(near) else {
            return false;
        };
        if why == Why::Fits {
            self.fitting += 1;
        }
        let row = Row::new(no, why);
        match end {
            End::New => self.rows.push_back(row),
            End::Old => self.rows.push_front(row),
        }
        true
    }

    /// Shows what is near a line that was added at an end and fits; `from` and `to` are the first and
    /// last line that were looked at.
    pub(super) fn surround(&mut self, no: LineNo, from: LineNo, to: LineNo) {
        let (from, to) = (
            no.saturating_sub(self.near).max(from),
            no.saturating_add(self.near).min(to),
        );
        let first = self.rank(from);
        let after = self.rank(to.saturating_add(1));
        // A few rows at one end: nothing else is moved.
        let kept: Vec<_> = self.rows.range(first..after).copied().collect();
        let at_end = after == self.rows.len();
        let row = |no| {
            let kept = kept.iter().find(|row| row.no() == no);
            kept.copied().unwrap_or_else(|| Row::new(no, Why::Near))
        };
        if at_end {
            self.rows.truncate(first);
            self.rows.extend((from..=to).map(row));
        } else {
            self.rows.drain(..after);
            (from..=to)
                .rev()
                .for_each(|no| self.rows.push_front(row(no)));
        }
    }

    /// The lines before `start` are gone, and what was shown for their sake goes with them.
    pub(super) fn forget(&mut self, start: LineNo) {
        while let Some(row) = self.rows.front().filter(|row| row.no() < start) {
            self.fitting -= usize::from(row.fits());
            self.rows.pop_front();
        }
        let mut at = 0;
        while let Some(&row) = self.rows.get(at).filter(|row| row.no() < start + self.near) {
            let is_left = row.why() == Why::Near
                && !self.has_fit_near(row.no(), End::Old)
                && !self.has_fit_near(row.no(), End::New);
            if is_left {
                self.rows.remove(at);
            } else {
                at += 1;
            }
        }
    }

    /// Whether a line that fits is near: after it if it is at the old end, before it at the new.
    fn has_fit_near(&self, no: LineNo, end: End) -> bool {
        match end {
            End::Old => {
                let after = self.rows.range(self.rank(no)..);
                let mut near = after.take_while(|row| row.no() <= no + self.near);
                near.any(|row| row.fits())
            }
            End::New => {
                let before = self.rows.range(..self.rank(no)).rev();
                let mut near = before.take_while(|row| row.no() + self.near >= no);
                near.any(|row| row.fits())
            }
        }
    }
}
