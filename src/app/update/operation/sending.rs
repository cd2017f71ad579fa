//! Sending what was confirmed, alone or in a batch, and hearing how it goes on.

use std::collections::BTreeSet;

use super::question::{facts_of, question};
use super::{target, undo};
use crate::app::age::{Long, since};
use crate::app::batch::{Batch, StepState};
use crate::app::confirm::{Confirm, Tier};
use crate::app::contexts::Wish;
use crate::app::forecast::Forecast;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::request::{Order, Request};
use crate::app::screen::Pane;
use crate::app::standing::Standing;
use crate::app::state::State;
use crate::app::transfers;
use crate::app::update::{form, polling};
use crate::app::watch::{self, Said};
use crate::model::{
    AuthProblem, Capability, Consent, DeploymentScope, Failure, Operation, OperationEvent,
    OperationKind, OperationTicket, Query, QueryKey, Revision, Stage, Status, Text, Verdict,
};

/// Begins what was confirmed.
pub(super) fn begin(state: &mut State, confirm: &Confirm, outcome: &mut Outcome) {
    let steps = confirm.steps();
    let consent = consent(confirm);
    if let [
        Operation {
            target,
            kind: OperationKind::PrepareDownload { backup },
        },
    ] = &steps[..]
    {
        let effects = transfers::begin(state, target.clone(), backup.clone(), consent);
        outcome.effects.extend(effects);
        return;
    }
    if let [operation] = &steps[..] {
        if let Some(ticket) = send(state, operation.clone(), consent, outcome)
            && let Some(undone) = confirm.request.undoes
        {
            state.operations.undone_by(undone, ticket);
        }
        return;
    }
    // What is done first is done first, whatever the order of the rest.
    let order = if confirm.offer.is_some() {
        Order::OneByOne
    } else {
        confirm.request.order
    };
    let title = Text::clean(&confirm.request.title());
    state.batches.add(Batch::new(
        title,
        (order, consent),
        seen_by_step(confirm),
        state.now,
    ));
    go_on(state, outcome);
}

/// The steps with the revisions that were seen. What moves a revision is the first step on an app;
/// the steps after it there are not told what was seen before that.
fn seen_by_step(confirm: &Confirm) -> Vec<(Operation, Option<Revision>)> {
    let mut apps = BTreeSet::new();
    let offered = confirm.steps().len() - confirm.request.operations.len();
    let seen = std::iter::repeat_n(None, offered).chain(confirm.seen.iter().map(Some));
    let steps = confirm.steps().into_iter().zip(seen);
    let steps = steps.map(|(operation, seen)| {
        let is_first = apps.insert((operation.target.context, operation.target.app.clone()));
        let seen = seen.filter(|_| is_first).and_then(Standing::revision);
        (operation, seen.cloned())
    });
    steps.collect()
}

/// What the audit says of a yes: how it was said, and what was shown before.
fn consent(confirm: &Confirm) -> Consent {
    let words = match confirm.tier {
        Tier::One => "y in the line".to_owned(),
        Tier::Two => "y in the dialog".to_owned(),
        Tier::Three | Tier::Four => {
            let typed = confirm.must_type.as_ref().map_or("", Text::as_str);
            format!("`{typed}` typed in the dialog")
        }
    };
    let told = confirm.forecast.iter().flat_map(Forecast::shown);
    Consent {
        tier: confirm.tier.number(),
        words: Text::clean(&words),
        before: confirm.request.facts.iter().cloned().chain(told).collect(),
        seen: confirm.seen.first().and_then(Standing::revision).cloned(),
    }
}

fn send(
    state: &mut State,
    operation: Operation,
    consent: Consent,
    outcome: &mut Outcome,
) -> Option<OperationTicket> {
    let undo = undo::inverse(state, &operation);
    let ticket = state.operations.begin(operation.clone(), undo, state.now)?;
    watch::begin(state, ticket, &operation);
    let is_session = matches!(operation.kind, OperationKind::Console { .. });
    let begin = if is_session {
        Effect::Console
    } else {
        Effect::Operate
    };
    outcome.effects.push(begin(ticket, operation, consent));
    Some(ticket)
}

/// Begins the steps of batches that may begin now. What was allowed when it was asked may not be
/// any more: a lock fell, a token was rejected.
fn go_on(state: &mut State, outcome: &mut Outcome) {
    while let Some((place, operation, consent)) = state.batches.next() {
        let (context, wish) = (operation.target.context, Wish::from(&operation.kind));
        let allowed = target::refusal(state, context, wish)
            .and_then(|()| target::collision(state, &operation));
        let begun = match allowed {
            Ok(()) => send(state, operation, consent, outcome)
                .ok_or_else(|| Text::clean("the same is under way already")),
            Err(reason) => Err(Text::clean(&reason)),
        };
        if let Err(reason) = &begun {
            let text = format!("stopped: {reason}; T shows the rest");
            state.notices.say(state.now, Tone::Bad, text);
        }
        state.batches.began(place, begun);
    }
}

