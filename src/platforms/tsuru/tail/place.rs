//! How far a log that goes on for ever was handed over, so that after a cut nothing is lost and
//! nothing comes twice.
//!
//! After a cut the server sends the last so many records of each unit again. A record is recognised
//! by who wrote it, its time and its position among those of the same writer and time: never by its
//! text, for applications repeat themselves.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::platforms::tsuru::stream::Record;

/// So many moments are remembered one by one. What is older than all of a writer's was handed over.
const MOMENTS: usize = 20_000;

/// So many writers are remembered. Units come and go.
const WRITERS: usize = 2_000;

/// How many records of each unit to ask for after a cut: more than a busy one writes while one waits.
const GENEROUS: u32 = 1_000;

/// How many, where that was too few. The server has no word for "all".
const MOST: u32 = 10_000;

/// Who wrote a record: source and unit. Every record that is remembered names its writer.
type Writer = Arc<(String, String)>;

/// What records are counted under.
type Key = (Writer, Option<Timestamp>);

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Records handed over, by all connections.
    given: u32,
    /// Records that came, by the connection with that number.
    came: u32,
    connection: u64,
}

/// What is known of a writer.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// What is before this is old: where its records began for us, or the newest that was forgotten.
    floor: Timestamp,
    newest: Timestamp,
}

/// How far a log was handed over.
#[derive(Debug)]
pub(super) struct Place {
    lines: u32,
    since: Option<Timestamp>,
    counts: HashMap<Key, Count>,
    order: VecDeque<Key>,
    spans: HashMap<Writer, Span>,
    /// Of the last record: most are by the same.
    last: Option<Writer>,
    connection: u64,
    asked: u32,
}

/// Whether what comes again joins what was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joins {
    /// It does, or need not.
    Yes,
    /// It does not reach back far enough: ask for more.
    AskMore,
    /// It does not, and there is no more: records may be missing.
    No,
}

impl Place {
    /// Nothing was handed over yet.
    pub(super) fn new(lines: u32, since: Option<Timestamp>) -> Self {
        Self {
            lines: lines.clamp(1, MOST),
            since,
            counts: HashMap::new(),
            order: VecDeque::new(),
            spans: HashMap::new(),
            last: None,
            connection: 0,
            asked: 0,
        }
    }

    /// How many records of each unit to ask for on the next connection; `is_short` when those of the
    /// last one did not reach back.
    pub(super) fn reach(&self, is_short: bool) -> u32 {
        match self.since {
            _ if is_short => MOST,
            // The server does not filter by time.
            Some(_) if self.is_fresh() => MOST,
            None if self.is_fresh() => self.lines,
            Some(_) | None => self.lines.max(GENEROUS),
        }
    }

    /// How many lines to show of what there was at the beginning; absent for all of it.
    pub(super) fn first_lines(&self) -> Option<usize> {
        let is_cut = self.connection <= 1 && self.since.is_none();
        is_cut.then_some(self.lines as usize)
    }

    /// A connection begins on which so many records of each unit were asked for.
    pub(super) fn begin(&mut self, asked: u32) {
        self.connection += 1;
        self.asked = asked;
    }

    /// Whether nothing of the log was handed over.
    fn is_fresh(&self) -> bool {
        self.counts.is_empty()
    }

    /// Whether the first records of a connection, all that it had at its beginning, join what was
    /// handed over before. Of a unit that sends as many as were asked for there are more.
    pub(super) fn joins(&self, first: &[Record]) -> Joins {
        if self.connection == 1 {
            return Joins::Yes;
        }
        let mut of_writers: HashMap<Writer, (u32, Option<Timestamp>)> = HashMap::new();
        for record in first {
            let writer = self.known(record).unwrap_or_else(|| writer(record));
            let (count, earliest) = of_writers.entry(writer).or_default();
            *count += 1;
            *earliest = [*earliest, record.at].into_iter().flatten().min();
        }
        let is_apart = |(writer, (count, earliest)): (&Writer, &(u32, Option<Timestamp>))| {
            let newest = self.spans.get(writer).map(|span| span.newest);
            // Of the records of one moment some may have been handed over and some not, and counting
            // them needs the first: the moment must not be the last known one.
            *count >= self.asked
                && newest.is_some_and(|newest| earliest.is_some_and(|it| it >= newest))
        };
        match of_writers.iter().any(is_apart) {
            false => Joins::Yes,
            true if self.asked < MOST => Joins::AskMore,
            true => Joins::No,
        }
    }

    /// The writer of a record, if the one before was by the same.
    fn known(&self, record: &Record) -> Option<Writer> {
        let last = self.last.as_ref()?;
        let is_same = last.0 == record.source && last.1 == record.unit;
        is_same.then(|| Arc::clone(last))
    }

    /// Counts a record, and says whether it is a new one.
    pub(super) fn take(&mut self, record: &Record) -> bool {
        if self
            .since
            .is_some_and(|since| record.at.is_some_and(|at| at < since))
        {
            return false;
        }
        let writer = self.known(record).unwrap_or_else(|| writer(record));
        self.last = Some(Arc::clone(&writer));
        let key = (writer, record.at);
        if !self.counts.contains_key(&key) {
            if self.is_forgotten(&key) {
                return false;
            }
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

    /// Whether a record that is not known was handed over, or was before the first that was. Records
    /// come a little out of order, so that only what comes again is judged by this.
    fn is_forgotten(&self, (writer, at): &Key) -> bool {
        let floor = self.spans.get(writer).map(|span| span.floor);
        self.connection > 1 && floor.is_some_and(|floor| at.is_some_and(|at| at < floor))
    }

    fn remember(&mut self, key: Key) {
        if let (writer, Some(at)) = &key {
            let span = self.spans.entry(Arc::clone(writer));
            let span = span.or_insert(Span {
                floor: *at,
                newest: *at,
            });
            span.newest = span.newest.max(*at);
            if self.connection == 1 {
                span.floor = span.floor.min(*at);
            }
        }
        self.order.push_back(key);
        if self.order.len() > MOMENTS {
            self.forget();
        }
        if self.spans.len() > WRITERS {
            let oldest = self.spans.iter().min_by_key(|(_, span)| span.newest);
            let oldest = oldest.map(|(writer, _)| Arc::clone(writer));
            oldest.and_then(|oldest| self.spans.remove(&oldest));
        }
    }

    fn forget(&mut self) {
        let Some(key) = self.order.pop_front() else {
            return;
        };
        self.counts.remove(&key);
        let (writer, at) = key;
        let after = at.and_then(|at| at.checked_add(SignedDuration::from_nanos(1)).ok());
        if let (Some(span), Some(after)) = (self.spans.get_mut(&writer), after) {
            span.floor = span.floor.max(after);
        }
    }
}

fn writer(record: &Record) -> Writer {
    Arc::new((record.source.clone(), record.unit.clone()))
}

#[cfg(test)]
mod tests;
