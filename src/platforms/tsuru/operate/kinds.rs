//! Which kinds of events an operation on an app makes: by them it is found again, and blocked.
//!
//! Source: tsuru contract, section 5 (events).

use crate::model::{OperationKind, Special, VariableChange};
use crate::platforms::tsuru::special::Own;
use crate::platforms::tsuru::wire::{DEPLOY, ENV_SET, ENV_UNSET};

/// Kinds of events, each the name of what is done.
pub(in super::super) type Kinds = &'static [&'static str];

/// The kinds of an operation; none where it makes no event on an app.
pub(in super::super) fn kinds(kind: &OperationKind) -> Kinds {
    match kind {
        OperationKind::Deploy { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RollBack { .. } => &[DEPLOY],
        OperationKind::Restart { .. } => &["app.update.restart"],
        OperationKind::Stop { .. } => &["app.update.stop"],
        OperationKind::Start { .. } => &["app.update.start"],
        OperationKind::Scale { .. } => &["app.update.unit.add", "app.update.unit.remove"],
        OperationKind::Autoscale {
            limits: Some(_), ..
        } => &["app.update.unit.autoscale.add"],
        OperationKind::Autoscale { limits: None, .. } => &["app.update.unit.autoscale.remove"],
        OperationKind::KillUnit { .. } => &["app.update.unit.kill"],
        OperationKind::RunCommand { .. } => &["app.run"],
        OperationKind::SetVariable { .. } => &[ENV_SET],
        OperationKind::UnsetVariable { .. } => &[ENV_UNSET],
        OperationKind::ChangeVariables(changes) => of_changes(changes),
        OperationKind::AddDomain { .. } => &["app.update.cname.add"],
        OperationKind::RemoveDomain { .. } => &["app.update.cname.remove"],
        OperationKind::AttachService { .. } => &["app.update.bind"],
        OperationKind::DetachService { .. } => &["app.update.unbind"],
        OperationKind::CreateApp { .. } => &["app.create"],
        OperationKind::DeleteApp { .. } => &["app.delete"],
        OperationKind::Special { what, .. } => of_own(what),
        OperationKind::CancelDeployment { .. }
        | OperationKind::CancelEvent { .. }
        | OperationKind::CreateService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::Console { .. }
        | OperationKind::CreateBackup { .. }
        | OperationKind::RestoreBackup { .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::UpdateDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::CreateJob(_)
        | OperationKind::UpdateJob { .. }
        | OperationKind::CancelJobRun { .. }
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::UpdateApp { .. }
        | OperationKind::CopyEnvironment { .. }
        | OperationKind::UpdateEnvironment { .. }
        | OperationKind::RenameOrganisation { .. } => &[],
    }
}

fn of_changes(changes: &[VariableChange]) -> Kinds {
    let unset = changes.iter().filter(|it| it.takes_away()).count();
    if unset == 0 {
        &[ENV_SET]
    } else if unset == changes.len() {
        &[ENV_UNSET]
    } else {
        &[ENV_SET, ENV_UNSET]
    }
}

fn of_own(what: &Special) -> Kinds {
    match Own::of(what) {
        Some(Own::ReleaseVersion) => &[DEPLOY],
        // Deleting a version is an update, too.
        Some(Own::ConfigureApp | Own::DeleteVersion) => &["app.update"],
        Some(Own::SetRoutable) => &["app.update.routable"],
        Some(Own::SetQuota) => &["app.admin.quota"],
        Some(Own::RebuildRoutes) => &["app.admin.routes"],
        Some(Own::GrantTeam) => &["app.update.grant"],
        Some(Own::RevokeTeam) => &["app.update.revoke"],
        Some(Own::ForbidRollback | Own::AllowRollback) => &["app.update.deploy.rollback"],
        Some(Own::SetCertificate) => &["app.update.certificate.set"],
        Some(Own::RemoveCertificate) => &["app.update.certificate.unset"],
        Some(Own::BlockEvents | Own::SetIssuer | Own::TriggerJob | Own::LogIn) | None => &[],
    }
}
