//! What earlier answers said.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Grows while the platform is asked; forgotten when something is written.
#[derive(Default)]
pub(super) struct Memory(Mutex<Known>);

/// What is known.
#[derive(Default)]
pub(super) struct Known {
    /// Counts writes: an answer asked for before a write says nothing about what is after it.
    pub(super) writes: u64,
}

impl Memory {
    pub(super) fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written: what was read before may have changed.
    pub(super) fn forget(&self) {
        self.lock().writes += 1;
    }
}
