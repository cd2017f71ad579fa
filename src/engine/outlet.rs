//! How the lines of one tail reach the loop: in batches, with the beat, without ever waiting for it.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::EngineEvent;
use super::ingest::{Ingest, MOST_LINES};
use crate::model::{LogBatch, LogLine, TailId, TailState};

/// Batches come no faster than this: ten a second look continuous.
const BEAT: Duration = Duration::from_millis(100);

/// Lines in a batch; so many do not wait for the beat.
const BATCH: usize = 500;

/// So long may a text that came in one piece wait for the loop. Nothing is read meanwhile.
const PATIENCE: Duration = Duration::from_secs(1);

/// Hands lines over to the loop, without waiting for it: a source is not left unread.
pub(super) struct Outlet {
    id: TailId,
    events: mpsc::Sender<EngineEvent>,
    ingest: Ingest,
    state: TailState,
    /// Whether the loop does not know `state` yet.
    is_untold: bool,
    /// Whether it was said that the tail begins: lines of one before it with the same name may still
    /// be on their way.
    has_begun: bool,
    due: Instant,
}

impl Outlet {
    pub(super) fn new(id: TailId, events: mpsc::Sender<EngineEvent>) -> Self {
        Self {
            id,
            events,
            ingest: Ingest::default(),
            state: TailState::Opening,
            is_untold: true,
            has_begun: false,
            due: Instant::now(),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.events.is_closed()
    }

    /// Says that the first answer is awaited. It takes no beat away from the first lines.
    pub(super) fn open(&mut self) {
        self.offer();
        self.due = Instant::now();
    }

    /// Changes the state, to be told with the next batch. The last one counts: a busy loop is not
    /// told of those in between.
    pub(super) fn set_state(&mut self, state: TailState) {
        // Another wait is news even if it looks the same: its time begins anew.
        let waits = matches!(state, TailState::Waiting { .. });
        self.is_untold |= waits || state != self.state;
        self.state = state;
    }

    /// Takes in a line. A full batch goes at once, so that a long text that comes in one piece is
    /// not dropped while there is room in the queue.
    pub(super) fn push(&mut self, line: LogLine) {
        self.ingest.push(line);
        if self.ingest.len() >= BATCH {
            self.offer();
        }
    }

    /// Takes in lines that came in one piece. They are here already: where there are more of them than
    /// wait for a busy loop, they wait themselves for a moment, before the oldest give way.
    pub(super) async fn push_all(&mut self, lines: impl ExactSizeIterator<Item = LogLine>) {
        let is_long = lines.len() > MOST_LINES;
        let until = Instant::now() + PATIENCE;
        for line in lines {
            if is_long && self.ingest.is_full() {
                self.wait_for_room(until).await;
            }
            self.push(line);
        }
    }

    async fn wait_for_room(&mut self, until: Instant) {
        let events = self.events.clone();
        if let Ok(Ok(room)) = timeout_at(until, events.reserve()).await {
            self.due = Instant::now() + BEAT;
            room.send(self.batch());
        }
    }

    pub(super) fn restart(&mut self) {
        self.ingest.restart();
    }

    /// Does `work`, and hands over what is due meanwhile.
    pub(super) async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = sleep_until(self.due), if self.has_news() => self.offer(),
            }
        }
    }

    fn has_news(&self) -> bool {
        self.is_untold || !self.ingest.is_empty()
    }

    /// Hands over what is due, if there is room. What is left waits for the next beat.
    pub(super) fn offer(&mut self) {
        while self.ingest.len() >= BATCH || (self.has_news() && Instant::now() >= self.due) {
            self.due = Instant::now() + BEAT;
            let events = self.events.clone();
            match events.try_reserve() {
                Ok(room) => room.send(self.batch()),
                Err(TrySendError::Full(()) | TrySendError::Closed(())) => return,
            }
        }
    }

    /// Hands over everything, with `end` as the last word. There is nothing left to read, so this
    /// may wait.
    pub(super) async fn finish(mut self, end: TailState) {
        loop {
            let events = self.events.clone();
            let Ok(room) = events.reserve().await else {
                return;
            };
            if self.has_begun && self.ingest.len() <= BATCH {
                self.state = end;
                room.send(self.batch());
                return;
            }
            room.send(self.batch());
        }
    }

    fn batch(&mut self) -> EngineEvent {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.is_untold = self.state != TailState::Opening;
            return self.event(Vec::new(), (0, false), TailState::Opening);
        }
        let (lines, skipped, restarted) = self.ingest.take(BATCH);
        self.is_untold = false;
        self.event(lines, (skipped, restarted), self.state.clone())
    }

    fn event(
        &self,
        lines: Vec<LogLine>,
        (skipped, restarted): (u64, bool),
        state: TailState,
    ) -> EngineEvent {
        EngineEvent::Logs(LogBatch {
            tail: self.id.clone(),
            lines,
            skipped,
            restarted,
            state,
        })
    }
}
