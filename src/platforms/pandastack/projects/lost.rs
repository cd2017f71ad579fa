//! What became of an operation on a project whose answer was lost, by reading.

use serde::{Deserialize, Serialize};

use super::{history, list, variables};
use crate::model::{Failure, Follow, Operation, OperationKind, VariableChange, Witness};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::lost::gone;
use crate::platforms::pandastack::progress::Task;
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
    let newest = history::history(api, name).await?.newest();
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
    let all = history::history(api, name).await?.items;
    let ours = history::first_after(&all, newest.as_deref());
    Ok(ours.map_or(Found::DidNotHappen, |ours| {
        Found::Happened(Follow::Deployment(ours.id.clone()))
    }))
}

async fn deleted(api: &Api, name: &str) -> Result<Found, Failure> {
    let state = match list::project(api, name).await {
        Err(Failure::NotFound { .. }) => Some(State::Deleted),
        found => found?.state,
    };
    Ok(gone(state.as_ref(), &Task::project_deletion(name)))
}

async fn changed(api: &Api, name: &str, changes: &[VariableChange]) -> Result<Found, Failure> {
    let env = variables::read(api, name).await?;
    Ok(if changes.iter().all(|change| env.has(change)) {
        Found::HappenedAndEnded
    } else {
        Found::DidNotHappen
    })
}
