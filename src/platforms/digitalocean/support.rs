//! What DigitalOcean offers, and why not where it does not.

use crate::model::{Capability, Support};

const IN_PANEL: &str = "databases are attached in DigitalOcean's control panel";
const NO_JOBS: &str = "jobs are part of the app's spec: change it in the control panel";
const NO_STOP: &str = "App Platform cannot stop an app: scale a component down, or switch \
                       maintenance on in the control panel";
const NO_MAINTENANCE: &str = "App Platform plans no maintenance that its API shows";

/// Whether DigitalOcean offers something.
#[expect(
    clippy::too_many_lines,
    reason = "an answer per capability, so that a new one must be answered"
)]
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
        | Capability::AppLog
        | Capability::PreviousLog
        | Capability::JobLog
        | Capability::EventLog
        | Capability::ListBackups
        | Capability::ListVariables
        | Capability::ListDomains
        | Capability::ListServices
        | Capability::ListJobs
        | Capability::ListActivity
        | Capability::ListUnits
        | Capability::ListAlerts
        | Capability::ListJobRuns
        | Capability::ListSizes
        | Capability::ListRegions
        | Capability::Metrics
        | Capability::Deploy
        | Capability::ForceDeploy
        | Capability::RollBack
        | Capability::CommitRollback
        | Capability::RevertRollback
        | Capability::CancelDeployment
        | Capability::Restart
        | Capability::Scale
        | Capability::Autoscale
        | Capability::Console
        | Capability::RestoreBackup
        | Capability::SetVariable
        | Capability::UnsetVariable
        | Capability::AddDomain
        | Capability::UpdateDomain
        | Capability::RemoveDomain
        | Capability::CancelJobRun
        | Capability::CancelEvent
        | Capability::CreateApp
        | Capability::UpdateApp
        | Capability::DeleteApp
        | Capability::UpdateEnvironment => Support::Yes,

        Capability::OlderRuntimeLog => {
            Support::No("App Platform keeps no runtime logs: only the newest lines can be read")
        }
        Capability::ListRestores => Support::No(
            "a restore on DigitalOcean is a new database cluster: look for it among the databases",
        ),
        Capability::ListBackupPlans => {
            Support::No("backups are taken daily: DigitalOcean has no schedules to choose from")
        }
        Capability::CreateBackup => Support::No(
            "DigitalOcean takes backups of databases by itself, daily: none can be asked for",
        ),
        Capability::DownloadBackup => Support::No(
            "DigitalOcean gives no backups away: restore one into a new cluster and dump that",
        ),
        Capability::DeployImage => Support::No(
            "the image is part of the app's spec: change its tag there, or push to the same tag \
             and deploy",
        ),
        Capability::RetryDeployment => {
            Support::No("deploy again instead: App Platform has no such step")
        }
        Capability::Stop => Support::No(NO_STOP),
        Capability::Start => {
            Support::No("an app on App Platform always runs: there is nothing to start")
        }
        Capability::KillUnit => {
            Support::No("single instances cannot be stopped: restart the component instead")
        }
        Capability::RunCommand => Support::No("open a console instead"),
        Capability::VerifyDomain => Support::No("App Platform checks domains by itself"),
        Capability::CompleteInstallation => Support::No("nothing on DigitalOcean waits for it"),
        Capability::ListServiceKinds
        | Capability::CreateService
        | Capability::ProvisionService
        | Capability::AttachService
        | Capability::DetachService
        | Capability::RemoveService => Support::No(IN_PANEL),
        Capability::CreateJob | Capability::UpdateJob | Capability::RemoveJob => {
            Support::No(NO_JOBS)
        }
        Capability::ListMaintenance
        | Capability::RunMaintenance
        | Capability::SkipMaintenance
        | Capability::CancelMaintenance => Support::No(NO_MAINTENANCE),
        Capability::ListRepositories => {
            Support::No("each component names its own source: see its details")
        }
        Capability::ListWebhooks => Support::No("App Platform's API shows no webhooks"),
        Capability::ListInvoices => {
            Support::No("invoices are for the whole account: see billing in the control panel")
        }
        Capability::CopyEnvironment => {
            Support::No("a component cannot be copied: add another to the app's spec")
        }
        Capability::ListOthers | Capability::Special => {
            Support::No("DigitalOcean has nothing that no other platform has")
        }
        Capability::RenameOrganisation => {
            Support::No("projects are renamed in DigitalOcean's control panel")
        }
    }
}
