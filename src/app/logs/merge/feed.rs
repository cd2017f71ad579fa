//! One of several logs that are merged: how far it was taken, when its lines arrived, and at what
//! time each counts.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{AHEAD, REORDER};
use crate::app::logs::ring::{Line, LineNo, Ring};
use crate::model::LineKind;

/// More arrivals than these are not told apart: nothing waits for longer than a moment.
const MOST_FENCES: usize = 256;
/// How far after a remark a line with a time is looked for.
const LOOK_AHEAD: usize = 16;

/// A log that is merged, as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its lines; absent while there are none.
    pub ring: Option<&'a Ring>,
    /// Whether it may bring lines at any moment, so that others wait for it.
    pub is_live: bool,
    /// When it was opened last: what was written before comes after that.
    pub opened_at: Option<Timestamp>,
}

/// Lines up to `end` arrived together.
#[derive(Clone, Copy, Debug)]
struct Fence {
    end: LineNo,
    at: Timestamp,
    /// Whether they were there before anything was merged: they wait for nothing, and whether they
    /// were late nobody knows.
    is_old: bool,
}

/// The first line that was not taken yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) no: LineNo,
    /// At what time it counts.
    pub(super) at: Timestamp,
    pub(super) arrived: Timestamp,
    pub(super) is_old: bool,
}

impl Head {
    /// From when on it waits for nobody.
    pub(super) fn ripe_at(self) -> Timestamp {
        if self.is_old {
            Timestamp::MIN
        } else {
            self.arrived.saturating_add(REORDER).unwrap_or(self.arrived)
        }
    }
}

/// How far a log was taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Feed {
    next: LineNo,
    /// The oldest line that was there; absent before there was any ring.
    start: Option<LineNo>,
    fences: VecDeque<Fence>,
    head: Option<Head>,
    /// The time of the newest line that has one: time within a log never goes back.
    last: Option<Timestamp>,
    /// The time of a remark after that: lines without a time follow it.
    remark: Option<Timestamp>,
    /// How far its clock is ahead.
    pub(super) ahead: Option<SignedDuration>,
    pub(super) has_told_ahead: bool,
    /// In which minute it was said that lines come late.
    told_late: Option<i64>,
}

impl Feed {
    /// From the first line that is there.
    pub(super) fn new(source: Source<'_>, now: Timestamp) -> Self {
        let mut feed = Self::default();
        if let Some(ring) = source.ring {
            feed.note(ring, now);
            feed.fences.iter_mut().for_each(|it| it.is_old = true);
        }
        feed
    }

    /// As [`Feed::new`], and what was found out about its clock stays.
    pub(super) fn again(&self, source: Source<'_>, now: Timestamp) -> Self {
        Self {
            ahead: self.ahead,
            ..Self::new(source, now)
        }
    }

    /// Whether older lines than those that were there are there now.
    pub(super) fn has_older(&self, ring: &Ring) -> bool {
        self.start.is_some_and(|start| ring.start() < start)
    }

    /// Takes note of lines that arrived. Gives how many were dropped before they could be taken.
    pub(super) fn note(&mut self, ring: &Ring, now: Timestamp) -> u64 {
        if self.start.is_none() {
            self.next = ring.start();
        }
        self.start = Some(ring.start());
        if ring.end() < self.next {
            // Another ring: that of before was forgotten.
            (self.next, self.head) = (ring.start(), None);
            self.fences.clear();
        }
        let missed = ring.start().saturating_sub(self.next);
        if missed > 0 {
            self.next = ring.start();
            self.head = None;
        }
        let known = self.fences.back().map_or(self.next, |last| last.end);
        if ring.end() > known {
            self.arrive(ring.end(), now);
        }
        missed
    }

    fn arrive(&mut self, end: LineNo, at: Timestamp) {
        let is_full = self.fences.len() >= MOST_FENCES;
        match self.fences.back_mut() {
            Some(last) if is_full || (last.at == at && !last.is_old) => last.end = end,
            _ => self.fences.push_back(Fence {
                end,
                at,
                is_old: false,
            }),
        }
    }

    /// The clock was set back to `now`.
    pub(super) fn set_back(&mut self, now: Timestamp) {
        let fences = self.fences.iter_mut();
        fences.for_each(|fence| fence.at = fence.at.min(now));
        if let Some(head) = &mut self.head {
            head.arrived = head.arrived.min(now);
        }
    }

