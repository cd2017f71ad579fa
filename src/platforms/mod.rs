//! The platforms: one trait, one folder per adapter.
//!
//! An adapter has the same parts everywhere: `wire` mirrors the platform's documentation in its own
//! names, `map` turns that into the model and holds every judgement about meaning, `paths`, `paging`
//! and `api` know how one asks; `reads`, `operate`, `lost`, `progress` and `tail` use them, and
//! `platform` says which question goes where. What only one platform has it declares itself
//! (`tsuru/special`). Nothing here retries, waits or schedules: that is the engine's job, so that a
//! wait can be shown, counted and cancelled. The exception is one answer that a platform announces and
//! gives a little later (`pangea/later`).

mod address;
mod before;
mod details;
pub mod digitalocean;
pub mod divio;
pub mod http;
mod loose;
pub mod pandastack;
pub mod pangea;
mod rounds;
pub mod tsuru;
mod witness;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::model::{
    Accepted, Account, Activity, Alert, App, AppId, AuthProblem, Backup, BackupId, BackupPlan,
    Budget, Capability, Deployment, DeploymentId, DeploymentScope, Domain, Download, DownloadId,
    EnvId, Environment, Failure, Follow, Followed, InstanceSize, Invoice, InvoiceId, InvoiceItem,
    Job, JobRun, LogLine, MaintenanceRun, Metric, Notebook, Operation, OrgId, Organisation, Other,
    Page, PageRequest, Payload, Preview, Profile, Query, Region, Repository, RepositoryId, Restore,
    Revision, Safety, Secret, Service, ServiceKind, Support, TailRequest, Text, Unit, Variable,
    Webhook, Witness,
};

/// An answer to come.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Where a token comes from. Shared by all that ask under one credential.
pub type Credential = Arc<dyn TokenSource>;

/// Where a token comes from. Asking may block: it may run a command, or ask a server.
///
/// A function that gives a token, or says where it looked ("environment variable X is not set"), is
/// one.
pub trait TokenSource: Send + Sync {
    /// The token; asked for before the first request.
    ///
    /// # Errors
    /// `Auth` where there is none; `Network` where somebody had to be asked for it and did not
    /// answer.
    fn token(&self) -> Result<Secret, Failure>;

    /// The token once more, because the platform rejected one. The same where there is no other.
    ///
    /// # Errors
    /// As [`TokenSource::token`].
    fn renew(&self, _rejected: &Secret) -> Result<Secret, Failure> {
        self.token()
    }

    /// Whether the token that was given last is about to end, so that another is asked for before a
    /// request goes out. Does not block.
    fn is_due(&self) -> bool {
        false
    }

    /// What it means that the platform accepts nothing that comes from here. Absent where its own
    /// answer says all there is to say. Does not block.
    fn rejected(&self) -> Option<Failure> {
        None
    }
}

impl<F> TokenSource for F
where
    F: Fn() -> Result<Secret, Text> + Send + Sync,
{
    fn token(&self) -> Result<Secret, Failure> {
        self().map_err(|place| Failure::Auth(AuthProblem::Missing(place)))
    }
}

/// Takes the lines that an operation prints while it runs.
pub type Output<'a> = &'a mut (dyn FnMut(Text) + Send);

/// What an adapter needs to serve a context.
#[derive(Clone)]
pub struct Connection {
    /// Where the API is.
    pub base_url: Url,
    /// Where the token comes from.
    pub credential: Credential,
    /// Whether nothing that changes anything may leave.
    pub read_only: bool,
    /// The organisation to keep to, where one is configured.
    pub organisation: Option<OrgId>,
    /// The settings that only its platform has; see [`Profile::settings`].
    pub settings: Settings,
    /// What the adapter keeps between runs.
    pub notebook: Arc<dyn Notebook>,
    /// Whether a token may go over plain http to a host that is not this machine.
    pub allow_plain_http: bool,
}

/// The settings of a context that only its platform has, by name. What the profile does not declare
/// is not here, and what is not set neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(pub BTreeMap<&'static str, String>);

