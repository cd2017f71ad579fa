//! Which logs are followed: what the selection wants, and the verdict when a deployment's log ends.

use crate::app::age::Long;
use crate::app::contexts::Context;
use crate::app::logs::Channel;
use crate::app::message::{Effect, Outcome};
use crate::app::schedule::REST;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{
    Capability, Deployment, DeploymentId, EnvId, Environment, LogSource, Phase, Scoped, Status,
    TailId, TailRequest, TailState,
};

/// With how many existing lines a runtime log begins.
const FIRST_LINES: u32 = 200;
/// With how many after a release that is watched: its errors are compared with those before it.
const BASELINE_LINES: u32 = 5_000;
/// A deployment's log is read whole: why it failed may stand anywhere in it.
const ALL_LINES: u32 = 100_000;

/// What should be followed for the selection.
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

/// Opens and closes tails so that what is followed is what the selection wants.
pub(in crate::app::panes) fn retarget(state: &mut State, outcome: &mut Outcome) {
    let selected = state.selected_env();
    if selected != state.panes.logs.of {
        state.panes.logs.turn_to(selected.clone());
    }
    let is_shown = state.layout().shows(Pane::Logs) && !state.is_paused;
    let shows_previous = state.panes.logs.shows_previous;
    retarget_previous(state, selected.as_ref().filter(|_| is_shown), outcome);
    for env in state.logs.open() {
        let is_wanted = is_shown && !shows_previous && selected.as_ref() == Some(&env);
        let is_retried = state.logs.channel(&env).is_some_and(|c| c.is_retried);
        if !is_wanted || is_retried {
            close(state, &env, outcome);
        }
    }
    let is_resting = state
        .selected_at
        .saturating_add(REST)
        .is_ok_and(|at| at <= state.now);
    let (Some(env), true, true) = (selected, is_shown, is_resting) else {
        return;
    };
    tell_verdict(state, &env);
    let Some(environment) = state.inventory.environment(&env) else {
        return;
    };
    let app = environment.app.clone();
    match wanted(state, &env, environment) {
        // That has a channel of its own.
        Wanted::Previous => {}
        Wanted::Nothing(_) => close(state, &env, outcome),
        Wanted::Deployment(id) => {
            let environment = Some(env.id.clone());
            follow(
                state,
                &env,
                LogSource::Deployment {
                    app,
                    environment,
                    deployment: id,
                },
                outcome,
            );
        }
        Wanted::Runtime => {
            let source = LogSource::Runtime {
                app,
                environment: Some(env.id.clone()),
            };
            follow(state, &env, source, outcome);
        }
    }
}

/// Opens and closes the tail of what was written before the last restart. Where it was read to its
/// end it is kept, whatever hides it; else it begins anew when it is seen again.
fn retarget_previous(state: &mut State, shown: Option<&Scoped<EnvId>>, outcome: &mut Outcome) {
    let env = state.selected_env();
    let env = env.filter(|_| state.panes.logs.shows_previous);
    let known = env.as_ref().and_then(|env| state.logs.previous(env));
    let is_whole = known.is_some_and(|it| it.state == TailState::Ended);
    let is_open = known.is_some_and(|it| it.tail.is_some() && !it.is_retried);
    let source = env.filter(|env| Some(env) == shown).and_then(|env| {
        let app = state.inventory.environment(&env)?.app.clone();
        let environment = Some(env.id.clone());
        Some((env, LogSource::Previous { app, environment }))
    });
    let goes_on = is_whole || (is_open && source.is_some());
    if goes_on {
        return;
    }
    if let Some(tail) = state.logs.forget_previous() {
        outcome.effects.push(Effect::CloseTail(tail));
        outcome.redraw = true;
    }
    let Some((env, source)) = source else { return };
    let tail = TailId {
        context: env.context,
        source,
    };
    let now = state.now;
    state.logs.previous_mut(&env).open(tail.clone(), now);
    let request = TailRequest {
        source: tail.source.clone(),
        lines: ALL_LINES,
        since: None,
        until: None,
        follow: true,
    };
    outcome.effects.push(Effect::OpenTail(tail, request));
    outcome.redraw = true;
}

