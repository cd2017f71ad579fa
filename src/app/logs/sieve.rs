//! Which lines of a ring are shown: all, or those that a filter lets through, with lines of context.
//!
//! What a filter shows is found a slice of lines at a time ([`Sieve::advance`]), so that a key is
//! answered while a long log is looked through. A line is always named by its number in the ring.

use super::around::{Shown, Why};
use super::query::LineFilter;
use super::ring::{Line, LineNo, Ring};
use super::scan::{Kept, Scan};
use crate::model::LineKind;

/// How much may be looked through before the screen gets its turn again, in bytes of text; a line
/// counts for some even if it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(usize);

impl Budget {
    /// What a turn may take: a millisecond or two. A key may have to wait for two of them.
    pub const SLICE: Self = Self(512 * 1024);
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
    /// The names of the logs that were merged, by origin.
    origins: Vec<String>,
    /// Of use only with a filter.
    shown: Shown,
    scan: Scan,
    /// Grows with every change of what is shown.
    version: u64,
}

impl Sieve {
    /// The filter; absent where all is shown.
    #[must_use]
    pub fn filter(&self) -> Option<&LineFilter> {
        self.filter.as_ref()
    }

    /// What was typed for it.
    #[must_use]
    pub fn filter_text(&self) -> Option<&str> {
        self.filter.as_ref().map(LineFilter::text)
    }

    /// Shows what this filter lets through, with so many lines of context. Looks through everything
    /// anew if that is something else than before.
    pub fn set(&mut self, filter: Option<LineFilter>, context: usize) {
        if self.filter != filter || self.context != context {
            (self.filter, self.context) = (filter, context);
            self.restart();
        }
    }

    /// The names of the logs that are merged, by origin, for `source:`.
    pub fn name_origins(&mut self, names: Vec<String>) {
        if self.origins != names {
            self.origins = names;
            if self.asks_source() {
                self.restart();
            }
        }
    }

    /// Whether it asks who wrote a line.
    #[must_use]
    pub fn asks_source(&self) -> bool {
        self.filter.as_ref().is_some_and(LineFilter::asks_source)
    }

    /// Looks through everything anew: what is shown is another log.
    pub fn restart(&mut self) {
        self.shown = Shown::new(self.context);
        self.scan.restart();
        self.version += 1;
    }

    /// Where it begins when it looks through everything anew: what is in sight is right first.
    pub fn begin_at(&mut self, no: LineNo) {
        self.scan.begin_at(no);
    }

    /// Whether there are lines it has not looked at.
    #[must_use]
    pub fn is_behind(&self, ring: &Ring) -> bool {
        self.filter.is_some() && self.scan.is_behind(ring)
    }

    /// Looks at more lines.
    pub fn advance(&mut self, ring: &Ring, budget: &mut Budget) {
        let Some(filter) = &self.filter else { return };
        let before = (self.shown.len(), self.shown.at(0));
        match self.scan.keep_up(ring) {
            Kept::All => {}
            Kept::Newest => self.shown.forget(ring.start()),
            Kept::Nothing => self.shown = Shown::new(self.context),
        }
        self.version += u64::from(before != (self.shown.len(), self.shown.at(0)));
        while !budget.is_spent()
            && let Some((no, end)) = self.scan.next(ring)
        {
            let Some(line) = ring.get(no) else { continue };
            budget.spend(line.text.len());
            let why = why(filter, &line, &self.origins);
            if self.shown.add(no, end, why) {
                self.version += 1;
            }
            if why == Some(Why::Fits) && self.context > 0 {
                let seen = self.scan.seen();
                self.shown.surround(no, seen.start, seen.end - 1);
            }
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

    /// How many of the shown lines the filter lets through: without context, without marks.
    #[must_use]
    pub fn fitting(&self, ring: &Ring) -> usize {
        match self.filter {
            Some(_) => self.shown.fitting(),
            None => ring.len(),
        }
    }

    /// The first line that is shown, from `no` on.
    #[must_use]
    pub fn at_or_after(&self, ring: &Ring, no: LineNo) -> Option<LineNo> {
        self.nth(ring, self.rank(ring, no))
    }

    /// The last line that is shown, up to and with `no`.
    #[must_use]
    pub fn at_or_before(&self, ring: &Ring, no: LineNo) -> Option<LineNo> {
        let after = self.rank(ring, no.saturating_add(1));
        self.nth(ring, after.checked_sub(1)?)
    }

    /// How many of the shown lines come before `no`.
    #[must_use]
    pub fn rank(&self, ring: &Ring, no: LineNo) -> usize {
        if self.filter.is_some() {
            return self.shown.rank(no.max(ring.start())) - self.gone(ring);
        }
        let before = no.clamp(ring.start(), ring.end()) - ring.start();
        usize::try_from(before).unwrap_or(usize::MAX)
    }

    /// The shown line before which so many come.
    #[must_use]
    pub fn nth(&self, ring: &Ring, rank: usize) -> Option<LineNo> {
        match self.filter {
            Some(_) => self.shown.at(self.gone(ring) + rank),
            None => (rank < ring.len()).then(|| ring.start() + rank as u64),
        }
    }

    /// The shown line that is so many of them below `no`, or above it; not past the ends.
    #[must_use]
    pub fn away(&self, ring: &Ring, no: LineNo, by: isize) -> Option<LineNo> {
        let last = self.len(ring).checked_sub(1)?;
        let rank = self.rank(ring, no).saturating_add_signed(by).min(last);
        self.nth(ring, rank)
    }

    /// Whether a line is shown.
    #[must_use]
    pub fn shows(&self, no: LineNo) -> bool {
        self.filter.is_none() || self.shown.why(no).is_some()
    }

    /// Whether a line is there for its neighbour's sake only.
    #[must_use]
    pub fn is_context(&self, no: LineNo) -> bool {
        self.filter.is_some() && self.shown.why(no) == Some(Why::Near)
    }

    /// The lines that a filter shows, ascending.
    pub(super) fn shown(&self) -> impl Iterator<Item = LineNo> {
        self.shown.iter()
    }

    /// Grows with every change of what is shown.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many of those that were shown are not there any more.
    fn gone(&self, ring: &Ring) -> usize {
        self.shown.rank(ring.start())
    }
}

fn why(filter: &LineFilter, line: &Line<'_>, origins: &[String]) -> Option<Why> {
    if line.kind == LineKind::Mark {
        return Some(Why::Mark);
    }
    let origin = line.origin.and_then(|at| origins.get(usize::from(at)));
    let fits = filter.fits(line, origin.map(String::as_str));
    fits.then_some(Why::Fits)
}
