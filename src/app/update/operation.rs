//! Operations: asked for by key, confirmed by tier, followed to their end.

use jiff::Timestamp;

use crate::app::age::{Age, Long, Short, since};
use crate::app::confirm::{Confirm, Reply, Tier};
use crate::app::contexts::Context;
use crate::app::journal::{Actor, Event};
use crate::app::keys::{Key, KeyPress};
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::{
    AppId, BackupState, Capability, Class, Consent, DeployMode, Deployment, DeploymentScope,
    Environment, Operation, OperationEvent, OperationKind, Query, QueryKey, Scoped, Stage, Status,
    Target, Text, Verdict,
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
    let context = state.selected_context().ok_or("select an app first")?;
    refusal(state, context, &kind)?;
    let row = state.panes.apps.selected().ok_or("select an app first")?;
    let env = state
        .selected_environment()
        .ok_or("this app has no environment yet")?;
    let operation = Operation {
        target: target(state, &row.app, env, &kind).ok_or("this app is gone")?,
        kind,
    };
    collision(state, &operation)?;
    let tier = Tier::of(&operation, context.is_protected);
    let facts = facts(state, env, &operation);
    let confirm = Confirm::new(operation, tier, row.name.clone(), facts, state.now);
    state.screen.overlay = Some(Overlay::Confirm(Box::new(confirm)));
    state.has_chosen = true;
    Ok(())
}

/// Why nothing of the kind may be done in a context now.
fn refusal(state: &State, context: &Context, kind: &OperationKind) -> Result<(), String> {
    let verb = kind.verb();
    if let Some(reason) = context.supports(kind.capability()).refusal() {
        return Err(format!("{verb}: {reason}"));
    }
    if context.is_read_only {
        return Err(format!("{verb}: {} is read-only", context.name));
    }
    if context.bad_credential.is_some() {
        return Err(format!(
            "{verb}: the token of {} is not accepted; r tries it again",
            context.name
        ));
    }
    if context.is_locked(state.now) {
        return Err(format!(
            "{verb}: {} is protected; ! unlocks it for 10 minutes",
            context.name
        ));
    }
    Ok(())
}

/// What an operation on the selected environment acts on, as far as it still exists. Where the
/// platform deploys whole apps, a deployment concerns the app, however many environments it has.
fn target(
    state: &State,
    app: &Scoped<AppId>,
    env: &Environment,
    kind: &OperationKind,
) -> Option<Target> {
    let context = state.contexts.get(app.context)?;
    let fleet = state.inventory.fleet(app.context)?;
    let name = &fleet.app(&app.id)?.name;
    let is_whole_app =
        kind.capability() == Capability::Deploy && !context.profile.deploys_environments;
    let (title, class) = if is_whole_app {
        let classes = fleet.environments_of(&app.id);
        let class = classes
            .filter_map(|env| state.class_of(app.context, env))
            .max();
        (name.clone(), class)
    } else {
        let title = Text::clean(&format!("{name}/{}", env.name));
        (title, state.class_of(app.context, env))
    };
    Some(Target {
        context: app.context,
        app: Some(app.id.clone()),
        environment: (!is_whole_app).then(|| env.id.clone()),
        title,
        class,
    })
}

/// Why an operation does not go together with what happens already.
fn collision(state: &State, operation: &Operation) -> Result<(), String> {
    let Operation { target, kind } = operation;
    if state.operations.is_running(&operation.key()) {
        return Err(format!(
            "{} {} is already under way",
            kind.verb(),
            target.title
        ));
    }
    let is_deploying = kind.capability() == Capability::Deploy
        && environments(state, target).any(|env| env.running.is_some());
    if is_deploying {
        return Err(format!("{}: a deployment is already running", target.title));
    }
    Ok(())
}

