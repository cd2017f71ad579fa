//! Asking what an operation would do. A read: with the limits, the retries and the waits of reads.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::ask::{Asker, Silent};
use super::gate::Lane;
use super::{Clock, EngineEvent};
use crate::model::{Failure, Operation, Preview, PreviewReport, Ticket};
use crate::platforms::Platform;

/// Asks a platform what an operation would do. Nothing is changed.
///
/// # Errors
/// As the platform's.
pub async fn preview_operation(
    platform: &dyn Platform,
    operation: &Operation,
    clock: Clock,
) -> Result<Option<Preview>, Failure> {
    let lane = Lane::alone(&platform.profile().rate);
    ask(platform, &lane, operation, clock).await
}

async fn ask(
    platform: &dyn Platform,
    lane: &Lane,
    operation: &Operation,
    clock: Clock,
) -> Result<Option<Preview>, Failure> {
    let capability = operation.kind.capability();
    // What is not to be asked about is not asked about, whoever wishes it.
    if !platform.profile().previews.contains(&capability) {
        return Ok(None);
    }
    let asker = Asker::visible(platform, lane, clock);
    asker.ask(&mut Silent, || platform.preview(operation)).await
}

/// One operation of a question.
pub(super) struct Asking {
    pub(super) ticket: Ticket,
    pub(super) step: usize,
    pub(super) operation: Operation,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
}

/// Asks about it, and tells the loop. A closed queue means that nobody listens any more.
pub(super) async fn tell(asking: Asking) {
    let Asking {
        ticket,
        step,
        operation,
        platform,
        lane,
        events,
        clock,
    } = asking;
    let result = ask(platform.as_ref(), &lane, &operation, clock).await;
    let _ = events.send(report(ticket, step, result)).await;
}

pub(super) fn report(
    ticket: Ticket,
    step: usize,
    result: Result<Option<Preview>, Failure>,
) -> EngineEvent {
    EngineEvent::Preview(PreviewReport {
        ticket,
        step,
        result,
    })
}
