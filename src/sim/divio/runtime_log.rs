//! The runtime log of an environment: an endless, ordered stream of lines.
//!
//! Lines come from two sources: what the environment writes by itself, a function of the second
//! it is written in, and what requests cause, which is kept. Both have a [`Place`], places are
//! totally ordered, and a line never appears at a place that could have been read past: that is
//! what makes cursors exact.

use std::collections::VecDeque;

use super::{chatter, environment::Profile, world::World};
use crate::sim::clock::{Moment, SECOND};

/// Where a line stands in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) at: Moment,
    /// 0 for lines the environment writes by itself, 1 for kept ones.
    pub(super) source: u8,
    pub(super) number: u64,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) place: Place,
    pub(super) service: &'static str,
    pub(super) message: String,
}

/// When an environment writes by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Voice {
    /// Before this it has not written.
    pub(super) from: Moment,
    /// After this it does not write: the still world ends with the start.
    until: Moment,
    /// Times in which it is stopped.
    quiet: Vec<(Moment, Moment)>,
    /// Lines a second from a moment on, if a test asked for that; the latest holds.
    rates: Vec<(Moment, u32)>,
}

/// Seconds of history: a still world has about 300 lines.
const STILL_HISTORY: f64 = 140.0;
const STORY_HISTORY: f64 = 3.0 * 3_600.0;

impl Voice {
    /// The voice of an environment; one that was never deployed has none yet.
    pub(super) fn of(world: &World, never: bool) -> Voice {
        let started = world.clock.started();
        let history = if world.story {
            STORY_HISTORY
        } else {
            STILL_HISTORY
        };
        Voice {
            from: if never {
                Moment::NEVER
            } else {
                started.plus(-history)
            },
            until: if world.story { Moment::NEVER } else { started },
            quiet: Vec::new(),
            rates: Vec::new(),
        }
    }

    /// It stops writing.
    pub(super) fn hush(&mut self, now: Moment) {
        self.quiet.push((now, Moment::NEVER));
    }

    /// It writes again from a moment in the future on.
    pub(super) fn wake(&mut self, at: Moment) {
        self.from = self.from.min(at);
        if let Some((_, end)) = self.quiet.last_mut() {
            *end = (*end).min(at);
        }
    }

    /// It writes so many lines a second from the next whole second on.
    pub(super) fn set_rate(&mut self, now: Moment, rate: u32) {
        let next = Moment((now.second() + 1) * SECOND);
        self.from = self.from.min(next);
        self.rates.push((next, rate));
    }

    /// Whether it ever writes or has written.
    pub(super) fn silent(&self) -> bool {
        self.from == Moment::NEVER
    }

    fn speaks(&self, at: Moment) -> bool {
        let rated = self.rate_at(at.second()).is_some();
        let quiet = self
            .quiet
            .iter()
            .any(|(from, to)| (*from..*to).contains(&at));
        at >= self.from && (rated || at <= self.until) && !quiet
    }

    fn rate_at(&self, second: i64) -> Option<u32> {
        let latest = self
            .rates
            .iter()
            .rev()
            .find(|(from, _)| second >= from.second());
        latest.map(|(_, rate)| *rate)
    }
}

/// Lines that requests caused, in order; some may lie in the future.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Appended {
    lines: VecDeque<Line>,
    next: u64,
}

/// More than any test reads; the oldest are dropped.
const MOST_KEPT: usize = 500_000;

impl Appended {
    /// Adds a line at a moment that is not before the present.
    pub(super) fn add(&mut self, at: Moment, service: &'static str, message: String) {
        let place = Place {
            at,
            source: 1,
            number: self.next,
        };
        self.next += 1;
        let index = self.lines.partition_point(|line| line.place <= place);
        self.lines.insert(
            index,
            Line {
                place,
                service,
                message,
            },
        );
        if self.lines.len() > MOST_KEPT {
            self.lines.pop_front();
        }
    }

    fn first(&self) -> Option<Moment> {
        self.lines.front().map(|line| line.place.at)
    }

    fn in_second(&self, second: i64) -> impl Iterator<Item = &Line> {
        let start = self
            .lines
            .partition_point(|line| line.place.at.second() < second);
        self.lines
            .range(start..)
            .take_while(move |line| line.place.at.second() == second)
    }

    /// Jumps over seconds without lines: the first second from `second` on that has one.
    fn next_second(&self, second: i64) -> Option<i64> {
        let start = self
            .lines
            .partition_point(|line| line.place.at.second() < second);
        self.lines.get(start).map(|line| line.place.at.second())
    }
}

