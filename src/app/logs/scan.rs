//! How far a ring was looked through. It begins where somebody looks, goes on to the newest line, then
//! back to the oldest, so that what is in sight is right first; it goes on with lines that come, and
//! forgets those that go. When older lines were put before the first, or all are gone, it begins anew.

use std::ops::Range;

use super::ring::{LineNo, Ring};

/// How far a ring was looked through: one piece of it, without gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    seen: Option<Range<LineNo>>,
    begin: Option<LineNo>,
    /// That of the ring when it was looked at.
    generation: u64,
}

/// At which end of what was seen a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Before it.
    Old,
    /// After it.
    New,
}

/// What became of what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// All is there.
    All,
    /// The oldest are gone.
    Newest,
    /// Nothing: this is the first look, or another ring.
    Nothing,
}

impl Scan {
    /// Looks through everything anew.
    pub(super) fn restart(&mut self) {
        self.seen = None;
    }

    /// Where it begins when it looks anew; at the newest line if this is not said.
    pub(super) fn begin_at(&mut self, no: LineNo) {
        self.begin = Some(no);
    }

    /// What was seen and is still there.
    fn of(&self, ring: &Ring) -> Option<Range<LineNo>> {
        let seen = self
            .seen
            .clone()
            .filter(|_| self.generation == ring.generation());
        let seen = seen.filter(|seen| seen.end <= ring.end())?;
        Some(seen.start.max(ring.start())..seen.end.max(ring.start()))
    }

    /// Whether there are lines that were not looked at.
    pub(super) fn is_behind(&self, ring: &Ring) -> bool {
        let all = ring.start()..ring.end();
        match self.of(ring) {
            Some(seen) => seen != all,
            None => !ring.is_empty(),
        }
    }

    /// Whether all lines of a piece were looked at.
    pub(super) fn covers(&self, piece: Range<LineNo>) -> bool {
        self.seen
            .as_ref()
            .is_some_and(|seen| seen.start <= piece.start && piece.end <= seen.end)
    }

    /// Takes note of what is gone.
    pub(super) fn keep_up(&mut self, ring: &Ring) -> Kept {
        let Some(seen) = self.of(ring) else {
            let begin = self.begin.unwrap_or(LineNo::MAX);
            let begin = begin.clamp(ring.start(), ring.end());
            self.seen = Some(begin..begin);
            self.generation = ring.generation();
            return Kept::Nothing;
        };
        let has_lost = self.seen.as_ref().is_some_and(|old| old.start < seen.start);
        self.seen = Some(seen);
        if has_lost { Kept::Newest } else { Kept::All }
    }

    /// The line to look at next; it counts as looked at.
    pub(super) fn next(&mut self, ring: &Ring) -> Option<(LineNo, End)> {
        let seen = self.seen.as_mut()?;
        if seen.end < ring.end() {
            seen.end += 1;
            return Some((seen.end - 1, End::New));
        }
        if seen.start > ring.start() {
            seen.start -= 1;
            return Some((seen.start, End::Old));
        }
        None
    }

    /// The lines that were looked at.
    pub(super) fn seen(&self) -> Range<LineNo> {
        self.seen.clone().unwrap_or_default()
    }
}
