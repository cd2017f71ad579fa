//! The streams that are open: answers that go on for as long as somebody reads.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use super::{journal::Operation, server::Connection};

/// The streams of all servers of a simulator.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    open: Vec<Connection>,
    opened: BTreeMap<&'static str, u64>,
    left: u64,
}

impl Streams {
    /// A stream begins on this connection, which serves nothing else from now on.
    pub(crate) fn opened(&self, operation: Operation, connection: &Connection) {
        let mut known = self.lock();
        *known.opened.entry(operation.name).or_default() += 1;
        known.open.push(connection.clone());
    }

    /// A client has left a stream as it should: with a close frame that says so.
    pub(crate) fn left(&self) {
        self.lock().left += 1;
    }

    /// Cuts all that are open, wherever they are, and tells how many there were.
    pub(crate) fn cut_all(&self) -> usize {
        let open = std::mem::take(&mut self.lock().open);
        let alive = open.iter().filter(|connection| !connection.has_ended());
        alive.map(Connection::cut).count()
    }

    /// Counts from zero; what is open stays so.
    pub(crate) fn reset(&self) {
        let mut known = self.lock();
        known.opened.clear();
        known.left = 0;
    }

    /// The counts as the control port answers them.
    pub(crate) fn to_json(&self) -> Value {
        let mut known = self.lock();
        known.open.retain(|connection| !connection.has_ended());
        json!({ "opened": known.opened, "open": known.open.len(), "left": known.left })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
