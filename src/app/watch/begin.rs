//! How a watch begins: with a release that was confirmed here, or on one that runs.

use super::{Known, Phases, Release, Told, Watch};
use crate::app::state::State;
use crate::model::{
    DeploymentId, EnvId, Environment, Operation, OperationKind, OperationTicket, Progress, Scoped,
    Text,
};

/// So many of the newest deployments are remembered as those that were there before.
const REMEMBERED: usize = 20;

/// A release that was asked for here is watched from now on; other operations are not.
pub(in crate::app) fn begin(state: &mut State, ticket: OperationTicket, operation: &Operation) {
    let is_release = matches!(
        operation.kind,
        OperationKind::Deploy { .. }
            | OperationKind::DeployImage { .. }
            | OperationKind::RetryDeployment { .. }
            | OperationKind::RollBack { .. }
    );
    let env = place(state, operation).filter(|_| is_release);
    let Some(mut watch) = env.and_then(|env| made(state, &env, None)) else {
        return;
    };
    watch.operation = Some(ticket);
    watch.title = operation.target.title.clone();
    state.watches.add(watch);
}

/// The deployment that runs in an environment is watched from now on, unless it is already. Says
/// whether one runs.
pub(in crate::app) fn begin_running(state: &mut State, env: &Scoped<EnvId>) -> bool {
    if state.watches.of(env).is_some_and(Watch::is_running) {
        return true;
    }
    let environment = state.inventory.environment(env);
    let Some(running) = environment.and_then(|it| it.running.clone()) else {
        return false;
    };
    // The list may be a moment late: what ended is not watched a second time.
    let same = |watch: &Watch| watch.deployment.as_ref() == Some(&running);
    if state.watches.of(env).is_some_and(same) {
        return true;
    }
    if let Some(watch) = made(state, env, Some(running)) {
        state.watches.add(watch);
    }
    true
}

/// The environment in whose log a release is seen: the target's, the selected one of the app, or the
/// first of it.
fn place(state: &State, operation: &Operation) -> Option<Scoped<EnvId>> {
    let target = &operation.target;
    let app = target.app.as_ref()?;
    let scoped = |env: EnvId| Scoped::new(target.context, env);
    if let Some(env) = &target.environment {
        return Some(scoped(env.clone()));
    }
    let fleet = state.inventory.fleet(target.context)?;
    let selected = state.selected_env().filter(|env| {
        let environment = state.inventory.environment(env);
        env.context == target.context && environment.is_some_and(|it| it.app == *app)
    });
    let first = || fleet.environments_of(app).next();
    selected.or_else(|| first().map(|env| scoped(env.id.clone())))
}

fn made(state: &State, id: &Scoped<EnvId>, deployment: Option<DeploymentId>) -> Option<Watch> {
    let env = state.inventory.environment(id)?;
    let known = if deployment.is_some() {
        Known::default()
    } else {
        known(state, id, env)
    };
    Some(Watch {
        env: id.clone(),
        app: env.app.clone(),
        title: title(state, id, env),
        name: env.name.clone(),
        operation: None,
        deployment,
        release: Release::default(),
        phases: Phases::default(),
        progress: Progress::default(),
        begun_at: state.now,
        end: None,
        before: None,
        after: None,
        known,
        told: Told::default(),
        missing_since: None,
    })
}

fn title(state: &State, id: &Scoped<EnvId>, env: &Environment) -> Text {
    let app = Scoped::new(id.context, env.app.clone());
    let app = state.inventory.app(&app).map(|app| app.name.to_string());
    let app = app.unwrap_or_default();
    if env.is_synthetic {
        Text::clean(&app)
    } else {
        Text::clean(&format!("{app}/{}", env.name))
    }
}

fn known(state: &State, id: &Scoped<EnvId>, env: &Environment) -> Known {
    let list = state.inventory.deployments_of(id);
    let list = list.and_then(|known| known.value.as_ref());
    let listed = list.into_iter().flatten().take(REMEMBERED);
    let listed = listed.map(|deployment| deployment.id.clone());
    Known {
        deployments: listed.chain(env.running.clone()).collect(),
        is_listed: list.is_some(),
    }
}
