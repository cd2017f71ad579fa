//! Logs that end: whose they are, in which stages they come, and when a stage is over.
//!
//! Source: DigitalOcean contract, sections 5.3 (phases) and 6.1.

use serde::Deserialize;

use super::links::{Ask, Links, links};
use super::place::Reach;
use crate::model::Failure;
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::paths::Op;

/// Whose log it is; every identifier as the platform has it.
#[derive(Debug)]
pub(super) enum Subject {
    /// What building and rolling out printed, of one component or all.
    Deployment {
        app: String,
        deployment: String,
        component: Option<String>,
    },
    /// What instances printed before they crashed.
    Previous {
        app: String,
        component: Option<String>,
        lines: u32,
    },
    /// What one run of a job printed.
    JobRun {
        app: String,
        job: String,
        run: String,
    },
    /// What the platform noted about an event.
    Event { app: String, event: String },
}

/// A part of a log that is asked for by itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stage {
    /// The platform's word for it.
    pub(super) kind: &'static str,
    /// What stands above its lines.
    pub(super) title: Option<&'static str>,
}

const BUILD: Stage = Stage::new("BUILD", None);
const DEPLOY: Stage = Stage::new("DEPLOY", Some("deploy log"));
const PREVIOUS: Stage = Stage::new("RUN_RESTARTED", None);
const JOB: Stage = Stage::new("JOB_INVOCATION", None);
const EVENT: Stage = Stage::new("AUTOSCALE_EVENT", None);

impl Stage {
    const fn new(kind: &'static str, title: Option<&'static str>) -> Self {
        Self { kind, title }
    }
}

/// How a stage is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Something else comes before it.
    Later,
    /// It is being written, or may be any moment.
    Now,
    /// Nothing will be added to it.
    Over,
}

/// Phases after which nothing changes, of deployments, of runs and of events.
const ENDS: [&str; 7] = [
    "ACTIVE",
    "SUPERSEDED",
    "ERROR",
    "CANCELED",
    "SUCCEEDED",
    "FAILED",
    "SKIPPED",
];

#[derive(Deserialize)]
struct Record {
    phase: Option<String>,
    autoscaling: Option<Box<Record>>,
}

impl Subject {
    /// Its stages, in order.
    pub(super) fn stages(&self) -> &'static [Stage] {
        match self {
            Self::Deployment { .. } => &[BUILD, DEPLOY],
            Self::Previous { .. } => &[PREVIOUS],
            Self::JobRun { .. } => &[JOB],
            Self::Event { .. } => &[EVENT],
        }
    }

    /// How a stage is doing. Asked before the links: what is read after its end is complete.
    pub(super) async fn standing(&self, api: &Api, stage: &Stage) -> Result<Standing, Failure> {
        let (op, ids, query) = match self {
            Self::Deployment {
                app, deployment, ..
            } => (Op::GetDeployment, [app, deployment], None),
            Self::Previous { .. } => return Ok(Standing::Over),
            Self::JobRun { app, job, run } => (
                Op::GetJobInvocation,
                [app, run],
                Some(("job_name", job.as_str())),
            ),
            Self::Event { app, event } => (Op::GetEvent, [app, event], None),
        };
        let record: Record = api
            .get_with(op, &ids.map(String::as_str), query.as_slice())
            .await?;
        let inner = record.autoscaling.and_then(|inner| inner.phase);
        let phase = record.phase.or(inner).unwrap_or_default();
        Ok(standing(stage, &phase))
    }

    /// Where a stage is to be read, all of it.
    pub(super) async fn links(&self, api: &Api, stage: &Stage) -> Result<Links, Failure> {
        let (op, ids): (Op, Vec<&str>) = match self {
            Self::Deployment {
                app,
                deployment,
                component: Some(component),
            } => (
                Op::GetDeploymentComponentLogs,
                vec![app, deployment, component],
            ),
            Self::Deployment {
                app, deployment, ..
            } => (Op::GetDeploymentLogs, vec![app, deployment]),
            Self::Previous {
                app,
                component: Some(component),
                ..
            } => (Op::GetActiveComponentLogs, vec![app, component]),
            Self::Previous { app, .. } => (Op::GetActiveLogs, vec![app]),
            Self::JobRun { app, job, run } => (Op::GetJobInvocationLogs, vec![app, job, run]),
            Self::Event { app, event } => (Op::GetEventLogs, vec![app, event]),
        };
        let ask = Ask {
            op,
            ids: &ids,
            kind: stage.kind,
            follows: !matches!(self, Self::Previous { .. }),
            reach: match self {
                Self::Previous { lines, .. } => Reach::Last((*lines).max(1)),
                Self::Deployment { .. } | Self::JobRun { .. } | Self::Event { .. } => Reach::All,
            },
        };
        links(api, ask).await
    }
}

fn standing(stage: &Stage, phase: &str) -> Standing {
    let has_built = matches!(phase, "PENDING_DEPLOY" | "DEPLOYING");
    match stage {
        _ if ENDS.contains(&phase) => Standing::Over,
        stage if *stage == BUILD && has_built => Standing::Over,
        stage if *stage == DEPLOY && phase != "DEPLOYING" => Standing::Later,
        _ => Standing::Now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_the_phase() {
        use Standing::{Later, Now, Over};
        for (phase, build, deploy, job) in [
            ("", Now, Later, Now),
            ("UNKNOWN", Now, Later, Now),
            ("PENDING_BUILD", Now, Later, Now),
            ("BUILDING", Now, Later, Now),
            ("PENDING_DEPLOY", Over, Later, Now),
            ("DEPLOYING", Over, Now, Now),
            ("ACTIVE", Over, Over, Over),
            ("ERROR", Over, Over, Over),
            ("SUPERSEDED", Over, Over, Over),
            ("CANCELED", Over, Over, Over),
            ("RUNNING", Now, Later, Now),
            ("FAILED", Over, Over, Over),
        ] {
            let found = [BUILD, DEPLOY, JOB].map(|stage| standing(&stage, phase));
            assert_eq!(found, [build, deploy, job], "{phase}");
        }
    }
}
