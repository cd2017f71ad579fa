//! Operations on projects: one attempt each. Source: PandaStack contract, section 7.1.

use std::time::Duration;

use serde_json::json;

use super::{history, map, variables};
use crate::model::{
    Accepted, Failure, Follow, Operation, OperationKind, Safety, Support, VariableChange,
};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::paths::Op;
use crate::platforms::pandastack::progress::Task;
use crate::platforms::pandastack::support::support;

/// The newest deployment, as the witness saw it, is that for so long.
const WITNESS_HOLDS: Duration = Duration::from_secs(30);

/// Carries out an operation on a project.
///
/// # Errors
/// As any write; `Unsupported` for what only managed apps have.
pub(in crate::platforms::pandastack) async fn operate(
    api: &Api,
    name: &str,
    operation: &Operation,
) -> Result<Accepted, Failure> {
    let changes = VariableChange::all_of(&operation.kind);
    if !changes.is_empty() {
        return variables::change(api, name, &changes).await;
    }
    if let OperationKind::DeleteApp { typed_name } = &operation.kind {
        return delete(api, name, typed_name).await;
    }
    if let OperationKind::Deploy { .. } = &operation.kind {
        return deploy(api, name).await;
    }
    let capability = operation.kind.capability();
    let reason = match support(capability) {
        Support::No(reason) | Support::Depends(reason) => reason,
        Support::Yes => "PandaStack's API has this for managed apps only",
    };
    Err(Failure::unsupported(capability, reason))
}

async fn deploy(api: &Api, name: &str) -> Result<Accepted, Failure> {
    // Seen by the witness, which is asked right before; where it cannot be had it is not needed yet.
    let before = history::newest(api, name, WITNESS_HOLDS).await.ok();
    let call = api.call(Op::DeployProject, &[name], Safety::Once).await?;
    let answer = api.answer(call.json(&json!({}))).await?;
    let Some(uuid) = answer.record().text(map::UUID) else {
        let silent = "accepted; PandaStack does not say which deployment it is: see Deployments";
        return Ok(before.map_or_else(
            || Accepted::noted(silent),
            |before| Accepted::following(Task::project_after(name, before).follow()),
        ));
    };
    api.projects.saw_newest(name, Some(uuid.as_str()));
    let id = ids::deployment(&ids::project(name), uuid.as_str());
    Ok(Accepted::following(Follow::Deployment(id)))
}

async fn delete(api: &Api, name: &str, typed_name: &str) -> Result<Accepted, Failure> {
    if typed_name != name {
        return Err(Failure::invalid("name", "is not the name of the project"));
    }
    let call = api
        .call(Op::DeleteProject, &[name], Safety::Repeatable)
        .await?;
    match api.answer(call).await {
        Ok(_) => Ok(Accepted::following(Task::project_deletion(name).follow())),
        Err(Failure::NotFound { .. }) => Ok(Accepted::noted("it was gone already")),
        Err(failure) => Err(failure),
    }
}
