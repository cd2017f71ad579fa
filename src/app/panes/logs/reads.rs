//! What is read of an environment whose log is followed although it is not selected.

use std::time::Duration;

use super::wish::explanation_is_coming;
use crate::app::contexts::Context;
use crate::app::state::State;
use crate::model::{Capability, EnvId, Environment, Query, Scoped};

/// The lists that tell what is deployed there, and how often they are wanted. What is listed for the
/// whole context anyway is not asked for again.
#[must_use]
pub fn reads(state: &State, id: &Scoped<EnvId>) -> Vec<(Query, Duration)> {
    let context = state.contexts.get(id.context);
    let context = context.filter(|context| context.bad_credential.is_none());
    let env = state.inventory.environment(id);
    let Some((context, env)) = context.zip(env) else {
        return Vec::new();
    };
    let both = [
        environments(context, env),
        deployments(state, context, id, env),
    ];
    both.into_iter().flatten().collect()
}

fn is_changing(env: &Environment) -> bool {
    env.running.is_some() || env.status.is_changing()
}

fn environments(context: &Context, env: &Environment) -> Option<(Query, Duration)> {
    let is_listed = !context.lacks(Capability::ListAllEnvironments);
    if is_listed || context.lacks(Capability::ListEnvironments) {
        return None;
    }
    let hints = &context.profile.poll;
    let every = if is_changing(env) {
        hints.changing
    } else {
        hints.environments
    };
    Some((Query::Environments(env.app.clone()), every))
}

/// Only while something is deployed, or its verdict or the cause of a failure is awaited: many
/// sources must not use up the limit of their platform.
fn deployments(
    state: &State,
    context: &Context,
    id: &Scoped<EnvId>,
    env: &Environment,
) -> Option<(Query, Duration)> {
    let channel = state.logs.channel(id);
    let is_due = channel.is_some_and(|channel| channel.verdict_due.is_some());
    let is_awaited = is_due || explanation_is_coming(state, context, id, env);
    if context.lacks(Capability::ListDeployments) || !(is_awaited || is_changing(env)) {
        return None;
    }
    let scope = context.profile.deployments_of(&env.app, &env.id);
    Some((Query::Deployments(scope), context.profile.poll.running))
}
