//! What became of an operation whose answer was lost: found out by comparing what existed before
//! it was sent with what exists now, never by clocks.
//!
//! What begins a deployment is found among those that are new (`begun`), a change to the spec by
//! how the spec looks (`edited`), the rest by what they make or end (`ended`).

mod aim;
mod begun;
mod edited;
mod ended;

use serde::{Deserialize, Serialize};

use self::aim::{Aim, aim};
use super::api::Api;
use super::operate::fresh::{self, Fresh};
use super::spec;
use crate::model::{Failure, Operation, Witness};
use crate::platforms::{Found, witness};

/// What was there before.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Before {
    /// The newest deployments of the app.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployments: Vec<String>,
    /// When the app was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
    /// What had the name of what is made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named: Vec<String>,
}

/// What exists before the operation is sent.
pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let mut before = Before::default();
    let is_edit = spec::edits(operation).is_some();
    match aim(&operation.kind) {
        Aim::App(name) => before.named = ended::apps_named(api, name).await?,
        Aim::Cluster(backup, into) => {
            let name = ended::copy_of(api, backup, into).await?;
            before.named = ended::clusters_named(api, &name).await?;
        }
        Aim::Nothing if !is_edit => return Ok(Witness(None)),
        Aim::Nothing | Aim::Begun(_) | Aim::Kept => {
            let app = fresh::app(operation)?;
            let newest = fresh::newest(api, app).await?;
            before.deployments = newest.into_iter().map(|it| it.id).collect();
            if is_edit {
                before.updated_at = Fresh::read(api, app).await?.updated_at;
            }
        }
        // How it looks afterwards says enough.
        Aim::Gone | Aim::Deployment(_) | Aim::Event(_) | Aim::Run(..) => return Ok(Witness(None)),
    }
    Ok(witness::written(&before))
}

/// What has become of it.
pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    let before: Option<Before> = witness::read(before);
    let before = before.as_ref();
    if let Some(edits) = spec::edits(operation) {
        return edited::look_for(api, operation, &edits?, before).await;
    }
    match aim(&operation.kind) {
        Aim::Begun(step) => begun::look_for(api, operation, &step, before).await,
        Aim::Kept => begun::kept(api, operation, before).await,
        Aim::Gone => ended::deleted(api, operation).await,
        Aim::App(name) => ended::made_app(api, name, before).await,
        Aim::Cluster(backup, into) => ended::made_cluster(api, backup, into, before).await,
        Aim::Deployment(id) => ended::cancelled(api, id).await,
        Aim::Event(id) => ended::cancelled_event(api, id).await,
        Aim::Run(job, run) => ended::cancelled_run(api, job, run).await,
        Aim::Nothing => Ok(Found::CannotTell),
    }
}