impl Settings {
    /// The one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A platform flightdeck knows: its profile, and how to make its client.
pub struct Adapter {
    /// What is true of it before it is asked.
    pub profile: &'static Profile,
    /// Makes its client. Sends nothing.
    pub connect: fn(Connection) -> Result<Arc<dyn Platform>, Failure>,
}

/// Every platform flightdeck knows. Adding one is adding a line.
pub const ADAPTERS: &[Adapter] = &[
    Adapter {
        profile: &divio::PROFILE,
        connect: divio::connect,
    },
    Adapter {
        profile: &digitalocean::PROFILE,
        connect: digitalocean::connect,
    },
    Adapter {
        profile: &tsuru::PROFILE,
        connect: tsuru::connect,
    },
    Adapter {
        profile: &pandastack::PROFILE,
        connect: pandastack::connect,
    },
    Adapter {
        profile: &pangea::PROFILE,
        connect: pangea::connect,
    },
];

/// The adapter of that name.
#[must_use]
pub fn adapter(name: &str) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| adapter.profile.name == name)
}

/// What became of an operation whose answer was lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It happened; what to follow.
    Happened(Follow),
    /// It happened and is over.
    HappenedAndEnded,
    /// It did not happen.
    DidNotHappen,
    /// It has not shown, and may yet: look again. It is never taken for "it did not happen".
    NotYet,
    /// Reading does not tell.
    CannotTell,
}

/// One step of following a log.
#[derive(Clone, Debug, PartialEq)]
pub enum TailStep {
    /// New lines, oldest first; ask again at once.
    Lines(Vec<LogLine>),
    /// The whole text changed in its past: these lines replace everything shown before.
    Replaced(Vec<LogLine>),
    /// Nothing new; ask again after this long.
    Quiet(Duration),
    /// All lines have come and no more will.
    Ended,
}

/// A log being followed. It keeps its own place: after an error the next call goes on where the
/// last good one ended, so that nothing is lost and nothing comes twice.
pub trait Tail: Send {
    /// Reads on. Must be cancel-safe: a dropped call loses no lines.
    ///
    /// # Errors
    /// As any read. `NotFound` and `Unsupported` are final.
    fn next(&mut self) -> Answer<'_, TailStep>;
}

/// What goes into a terminal session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsoleInput {
    /// What was typed.
    Typed(Vec<u8>),
    /// The terminal has this size now: columns and rows.
    Size(u16, u16),
}

/// A terminal session on the platform. Closed when dropped.
pub trait Console: Send {
    /// What the other side writes, as it comes; absent when the session is over. Cancel-safe: a
    /// dropped call loses nothing.
    ///
    /// # Errors
    /// `Network`.
    fn read(&mut self) -> Answer<'_, Option<Vec<u8>>>;

    /// Sends what was typed, or the terminal's new size.
    ///
    /// # Errors
    /// `Network`.
    fn write(&mut self, input: ConsoleInput) -> Answer<'_, ()>;
}

/// A platform's API for one account.
///
/// Every method that is not overridden refuses with the reason that [`Platform::support`] declares
/// and sends nothing. Lists come page by page; the engine walks them.
///
/// # Errors
/// All methods: `Auth`, `RateLimited`, `Server`, `Network`, `Decode`; `NotFound` where something is
/// named by id; `Unsupported` where the platform does not offer it; writes also `Conflict`,
/// `Validation` and `ReadOnly`.
#[expect(
    missing_docs,
    reason = "the methods carry the names of the queries they answer"
)]
pub trait Platform: Send + Sync {
    /// What is true of the platform before it is asked.
    fn profile(&self) -> &'static Profile;

    /// Whether it offers something.
    fn support(&self, capability: Capability) -> Support;

    /// What is left of the rate limit, as the last answer said; absent where it does not say.
    fn budget(&self) -> Option<Budget> {
        None
    }

    /// Whether a read would be answered without a request of its own, because another one is about
    /// to bring or has just brought the same: then it does not wait for its turn.
    fn is_at_hand(&self, _query: &Query, _page: &PageRequest) -> bool {
        false
    }