/// The engine says how an operation goes on.
pub(in crate::app) fn event(state: &mut State, event: OperationEvent, outcome: &mut Outcome) {
    let at = event.at;
    let is_running = |entry: &Entry| matches!(entry.stage, Stage::Running(_));
    let was_running = state.operations.get(event.ticket).is_some_and(is_running);
    let Some(entry) = state.operations.apply(event).cloned() else {
        return;
    };
    outcome.redraw = true;
    state.room_is_old |= matches!(state.screen.focus, Pane::Activity | Pane::Operations);
    if entry.stage.is_final() {
        tell_end(state, &entry, at);
        note_forbidden(state, &entry);
        note_login(state, &entry);
        form::ended(state, &entry.operation, &entry.stage);
        crate::app::update::variables::ended(state, &entry);
        batch_goes_on(state, &entry, outcome);
    }
    // What it changes is read at once when it was taken and when it ended; in between the lists
    // have their own, quicker rhythm.
    if entry.stage.is_final() || (is_running(&entry) && !was_running) {
        read_again(state, &entry.operation);
    }
}

/// What a credential may not do, and what a server is too old for, is not offered again until
/// somebody reads anew.
fn note_forbidden(state: &mut State, entry: &Entry) {
    let why = match &entry.stage {
        Stage::Refused(Failure::Unsupported { reason, .. }) => reason.clone(),
        Stage::Refused(failure @ Failure::Auth(AuthProblem::Forbidden(_))) => {
            Text::clean(&failure.headline())
        }
        Stage::Sending
        | Stage::Running(_)
        | Stage::Ended(_)
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => return,
    };
    if let Some(context) = state.contexts.get_mut(entry.operation.target.context) {
        context
            .forbidden
            .insert(Wish::from(&entry.operation.kind), why);
    }
}

/// Who has logged in is asked anew: what was read before, or failed, was somebody else's.
fn note_login(state: &mut State, entry: &Entry) {
    let is_done = matches!(entry.stage, Stage::Ended(Verdict::Done(_)));
    let id = entry.operation.target.context;
    let wish = Wish::from(&entry.operation.kind);
    let context = state.contexts.get(id).filter(|_| is_done);
    if context.is_some_and(|context| context.needs_no_credential(wish)) {
        polling::ask_anew(state, id);
    }
}

fn batch_goes_on(state: &mut State, entry: &Entry, outcome: &mut Outcome) {
    let Some(batch) = state.batches.ended(entry.ticket, &entry.stage) else {
        return;
    };
    let (title, (done, all)) = (batch.title.clone(), batch.progress());
    let is_over = batch.is_over();
    let not_begun = batch.not_begun().count();
    if is_over && done == all {
        let text = format!("{title}: all {all} done");
        state.notices.say(state.now, Tone::Good, text);
    } else if is_over {
        let text = format!(
            "{title}: stopped at a failure, {done} of {all} done, {not_begun} not begun; \
             T shows them, F there tries the failed ones again"
        );
        state.notices.say(state.now, Tone::Bad, text);
    }
    go_on(state, outcome);
}

/// Asks whether what failed of the last batch is to be tried again; nothing else of it is.
pub(in crate::app) fn retry_failed(state: &mut State, outcome: &mut Outcome) {
    let open = |operation: &&Operation| !is_made_good(state, operation);
    let failed = (state.batches.iter())
        .find(|batch| batch.is_over() && batch.failed().any(|it| open(&it)))
        .map(|batch| {
            let operations: Vec<_> = batch.failed().filter(open).cloned().collect();
            (batch.order, operations)
        });
    let Some((order, operations)) = failed else {
        let text = "nothing failed that could be tried again";
        state.notices.say(state.now, Tone::Info, text);
        return;
    };
    again(state, order, operations, outcome);
}

/// Whether the same was done since, and went well.
fn is_made_good(state: &State, operation: &Operation) -> bool {
    let finished = state.operations.finished();
    let same = finished.filter(|entry| entry.operation.key() == operation.key());
    let newest = same.max_by_key(|entry| entry.ticket);
    newest.is_some_and(|entry| matches!(entry.stage, Stage::Ended(Verdict::Done(_))))
}

/// Asks whether what never began of the last batch is to be done.
pub(in crate::app) fn run_rest(state: &mut State, outcome: &mut Outcome) {
    let rest = (state.batches.iter())
        .find(|batch| batch.is_over() && batch.not_begun().next().is_some())
        .map(|batch| (batch.order, batch.not_begun().cloned().collect::<Vec<_>>()));
    let Some((order, operations)) = rest else {
        let text = "no batch was stopped before its end";
        state.notices.say(state.now, Tone::Info, text);
        return;
    };
    again(state, order, operations, outcome);
}

fn again(state: &mut State, order: Order, operations: Vec<Operation>, outcome: &mut Outcome) {
    let request = Request {
        facts: facts_of(state, &operations),
        operations,
        order,
        undoes: None,
    };
    question(state, request, outcome);
}