    /// Until when its first line waits for others.
    pub(super) fn waits_until(&self) -> Option<Timestamp> {
        self.head.map(Head::ripe_at)
    }

    /// When lines arrived after `time`, of those that are known.
    pub(super) fn arrives_after(&self, time: Timestamp) -> Option<Timestamp> {
        let mut later = self.fences.iter().map(|fence| fence.at);
        later.find(|at| *at > time)
    }

    /// The first line that was not taken yet, as it was at `time`.
    pub(super) fn head(&mut self, ring: &Ring, time: Timestamp) -> Option<Head> {
        if let Some(head) = self.head {
            return Some(head);
        }
        while self.fences.front().is_some_and(|it| it.end <= self.next) {
            self.fences.pop_front();
        }
        let fence = *self.fences.front().filter(|fence| fence.at <= time)?;
        let line = ring.get(self.next)?;
        let head = Head {
            no: self.next,
            at: self.time_of(ring, &line, fence, time),
            arrived: fence.at,
            is_old: fence.is_old,
        };
        self.head = Some(head);
        Some(head)
    }

    /// The head was taken.
    pub(super) fn take(&mut self, head: Head, line: &Line<'_>) {
        self.head = None;
        self.next = head.no + 1;
        match (line.kind, line.at) {
            (LineKind::Output, Some(_)) => {
                (self.last, self.remark) = (Some(head.at), None);
            }
            (LineKind::Mark, Some(_)) => self.remark = Some(head.at),
            (LineKind::Output | LineKind::Mark, None) => {}
        }
    }

    /// At what time a line counts: its own, unless that goes back or lies in the future; without
    /// one, that of the line before it.
    fn time_of(
        &mut self,
        ring: &Ring,
        line: &Line<'_>,
        fence: Fence,
        time: Timestamp,
    ) -> Timestamp {
        let before = self.last.max(self.remark);
        match (line.kind, line.at) {
            (LineKind::Output, Some(at)) => {
                let at = self.by_our_clock(at, fence);
                self.last.map_or(at, |last| last.max(at))
            }
            // A remark on what comes next stands before that.
            (LineKind::Mark, Some(at)) => {
                let next = self.next_time(ring, time);
                let at = next.map_or(at, |next| next.min(at)).min(fence.at);
                self.last.map_or(at, |last| last.max(at))
            }
            (LineKind::Output | LineKind::Mark, None) => before
                .or_else(|| self.next_time(ring, time))
                .unwrap_or(fence.at)
                .min(fence.at),
        }
    }

    /// A time by the clock of this machine, as far as it is known how that of the log differs.
    fn by_our_clock(&mut self, at: Timestamp, fence: Fence) -> Timestamp {
        let by = at.duration_since(fence.at);
        if by > AHEAD {
            if self.ahead.is_none() {
                self.ahead = Some(by);
            }
        } else if !fence.is_old {
            // It was put right.
            self.ahead = None;
        }
        // A little ahead is not told from what is on its way: then the order among them counts.
        self.ahead
            .map_or(at, |by| at.saturating_sub(by).unwrap_or(at).min(fence.at))
    }

    /// The time of the next line that has one, of those that were there at `time`.
    fn next_time(&self, ring: &Ring, time: Timestamp) -> Option<Timestamp> {
        let there = self.fences.iter().take_while(|fence| fence.at <= time);
        let end = there.last()?.end;
        let following = ring.window(self.next + 1, LOOK_AHEAD);
        let mut following = following.filter(|line| line.no < end);
        let timed = |line: Line<'_>| line.at.filter(|_| line.kind == LineKind::Output);
        let by = self.ahead.unwrap_or_default();
        let at = following.find_map(timed)?;
        Some(at.saturating_sub(by).unwrap_or(at))
    }

    /// How late a line came, if that is worth a remark: once a minute.
    pub(super) fn tells_late(&mut self, late: Duration, time: Timestamp) -> Option<Duration> {
        let minute = time.as_second().div_euclid(60);
        let is_told = self.told_late.replace(minute) == Some(minute);
        (!is_told).then_some(late)
    }
}