    fn account(&self) -> Answer<'_, Account> {
        refuse(
            self.support(Capability::ReadAccount),
            Capability::ReadAccount,
        )
    }
    fn organisations(&self, _page: PageRequest) -> Answer<'_, Page<Organisation>> {
        refuse(
            self.support(Capability::ListOrganisations),
            Capability::ListOrganisations,
        )
    }
    fn apps(&self, _page: PageRequest) -> Answer<'_, Page<App>> {
        refuse(self.support(Capability::ListApps), Capability::ListApps)
    }
    /// Environments of all apps at once.
    fn all_environments(&self, _page: PageRequest) -> Answer<'_, Page<Environment>> {
        refuse(
            self.support(Capability::ListAllEnvironments),
            Capability::ListAllEnvironments,
        )
    }
    fn environments<'a>(
        &'a self,
        _of: &'a AppId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        refuse(
            self.support(Capability::ListEnvironments),
            Capability::ListEnvironments,
        )
    }
    fn environment<'a>(&'a self, _id: &'a EnvId) -> Answer<'a, Environment> {
        refuse(
            self.support(Capability::ListEnvironments),
            Capability::ListEnvironments,
        )
    }
    /// Newest first.
    fn deployments<'a>(
        &'a self,
        _of: &'a DeploymentScope,
        _page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        refuse(
            self.support(Capability::ListDeployments),
            Capability::ListDeployments,
        )
    }
    fn deployment<'a>(&'a self, _id: &'a DeploymentId) -> Answer<'a, Deployment> {
        refuse(
            self.support(Capability::ListDeployments),
            Capability::ListDeployments,
        )
    }
    /// Newest first.
    fn backups<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Backup>> {
        refuse(
            self.support(Capability::ListBackups),
            Capability::ListBackups,
        )
    }
    /// One backup with its parts.
    fn backup<'a>(&'a self, _id: &'a BackupId) -> Answer<'a, Backup> {
        refuse(
            self.support(Capability::ListBackups),
            Capability::ListBackups,
        )
    }
    /// Newest first.
    fn restores<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Restore>> {
        refuse(
            self.support(Capability::ListRestores),
            Capability::ListRestores,
        )
    }
    /// A prepared download with its parts.
    fn download<'a>(&'a self, _id: &'a DownloadId) -> Answer<'a, Download> {
        refuse(
            self.support(Capability::DownloadBackup),
            Capability::DownloadBackup,
        )
    }
    fn backup_plans(&self, _page: PageRequest) -> Answer<'_, Page<BackupPlan>> {
        refuse(
            self.support(Capability::ListBackupPlans),
            Capability::ListBackupPlans,
        )
    }
    fn variables<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Variable>> {
        refuse(
            self.support(Capability::ListVariables),
            Capability::ListVariables,
        )
    }
    fn domains<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Domain>> {
        refuse(
            self.support(Capability::ListDomains),
            Capability::ListDomains,
        )
    }
    fn services<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Service>> {
        refuse(
            self.support(Capability::ListServices),
            Capability::ListServices,
        )
    }
    fn service_kinds<'a>(
        &'a self,
        _of: Option<&'a AppId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<ServiceKind>> {
        refuse(
            self.support(Capability::ListServiceKinds),
            Capability::ListServiceKinds,
        )
    }
    fn jobs<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Job>> {
        refuse(self.support(Capability::ListJobs), Capability::ListJobs)
    }
    /// Newest first.
    fn activity<'a>(
        &'a self,
        _of: Option<&'a AppId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<Activity>> {
        refuse(
            self.support(Capability::ListActivity),
            Capability::ListActivity,
        )
    }
    fn maintenance<'a>(
        &'a self,
        _of: Option<&'a AppId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<MaintenanceRun>> {
        refuse(
            self.support(Capability::ListMaintenance),
            Capability::ListMaintenance,
        )
    }
    /// Over the last hour.
    fn metrics<'a>(&'a self, _of: &'a EnvId) -> Answer<'a, Vec<Metric>> {
        refuse(self.support(Capability::Metrics), Capability::Metrics)
    }
    /// What runs now, by name.
    fn units<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<Unit>> {
        refuse(self.support(Capability::ListUnits), Capability::ListUnits)
    }
    /// What the platform watches for. Whether an alert fires is told only where it says so.
    fn alerts<'a>(&'a self, _of: &'a AppId, _page: PageRequest) -> Answer<'a, Page<Alert>> {
        refuse(self.support(Capability::ListAlerts), Capability::ListAlerts)
    }
    /// Newest first.
    fn job_runs<'a>(&'a self, _of: &'a EnvId, _page: PageRequest) -> Answer<'a, Page<JobRun>> {
        refuse(
            self.support(Capability::ListJobRuns),
            Capability::ListJobRuns,
        )
    }
    /// Smallest first.
    fn sizes(&self, _page: PageRequest) -> Answer<'_, Page<InstanceSize>> {
        refuse(self.support(Capability::ListSizes), Capability::ListSizes)
    }
    fn regions(&self, _page: PageRequest) -> Answer<'_, Page<Region>> {
        refuse(
            self.support(Capability::ListRegions),
            Capability::ListRegions,
        )
    }
    /// What only this platform has; see [`Profile::others`].
    fn others(&self, _kind: &'static str, _page: PageRequest) -> Answer<'_, Page<Other>> {
        refuse(self.support(Capability::ListOthers), Capability::ListOthers)
    }
    fn repositories(&self, _page: PageRequest) -> Answer<'_, Page<Repository>> {
        refuse(
            self.support(Capability::ListRepositories),
            Capability::ListRepositories,
        )
    }
    fn webhooks<'a>(
        &'a self,
        _of: &'a RepositoryId,
        _page: PageRequest,
    ) -> Answer<'a, Page<Webhook>> {
        refuse(
            self.support(Capability::ListWebhooks),
            Capability::ListWebhooks,
        )
    }
    fn invoices<'a>(
        &'a self,
        _of: Option<&'a OrgId>,
        _page: PageRequest,
    ) -> Answer<'a, Page<Invoice>> {
        refuse(
            self.support(Capability::ListInvoices),
            Capability::ListInvoices,
        )
    }
    fn invoice_items<'a>(
        &'a self,
        _of: &'a InvoiceId,
        _page: PageRequest,
    ) -> Answer<'a, Page<InvoiceItem>> {
        refuse(
            self.support(Capability::ListInvoices),
            Capability::ListInvoices,
        )
    }

    /// Begins to follow a log. Sends nothing yet.
    ///
    /// # Errors
    /// `Unsupported` with the reason.
    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure>;

    /// What happens when an operation is sent twice here: what its kind says, unless on this
    /// platform nothing may be.
    fn safety(&self, operation: &Operation) -> Safety {
        operation.kind.safety()
    }

    /// What is newest now, for [`Platform::look_for`]. Asked before anything is sent that may not
    /// be repeated.
    fn witness<'a>(&'a self, _operation: &'a Operation) -> Answer<'a, Witness> {
        Box::pin(async { Ok(Witness(None)) })
    }

    /// Asks what an operation would do, without doing it: what it costs, what speaks against it.
    /// Absent where there is nothing to say. Asked for what [`Profile::previews`] names.
    ///
    /// [`Profile::previews`]: crate::model::Profile::previews
    fn preview<'a>(&'a self, _operation: &'a Operation) -> Answer<'a, Option<Preview>> {
        Box::pin(async { Ok(None) })
    }

    /// Carries out an operation: **one** attempt. Where the platform streams what it does, lines go
    /// to `output` and the answer comes at the end. `seen` is the revision of the target that
    /// whoever confirmed has seen: a platform whose changes replace a whole document refuses with
    /// `Conflict` if that has moved.
    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        _seen: Option<&'a Revision>,
        _output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        let capability = operation.kind.capability();
        refuse(self.support(capability), capability)
    }

    /// Opens a terminal session in an instance of an environment, or in any where none is named, for
    /// a terminal of so many columns and rows.
    fn console<'a>(
        &'a self,
        _of: &'a EnvId,
        _unit: Option<&'a str>,
        _size: (u16, u16),
    ) -> Answer<'a, Box<dyn Console>> {
        refuse(self.support(Capability::Console), Capability::Console)
    }

    /// Finds out by reading what became of an operation whose answer was lost.
    fn look_for<'a>(
        &'a self,
        _operation: &'a Operation,
        _before: &'a Witness,
    ) -> Answer<'a, Found> {
        Box::pin(async { Ok(Found::CannotTell) })
    }

    /// Looks how an accepted operation is doing.
    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed>;
}

