//! How far a log that goes on for ever was handed over, so that after a cut nothing is lost and
//! nothing comes twice.
//!
//! After a cut the platform sends the last so many lines again. A line is recognised by its
//! component, its time and its position among those of the same component and time: never by its
//! text, for applications repeat themselves. A line without a prefix belongs to the one before.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash as _, Hasher as _};

use jiff::{SignedDuration, Timestamp};

use super::lines::{Parsed, Stamp};
use crate::model::{LogLine, Text};

/// So many moments are remembered one by one. What is older than all of them was handed over.
const MOMENTS: usize = 20_000;

/// How many lines to ask for after a cut: more than a busy log writes while one waits.
const GENEROUS: u32 = 1_000;

/// How much of the log to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The newest lines.
    Last(u32),
    /// All that there are.
    All,
}

/// What becomes of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Taken {
    /// It is new.
    New(LogLine),
    /// It is new, and lines before it may be missing.
    AfterLoss(LogLine),
    /// It was handed over, or is older than what was wanted.
    Old,
    /// What comes again does not reach back to what was handed over: ask for more.
    TooShort,
}

/// What lines are counted under: their moment; and what they say, for what is no part of the log
/// (a remark of the server's need not come again, and must not be taken for one that did).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    stamp: Option<Stamp>,
    remark: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Lines handed over, by all connections.
    given: u32,
    /// Lines that came, by the connection with that number.
    came: u32,
    connection: u64,
}

/// How far a log was handed over.
#[derive(Debug)]
pub(super) struct Place {
    since: Option<Timestamp>,
    /// What was asked for at first.
    first: Reach,
    counts: HashMap<Key, Count>,
    order: VecDeque<Key>,
    newest: HashMap<Text, Timestamp>,
    /// Lines before this are old: where the log began for us, or the newest that was forgotten.
    floor: Option<Timestamp>,
    connection: u64,
    /// The stamp of the line before, on this connection.
    current: Option<Stamp>,
    bridge: Bridge,
    /// Lines may be missing, or come twice, before the next.
    is_lost: bool,
}

/// The lines before the first that has a time.
const UNTIMED: Key = Key {
    stamp: None,
    remark: None,
};

/// Whether what comes on this connection is known to join what was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bridge {
    /// It does, or need not.
    Stands,
    /// Not known yet, of the last lines only.
    OfSome,
    /// Not known yet, of all lines.
    OfAll,
}

impl Place {
    /// Nothing was handed over yet.
    pub(super) fn new(lines: u32, since: Option<Timestamp>) -> Self {
        // The platform does not filter by time.
        let first = match since {
            Some(_) => Reach::All,
            None => Reach::Last(lines.max(1)),
        };
        Self::starting(first, since)
    }

    /// The whole log of something new, from the same time on.
    pub(super) fn anew(&self) -> Self {
        Self::starting(Reach::All, self.since)
    }

    fn starting(first: Reach, since: Option<Timestamp>) -> Self {
        Self {
            since,
            first,
            counts: HashMap::new(),
            order: VecDeque::new(),
            newest: HashMap::new(),
            floor: None,
            connection: 0,
            current: None,
            bridge: Bridge::Stands,
            is_lost: false,
        }
    }

    /// What to ask for on the next connection; `is_short` when the last one did not reach back.
    pub(super) fn reach(&self, is_short: bool) -> Reach {
        match self.first {
            _ if self.is_fresh() || self.is_blind() => self.first,
            _ if is_short || self.newest.is_empty() => Reach::All,
            Reach::All => Reach::Last(GENEROUS),
            Reach::Last(lines) => Reach::Last(lines.max(GENEROUS)),
        }
    }

    /// A connection begins that was asked for with `reach`.
    pub(super) fn begin(&mut self, reach: Reach) {
        self.connection += 1;
        self.current = None;
        self.is_lost = self.is_blind();
        if self.is_lost {
            self.counts.clear();
            self.order.clear();
        }
        self.bridge = match reach {
            _ if self.is_fresh() => Bridge::Stands,
            Reach::All => Bridge::OfAll,
            Reach::Last(_) => Bridge::OfSome,
        };
    }

    /// Whether nothing of the log was handed over.
    fn is_fresh(&self) -> bool {
        self.newest.is_empty() && self.untimed() == 0
    }

    /// Whether there is no knowing where the log was left: no line has a time, and those that came
    /// were not all.
    fn is_blind(&self) -> bool {
        let is_part = match self.first {
            Reach::All => false,
            Reach::Last(lines) => self.untimed() >= lines,
        };
        self.newest.is_empty() && is_part
    }

