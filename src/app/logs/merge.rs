//! Several logs as one, ordered by time.
//!
//! Lines are taken from the rings of the channels, the earliest first. A log that is quiet may still
//! bring an earlier line than those of the others: it is waited for, for [`REORDER`] at most. What
//! comes later than that is shown where it comes, with its own time, and said to be late.
//!
//! The order depends on when lines arrived, and not on when there was time to merge them: it is
//! worked out moment by moment, up to now.

mod feed;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use self::feed::{Feed, Head};
use super::ring::{LineNo, Origin, Ring};
use super::sieve::Budget;
use crate::app::age::{Long, since};
use crate::model::{EnvId, LineKind, LogLine, Scoped};

pub use self::feed::Source;

/// A line waits so long for an earlier one from another log.
pub const REORDER: Duration = Duration::from_millis(1_500);
/// A time so far in the future is that of a clock that is wrong.
const AHEAD: SignedDuration = SignedDuration::from_secs(2);
/// What comes so soon after a log was opened, and was written before, is what it begins with.
const BEGINNING: Duration = Duration::from_secs(15);

/// Several channels in one ring. It is filled from their rings: each has a place up to which it was
/// taken, and a line waits for the others at most a moment.
#[derive(Clone, Debug)]
pub struct Merged {
    /// What is shown.
    pub ring: Ring,
    /// Whose lines they are, in the order in which they were chosen. A line's origin is a place here.
    pub sources: Vec<Scoped<EnvId>>,
    /// What they are called in remarks, which have no columns for that.
    names: Vec<String>,
    feeds: Vec<Feed>,
    /// Up to when it was worked out.
    time: Timestamp,
    /// The latest time at which a line counted.
    newest: Option<Timestamp>,
    /// Whether there was more to do than time.
    is_behind: bool,
    /// When all is merged anew: what a log begins with came after what others said later.
    anew_at: Option<Timestamp>,
    /// The same anew, until it has caught up; then it is shown.
    next: Option<Box<Self>>,
}

/// What merging led to.
#[derive(Clone, Debug)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// There are more lines.
    More,
    /// All lines are others, with other numbers; those of before.
    Anew(Box<Ring>),
}

impl Merged {
    /// Begins to merge; `logs` are those of `sources`.
    #[must_use]
    pub fn new(sources: Vec<Scoped<EnvId>>, logs: &[Source<'_>], now: Timestamp) -> Self {
        let feeds = logs.iter().map(|log| Feed::new(*log, now)).collect();
        Self {
            ring: Ring::default(),
            sources,
            names: Vec::new(),
            feeds,
            time: now,
            newest: None,
            is_behind: true,
            anew_at: None,
            next: None,
        }
    }

    /// What the sources that are wanted are called in remarks.
    pub fn call(&mut self, names: Vec<String>) {
        match &mut self.next {
            Some(next) => next.names = names,
            None => self.names = names,
        }
    }

    /// Merges all anew, from these sources. What is there is shown until that is done.
    pub fn turn_to(&mut self, sources: Vec<Scoped<EnvId>>, logs: &[Source<'_>], now: Timestamp) {
        let known = |env: &Scoped<EnvId>| self.sources.iter().position(|it| it == env);
        let feeds = sources.iter().zip(logs).map(|(env, log)| {
            let before = known(env).and_then(|at| self.feeds.get(at));
            before.map_or_else(|| Feed::new(*log, now), |feed| feed.again(*log, now))
        });
        let feeds = feeds.collect();
        let next = Self {
            feeds,
            ..Self::new(sources, &[], now)
        };
        self.next = Some(Box::new(next));
        self.anew_at = None;
    }

    /// Whose lines are shown, or about to be.
    #[must_use]
    pub fn wanted(&self) -> &[Scoped<EnvId>] {
        self.next
            .as_ref()
            .map_or(&self.sources, |next| &next.sources)
    }

    /// Bytes of text that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ring.bytes() + self.next.as_ref().map_or(0, |next| next.ring.bytes())
    }

    /// Whether there is more to do at once.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.is_behind || self.next.is_some()
    }