/// The environments that a target concerns and that are still there.
fn environments<'a>(state: &'a State, target: &'a Target) -> impl Iterator<Item = &'a Environment> {
    let fleet = state.inventory.fleet(target.context);
    let all = fleet
        .zip(target.app.as_ref())
        .into_iter()
        .flat_map(|(fleet, app)| fleet.environments_of(app));
    all.filter(|env| target.environment.as_ref().is_none_or(|id| *id == env.id))
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
    if let Some(age) = context.map(|context| state.age_of(context))
        && !matches!(age, Age::Within(_))
    {
        facts.push(("as of", Text::clean(&format!("{age} ago"))));
    }
    if operation.kind.capability() == Capability::Deploy {
        facts.push(("runs now", Text::clean(&running_release(state, env))));
        facts.push(("then", Text::clean(&next_release(env))));
        if let Some(good) = last_good(state, env) {
            facts.push(("last good", good));
        }
    } else {
        facts.push((
            "last good",
            Text::clean(&last_backup(state, &operation.target)),
        ));
        facts.push(("services", Text::clean("all that can be backed up")));
    }
    facts
}

fn last_backup(state: &State, target: &Target) -> String {
    let env = target.environment.clone();
    let key = env.map(|env| Scoped::new(target.context, env));
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
        Reply::Yes => begin(state, *confirm, outcome),
    }
}

fn reply(confirm: &mut Confirm, press: KeyPress, repeat: bool, state: &State) -> Reply {
    if !confirm.is_armed(state.now) {
        confirm.postpone(state.now);
        return Reply::Nothing;
    }
    if repeat {
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

/// What was asked about may have changed while the question was open: then it is not done.
fn begin(state: &mut State, confirm: Confirm, outcome: &mut Outcome) {
    let now = state.now;
    if let Err(reason) = still_right(state, &confirm) {
        state.notices.say(now, Tone::Bad, reason);
        return;
    }
    let consent = consent(&confirm);
    let operation = confirm.operation;
    if let Some(ticket) = state.operations.begin(operation.clone(), now) {
        let operate = Effect::Operate(ticket, operation, consent);
        outcome.effects.push(operate);
    }
}

/// What the audit says of a yes: how it was said, and what was shown before.
fn consent(confirm: &Confirm) -> Consent {
    let (tier, words) = match confirm.tier {
        Tier::One => (1, "y in the line"),
        Tier::Two => (2, "y in the dialog"),
        Tier::Three => (3, "the name typed in the dialog"),
    };
    let shown = confirm.facts.iter();
    let before = shown.map(|(label, value)| (Text::clean(label), value.clone()));
    Consent {
        tier,
        words: Text::clean(words),
        before: before.collect(),
    }
}

fn still_right(state: &State, confirm: &Confirm) -> Result<(), String> {
    let Operation { target, kind } = &confirm.operation;
    let context = state.contexts.get(target.context);
    let context = context.ok_or("this context is gone")?;
    refusal(state, context, kind)?;
    collision(state, &confirm.operation)?;
    let app = target.app.as_ref();
    let now = environments(state, target)
        .next()
        .zip(app)
        .and_then(|(env, app)| {
            let app = Scoped::new(target.context, app.clone());
            self::target(state, &app, env, kind)
        });
    match now {
        None => Err(format!("{} {}: it is gone", kind.verb(), target.title)),
        Some(now) if now != *target => Err(format!(
            "{} {}: it changed since you were asked; look again",
            kind.verb(),
            target.title
        )),
        Some(_) => Ok(()),
    }
}

/// The engine says how an operation goes on.
pub(super) fn event(state: &mut State, event: OperationEvent, outcome: &mut Outcome) {
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
    }
    // What it changes is read at once when it was taken and when it ended; in between the lists
    // have their own, quicker rhythm.
    if entry.stage.is_final() || (is_running(&entry) && !was_running) {
        read_again(state, &entry.operation);
    }
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
    if let Some(env) = &operation.target.environment {
        let scope = DeploymentScope::Environment(env.clone());
        queries.extend([Query::Deployments(scope), Query::Backups(env.clone())]);
    }
    if let Some(app) = &operation.target.app {
        let scope = DeploymentScope::App(app.clone());
        queries.extend([Query::Deployments(scope), Query::Environments(app.clone())]);
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

fn tell_end(state: &mut State, entry: &Entry, at: Timestamp) {
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
    let (tone, status, text) = match &entry.stage {
        Stage::Ended(Verdict::Done(remark)) => {
            let remark = remark
                .as_ref()
                .map(|remark| format!(", {remark}"))
                .unwrap_or_default();
            (
                Tone::Good,
                Status::Live,
                format!("{what} done{within}{remark}"),
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
            format!("{what} FAILED{after}: {why}"),
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
        subject: None,
    });
}
