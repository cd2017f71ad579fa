//! Operations that make or end something other than a deployment.

use serde::Deserialize;

use super::Before;
use crate::model::{ActivityId, BackupId, DeploymentId, Failure, Follow, JobId, Operation};
use crate::platforms::Found;
use crate::platforms::digitalocean::api::Api;
use crate::platforms::digitalocean::operate::fresh::{self, Fresh};
use crate::platforms::digitalocean::operate::{restored, run_of};
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::{ids, progress};

/// What is looked at has at least an identifier; what is not told is not known.
#[derive(Deserialize)]
struct Cluster {
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    spec: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    autoscaling: Option<Phased>,
}

#[derive(Deserialize)]
struct Phased {
    phase: Option<String>,
}

/// The apps that have this name: one at most.
pub(super) async fn apps_named(api: &Api, name: &str) -> Result<Vec<String>, Failure> {
    let apps: Vec<Listed> = api.all(Op::ListApps, &[], &[]).await?;
    let is_named = |app: &Listed| app.spec.as_ref().and_then(|it| it.name.as_deref()) == Some(name);
    let found = apps.into_iter().filter(is_named);
    Ok(found.map(|app| app.id).collect())
}

/// The clusters that have this name.
pub(super) async fn clusters_named(api: &Api, name: &str) -> Result<Vec<String>, Failure> {
    let clusters: Vec<Cluster> = api.all(Op::ListDatabases, &[], &[]).await?;
    let named = clusters
        .into_iter()
        .filter(|it| it.name.as_deref() == Some(name));
    Ok(named.map(|it| it.id).collect())
}

/// The name of what a restore makes.
pub(super) async fn copy_of(
    api: &Api,
    backup: &BackupId,
    into: Option<&str>,
) -> Result<String, Failure> {
    Ok(restored(api, backup, into).await?.name)
}

/// An app that is still there may be about to go.
pub(super) async fn deleted(api: &Api, operation: &Operation) -> Result<Found, Failure> {
    match Fresh::read(api, fresh::app(operation)?).await {
        Err(Failure::NotFound { .. }) => Ok(Found::HappenedAndEnded),
        Err(failure) => Err(failure),
        Ok(_) => Ok(Found::NotYet),
    }
}

pub(super) async fn made_app(
    api: &Api,
    name: &str,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let named = apps_named(api, name).await?;
    let app = match only_new(&named, before) {
        Ok(app) => app,
        Err(found) => return Ok(found),
    };
    let made = Fresh::read(api, app).await?;
    let begun = made.begun(None).map(Follow::Deployment);
    Ok(begun.map_or(Found::HappenedAndEnded, Found::Happened))
}

pub(super) async fn made_cluster(
    api: &Api,
    backup: &BackupId,
    into: Option<&str>,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let name = copy_of(api, backup, into).await?;
    let named = clusters_named(api, &name).await?;
    Ok(match only_new(&named, before) {
        Ok(id) => Found::Happened(Follow::Task(progress::creating(id))),
        Err(found) => found,
    })
}

/// The one thing of that name that was not there before.
fn only_new<'a>(named: &'a [String], before: Option<&Before>) -> Result<&'a str, Found> {
    let Some(before) = before else {
        return Err(Found::CannotTell);
    };
    let new: Vec<&String> = named
        .iter()
        .filter(|id| !before.named.contains(id))
        .collect();
    match new.as_slice() {
        [only] => Ok(only),
        [] => Err(Found::DidNotHappen),
        _ => Err(Found::CannotTell),
    }
}

pub(super) async fn cancelled(api: &Api, id: &DeploymentId) -> Result<Found, Failure> {
    let (app, deployment) = ids::of_deployment(id)?;
    let record: Phased = api.get(Op::GetDeployment, &[app, deployment]).await?;
    Ok(after_cancel(record.phase.as_deref()))
}

pub(super) async fn cancelled_event(api: &Api, id: &ActivityId) -> Result<Found, Failure> {
    let (app, event) = ids::of_event(id)?;
    let record: Event = api.get(Op::GetEvent, &[app, event]).await?;
    let phase = record.autoscaling.and_then(|it| it.phase);
    Ok(after_cancel(phase.as_deref()))
}

pub(super) async fn cancelled_run(api: &Api, job: &JobId, run: &str) -> Result<Found, Failure> {
    let (app, job) = ids::of_job(job)?;
    let run = run_of(app, run);
    let query = [("job_name", job)];
    let record: Phased = api
        .get_with(Op::GetJobInvocation, &[app, run], &query)
        .await?;
    Ok(after_cancel(record.phase.as_deref()))
}

/// What ended in another way was not cancelled; what has not ended may be about to.
fn after_cancel(phase: Option<&str>) -> Found {
    match phase {
        Some("CANCELED") => Found::HappenedAndEnded,
        Some("ACTIVE" | "SUPERSEDED" | "ERROR" | "SUCCEEDED" | "FAILED" | "SKIPPED") => {
            Found::DidNotHappen
        }
        Some(_) | None => Found::NotYet,
    }
}
