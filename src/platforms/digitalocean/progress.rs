//! Seeing accepted operations through to their end.
//!
//! Source: DigitalOcean contract, sections 5.3 and 5.7.

use std::time::Duration;

use serde::Deserialize;

use super::api::Api;
use super::paths::Op;
use super::{ids, map, wire};
use crate::model::{
    Capability, Deployment, DeploymentId, Failure, Follow, Followed, Phase, Progress, Text, Verdict,
};

/// How often a deployment is looked at.
///
/// Source: `DigitalOcean` contract, section 3.
const DEPLOYMENT_EVERY: Duration = Duration::from_secs(5);

/// How often a cluster is looked at that is being made: it takes minutes.
const CLUSTER_EVERY: Duration = Duration::from_secs(15);

/// Tasks in the adapter's own notation: what is waited for, and of what.
const CANCELLING: &str = "cancelling ";
const CREATING: &str = "creating ";

/// A deployment that was asked to end.
pub(super) fn cancelling(id: &DeploymentId) -> Text {
    Text::clean(&format!("{CANCELLING}{}", id.as_str()))
}

/// A cluster that is being made.
pub(super) fn creating(cluster: &str) -> Text {
    Text::clean(&format!("{CREATING}{cluster}"))
}

pub(super) async fn follow(api: &Api, what: &Follow) -> Result<Followed, Failure> {
    match what {
        Follow::Deployment(id) => {
            let deployment = deployment(api, id).await?;
            let verdict = ended(&deployment);
            Ok(looked(&deployment, verdict))
        }
        Follow::Task(task) => followed_task(api, task.as_str()).await,
        Follow::Backup(_) => Err(unknown(Capability::CreateBackup)),
        Follow::Restore(_) => Err(unknown(Capability::RestoreBackup)),
        Follow::Download(_) => Err(unknown(Capability::DownloadBackup)),
    }
}

async fn followed_task(api: &Api, task: &str) -> Result<Followed, Failure> {
    if let Some(id) = task.strip_prefix(CANCELLING) {
        let deployment = deployment(api, &DeploymentId::new(id)).await?;
        let verdict = cancelled(&deployment);
        return Ok(looked(&deployment, verdict));
    }
    match task.strip_prefix(CREATING) {
        Some(cluster) => created(api, cluster).await,
        None => Err(unknown(Capability::CancelDeployment)),
    }
}

async fn deployment(api: &Api, id: &DeploymentId) -> Result<Deployment, Failure> {
    let (app, deployment) = ids::of_deployment(id)?;
    let record: wire::Deployment = api.get(Op::GetDeployment, &[app, deployment]).await?;
    Ok(map::deployment(app, &record))
}

/// Its phase decides, never its counters: steps may stay pending in a good deployment.
fn ended(deployment: &Deployment) -> Option<Verdict> {
    match &deployment.phase {
        Phase::Succeeded | Phase::Ended => Some(Verdict::Done(None)),
        // It was followed until then, so it was overtaken: what was wanted is in the newer one.
        Phase::Replaced => Some(Verdict::Done(Some("a newer deployment replaced it".into()))),
        Phase::Cancelled => Some(Verdict::Failed("cancelled".into())),
        Phase::Failed => Some(Verdict::Failed(why(deployment))),
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Other(_) => None,
    }
}

fn cancelled(deployment: &Deployment) -> Option<Verdict> {
    match &deployment.phase {
        Phase::Cancelled => Some(Verdict::Done(None)),
        // Whichever of the two words the platform ends it with.
        Phase::Replaced => Some(Verdict::Done(Some("a newer deployment replaced it".into()))),
        Phase::Succeeded | Phase::Ended => {
            let text = "too late: it went live before it could be cancelled";
            Some(Verdict::Failed(text.into()))
        }
        Phase::Failed => {
            let text = format!("it failed by itself: {}", why(deployment));
            Some(Verdict::Done(Some(text.into())))
        }
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Other(_) => None,
    }
}

fn why(deployment: &Deployment) -> Text {
    let reason = deployment.reason.clone();
    let reason = reason.unwrap_or_else(|| "the deployment failed".into());
    match &deployment.hint {
        Some(hint) => Text::clean(&format!("{reason} ({hint})")),
        None => reason,
    }
}

fn looked(deployment: &Deployment, verdict: Option<Verdict>) -> Followed {
    Followed {
        progress: deployment.progress.clone(),
        verdict,
        again_in: DEPLOYMENT_EVERY,
    }
}

/// A cluster, without its passwords.
#[derive(Deserialize)]
struct Cluster {
    name: Option<String>,
    status: Option<String>,
}

async fn created(api: &Api, id: &str) -> Result<Followed, Failure> {
    let cluster: Cluster = api.get(Op::GetDatabase, &[id]).await?;
    let status = cluster.status.unwrap_or_default();
    let name = cluster.name.unwrap_or_default();
    let verdict = (status == "online").then(|| {
        let text = format!("the new cluster {name} is online");
        Verdict::Done(Some(text.into()))
    });
    Ok(Followed {
        progress: Progress {
            label: Text::non_empty(&status).filter(|_| verdict.is_none()),
            ..Progress::default()
        },
        verdict,
        again_in: CLUSTER_EVERY,
    })
}

fn unknown(capability: Capability) -> Failure {
    Failure::unsupported(
        capability,
        "DigitalOcean has nothing of that kind to follow",
    )
}
