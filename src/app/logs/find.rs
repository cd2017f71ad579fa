//! Searching: where a pattern occurs among the lines that are shown.
//!
//! Every line is looked at once, whatever the filter shows; the hits are those of them that are shown,
//! so that a filter may come and go during a search.

use std::collections::VecDeque;
use std::ops::Range;

use super::query::Pattern;
use super::ring::{LineNo, Ring};
use super::scan::{End, Kept, Scan};
use super::sieve::{Budget, Sieve};

/// A search under way or done. It goes through the log a slice at a time and then keeps up.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    pattern: Option<Pattern>,
    /// Lines in which it occurs, shown or not, ascending.
    found: VecDeque<LineNo>,
    /// Those that a filter shows; of use only with one.
    shown: VecDeque<LineNo>,
    scan: Scan,
    /// How many changes of what was found there were.
    version: u64,
    /// The versions of what was found and of the sieve that `shown` was made of; absent without a
    /// filter.
    made_of: Option<(u64, u64)>,
    is_looking: bool,
    /// The line one has gone to: a hit, or an error.
    pub current: Option<LineNo>,
    /// Where one wants to go as soon as it is found.
    pub wish: Option<Wish>,
}

/// A hit one wants to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The first from a line on; else the last before it: what is typed is shown where one is.
    Near(LineNo),
    /// The first from a line on; else the first of all.
    Next(LineNo),
    /// The last before a line; else the last of all.
    Previous(LineNo),
}

/// What is known of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// It is still looked for.
    Later,
    /// There is no hit.
    Nowhere,
    /// This hit.
    On(LineNo),
    /// This hit, past an end of the log.
    Around(LineNo),
}

impl Finder {
    /// The pattern; absent while nothing is looked for.
    #[must_use]
    pub fn pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    /// Looks for something else, or for nothing.
    pub fn set(&mut self, pattern: Option<Pattern>) {
        if self.pattern != pattern {
            self.pattern = pattern;
            self.restart();
        }
    }

    /// Looks through everything anew: what is shown is another log.
    pub fn restart(&mut self) {
        self.forget_all();
        self.scan.restart();
        (self.current, self.wish) = (None, None);
        self.is_looking = self.pattern.is_some();
    }

    /// Where it begins when it looks through everything anew.
    pub fn begin_at(&mut self, no: LineNo) {
        self.scan.begin_at(no);
    }

    /// Whether there are lines it has not looked at.
    #[must_use]
    pub fn is_behind(&self, ring: &Ring, _sieve: &Sieve) -> bool {
        self.pattern.is_some() && self.scan.is_behind(ring)
    }

    /// Looks at more lines.
    pub fn advance(&mut self, ring: &Ring, sieve: &Sieve, budget: &mut Budget) {
        let Some(pattern) = &self.pattern else { return };
        match self.scan.keep_up(ring) {
            Kept::All => {}
            Kept::Newest => {
                let gone = self.found.partition_point(|no| *no < ring.start());
                self.found.drain(..gone);
                self.version += 1;
            }
            Kept::Nothing => {
                self.found.clear();
                self.version += 1;
            }
        }
        while !budget.is_spent()
            && let Some((no, end)) = self.scan.next(ring)
        {
            let Some(line) = ring.get(no) else { continue };
            budget.spend(line.text.len());
            if pattern.is_found(line.text) {
                match end {
                    End::New => self.found.push_back(no),
                    End::Old => self.found.push_front(no),
                }
                self.version += 1;
            }
        }
        self.is_looking = self.scan.is_behind(ring) || sieve.is_behind(ring);
        self.select(ring, sieve);
    }

    /// Selects the hits that are shown, if either changed. While the sieve looks, that would be for
    /// nothing.
    fn select(&mut self, ring: &Ring, sieve: &Sieve) {
        if sieve.filter().is_none() {
            self.made_of = None;
            return self.shown.clear();
        }
        let made_of = Some((self.version, sieve.version()));
        if self.made_of == made_of || sieve.is_behind(ring) {
            return;
        }
        self.made_of = made_of;
        self.shown.clear();
        let mut shown = sieve.shown().peekable();
        for &no in &self.found {
            while shown.next_if(|other| *other < no).is_some() {}
            if shown.peek() == Some(&no) {
                self.shown.push_back(no);
            }
        }
    }

    fn forget_all(&mut self) {
        self.found.clear();
        self.shown.clear();
        self.made_of = None;
        self.version += 1;
    }

    fn hits(&self) -> &VecDeque<LineNo> {
        match self.made_of {
            Some(_) => &self.shown,
            None => &self.found,
        }
    }

    /// How many lines it occurs in, as far as was looked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.hits().len()
    }

    /// Which of the hits one has gone to, from 1, or 0; of how many; and whether there may be more.
    #[must_use]
    pub fn position(&self) -> (usize, usize, bool) {
        let at = self
            .current
            .and_then(|no| self.hits().binary_search(&no).ok());
        (at.map_or(0, |at| at + 1), self.count(), self.is_looking)
    }

    /// Where a wish leads.
    #[must_use]
    pub fn landing(&self, ring: &Ring, sieve: &Sieve, wish: Wish) -> Landing {
        if sieve.is_behind(ring) {
            return Landing::Later;
        }
        let hits = self.hits();
        let (Wish::Near(from) | Wish::Next(from) | Wish::Previous(from)) = wish;
        let at = hits.partition_point(|no| *no < from);
        let after = hits.get(at).copied();
        let before = at.checked_sub(1).and_then(|at| hits.get(at)).copied();
        let (straight, around) = match wish {
            Wish::Near(_) => (after, before.map(Landing::On)),
            Wish::Next(_) => (after, hits.front().copied().map(Landing::Around)),
            Wish::Previous(_) => (before, hits.back().copied().map(Landing::Around)),
        };
        match straight {
            Some(no) if self.scan.covers(between(from, no, ring)) => Landing::On(no),
            _ if self.is_looking => Landing::Later,
            Some(no) => Landing::On(no),
            None => around.unwrap_or(Landing::Nowhere),
        }
    }
}

/// What must have been looked at so that no other hit can come between.
fn between(from: LineNo, hit: LineNo, ring: &Ring) -> Range<LineNo> {
    let from = from.clamp(ring.start(), ring.end());
    from.min(hit)..from.max(hit)
}
