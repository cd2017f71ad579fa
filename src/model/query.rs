//! Reads: what is asked, what comes back, and who may still report.

use jiff::Timestamp;

use super::{
    Account, Activity, Alert, App, AppId, Backup, BackupId, BackupPlan, Capability, ContextId,
    Deployment, DeploymentId, DeploymentScope, Domain, Download, DownloadId, EnvId, Environment,
    Failure, InstanceSize, Invoice, InvoiceId, InvoiceItem, Job, JobRun, MaintenanceRun, Metric,
    OrgId, Organisation, Other, Page, Region, Repository, RepositoryId, Restore, Service,
    ServiceKind, Unit, Variable, Webhook,
};

/// A question to a platform. Two equal questions have the same answer, so it is also the key under
/// which an answer is expected and kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Query {
    /// Whose credential it is.
    Account,
    /// All organisations.
    Organisations,
    /// All apps.
    Apps,
    /// The environments of all apps at once.
    AllEnvironments,
    /// The environments of one app.
    Environments(AppId),
    /// One environment, in full.
    Environment(EnvId),
    /// Deployments, newest first.
    Deployments(DeploymentScope),
    /// One deployment.
    Deployment(DeploymentId),
    /// Backups of an environment, newest first.
    Backups(EnvId),
    /// One backup with its parts.
    Backup(BackupId),
    /// Restores of an environment.
    Restores(EnvId),
    /// A prepared download with its parts.
    Download(DownloadId),
    /// Named retentions and schedules.
    BackupPlans,
    /// Variables of an environment.
    Variables(EnvId),
    /// Domains of an environment.
    Domains(EnvId),
    /// Services of an environment.
    Services(EnvId),
    /// Kinds of services an app could get.
    ServiceKinds(Option<AppId>),
    /// Scheduled jobs of an environment.
    Jobs(EnvId),
    /// What happened to an app, newest first.
    Activity(Option<AppId>),
    /// Maintenance runs of an app, or of all.
    Maintenance(Option<AppId>),
    /// Metrics of an environment over the last hour.
    Metrics(EnvId),
    /// Instances of an environment.
    Units(EnvId),
    /// What an app is watched for.
    Alerts(AppId),
    /// Runs of the jobs of an environment, newest first.
    JobRuns(EnvId),
    /// Sizes an instance can have.
    Sizes,
    /// All regions.
    Regions,
    /// What only one platform has, by the name that its profile gives the list.
    Others(&'static str),
    /// Repositories.
    Repositories,
    /// Webhooks of a repository.
    Webhooks(RepositoryId),
    /// Invoices of an organisation.
    Invoices(Option<OrgId>),
    /// The lines of an invoice.
    InvoiceItems(InvoiceId),
}

