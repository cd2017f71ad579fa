//! Records that came and were not judged yet.

use std::collections::VecDeque;

use crate::platforms::tsuru::stream::{Record, Step};

/// So much of what a stream begins with is held until all of it is there.
const MOST_RECORDS: usize = 50_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Records on their way.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: VecDeque<Record>,
    bytes: usize,
    /// The first list is not whole yet.
    pub(super) is_first: bool,
    /// These are all of the first list.
    pub(super) is_whole: bool,
    /// There were more than could be held.
    pub(super) has_lost: bool,
    /// What came after the first list, while that is not judged.
    later: Vec<Step>,
}

impl Batch {
    pub(super) fn first() -> Self {
        Self {
            is_first: true,
            ..Self::default()
        }
    }

    pub(super) fn extend(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                step if self.is_whole => self.later.push(step),
                Step::Record(record) => self.push(record),
                Step::EndOfList if self.is_first => {
                    (self.is_first, self.is_whole) = (false, true);
                }
                Step::EndOfList => {}
            }
        }
    }

    fn push(&mut self, record: Record) {
        self.bytes += record.message.len();
        self.records.push_back(record);
        while self.records.len() > MOST_RECORDS || self.bytes > MOST_BYTES {
            let gone = self.records.pop_front();
            self.bytes -= gone.map_or(0, |record| record.message.len());
            self.has_lost = true;
        }
    }

    /// Whether there is something to be judged.
    pub(super) fn is_ready(&self) -> bool {
        self.is_whole || (!self.is_first && !self.records.is_empty())
    }

    /// The first list, or the news that there is.
    pub(super) fn take(&mut self) -> Self {
        let mut taken = std::mem::take(self);
        self.extend(std::mem::take(&mut taken.later));
        taken
    }
}
