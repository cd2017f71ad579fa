//! What reads and tails gave.

use jiff::Timestamp;

use crate::app::age::Age;
use crate::app::loadable::Load;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::panes;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{ContextId, Failure, LogBatch, Page, Payload, Query, QueryKey, Report, Scoped};

pub(super) fn report(state: &mut State, report: Report, outcome: &mut Outcome) {
    // Only who was asked last may answer; every page but the last leaves the ticket in force.
    let is_expected = if report.more {
        state.tickets.is_current(&report.key, report.ticket)
    } else {
        state.tickets.accept(&report.key, report.ticket)
    };
    if !is_expected {
        return;
    }
    let context = report.key.context;
    if let Some(context) = state.contexts.get_mut(context)
        && report.budget.is_some()
        && context.budget != report.budget
    {
        context.budget = report.budget;
        outcome.redraw = true;
    }
    let (is_last, failure) = (!report.more, report.result.as_ref().err().cloned());
    let key = report.key.clone();
    match report.result {
        Ok(payload) => {
            recovered(state, context, outcome);
            took(
                state,
                &report.key,
                payload,
                !report.more,
                report.at,
                outcome,
            );
        }
        Err(failure) if report.more => {
            outcome.redraw = true;
            note_failing(state, context, &failure);
            if let Some(context) = state.contexts.get_mut(context) {
                context.retry_at = report.retry_at;
            }
            if let Some(load) = state.inventory.load_mut(&report.key) {
                load.retrying = Some(failure);
            }
        }
        Err(failure) => failed(state, &report.key, failure, report.at, outcome),
    }
    if is_last {
        super::operation::answered(state, &key, failure.as_ref());
    }
}

fn took(
    state: &mut State,
    key: &QueryKey,
    payload: Payload,
    last: bool,
    at: Timestamp,
    outcome: &mut Outcome,
) {
    let before = condition(state, key);
    let differs = apply(state, key, payload, last, at);
    if differs && last {
        state.rows_are_old = true;
    } else if differs {
        state.rows_are_filling = true;
    }
    // The view of all backups counts what was read, also when it is what was known.
    if last && state.screen.focus == Pane::BackupFleet && matches!(key.query, Query::Backups(_)) {
        state.room_is_old = true;
    }
    // The view of domains and services is made of lists that are kept as they come.
    if last && crate::app::panes::parts::shows(state, key) {
        state.room_is_old = true;
    }
    outcome.redraw |=
        last && crate::app::panes::detail::awaited(state).as_ref() == Some(&key.query);
    outcome.redraw |= condition(state, key) != before;
}

/// What is shown of a list beside its entries: whether it was read, failed, and how old it is.
fn condition(state: &State, key: &QueryKey) -> (bool, bool, Option<Age>) {
    let load = state.inventory.load(key);
    (
        load.is_some_and(|load| load.fetched_at.is_some()),
        load.is_some_and(|load| load.failure().is_some()),
        state.contexts.get(key.context).map(|c| state.age_of(c)),
    )
}

