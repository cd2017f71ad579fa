//! What became of an operation whose answer was lost: found out by comparing what existed before
//! it was sent with what exists now, never by clocks.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::api::{Api, Filter};
use super::paths::Op;
use crate::model::{
    BackupId, DeploymentId, EnvId, Failure, Follow, Operation, OperationKind, PageRequest,
    RestoreId, Witness,
};
use crate::platforms::Found;

/// Identifiers hold no blanks.
const SEPARATOR: &str = " ";

/// Where the traces of an operation are, and what one leads to.
struct Trace<'a> {
    op: Op,
    filters: Vec<Filter<'a>>,
    /// Whether the list is newest first, so that its first page is enough.
    newest_first: bool,
    follow: Option<fn(&str) -> Follow>,
}

/// What exists before the operation is sent.
pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let Some(trace) = trace(operation) else {
        return Ok(Witness(None));
    };
    let ids = existing(api, &trace).await?;
    Ok(Witness(Some(ids.join(SEPARATOR))))
}

pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    if let OperationKind::DeleteApp { .. } = operation.kind {
        return archived(api, operation).await;
    }
    let (Some(trace), Witness(Some(before))) = (trace(operation), before) else {
        return Ok(Found::CannotTell);
    };
    let before: BTreeSet<&str> = before.split(SEPARATOR).collect();
    let now = existing(api, &trace).await?;
    let Some(new) = now.iter().find(|id| !before.contains(id.as_str())) else {
        return Ok(Found::DidNotHappen);
    };
    Ok(match trace.follow {
        Some(follow) => Found::Happened(follow(new)),
        None => Found::HappenedAndEnded,
    })
}

/// An archived application is gone; one that is still there may be about to go.
async fn archived(api: &Api, operation: &Operation) -> Result<Found, Failure> {
    let Some(app) = &operation.target.app else {
        return Ok(Found::CannotTell);
    };
    match api.get::<Record>(Op::GetApplication, app.as_str()).await {
        Err(Failure::NotFound { .. }) => Ok(Found::HappenedAndEnded),
        Err(failure) => Err(failure),
        Ok(_) => Ok(Found::CannotTell),
    }
}

#[derive(Deserialize)]
struct Record {
    uuid: String,
}

async fn existing(api: &Api, trace: &Trace<'_>) -> Result<Vec<String>, Failure> {
    let records: Vec<Record> = if trace.newest_first {
        let first = PageRequest::first();
        api.page(trace.op, &trace.filters, &first, Some)
            .await?
            .items
    } else {
        api.all(trace.op, &trace.filters).await?
    };
    Ok(records.into_iter().map(|record| record.uuid).collect())
}

/// Absent for what leaves no trace that could be told from somebody else's.
fn trace(operation: &Operation) -> Option<Trace<'_>> {
    let of_environment = || {
        let id = operation.target.environment.as_ref().map(EnvId::as_str);
        id.map(|id| ("environment", id))
    };
    let of_app = || {
        let id = operation.target.app.as_ref()?;
        Some(("application", id.as_str()))
    };
    let trace = |op, filters, follow| Trace {
        op,
        filters,
        newest_first: matches!(op, Op::ListDeployments),
        follow,
    };
    Some(match &operation.kind {
        OperationKind::Deploy { .. } | OperationKind::RollBack { .. } => {
            let follow = |id: &str| Follow::Deployment(DeploymentId::new(id));
            trace(Op::ListDeployments, vec![of_environment()?], Some(follow))
        }
        OperationKind::CreateBackup { .. } => {
            let follow = |id: &str| Follow::Backup(BackupId::new(id));
            trace(Op::ListBackups, vec![of_environment()?], Some(follow))
        }
        OperationKind::RestoreBackup { .. } => {
            let follow = |id: &str| Follow::Restore(RestoreId::new(id));
            trace(
                Op::ListBackupRestores,
                vec![of_environment()?],
                Some(follow),
            )
        }
        // The list of downloads takes no filter: in it somebody else's could be taken for this one.
        OperationKind::SetVariable { id: None, name, .. } => {
            let filters = vec![of_environment()?, ("name", name)];
            trace(Op::ListEnvironmentVariables, filters, None)
        }
        OperationKind::AddDomain { name } => {
            let filters = vec![of_environment()?, ("name", name)];
            trace(Op::ListDomains, filters, None)
        }
        OperationKind::CreateService { .. } => {
            trace(Op::ListServiceInstances, vec![of_environment()?], None)
        }
        OperationKind::CreateJob(_) => trace(Op::ListCronjobs, vec![of_environment()?], None),
        OperationKind::CopyEnvironment { slug } => {
            let filters = vec![of_app()?, ("slug", slug)];
            trace(Op::ListEnvironments, filters, None)
        }
        OperationKind::SetVariable { id: Some(_), .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::CancelDeployment { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Stop { .. }
        | OperationKind::Start { .. }
        | OperationKind::Scale { .. }
        | OperationKind::Autoscale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::UnsetVariable { .. }
        | OperationKind::UpdateDomain { .. }
        | OperationKind::RemoveDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::AttachService { .. }
        | OperationKind::DetachService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::UpdateJob { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::CancelJobRun { .. }
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::CreateApp { .. }
        | OperationKind::UpdateApp { .. }
        | OperationKind::DeleteApp { .. }
        | OperationKind::UpdateEnvironment { .. }
        | OperationKind::RenameOrganisation { .. } => return None,
    })
}
