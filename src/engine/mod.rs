//! Carries out requests: rate budget, concurrency, retry, cancellation, log tails, operations.
//!
//! Nothing here waits for a task: [`Engine`] submits and returns. Every request is a task of its own
//! under a cancellation token (process → context → request), so one slow endpoint delays nothing
//! but itself. Tasks may wait for the loop, tails excepted. What is due is decided elsewhere; here
//! is decided whether it may go now. The engine knows platforms only by their trait.

mod ask;
mod follow;
mod gate;
mod hiding;
mod ingest;
mod operations;
mod outlet;
mod pace;
mod pages;
mod past;
mod preview;
mod rate;
mod reads;
mod record;
mod resolve;
mod retry;
mod session;
mod tails;
mod task;
#[cfg(test)]
mod tests;
mod transfer;
mod voice;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::gate::Lane;
use self::operations::Begin;
use self::task::{Task, defect};
use crate::model::{
    Consent, ContextId, DownloadRequest, Fetch, Keep, LogBatch, Operation, OperationEvent,
    OperationKey, OperationTicket, PastLines, PreviewReport, QueryKey, Report, TailId, TailRequest,
    TailState, Ticket, TransferEvent, TransferTicket,
};
use crate::platforms::Platform;

pub use self::follow::see_through;
pub use self::operations::{Terms, run_operation};
pub use self::pace::Pace;
pub use self::preview::preview_operation;
pub use self::reads::read_all;
pub use self::record::Recorder;
pub use self::resolve::{OpenIntent, resolve_operation};
pub use self::session::{Opening, Session};
pub use self::transfer::download;

/// How long the end waits for tasks to notice.
const LAST_WAIT: Duration = Duration::from_millis(500);

/// What the engine says to whoever runs the loop.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineEvent {
    /// About a read.
    Report(Report),
    /// Lines of a tail, or how it is doing.
    Logs(LogBatch),
    /// Older lines of a log.
    PastLines(PastLines),
    /// What an operation would do.
    Preview(PreviewReport),
    /// About an operation.
    Operation(OperationEvent),
    /// About a download.
    Transfer(TransferEvent),
}

/// Wall clock of reports.
pub type Clock = fn() -> Timestamp;

/// Carries out requests. Its methods submit and return; answers come as [`EngineEvent`]s.
///
/// Dropping it cancels everything without waiting.
#[derive(Debug)]
pub struct Engine {
    contexts: Vec<Context>,
    events: mpsc::Sender<EngineEvent>,
    recorder: Arc<dyn Recorder>,
    clock: Clock,
    pace: Pace,
    root: CancellationToken,
    tasks: TaskTracker,
    reads: HashMap<QueryKey, Task>,
    previews: Vec<Task>,
    tails: HashMap<TailId, Task>,
    past: HashMap<TailId, Task>,
    operations: HashMap<OperationKey, Task>,
    transfers: HashMap<TransferTicket, Task>,
    _stop: DropGuard,
}

struct Context {
    platform: Arc<dyn Platform>,
    lane: Lane,
    stop: CancellationToken,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.platform.profile().name)
    }
}

impl Engine {
    /// An engine that sends nothing yet. `contexts[i]` serves `ContextId(i)`; `events` is the
    /// bounded queue of the loop. Requests must be submitted inside a tokio runtime.
    #[must_use]
    pub fn new(
        contexts: Vec<Arc<dyn Platform>>,
        events: mpsc::Sender<EngineEvent>,
        clock: Clock,
    ) -> Self {
        let root = CancellationToken::new();
        let lanes = gate::lanes(contexts.iter().map(|platform| &platform.profile().rate));
        let contexts = contexts
            .into_iter()
            .zip(lanes)
            .map(|(platform, lane)| Context {
                platform,
                lane,
                stop: root.child_token(),
            })
            .collect();
        Self {
            contexts,
            events,
            recorder: Arc::new(record::NoRecorder),
            clock,
            pace: Pace::default(),
            tasks: TaskTracker::new(),
            reads: HashMap::new(),
            previews: Vec::new(),
            tails: HashMap::new(),
            past: HashMap::new(),
            operations: HashMap::new(),
            transfers: HashMap::new(),
            _stop: root.clone().drop_guard(),
            root,
        }
    }

    /// The same with a place where operations are written down. Without one none is sent.
    #[must_use]
    pub fn recording(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = recorder;
        self
    }

