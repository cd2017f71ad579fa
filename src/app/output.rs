//! The output of an operation: its newest lines, and how many went before them.

use std::collections::VecDeque;

use crate::model::Text;

/// How many lines are kept.
const MAX_LINES: usize = 2_000;
/// And in how many bytes.
const MAX_BYTES: usize = 256 * 1024;

/// The newest lines of an output.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    lines: VecDeque<Text>,
    bytes: usize,
    dropped: u64,
}

impl Output {
    /// Adds lines; the oldest make room.
    pub fn push(&mut self, lines: impl IntoIterator<Item = Text>) {
        for line in lines {
            self.bytes += line.as_str().len();
            self.lines.push_back(line);
            while self.lines.len() > MAX_LINES || self.bytes > MAX_BYTES {
                let oldest = self.lines.pop_front();
                self.bytes -= oldest.map_or(0, |oldest| oldest.as_str().len());
                self.dropped += 1;
            }
        }
    }

    /// How many lines are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there was none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped == 0
    }

    /// How many lines are gone.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// One of the lines that are kept, oldest first.
    #[must_use]
    pub fn line(&self, at: usize) -> Option<&Text> {
        self.lines.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, text: &str) -> impl Iterator<Item = Text> {
        (0..count).map(move |n| Text::clean(&format!("{n} {text}")))
    }

    #[test]
    fn the_newest_lines_are_kept_and_the_others_counted() {
        let mut output = Output::default();
        assert!(output.is_empty());
        output.push(lines(MAX_LINES + 7, "x"));
        assert_eq!((output.len(), output.dropped()), (MAX_LINES, 7));
        assert_eq!(output.line(0).map(Text::as_str), Some("7 x"));
    }

    #[test]
    fn long_lines_are_fewer() {
        let mut output = Output::default();
        output.push(lines(200, &"y".repeat(4_000)));
        assert!(output.bytes <= MAX_BYTES);
        assert_eq!(output.len() as u64 + output.dropped(), 200);
        assert!(output.len() > 60, "no more than necessary goes");
    }
}