/// Which lines a reader wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) service: Option<String>,
    /// In lower case.
    pub(super) search: Option<String>,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
    pub(super) limit: usize,
}

impl Wanted {
    fn covers(&self, at: Moment, now: Moment) -> bool {
        at <= now && self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to)
    }

    fn takes(&self, line: &Line) -> bool {
        self.service
            .as_deref()
            .is_none_or(|service| service == line.service)
            && self
                .search
                .as_deref()
                .is_none_or(|text| line.message.to_lowercase().contains(text))
    }

    /// How many lines of one second are enough: all if some of them are not taken.
    fn enough(&self) -> usize {
        if self.service.is_some() || self.search.is_some() {
            usize::MAX
        } else {
            self.limit
        }
    }
}

impl World {
    /// Writes a line of the platform into a runtime log, now or at a later moment.
    pub(super) fn announce(&mut self, environment: usize, at: Moment, message: &str) {
        let appended = &mut self.environments[environment].appended;
        appended.add(at, "platform", message.to_owned());
    }

    /// The wanted lines after a place that are written by `now`, oldest first.
    pub(super) fn lines_after(
        &self,
        environment: usize,
        after: Place,
        now: Moment,
        wanted: &Wanted,
    ) -> Vec<Line> {
        let mut found = Vec::new();
        let start = wanted.from.map_or(after.at, |from| from.max(after.at));
        let holds = |place: Place| place > after && wanted.covers(place.at, now);
        let mut second = self.first_second(environment).max(start.second());
        while second <= now.second() && found.len() < wanted.limit {
            let part = Part {
                holds: &holds,
                most: wanted.enough(),
                newest: false,
            };
            let lines = self.lines_in(environment, second, &part).into_iter();
            found.extend(lines.filter(|line| wanted.takes(line)));
            second = self.following(environment, second);
        }
        found.truncate(wanted.limit);
        found
    }

    /// The wanted lines before a place that are written by `now`, oldest first: the newest of
    /// them, up to the limit.
    pub(super) fn lines_before(
        &self,
        environment: usize,
        before: Place,
        now: Moment,
        wanted: &Wanted,
    ) -> Vec<Line> {
        let mut found = VecDeque::new();
        let end = wanted.to.map_or(now, |to| to.min(now)).min(before.at);
        let holds = |place: Place| place < before && wanted.covers(place.at, now);
        let first = self.first_second(environment);
        let first = wanted.from.map_or(first, |from| first.max(from.second()));
        let mut second = end.second();
        while second >= first && found.len() < wanted.limit {
            let part = Part {
                holds: &holds,
                most: wanted.enough(),
                newest: true,
            };
            let lines = self.lines_in(environment, second, &part).into_iter().rev();
            for line in lines.filter(|line| wanted.takes(line)) {
                found.push_front(line);
            }
            second -= 1;
        }
        let surplus = found.len().saturating_sub(wanted.limit);
        found.into_iter().skip(surplus).collect()
    }

    fn first_second(&self, environment: usize) -> i64 {
        let environment = &self.environments[environment];
        let kept = environment.appended.first().unwrap_or(Moment::NEVER);
        environment.voice.from.min(kept).second()
    }

    /// The next second that may have lines.
    fn following(&self, environment: usize, second: i64) -> i64 {
        let Voice { until, rates, .. } = &self.environments[environment].voice;
        if second < until.second() || !rates.is_empty() {
            return second + 1;
        }
        let kept = self.environments[environment]
            .appended
            .next_second(second + 1);
        kept.unwrap_or(i64::MAX)
    }

    /// The lines of one second at the places that `part` holds.
    fn lines_in(&self, ordinal: usize, second: i64, part: &Part<'_>) -> Vec<Line> {
        let environment = &self.environments[ordinal];
        let voice = &environment.voice;
        let flapping = environment.profile == Profile::Flapping;
        let holds = |place: Place| voice.speaks(place.at) && (part.holds)(place);
        let mut lines = match voice.rate_at(second) {
            _ if second < voice.from.second() => Vec::new(),
            Some(rate) => {
                let part = Part {
                    holds: &holds,
                    ..*part
                };
                chatter::steady(self.seed, ordinal, second, rate, &part)
            }
            None if second > voice.until.second() => Vec::new(),
            None => chatter::second(self.seed, ordinal, second, flapping),
        };
        lines.retain(|line| holds(line.place));
        let kept = environment.appended.in_second(second);
        lines.extend(kept.filter(|line| (part.holds)(line.place)).cloned());
        lines.sort_by_key(|line| line.place);
        lines
    }
}

