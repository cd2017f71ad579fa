//! Operations: asked for by key, confirmed by tier, followed to their end.

use crate::app::age::{Long, Short, since};
use crate::app::confirm::{Confirm, Reply, Tier};
use crate::app::journal::{Actor, Event};
use crate::app::keys::{Key, KeyPress};
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::{
    BackupState, Capability, Class, DeployMode, Deployment, Environment, Operation, OperationEvent,
    OperationKind, Query, QueryKey, Scoped, Stage, Status, Target, Text, Verdict,
};

pub(super) fn ask_deploy(state: &mut State) {
    ask(
        state,
        OperationKind::Deploy {
            mode: DeployMode::Auto,
        },
    );
}

pub(super) fn ask_backup(state: &mut State) {
    // No services named: all that can be backed up.
    ask(
        state,
        OperationKind::CreateBackup {
            services: Vec::new(),
            notes: None,
            keep_until: None,
        },
    );
}

/// Opens the question for an operation on the selected environment, or says why there is none.
fn ask(state: &mut State, kind: OperationKind) {
    if let Err(reason) = try_ask(state, kind) {
        state.notices.say(state.now, Tone::Bad, reason);
    }
}

fn try_ask(state: &mut State, kind: OperationKind) -> Result<(), String> {
    let verb = kind.verb();
    let context = state.selected_context().ok_or("select an app first")?;
    if let Some(reason) = context.supports(kind.capability()).refusal() {
        return Err(format!("{verb}: {reason}"));
    }
    if context.is_read_only {
        return Err(format!("{verb}: {} is read-only", context.name));
    }
    if context.is_locked(state.now) {
        return Err(format!(
            "{verb}: {} is protected; ! unlocks it for 10 minutes",
            context.name
        ));
    }
    let row = state.panes.apps.selected().ok_or("select an app first")?;
    let env = state
        .selected_environment()
        .ok_or("this app has no environment yet")?;
    if env.running.is_some() && kind.capability() == Capability::Deploy {
        return Err(format!(
            "{}/{}: a deployment is already running",
            row.name, env.name
        ));
    }
    let class = state.class_of(context.id, env);
    let title = Text::clean(&format!("{}/{}", row.name, env.name));
    let target = Target {
        context: context.id,
        app: Some(row.app.id.clone()),
        environment: Some(env.id.clone()),
        title,
        class,
    };
    let operation = Operation { target, kind };
    if state.operations.is_running(&operation.key()) {
        return Err(format!(
            "{verb} {} is already under way",
            operation.target.title
        ));
    }
    let tier = Tier::of(&operation, context.is_protected);
    let facts = facts(state, env, &operation);
    let confirm = Confirm::new(operation, tier, row.name.clone(), facts, state.now);
    state.screen.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    Ok(())
}

/// What one should know before saying yes.
fn facts(state: &State, env: &Environment, operation: &Operation) -> Vec<(&'static str, Text)> {
    let context = state.contexts.get(operation.target.context);
    let class = operation.target.class.map_or("none", Class::word);
    let mut facts = vec![
        (
            "context",
            context.map_or_else(Text::default, |context| context.name.clone()),
        ),
        ("target", operation.target.title.clone()),
        ("class", Text::clean(class)),
    ];
    if operation.kind.capability() == Capability::Deploy {
        facts.push(("runs now", Text::clean(&running_release(state, env))));
        facts.push(("then", Text::clean(&next_release(env))));
        if let Some(good) = last_good(state, env) {
            facts.push(("last good", good));
        }
    } else {
        facts.push(("last good", Text::clean(&last_backup(state, env))));
        facts.push(("services", Text::clean("all that can be backed up")));
    }
    facts
}

fn last_backup(state: &State, env: &Environment) -> String {
    let context = state.selected_context().map(|context| context.id);
    let key = context.map(|context| Scoped::new(context, env.id.clone()));
    let known = key.and_then(|key| state.inventory.backups.get(&key)?.value.as_ref());
    let Some(list) = known else {
        return "not read yet".into();
    };
    let good = list.iter().find(|backup| backup.state == BackupState::Done);
    let taken = good.and_then(|backup| backup.taken_at);
    taken.map_or_else(
        || "none".into(),
        |at| format!("{} ago", Short(since(at, state.now))),
    )
}

fn running_release(state: &State, env: &Environment) -> String {
    env.release.as_ref().map_or_else(
        || "nothing".to_owned(),
        |release| {
            let age = release
                .at
                .map(|at| format!(", {} ago", Short(since(at, state.now))));
            let by = release.by.as_ref().map(|by| format!(" by {by}"));
            [Some(release.label.to_string()), by, age]
                .into_iter()
                .flatten()
                .collect()
        },
    )
}

fn next_release(env: &Environment) -> String {
    let branch = env
        .branch
        .as_ref()
        .map_or_else(String::new, |branch| format!("newest of {branch}"));
    let commits = env.pending.commits.map(crate::app::rows::commits);
    let changes = env
        .pending
        .changes
        .then(|| "changed configuration".to_owned());
    let what: Vec<_> = [commits, changes].into_iter().flatten().collect();
    match (branch.is_empty(), what.is_empty()) {
        (true, true) => "the newest there is".into(),
        (false, true) => branch,
        (true, false) => what.join(", "),
        (false, false) => format!("{branch}: {}", what.join(", ")),
    }
}

