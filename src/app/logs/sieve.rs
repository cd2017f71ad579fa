//! Which lines of a ring are shown: all, or those that a filter lets through, with lines of context.
//!
//! What a filter shows is found a slice of lines at a time ([`Sieve::advance`]), so that a key is
//! answered while a long log is looked through. A line is always named by its number in the ring.

use std::collections::VecDeque;

use super::query::LineFilter;
use super::ring::{LineNo, Ring};
use crate::model::LineKind;

/// How much may be looked through before the screen gets its turn again, in bytes of text; a line
/// counts for some even if it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(usize);

impl Budget {
    /// What a turn may take: a few milliseconds.
    pub const SLICE: Self = Self(1024 * 1024);
    /// What a line costs beside its text.
    const LINE: usize = 48;

    /// So many bytes.
    #[must_use]
    pub fn of(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Takes a line off it. False when it was used up before.
    pub fn spend(&mut self, length: usize) -> bool {
        let had = self.0 > 0;
        self.0 = self.0.saturating_sub(length + Self::LINE);
        had
    }

    /// Whether it is used up.
    #[must_use]
    pub fn is_spent(self) -> bool {
        self.0 == 0
    }
}

/// Which lines are shown.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    filter: Option<LineFilter>,
    context: usize,
    /// The lines that are shown, ascending; of use only with a filter.
    shown: VecDeque<LineNo>,
    /// The first line that was not yet looked at.
    next: LineNo,
}

impl Sieve {
    /// The filter; absent where all is shown.
    #[must_use]
    pub fn filter(&self) -> Option<&LineFilter> {
        self.filter.as_ref()
    }

    /// Looks through everything anew, with this filter and so many lines of context.
    pub fn set(&mut self, filter: Option<LineFilter>, context: usize) {
        *self = Self {
            filter,
            context,
            ..Self::default()
        };
    }

    /// Looks through everything anew: what is shown is another log.
    pub fn restart(&mut self) {
        self.shown.clear();
        self.next = 0;
    }

    /// Whether there are lines it has not looked at.
    #[must_use]
    pub fn is_behind(&self, ring: &Ring) -> bool {
        self.filter.is_some() && self.next < ring.end()
    }

    /// Looks at more lines.
    pub fn advance(&mut self, ring: &Ring, budget: &mut Budget) {
        let Some(filter) = &self.filter else { return };
        while self.shown.front().is_some_and(|no| *no < ring.start()) {
            self.shown.pop_front();
        }
        self.next = self.next.max(ring.start());
        while let Some(line) = ring.get(self.next) {
            if !budget.spend(line.text.len()) {
                return;
            }
            if line.kind == LineKind::Mark || filter.fits(&line) {
                self.shown.push_back(self.next);
            }
            self.next += 1;
        }
    }

    /// How many lines are shown.
    #[must_use]
    pub fn len(&self, ring: &Ring) -> usize {
        match self.filter {
            Some(_) => self.shown.len() - self.gone(ring),
            None => ring.len(),
        }
    }

    /// The first line that is shown, from `no` on.
    #[must_use]
    pub fn at_or_after(&self, ring: &Ring, no: LineNo) -> Option<LineNo> {
        let no = no.max(ring.start());
        match self.filter {
            Some(_) => {
                let at = self.shown.partition_point(|shown| *shown < no);
                self.shown.get(at).copied()
            }
            None => (no < ring.end()).then_some(no),
        }
    }

    /// The last line that is shown, up to and with `no`.
    #[must_use]
    pub fn at_or_before(&self, ring: &Ring, no: LineNo) -> Option<LineNo> {
        let found = match self.filter {
            Some(_) => {
                let at = self.shown.partition_point(|shown| *shown <= no);
                self.shown.get(at.checked_sub(1)?).copied()?
            }
            None => no.min(ring.end().checked_sub(1)?),
        };
        (found >= ring.start()).then_some(found)
    }

    /// What was typed for it.
    #[must_use]
    pub fn filter_text(&self) -> Option<&str> {
        self.filter.as_ref().map(LineFilter::text)
    }

    /// How many of the shown lines the filter lets through.
    #[must_use]
    pub fn fitting(&self, ring: &Ring) -> usize {
        self.len(ring)
    }

    /// How many of the shown lines come before `no`.
    #[must_use]
    pub fn rank(&self, ring: &Ring, no: LineNo) -> usize {
        match self.filter {
            Some(_) => self.shown.partition_point(|shown| *shown < no) - self.gone(ring),
            None => {
                let before = no.clamp(ring.start(), ring.end()) - ring.start();
                usize::try_from(before).unwrap_or(usize::MAX)
            }
        }
    }

    /// Whether a line is there for its neighbour's sake only.
    #[must_use]
    pub fn is_context(&self, _no: LineNo) -> bool {
        self.context > 0 && self.filter.is_none()
    }

    /// How many of `shown` are not there any more.
    fn gone(&self, ring: &Ring) -> usize {
        self.shown.partition_point(|no| *no < ring.start())
    }
}
