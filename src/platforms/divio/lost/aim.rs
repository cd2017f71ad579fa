//! What an operation that changes something changes: where one looks, and for what.

use crate::model::{
    DomainChange, DomainId, JobId, JobSpec, MaintenanceId, Operation, OperationKind, Secret,
    ServiceId, VariableId,
};

/// What is looked at, and for what.
pub(super) enum Aim<'a> {
    Service(&'a ServiceId, ServiceStep),
    Run(&'a MaintenanceId, RunStep),
    Wish(Wish<'a>),
    /// It leaves nothing to look at.
    Nothing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ServiceStep {
    Provision,
    Attach,
}

#[derive(Clone, Copy)]
pub(super) enum RunStep {
    Begin,
    Skip,
    Cancel,
}

/// A state to reach.
pub(super) enum Wish<'a> {
    Variable(&'a VariableId, &'a str, &'a Secret),
    NoVariable(Option<&'a VariableId>, &'a str),
    Domain(&'a DomainId, DomainChange),
    NoDomain(&'a DomainId),
    NoService(&'a ServiceId),
    Job(&'a JobId, &'a JobSpec),
    NoJob(&'a JobId),
    AppName(&'a str),
    NoApp,
    Branch(&'a str),
}

/// What to look at.
pub(super) fn aim(operation: &Operation) -> Aim<'_> {
    match &operation.kind {
        OperationKind::ProvisionService { id } => Aim::Service(id, ServiceStep::Provision),
        OperationKind::AttachService { id } | OperationKind::DetachService { id } => {
            Aim::Service(id, ServiceStep::Attach)
        }
        OperationKind::RunMaintenance { id } => Aim::Run(id, RunStep::Begin),
        OperationKind::SkipMaintenance { id } => Aim::Run(id, RunStep::Skip),
        OperationKind::CancelMaintenance { id } => Aim::Run(id, RunStep::Cancel),
        OperationKind::SetVariable {
            id: Some(id),
            name,
            value,
            ..
        } => Aim::Wish(Wish::Variable(id, name, value)),
        OperationKind::UnsetVariable { id, name } => Aim::Wish(Wish::NoVariable(id.as_ref(), name)),
        OperationKind::UpdateDomain { id, change } => Aim::Wish(Wish::Domain(id, *change)),
        OperationKind::RemoveDomain { id, .. } => Aim::Wish(Wish::NoDomain(id)),
        OperationKind::RemoveService { id } => Aim::Wish(Wish::NoService(id)),
        OperationKind::UpdateJob { id, spec } => Aim::Wish(Wish::Job(id, spec)),
        OperationKind::RemoveJob { id } => Aim::Wish(Wish::NoJob(id)),
        OperationKind::UpdateApp { name } => Aim::Wish(Wish::AppName(name)),
        OperationKind::DeleteApp { .. } => Aim::Wish(Wish::NoApp),
        OperationKind::UpdateEnvironment { branch } => Aim::Wish(Wish::Branch(branch)),
        // Nothing that can be read says that what ran was stopped; the others make something, or
        // are not offered.
        OperationKind::Stop { .. }
        | OperationKind::SetVariable { id: None, .. }
        | OperationKind::Deploy { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RetryDeployment { .. }
        | OperationKind::RollBack { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::CancelDeployment { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Start { .. }
        | OperationKind::Scale { .. }
        | OperationKind::Autoscale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::Console { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::CreateBackup { .. }
        | OperationKind::RestoreBackup { .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::AddDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::CreateService { .. }
        | OperationKind::CreateJob(_)
        | OperationKind::CancelJobRun { .. }
        | OperationKind::CancelEvent { .. }
        | OperationKind::ChangeVariables(_)
        | OperationKind::CreateApp { .. }
        | OperationKind::CopyEnvironment { .. }
        | OperationKind::RenameOrganisation { .. }
        | OperationKind::Special { .. } => Aim::Nothing,
    }
}
