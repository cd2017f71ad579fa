//! What is kept of the backups of every environment: enough for one row, however many there are.

use jiff::Timestamp;

use crate::model::{Backup, BackupState};

/// How many sizes make a trend.
const TREND: usize = 30;

/// The backups of an environment in short.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupSummary {
    /// The newest.
    pub newest: Option<Backup>,
    /// When the newest good one was taken.
    pub last_good: Option<Timestamp>,
    /// Its size.
    pub size_bytes: Option<u64>,
    /// Sizes of the good ones, oldest first, at most thirty.
    pub sizes: Vec<u64>,
    /// How many there are, as far as was read.
    pub count: usize,
    /// When they were read.
    pub read_at: Timestamp,
}

impl BackupSummary {
    /// Of a list, newest first.
    #[must_use]
    pub fn of(list: &[Backup], at: Timestamp) -> Self {
        let good = || {
            list.iter()
                .filter(|backup| backup.state == BackupState::Done)
        };
        let mut sizes: Vec<_> = good()
            .filter_map(|backup| backup.size_bytes)
            .take(TREND)
            .collect();
        sizes.reverse();
        Self {
            newest: list.first().cloned(),
            last_good: good().find_map(|backup| backup.taken_at),
            size_bytes: sizes.last().copied(),
            sizes,
            count: list.len(),
            read_at: at,
        }
    }

    /// Whether the newest is still being taken.
    #[must_use]
    pub fn is_working(&self) -> bool {
        let newest = self.newest.as_ref();
        newest.is_some_and(|backup| !backup.state.is_final())
    }
}