/// Puts a page where it belongs. Says whether anything visible changed.
fn apply(state: &mut State, key: &QueryKey, payload: Payload, last: bool, at: Timestamp) -> bool {
    let context = key.context;
    let inventory = &mut state.inventory;
    // The long lists are shown as they arrive.
    let payload = match (&key.query, payload) {
        (Query::Apps, Payload::Apps(page)) => {
            return inventory
                .fleet_mut(context)
                .is_some_and(|fleet| fleet.take_apps(page, last, at));
        }
        (Query::AllEnvironments, Payload::Environments(page)) => {
            return inventory
                .fleet_mut(context)
                .is_some_and(|fleet| fleet.take_environments(page, last, at));
        }
        (_, payload) => payload,
    };
    let Some(payload) = inventory.gather(key, payload, last) else {
        return false;
    };
    match (key.query.clone(), payload) {
        (Query::Environments(app), Payload::Environments(Page { items, .. })) => inventory
            .fleet_mut(context)
            .is_some_and(|fleet| fleet.take_environments_of(&app, items, at)),
        (Query::Environment(_), Payload::Environment(env)) => inventory
            .fleet_mut(context)
            .is_some_and(|fleet| fleet.take_environment(*env)),
        (Query::Deployments(scope), Payload::Deployments(Page { items, .. })) => {
            inventory.take_deployments(Scoped::new(context, scope), items, at)
        }
        (Query::Backups(env), Payload::Backups(Page { items, .. })) => {
            inventory.take_backups(Scoped::new(context, env), items, at)
        }
        (Query::Backup(_), Payload::Backup(backup)) => inventory.take_backup(context, *backup, at),
        (Query::Activity(app), Payload::Activity(Page { items, .. })) => {
            inventory.take_activity(Scoped::new(context, app), items, at)
        }
        (Query::Variables(env), Payload::Variables(Page { items, .. })) => {
            inventory.take_variables(&Scoped::new(context, env), items, at)
        }
        (Query::BackupPlans, Payload::BackupPlans(_)) => {
            if let Some(fleet) = inventory.fleet_mut(context).filter(|_| last) {
                fleet.backup_plans.succeed(at);
            }
            false
        }
        // What forms choose from; an open form looks at it by itself.
        (_, answer) => {
            if !inventory.take_list(key, answer, at)
                && let Some(load) = inventory.load_mut(key)
            {
                load.abandon();
            }
            false
        }
    }
}

/// A context answers again: whatever failed there is asked for at once.
fn recovered(state: &mut State, id: ContextId, outcome: &mut Outcome) {
    let Some(context) = state.contexts.get_mut(id) else {
        return;
    };
    if context.failing.take().is_none() {
        return;
    }
    context.retry_at = None;
    outcome.redraw = true;
    state.inventory.loads_of(id).for_each(Load::hurry);
    state.logs.hurry(id);
}

fn failed(
    state: &mut State,
    key: &QueryKey,
    failure: Failure,
    at: Timestamp,
    outcome: &mut Outcome,
) {
    outcome.redraw = true;
    state.inventory.drop_arriving(key);
    // A list that could not be read says so among the rows.
    state.room_is_old |= crate::app::panes::parts::shows(state, key);
    if let Some(load) = state.inventory.load_mut(key) {
        if failure == Failure::Cancelled {
            load.abandon();
            return;
        }
        load.fail(failure.clone(), at);
    }
    if failure.is_bad_credential() {
        bad_credential(state, key.context, failure, outcome);
    } else {
        note_failing(state, key.context, &failure);
        let retry_at = state
            .inventory
            .load(key)
            .and_then(|load| load.due_at(std::time::Duration::ZERO));
        if let Some(context) = state.contexts.get_mut(key.context)
            && context.failing.is_some()
        {
            context.retry_at = retry_at;
        }
    }
}

/// Some failures are about the context, not about what was asked.
fn note_failing(state: &mut State, id: ContextId, failure: &Failure) {
    let is_general = matches!(
        failure,
        Failure::Network { .. }
            | Failure::RateLimited { .. }
            | Failure::Server { .. }
            | Failure::Decode { .. }
    );
    if let Some(context) = state.contexts.get_mut(id)
        && is_general
    {
        context.failing = Some(failure.clone());
    }
}

fn bad_credential(state: &mut State, id: ContextId, failure: Failure, outcome: &mut Outcome) {
    state.tickets.revoke(id);
    state.inventory.abandon(id);
    outcome.effects.push(Effect::Leave(id));
    let Some(context) = state.contexts.get_mut(id) else {
        return;
    };
    let text = format!(
        "{}: {}; {}",
        context.name,
        failure.headline(),
        context.advice(&failure)
    );
    context.bad_credential = Some(failure);
    state.notices.say(state.now, Tone::Bad, text);
}

pub(super) fn logs(state: &mut State, batch: LogBatch, outcome: &mut Outcome) {
    let Some((env, channel)) = state.logs.following(&batch.tail) else {
        return;
    };
    let env = env.clone();
    channel.take(batch);
    state.logs.trim();
    let is_seen = state.layout().shows(Pane::Logs);
    outcome.redraw = is_seen && panes::logs::shows(state, &env);
}
