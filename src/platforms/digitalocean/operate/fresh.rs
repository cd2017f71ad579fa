//! The app as it is now: its spec as it is written, and the deployments it names.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::{AppId, DeploymentId, EnvId, Failure, Follow, Operation, Safety, Text};
use crate::platforms::digitalocean::api::{Api, call};
use crate::platforms::digitalocean::ids;
use crate::platforms::digitalocean::paths::Op;
use crate::platforms::digitalocean::spec::raw;
use crate::platforms::http::Reply;
use crate::platforms::loose::Loose;

/// The newest deployments that are read; each carries a whole spec.
const NEWEST: &str = "10";

/// As many of an app with a history so long that the platform takes too long for more.
const FEWER: &str = "5";

/// The edge gave up waiting.
const TIMED_OUT: u16 = 524;

/// An app. Its spec is secret: there is no `Debug`.
///
/// Source: `DigitalOcean` contract, section 5.2.
#[derive(Deserialize)]
pub(in super::super) struct Fresh {
    pub(in super::super) id: String,
    spec: Option<Box<RawValue>>,
    pub(in super::super) updated_at: Option<String>,
    active_deployment: Option<Begun>,
    in_progress_deployment: Option<Begun>,
    pending_deployment: Option<Begun>,
    pinned_deployment: Option<Begun>,
}

#[derive(Deserialize)]
struct Answer {
    app: Fresh,
}

/// A deployment, as far as one is told from another.
///
/// Source: `DigitalOcean` contract, section 5.3.
#[derive(Deserialize)]
pub(in super::super) struct Begun {
    #[serde(default)]
    pub(in super::super) id: String,
    pub(in super::super) cloned_from: Option<String>,
    #[serde(default)]
    created_at: Loose<Timestamp>,
    cause_details: Option<CauseDetails>,
}

#[derive(Deserialize)]
struct CauseDetails {
    #[serde(rename = "type")]
    kind: Option<String>,
    digitalocean_user_action: Option<UserAction>,
}

#[derive(Deserialize)]
struct UserAction {
    name: Option<String>,
}

#[derive(Deserialize)]
struct List {
    #[serde(default)]
    deployments: Option<Vec<Begun>>,
}

/// An answer that names one deployment.
#[derive(Deserialize)]
struct One {
    deployment: Begun,
}

impl Begun {
    /// What began it, where the platform says so: the step of a user, or another cause.
    pub(in super::super) fn cause(&self) -> Option<&str> {
        let details = self.cause_details.as_ref()?;
        let action = details.digitalocean_user_action.as_ref();
        let action = action.and_then(|action| action.name.as_deref());
        action
            .filter(|name| *name != "UNKNOWN")
            .or_else(|| details.kind.as_deref().filter(|kind| !is_vague(kind)))
    }
}

/// Words that leave open which step of a user it was.
fn is_vague(kind: &str) -> bool {
    matches!(kind, "UNKNOWN" | "MANUAL" | "MANUAL_ROLLBACK")
}

impl Fresh {
    /// Reads an app, and remembers its spec.
    pub(in super::super) async fn read(api: &Api, app: &str) -> Result<Self, Failure> {
        let call = call(Op::GetApp, &[app], Safety::Read)?;
        let fresh = Self::of(&api.http.send(call).await?)?;
        fresh.remember(api);
        Ok(fresh)
    }

    /// The app in an answer.
    pub(in super::super) fn of(reply: &Reply) -> Result<Self, Failure> {
        let Answer { app } = reply.json()?;
        Ok(app)
    }

    pub(in super::super) fn remember(&self, api: &Api) {
        api.memory.saw(&self.id, self.spec());
    }

    /// The spec as it is written.
    pub(in super::super) fn spec(&self) -> &str {
        self.spec.as_deref().map_or("null", RawValue::get)
    }

    /// The app's name.
    pub(in super::super) fn name(&self) -> Option<String> {
        raw::field_text(self.spec(), "name")
    }

    /// Whether a roll-back waits to be kept or undone: until then nothing is deployed.
    pub(in super::super) fn is_pinned(&self) -> bool {
        self.pinned_deployment.is_some()
    }

    /// Whether a deployment waits or runs.
    pub(in super::super) fn is_busy(&self) -> bool {
        self.pending_deployment.is_some() || self.in_progress_deployment.is_some()
    }

    /// The deployment that waits or runs and that the app did not name `before`.
    ///
    /// Source: `DigitalOcean` contract, section 5.3 (app slots).
    pub(in super::super) fn begun(&self, before: Option<&Self>) -> Option<DeploymentId> {
        let known: Vec<&str> = before.map(Self::named).unwrap_or_default();
        let slots = [&self.pending_deployment, &self.in_progress_deployment];
        let new = slots
            .into_iter()
            .flatten()
            .find(|it| !it.id.is_empty() && !known.contains(&it.id.as_str()))?;
        Some(ids::deployment(&self.id, &new.id))
    }

    fn named(&self) -> Vec<&str> {
        let slots = [
            &self.active_deployment,
            &self.in_progress_deployment,
            &self.pending_deployment,
            &self.pinned_deployment,
        ];
        slots
            .into_iter()
            .flatten()
            .map(|it| it.id.as_str())
            .collect()
    }
}

/// The newest deployments of an app.
pub(in super::super) async fn newest(api: &Api, app: &str) -> Result<Vec<Begun>, Failure> {
    let ask = async |size| {
        let query = [("page", "1"), ("per_page", size)];
        let call = call(Op::ListDeployments, &[app], Safety::Read)?.query(query);
        let list: List = api.http.send(call).await?.json()?;
        let mut deployments = list.deployments.unwrap_or_default();
        // What is not the newest first would look as if nothing were new.
        deployments.sort_by_key(|it| Reverse(*it.created_at));
        Ok(deployments)
    };
    match ask(NEWEST).await {
        Err(Failure::Server {
            status: TIMED_OUT, ..
        }) => ask(FEWER).await,
        result => result,
    }
}

/// What to follow: the deployment in an answer. It was begun and has not ended: an answer that does
/// not name it is no answer, and what it began is looked for.
pub(super) fn deployment(app: &str, reply: &Reply) -> Result<Follow, Failure> {
    let One { deployment } = reply.json()?;
    Ok(Follow::Deployment(ids::deployment(app, &deployment.id)))
}

/// The app that an operation is about.
pub(in super::super) fn app(operation: &Operation) -> Result<&str, Failure> {
    let target = &operation.target;
    match (&target.app, &target.environment) {
        (Some(app), _) => of_app(app),
        (None, Some(environment)) => of_environment(environment),
        (None, None) => Err(Failure::invalid("app", "choose one")),
    }
}

fn of_app(id: &AppId) -> Result<&str, Failure> {
    ids::of_app(id)
}

fn of_environment(id: &EnvId) -> Result<&str, Failure> {
    ids::of_environment(id).map(|(app, _)| app)
}

/// Nothing is deployed while a roll-back is pinned.
///
/// Source: `DigitalOcean` contract, section 5.5.
pub(in super::super) fn pinned() -> Text {
    Text::clean("a roll-back is pinned, so nothing is deployed: keep it or undo it first")
}
