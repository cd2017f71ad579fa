//! The shared vocabulary: ids, entities, capabilities, requests, operations, failures.
//!
//! Plain data, and one interface between two that may not know each other ([`Keep`]). Nothing here
//! knows the clock, the network, a terminal or a particular platform; every other module may import
//! it and it imports none.

mod app;
mod backup;
mod capability;
pub mod catalogue;
mod deployment;
mod detail;
pub mod dotenv;
mod environment;
mod failure;
mod ids;
mod line;
mod notebook;
mod operation;
mod page;
mod profile;
mod query;
mod resource;
mod secret;
pub mod size;
mod special;
mod status;
mod tail;
mod text;
mod transfer;

pub use app::{Account, App, Badge, Organisation};
pub use backup::{
    Backup, BackupPart, BackupPlan, BackupState, Download, DownloadPart, PlanKind, Restore,
};
pub use capability::{Capability, Support};
pub use deployment::{Deployment, DeploymentScope, Phase, Progress, Step, StepState};
pub use detail::{Detail, DetailValue};
pub use environment::{Environment, Pending, Release, Units};
pub use failure::{AuthProblem, Failure, FieldProblem, NetworkProblem};
pub use ids::{
    ActivityId, AlertId, AppId, BackupId, BackupPartId, ContextId, DeploymentId, DomainId,
    DownloadId, EnvId, InvoiceId, JobId, JobRunId, MaintenanceId, OrgId, RegionId, RepositoryId,
    RestoreId, Scoped, ServiceId, ServiceKindId, VariableId, WebhookId,
};
pub(crate) use line::MAX_RAW_BYTES;
pub use line::{
    Colour, FOLDED_BYTES, LONG_BYTES, Level, LineKind, LogLine, MAX_LINE_COLUMNS, SgrSpan,
    SgrStyle, clean_line,
};
pub use notebook::{Notebook, Scratch};
pub use operation::{
    Accepted, Consent, DeployMode, DomainChange, Ended, Follow, Followed, IntentId, JobSpec,
    Operation, OperationEvent, OperationKey, OperationKind, OperationTicket, Preview,
    PreviewReport, Revision, RunPlace, Safety, Stage, Stakes, Target, VariableChange, VariableWish,
    Verdict, Witness,
};
pub use page::{Page, PageRequest, PageToken};
pub use profile::{
    Creation, LogDelivery, LogHistory, OtherKind, PollHints, Profile, RatePolicy, Setting,
    Vocabulary,
};
pub use query::{Budget, Fetch, Payload, Priority, Query, QueryKey, Report, Ticket};
pub use resource::{
    Activity, Alert, Domain, InstanceSize, Invoice, InvoiceItem, Job, JobRun, MaintenanceRun,
    MaintenanceState, Metric, Other, Point, Region, Repository, Series, Service, ServiceKind, Unit,
    Variable, Webhook,
};
pub use secret::Secret;
pub use special::Special;
pub use status::{Class, Status};
pub use tail::{LogBatch, LogSource, PastLines, TailId, TailRequest, TailState};
pub use text::Text;
pub use transfer::{
    Destination, DiskProblem, DiskTrouble, DownloadRequest, Keep, PartProgress, Partial, Saved,
    Spot, Stored, TransferEvent, TransferFailure, TransferPhase, TransferProblem, TransferTicket,
};
