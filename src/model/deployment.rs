//! Deployments: attempts to release.

use std::time::Duration;

use jiff::Timestamp;

use super::{AppId, DeploymentId, Detail, EnvId, Status, Text};

/// Whose deployments. Some platforms deploy an environment, others the whole app.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeploymentScope {
    /// Of an app, all environments.
    App(AppId),
    /// Of one environment.
    Environment(EnvId),
}

/// How far a deployment is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Waits.
    Queued,
    /// Builds.
    Building,
    /// Rolls out.
    Deploying,
    /// Runs, and the platform does not say more.
    Running(Text),
    /// Waits for the user: a domain to verify, a roll-back to confirm.
    ActionRequired(Text),
    /// Succeeded; whether it is still what runs is said by [`Deployment::is_current`].
    Succeeded,
    /// Succeeded once and was replaced.
    Replaced,
    /// Failed.
    Failed,
    /// Cancelled.
    Cancelled,
    /// Ended, and the platform does not say how.
    Ended,
    /// A word of the platform that flightdeck does not know.
    Other(Text),
}

impl Phase {
    /// Whether nothing more will happen. An unknown word is not an end.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Succeeded | Self::Replaced | Self::Failed | Self::Cancelled | Self::Ended
        )
    }

    /// The status an environment has while this is its newest deployment.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Queued => Status::Queued,
            Self::Building => Status::Building,
            Self::Deploying | Self::Running(_) => Status::Deploying,
            Self::ActionRequired(_) => Status::Degraded,
            Self::Succeeded => Status::Live,
            Self::Failed => Status::Failed,
            Self::Replaced | Self::Cancelled => Status::Stopped,
            Self::Ended => Status::Unknown,
            Self::Other(word) => Status::Other(word.clone()),
        }
    }
}

/// State of one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Not begun.
    #[default]
    Pending,
    /// Running.
    Running,
    /// Succeeded.
    Done,
    /// Failed.
    Failed,
}

/// A step of a deployment, with its children.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What it does.
    pub label: Text,
    /// How far it is.
    pub state: StepState,
    /// Why it failed, or a remark.
    pub reason: Option<Text>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Its parts, in order.
    pub steps: Vec<Step>,
}

/// How far something is. Every part is optional; numbers are for the bar, never for the verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// 0 to 100.
    pub percent: Option<u8>,
    /// Steps done and steps in all.
    pub steps: Option<(u32, u32)>,
    /// What happens now, in the platform's words.
    pub label: Option<Text>,
    /// The steps, where the platform names them.
    pub tree: Vec<Step>,
}

/// One attempt to release.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Id.
    pub id: DeploymentId,
    /// The app, where it is known.
    pub app: Option<AppId>,
    /// The environment, where a deployment belongs to one.
    pub environment: Option<EnvId>,
    /// The shortest name of it: a version, a tag, the first digits of a commit or id.
    pub label: Text,
    /// How far it is.
    pub phase: Phase,
    /// Who started it.
    pub by: Option<Text>,
    /// What started it ("push", "manual"), in the platform's words.
    pub cause: Option<Text>,
    /// Commit.
    pub commit: Option<Text>,
    /// First line of the commit's message.
    pub message: Option<Text>,
    /// When it began; absent while it waits.
    pub started_at: Option<Timestamp>,
    /// When it ended; absent while it runs.
    pub ended_at: Option<Timestamp>,
    /// How long it took; absent while it runs.
    pub duration: Option<Duration>,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed.
    pub reason: Option<Text>,
    /// What one could do about it.
    pub hint: Option<Text>,
    /// Whether it is what runs now.
    pub is_current: bool,
    /// Whether the platform can roll back to it; absent where only asking tells.
    pub can_roll_back_to: Option<bool>,
    /// More about it.
    pub details: Vec<Detail>,
}

impl Deployment {
    /// Whether it ended well and nothing forbids to go back to it.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let succeeded = matches!(self.phase, Phase::Succeeded | Phase::Replaced);
        succeeded && self.can_roll_back_to != Some(false)
    }

    /// A deployment of which nothing is known but its phase.
    #[must_use]
    pub fn new(id: DeploymentId, label: Text, phase: Phase) -> Self {
        Self {
            id,
            app: None,
            environment: None,
            label,
            phase,
            by: None,
            cause: None,
            commit: None,
            message: None,
            started_at: None,
            ended_at: None,
            duration: None,
            progress: Progress::default(),
            reason: None,
            hint: None,
            is_current: false,
            can_roll_back_to: None,
            details: Vec::new(),
        }
    }
}
