//! What is to be followed for an environment: the running deployment, the failed one that explains
//! its state, or what runs.

use super::sources::shown_env;
use crate::app::contexts::Context;
use crate::app::logs::Channel;
use crate::app::state::State;
use crate::model::{
    Capability, DeploymentId, EnvId, Environment, LogSource, Phase, Scoped, Status,
};

/// What should be followed for an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The log of a deployment.
    Deployment(DeploymentId),
    /// What runs.
    Runtime,
    /// What was written before the last restart.
    Previous,
    /// Nothing; why, in a sentence.
    Nothing(String),
}

/// What should be shown for an environment.
#[must_use]
pub fn wanted(state: &State, id: &Scoped<EnvId>, env: &Environment) -> Wanted {
    let live = live(state, id, env);
    let is_accepted = !refuses(state, id);
    if is_accepted && shows_previous(state, id) {
        Wanted::Previous
    } else {
        live
    }
}

/// Whether what was written before the last restart is looked at, of this environment.
pub(super) fn shows_previous(state: &State, id: &Scoped<EnvId>) -> bool {
    state.panes.logs.shows_previous && shown_env(state).as_ref() == Some(id)
}

fn refuses(state: &State, id: &Scoped<EnvId>) -> bool {
    let context = state.contexts.get(id.context);
    context.is_none_or(|context| context.bad_credential.is_some())
}

/// What should be followed for an environment: never what was written before.
pub(super) fn live(state: &State, id: &Scoped<EnvId>, env: &Environment) -> Wanted {
    let Some(context) = state.contexts.get(id.context) else {
        return Wanted::Nothing(String::new());
    };
    if context.bad_credential.is_some() {
        return Wanted::Nothing("No log: the token is not accepted.".into());
    }
    let channel = state.logs.channel(id);
    if let Some(deployment) = deployment_to_follow(state, id, env, channel)
        && !context.lacks(Capability::DeploymentLog)
    {
        return Wanted::Deployment(deployment);
    }
    if let Some(reason) = context.supports(Capability::RuntimeLog).refusal() {
        return Wanted::Nothing(format!("{reason}."));
    }
    if explanation_is_coming(state, context, id, env) {
        return Wanted::Nothing("Looking for the deployment that failed…".into());
    }
    if env.has_runtime_log {
        Wanted::Runtime
    } else {
        Wanted::Nothing("No log yet: this was never deployed. D deploys it.".into())
    }
}

/// Whether the log that explains a failure may still come: then what runs waits for it, so that the
/// log begins with the cause.
pub(super) fn explanation_is_coming(
    state: &State,
    context: &Context,
    id: &Scoped<EnvId>,
    env: &Environment,
) -> bool {
    let is_empty = state
        .logs
        .channel(id)
        .is_none_or(|channel| channel.ring.is_empty());
    let offers = [Capability::ListDeployments, Capability::DeploymentLog];
    let load = state.inventory.deployments_of(id).map(|known| &known.load);
    let is_unread = load.is_none_or(|load| load.fetched_at.is_none() && load.failure().is_none());
    env.status == Status::Failed
        && is_empty
        && is_unread
        && !offers.iter().any(|offer| context.lacks(*offer))
}

/// The deployment whose log comes first: the one that runs, the one being read to its end, or the
/// failed one that explains the state.
fn deployment_to_follow(
    state: &State,
    id: &Scoped<EnvId>,
    env: &Environment,
    channel: Option<&Channel>,
) -> Option<DeploymentId> {
    let has_ended = |id: &DeploymentId| channel.is_some_and(|channel| channel.has_ended(id));
    let current = channel.and_then(|channel| match &channel.tail.as_ref()?.source {
        LogSource::Deployment { deployment, .. } => Some(deployment.clone()),
        LogSource::Runtime { .. }
        | LogSource::Previous { .. }
        | LogSource::JobRun { .. }
        | LogSource::Event { .. } => None,
    });
    if let Some(running) = &env.running {
        // Its own log may have ended a moment before the list says that it is over.
        return (!has_ended(running)).then(|| running.clone());
    }
    // One that was asked for here is known before the list of environments says that it runs.
    let watched = state.watches.running_in(id);
    if let Some(watched) = watched.filter(|watched| !has_ended(watched)) {
        return Some(watched.clone());
    }
    if let Some(current) = current.filter(|current| !has_ended(current)) {
        return Some(current);
    }
    let newest = state
        .inventory
        .deployments_of(id)?
        .value
        .as_ref()?
        .first()?;
    let is_shown = channel.is_some_and(|channel| channel.deployments_shown.contains(&newest.id));
    let explains = env.status == Status::Failed && newest.phase == Phase::Failed && !is_shown;
    explains.then(|| newest.id.clone())
}
