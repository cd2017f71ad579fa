//! Tasks: the only place where one is started, and where a panic becomes a report.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::EngineEvent;
use crate::model::{Failure, Text};

/// Whether a task has said all it will say. It is set *before* the last word is handed over, so
/// that whoever reads that may start the same again.
#[derive(Clone, Debug, Default)]
pub(super) struct Over(Arc<AtomicBool>);

impl Over {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A task as the engine keeps it.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) stop: CancellationToken,
    pub(super) over: Over,
}

impl Task {
    /// A task that `parent` stops, too.
    pub(super) fn under(parent: &CancellationToken) -> Self {
        Self {
            stop: parent.child_token(),
            over: Over::default(),
        }
    }
}

/// Starts `work`. If it panics, `broken` is its last word.
pub(super) fn start(
    tasks: &TaskTracker,
    task: Task,
    events: mpsc::Sender<EngineEvent>,
    work: impl Future<Output = ()> + Send + 'static,
    broken: impl FnOnce() -> EngineEvent + Send + 'static,
) {
    let Task { stop, over } = task;
    let run = async move {
        let work = AssertUnwindSafe(work).catch_unwind();
        let guarded = async {
            if work.await.is_err() {
                over.set();
                let event = broken();
                // The panic hook has logged the message and the place.
                tracing::error!(?event, "a task of the engine panicked");
                let _ = events.send(event).await;
            }
        };
        tokio::select! {
            // What is cancelled says nothing more, even if it has just come to an end.
            biased;
            () = stop.cancelled() => {}
            () = guarded => {}
        }
        over.set();
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine is what spawns: every task has a token, is waited for at the end, and \
                  reports its own panic"
    )]
    tokio::spawn(tasks.track_future(run));
}

/// What is reported of a task that panicked: a mistake of flightdeck's own, worth a report to its
/// developers, which is what a failure to decode advises.
pub(super) fn defect(what: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(what),
        path: Text::clean("a task of the engine"),
        expected: Text::clean("an end"),
        found: Text::clean("a panic (a defect of flightdeck)"),
    }
}
