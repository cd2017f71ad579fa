//! What Pangea offers, and why not where it does not. Source: Pangea contract, section 9.

use crate::model::{Capability, Support};

const NO_DEPLOYMENTS: &str = "Pangea projects have no deployments: nothing runs in them";
/// Why there is no log.
pub(super) const NO_LOGS: &str = "Pangea projects have no log stream";
const NO_BACKUPS: &str = "Pangea projects have no backups";
const NO_VARIABLES: &str = "Pangea projects have no variables";
const NO_DOMAINS: &str = "Pangea projects have no domains";
const NO_SERVICES: &str =
    "Pangea's Platform API does not show the services of a project: use its console";
const NO_JOBS: &str = "Pangea projects have no scheduled jobs";
const NOTHING_RUNS: &str = "nothing runs in a Pangea project";
const NO_ACTIVITY: &str =
    "Pangea's Platform API has no record of activity: what is shown is what flightdeck saw";

/// Whether Pangea offers something.
pub(super) fn support(capability: Capability) -> Support {
    match capability {
        Capability::ReadAccount
        | Capability::ListOrganisations
        | Capability::ListApps
        | Capability::ListAllEnvironments
        | Capability::ListEnvironments
        | Capability::CreateApp
        | Capability::UpdateApp
        | Capability::DeleteApp
        | Capability::RenameOrganisation => Support::Yes,

        Capability::ListDeployments
        | Capability::Deploy
        | Capability::ForceDeploy
        | Capability::DeployImage
        | Capability::RetryDeployment
        | Capability::RollBack
        | Capability::CommitRollback
        | Capability::RevertRollback
        | Capability::CancelDeployment => Support::No(NO_DEPLOYMENTS),
        Capability::DeploymentLog
        | Capability::RuntimeLog
        | Capability::AppLog
        | Capability::OlderRuntimeLog
        | Capability::PreviousLog
        | Capability::JobLog
        | Capability::EventLog => Support::No(NO_LOGS),
        Capability::ListBackups
        | Capability::ListRestores
        | Capability::ListBackupPlans
        | Capability::CreateBackup
        | Capability::RestoreBackup
        | Capability::DownloadBackup => Support::No(NO_BACKUPS),
        Capability::ListVariables | Capability::SetVariable | Capability::UnsetVariable => {
            Support::No(NO_VARIABLES)
        }
        Capability::ListDomains
        | Capability::AddDomain
        | Capability::UpdateDomain
        | Capability::RemoveDomain
        | Capability::VerifyDomain
        | Capability::CompleteInstallation => Support::No(NO_DOMAINS),
        Capability::ListServices
        | Capability::ListServiceKinds
        | Capability::CreateService
        | Capability::ProvisionService
        | Capability::AttachService
        | Capability::DetachService
        | Capability::RemoveService => Support::No(NO_SERVICES),
        Capability::ListJobs
        | Capability::ListJobRuns
        | Capability::CreateJob
        | Capability::UpdateJob
        | Capability::RemoveJob
        | Capability::CancelJobRun => Support::No(NO_JOBS),
        Capability::ListActivity | Capability::CancelEvent => Support::No(NO_ACTIVITY),
        Capability::ListMaintenance
        | Capability::RunMaintenance
        | Capability::SkipMaintenance
        | Capability::CancelMaintenance
        | Capability::ListUnits
        | Capability::ListAlerts
        | Capability::ListSizes
        | Capability::Metrics
        | Capability::Restart
        | Capability::Stop
        | Capability::Start
        | Capability::Scale
        | Capability::Autoscale
        | Capability::KillUnit
        | Capability::RunCommand
        | Capability::Console => Support::No(NOTHING_RUNS),
        Capability::ListRegions => Support::No("Pangea's API does not list regions"),
        Capability::ListRepositories | Capability::ListWebhooks => {
            Support::No("Pangea projects have no repositories and no webhooks")
        }
        Capability::ListInvoices => Support::No("Pangea's Platform API has no invoices"),
        Capability::ListOthers | Capability::Special => {
            Support::No("Pangea has nothing of its own here")
        }
        Capability::CopyEnvironment | Capability::UpdateEnvironment => {
            Support::No("a Pangea project has one region, which cannot be changed")
        }
    }
}