/// Refuses with the declared reason; nothing is sent.
#[must_use]
pub fn refuse<'a, T>(support: Support, capability: Capability) -> Answer<'a, T> {
    let reason = support
        .refusal()
        .unwrap_or("this is not built for the platform yet");
    let failure = Failure::unsupported(capability, reason);
    Box::pin(async move { Err(failure) })
}

/// Asks `platform` one page of `query`; what is not a list is one page.
pub fn read<'a>(
    platform: &'a dyn Platform,
    query: &'a Query,
    page: PageRequest,
) -> Answer<'a, Payload> {
    if let Some(reason) = platform.support(query.capability()).refusal() {
        return refuse(Support::No(reason), query.capability());
    }
    Box::pin(async move {
        Ok(match query {
            Query::Account => Payload::Account(platform.account().await?),
            Query::Organisations => Payload::Organisations(platform.organisations(page).await?),
            Query::Apps => Payload::Apps(platform.apps(page).await?),
            Query::AllEnvironments => Payload::Environments(platform.all_environments(page).await?),
            Query::Environments(app) => {
                Payload::Environments(platform.environments(app, page).await?)
            }
            Query::Environment(id) => {
                Payload::Environment(Box::new(platform.environment(id).await?))
            }
            Query::Deployments(scope) => {
                Payload::Deployments(platform.deployments(scope, page).await?)
            }
            Query::Deployment(id) => Payload::Deployment(Box::new(platform.deployment(id).await?)),
            Query::Backups(env) => Payload::Backups(platform.backups(env, page).await?),
            Query::Backup(id) => Payload::Backup(Box::new(platform.backup(id).await?)),
            Query::Restores(env) => Payload::Restores(platform.restores(env, page).await?),
            Query::Download(id) => Payload::Download(platform.download(id).await?),
            Query::BackupPlans => Payload::BackupPlans(platform.backup_plans(page).await?),
            Query::Variables(env) => Payload::Variables(platform.variables(env, page).await?),
            Query::Domains(env) => Payload::Domains(platform.domains(env, page).await?),
            Query::Services(env) => Payload::Services(platform.services(env, page).await?),
            Query::ServiceKinds(app) => {
                Payload::ServiceKinds(platform.service_kinds(app.as_ref(), page).await?)
            }
            Query::Jobs(env) => Payload::Jobs(platform.jobs(env, page).await?),
            Query::Activity(app) => Payload::Activity(platform.activity(app.as_ref(), page).await?),
            Query::Maintenance(app) => {
                Payload::Maintenance(platform.maintenance(app.as_ref(), page).await?)
            }
            Query::Metrics(env) => Payload::Metrics(platform.metrics(env).await?),
            Query::Units(env) => Payload::Units(platform.units(env, page).await?),
            Query::Alerts(app) => Payload::Alerts(platform.alerts(app, page).await?),
            Query::JobRuns(env) => Payload::JobRuns(platform.job_runs(env, page).await?),
            Query::Sizes => Payload::Sizes(platform.sizes(page).await?),
            Query::Regions => Payload::Regions(platform.regions(page).await?),
            Query::Others(kind) => Payload::Others(platform.others(kind, page).await?),
            Query::Repositories => Payload::Repositories(platform.repositories(page).await?),
            Query::Webhooks(repository) => {
                Payload::Webhooks(platform.webhooks(repository, page).await?)
            }
            Query::Invoices(org) => Payload::Invoices(platform.invoices(org.as_ref(), page).await?),
            Query::InvoiceItems(id) => {
                Payload::InvoiceItems(platform.invoice_items(id, page).await?)
            }
        })
    })
}
