//! What tsuru offers, and why not where it does not.
//!
//! Servers differ in age: an operation that one lacks is refused when it is tried, with that reason.
//! Source: tsuru contract, sections 5 and 7.

use crate::model::{Capability, Support};

const NO_BACKUPS: &str = "tsuru offers no backups: it stores no data of apps; images are releases, \
                          see the deploys";
const NO_PIN: &str = "a roll-back on tsuru is final: nothing waits to be kept or undone";

/// Whether tsuru offers something.
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
        | Capability::JobLog
        | Capability::EventLog
        | Capability::ListVariables
        | Capability::ListDomains
        | Capability::ListServices
        | Capability::ListServiceKinds
        | Capability::ListJobs
        | Capability::ListActivity
        | Capability::ListMaintenance
        | Capability::ListUnits
        | Capability::ListSizes
        | Capability::ListRegions
        | Capability::ListOthers
        | Capability::Metrics
        | Capability::Deploy
        | Capability::DeployImage
        | Capability::RollBack
        | Capability::CancelDeployment
        | Capability::Restart
        | Capability::Stop
        | Capability::Start
        | Capability::Scale
        | Capability::Autoscale
        | Capability::KillUnit
        | Capability::RunCommand
        | Capability::Console
        | Capability::SetVariable
        | Capability::UnsetVariable
        | Capability::AddDomain
        | Capability::RemoveDomain
        | Capability::CreateService
        | Capability::AttachService
        | Capability::DetachService
        | Capability::RemoveService
        | Capability::RemoveJob
        | Capability::CancelEvent
        | Capability::CancelMaintenance
        | Capability::CreateApp
        | Capability::DeleteApp
        | Capability::Special => Support::Yes,

        Capability::ListBackups
        | Capability::ListRestores
        | Capability::ListBackupPlans
        | Capability::CreateBackup
        | Capability::RestoreBackup
        | Capability::DownloadBackup => Support::No(NO_BACKUPS),
        Capability::OlderRuntimeLog => {
            Support::No("tsuru keeps no history of logs: they end with the unit that wrote them")
        }
        Capability::PreviousLog => {
            Support::No("the log of a unit goes with it: tsuru does not show what it wrote before")
        }
        Capability::ListAlerts => Support::No("tsuru watches no alerts"),
        Capability::ListJobRuns => {
            Support::No("tsuru's API shows no runs of a job: see its log, and its units")
        }
        Capability::CancelJobRun => Support::No("tsuru's API cannot cancel a run of a job"),
        Capability::CreateJob | Capability::UpdateJob => {
            Support::No("a job needs an image and a plan: use the tsuru client")
        }
        Capability::ListRepositories => {
            Support::No("tsuru knows no repositories: images and archives are sent to it")
        }
        Capability::ListWebhooks => {
            Support::No("webhooks on tsuru belong to the server: see the list `webhooks`")
        }
        Capability::ListInvoices => Support::No("a tsuru server is your own: it sends no invoices"),
        Capability::ForceDeploy => {
            Support::No("a deploy on tsuru always builds anew: there is nothing to force")
        }
        Capability::RetryDeployment => Support::No("deploy again instead: tsuru has no such step"),
        Capability::CommitRollback | Capability::RevertRollback => Support::No(NO_PIN),
        Capability::UpdateDomain => {
            Support::No("a domain on tsuru is as good as any other: none is the main one")
        }
        Capability::VerifyDomain => Support::No("tsuru checks no domains"),
        Capability::CompleteInstallation => Support::No("nothing on tsuru waits for it"),
        Capability::ProvisionService => {
            Support::No("a service on tsuru is provisioned when it is created")
        }
        Capability::RunMaintenance | Capability::SkipMaintenance => {
            Support::No("tsuru plans no maintenance: an event block can only be removed")
        }
        Capability::UpdateApp => {
            Support::No("tsuru cannot rename an app: create another and delete this one")
        }
        Capability::CopyEnvironment => {
            Support::No("a process cannot be copied: scale it, or deploy another app")
        }
        Capability::UpdateEnvironment => {
            Support::No("tsuru builds from no branch: deploy what you have built")
        }
        Capability::RenameOrganisation => Support::No("teams are renamed with the tsuru client"),
    }
}
