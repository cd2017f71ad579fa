//! JSON of what an app has beside its environments: instances, alerts, jobs and their runs; and of
//! what a platform has to choose from.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

/// A running instance (`get units`).
#[derive(Debug, Serialize)]
pub(crate) struct UnitItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// What an operation on it names it by.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// As of [`AppItem`](super::AppItem).
    pub(crate) status: &'static str,
    /// The platform's own word for its state.
    pub(crate) platform_word: Option<String>,
    /// When it began.
    pub(crate) started_at: Option<Timestamp>,
}

/// Something a platform watches for (`get alerts`).
#[derive(Debug, Serialize)]
pub(crate) struct AlertItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The platform's id.
    pub(crate) id: String,
    /// The part of the app that is watched; `null` for all of it.
    pub(crate) component: Option<String>,
    /// What is watched for.
    pub(crate) rule: String,
    /// Whether it is switched on.
    pub(crate) enabled: bool,
    /// Whether it fires; `null` where the platform does not say.
    pub(crate) firing: Option<bool>,
    /// Whether the platform has set it up; as of [`AppItem`](super::AppItem).
    pub(crate) status: &'static str,
    /// The platform's word where `status` is `unknown` because of it.
    pub(crate) platform_word: Option<String>,
    /// Who is told.
    pub(crate) told: Vec<String>,
}

/// A scheduled job (`get jobs`).
#[derive(Debug, Serialize)]
pub(crate) struct JobItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name or command.
    pub(crate) command: String,
    /// When it runs.
    pub(crate) schedule: String,
    /// When it last ran.
    pub(crate) last_run_at: Option<Timestamp>,
    /// The exit code of that.
    pub(crate) last_exit: Option<i64>,
    /// After how long it is killed.
    pub(crate) timeout_s: Option<u64>,
}

/// A run of a job (`get runs`).
#[derive(Debug, Serialize)]
pub(crate) struct RunItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the app.
    pub(crate) app: String,
    /// The name of the environment.
    pub(crate) environment: String,
    /// The platform's id.
    pub(crate) id: String,
    /// The id of the job.
    pub(crate) job: String,
    /// What the job is called.
    pub(crate) name: String,
    /// As of [`DeploymentItem`](super::DeploymentItem).
    pub(crate) phase: &'static str,
    /// The platform's word where that says more.
    pub(crate) platform_word: Option<String>,
    /// What started it.
    pub(crate) cause: Option<String>,
    /// When it was asked for.
    pub(crate) created_at: Option<Timestamp>,
    /// When it began.
    pub(crate) started_at: Option<Timestamp>,
    /// When it ended.
    pub(crate) ended_at: Option<Timestamp>,
}

/// A size an instance can have (`get sizes`).
#[derive(Debug, Serialize)]
pub(crate) struct SizeItem {
    /// The context.
    pub(crate) context: String,
    /// The word by which it is chosen.
    pub(crate) slug: String,
    /// Its name.
    pub(crate) name: String,
    /// Its processors, in words.
    pub(crate) cpus: String,
    /// Its memory.
    pub(crate) memory_bytes: Option<u64>,
    /// What it costs a month, as the platform writes it.
    pub(crate) price: Option<String>,
    /// Whether more than one instance of it may run.
    pub(crate) can_scale: bool,
}

/// A region (`get regions`).
#[derive(Debug, Serialize)]
pub(crate) struct RegionItem {
    /// The context.
    pub(crate) context: String,
    /// The platform's id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// A list that only one platform has (`get others`).
#[derive(Debug, Serialize)]
pub(crate) struct OtherKindItem {
    /// The context.
    pub(crate) context: String,
    /// Its name.
    pub(crate) name: &'static str,
    /// What is in it.
    pub(crate) about: &'static str,
}

/// An entry of such a list (`get others CONTEXT:LIST`).
#[derive(Debug, Serialize)]
pub(crate) struct OtherItem {
    /// The context.
    pub(crate) context: String,
    /// The name of the list.
    pub(crate) list: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// What there is to say of it in one line.
    pub(crate) about: Option<String>,
    /// What else is known of it, by the platform's own labels.
    pub(crate) details: BTreeMap<String, String>,
}
