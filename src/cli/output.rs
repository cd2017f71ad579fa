//! JSON output: what `-o json` promises to scripts, schema `flightdeck/1`.
//!
//! Keys are never removed or renamed within a schema; new ones may come. A key is always there:
//! what is not known is `null`. Times are RFC 3339 in UTC, sizes are bytes, lengths of time are
//! seconds. State words are fixed; where a platform uses a word that flightdeck does not know, the
//! state is `unknown` and the word is in `platform_word`.

mod parts;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::Failure;

pub(crate) use self::parts::{
    AlertItem, JobItem, OtherItem, OtherKindItem, RegionItem, RunItem, SizeItem, UnitItem,
};

/// The schema of every document.
pub(crate) const SCHEMA: &str = "flightdeck/1";

/// What `get -o json` writes.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'a, T> {
    /// `flightdeck/1`.
    pub(crate) schema: &'static str,
    /// What is listed: `apps`, `envs`, …
    pub(crate) kind: &'static str,
    /// When the document was written.
    pub(crate) generated_at: Timestamp,
    /// The entries.
    pub(crate) items: &'a [T],
    /// Every context that was asked, and those that the configuration leaves out.
    pub(crate) contexts: Vec<ContextOutcome>,
}

/// How a context answered.
#[derive(Debug, Serialize)]
pub(crate) struct ContextOutcome {
    /// Its name.
    pub(crate) name: String,
    /// Its platform; `null` where the configuration leaves the context out.
    pub(crate) platform: Option<&'static str>,
    /// Whether everything that was asked was answered.
    pub(crate) ok: bool,
    /// Why not; there only if `ok` is false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Problem>,
    /// Why it has no entries, where its platform does not offer them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unsupported: Option<String>,
    /// When it last answered.
    pub(crate) fetched_at: Option<Timestamp>,
}

/// Why something failed.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// `auth`, `not_found`, `rate_limited`, `conflict`, `validation`, `unsupported`, `read_only`,
    /// `server`, `network`, `decode`, `local`, `cancelled` or `configuration`.
    pub(crate) kind: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What to do.
    pub(crate) advice: String,
    /// When to ask again, in seconds, where the platform says so.
    pub(crate) retry_after_s: Option<u64>,
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        let mut retry_after_s = None;
        let kind = match failure {
            Failure::Auth(_) => "auth",
            Failure::NotFound { .. } => "not_found",
            Failure::RateLimited { retry_after, .. } => {
                retry_after_s = retry_after.map(|wait| wait.as_secs());
                "rate_limited"
            }
            Failure::Conflict(_) => "conflict",
            Failure::Validation(_) => "validation",
            Failure::Unsupported { .. } => "unsupported",
            Failure::ReadOnly => "read_only",
            Failure::Server { .. } => "server",
            Failure::Network { .. } => "network",
            Failure::Decode { .. } => "decode",
            Failure::Local { .. } => "local",
            Failure::Cancelled => "cancelled",
        };
        Self {
            kind,
            message: failure.headline(),
            advice: failure.advice(),
            retry_after_s,
        }
    }
}

/// A configured context (`get contexts`).
#[derive(Debug, Serialize)]
pub(crate) struct ContextItem {
    /// Its name.
    pub(crate) name: String,
    /// Its platform.
    pub(crate) platform: &'static str,
    /// Where its API is.
    pub(crate) base_url: String,
    /// Whose credential it is; `null` where it did not answer or cannot tell.
    pub(crate) account: Option<String>,
    /// `ok`, or a few words about what is wrong.
    pub(crate) state: String,
    /// The configured class: `PROD`, `stag` or `dev`.
    pub(crate) class: Option<&'static str>,
    /// Whether operations are confirmed one tier higher.
    pub(crate) protected: bool,
    /// Whether nothing may be changed.
    pub(crate) read_only: bool,
    /// Where its token comes from. Never the token.
    pub(crate) credential: String,
}

/// An organisation (`get orgs`).
#[derive(Debug, Serialize)]
pub(crate) struct OrganisationItem {
    /// The context.
    pub(crate) context: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// What is released.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReleaseItem {
    /// The shortest name of it: a version, a tag, the first digits of a commit.
    pub(crate) label: String,
    /// When it went live.
    pub(crate) at: Option<Timestamp>,
    /// Who released it.
    pub(crate) by: Option<String>,
}

