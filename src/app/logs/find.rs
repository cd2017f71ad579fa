//! Searching: where a pattern occurs among the lines that are shown.

use std::collections::VecDeque;

use super::query::Pattern;
use super::ring::{LineNo, Ring};
use super::sieve::{Budget, Sieve};

/// A search under way or done. It goes through the log a slice at a time and then keeps up.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    pattern: Option<Pattern>,
    /// Lines in which it occurs, ascending.
    hits: VecDeque<LineNo>,
    /// The first line that was not yet looked at.
    next: LineNo,
    /// The hit one has gone to.
    pub current: Option<LineNo>,
}

impl Finder {
    /// The pattern; absent while nothing is looked for.
    #[must_use]
    pub fn pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    /// Looks for something else, or for nothing.
    pub fn set(&mut self, pattern: Option<Pattern>) {
        *self = Self {
            pattern,
            ..Self::default()
        };
    }

    /// Looks through everything anew: what is shown changed.
    pub fn restart(&mut self) {
        self.hits.clear();
        self.next = 0;
    }

    /// Whether there are lines it has not looked at.
    #[must_use]
    pub fn is_behind(&self, ring: &Ring, sieve: &Sieve) -> bool {
        self.pattern.is_some() && sieve.at_or_after(ring, self.next).is_some()
    }

    /// Looks at more lines.
    pub fn advance(&mut self, ring: &Ring, sieve: &Sieve, budget: &mut Budget) {
        let Some(pattern) = &self.pattern else { return };
        while self.hits.front().is_some_and(|no| *no < ring.start()) {
            self.hits.pop_front();
        }
        while let Some(no) = sieve.at_or_after(ring, self.next) {
            let Some(line) = ring.get(no) else { return };
            if !budget.spend(line.text.len()) {
                return;
            }
            if pattern.fits(line.text) {
                self.hits.push_back(no);
            }
            self.next = no + 1;
        }
    }

    /// How many lines it occurs in, as far as was looked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// Which of the hits one has gone to, from 1, or 0; of how many; and whether there may be more.
    #[must_use]
    pub fn position(&self) -> (usize, usize, bool) {
        let at = self
            .current
            .and_then(|no| self.hits.binary_search(&no).ok());
        (at.map_or(0, |at| at + 1), self.count(), false)
    }
}