/// What should be followed for an environment.
#[must_use]
pub fn wanted(state: &State, id: &Scoped<EnvId>, env: &Environment) -> Wanted {
    let Some(context) = state.contexts.get(id.context) else {
        return Wanted::Nothing(String::new());
    };
    if context.bad_credential.is_some() {
        return Wanted::Nothing("No log: the token is not accepted.".into());
    }
    if state.panes.logs.shows_previous {
        return Wanted::Previous;
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
fn explanation_is_coming(
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

fn follow(state: &mut State, env: &Scoped<EnvId>, source: LogSource, outcome: &mut Outcome) {
    let tail = TailId {
        context: env.context,
        source,
    };
    if state
        .logs
        .channel(env)
        .and_then(|channel| channel.tail.as_ref())
        == Some(&tail)
    {
        return;
    }
    close(state, env, outcome);
    let (now, label) = (state.now, label_of(state, env, &tail.source));
    let baseline = state.watches.baseline(env);
    let channel = state.logs.channel_mut(env);
    let goes_on = channel.goes_on(&tail);
    channel.open(tail.clone(), now);
    if let Some(label) = label.filter(|_| !goes_on) {
        channel.mark(None, label);
    }
    let (lines, since) = match tail.source {
        LogSource::Runtime { .. } => match (channel.runtime_since(), baseline) {
            (None, Some(baseline)) => (BASELINE_LINES, Some(baseline)),
            (shown, _) => (FIRST_LINES, shown),
        },
        LogSource::Deployment { .. }
        | LogSource::Previous { .. }
        | LogSource::JobRun { .. }
        | LogSource::Event { .. } => (ALL_LINES, None),
    };
    let request = TailRequest {
        source: tail.source.clone(),
        lines,
        since,
        until: None,
        follow: true,
    };
    outcome.effects.push(Effect::OpenTail(tail, request));
    outcome.redraw = true;
}

fn label_of(state: &State, env: &Scoped<EnvId>, source: &LogSource) -> Option<String> {
    let LogSource::Deployment { deployment, .. } = source else {
        return None;
    };
    let known = state.inventory.deployment(env, deployment);
    // The platform's full id says nothing to a reader.
    let label = known.map_or_else(String::new, |known| format!(" {}", known.label));
    let by = known
        .and_then(|known| known.by.as_ref())
        .map(|by| format!(" by {by}"));
    Some(format!(
        "deployment{label}{}: its log",
        by.unwrap_or_default()
    ))
}

fn close(state: &mut State, env: &Scoped<EnvId>, outcome: &mut Outcome) {
    let now = state.now;
    if state
        .logs
        .channel(env)
        .is_none_or(|channel| channel.tail.is_none())
    {
        return;
    }
    let channel = state.logs.channel_mut(env);
    if let Some(tail) = channel.close(now) {
        if let LogSource::Deployment { deployment, .. } = &tail.source {
            channel.verdict_due = Some(deployment.clone());
        }
        outcome.effects.push(Effect::CloseTail(tail));
        outcome.redraw = true;
        // Before anything else is written below it.
        tell_verdict(state, env);
    }
}

/// When a deployment's log has been read to its end, the log says how it went, as soon as the list
/// of deployments does.
fn tell_verdict(state: &mut State, env: &Scoped<EnvId>) {
    let due = state
        .logs
        .channel(env)
        .and_then(|channel| channel.verdict_due.clone());
    let Some(deployment) = due.and_then(|id| state.inventory.deployment(env, &id)) else {
        return;
    };
    // While the environment still names it as running, its log may be opened again.
    let environment = state.inventory.environment(env);
    let is_running = environment.is_some_and(|e| e.running.as_ref() == Some(&deployment.id));
    if !deployment.phase.is_final() || is_running {
        return;
    }
    let (at, verdict) = (deployment.ended_at, verdict(deployment));
    let channel = state.logs.channel_mut(env);
    channel.verdict_due = None;
    channel.mark(at, verdict);
}

/// `deployment 3f2c1ab failed after 4m 02s: migrate exited with 1`.
#[must_use]
pub fn verdict(deployment: &Deployment) -> String {
    let word = match &deployment.phase {
        Phase::Succeeded | Phase::Replaced => "succeeded",
        Phase::Failed => "failed",
        Phase::Cancelled => "was cancelled",
        Phase::Ended => "ended, the platform does not say how",
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Other(_) => "runs",
    };
    let after = deployment
        .duration
        .map(|took| format!(" after {}", Long(took)));
    let why = deployment
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"));
    let parts = [after, why].into_iter().flatten().collect::<String>();
    format!("deployment {} {word}{parts}", deployment.label)
}
