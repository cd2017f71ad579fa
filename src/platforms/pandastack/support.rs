//! What PandaStack offers, and why not where it does not.
//!
//! Managed apps and projects differ: what only one of them has depends on which one is meant, and is
//! refused with the reason when the other is asked.
//! Source: PandaStack contract, sections 7, 9 and 11.

use crate::model::{Capability, Support};

/// What is to be had for projects only.
const PROJECTS: &str = "PandaStack's API has this for projects only, not for managed apps";
/// What is to be had for managed apps only.
pub(super) const MANAGED: &str =
    "PandaStack's API has this for managed apps only, not for projects";
/// How a managed app is deployed.
const INSTALLS: &str = "PandaStack's API deploys a managed app by installing it: retry it instead";
/// How a managed app is set up.
const CONFIGURES: &str = "PandaStack's API has no variables of managed apps: use configure";
/// What only projects have.
pub(super) const LACKED_BY_MANAGED_APPS: &[(Capability, &str)] = &[
    (Capability::Deploy, INSTALLS),
    (Capability::SetVariable, CONFIGURES),
    (Capability::UnsetVariable, CONFIGURES),
];
/// What only managed apps have.
pub(super) const LACKED_BY_PROJECTS: &[(Capability, &str)] = &[
    (Capability::RetryDeployment, MANAGED),
    (Capability::VerifyDomain, MANAGED),
    (Capability::CompleteInstallation, MANAGED),
    (Capability::Special, MANAGED),
];
const NO_BACKUPS: &str = "PandaStack's API has no backups";
const NO_JOBS: &str = "PandaStack's API has no scheduled jobs of an app";
const NO_SERVICES: &str = "PandaStack's API has no services of an app";
const NO_POWER: &str = "PandaStack's API has no restart, stop or start";
const NO_SCALE: &str = "PandaStack's API has no scaling";
const NO_MAINTENANCE: &str = "PandaStack's API has no maintenance";
const NO_ROLLBACK: &str = "PandaStack's API has no roll-back";

/// Whether PandaStack offers something.
pub(super) fn support(capability: Capability) -> Support {
    match capability {
        Capability::ReadAccount
        | Capability::ListOrganisations
        | Capability::ListApps
        | Capability::ListAllEnvironments
        | Capability::ListEnvironments
        | Capability::ListDeployments
        | Capability::DeleteApp
        | Capability::CreateApp => Support::Yes,

        Capability::DeploymentLog | Capability::RuntimeLog => Support::Depends(
            "PandaStack's API has logs of projects; of a managed app, what flightdeck saw is shown",
        ),
        Capability::Deploy
        | Capability::ListVariables
        | Capability::SetVariable
        | Capability::UnsetVariable => Support::Depends(PROJECTS),
        Capability::ListDomains
        | Capability::RetryDeployment
        | Capability::VerifyDomain
        | Capability::CompleteInstallation
        | Capability::Special => Support::Depends(MANAGED),

        Capability::AppLog | Capability::OlderRuntimeLog | Capability::PreviousLog => {
            Support::No("PandaStack's API has no older logs, and none of a whole app")
        }
        Capability::JobLog
        | Capability::ListJobs
        | Capability::ListJobRuns
        | Capability::CreateJob
        | Capability::UpdateJob
        | Capability::RemoveJob
        | Capability::CancelJobRun => Support::No(NO_JOBS),
        Capability::EventLog | Capability::ListActivity | Capability::CancelEvent => Support::No(
            "PandaStack's API has no record of activity: what is shown is what flightdeck saw",
        ),
        Capability::ListBackups
        | Capability::ListRestores
        | Capability::ListBackupPlans
        | Capability::CreateBackup
        | Capability::RestoreBackup
        | Capability::DownloadBackup => Support::No(NO_BACKUPS),
        Capability::ListServices
        | Capability::ListServiceKinds
        | Capability::CreateService
        | Capability::ProvisionService
        | Capability::AttachService
        | Capability::DetachService
        | Capability::RemoveService => Support::No(NO_SERVICES),
        Capability::ListMaintenance
        | Capability::RunMaintenance
        | Capability::SkipMaintenance
        | Capability::CancelMaintenance => Support::No(NO_MAINTENANCE),
        Capability::ListUnits | Capability::KillUnit => {
            Support::No("PandaStack's API has no instances: it says whether an app runs")
        }
        Capability::ListAlerts => Support::No("PandaStack's API has no alerts"),
        Capability::ListSizes => Support::No("PandaStack's API has no sizes to choose from"),
        Capability::ListRegions => Support::No("PandaStack's API has no list of regions"),
        Capability::ListRepositories | Capability::ListWebhooks => {
            Support::No("PandaStack's API has no list of repositories or webhooks")
        }
        Capability::ListInvoices => Support::No("PandaStack's API has no invoices"),
        Capability::ListOthers => Support::No("PandaStack has no lists of its own here"),
        Capability::Metrics => Support::No("PandaStack's API has no metrics"),
        Capability::ForceDeploy => {
            Support::No("a deployment on PandaStack always builds anew: there is nothing to force")
        }
        Capability::DeployImage => {
            Support::No("PandaStack's API deploys no images: install an app from its slug")
        }
        Capability::RollBack | Capability::CommitRollback | Capability::RevertRollback => {
            Support::No(NO_ROLLBACK)
        }
        Capability::CancelDeployment => Support::No("PandaStack's API cannot cancel a deployment"),
        Capability::Restart | Capability::Stop | Capability::Start => Support::No(NO_POWER),
        Capability::Scale | Capability::Autoscale => Support::No(NO_SCALE),
        Capability::RunCommand | Capability::Console => {
            Support::No("PandaStack's API runs no commands and has no console")
        }
        Capability::AddDomain | Capability::UpdateDomain | Capability::RemoveDomain => Support::No(
            "PandaStack's API takes the domain of an app when its installation is completed, \
                 and changes none later",
        ),
        Capability::UpdateApp => Support::No("PandaStack's API cannot rename an app"),
        Capability::CopyEnvironment | Capability::UpdateEnvironment => {
            Support::No("an app on PandaStack has no environments to copy or change")
        }
        Capability::RenameOrganisation => {
            Support::No("PandaStack's API cannot rename an organisation")
        }
    }
}
