//! Where one looks for what an operation did.

use super::begun::Step;
use crate::model::{ActivityId, BackupId, DeploymentId, JobId, OperationKind};
use crate::platforms::digitalocean::ids;

/// What is looked at. Changes to the spec are not here: they are told by the spec.
pub(super) enum Aim<'a> {
    /// A new deployment.
    Begun(Step<'a>),
    /// Nothing is pinned any more.
    Kept,
    /// The app is gone.
    Gone,
    /// A new app of that name.
    App(&'a str),
    /// A new cluster.
    Cluster(&'a BackupId, Option<&'a str>),
    /// It ended before its end.
    Deployment(&'a DeploymentId),
    Event(&'a ActivityId),
    Run(&'a JobId, &'a str),
    /// It is not offered, or leaves nothing to look at.
    Nothing,
}

/// What to look at.
pub(super) fn aim(kind: &OperationKind) -> Aim<'_> {
    match kind {
        OperationKind::Deploy { .. } => Aim::Begun(Step::of("CREATE_DEPLOYMENT")),
        OperationKind::Restart { .. } => Aim::Begun(Step::of("RESTART")),
        OperationKind::RevertRollback => Aim::Begun(Step::REVERT),
        OperationKind::RollBack { to, .. } => Aim::Begun(Step {
            cloned_from: ids::of_deployment(to).ok().map(|(_, id)| id),
            ..Step::of("ROLLBACK_APP")
        }),
        OperationKind::CommitRollback => Aim::Kept,
        OperationKind::DeleteApp { .. } => Aim::Gone,
        OperationKind::CreateApp { name, .. } => Aim::App(name),
        OperationKind::RestoreBackup { backup, into, .. } => Aim::Cluster(backup, into.as_deref()),
        OperationKind::CancelDeployment { deployment, .. } => Aim::Deployment(deployment),
        OperationKind::CancelEvent { event, .. } => Aim::Event(event),
        OperationKind::CancelJobRun { id, run } => Aim::Run(id, run),
        OperationKind::DeployImage { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::Stop { .. }
        | OperationKind::Start { .. }
        | OperationKind::Scale { .. }
        | OperationKind::Autoscale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::Console { .. }
        | OperationKind::CreateBackup { .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::SetVariable { .. }
        | OperationKind::UnsetVariable { .. }
        | OperationKind::ChangeVariables(_)
        | OperationKind::AddDomain { .. }
        | OperationKind::UpdateDomain { .. }
        | OperationKind::RemoveDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::CreateService { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::AttachService { .. }
        | OperationKind::DetachService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::CreateJob(_)
        | OperationKind::UpdateJob { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::UpdateApp { .. }
        | OperationKind::CopyEnvironment { .. }
        | OperationKind::UpdateEnvironment { .. }
        | OperationKind::RenameOrganisation { .. }
        | OperationKind::Special { .. } => Aim::Nothing,
    }
}