/// An app (`get apps`).
#[derive(Debug, Serialize)]
pub(crate) struct AppItem {
    /// The context.
    pub(crate) context: String,
    /// The platform's id.
    pub(crate) id: String,
    /// The short name that targets use.
    pub(crate) name: String,
    /// A longer title, if it differs from the name.
    pub(crate) title: Option<String>,
    /// The id of its organisation.
    pub(crate) organisation: Option<String>,
    /// The worst of its own state and those of its environments: `failed`, `degraded`, `queued`,
    /// `building`, `deploying`, `live`, `asleep`, `stopped`, `present` or `unknown`.
    pub(crate) status: &'static str,
    /// The platform's word where `status` is `unknown` because of it.
    pub(crate) platform_word: Option<String>,
    /// The gravest class of its environments: `PROD`, `stag` or `dev`.
    pub(crate) class: Option<&'static str>,
    /// What is released; of several environments that of the gravest class.
    pub(crate) release: Option<ReleaseItem>,
    /// Why the status is what it is.
    pub(crate) reason: Option<String>,
    /// Where it answers.
    pub(crate) url: Option<String>,
}

/// Instances of an environment.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct UnitsItem {
    /// Up and ready.
    pub(crate) ready: u32,
    /// Wanted.
    pub(crate) wanted: u32,
}

/// An environment (`get envs`).
#[derive(Debug, Serialize)]
pub(crate) struct EnvironmentItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app; its id where the name is not known.
    pub(crate) app: String,
    /// The platform's id of the app.
    pub(crate) app_id: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether the platform has no environments and flightdeck made this level.
    pub(crate) synthetic: bool,
    /// What kind of thing it is, where they differ (`service`, `worker`).
    pub(crate) kind: Option<String>,
    /// As of [`AppItem`].
    pub(crate) status: &'static str,
    /// The platform's word where `status` is `unknown` because of it.
    pub(crate) platform_word: Option<String>,
    /// `PROD`, `stag` or `dev`.
    pub(crate) class: Option<&'static str>,
    /// What runs.
    pub(crate) release: Option<ReleaseItem>,
    /// Why the status is what it is.
    pub(crate) reason: Option<String>,
    /// The id of the deployment under way.
    pub(crate) running_deployment: Option<String>,
    /// How far that is, 0 to 100.
    pub(crate) percent: Option<u8>,
    /// Instances.
    pub(crate) units: Option<UnitsItem>,
    /// The branch it is built from.
    pub(crate) branch: Option<String>,
    /// Commits that the next deployment would bring.
    pub(crate) pending_commits: Option<u32>,
    /// Whether changed settings wait for a deployment.
    pub(crate) pending_changes: bool,
    /// When the status last changed.
    pub(crate) changed_at: Option<Timestamp>,
    /// Where it answers.
    pub(crate) url: Option<String>,
}

/// A deployment (`get deployments`).
#[derive(Debug, Serialize)]
pub(crate) struct DeploymentItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment, where a deployment belongs to one; its id where the name is
    /// not known.
    pub(crate) environment: Option<String>,
    /// The platform's id.
    pub(crate) id: String,
    /// The shortest name of it.
    pub(crate) label: String,
    /// `queued`, `building`, `deploying`, `running`, `action_required`, `succeeded`, `replaced`,
    /// `failed`, `cancelled`, `ended` or `unknown`.
    pub(crate) phase: &'static str,
    /// The platform's own word, where the phase leaves something unsaid.
    pub(crate) platform_word: Option<String>,
    /// Whether it is what runs now.
    pub(crate) current: bool,
    /// Who started it.
    pub(crate) by: Option<String>,
    /// What started it, in the platform's words.
    pub(crate) cause: Option<String>,
    /// Commit.
    pub(crate) commit: Option<String>,
    /// First line of the commit's message.
    pub(crate) message: Option<String>,
    /// When it began.
    pub(crate) started_at: Option<Timestamp>,
    /// When it ended; `null` while it runs.
    pub(crate) ended_at: Option<Timestamp>,
    /// How long it took.
    pub(crate) duration_s: Option<u64>,
    /// 0 to 100.
    pub(crate) percent: Option<u8>,
    /// Why it failed.
    pub(crate) reason: Option<String>,
}

/// A backup (`get backups`).
#[derive(Debug, Serialize)]
pub(crate) struct BackupItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's id.
    pub(crate) id: String,
    /// `waiting`, `working`, `done`, `partial`, `failed` or `unknown`.
    pub(crate) state: &'static str,
    /// The platform's word where `state` is `unknown` because of it.
    pub(crate) platform_word: Option<String>,
    /// When it was taken.
    pub(crate) taken_at: Option<Timestamp>,
    /// Size in bytes.
    pub(crate) size_bytes: Option<u64>,
    /// How many services it covers.
    pub(crate) services: usize,
    /// Notes of whoever took it.
    pub(crate) notes: Option<String>,
    /// What started it, in the platform's words.
    pub(crate) trigger: Option<String>,
    /// When the platform deletes it.
    pub(crate) expires_at: Option<Timestamp>,
    /// 0 to 100.
    pub(crate) percent: Option<u8>,
}

