//! Everything else a platform keeps about an app: variables, domains, services, jobs, activity,
//! maintenance, metrics, and the catalogues around them.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};

use super::{
    ActivityId, AlertId, AppId, Detail, DomainId, EnvId, Follow, InvoiceId, JobId, JobRunId,
    MaintenanceId, OrgId, Phase, RegionId, RepositoryId, Secret, ServiceId, ServiceKindId, Status,
    Text, VariableId, WebhookId,
};

/// An environment variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Id; absent where a platform knows variables by name only.
    pub id: Option<VariableId>,
    /// Name, as the platform has it.
    pub name: Text,
    /// Value; absent where the platform hides it.
    pub value: Option<Secret>,
    /// Whether the platform hides the value.
    pub is_sensitive: bool,
    /// Whether it is set by the platform or a service and cannot be edited.
    pub is_read_only: bool,
    /// The part of the app it applies to (a component), where it is narrower than the scope asked.
    pub scope: Option<Text>,
    /// When it was last changed.
    pub changed_at: Option<Timestamp>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Id.
    pub id: DomainId,
    /// Name.
    pub name: Text,
    /// The environment it leads to.
    pub environment: Option<EnvId>,
    /// Whether it works, as far as the platform checked.
    pub status: Status,
    /// What the last check said.
    pub message: Option<Text>,
    /// Whether it is the main one.
    pub is_primary: bool,
    /// Whether it redirects to the main one.
    pub redirects: bool,
    /// Whether it is served over TLS.
    pub tls: Option<bool>,
    /// DNS records or steps the user must make, one line each.
    pub instructions: Vec<Text>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A service attached to an environment: a database, a bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Id.
    pub id: ServiceId,
    /// Short name.
    pub name: Text,
    /// Kind ("DATABASE", "postgresql"), in the platform's words.
    pub kind: Text,
    /// What it is an instance of.
    pub kind_id: Option<ServiceKindId>,
    /// The environment it belongs to.
    pub environment: Option<EnvId>,
    /// State.
    pub status: Status,
    /// The platform's word for its state.
    pub state: Option<Text>,
    /// Whether it can be part of a backup; absent where unknown.
    pub can_back_up: Option<bool>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A kind of service that can be created.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceKind {
    /// Id.
    pub id: ServiceKindId,
    /// Name.
    pub name: Text,
    /// Kind, in the platform's words.
    pub kind: Text,
    /// Whether it can be backed up; absent where unknown.
    pub can_back_up: Option<bool>,
    /// A sentence about it.
    pub description: Option<Text>,
}

/// A scheduled job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Name or command.
    pub command: Text,
    /// When it runs, in words.
    pub schedule: Text,
    /// The environment it belongs to.
    pub environment: Option<EnvId>,
    /// When it last ran.
    pub last_run_at: Option<Timestamp>,
    /// How that ended.
    pub last_exit: Option<i64>,
    /// After which time it is killed.
    pub timeout: Option<Duration>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A run of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobRun {
    /// Id.
    pub id: JobRunId,
    /// The job.
    pub job: JobId,
    /// What the job is called.
    pub name: Text,
    /// The environment that the job is, or belongs to.
    pub environment: Option<EnvId>,
    /// How far it is.
    pub phase: Phase,
    /// What started it ("schedule 0 3 * * *", "manual"), in words.
    pub cause: Option<Text>,
    /// When it was asked for.
    pub created_at: Option<Timestamp>,
    /// When it began; absent while it waits.
    pub started_at: Option<Timestamp>,
    /// When it ended; absent while it runs.
    pub ended_at: Option<Timestamp>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// One running instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// What an operation on it names it by.
    pub id: Text,
    /// What people call it, where that differs ("web-0").
    pub name: Text,
    /// The environment it belongs to.
    pub environment: Option<EnvId>,
    /// State; [`Status::Present`] where the platform says no more.
    pub status: Status,
    /// The platform's word for its state.
    pub state: Option<Text>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// Something a platform watches for.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Id.
    pub id: AlertId,
    /// The part of the app that is watched; absent for all of it.
    pub component: Option<Text>,
    /// What is watched for, in words ("CPU above 80 % for 10 minutes").
    pub rule: Text,
    /// Whether it is switched on.
    pub is_enabled: bool,
    /// Whether it fires; absent where the platform does not say.
    pub is_firing: Option<bool>,
    /// Whether the platform has set it up.
    pub status: Status,
    /// Who is told, one line each. Addresses only, no secrets.
    pub told: Vec<Text>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A size an instance can have.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceSize {
    /// The word by which it is chosen.
    pub slug: Text,
    /// Name.
    pub name: Text,
    /// Processors, in words ("1 shared", "2 dedicated").
    pub cpus: Text,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
    /// Price a month with its currency, as the platform writes it: money is never a float.
    pub price: Option<Text>,
    /// Whether more than one instance of it may run.
    pub can_scale: bool,
    /// More about it.
    pub details: Vec<Detail>,
}

/// An entry of a platform's audit trail.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Id.
    pub id: ActivityId,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// The app it concerns.
    pub app: Option<AppId>,
    /// Who did it.
    pub by: Option<Text>,
    /// What kind of thing, in the platform's words.
    pub kind: Text,
    /// What happened, in a sentence.
    pub text: Text,
    /// Whether it failed; absent where the platform does not say.
    pub failed: Option<bool>,
    /// Whether it goes on and can be cancelled.
    pub can_cancel: bool,
    /// What else the platform calls the same: the deployment that it is, the task that is followed;
    /// absent where that is not certain.
    pub follow: Option<Follow>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// How far a maintenance run is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MaintenanceState {
    /// Planned.
    Upcoming,
    /// Waits to begin.
    Queued,
    /// Runs.
    Running,
    /// Over.
    Completed,
    /// A word flightdeck does not know.
    Other(Text),
}

