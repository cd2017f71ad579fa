//! What became of an operation whose answer was lost, by reading: how things are now, compared with
//! how they were.
//!
//! Source: Pangea contract, sections 6 and 7.

use serde::{Deserialize, Serialize};

use super::api::Api;
use super::operate;
use crate::model::{Failure, Operation, OperationKind, Witness};
use crate::platforms::{Found, witness as notation};

/// What was there before.
#[derive(Deserialize, Serialize)]
struct Before {
    /// The projects that had the name already.
    named: Vec<String>,
}

pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let OperationKind::CreateApp { name, .. } = &operation.kind else {
        // How it looks afterwards says enough.
        return Ok(Witness(None));
    };
    let named = named(api, name).await?;
    Ok(notation::written(&Before { named }))
}

pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    if let OperationKind::CreateApp { name, .. } = &operation.kind {
        return created(api, name, notation::read(before)).await;
    }
    if let OperationKind::UpdateApp { name } = &operation.kind {
        let record = Box::pin(api.project(operate::project(operation)?)).await?;
        return Ok(renamed(record.name.as_deref(), name));
    }
    if let OperationKind::RenameOrganisation { id, name } = &operation.kind {
        let record = Box::pin(api.organisation_of(id.as_str())).await?;
        return Ok(renamed(record.name.as_deref(), name));
    }
    if let OperationKind::DeleteApp { .. } = &operation.kind {
        return deleted(api, operate::project(operation)?).await;
    }
    Ok(Found::CannotTell)
}

async fn created(api: &Api, name: &str, before: Option<Before>) -> Result<Found, Failure> {
    let Some(before) = before else {
        return Ok(Found::CannotTell);
    };
    let mut now = named(api, name).await?;
    now.retain(|id| !before.named.contains(id));
    Ok(match now.len() {
        // Any answer of this platform may come later, the lost one too: it may be at work still.
        0 => Found::NotYet,
        1 => Found::HappenedAndEnded,
        // Somebody else made one of them.
        _ => Found::CannotTell,
    })
}

fn renamed(name: Option<&str>, wanted: &str) -> Found {
    if name.map(str::trim) == Some(wanted.trim()) {
        return Found::HappenedAndEnded;
    }
    Found::NotYet
}

/// Whether a project goes at once is not published: one that is still there may be about to.
async fn deleted(api: &Api, id: &str) -> Result<Found, Failure> {
    match Box::pin(api.project(id)).await {
        Ok(_) => Ok(Found::NotYet),
        Err(Failure::NotFound { .. }) => Ok(Found::HappenedAndEnded),
        Err(failure) => Err(failure),
    }
}

/// The projects of that name. Without a filter: what its words match is not published, and the
/// settings may leave out what is looked for.
async fn named(api: &Api, name: &str) -> Result<Vec<String>, Failure> {
    let pages = Box::pin(api.every_project()).await?;
    let all = pages.iter().flat_map(|page| page.iter());
    let of_name = all.filter(|it| it.name.as_deref().map(str::trim) == Some(name.trim()));
    Ok(of_name.map(|project| project.id.clone()).collect())
}
