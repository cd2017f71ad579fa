//! The lines of one tail on their way to the loop: a bounded ring that drops its oldest and counts.

use std::collections::VecDeque;

use crate::model::{LogLine, SgrSpan};

/// Lines kept while the loop is busy.
pub(super) const MOST_LINES: usize = 2_000;

/// Bytes kept while the loop is busy.
pub(super) const MOST_BYTES: usize = 1024 * 1024;

/// Lines that wait to be handed over.
#[derive(Debug, Default)]
pub(super) struct Ingest {
    lines: VecDeque<LogLine>,
    bytes: usize,
    skipped: u64,
    restarted: bool,
}

impl Ingest {
    /// How many lines wait.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.skipped == 0 && !self.restarted
    }

    /// Whether the next line takes the place of the oldest.
    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= MOST_LINES || self.bytes >= MOST_BYTES
    }

    /// Takes in a line; the oldest give way. A line that is longer than all the room is taken in, too.
    pub(super) fn push(&mut self, line: LogLine) {
        self.bytes += size(&line);
        self.lines.push_back(line);
        while self.lines.len() > MOST_LINES || (self.bytes > MOST_BYTES && self.lines.len() > 1) {
            let Some(oldest) = self.lines.pop_front() else {
                return;
            };
            self.bytes -= size(&oldest);
            self.skipped += 1;
        }
    }

    /// Everything before is void, shown or not: lines that are dropped here were not lost.
    pub(super) fn restart(&mut self) {
        *self = Self {
            restarted: true,
            ..Self::default()
        };
    }

    /// The oldest `most` lines, how many were dropped before them, and whether everything shown
    /// before them is void.
    pub(super) fn take(&mut self, most: usize) -> (Vec<LogLine>, u64, bool) {
        let lines: Vec<_> = self.lines.drain(..most.min(self.lines.len())).collect();
        self.bytes -= lines.iter().map(size).sum::<usize>();
        let skipped = std::mem::take(&mut self.skipped);
        let restarted = std::mem::take(&mut self.restarted);
        (lines, skipped, restarted)
    }
}

fn size(line: &LogLine) -> usize {
    size_of::<LogLine>()
        + line.text.len()
        + line.source.as_str().len()
        + line.spans.len() * size_of::<SgrSpan>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Text;

    fn line(number: usize, length: usize) -> LogLine {
        let raw = format!("{number} {}", "x".repeat(length));
        LogLine::output(None, Text::default(), &raw)
    }

    fn number(line: &LogLine) -> usize {
        let digits = line.text.split(' ').next().unwrap();
        digits.parse().unwrap()
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push { count: usize, length: usize },
        Take(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0..1_500_usize, 0..2_000_usize)
                .prop_map(|(count, length)| Step::Push { count, length }),
            1 => (1..3_usize, MOST_BYTES - 9..MOST_BYTES)
                .prop_map(|(count, length)| Step::Push { count, length }),
            4 => (0..700_usize).prop_map(Step::Take),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn every_line_comes_in_order_or_is_counted(steps in prop::collection::vec(step(), 1..12)) {
            let mut ring = Ingest::default();
            let mut pushed = 0;
            let mut accounted = 0;
            for step in steps.into_iter().chain([Step::Take(usize::MAX)]) {
                match step {
                    Step::Push { count, length } => {
                        for _ in 0..count {
                            ring.push(line(pushed, length));
                            pushed += 1;
                        }
                    }
                    Step::Take(most) => {
                        let (lines, skipped, _) = ring.take(most);
                        accounted += usize::try_from(skipped).unwrap();
                        for line in &lines {
                            prop_assert_eq!(number(line), accounted);
                            accounted += 1;
                        }
                    }
                }
                prop_assert!(ring.len() <= MOST_LINES);
                prop_assert!(ring.bytes <= MOST_BYTES || ring.len() == 1);
                let bytes: usize = ring.lines.iter().map(size).sum();
                prop_assert_eq!(ring.bytes, bytes);
            }
            prop_assert_eq!(accounted, pushed);
            prop_assert!(ring.is_empty());
        }
    }

    #[test]
    fn the_longest_line_is_handed_over_whole() {
        let mut ring = Ingest::default();
        ring.push(line(0, 0));
        ring.push(line(1, MOST_BYTES - 2));
        let (lines, skipped, _) = ring.take(500);
        assert_eq!(
            (lines.len(), lines[0].text.len(), skipped),
            (1, MOST_BYTES, 1)
        );
    }

    #[test]
    fn a_restart_voids_what_waits_and_counts_nothing() {
        let mut ring = Ingest::default();
        (0..MOST_LINES + 10).for_each(|n| ring.push(line(n, 0)));
        ring.restart();
        ring.push(line(7, 0));
        let (lines, skipped, restarted) = ring.take(500);
        assert_eq!((lines.len(), skipped, restarted), (1, 0, true));
        assert!(!ring.take(500).2);
    }
}
