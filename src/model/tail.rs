//! Following logs: what is followed, and what comes of it.

use std::time::Duration;

use super::{
    ActivityId, AppId, ContextId, DeploymentId, EnvId, Failure, JobId, JobRunId, LogLine, Ticket,
};

/// Something that has lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogSource {
    /// Build and deploy output of one deployment.
    Deployment {
        /// The app.
        app: AppId,
        /// The environment, where a deployment belongs to one.
        environment: Option<EnvId>,
        /// The deployment.
        deployment: DeploymentId,
    },
    /// What runs, as it runs.
    Runtime {
        /// The app.
        app: AppId,
        /// The environment; absent for all of the app's.
        environment: Option<EnvId>,
    },
    /// What an environment's instances wrote before they last crashed or were restarted.
    Previous {
        /// The app.
        app: AppId,
        /// The environment; absent for all of the app's.
        environment: Option<EnvId>,
    },
    /// What one run of a job wrote.
    JobRun {
        /// The app.
        app: AppId,
        /// The job.
        job: JobId,
        /// The run.
        run: JobRunId,
    },
    /// What the platform wrote about an event.
    Event {
        /// The app.
        app: AppId,
        /// The event.
        event: ActivityId,
    },
}

/// A followed log. Its identity is what it follows, so following the same thing twice is one tail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TailId {
    /// The context.
    pub context: ContextId,
    /// What is followed.
    pub source: LogSource,
}

/// How to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailRequest {
    /// What to follow.
    pub source: LogSource,
    /// How many of the newest existing lines to begin with, where the platform lets one choose.
    pub lines: u32,
    /// Only lines written since then, where somebody asked for a time.
    pub since: Option<jiff::Timestamp>,
    /// Only lines written before then; for older lines than those that are there. A tail that follows
    /// has none.
    pub until: Option<jiff::Timestamp>,
    /// Whether to go on with what is written from now on. Without it the lines that exist are enough,
    /// and the tail ends after them where the platform lets it.
    pub follow: bool,
}

/// How a tail is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TailState {
    /// The first answer is awaited.
    Opening,
    /// Lines come as they are written.
    Live,
    /// The way broke; when it is tried again.
    Waiting {
        /// Why.
        failure: Failure,
        /// How long until then.
        retry_in: Duration,
    },
    /// No more lines will come, and all that there were have come.
    Ended,
    /// It cannot be followed.
    Failed(Failure),
}

/// Lines of the past that were asked for once.
#[derive(Clone, Debug, PartialEq)]
pub struct PastLines {
    /// The ticket of the question.
    pub ticket: Ticket,
    /// Whose they are.
    pub tail: TailId,
    /// The lines, oldest first; or why there are none.
    pub result: Result<Vec<LogLine>, Failure>,
}

/// Lines of a tail, handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct LogBatch {
    /// The tail.
    pub tail: TailId,
    /// Lines, oldest first.
    pub lines: Vec<LogLine>,
    /// How many older lines were dropped on the way since the last batch.
    pub skipped: u64,
    /// Whether everything shown before is void: the source was replaced, not continued.
    pub restarted: bool,
    /// How the tail is doing now.
    pub state: TailState,
}