/// Whether a step of a batch that is not over has not begun yet.
pub(in crate::app) fn has_waiting(state: &State) -> bool {
    let mut steps = state.batches.running().flat_map(|batch| &batch.steps);
    steps.any(|step| step.state == StepState::Waiting)
}

fn read_again(state: &mut State, operation: &Operation) {
    let context = operation.target.context;
    let lists_apps = state
        .contexts
        .get(context)
        .is_some_and(|context| context.lacks(Capability::ListAllEnvironments));
    let mut queries = vec![if lists_apps {
        Query::Apps
    } else {
        Query::AllEnvironments
    }];
    // What an app is called, and whether it exists, is in the list of apps alone.
    if operation.target.environment.is_none() {
        queries.push(Query::Apps);
    }
    if let Some(env) = &operation.target.environment {
        let scope = DeploymentScope::Environment(env.clone());
        queries.extend([
            Query::Deployments(scope),
            Query::Backups(env.clone()),
            Query::Variables(env.clone()),
            Query::Domains(env.clone()),
        ]);
    }
    if let Some(app) = &operation.target.app {
        let scope = DeploymentScope::App(app.clone());
        queries.extend([Query::Deployments(scope), Query::Environments(app.clone())]);
    }
    // What happened: by itself it is read rarely, and it still says that it goes on.
    let app = operation.target.app.clone();
    queries.extend([Query::Activity(None), Query::Activity(app)]);
    for query in queries {
        let key = QueryKey { context, query };
        // Only what is kept already: nothing is asked for that nobody looks at.
        if state.inventory.load(&key).is_some()
            && let Some(load) = state.inventory.load_mut(&key)
        {
            load.invalidate();
        }
    }
}

fn tell_end(state: &mut State, entry: &Entry, at: jiff::Timestamp) {
    let Some((tone, status, text)) = end(entry, at) else {
        return;
    };
    let note = entry
        .note
        .as_ref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    let next = pinned(state, entry).unwrap_or_default();
    match watch::ended(state, entry) {
        Said::Unwatched => {
            state.tell_end(at, tone, status, &format!("{text}{note}{next}"));
        }
        Said::Verdict(tone, words) => {
            let text = format!("{words}{}{note}{next}", remark(entry));
            state.tell_end(at, tone, status, &text);
        }
        Said::Before if note.is_empty() && next.is_empty() => state.note_end(at, status, &text),
        // The verdict was told; what the operation has to say beside it was not.
        Said::Before => state.tell_end(at, tone, status, &format!("{text}{note}{next}")),
    }
}

/// What the platform remarks on what went well.
fn remark(entry: &Entry) -> String {
    match &entry.stage {
        Stage::Ended(Verdict::Done(Some(remark))) => format!(", {remark}"),
        Stage::Ended(Verdict::Done(None) | Verdict::Partly(_) | Verdict::Failed(_))
        | Stage::Sending
        | Stage::Running(_)
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => String::new(),
    }
}

/// How to go on after a roll-back that is pinned.
fn pinned(state: &State, entry: &Entry) -> Option<String> {
    let is_pinned = matches!(
        entry.operation.kind,
        OperationKind::RollBack { pin: true, .. }
    );
    let is_done = matches!(entry.stage, Stage::Ended(Verdict::Done(_)));
    let ways = super::pinned::ways(state);
    (is_pinned && is_done).then(|| format!("; it is pinned there: {ways}"))
}

/// What to do, where only the user can: on this machine.
fn remedy(failure: &Failure) -> String {
    if matches!(failure, Failure::Local { .. }) {
        format!("; {}", failure.advice())
    } else {
        String::new()
    }
}

fn end(entry: &Entry, at: jiff::Timestamp) -> Option<(Tone, Status, String)> {
    let what = format!(
        "{} {}",
        entry.operation.kind.verb(),
        entry.operation.target.title
    );
    let took = Long(since(entry.started_at, at));
    // When an operation of an earlier run ended is not known: only when that was found out.
    let (within, after) = if entry.is_earlier {
        (String::new(), String::new())
    } else {
        (format!(" in {took}"), format!(" after {took}"))
    };
    Some(match &entry.stage {
        Stage::Ended(Verdict::Done(_)) => {
            let text = format!("{what} done{within}{}", remark(entry));
            (Tone::Good, Status::Live, text)
        }
        Stage::Ended(Verdict::Partly(why)) => {
            let text = format!("{what} not all done: {why}");
            (Tone::Bad, Status::Degraded, text)
        }
        Stage::Ended(Verdict::Failed(why)) => {
            let text = format!("{what} FAILED{after}: {why}");
            (Tone::Bad, Status::Failed, text)
        }
        Stage::Refused(failure) => {
            let text = format!("{what} not done: {}{}", failure.headline(), remedy(failure));
            (Tone::Bad, Status::Failed, text)
        }
        Stage::Unresolved(why) => {
            let text = format!("{what}: outcome unknown; {why}");
            (Tone::Bad, Status::Unknown, text)
        }
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => return None,
    })
}
