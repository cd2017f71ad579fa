//! A deployment while it is followed: its phase, its steps, and why it failed.
//!
//! Source: DigitalOcean contract, section 5.3.

use jiff::Timestamp;
use serde::Deserialize;

use crate::model::{Phase, Progress, Step, StepState, Text};

/// Before this a time says "never".
const NEVER: i64 = 0;

/// Deeper than any tree of steps.
const DEEPEST: usize = 16;

/// What one could do about a failure, by its code without the prefix that some have.
const HINTS: [(&str, &str); 9] = [
    ("BuildJobExitNonZero", "read the build log"),
    (
        "BuildJobTimeout",
        "a build may take an hour: make it shorter",
    ),
    ("BuildJobOutOfMemory", "the build needs less memory"),
    ("ContainerCommandNotExecutable", "check the run command"),
    (
        "ContainerExitNonZero",
        "read the deploy log: it ended at once",
    ),
    (
        "ContainerHealthChecksFailed",
        "check that it listens on the port the health check asks",
    ),
    ("ContainerOutOfMemory", "choose a larger size"),
    (
        "ResourceExhausted",
        "choose a larger size or fewer instances",
    ),
    (
        "DatabaseNotAvailable",
        "wait for the database, then deploy again",
    ),
];

#[derive(Deserialize)]
pub(super) struct Record {
    phase: Option<String>,
    progress: Option<Tree>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tree {
    #[serde(rename = "success_steps")]
    done: Option<u32>,
    #[serde(rename = "total_steps")]
    all: Option<u32>,
    steps: Option<Vec<Part>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    name: Option<String>,
    status: Option<String>,
    component_name: Option<String>,
    message_base: Option<String>,
    reason: Option<Reason>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    steps: Option<Vec<Part>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason {
    code: Option<String>,
    message: Option<String>,
}

impl Record {
    pub(super) fn phase(&self) -> Phase {
        match self.phase.as_deref().unwrap_or_default() {
            "PENDING_BUILD" | "PENDING_DEPLOY" | "UNKNOWN" | "" => Phase::Queued,
            "BUILDING" => Phase::Building,
            "DEPLOYING" => Phase::Deploying,
            "ACTIVE" => Phase::Succeeded,
            "SUPERSEDED" => Phase::Replaced,
            "ERROR" => Phase::Failed,
            "CANCELED" => Phase::Cancelled,
            word => Phase::Other(Text::clean(word)),
        }
    }

    /// The first step that failed, with what can be done about it.
    pub(super) fn failure(&self) -> Option<Text> {
        let progress = self.progress.as_ref()?;
        let failed = failed(progress.steps.as_deref()?, DEEPEST)?;
        let reason = failed.reason.as_ref()?;
        let code = reason.code.as_deref().unwrap_or_default();
        let message = reason.message.as_deref().filter(|it| !it.is_empty());
        let text = format!("{}: {}", failed.label(), message.unwrap_or(code));
        Text::non_empty(&match hint(code) {
            Some(hint) => format!("{text} ({hint})"),
            None => text,
        })
    }

    pub(super) fn progress(&self) -> Progress {
        let Some(progress) = &self.progress else {
            return Progress::default();
        };
        let steps = progress.done.unwrap_or_default();
        let parts = progress.steps.as_deref().unwrap_or_default();
        Progress {
            percent: None,
            steps: progress.all.map(|all| (steps, all)),
            label: running(parts, DEEPEST).map(|part| Text::clean(&part.label())),
            tree: parts.iter().map(|part| part.step(DEEPEST)).collect(),
        }
    }
}

impl Part {
    fn label(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        match (&self.message_base, &self.component_name) {
            (Some(base), Some(component)) => format!("{base} {component}"),
            (Some(base), None) => base.clone(),
            (None, _) => name.to_owned(),
        }
    }

    fn state(&self) -> StepState {
        match self.status.as_deref() {
            Some("RUNNING") => StepState::Running,
            Some("SUCCESS") => StepState::Done,
            Some("ERROR") => StepState::Failed,
            Some(_) | None => StepState::Pending,
        }
    }

    fn parts(&self) -> &[Self] {
        self.steps.as_deref().unwrap_or_default()
    }

    fn step(&self, deeper: usize) -> Step {
        let parts = if deeper == 0 { &[] } else { self.parts() };
        let reason = self.reason.as_ref();
        let reason = reason.and_then(|it| it.message.as_deref().or(it.code.as_deref()));
        Step {
            label: Text::clean(&self.label()),
            state: self.state(),
            reason: reason.and_then(Text::non_empty),
            started_at: self.started_at.filter(|at| at.as_second() > NEVER),
            ended_at: self.ended_at.filter(|at| at.as_second() > NEVER),
            steps: parts.iter().map(|part| part.step(deeper - 1)).collect(),
        }
    }
}

/// The reason is at the leaf.
fn failed(parts: &[Part], deeper: usize) -> Option<&Part> {
    let deeper = deeper.checked_sub(1)?;
    parts.iter().find_map(|part| {
        let is_failed = part.state() == StepState::Failed && part.reason.is_some();
        failed(part.parts(), deeper).or_else(|| is_failed.then_some(part))
    })
}

fn running(parts: &[Part], deeper: usize) -> Option<&Part> {
    let deeper = deeper.checked_sub(1)?;
    parts.iter().find_map(|part| {
        let is_running = part.state() == StepState::Running;
        running(part.parts(), deeper).or_else(|| is_running.then_some(part))
    })
}

fn hint(code: &str) -> Option<&'static str> {
    let code = code.strip_prefix("Deploy").unwrap_or(code);
    let found = HINTS.iter().find(|(known, _)| *known == code);
    found.map(|(_, hint)| *hint)
}
