//! Operations on projects: one attempt each. Source: PandaStack contract, section 7.1.

use serde_json::json;

use super::{map, progress, variables};
use crate::model::{
    Accepted, Failure, Follow, Operation, OperationKind, Safety, Support, VariableChange,
};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Payload;
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::paths::Op;
use crate::platforms::pandastack::support::support;

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
    let before = api.projects.newest(name, progress::WITNESS_HOLDS);
    let before = before.and_then(|newest| newest.0);
    let call = api.call(Op::DeployProject, &[name], Safety::Once).await?;
    let reply = api.send(call.json(&json!({}))).await?;
    api.forget();
    let app = ids::project(name);
    let follow = match Payload::of(&reply)?.record().text(map::UUID) {
        Some(uuid) => {
            api.projects.saw_newest(name, Some(uuid.as_str()));
            Follow::Deployment(ids::deployment(&app, uuid.as_str()))
        }
        None => Follow::Task(progress::new_one(name, before.as_deref())),
    };
    Ok(Accepted::following(follow))
}

async fn delete(api: &Api, name: &str, typed_name: &str) -> Result<Accepted, Failure> {
    if typed_name != name {
        return Err(Failure::invalid("name", "is not the name of the project"));
    }
    let call = api
        .call(Op::DeleteProject, &[name], Safety::Repeatable)
        .await?;
    let answered = match api.send(call).await {
        Ok(reply) => Payload::of(&reply).map(|_| ()),
        Err(failure) => Err(failure),
    };
    api.forget();
    match answered {
        Ok(()) => Ok(Accepted::following(Follow::Task(progress::gone(name)))),
        Err(Failure::NotFound { .. }) => Ok(Accepted::noted("it was gone already")),
        Err(failure) => Err(failure),
    }
}