/// Which lines of a second are needed: with thousands in it, the others are not even made.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) holds: &'a dyn Fn(Place) -> bool,
    /// So many are enough.
    pub(super) most: usize,
    /// The newest of them rather than the oldest.
    pub(super) newest: bool,
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{still_world, story_world},
        *,
    };

    const ALL: Wanted = Wanted {
        service: None,
        search: None,
        from: None,
        to: None,
        limit: 7,
    };
    const START: Place = Place {
        at: Moment(0),
        source: 0,
        number: 0,
    };

    #[test]
    fn following_the_cursor_loses_nothing_and_repeats_nothing() {
        let mut world = story_world(3, 4);
        let started = world.clock.started();
        let mut cursor = Place {
            at: started,
            source: 1,
            number: u64::MAX,
        };
        let mut followed = Vec::new();
        for poll in 0..400_u32 {
            let now = started.plus(f64::from(poll) * 0.173);
            if poll % 3 == 0 {
                world.environments[1]
                    .appended
                    .add(now, "web", format!("poll {poll}"));
            }
            loop {
                let page = world.lines_after(1, cursor, now, &ALL);
                let Some(last) = page.last() else { break };
                cursor = last.place;
                followed.extend(page);
            }
        }
        let end = started.plus(400.0 * 0.173);
        let wide = Wanted {
            limit: 100_000,
            from: Some(started.plus(0.000_001)),
            ..ALL
        };
        let mut whole = world.lines_after(1, START, end, &wide);
        whole.retain(|line| line.place.at <= followed.last().unwrap().place.at);
        // The line of the very first poll lies at the start itself, before the window.
        followed.retain(|line| line.place.at > started);
        assert_eq!(followed, whole);
        assert!(followed.len() > 130);
    }

    #[test]
    fn paging_backwards_meets_every_line() {
        let world = still_world(1, 3);
        let now = world.clock.started();
        let mut before = Place {
            at: Moment::NEVER,
            source: 1,
            number: u64::MAX,
        };
        let mut backwards = Vec::new();
        loop {
            let page = world.lines_before(1, before, now, &ALL);
            let Some(first) = page.first() else { break };
            before = first.place;
            backwards.splice(0..0, page);
        }
        let wide = Wanted {
            limit: 100_000,
            ..ALL
        };
        assert_eq!(backwards, world.lines_after(1, START, now, &wide));
        assert!((200..450).contains(&backwards.len()), "{}", backwards.len());
    }

    #[test]
    fn equal_timestamps_occur_and_stay_ordered() {
        let world = still_world(1, 3);
        let now = world.clock.started();
        let lines = world.lines_after(
            1,
            START,
            now,
            &Wanted {
                limit: 100_000,
                ..ALL
            },
        );
        assert!(lines.windows(2).all(|pair| pair[0].place < pair[1].place));
        assert!(
            lines
                .windows(2)
                .any(|pair| pair[0].place.at == pair[1].place.at)
        );
    }

    #[test]
    fn still_world_writes_nothing_new() {
        let world = still_world(1, 3);
        let started = world.clock.started();
        let after = Place {
            at: started,
            source: 1,
            number: u64::MAX,
        };
        assert!(
            world
                .lines_after(1, after, started.plus(3_600.0), &ALL)
                .is_empty()
        );
    }

    #[test]
    fn asked_rate_is_kept() {
        let mut world = still_world(1, 3);
        let started = world.clock.started();
        world.environments[1].voice.set_rate(started, 50);
        let first = Moment((started.second() + 1) * SECOND);
        let after = Place {
            at: first.plus(-0.000_001),
            source: 1,
            number: u64::MAX,
        };
        let wide = Wanted {
            limit: 100_000,
            ..ALL
        };
        let end = first.plus(9.999_999);
        let lines = world.lines_after(1, after, end, &wide);
        assert_eq!(lines.len(), 500);
        let last = Place {
            at: Moment::NEVER,
            source: 1,
            number: u64::MAX,
        };
        assert_eq!(world.lines_before(1, last, end, &ALL), lines[493..]);
        assert_eq!(
            world.lines_after(1, lines[9].place, end, &ALL),
            lines[10..17]
        );
    }
}
