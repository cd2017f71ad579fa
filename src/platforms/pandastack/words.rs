//! Words for states: which there are is not published, so that many are understood, and what is not
//! is shown as itself.
//!
//! Source: PandaStack contract, section 4.

use super::decode::{Of, Record};
use crate::model::{Phase, Status, Text};

/// The state of an app, a deployment or an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Pending,
    Building,
    Deploying,
    /// Something is awaited of the user: a domain.
    ActionRequired,
    Running,
    Failed,
    Stopped,
    Deleting,
    Deleted,
    /// A word that is not known, as it came.
    Unknown(Text),
}

/// Something is awaited: one of these, together with one of those.
const SUBJECTS: &[&str] = &["DOMAIN", "DNS"];
const AWAITED: &[&str] = &[
    "PENDING",
    "WAIT",
    "AWAIT",
    "REQUIRED",
    "VERIFY",
    "UNVERIFIED",
];

/// Something is awaited, whatever it is.
const ACTION: &[&str] = &["ACTION_REQUIRED", "SETUP_REQUIRED"];

/// The other words. Failed first: no other row may take a word from it.
const WORDS: &[(State, &[&str])] = &[
    (
        State::Failed,
        &[
            "FAILED",
            "FAILURE",
            "ERROR",
            "ERRORED",
            "CRASHED",
            "CRASHLOOPBACKOFF",
            "TIMEOUT",
            "TIMED_OUT",
            "REJECTED",
        ],
    ),
    (
        State::Pending,
        &[
            "PENDING",
            "QUEUED",
            "CREATED",
            "SCHEDULED",
            "WAITING",
            "INITIALIZING",
            "INIT",
        ],
    ),
    (
        State::Building,
        &[
            "BUILDING",
            "PROCESSING",
            "IN_PROGRESS",
            "INSTALLING",
            "PROVISIONING",
            "PULLING",
        ],
    ),
    (
        State::Deploying,
        &[
            "DEPLOYING",
            "STARTING",
            "RESTARTING",
            "UPDATING",
            "CONFIGURING",
            "RETRYING",
        ],
    ),
    (
        State::Running,
        &[
            "RUNNING",
            "ACTIVE",
            "SUCCESS",
            "SUCCEEDED",
            "SUCCESSFUL",
            "COMPLETED",
            "COMPLETE",
            "DONE",
            "READY",
            "INSTALLED",
            "DEPLOYED",
            "LIVE",
            "HEALTHY",
            "VERIFIED",
        ],
    ),
    (
        State::Stopped,
        &[
            "PAUSED",
            "STOPPED",
            "INACTIVE",
            "SUSPENDED",
            "CANCELED",
            "CANCELLED",
            "SLEEPING",
        ],
    ),
    (
        State::Deleting,
        &["DELETING", "TERMINATING", "UNINSTALLING"],
    ),
    (State::Deleted, &["DELETED", "REMOVED"]),
];

impl State {
    /// The state that a word stands for, whatever its case and the marks between its parts.
    pub(super) fn of(word: &str) -> Self {
        let normal = normal(word);
        if awaits(&normal) {
            return Self::ActionRequired;
        }
        let mut rows = WORDS.iter();
        let row = rows.find(|(_, words)| words.contains(&normal.as_str()));
        row.map_or_else(
            || Self::Unknown(Text::clean(word)),
            |(state, _)| state.clone(),
        )
    }

    /// The state that a record tells of: its word. Of an installation Booleans tell it too, where
    /// there is no word; elsewhere they say something else, and that a domain is valid does not mean
    /// that an app runs. Source: PandaStack contract, section 6.3.
    pub(super) fn told(record: &Record, of: Of) -> Option<Self> {
        let word = record.status(of).map(|word| Self::of(word.as_str()));
        word.or_else(|| match of {
            Of::Installation => Self::of_flags(&record.flags()),
            Of::App | Of::Deployment => None,
        })
    }

    /// The state that Booleans stand for: running where all are true; absent where there are none.
    fn of_flags(flags: &[bool]) -> Option<Self> {
        let all = flags.iter().all(|flag| *flag);
        let state = if all { Self::Running } else { Self::Building };
        (!flags.is_empty()).then_some(state)
    }

    /// Whether nothing more will happen by itself.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Running | Self::Failed | Self::Stopped | Self::Deleted => true,
            Self::Pending
            | Self::Building
            | Self::Deploying
            | Self::ActionRequired
            | Self::Deleting
            | Self::Unknown(_) => false,
        }
    }

    /// The status of what is in this state.
    pub(super) fn status(&self) -> Status {
        match self {
            Self::Pending => Status::Queued,
            Self::Building => Status::Building,
            Self::Deploying => Status::Deploying,
            Self::ActionRequired => Status::Degraded,
            Self::Running => Status::Live,
            Self::Failed => Status::Failed,
            Self::Stopped | Self::Deleting | Self::Deleted => Status::Stopped,
            Self::Unknown(word) => Status::Other(word.clone()),
        }
    }

    /// How far a deployment in this state is.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Pending => Phase::Queued,
            Self::Building => Phase::Building,
            Self::Deploying => Phase::Deploying,
            Self::ActionRequired => Phase::ActionRequired(Text::clean(AWAITS_DOMAIN)),
            Self::Running => Phase::Succeeded,
            Self::Failed => Phase::Failed,
            Self::Stopped => Phase::Cancelled,
            Self::Deleting | Self::Deleted => Phase::Ended,
            Self::Unknown(word) => Phase::Other(word.clone()),
        }
    }

    /// What it means, in a word or two.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Building => "building",
            Self::Deploying => "deploying",
            Self::ActionRequired => "action required",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
            Self::Unknown(word) => word.as_str(),
        }
    }
}

/// What is awaited of the user, in a few words.
pub(super) const AWAITS_DOMAIN: &str = "awaits its domain: create the DNS records, then verify it";

fn normal(word: &str) -> String {
    let joined = word.trim().to_uppercase();
    joined.replace(|it: char| it == '-' || it.is_whitespace(), "_")
}

fn awaits(normal: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| normal.contains(word));
    ACTION.contains(&normal) || (has(SUBJECTS) && has(AWAITED))
}

#[cfg(test)]
mod tests;
