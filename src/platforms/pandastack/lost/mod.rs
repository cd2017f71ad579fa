//! What became of an operation whose answer was lost, by reading.
//!
//! A state that was left, or a deployment that is new, tells that something happened. That nothing
//! shows tells nothing of what changes an app: only an app that was ordered and is not listed is not
//! there. `shown` compares settings with what a record shows.

mod shown;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::api::Api;
use super::decode::{Of, Record};
use super::fresh;
use super::ids::{self, Which};
use super::operate::{app, settings};
use super::paths::Op;
use super::progress::Task;
use super::projects;
use super::words::State;
use crate::model::{AppId, Failure, Follow, Operation, OperationKind, Text, Witness};
use crate::platforms::{Found, witness as notes};

/// What is noted before an operation; of each what tells something about it.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Before {
    /// The ids of the apps from a slug.
    apps: Option<Vec<String>>,
    /// The latest deployment of the app.
    deployment: Option<String>,
    /// The word for its state.
    state: Option<String>,
    domain: Option<String>,
    /// Whether its record shows the settings already.
    is_shown: Option<bool>,
}

pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    if let OperationKind::CreateApp { name, .. } = &operation.kind {
        let apps = fresh::apps(api).await?.ids_from(name.trim());
        api.watches.list_before(name.trim(), apps.clone());
        return Ok(notes::written(&Before {
            apps: Some(apps),
            ..Before::default()
        }));
    }
    match ids::of_app(app(operation)?) {
        Which::Project(name) => Box::pin(projects::witness(api, name, operation)).await,
        Which::Managed(id) => of_managed(api, id, &operation.kind).await,
    }
}

async fn of_managed(api: &Api, id: &str, kind: &OperationKind) -> Result<Witness, Failure> {
    if matches!(kind, OperationKind::CompleteInstallation { .. }) {
        return Ok(match installation(api, id).await {
            Err(Failure::NotFound { .. }) => Witness(None),
            record => notes::written(&Before::of(&record?, Of::Installation)),
        });
    }
    let wished = wished(kind)?;
    let apps = fresh::apps(api).await?;
    let Some(record) = apps.find(id) else {
        return Ok(Witness(None));
    };
    Ok(notes::written(&Before {
        is_shown: wished.map(|wished| shown::all(record, &wished)),
        ..Before::of(record, Of::App)
    }))
}

/// The settings that an operation sends.
fn wished(kind: &OperationKind) -> Result<Option<Map<String, Value>>, Failure> {
    if let OperationKind::Special { inputs, .. } = kind {
        return settings(inputs).map(Some);
    }
    Ok(None)
}

impl Before {
    fn of(record: &Record, of: Of) -> Self {
        let told = |text: Option<Text>| text.map(|it| it.to_string());
        let state = record.status(of).map(|it| it.to_string());
        // Where flags stand in for a word, so does a word for them.
        let by_flags = || Some(State::told(record, of)?.word().to_owned());
        Self {
            deployment: told(record.deployment()),
            state: state.or_else(by_flags),
            domain: told(record.domain()),
            ..Self::default()
        }
    }
}

pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    let noted: Option<Before> = notes::read(before);
    if let OperationKind::CreateApp { name, .. } = &operation.kind {
        return created(api, name.trim(), noted).await;
    }
    let app = app(operation)?;
    let id = match ids::of_app(app) {
        Which::Project(name) => {
            return Box::pin(projects::look_for(api, name, operation, before)).await;
        }
        Which::Managed(id) => id,
    };
    let kind = &operation.kind;
    if matches!(kind, OperationKind::DeleteApp { .. }) {
        return deleted(api, app, id).await;
    }
    let Some(before) = noted else {
        return Ok(Found::CannotTell);
    };
    if let OperationKind::CompleteInstallation { domain } = kind {
        let now = installation(api, id).await?;
        return Ok(completed(app, domain.trim(), &before, &now));
    }
    if matches!(kind, OperationKind::RetryDeployment { .. }) {
        let apps = fresh::apps(api).await?;
        let now = apps.find(id);
        return Ok(now.map_or(Found::CannotTell, |now| retried(app, &before, now)));
    }
    match wished(kind)? {
        Some(wished) => configured(api, id, &wished, &before).await,
        None => Ok(Found::CannotTell),
    }
}