/// An environment variable (`get vars`).
#[derive(Debug, Serialize)]
pub(crate) struct VariableItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// Its name.
    pub(crate) name: String,
    /// Its value; `null` unless `--reveal` was given and the platform tells it.
    pub(crate) value: Option<String>,
    /// Whether the platform hides the value.
    pub(crate) sensitive: bool,
    /// Whether it is set by the platform or a service.
    pub(crate) read_only: bool,
    /// The part of the app it applies to.
    pub(crate) scope: Option<String>,
}

/// A domain (`get domains`).
#[derive(Debug, Serialize)]
pub(crate) struct DomainItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// As of [`AppItem`].
    pub(crate) status: &'static str,
    /// The platform's word where `status` is `unknown` because of it.
    pub(crate) platform_word: Option<String>,
    /// What the last check said.
    pub(crate) message: Option<String>,
    /// Whether it is the main one.
    pub(crate) primary: bool,
    /// Whether it redirects to the main one.
    pub(crate) redirects: bool,
    /// Whether it is served over TLS.
    pub(crate) tls: Option<bool>,
    /// DNS records or steps that are yours to make.
    pub(crate) instructions: Vec<String>,
}

/// A service (`get services`).
#[derive(Debug, Serialize)]
pub(crate) struct ServiceItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its kind, in the platform's words.
    pub(crate) kind: String,
    /// As of [`AppItem`].
    pub(crate) status: &'static str,
    /// The platform's own word for its state.
    pub(crate) platform_word: Option<String>,
    /// Whether it can be part of a backup.
    pub(crate) can_back_up: Option<bool>,
}

/// Something that happened (`get activity`).
#[derive(Debug, Serialize)]
pub(crate) struct ActivityItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The platform's id.
    pub(crate) id: String,
    /// When.
    pub(crate) at: Option<Timestamp>,
    /// Who did it.
    pub(crate) by: Option<String>,
    /// What kind of thing, in the platform's words.
    pub(crate) kind: String,
    /// What happened.
    pub(crate) text: String,
    /// Whether it failed; `null` where the platform does not say.
    pub(crate) failed: Option<bool>,
}

/// A line of a chart (`get metrics`).
#[derive(Debug, Serialize)]
pub(crate) struct MetricItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's identifier of the metric.
    pub(crate) metric: String,
    /// Its title.
    pub(crate) title: String,
    /// Its unit, in the platform's words.
    pub(crate) unit: String,
    /// What it is the line of; empty for the only one.
    pub(crate) series: String,
    /// The newest value.
    pub(crate) value: Option<f64>,
    /// When that was measured.
    pub(crate) at: Option<Timestamp>,
    /// All points, oldest first.
    pub(crate) points: Vec<PointItem>,
    /// Why there are none although the platform answered.
    pub(crate) problem: Option<String>,
}

/// One measurement.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct PointItem {
    /// When.
    pub(crate) at: Timestamp,
    /// How much.
    pub(crate) value: f64,
}

/// A log line (`logs -o json`), one object a line.
#[derive(Debug, Serialize)]
pub(crate) struct LineItem<'a> {
    /// `flightdeck/1`.
    pub(crate) schema: &'static str,
    /// When it was written; `null` where the platform does not say.
    pub(crate) at: Option<Timestamp>,
    /// The context.
    pub(crate) context: &'a str,
    /// The name of the app.
    pub(crate) app: &'a str,
    /// The name of the environment.
    pub(crate) environment: Option<&'a str>,
    /// The id of the deployment whose log it is; `null` for every other log.
    pub(crate) deployment: Option<&'a str>,
    /// Who wrote it; empty where unknown.
    pub(crate) source: &'a str,
    /// `debug`, `info`, `warn`, `error` or `null`.
    pub(crate) level: Option<&'static str>,
    /// `output`, or `mark` for a remark of flightdeck's own (a gap, dropped lines).
    pub(crate) kind: &'static str,
    /// Whether it is there only because a line near it was looked for.
    pub(crate) is_context: bool,
    /// The text without control characters.
    pub(crate) text: &'a str,
}
