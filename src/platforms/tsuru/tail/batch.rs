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

    /// Everything there is; what follows is news.
    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}