async fn installation(api: &Api, id: &str) -> Result<Record, Failure> {
    let payload = api.ask(Op::GetInstallationStatus, &[id]).await?;
    Ok(payload.record())
}

/// The only app of the slug that was not there before is ours.
async fn created(api: &Api, slug: &str, before: Option<Before>) -> Result<Found, Failure> {
    let Some(before) = before.and_then(|it| it.apps) else {
        return Ok(Found::CannotTell);
    };
    let apps = fresh::apps(api).await?;
    Ok(match apps.new_from(slug, &before).as_slice() {
        [only] => only.id().map_or(Found::CannotTell, |id| {
            let app = ids::managed(id.as_str());
            Found::Happened(Task::installed(&app, only.deployment().as_ref()))
        }),
        [] if apps.is_whole() => Found::DidNotHappen,
        [] => Found::NotYet,
        _ => Found::CannotTell,
    })
}

/// A deployment that is new, or a state that is another and no failure again.
fn retried(app: &AppId, before: &Before, now: &Record) -> Found {
    let deployment = now.deployment();
    let uuid = deployment.as_ref().map(Text::as_str);
    if let Some(uuid) = uuid.filter(|it| Some(*it) != before.deployment.as_deref()) {
        return Found::Happened(Follow::Deployment(ids::deployment(app, uuid)));
    }
    let word = now.status(Of::App).map(|it| it.to_string());
    if word.is_none() || before.state.is_none() {
        return Found::CannotTell;
    }
    if word == before.state || State::told(now, Of::App) == Some(State::Failed) {
        return Found::NotYet;
    }
    Found::Happened(Task::retrying(app, deployment.as_ref()).follow())
}

/// It has its domain now, or has left the state in which it waited for one.
fn completed(app: &AppId, wished: &str, before: &Before, now: &Record) -> Found {
    let is_wished = |domain: &str| domain.eq_ignore_ascii_case(wished);
    let is_old = before.domain.as_deref().is_some_and(is_wished);
    let is_there = now.domain().is_some_and(|it| is_wished(it.as_str()));
    let happened = || Found::Happened(Task::completion(app).follow());
    let awaited = before.state.as_deref().map(State::of);
    let awaited = awaited == Some(State::ActionRequired);
    match State::told(now, Of::Installation) {
        Some(State::ActionRequired) | None if is_there && !is_old => happened(),
        Some(State::ActionRequired) => Found::NotYet,
        Some(
            State::Pending | State::Building | State::Deploying | State::Running | State::Failed,
        ) if awaited || (is_there && !is_old) => happened(),
        Some(
            State::Pending
            | State::Building
            | State::Deploying
            | State::Running
            | State::Failed
            | State::Stopped
            | State::Deleting
            | State::Deleted
            | State::Unknown(_),
        )
        | None => Found::CannotTell,
    }
}

/// No answer has the configuration for certain; a record may show it.
async fn configured(
    api: &Api,
    id: &str,
    wished: &Map<String, Value>,
    before: &Before,
) -> Result<Found, Failure> {
    let apps = fresh::apps(api).await?;
    let is_shown = apps.find(id).is_some_and(|now| shown::all(now, wished));
    Ok(if is_shown && before.is_shown == Some(false) {
        Found::HappenedAndEnded
    } else {
        Found::CannotTell
    })
}

/// An app that is still there may be about to go.
async fn deleted(api: &Api, app: &AppId, id: &str) -> Result<Found, Failure> {
    let apps = fresh::apps(api).await?;
    let Some(record) = apps.find(id) else {
        return Ok(if apps.is_whole() {
            Found::HappenedAndEnded
        } else {
            Found::CannotTell
        });
    };
    let state = State::told(record, Of::App);
    Ok(gone(state.as_ref(), &Task::deletion(app)))
}

/// Whether what was to go does: to go takes its time.
pub(super) fn gone(state: Option<&State>, task: &Task) -> Found {
    if state == Some(&State::Deleted) {
        return Found::HappenedAndEnded;
    }
    if state == Some(&State::Deleting) {
        return Found::Happened(task.follow());
    }
    Found::NotYet
}
