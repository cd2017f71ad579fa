//! Deploy watches: each follows one release from its build to its errors after it went live.
//!
//! A watch begins with a release that was confirmed here, or when somebody asks to watch one that
//! runs. It is told nothing: it is derived, after every message, from what the state knows of the
//! operation, the deployment, the environment and its log. It asks for no reads and opens no tails of
//! its own; it says which environments must be read and followed meanwhile.

mod begin;
mod header;
mod learn;
mod phases;
mod remedy;
mod tend;
mod verdict;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::age::{set_back, since};
use super::logs::errors::Rate;
use crate::model::{AppId, DeploymentId, EnvId, OperationTicket, Progress, Scoped, Text};

pub use self::header::{rows, shown};
pub use self::phases::{Phases, Stretch};
pub use self::remedy::remedy;
pub use self::verdict::Verdict;

pub(super) use self::begin::{begin, begin_running};
pub(super) use self::header::counts_seconds;
pub(super) use self::tend::{Said, ended, tend};

/// So many releases are watched or remembered; of those that are over the oldest goes first.
const KEPT: usize = 8;
/// Errors are counted for so long after a release went live, and its log is followed meanwhile.
pub const SETTLING: Duration = Duration::from_mins(2);
/// Errors before a release are counted from so long before it.
pub const BASELINE: Duration = Duration::from_mins(10);
/// The rate of errors is looked at in steps of this.
const STEP: Duration = Duration::from_secs(10);

/// One release that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The environment whose log tells of it.
    pub env: Scoped<EnvId>,
    /// The app.
    pub app: AppId,
    /// `app/environment`, in names.
    pub title: Text,
    /// The name of the environment alone: where a release makes a new one, it has the same.
    pub(super) name: Text,
    /// What was asked for here; absent for what somebody else released.
    pub operation: Option<OperationTicket>,
    /// The deployment, once it is known.
    pub deployment: Option<DeploymentId>,
    /// What is known of the release.
    pub release: Release,
    /// How long it was in which phase.
    pub phases: Phases,
    /// How far it is.
    pub progress: Progress,
    /// When it was asked for, or began.
    pub begun_at: Timestamp,
    /// How it ended, once it did.
    pub end: Option<End>,
    /// Errors a minute before it began; absent where that is not known.
    pub before: Option<Rate>,
    /// Errors a minute since it went live; absent where that is not known yet.
    pub after: Option<Rate>,
    /// The deployments that were there before it.
    pub(super) known: Known,
    /// What was said of its end.
    pub(super) told: Told,
    /// When the list that lacks its deployment was read first.
    pub(super) missing_since: Option<Timestamp>,
}

/// What is known of a release.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Release {
    /// Its shortest name.
    pub label: Option<Text>,
    /// The phase in the platform's or our own word.
    pub word: Option<Text>,
    /// Who released it.
    pub by: Option<Text>,
    /// What started it.
    pub cause: Option<Text>,
    /// The commit.
    pub commit: Option<Text>,
    /// The first line of its message.
    pub message: Option<Text>,
    /// The last good release before it.
    pub last_good: Option<Text>,
}

/// How a release ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// When that was seen.
    pub seen_at: Timestamp,
    /// Since when it is live, by the platform's clock where that tells.
    pub live_at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// How it ended, or what became of it since.
    pub verdict: Verdict,
    /// Whether nothing more is found out about it.
    pub is_over: bool,
}

/// What was there before a release began.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    /// The newest deployments.
    pub(super) deployments: Vec<DeploymentId>,
    /// Whether their list had been read.
    pub(super) is_listed: bool,
}

/// What was said of an end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Whether the user was told how it ended.
    pub(super) end: bool,
    /// Whether somebody who looks elsewhere was told.
    pub(super) notified: bool,
}

impl Watch {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.end.is_none()
    }

    /// Whether it went live and its errors are still counted.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        self.end.as_ref().is_some_and(|end| !end.is_over)
    }

    /// How it ended.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.end.as_ref().map(|end| &end.verdict)
    }

    /// How long it runs, or took.
    #[must_use]
    pub fn took(&self, now: Timestamp) -> Duration {
        let end = self.end.as_ref().map(|end| end.took);
        end.unwrap_or_else(|| since(self.begun_at, now))
    }

    /// `shop/test v213`.
    #[must_use]
    pub fn heading(&self) -> Text {
        match &self.release.label {
            Some(label) => Text::clean(&format!("{} {label}", self.title)),
            None => self.title.clone(),
        }
    }
}

/// The releases that are watched, and those whose verdict was told last.
#[derive(Clone, Debug, Default)]
pub struct Watches {
    /// Oldest first.
    list: VecDeque<Watch>,
}

impl Watches {
    /// The environments whose log and state must be followed, whatever is in sight: of releases that
    /// run, or went live a moment ago. One may be named more than once.
    pub fn wanted(&self) -> impl Iterator<Item = &Scoped<EnvId>> {
        self.open().map(|watch| &watch.env)
    }

    /// The deployment that is watched in an environment and has not ended.
    #[must_use]
    pub fn running_in(&self, env: &Scoped<EnvId>) -> Option<&DeploymentId> {
        let watch = self.of(env).filter(|watch| watch.is_running())?;
        watch.deployment.as_ref()
    }

    /// From when on the log of what runs is wanted, so that errors can be compared; absent where no
    /// release is watched.
    #[must_use]
    pub fn baseline(&self, env: &Scoped<EnvId>) -> Option<Timestamp> {
        let watch = self.open().find(|watch| watch.env == *env)?;
        watch.begun_at.saturating_sub(BASELINE).ok()
    }

    /// The newest watch of an environment.
    #[must_use]
    pub fn of(&self, env: &Scoped<EnvId>) -> Option<&Watch> {
        self.list.iter().rev().find(|watch| watch.env == *env)
    }

    /// The watch of an operation.
    #[must_use]
    pub fn of_operation(&self, ticket: OperationTicket) -> Option<&Watch> {
        self.list
            .iter()
            .find(|watch| watch.operation == Some(ticket))
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Watch> {
        self.list.iter().rev()
    }

    /// Those that run or settle.
    pub fn open(&self) -> impl Iterator<Item = &Watch> {
        self.list
            .iter()
            .filter(|watch| watch.is_running() || watch.is_settling())
    }

    /// When a watch has something to look at by time alone: the next step of its errors.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.open().filter_map(|watch| watch.end.as_ref());
        ends.filter_map(|end| next_step(end.seen_at, now)).min()
    }

    /// Adds one; of those that are over the oldest makes room, else the oldest of all.
    fn add(&mut self, watch: Watch) {
        if self.list.len() >= KEPT {
            let is_over = |watch: &Watch| !watch.is_running() && !watch.is_settling();
            let oldest = self.list.iter().position(is_over).unwrap_or(0);
            self.list.remove(oldest);
        }
        self.list.push_back(watch);
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for watch in &mut self.list {
            set_back(&mut watch.begun_at, by);
            if let Some(end) = &mut watch.end {
                set_back(&mut end.seen_at, by);
            }
        }
    }
}

/// The next full step of the settling time.
fn next_step(from: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let steps = since(from, now).as_secs() / STEP.as_secs() + 1;
    from.saturating_add(Duration::from_secs(steps * STEP.as_secs()))
        .ok()
}