/// Planned work of the platform on an app, or a block that keeps changes out.
#[derive(Clone, Debug, PartialEq)]
pub struct MaintenanceRun {
    /// Id.
    pub id: MaintenanceId,
    /// The app it concerns.
    pub app: Option<AppId>,
    /// What is done.
    pub title: Text,
    /// State.
    pub state: MaintenanceState,
    /// When it is planned.
    pub planned_for: Option<Timestamp>,
    /// Whether it may be started now.
    pub can_run: bool,
    /// Whether it may be left out.
    pub can_skip: bool,
    /// Whether it may be cancelled.
    pub can_cancel: bool,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A region.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Id.
    pub id: RegionId,
    /// Name.
    pub name: Text,
    /// More about it.
    pub details: Vec<Detail>,
}

/// An entry of a list that only one platform has.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Name.
    pub name: Text,
    /// What there is to say of it in one line.
    pub about: Option<Text>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A source repository.
#[derive(Clone, Debug, PartialEq)]
pub struct Repository {
    /// Id.
    pub id: RepositoryId,
    /// The organisation it belongs to.
    pub organisation: Option<OrgId>,
    /// Its address, without credentials.
    pub address: Option<Text>,
    /// Whether the platform can read it.
    pub status: Status,
    /// What the platform says about that.
    pub message: Option<Text>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// The repository it listens to.
    pub repository: Option<RepositoryId>,
    /// Who calls it.
    pub provider: Text,
    /// When it was last called.
    pub last_at: Option<Timestamp>,
    /// Whether that worked.
    pub last_ok: Option<bool>,
    /// What was said.
    pub message: Option<Text>,
}

/// An invoice.
#[derive(Clone, Debug, PartialEq)]
pub struct Invoice {
    /// Id.
    pub id: InvoiceId,
    /// Its number.
    pub number: Text,
    /// The period it is for, in the platform's words.
    pub period: Text,
    /// The amount as the platform writes it: money is never a float.
    pub total: Text,
    /// Currency code.
    pub currency: Text,
    /// State, in the platform's words.
    pub state: Text,
    /// The organisation that pays.
    pub organisation: Option<OrgId>,
    /// When it was charged.
    pub charged_on: Option<Date>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Where the receipt is.
    pub receipt: Option<Text>,
}

/// One line of an invoice.
#[derive(Clone, Debug, PartialEq)]
pub struct InvoiceItem {
    /// What is charged.
    pub title: Text,
    /// The amount as the platform writes it.
    pub total: Text,
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub value: f64,
}

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is the line of (an instance, a process); empty for the only one.
    pub label: Text,
    /// Its points, oldest first.
    pub points: Vec<Point>,
}

/// A metric with its lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// The platform's identifier.
    pub key: Text,
    /// Title.
    pub title: Text,
    /// Unit, in the platform's words.
    pub unit: Text,
    /// Its lines; empty where there is no data.
    pub series: Vec<Series>,
    /// Why there is nothing to draw although the platform answered.
    pub problem: Option<Text>,
}
