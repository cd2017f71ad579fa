//! What earlier answers said, where a later one names only an identifier. Nothing is asked for its
//! sake: what is not known yet is shown as its identifier or left out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{BackupPart, OrgId, Text};

/// Names and facts by identifier.
#[derive(Clone, Default)]
pub(super) struct Known {
    /// Names of retentions and schedules.
    pub(super) plans: HashMap<String, Text>,
    /// Parts of backups that have ended.
    pub(super) parts: HashMap<String, BackupPart>,
    /// Whether services of a kind can be backed up.
    pub(super) kinds: HashMap<String, bool>,
    /// Organisations of applications.
    pub(super) organisations: HashMap<String, OrgId>,
}

/// Grows while the platform is asked; reading it is cheap.
#[derive(Default)]
pub(super) struct Memory(Mutex<Arc<Known>>);

impl Memory {
    pub(super) fn recall(&self) -> Arc<Known> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn add(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut known));
    }
}
