//! What a program writes while it runs: an endless, ordered record of lines.
//!
//! Lines come from two sources: what the program writes by itself, a function of the second
//! it is written in, and what requests cause, which is kept. Both have a [`Place`], places are
//! totally ordered, and a line never appears at a place that could have been read past: that is
//! what makes cursors exact.

use std::{borrow::Cow, collections::VecDeque, sync::Arc};

use super::{
    clock::{Clock, Moment, SECOND},
    flood::Flood,
};

/// Where a line stands in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) at: Moment,
    /// 0 for lines the program writes by itself, 1 for kept ones.
    pub(crate) source: u8,
    pub(crate) number: u64,
}

impl Place {
    /// Before everything.
    #[cfg(test)]
    pub(crate) const START: Place = Place {
        at: Moment(0),
        source: 0,
        number: 0,
    };
    /// After everything.
    pub(crate) const END: Place = Place {
        at: Moment::NEVER,
        source: 1,
        number: u64::MAX,
    };
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) place: Place,
    pub(crate) service: Cow<'static, str>,
    pub(crate) message: String,
}

/// When a program writes by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Voice {
    /// Before this it has not written.
    pub(crate) from: Moment,
    /// After this it does not write: the still world ends with the start.
    until: Moment,
    /// Times in which it is stopped.
    quiet: Vec<(Moment, Moment)>,
    /// Lines a second from a moment on, if a test asked for that; the latest holds.
    rates: Vec<(Moment, u32)>,
    /// Lines in great number that a test asked for, whoever else speaks.
    pub(crate) floods: Vec<Arc<Flood>>,
}

/// Seconds of history: a still world has about 300 lines.
const STILL_HISTORY: f64 = 140.0;
const STORY_HISTORY: f64 = 3.0 * 3_600.0;

impl Voice {
    /// A voice with some history; one that is never heard has none until it wakes.
    pub(crate) fn new(clock: &Clock, story: bool, never: bool) -> Voice {
        let started = clock.started();
        let history = if story { STORY_HISTORY } else { STILL_HISTORY };
        Voice {
            from: if never {
                Moment::NEVER
            } else {
                started.plus(-history)
            },
            until: if story { Moment::NEVER } else { started },
            quiet: Vec::new(),
            rates: Vec::new(),
            floods: Vec::new(),
        }
    }

    /// It stops writing.
    pub(crate) fn hush(&mut self, now: Moment) {
        self.quiet.push((now, Moment::NEVER));
    }

    /// It writes again from a moment in the future on.
    pub(crate) fn wake(&mut self, at: Moment) {
        self.from = self.from.min(at);
        if let Some((_, end)) = self.quiet.last_mut() {
            *end = (*end).min(at);
        }
    }

    /// It writes so many lines a second from the next whole second on.
    pub(crate) fn set_rate(&mut self, now: Moment, rate: u32) {
        let next = Moment((now.second() + 1) * SECOND);
        self.from = self.from.min(next);
        self.rates.push((next, rate));
    }

    /// Whether it ever writes or has written.
    pub(crate) fn silent(&self) -> bool {
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
pub(crate) struct Appended {
    lines: VecDeque<Line>,
    next: u64,
}

/// More than any test reads; the oldest are dropped.
const MOST_KEPT: usize = 500_000;

impl Appended {
    /// Adds a line at a moment that is not before the present.
    pub(crate) fn add(
        &mut self,
        at: Moment,
        service: impl Into<Cow<'static, str>>,
        message: String,
    ) {
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
                service: service.into(),
                message,
            },
        );
        if self.lines.len() > MOST_KEPT {
            self.lines.pop_front();
        }
    }

