//! What is said of one operation, and to whom.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::ask::Patience;
use super::gate::later;
use super::task::Over;
use super::{Clock, EngineEvent};
use crate::model::{Failure, Follow, OperationEvent, OperationTicket, Progress, Stage, Text};

/// Lines of output in one event; so many do not wait for the beat.
pub(super) const OUTPUT_BATCH: usize = 500;

/// Output comes no faster than this.
const BEAT: Duration = Duration::from_millis(100);

/// Who hears of an operation.
pub(super) enum Ear<'a> {
    Loop {
        events: mpsc::Sender<EngineEvent>,
        over: Over,
    },
    Call(&'a mut (dyn FnMut(&OperationEvent) + Send)),
}

/// Speaks for one operation. Every event repeats what is known, so the last one is enough.
pub(super) struct Voice<'a> {
    ticket: OperationTicket,
    clock: Clock,
    ear: Ear<'a>,
    pub(super) follow: Option<Follow>,
    pub(super) note: Option<Text>,
    pub(super) next_steps: Vec<Text>,
    /// Output not told yet, and when it may be.
    pub(super) output: Vec<Text>,
    pub(super) due: Instant,
}

impl<'a> Voice<'a> {
    pub(super) fn new(ticket: OperationTicket, clock: Clock, ear: Ear<'a>) -> Self {
        Self {
            ticket,
            clock,
            ear,
            follow: None,
            note: None,
            next_steps: Vec::new(),
            output: Vec::new(),
            due: Instant::now(),
        }
    }

    pub(super) async fn say(&mut self, stage: Stage) {
        let note = self.note.clone();
        self.event(stage, note).await;
    }

    /// Says something that is true only now.
    pub(super) async fn remark(&mut self, stage: Stage, note: &str) {
        self.event(stage, Some(Text::clean(note))).await;
    }

    /// Tells output if it is due or much.
    pub(super) async fn put_out(&mut self) {
        if self.output.len() >= OUTPUT_BATCH || Instant::now() >= self.due {
            self.due = Instant::now() + BEAT;
            let label = self.output.last().cloned();
            let progress = Progress {
                label,
                ..Progress::default()
            };
            // Who says something has begun.
            self.say(Stage::Running(progress)).await;
        }
    }

    async fn event(&mut self, stage: Stage, note: Option<Text>) {
        let is_final = stage.is_final();
        let event = OperationEvent {
            ticket: self.ticket,
            at: (self.clock)(),
            stage,
            follow: self.follow.clone(),
            note,
            next_steps: self.next_steps.clone(),
            output: std::mem::take(&mut self.output),
        };
        match &mut self.ear {
            Ear::Call(progress) => progress(&event),
            Ear::Loop { events, over } => {
                if is_final {
                    over.set();
                }
                let _ = events.send(EngineEvent::Operation(event)).await;
            }
        }
    }
}

impl Patience for Voice<'_> {
    /// It is not sent yet, or sent again: in sight, with the moment.
    async fn wait(&mut self, failure: Failure, delay: Duration) {
        let at = later((self.clock)(), delay).strftime("%H:%M:%S");
        let note = format!("{}; next attempt at {at} UTC", failure.short());
        self.remark(Stage::Sending, &note).await;
    }
}
