//! The units whose output is read, as far as logs need to know them.

use crate::sim::clock::Moment;

/// One unit of an app, or one run of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim::tsuru) struct Pod {
    /// The app, or the job.
    pub(in crate::sim::tsuru) owner: String,
    /// What its records are called: the process; of a job nothing.
    pub(in crate::sim::tsuru) source: String,
    /// Its name.
    pub(in crate::sim::tsuru) unit: String,
    /// When it began to run.
    pub(in crate::sim::tsuru) from: Moment,
    /// When it ends, if that is known. Its log is read for as long as it is there.
    pub(in crate::sim::tsuru) until: Option<Moment>,
    /// When it crashed last, if it did.
    pub(in crate::sim::tsuru) crashed: Option<Moment>,
    pub(in crate::sim::tsuru) state: PodState,
}

/// What a unit's output is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim::tsuru) enum PodState {
    Running,
    /// It starts and fails, again and again.
    Crashing,
    /// There is nothing to read, because of this.
    Unreadable(String),
    /// A run of a job, and whether it goes well.
    Job {
        well: bool,
    },
}

impl Pod {
    /// The word for it in records.
    pub(super) fn sort(&self) -> &'static str {
        match self.state {
            PodState::Job { .. } => "job",
            PodState::Running | PodState::Crashing | PodState::Unreadable(_) => "app",
        }
    }

    /// Whether there is anything to read.
    pub(super) fn is_readable(&self) -> bool {
        match self.state {
            PodState::Unreadable(_) => false,
            PodState::Running | PodState::Crashing | PodState::Job { .. } => true,
        }
    }
}