    /// When a line has waited long enough, or all is merged anew.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        let ripe = self.feeds.iter().filter_map(Feed::waits_until);
        let ripe = ripe.filter(|at| *at > self.time);
        ripe.chain(self.anew_at).min()
    }

    /// Takes more lines; `logs` are those of [`Merged::wanted`].
    pub fn advance(&mut self, logs: &[Source<'_>], now: Timestamp, budget: &mut Budget) -> Change {
        if let Some(mut next) = self.next.take() {
            next.work(logs, now, budget);
            if next.is_behind {
                self.next = Some(next);
                return Change::Nothing;
            }
            let before = std::mem::replace(self, *next);
            return Change::Anew(Box::new(before.ring));
        }
        let end = self.ring.end();
        self.work(logs, now, budget);
        if self.anew_at.is_some_and(|at| at <= now) {
            self.turn_to(self.sources.clone(), logs, now);
            self.call(self.names.clone());
        }
        if self.ring.end() == end {
            Change::Nothing
        } else {
            Change::More
        }
    }

    fn work(&mut self, logs: &[Source<'_>], now: Timestamp, budget: &mut Budget) {
        if now < self.time {
            self.time = now;
            self.feeds.iter_mut().for_each(|feed| feed.set_back(now));
        }
        self.note(logs, now);
        self.is_behind = true;
        while let Some(time) = self.moment(logs, now) {
            self.time = time;
            while let Some((at, head)) = self.first(logs) {
                if !self.take(logs, at, head, budget) {
                    return;
                }
            }
        }
        self.time = now;
        self.is_behind = false;
    }

    /// Takes note of what arrived; says what was dropped before it could be taken.
    fn note(&mut self, logs: &[Source<'_>], now: Timestamp) {
        for (at, log) in logs.iter().enumerate() {
            let (Some(ring), Some(feed)) = (log.ring, self.feeds.get_mut(at)) else {
                continue;
            };
            let missed = feed.note(ring, now);
            if missed > 0 {
                let lines = if missed == 1 {
                    "line was"
                } else {
                    "lines were"
                };
                let text = format!("{missed} {lines} dropped before merging");
                self.mark(at, now, &text);
            }
        }
    }

    /// The next moment up to now at which a line is to be taken, or might be.
    fn moment(&mut self, logs: &[Source<'_>], now: Timestamp) -> Option<Timestamp> {
        if self.first(logs).is_some() {
            return Some(self.time);
        }
        let time = self.time;
        let arrivals = self.feeds.iter().filter_map(|it| it.arrives_after(time));
        let ripe = self.feeds.iter().filter_map(Feed::waits_until);
        let next = arrivals.chain(ripe.filter(|at| *at > time)).min();
        next.filter(|at| *at <= now)
    }

    /// The line that is taken next, and whose it is; absent while others are waited for.
    fn first(&mut self, logs: &[Source<'_>]) -> Option<(usize, Head)> {
        let time = self.time;
        let mut first: Option<(usize, Head)> = None;
        let (mut is_ripe, mut is_awaited) = (false, false);
        for (at, (feed, log)) in self.feeds.iter_mut().zip(logs).enumerate() {
            let Some(head) = log.ring.and_then(|ring| feed.head(ring, time)) else {
                is_awaited |= log.is_live;
                continue;
            };
            is_ripe |= head.ripe_at() <= time;
            if first.is_none_or(|(_, best)| head.at < best.at) {
                first = Some((at, head));
            }
        }
        first.filter(|_| is_ripe || !is_awaited)
    }

    /// Takes a line. False when there is no time left.
    fn take(&mut self, logs: &[Source<'_>], at: usize, head: Head, budget: &mut Budget) -> bool {
        let log = logs.get(at).copied();
        let line = log.and_then(|log| log.ring?.get(head.no));
        let (Some(log), Some(line)) = (log, line) else {
            return false;
        };
        if !budget.spend(line.text.len()) {
            return false;
        }
        if let (LineKind::Output, Some(own)) = (line.kind, line.at) {
            self.look_at_clock(at, head);
            self.look_at_delay(log, at, head, own);
        }
        match line.kind {
            LineKind::Output => self.ring.copy(origin(at), &line),
            LineKind::Mark => self.add_mark(at, line.at, line.text),
        }
        self.newest = self.newest.max(Some(head.at));
        if let Some(feed) = self.feeds.get_mut(at) {
            feed.take(head, &line);
        }
        true
    }

    /// Says once that a clock is wrong.
    fn look_at_clock(&mut self, at: usize, head: Head) {
        let Some(feed) = self.feeds.get_mut(at) else {
            return;
        };
        let Some(ahead) = feed.ahead.filter(|_| !feed.has_told_ahead) else {
            return;
        };
        feed.has_told_ahead = true;
        let ahead = Long(ahead.unsigned_abs());
        self.mark(at, head.at, &format!("its clock is {ahead} ahead"));
    }

    /// Says that a line comes later than it could be waited for; what a log begins with is put where
    /// it belongs instead.
    fn look_at_delay(&mut self, log: Source<'_>, at: usize, head: Head, own: Timestamp) {
        let late = since(own, head.arrived);
        let is_out_of_order = self.newest.is_some_and(|newest| head.at < newest);
        if head.is_old || !is_out_of_order || late <= REORDER {
            return;
        }
        let begins = log
            .opened_at
            .filter(|opened| own <= *opened && since(*opened, head.arrived) <= BEGINNING);
        if begins.is_some() {
            self.anew_at = self.time.saturating_add(REORDER).ok();
            return;
        }
        let time = self.time;
        let told = self
            .feeds
            .get_mut(at)
            .and_then(|it| it.tells_late(late, time));
        if let Some(late) = told {
            self.mark(at, head.at, &format!("lines come {} late", Long(late)));
        }
    }

    /// Adds a remark on a source.
    fn mark(&mut self, source: usize, at: Timestamp, text: &str) {
        self.add_mark(source, Some(at), text);
    }

    /// Adds a remark on a source, or one of its own, with its name.
    fn add_mark(&mut self, source: usize, at: Option<Timestamp>, text: &str) {
        let name = self.names.get(source).filter(|name| !name.is_empty());
        let named = name.map(|name| format!("{name}: {text}"));
        let mut note = Ring::with_limits(1, usize::MAX);
        note.push(&LogLine::mark(at, named.as_deref().unwrap_or(text)));
        if let Some(line) = note.last() {
            self.ring.copy(origin(source), &line);
        }
    }
}

/// Where a line goes that stood in another ring: the same line, or the first of its time.
#[must_use]
pub fn same_place(from: &Ring, no: LineNo, to: &Ring) -> Option<LineNo> {
    let line = from.get(no)?;
    let at = from.window(no, usize::MAX).find_map(|line| line.at)?;
    let mut nearest = None;
    for other in to.window(0, usize::MAX) {
        if other.at == line.at && other.text == line.text {
            return Some(other.no);
        }
        if nearest.is_none() && other.at.is_some_and(|its| its >= at) {
            nearest = Some(other.no);
        }
    }
    nearest
}

fn origin(source: usize) -> Origin {
    Origin::try_from(source).unwrap_or(Origin::MAX)
}
