//! What flightdeck was asked to do, under way and past.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::output::Output;
use crate::model::{
    Failure, Follow, Operation, OperationEvent, OperationKey, OperationTicket, Stage, Text,
};

/// How many are kept.
const KEPT: usize = 200;
/// So many things to do next are kept of one operation: more is no list anybody works off.
const MAX_STEPS: usize = 100;

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number.
    pub ticket: OperationTicket,
    /// What was asked.
    pub operation: Operation,
    /// Where it stands.
    pub stage: Stage,
    /// When it was asked.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What is followed.
    pub follow: Option<Follow>,
    /// What the user should know.
    pub note: Option<Text>,
    /// What takes it back, as far as was known when it was sent; absent once that was done.
    pub undo: Option<Operation>,
    /// What the user has to do next, one line each.
    pub next_steps: Vec<Text>,
    /// What it wrote. Shared: an entry is handed around after every event.
    pub output: Arc<Output>,
    /// Whether an earlier run of flightdeck asked for it.
    pub is_earlier: bool,
}

/// The newest two hundred, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    list: VecDeque<Entry>,
    last: u64,
}

impl Operations {
    /// Notes that `operation` was asked for. Absent if the same one on the same target runs.
    pub fn begin(
        &mut self,
        operation: Operation,
        undo: Option<Operation>,
        now: Timestamp,
    ) -> Option<OperationTicket> {
        let ticket = self.add(operation, Stage::Sending, now, false)?;
        if let Some(entry) = self.list.back_mut() {
            entry.undo = undo;
        }
        Some(ticket)
    }

    /// Takes up what an earlier run asked for at `started_at`, and of which nobody knows how it
    /// ended. Absent if the same one on the same target runs.
    pub fn adopt(
        &mut self,
        operation: Operation,
        started_at: Timestamp,
    ) -> Option<OperationTicket> {
        let stage = Stage::Unknown(Failure::interrupted());
        self.add(operation, stage, started_at, true)
    }

    fn add(
        &mut self,
        operation: Operation,
        stage: Stage,
        started_at: Timestamp,
        is_earlier: bool,
    ) -> Option<OperationTicket> {
        if self.is_running(&operation.key()) {
            return None;
        }
        if self.list.len() == KEPT {
            // What runs is never forgotten: the oldest finished one makes room.
            let oldest = self
                .list
                .iter()
                .position(|entry| entry.stage.is_final())
                .unwrap_or(0);
            self.list.remove(oldest);
        }
        self.last += 1;
        let ticket = OperationTicket(self.last);
        self.list.push_back(Entry {
            ticket,
            operation,
            stage,
            started_at,
            ended_at: None,
            follow: None,
            note: None,
            undo: None,
            next_steps: Vec::new(),
            output: Arc::default(),
            is_earlier,
        });
        Some(ticket)
    }

    /// Applies what the engine says; gives the entry, absent if it is unknown or already final.
    pub fn apply(&mut self, event: OperationEvent) -> Option<&Entry> {
        let entry = self
            .list
            .iter_mut()
            .find(|entry| entry.ticket == event.ticket)?;
        if entry.stage.is_final() {
            return None;
        }
        if event.stage.is_final() {
            entry.ended_at = Some(event.at);
        }
        entry.stage = event.stage;
        entry.follow = event.follow.or(entry.follow.take());
        entry.note = event.note.or(entry.note.take());
        if !event.next_steps.is_empty() {
            entry.next_steps = event.next_steps;
            entry.next_steps.truncate(MAX_STEPS);
        }
        if !event.output.is_empty() {
            Arc::make_mut(&mut entry.output).push(event.output);
        }
        Some(entry)
    }

    /// The operation `by` takes back the operation `undone`, which is not undone a second time. What
    /// takes it back cannot be taken back by the same key either, or it would go to and fro.
    pub(super) fn undone_by(&mut self, undone: OperationTicket, by: OperationTicket) {
        let both = |entry: &&mut Entry| entry.ticket == by || entry.ticket == undone;
        let entries = self.list.iter_mut().filter(both);
        entries.for_each(|entry| entry.undo = None);
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, ticket: OperationTicket) -> Option<&Entry> {
        self.list.iter().find(|entry| entry.ticket == ticket)
    }

    /// Whether such an operation is under way.
    #[must_use]
    pub fn is_running(&self, key: &OperationKey) -> bool {
        self.running().any(|entry| entry.operation.key() == *key)
    }

    /// All of them, newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Entry> {
        self.list.iter().rev()
    }

    /// Those under way, oldest first.
    #[must_use]
    pub fn running(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.list.iter().filter(|entry| !entry.stage.is_final())
    }

    /// Those that ended, newest first.
    pub fn finished(&self) -> impl Iterator<Item = &Entry> {
        self.list
            .iter()
            .rev()
            .filter(|entry| entry.stage.is_final())
    }
}