    /// Adds lines that are written now, each a moment after the one before. Two that are the same
    /// in a row have the very same time.
    pub(crate) fn write(&mut self, now: Moment, service: &str, lines: &[String]) {
        let mut at = now;
        for line in lines {
            if let Some(newest) = self.lines.back() {
                let same = newest.message == *line;
                at = at.max(Moment(newest.place.at.0 + i64::from(!same)));
            }
            self.add(at, service.to_owned(), line.clone());
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
pub(crate) struct Wanted {
    pub(crate) service: Option<String>,
    /// In lower case.
    pub(crate) search: Option<String>,
    pub(crate) from: Option<Moment>,
    pub(crate) to: Option<Moment>,
    pub(crate) limit: usize,
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

/// What a program has to say: made when somebody asks.
pub(crate) trait Chatter {
    /// The lines of one second.
    fn second(&self, second: i64) -> Vec<Line>;

    /// One of the lines of a second in which a test has asked for so many.
    fn steady(&self, second: i64, number: u32) -> (Cow<'static, str>, String);

    /// Who says what a test asked for in great number.
    fn speaker(&self) -> Cow<'static, str>;
}

/// The whole record of one program.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    /// When it speaks.
    pub(crate) voice: &'a Voice,
    /// What it says then.
    pub(crate) chatter: &'a dyn Chatter,
    /// What requests have added.
    pub(crate) appended: &'a Appended,
    /// What comes in great number, as far as it is wanted as lines.
    pub(crate) floods: &'a [Arc<Flood>],
}

impl Record<'_> {
    /// The wanted lines after a place that are written by `now`, oldest first.
    pub(crate) fn after(&self, after: Place, now: Moment, wanted: &Wanted) -> Vec<Line> {
        let mut found = Vec::new();
        let start = wanted.from.map_or(after.at, |from| from.max(after.at));
        let holds = |place: Place| place > after && wanted.covers(place.at, now);
        let mut second = self.first_second().max(start.second());
        while second <= now.second() && found.len() < wanted.limit {
            let part = Part {
                holds: &holds,
                most: wanted.enough(),
                newest: false,
            };
            let lines = self.lines_in(second, &part).into_iter();
            found.extend(lines.filter(|line| wanted.takes(line)));
            second = self.following(second);
        }
        found.truncate(wanted.limit);
        found
    }

    /// The wanted lines before a place that are written by `now`, oldest first: the newest of
    /// them, up to the limit.
    pub(crate) fn before(&self, before: Place, now: Moment, wanted: &Wanted) -> Vec<Line> {
        let mut found = VecDeque::new();
        let end = wanted.to.map_or(now, |to| to.min(now)).min(before.at);
        let holds = |place: Place| place < before && wanted.covers(place.at, now);
        let first = self.first_second();
        let first = wanted.from.map_or(first, |from| first.max(from.second()));
        let mut second = end.second();
        while second >= first && found.len() < wanted.limit {
            let part = Part {
                holds: &holds,
                most: wanted.enough(),
                newest: true,
            };
            let lines = self.lines_in(second, &part).into_iter().rev();
            for line in lines.filter(|line| wanted.takes(line)) {
                found.push_front(line);
            }
            second -= 1;
        }
        let surplus = found.len().saturating_sub(wanted.limit);
        found.into_iter().skip(surplus).collect()
    }

    fn first_second(&self) -> i64 {
        let kept = self.appended.first().unwrap_or(Moment::NEVER);
        let floods = self.floods.iter().map(|flood| flood.begins()).min();
        let first = self.voice.from.min(kept);
        floods.map_or(first, |flood| first.min(flood)).second()
    }

    /// The next second that may have lines.
    fn following(&self, second: i64) -> i64 {
        let Voice { until, rates, .. } = self.voice;
        if second < until.second() || !rates.is_empty() || !self.floods.is_empty() {
            return second + 1;
        }
        self.appended.next_second(second + 1).unwrap_or(i64::MAX)
    }

    /// The lines of one second at the places that `part` holds.
    fn lines_in(&self, second: i64, part: &Part<'_>) -> Vec<Line> {
        let voice = self.voice;
        let holds = |place: Place| voice.speaks(place.at) && (part.holds)(place);
        let mut lines = match voice.rate_at(second) {
            _ if second < voice.from.second() => Vec::new(),
            Some(rate) => {
                let part = Part {
                    holds: &holds,
                    ..*part
                };
                self.steady(second, rate, &part)
            }
            None if second > voice.until.second() => Vec::new(),
            None => self.chatter.second(second),
        };
        lines.retain(|line| holds(line.place));
        let kept = self.appended.in_second(second);
        lines.extend(kept.filter(|line| (part.holds)(line.place)).cloned());
        for flood in self.floods {
            lines.extend(self.flooded(flood, second, part));
        }
        lines.sort_by_key(|line| line.place);
        lines
    }

    /// The lines of a flood in one second.
    fn flooded(&self, flood: &Flood, second: i64, part: &Part<'_>) -> Vec<Line> {
        let bounds = (Moment(second * SECOND), Moment((second + 1) * SECOND));
        let held = flood.between(bounds.0, bounds.1);
        let held = held.filter(|line| (part.holds)(flood.place(*line)));
        let line = |number: u64| {
            let mut message = String::new();
            flood.write(number, &mut message);
            Line {
                place: flood.place(number),
                service: self.chatter.speaker(),
                message,
            }
        };
        if part.newest {
            let mut lines: Vec<Line> = held.rev().take(part.most).map(line).collect();
            lines.reverse();
            lines
        } else {
            held.take(part.most).map(line).collect()
        }
    }

    /// Evenly spaced lines, as many as asked for, each a function of its number.
    fn steady(&self, second: i64, rate: u32, part: &Part<'_>) -> Vec<Line> {
        let place = |number: u32| {
            let offset = i64::from(number) * SECOND / i64::from(rate);
            Place {
                at: Moment(second * SECOND + offset),
                source: 0,
                number: u64::from(number),
            }
        };
        let mut numbers: Vec<u32> = (0..rate)
            .filter(|number| (part.holds)(place(*number)))
            .collect();
        if part.newest {
            numbers.drain(..numbers.len().saturating_sub(part.most));
        }
        let line = |number: u32| {
            let (service, message) = self.chatter.steady(second, number);
            Line {
                place: place(number),
                service,
                message,
            }
        };
        numbers.into_iter().take(part.most).map(line).collect()
    }
}

/// Which lines of a second are needed: with thousands in it, the others are not even made.
#[derive(Clone, Copy)]
struct Part<'a> {
    holds: &'a dyn Fn(Place) -> bool,
    /// So many are enough.
    most: usize,
    /// The newest of them rather than the oldest.
    newest: bool,
}