fn last_good(state: &State, env: &Environment) -> Option<Text> {
    let id = state.selected_env()?;
    let list = state.inventory.deployments_of(&id)?.value.as_ref()?;
    let is_good = |deployment: &&Deployment| deployment.phase.status() == Status::Live;
    let good = list.iter().find(is_good)?;
    let took = good
        .duration
        .map(|took| format!(", took {}", Long(took)))
        .unwrap_or_default();
    let runs = env
        .release
        .as_ref()
        .and_then(|release| release.deployment.as_ref())
        == Some(&good.id);
    Some(Text::clean(&format!(
        "{}{took}{}",
        good.label,
        if runs { ", runs now" } else { "" }
    )))
}

/// A key while a question is open.
pub(super) fn in_confirm(
    state: &mut State,
    mut confirm: Box<Confirm>,
    press: KeyPress,
    repeat: bool,
    outcome: &mut Outcome,
) {
    match reply(&mut confirm, press, repeat, state) {
        Reply::Nothing => state.screen.overlay = Some(Overlay::Confirm(confirm)),
        Reply::No => {
            let text = format!(
                "{} {}: not done",
                confirm.operation.kind.verb(),
                confirm.operation.target.title
            );
            state.notices.say(state.now, Tone::Info, text);
        }
        Reply::Yes => begin(state, confirm.operation, outcome),
    }
}

fn reply(confirm: &mut Confirm, press: KeyPress, repeat: bool, state: &State) -> Reply {
    if !confirm.is_armed(state.now) || repeat {
        return Reply::Nothing;
    }
    let is_plain = !press.ctrl && !press.alt;
    if press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c')) {
        return Reply::No;
    }
    match (confirm.tier, press.key) {
        (Tier::One | Tier::Two, Key::Char('y')) if is_plain => Reply::Yes,
        // In the line any other key is a no: work goes on.
        (Tier::One, _) | (Tier::Two, Key::Char('n' | 'q') | Key::Enter) => Reply::No,
        (Tier::Two, _) => Reply::Nothing,
        (Tier::Three, Key::Enter) if confirm.is_name_typed() => Reply::Yes,
        (Tier::Three, Key::Enter) => Reply::No,
        (Tier::Three, _) => {
            if let Some(request) = super::input::edit(press) {
                confirm.typed.handle(request);
            }
            Reply::Nothing
        }
    }
}

fn begin(state: &mut State, operation: Operation, outcome: &mut Outcome) {
    let now = state.now;
    if let Some(ticket) = state.operations.begin(operation.clone(), now) {
        outcome.effects.push(Effect::Operate(ticket, operation));
    } else {
        let Operation { kind, target } = &operation;
        let text = format!("{} {} is already under way", kind.verb(), target.title);
        state.notices.say(now, Tone::Bad, text);
    }
}

/// The engine says how an operation goes on.
pub(super) fn event(state: &mut State, event: OperationEvent, outcome: &mut Outcome) {
    let at = event.at;
    let was_running = matches!(event.stage, Stage::Running(_));
    let Some(entry) = state.operations.apply(event).cloned() else {
        return;
    };
    outcome.redraw = true;
    if entry.stage.is_final() {
        tell_end(state, &entry, at);
    }
    // What it changes is read at once: when it was taken, and when it ended.
    if entry.stage.is_final() || was_running {
        read_again(state, &entry.operation);
    }
}

fn read_again(state: &mut State, operation: &Operation) {
    let context = operation.target.context;
    let mut queries = vec![Query::AllEnvironments];
    if let Some(env) = &operation.target.environment {
        queries.push(Query::Deployments(
            crate::model::DeploymentScope::Environment(env.clone()),
        ));
        queries.push(Query::Backups(env.clone()));
    }
    if let Some(app) = &operation.target.app {
        queries.push(Query::Deployments(crate::model::DeploymentScope::App(
            app.clone(),
        )));
        queries.push(Query::Environments(app.clone()));
    }
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
    let what = format!(
        "{} {}",
        entry.operation.kind.verb(),
        entry.operation.target.title
    );
    let took = Long(since(entry.started_at, at));
    let (tone, status, text) = match &entry.stage {
        Stage::Ended(Verdict::Done(remark)) => {
            let remark = remark
                .as_ref()
                .map(|remark| format!(", {remark}"))
                .unwrap_or_default();
            (
                Tone::Good,
                Status::Live,
                format!("{what} done in {took}{remark}"),
            )
        }
        Stage::Ended(Verdict::Partly(why)) => (
            Tone::Bad,
            Status::Degraded,
            format!("{what} ended with parts missing: {why}"),
        ),
        Stage::Ended(Verdict::Failed(why)) => (
            Tone::Bad,
            Status::Failed,
            format!("{what} FAILED after {took}: {why}"),
        ),
        Stage::Refused(failure) => (
            Tone::Bad,
            Status::Failed,
            format!("{what} not done: {}", failure.headline()),
        ),
        Stage::Unresolved(why) => (
            Tone::Bad,
            Status::Unknown,
            format!("{what}: outcome unknown; {why}"),
        ),
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => return,
    };
    let note = entry
        .note
        .as_ref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    let text = format!("{text}{note}");
    state.notices.say(state.now, tone, &text);
    state.journal.note(Event {
        at,
        actor: Actor::You,
        status,
        text: Text::clean(&text),
    });
}
