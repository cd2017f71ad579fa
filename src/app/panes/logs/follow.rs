//! Which logs are followed: what is looked at, and what is watched while something else is.

use std::collections::BTreeSet;

use super::sources;
use super::verdict::tell_verdict;
use super::wish::{Wanted, live, shows_previous};
use crate::app::message::{Effect, Outcome};
use crate::app::schedule::REST;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{EnvId, LogSource, Scoped, TailId, TailRequest, TailState};

/// With how many existing lines a runtime log begins.
const FIRST_LINES: u32 = 200;
/// With how many after a release that is watched: its errors are compared with those before it.
const BASELINE_LINES: u32 = 5_000;
/// A deployment's log is read whole: why it failed may stand anywhere in it.
const ALL_LINES: u32 = 100_000;

/// Opens and closes tails so that what is followed is what is wanted now.
pub(in crate::app::panes) fn retarget(state: &mut State, outcome: &mut Outcome) {
    sources::settle(state);
    let shown = sources::shown_env(state);
    retarget_previous(state, shown.as_ref().filter(|_| is_seen(state)), outcome);
    let wanted = followed(state);
    state.logs.keep(&wanted);
    close_others(state, &wanted, outcome);
    for env in &wanted {
        retarget_one(state, env, outcome);
    }
}

/// Whether somebody looks at the log.
fn is_seen(state: &State) -> bool {
    state.layout().shows(Pane::Logs) && !state.is_paused
}

/// Environments whose logs are wanted now, without any twice: what is looked at, then what is
/// watched whatever is looked at.
#[must_use]
pub fn followed(state: &State) -> Vec<Scoped<EnvId>> {
    if state.is_paused {
        return Vec::new();
    }
    let seen = sources::wanted(state).filter(|_| is_seen(state));
    let all = seen.chain(state.watches.wanted().cloned());
    let mut known = BTreeSet::new();
    all.filter(|env| known.insert(env.clone())).collect()
}

/// Closes what is wanted no more, and what is to be opened anew.
fn close_others(state: &mut State, wanted: &[Scoped<EnvId>], outcome: &mut Outcome) {
    let mut open = state.logs.open();
    open.sort();
    for env in open {
        let is_retried = state.logs.channel(&env).is_some_and(|c| c.is_retried);
        if !wanted.contains(&env) || is_retried || gives_way(state, &env) {
            close(state, &env, outcome);
        }
    }
}

/// Whether what was written before the last restart is looked at instead of what runs.
fn gives_way(state: &State, env: &Scoped<EnvId>) -> bool {
    shows_previous(state, env) && !state.watches.wanted().any(|watched| watched == env)
}

/// Follows what is wanted of one environment. The selection's waits until it rests.
fn retarget_one(state: &mut State, env: &Scoped<EnvId>, outcome: &mut Outcome) {
    if sources::is_passing(state, env) && !has_rested(state) {
        return;
    }
    tell_verdict(state, env);
    let Some(environment) = state.inventory.environment(env) else {
        return lost(state, env, outcome);
    };
    let app = environment.app.clone();
    let of = Some(env.id.clone());
    let source = match live(state, env, environment) {
        _ if gives_way(state, env) => return,
        // That has a channel of its own.
        Wanted::Previous => return,
        Wanted::Nothing(_) => return close(state, env, outcome),
        Wanted::Deployment(deployment) => LogSource::Deployment {
            app,
            environment: of,
            deployment,
        },
        Wanted::Runtime => LogSource::Runtime {
            app,
            environment: of,
        },
    };
    follow(state, env, source, outcome);
}

/// What is not listed any more has no log: that is said once, and its lines stay.
fn lost(state: &mut State, env: &Scoped<EnvId>, outcome: &mut Outcome) {
    close(state, env, outcome);
    if state.logs.channel(env).is_some() {
        let now = state.now;
        state.logs.channel_mut(env).tell_gone(now);
    }
}

fn has_rested(state: &State) -> bool {
    let rested = state.selected_at.saturating_add(REST);
    rested.is_ok_and(|at| at <= state.now)
}

/// Opens and closes the tail of what was written before the last restart. Where it was read to its
/// end it is kept, whatever hides it; else it begins anew when it is seen again.
fn retarget_previous(state: &mut State, shown: Option<&Scoped<EnvId>>, outcome: &mut Outcome) {
    let env = sources::shown_env(state);
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
