//! What Divio offers, and why not where it does not.

use crate::model::{Capability, Support};

const HAS_DEPLOY: &str = "deploy again instead: Divio has no such step";
const SIZE: &str = "Divio sizes instances by subscription: use the control panel";

/// Whether Divio offers something.
pub(super) fn support(capability: Capability) -> Support {
    match capability {
        Capability::ReadAccount
        | Capability::ListOrganisations
        | Capability::ListApps
        | Capability::ListAllEnvironments
        | Capability::ListEnvironments
        | Capability::ListDeployments
        | Capability::DeploymentLog
        | Capability::RuntimeLog
        | Capability::ListBackups
        | Capability::ListRestores
        | Capability::ListBackupPlans
        | Capability::ListVariables
        | Capability::ListDomains
        | Capability::ListServices
        | Capability::ListServiceKinds
        | Capability::ListJobs
        | Capability::ListActivity
        | Capability::ListMaintenance
        | Capability::ListRegions
        | Capability::ListRepositories
        | Capability::ListWebhooks
        | Capability::ListInvoices
        | Capability::Metrics
        | Capability::Deploy
        | Capability::ForceDeploy
        | Capability::RollBack
        | Capability::Stop
        | Capability::CreateBackup
        | Capability::RestoreBackup
        | Capability::DownloadBackup
        | Capability::SetVariable
        | Capability::UnsetVariable
        | Capability::AddDomain
        | Capability::UpdateDomain
        | Capability::RemoveDomain
        | Capability::CreateService
        | Capability::ProvisionService
        | Capability::AttachService
        | Capability::DetachService
        | Capability::RemoveService
        | Capability::CreateJob
        | Capability::UpdateJob
        | Capability::RemoveJob
        | Capability::RunMaintenance
        | Capability::SkipMaintenance
        | Capability::CancelMaintenance
        | Capability::UpdateApp
        | Capability::DeleteApp
        | Capability::CopyEnvironment
        | Capability::UpdateEnvironment => Support::Yes,

        Capability::AppLog => Support::No("Divio keeps a log for each environment: choose one"),
        Capability::OlderRuntimeLog => {
            Support::No("flightdeck begins with the newest lines and does not read back on Divio")
        }
        Capability::ListAlerts => Support::No("Divio's API has no alerts"),
        Capability::ListJobRuns | Capability::JobLog => {
            Support::No("Divio's API keeps no list of a job's runs")
        }
        Capability::PreviousLog => Support::No("Divio keeps one runtime log for an environment"),
        Capability::EventLog => Support::No("Divio keeps no logs of activities"),
        Capability::CancelEvent => {
            Support::No("Divio does nothing by itself that can be cancelled")
        }
        Capability::CancelDeployment => Support::No("Divio's API has no cancel"),
        Capability::DeployImage => {
            Support::No("Divio deploys from a repository, not from an image")
        }
        Capability::RetryDeployment => Support::No(HAS_DEPLOY),
        Capability::CommitRollback | Capability::RevertRollback => {
            Support::No("a roll-back on Divio is a deployment like any other: deploy to leave it")
        }
        Capability::Restart => {
            Support::No("deploying restarts it: Divio has no restart of its own")
        }
        Capability::Start => Support::No("a stopped environment starts with the next deployment"),
        Capability::ListSizes | Capability::Scale | Capability::Autoscale => Support::No(SIZE),
        Capability::ListUnits | Capability::KillUnit => {
            Support::No("Divio's API does not show single instances")
        }
        Capability::RunCommand | Capability::Console => {
            Support::No("Divio's API runs no commands: log in with the SSH line in the details")
        }
        Capability::VerifyDomain => {
            Support::No("Divio checks domains by itself: a failing one every 15 minutes")
        }
        Capability::CompleteInstallation => Support::No("nothing on Divio waits for it"),
        Capability::CancelJobRun => Support::No("Divio's API does not show runs of a job"),
        Capability::CreateApp => {
            Support::No("a new application needs a plan and a region: use the control panel")
        }
        Capability::ListOthers | Capability::Special => {
            Support::No("Divio has nothing that no other platform has")
        }
        Capability::RenameOrganisation => {
            Support::No("organisations are renamed in the control panel")
        }
    }
}