    /// How many lines were handed over before the first that has a time.
    fn untimed(&self) -> u32 {
        self.counts.get(&UNTIMED).map_or(0, |count| count.given)
    }

    /// Takes the next line of a connection.
    pub(super) fn take(&mut self, raw: &[u8]) -> Taken {
        let parsed = Parsed::of(raw);
        let mut has_loss = std::mem::take(&mut self.is_lost);
        if let Some(stamp) = &parsed.stamp {
            match self.joins(stamp) {
                Joins::Yes => {}
                Joins::AskMore => return Taken::TooShort,
                Joins::No => has_loss = true,
            }
            self.current = Some(stamp.clone());
        }
        let key = Key {
            stamp: self.current.clone(),
            remark: None,
        };
        match self.count(key) {
            true if has_loss => Taken::AfterLoss(parsed.line(self.current.as_ref())),
            true => Taken::New(parsed.line(self.current.as_ref())),
            false => Taken::Old,
        }
    }

    /// Takes what is no part of the log.
    pub(super) fn take_remark(&mut self, raw: &[u8]) -> Option<LogLine> {
        let mut hasher = DefaultHasher::new();
        raw.hash(&mut hasher);
        let key = Key {
            stamp: self.current.clone(),
            remark: Some(hasher.finish()),
        };
        let is_new = self.count(key);
        is_new.then(|| Parsed::of(raw).line(self.current.as_ref()))
    }

    /// Whether the first line with a time that comes again is one from before the cut. It must be
    /// older than the last one of its component: of the lines of one moment, some may have been
    /// handed over and some not, and counting them needs the first.
    fn joins(&mut self, first: &Stamp) -> Joins {
        let bridge = std::mem::replace(&mut self.bridge, Bridge::Stands);
        let is_known = self.counts.contains_key(&Key {
            stamp: Some(first.clone()),
            remark: None,
        });
        let newest = self.newest.get(&first.component);
        let is_before = self.is_older(first) || (is_known && newest > Some(&first.at));
        match bridge {
            Bridge::Stands => Joins::Yes,
            Bridge::OfSome | Bridge::OfAll if is_before => Joins::Yes,
            Bridge::OfSome => Joins::AskMore,
            Bridge::OfAll if is_known || self.newest.is_empty() => Joins::Yes,
            Bridge::OfAll => Joins::No,
        }
    }

    fn is_older(&self, stamp: &Stamp) -> bool {
        self.floor.is_some_and(|floor| stamp.at < floor)
            || self.since.is_some_and(|since| stamp.at < since)
    }

    /// Counts a line, and says whether it is a new one.
    fn count(&mut self, key: Key) -> bool {
        if self.is_out_of_sight(&key) {
            return false;
        }
        if !self.counts.contains_key(&key) {
            self.remember(key.clone());
        }
        let connection = self.connection;
        let count = self.counts.entry(key).or_default();
        if count.connection != connection {
            (count.connection, count.came) = (connection, 0);
        }
        count.came += 1;
        let is_new = count.came > count.given;
        count.given = count.given.max(count.came);
        is_new
    }

    /// Whether a line is one that is not wanted, or that was handed over and forgotten.
    fn is_out_of_sight(&self, key: &Key) -> bool {
        match &key.stamp {
            Some(stamp) if self.since.is_some_and(|since| stamp.at < since) => true,
            // Lines come a little out of order, so that only what comes again is judged by this.
            Some(stamp) => {
                self.connection > 1 && self.is_older(stamp) && !self.counts.contains_key(key)
            }
            // Before the first line with a time: known to be old once there was one.
            None => key.remark.is_none() && !self.newest.is_empty(),
        }
    }

    fn remember(&mut self, key: Key) {
        if let Some(stamp) = &key.stamp {
            self.floor.get_or_insert(stamp.at);
            let newest = self
                .newest
                .entry(stamp.component.clone())
                .or_insert(stamp.at);
            *newest = stamp.at.max(*newest);
        }
        self.order.push_back(key);
        if self.order.len() <= MOMENTS {
            return;
        }
        let forgotten = self.order.pop_front();
        if let Some(key) = forgotten {
            self.counts.remove(&key);
            let next = SignedDuration::from_nanos(1);
            let after = key.stamp.and_then(|it| it.at.checked_add(next).ok());
            self.floor = self.floor.max(after);
        }
    }
}

enum Joins {
    Yes,
    No,
    AskMore,
}

#[cfg(test)]
mod tests;