impl Query {
    /// What a platform must offer for it.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::Account => Capability::ReadAccount,
            Self::Organisations => Capability::ListOrganisations,
            Self::Apps => Capability::ListApps,
            Self::AllEnvironments => Capability::ListAllEnvironments,
            Self::Environments(_) | Self::Environment(_) => Capability::ListEnvironments,
            Self::Deployments(_) | Self::Deployment(_) => Capability::ListDeployments,
            Self::Backups(_) | Self::Backup(_) => Capability::ListBackups,
            Self::Restores(_) => Capability::ListRestores,
            Self::Download(_) => Capability::DownloadBackup,
            Self::BackupPlans => Capability::ListBackupPlans,
            Self::Variables(_) => Capability::ListVariables,
            Self::Domains(_) => Capability::ListDomains,
            Self::Services(_) => Capability::ListServices,
            Self::ServiceKinds(_) => Capability::ListServiceKinds,
            Self::Jobs(_) => Capability::ListJobs,
            Self::Activity(_) => Capability::ListActivity,
            Self::Maintenance(_) => Capability::ListMaintenance,
            Self::Metrics(_) => Capability::Metrics,
            Self::Units(_) => Capability::ListUnits,
            Self::Alerts(_) => Capability::ListAlerts,
            Self::JobRuns(_) => Capability::ListJobRuns,
            Self::Sizes => Capability::ListSizes,
            Self::Regions => Capability::ListRegions,
            Self::Others(_) => Capability::ListOthers,
            Self::Repositories => Capability::ListRepositories,
            Self::Webhooks(_) => Capability::ListWebhooks,
            Self::Invoices(_) | Self::InvoiceItems(_) => Capability::ListInvoices,
        }
    }

    /// How many entries of a list are worth having: of histories, which are unbounded on the
    /// platform's side, as many as its profile says.
    #[must_use]
    pub fn limit(&self, history: u32) -> Option<u32> {
        match self {
            Self::Deployments(_)
            | Self::Backups(_)
            | Self::Restores(_)
            | Self::Activity(_)
            | Self::JobRuns(_) => Some(history),
            Self::Account
            | Self::Organisations
            | Self::Apps
            | Self::AllEnvironments
            | Self::Environments(_)
            | Self::Environment(_)
            | Self::Deployment(_)
            | Self::Backup(_)
            | Self::Download(_)
            | Self::BackupPlans
            | Self::Variables(_)
            | Self::Domains(_)
            | Self::Services(_)
            | Self::ServiceKinds(_)
            | Self::Jobs(_)
            | Self::Maintenance(_)
            | Self::Metrics(_)
            | Self::Units(_)
            | Self::Alerts(_)
            | Self::Sizes
            | Self::Regions
            | Self::Others(_)
            | Self::Repositories
            | Self::Webhooks(_)
            | Self::Invoices(_)
            | Self::InvoiceItems(_) => None,
        }
    }
}

/// A question to a context: an answer for one account can never appear under another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryKey {
    /// The context that is asked.
    pub context: ContextId,
    /// What it is asked.
    pub query: Query,
}

/// What came back. Lists are pages; the engine reports them one by one.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each carries the entity of its name")]
pub enum Payload {
    Account(Account),
    Organisations(Page<Organisation>),
    Apps(Page<App>),
    Environments(Page<Environment>),
    Environment(Box<Environment>),
    Deployments(Page<Deployment>),
    Deployment(Box<Deployment>),
    Backups(Page<Backup>),
    Backup(Box<Backup>),
    Restores(Page<Restore>),
    Download(Download),
    BackupPlans(Page<BackupPlan>),
    Variables(Page<Variable>),
    Domains(Page<Domain>),
    Services(Page<Service>),
    ServiceKinds(Page<ServiceKind>),
    Jobs(Page<Job>),
    Activity(Page<Activity>),
    Maintenance(Page<MaintenanceRun>),
    Metrics(Vec<Metric>),
    Units(Page<Unit>),
    Alerts(Page<Alert>),
    JobRuns(Page<JobRun>),
    Sizes(Page<InstanceSize>),
    Regions(Page<Region>),
    Others(Page<Other>),
    Repositories(Page<Repository>),
    Webhooks(Page<Webhook>),
    Invoices(Page<Invoice>),
    InvoiceItems(Page<InvoiceItem>),
}

/// What must happen first when not everything can happen at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody looks at it.
    Visible,
    /// Nobody looks at it.
    Background,
}

/// Proof that somebody still waits for an answer. Unique for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A read to carry out.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// What to ask, and whom.
    pub key: QueryKey,
    /// Under which its answers are accepted.
    pub ticket: Ticket,
    /// How urgent it is.
    pub priority: Priority,
}

/// What is left of a platform's rate limit, as its last answer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Requests left.
    pub remaining: u32,
    /// Requests in all.
    pub limit: u32,
    /// When some or all come back.
    pub resets_at: Option<Timestamp>,
}

/// What the engine says about a read.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What was asked.
    pub key: QueryKey,
    /// The ticket it was asked under.
    pub ticket: Ticket,
    /// When the answer was complete.
    pub at: Timestamp,
    /// The answer.
    pub result: Result<Payload, Failure>,
    /// Whether the last page, or the end of trying, is still to come.
    pub more: bool,
    /// What is left of the rate limit, where the platform says so.
    pub budget: Option<Budget>,
    /// After a failure that is being retried: when the next attempt goes.
    pub retry_at: Option<Timestamp>,
}
