//! What became of an operation on a project whose answer was lost, by reading.

use serde::{Deserialize, Serialize};

use super::history::{self, uuid};
use super::{list, progress, variables};
use crate::model::{
    Deployment, Failure, Follow, Operation, OperationKind, VariableChange, Witness,
};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::words::State;
use crate::platforms::{Found, witness as notes};

/// What is noted before a deployment is asked for.
#[derive(Debug, Deserialize, Serialize)]
struct Before {
    /// The newest deployment, where there was any.
    newest: Option<String>,
}

/// What is newest now.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn witness(
    api: &Api,
    name: &str,
    operation: &Operation,
) -> Result<Witness, Failure> {
    if !matches!(operation.kind, OperationKind::Deploy { .. }) {
        return Ok(Witness(None));
    }
    let all = history::all(api, name).await?;
    let newest = all.first().and_then(uuid);
    Ok(notes::written(&Before { newest }))
}

/// Finds out by reading what became of an operation.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn look_for(
    api: &Api,
    name: &str,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    let changes = VariableChange::all_of(&operation.kind);
    if !changes.is_empty() {
        return changed(api, name, &changes).await;
    }
    if let OperationKind::Deploy { .. } = &operation.kind {
        return deployed(api, name, before).await;
    }
    if let OperationKind::DeleteApp { .. } = &operation.kind {
        return deleted(api, name).await;
    }
    Ok(Found::CannotTell)
}

async fn deployed(api: &Api, name: &str, before: &Witness) -> Result<Found, Failure> {
    let Some(Before { newest }) = notes::read(before) else {
        return Ok(Found::CannotTell);
    };
    let all = history::all(api, name).await?;
    let is_new = |it: &&Deployment| uuid(it) != newest;
    let ours = all.iter().take_while(is_new).last();
    Ok(ours.map_or(Found::DidNotHappen, |ours| {
        Found::Happened(Follow::Deployment(ours.id.clone()))
    }))
}

async fn deleted(api: &Api, name: &str) -> Result<Found, Failure> {
    let state = match list::project(api, name).await {
        Err(Failure::NotFound { .. }) => return Ok(Found::HappenedAndEnded),
        found => found?.state,
    };
    Ok(match state {
        Some(State::Deleted) => Found::HappenedAndEnded,
        Some(State::Deleting) => Found::Happened(Follow::Task(progress::gone(name))),
        // To go takes its time.
        Some(
            State::Pending
            | State::Building
            | State::Deploying
            | State::ActionRequired
            | State::Running
            | State::Failed
            | State::Stopped
            | State::Unknown(_),
        )
        | None => Found::NotYet,
    })
}

async fn changed(api: &Api, name: &str, changes: &[VariableChange]) -> Result<Found, Failure> {
    let env = variables::read(api, name).await?;
    Ok(if changes.iter().all(|change| env.has(change)) {
        Found::HappenedAndEnded
    } else {
        Found::DidNotHappen
    })
}
