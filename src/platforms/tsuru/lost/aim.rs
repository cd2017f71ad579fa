//! Where one looks for what an operation did.

use crate::model::catalogue::{Inputs, Value};
use crate::model::{OperationKind, Special};
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::operate::{Kinds, kinds, quota_of};
use crate::platforms::tsuru::special::{Own, REACHED};

/// What is looked at.
pub(super) enum Aim<'a> {
    /// An event of one of these kinds.
    Begun(Kinds),
    /// The app is gone, or about to.
    Gone(Kinds),
    /// An event was asked to end.
    Cancelled(&'a str),
    /// A new app of that name.
    App(&'a str),
    /// An instance of a service is there, or gone.
    Instance {
        service: &'a str,
        name: &'a str,
        is_made: bool,
    },
    Domain {
        name: &'a str,
        is_there: bool,
    },
    Autoscale {
        process: Option<&'a str>,
        limits: Option<(u32, u32)>,
        cpu: Option<u32>,
    },
    /// A job is gone.
    Job(&'a str),
    /// A block is gone.
    Unblocked(&'a str),
    /// A block is there.
    Blocked(&'a Inputs),
    Quota(i64),
    Team {
        name: &'a str,
        is_granted: bool,
    },
    Routable {
        version: &'a str,
        is_reached: bool,
    },
    Issuer {
        domain: &'a str,
        issuer: &'a str,
    },
    /// It is not offered, or leaves nothing to look at.
    Nothing,
}

/// What to look at.
pub(super) fn aim(kind: &OperationKind) -> Aim<'_> {
    match kind {
        OperationKind::CancelDeployment { deployment, .. } => Aim::Cancelled(deployment.as_str()),
        OperationKind::CancelEvent { event, .. } => Aim::Cancelled(event.as_str()),
        OperationKind::DeleteApp { .. } => Aim::Gone(kinds(kind)),
        OperationKind::CreateApp { name, .. } => Aim::App(name),
        OperationKind::CreateService { kind, name } => Aim::Instance {
            service: ids::of_kind(kind).0,
            name,
            is_made: true,
        },
        OperationKind::RemoveService { id } => match ids::of_service(id) {
            Ok((service, name)) => Aim::Instance {
                service,
                name,
                is_made: false,
            },
            Err(_) => Aim::Nothing,
        },
        OperationKind::AddDomain { name } => Aim::Domain {
            name,
            is_there: true,
        },
        OperationKind::RemoveDomain { id, .. } => match ids::of_domain(id) {
            Ok((_, name)) => Aim::Domain {
                name,
                is_there: false,
            },
            Err(_) => Aim::Nothing,
        },
        OperationKind::Autoscale {
            process,
            limits,
            cpu,
        } => Aim::Autoscale {
            process: process.as_deref(),
            limits: *limits,
            cpu: *cpu,
        },
        OperationKind::RemoveJob { id } => Aim::Job(id.as_str()),
        OperationKind::CancelMaintenance { id } => Aim::Unblocked(id.as_str()),
        OperationKind::Special { what, inputs } => of_own(kind, what, inputs),
        OperationKind::Deploy { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RollBack { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Stop { .. }
        | OperationKind::Start { .. }
        | OperationKind::Scale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::SetVariable { .. }
        | OperationKind::UnsetVariable { .. }
        | OperationKind::ChangeVariables(_)
        | OperationKind::AttachService { .. }
        | OperationKind::DetachService { .. } => Aim::Begun(kinds(kind)),
        OperationKind::RetryDeployment { .. }
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
        | OperationKind::RenameOrganisation { .. } => Aim::Nothing,
    }
}

fn of_own<'a>(kind: &'a OperationKind, what: &Special, inputs: &'a Inputs) -> Aim<'a> {
    let Some(own) = Own::of(what) else {
        return Aim::Nothing;
    };
    match own {
        Own::ReleaseVersion
        | Own::ConfigureApp
        | Own::DeleteVersion
        | Own::ForbidRollback
        | Own::AllowRollback
        | Own::SetCertificate
        | Own::RemoveCertificate => Aim::Begun(kinds(kind)),
        Own::SetQuota => Aim::Quota(quota_of(inputs)),
        Own::SetRoutable => Aim::Routable {
            version: text(inputs, "version"),
            is_reached: text(inputs, "routable") == REACHED,
        },
        Own::BlockEvents => Aim::Blocked(inputs),
        Own::GrantTeam => Aim::Team {
            name: id(inputs, "team"),
            is_granted: true,
        },
        Own::RevokeTeam => Aim::Team {
            name: id(inputs, "team"),
            is_granted: false,
        },
        Own::SetIssuer => Aim::Issuer {
            domain: id(inputs, "domain"),
            issuer: text(inputs, "issuer"),
        },
        // Doing it twice is no harm, and nothing tells that it was done.
        Own::RebuildRoutes | Own::TriggerJob | Own::LogIn => Aim::Nothing,
    }
}

fn id<'a>(inputs: &'a Inputs, field: &str) -> &'a str {
    inputs.maybe_one(field).map_or("", |it| it.id.as_str())
}

fn text<'a>(inputs: &'a Inputs, field: &str) -> &'a str {
    match inputs.get(field) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}
