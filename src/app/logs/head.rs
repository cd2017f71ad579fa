//! Where a runtime log begins for us: from when older lines are asked for, and which lines of the
//! answer are there already.
//!
//! What is there is recognised by time and position, never by text: applications repeat themselves.
//! The first few lines decide together, because lines of several writers come a little out of order,
//! and because a log may begin amid the lines of one moment.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::ring::LineNo;
use crate::model::{LineKind, LogLine};

/// So many lines may be out of order among themselves.
const FEW: usize = 32;

/// How the lines begin that were shown of a runtime log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The times of the first lines, and of every later one that is not after all of these.
    times: Vec<Timestamp>,
    /// The newest time of the first lines.
    edge: Option<Timestamp>,
    /// The number of the first line; it goes when the log is full.
    first: LineNo,
    /// There is nothing older, or it cannot be had.
    pub(in crate::app) is_whole: bool,
}

impl Head {
    /// A line was put after the others, under that number.
    pub(super) fn note(&mut self, line: &LogLine, no: LineNo) {
        let Some(at) = time(line) else { return };
        if self.times.is_empty() {
            self.first = no;
        }
        if self.times.len() < FEW {
            self.times.push(at);
            self.edge = self.edge.max(Some(at));
        } else if Some(at) <= self.edge {
            self.times.push(at);
        }
    }

    /// The time up to which older lines are asked for, exclusive; absent while there is no line that
    /// has a time. The lines of the last moment are among them: some of these may not be there.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        let edge = self.edge?;
        edge.checked_add(SignedDuration::from_nanos(1)).ok()
    }

    /// The number of the first line.
    pub(super) fn first(&self) -> LineNo {
        self.first
    }

    /// The oldest line that is there.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        self.times.iter().min().copied()
    }

    /// How many lines of the answer to expect that are there already.
    #[must_use]
    pub fn known(&self) -> usize {
        self.times.len()
    }

    /// Those of the lines that are not there yet, in their order. A line without a time belongs to
    /// the one before it.
    #[must_use]
    pub fn new_ones(&self, lines: Vec<LogLine>) -> Vec<LogLine> {
        let mut left: HashMap<Timestamp, usize> = HashMap::new();
        for at in &self.times {
            *left.entry(*at).or_default() += 1;
        }
        let mut new = Vec::new();
        // Of the lines of one moment the last ones are there.
        let mut untimed = Vec::new();
        for line in lines.into_iter().rev() {
            let Some(at) = time(&line) else {
                untimed.push(line);
                continue;
            };
            let known = left.get_mut(&at).filter(|left| **left > 0);
            if let Some(known) = known {
                *known -= 1;
                untimed.clear();
            } else if Some(at) <= self.edge {
                new.append(&mut untimed);
                new.push(line);
            } else {
                untimed.clear();
            }
        }
        if !new.is_empty() {
            new.append(&mut untimed);
        }
        new.reverse();
        new
    }

    /// Lines were put before the others; the first has that number.
    pub(super) fn grow(&mut self, lines: &[LogLine], first: LineNo) {
        let mut grown = Self {
            is_whole: self.is_whole,
            ..Self::default()
        };
        for line in lines {
            grown.note(line, first);
        }
        grown.first = first;
        for at in std::mem::take(&mut self.times) {
            if grown.times.len() < FEW || Some(at) <= grown.edge {
                grown.times.push(at);
                grown.edge = grown.edge.max(Some(at));
            }
        }
        *self = grown;
    }
}

fn time(line: &LogLine) -> Option<Timestamp> {
    line.at.filter(|_| line.kind == LineKind::Output)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Text;

    fn line((second, text): &(i64, String)) -> LogLine {
        let at = Timestamp::from_second(*second).ok();
        LogLine::output(at.filter(|_| *second >= 0), Text::default(), text)
    }

    fn texts(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// What of `answer` is older than `there`.
    fn check(there: &[(i64, &str)], answer: &[(i64, &str)], expected: &[&str]) {
        let lines = |list: &[(i64, &str)]| -> Vec<LogLine> {
            let own = list.iter().map(|(at, text)| (*at, (*text).to_owned()));
            own.map(|it| line(&it)).collect()
        };
        let mut head = Head::default();
        for line in &lines(there) {
            head.note(line, 0);
        }
        assert_eq!(texts(&head.new_ones(lines(answer))), expected);
    }

    #[test]
    fn equal_lines_of_one_moment_are_counted_from_the_end() {
        check(
            &[(5, "same"), (5, "same"), (6, "x")],
            &[(4, "a"), (5, "same"), (5, "same"), (5, "same"), (6, "x")],
            &["a", "same"],
        );
    }

    #[test]
    fn what_stands_a_little_out_of_order_is_neither_lost_nor_twice() {
        check(
            &[(5, "b"), (3, "late"), (6, "c")],
            &[
                (4, "other"),
                (6, "early"),
                (5, "b"),
                (3, "late"),
                (6, "c"),
                (7, "d"),
            ],
            &["other", "early"],
        );
    }

    #[test]
    fn a_line_without_a_time_belongs_to_the_one_before() {
        check(
            &[(5, "b")],
            &[(-1, "top"), (4, "a"), (-1, "at a"), (5, "b"), (-1, "at b")],
            &["top", "a", "at a"],
        );
        check(&[(5, "b")], &[(-1, "x"), (5, "b"), (-1, "y")], &[]);
    }

    #[test]
    fn without_a_time_there_is_nothing_to_ask_from() {
        check(&[(-1, "a")], &[(1, "b")], &[]);
        assert_eq!(Head::default().until(), None);
    }

    proptest! {
        #[test]
        fn chunk_by_chunk_every_line_comes_once(
            seconds in prop::collection::vec(0i64..9, 1..200),
            first in 1usize..50,
            chunk in 1usize..60,
        ) {
            let mut seconds = seconds;
            seconds.sort_unstable();
            let numbered = seconds.iter().enumerate();
            let log: Vec<_> = numbered.map(|(n, at)| line(&(*at, n.to_string()))).collect();
            let mut there = log[log.len().saturating_sub(first)..].to_vec();
            let mut head = Head::default();
            for line in &there {
                head.note(line, 0);
            }
            loop {
                let until = head.until().unwrap();
                let older: Vec<_> = log.iter().filter(|it| it.at < Some(until)).cloned().collect();
                let from = older.len().saturating_sub(chunk + head.known());
                let new = head.new_ones(older[from..].to_vec());
                if new.is_empty() {
                    break;
                }
                head.grow(&new, 0);
                there.splice(0..0, new);
            }
            prop_assert_eq!(there, log);
        }
    }
}