    /// The same engine, whose operations and broken logs wait at another pace.
    #[must_use]
    pub fn at_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// Reads. A newer request for a key cancels the older one, of which nothing more is reported.
    pub fn fetch(&mut self, fetch: Fetch) {
        self.cancel(&fetch.key);
        let Some((context, platform, lane)) = self.way(fetch.key.context) else {
            return;
        };
        let task = Task::under(context);
        forget_ended(&mut self.reads);
        self.reads.insert(fetch.key.clone(), task.clone());
        let (Fetch { key, ticket, .. }, clock) = (fetch.clone(), self.clock);
        let broken = move || {
            EngineEvent::Report(Report {
                ticket,
                at: clock(),
                result: Err(defect(key.query.capability().title())),
                more: false,
                budget: None,
                retry_at: None,
                key,
            })
        };
        let work = reads::fetch(fetch, platform, lane, self.events.clone(), clock);
        self.start(task, work, broken);
    }

    /// Cancels a read; nothing more is reported of it.
    pub fn cancel(&mut self, key: &QueryKey) {
        stop(self.reads.remove(key));
    }

    /// Asks what the operations of a question would do, given with their positions in it. Nothing
    /// more is said to an older question.
    pub fn preview(&mut self, ticket: Ticket, operations: Vec<(usize, Operation)>) {
        self.previews.drain(..).for_each(|task| task.stop.cancel());
        for (step, operation) in operations {
            let Some((context, platform, lane)) = self.way(operation.target.context) else {
                continue;
            };
            let task = Task::under(context);
            let asking = preview::Asking {
                ticket,
                step,
                operation,
                platform,
                lane,
                events: self.events.clone(),
                clock: self.clock,
            };
            let broken = move || preview::report(ticket, step, Err(defect("a preview")));
            self.previews.push(task.clone());
            self.start(task, preview::tell(asking), broken);
        }
    }

    /// Cancels the reads and tails of a context, never its operations.
    pub fn leave(&mut self, context: ContextId) {
        let Some(left) = self.contexts.get_mut(usize::from(context.0)) else {
            return;
        };
        left.stop.cancel();
        left.stop = self.root.child_token();
        self.reads.retain(|key, _| key.context != context);
        self.tails.retain(|tail, _| tail.context != context);
        self.past.retain(|tail, _| tail.context != context);
    }

    /// Follows a log. Opening a tail that is open changes nothing; one that has ended or failed
    /// begins anew.
    pub fn open_tail(&mut self, tail: TailId, request: TailRequest) {
        forget_ended(&mut self.tails);
        if self.tails.contains_key(&tail) {
            return;
        }
        let Some((context, platform, lane)) = self.way(tail.context) else {
            return;
        };
        let task = Task::under(context);
        self.tails.insert(tail.clone(), task.clone());
        let following = tails::Following {
            id: tail.clone(),
            request,
            platform,
            lane,
            events: self.events.clone(),
            clock: self.clock,
            over: task.over.clone(),
            pace: self.pace,
        };
        let broken = move || {
            EngineEvent::Logs(LogBatch {
                tail,
                lines: Vec::new(),
                skipped: 0,
                restarted: false,
                state: TailState::Failed(defect("a log")),
            })
        };
        self.start(task, tails::follow(following), broken);
    }

    /// Stops following a log.
    pub fn close_tail(&mut self, tail: &TailId) {
        stop(self.tails.remove(tail));
    }

    /// Reads older lines of a log, once. A later question for the same log voids the one before.
    pub fn read_log(&mut self, ticket: Ticket, tail: TailId, request: TailRequest) {
        let Some((context, platform, lane)) = self.way(tail.context) else {
            return;
        };
        let task = Task::under(context);
        forget_ended(&mut self.past);
        stop(self.past.insert(tail.clone(), task.clone()));
        let reading = past::Reading {
            ticket,
            tail: tail.clone(),
            request,
            platform,
            lane,
            events: self.events.clone(),
            clock: self.clock,
            over: task.over.clone(),
        };
        let broken = move || past::report(ticket, tail, Err(defect("reading a log")));
        self.start(task, past::tell(reading), broken);
    }

    /// Stops reading older lines of a log; nothing more is said of them.
    pub fn stop_reading(&mut self, tail: &TailId) {
        stop(self.past.remove(tail));
    }

