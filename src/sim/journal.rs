//! Counts the requests a simulator receives, by the operation names of the platform's contract.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

/// What a request asks for, in the platform's own vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The name the contract gives it, such as `ListApplications`.
    pub(crate) name: &'static str,
    /// Whether it changes anything on the platform.
    pub(crate) changes: bool,
}

impl Operation {
    /// Something that no contract knows.
    pub(crate) const UNKNOWN: Operation = Operation::read("Unknown");

    /// One that changes nothing.
    pub(crate) const fn read(name: &'static str) -> Operation {
        let changes = false;
        Operation { name, changes }
    }

    /// One that changes something.
    pub(crate) const fn change(name: &'static str) -> Operation {
        let changes = true;
        Operation { name, changes }
    }
}

/// The counts, shared by all servers of a simulator.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    total: u64,
    changing: u64,
    unauthorised: u64,
    tokens_at_storage: u64,
    operations: BTreeMap<&'static str, u64>,
    acted: BTreeMap<&'static str, u64>,
}

impl Journal {
    /// Counts one request.
    pub(crate) fn record(&self, operation: Operation) {
        let mut counts = self.lock();
        counts.total += 1;
        counts.changing += u64::from(operation.changes);
        *counts.operations.entry(operation.name).or_default() += 1;
    }

    /// Counts one request that the platform has carried out, whatever the client was told of it.
    pub(crate) fn record_acted(&self, operation: Operation) {
        *self.lock().acted.entry(operation.name).or_default() += 1;
    }

    /// Counts one request that came without a valid token.
    pub(crate) fn record_unauthorised(&self) {
        self.lock().unauthorised += 1;
    }

    /// Counts one request for a file that carried a token, which must not go there.
    pub(crate) fn record_token_at_storage(&self) {
        self.lock().tokens_at_storage += 1;
    }

    /// Starts from zero.
    pub(crate) fn reset(&self) {
        *self.lock() = Counts::default();
    }

    /// The counts as the control port answers them.
    pub(crate) fn to_json(&self) -> Value {
        let counts = self.lock();
        json!({
            "total": counts.total,
            "operations": counts.operations,
            "changing": counts.changing,
            "acted": counts.acted,
            "unauthorised": counts.unauthorised,
            "tokens_at_storage": counts.tokens_at_storage,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_operation() {
        let journal = Journal::default();
        journal.record(Operation {
            name: "ListThings",
            changes: false,
        });
        journal.record(Operation {
            name: "ListThings",
            changes: false,
        });
        journal.record(Operation {
            name: "CreateThing",
            changes: true,
        });
        journal.record_acted(Operation {
            name: "CreateThing",
            changes: true,
        });
        let counted = journal.to_json();
        assert_eq!(counted["acted"]["CreateThing"], 1);
        assert_eq!(counted["total"], 3);
        assert_eq!(counted["changing"], 1);
        assert_eq!(counted["operations"]["ListThings"], 2);
        journal.reset();
        assert_eq!(journal.to_json()["total"], 0);
    }
}
