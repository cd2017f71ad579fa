//! The newest lines of something, numbered from its first.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::LogLine;

/// So many lines are kept, and so many bytes of text: more than anybody scrolls through while a
/// deploy runs. Afterwards the platform has all of it.
const MOST_LINES: usize = 10_000;
const MOST_BYTES: usize = 1024 * 1024;

/// What a line without text takes.
const PER_LINE: usize = 64;

/// The newest lines.
#[derive(Debug, Default)]
pub(super) struct Kept {
    lines: VecDeque<LogLine>,
    bytes: usize,
    /// How many are gone.
    gone: u64,
}

impl Kept {
    pub(super) fn extend(&mut self, lines: impl IntoIterator<Item = LogLine>) {
        for line in lines {
            self.bytes += weight(&line);
            self.lines.push_back(line);
            while self.lines.len() > MOST_LINES || (self.bytes > MOST_BYTES && self.lines.len() > 1)
            {
                let Some(oldest) = self.lines.pop_front() else {
                    break;
                };
                self.bytes -= weight(&oldest);
                self.gone += 1;
            }
        }
    }

    /// How many of the lines from a number on are gone, and the others.
    pub(super) fn from(&self, number: u64) -> (u64, Vec<LogLine>) {
        let gone = self.gone.saturating_sub(number);
        let skipped = usize::try_from(number.saturating_sub(self.gone)).unwrap_or(usize::MAX);
        (gone, self.lines.iter().skip(skipped).cloned().collect())
    }

    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.lines.iter().rev().find_map(|line| line.at)
    }
}

fn weight(line: &LogLine) -> usize {
    line.text.len() + PER_LINE
}