    /// Carries out an operation. It goes on whatever is shown, until it ends or the engine does.
    ///
    /// # Errors
    /// Gives the operation back if the same on the same target ([`Operation::key`]) is in flight.
    #[expect(
        clippy::result_large_err,
        reason = "an operation is made by a person, not in a loop, and the caller shows it"
    )]
    pub fn operate(
        &mut self,
        ticket: OperationTicket,
        operation: Operation,
        consent: Consent,
    ) -> Result<(), Operation> {
        self.begin(ticket, operation, Begin::New(consent))
    }

    /// Finds out by reading what became of an operation that an earlier run sent, and tells it like
    /// one that is carried out.
    ///
    /// # Errors
    /// As [`Engine::operate`].
    #[expect(clippy::result_large_err, reason = "as above")]
    pub fn resolve(&mut self, ticket: OperationTicket, open: OpenIntent) -> Result<(), Operation> {
        self.begin(ticket, open.operation.clone(), Begin::Open(Box::new(open)))
    }

    #[expect(clippy::result_large_err, reason = "as above")]
    fn begin(
        &mut self,
        ticket: OperationTicket,
        operation: Operation,
        begin: Begin,
    ) -> Result<(), Operation> {
        forget_ended(&mut self.operations);
        if self.operations.contains_key(&operation.key()) {
            return Err(operation);
        }
        let Some((_, platform, lane)) = self.way(operation.target.context) else {
            return Err(operation);
        };
        let task = Task::under(&self.root);
        self.operations.insert(operation.key(), task.clone());
        let (sent, clock) = (operation.clone(), self.clock);
        let carrying = operations::Carrying {
            ticket,
            operation,
            begin,
            recorder: Arc::clone(&self.recorder),
            platform,
            lane,
            events: self.events.clone(),
            clock,
            pace: self.pace,
            over: task.over.clone(),
        };
        let broken = move || {
            EngineEvent::Operation(OperationEvent {
                ticket,
                at: clock(),
                stage: operations::unresolved(&sent, "flightdeck broke while it was at it"),
                follow: None,
                note: None,
                next_steps: Vec::new(),
                output: Vec::new(),
            })
        };
        self.start(task, operations::carry_out(carrying), broken);
        Ok(())
    }

    /// Downloads a backup to where `keep` puts it. It goes on whatever is shown, until it ends, is
    /// cancelled, or the engine ends.
    pub fn download(
        &mut self,
        ticket: TransferTicket,
        request: DownloadRequest,
        keep: Arc<dyn Keep>,
    ) {
        forget_ended(&mut self.transfers);
        let Some((_, platform, lane)) = self.way(request.target.context) else {
            return;
        };
        let task = Task::under(&self.root);
        self.transfers.insert(ticket, task.clone());
        let clock = self.clock;
        let carrying = transfer::Carrying {
            ticket,
            request,
            keep,
            recorder: Arc::clone(&self.recorder),
            platform,
            lane,
            events: self.events.clone(),
            clock,
            over: task.over.clone(),
        };
        let broken = move || transfer::broken(ticket, clock);
        self.start(task, transfer::carry_out(carrying), broken);
    }

    /// Cancels a download; nothing more is reported of it. What has come stays where it is.
    pub fn cancel_download(&mut self, ticket: TransferTicket) {
        stop(self.transfers.remove(&ticket));
    }

    /// How many operations have not ended.
    #[must_use]
    pub fn operations_in_flight(&self) -> usize {
        let running = self.operations.values().filter(|task| !task.over.is_set());
        running.count()
    }

    /// Until when nothing is sent to a context, because its platform said so; absent while requests
    /// go. Reads wait for a moment that is at most five minutes away, and fail with `RateLimited`
    /// at once if it is further.
    #[must_use]
    pub fn paused_until(&self, context: ContextId) -> Option<Timestamp> {
        let context = self.contexts.get(usize::from(context.0))?;
        context.lane.closed_until((self.clock)())
    }

    /// Cancels everything, operations included, and waits at most 500 ms for it to stop.
    pub async fn shutdown(self) {
        self.root.cancel();
        self.tasks.close();
        if timeout(LAST_WAIT, self.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "tasks did not stop in time");
        }
    }

    /// How to reach a context.
    fn way(&self, id: ContextId) -> Option<(&CancellationToken, Arc<dyn Platform>, Lane)> {
        let Some(context) = self.contexts.get(usize::from(id.0)) else {
            tracing::error!(?id, "there is no such context");
            return None;
        };
        let platform = Arc::clone(&context.platform);
        Some((&context.stop, platform, context.lane.clone()))
    }

    fn start(
        &self,
        task: Task,
        work: impl Future<Output = ()> + Send + 'static,
        broken: impl FnOnce() -> EngineEvent + Send + 'static,
    ) {
        task::start(&self.tasks, task, self.events.clone(), work, broken);
    }
}

fn stop(task: Option<Task>) {
    if let Some(task) = task {
        task.stop.cancel();
    }
}

/// Keeps a map as small as what is in flight.
fn forget_ended<Key: Eq + Hash>(tasks: &mut HashMap<Key, Task>) {
    tasks.retain(|_, task| !task.over.is_set());
}
