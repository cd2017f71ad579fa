//! Operations: the one path from a wish to what is sent.
//!
//! A key, the menu, the palette and a form all end in [`start`], which finds the targets and asks
//! for what is missing; [`question()`] asks for a yes; `sending` sends, and hears how it goes on.

mod facts;
mod freshness;
mod pinned;
mod preview;
mod question;
mod sending;
mod target;
mod undo;

pub(in crate::app) use freshness::{answered, watch};
pub(in crate::app) use preview::previewed;
pub(in crate::app) use question::{in_confirm, question};
pub(in crate::app) use sending::{event, has_waiting, retry_failed, run_rest};
pub(in crate::app) use target::PROCESS;
pub(in crate::app) use undo::ask_undo;

use crate::app::command::presumes_pin;
use crate::app::contexts::Wish;
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::request::{Order, Request};
use crate::app::state::State;
use crate::model::catalogue::{Field, FieldKind, Inputs, Need, Pick, Recipe, Value};
use crate::model::{
    BackupState, Capability, Deployment, DeploymentId, Operation, OperationKind, Payload, Query,
    QueryKey, Target, Text,
};

/// Begins an operation on what is marked or selected: opens its form if something must be asked,
/// else the question. Says why where it cannot be.
pub(in crate::app) fn start(
    state: &mut State,
    recipe: &'static Recipe,
    inputs: Inputs,
    outcome: &mut Outcome,
) {
    if let Err(reason) = try_start(state, recipe, inputs, outcome) {
        let text = format!("{}: {reason}", recipe.name);
        state.notices.say(state.now, Tone::Bad, text);
    }
}

/// Why an operation cannot be begun on what is marked or selected; absent if it can.
pub(in crate::app) fn obstacle(state: &State, recipe: &'static Recipe) -> Option<String> {
    let found = target::targets(state, recipe);
    found
        .and_then(|targets| refusals(state, &targets, recipe.into()))
        .err()
}

/// What an operation would act on, in words; absent where nothing is selected.
pub(in crate::app) fn subject(state: &State, recipe: &'static Recipe) -> Option<Vec<Target>> {
    target::targets(state, recipe).ok()
}

fn try_start(
    state: &mut State,
    recipe: &'static Recipe,
    inputs: Inputs,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let targets = target::targets(state, recipe)?;
    refusals(state, &targets, recipe.into())?;
    let inputs = with_known(state, recipe, &targets, inputs);
    if is_to_be_asked(state, recipe, &targets, &inputs) {
        super::form::open(state, recipe, inputs);
        return Ok(());
    }
    let mut operations = operations(state, recipe, targets, &inputs)?;
    canary_first(&mut operations);
    let request = Request {
        facts: facts::of(state, &operations),
        operations,
        order: Order::CanaryFirst,
        undoes: None,
    };
    question(state, request, outcome);
    Ok(())
}

/// Whether something is missing that must be asked for: what is required, or any answer at all where
/// each is optional and none is not enough.
fn is_to_be_asked(state: &State, recipe: &Recipe, targets: &[Target], inputs: &Inputs) -> bool {
    let is_missing = |field: &Field| inputs.get(field.name).is_none();
    let mut asked = recipe.asked();
    if asked.any(|field| field.need == Need::Required && is_missing(field)) {
        return true;
    }
    let is_unanswered = recipe.asked().all(is_missing) && recipe.asked().next().is_some();
    let cannot = |target: &Target| {
        let inputs = given(state, recipe, target, inputs.clone());
        (recipe.build)(&inputs).is_err()
    };
    is_unanswered && targets.first().is_some_and(cannot)
}

fn refusals(state: &State, targets: &[Target], wish: Wish) -> Result<(), String> {
    let mut contexts: Vec<_> = targets.iter().map(|target| target.context).collect();
    contexts.dedup();
    for id in contexts {
        target::refusal(state, id, wish)?;
    }
    let mut each = targets.iter();
    each.try_for_each(|target| target::standing_refusal(state, target, wish.capability))
}

/// One operation for each target.
fn operations(
    state: &State,
    recipe: &'static Recipe,
    targets: Vec<Target>,
    inputs: &Inputs,
) -> Result<Vec<Operation>, String> {
    let is_about_one = |value: &Value| matches!(value, Value::One(_) | Value::Many(_));
    if targets.len() > 1 && inputs.iter().any(|(_, value)| is_about_one(value)) {
        return Err("what was chosen belongs to one target; Esc clears the marks".into());
    }
    if targets.len() > 1 && recipe.capability == Capability::Console {
        return Err("a terminal holds one session at a time; Esc clears the marks".into());
    }
    let operations = targets.into_iter().map(|target| {
        let inputs = given(state, recipe, &target, inputs.clone());
        let kind = (recipe.build)(&inputs).map_err(|problem| problem.to_string())?;
        target::refusal(state, target.context, Wish::from(&kind))?;
        let operation = Operation { target, kind };
        target::collision(state, &operation)?;
        Ok(operation)
    });
    operations.collect()
}

/// What matters least goes first: if it fails, nothing that matters was touched.
fn canary_first(operations: &mut [Operation]) {
    let least = (0..operations.len()).min_by_key(|at| operations[*at].target.class);
    if let Some(least) = least {
        operations[..=least].rotate_right(1);
    }
}

/// Fills in what the program knows and nobody is asked for.
fn given(state: &State, recipe: &Recipe, target: &Target, inputs: Inputs) -> Inputs {
    if recipe.name == "cancel-run" {
        let job = job_of(state, target, &inputs);
        return inputs.with_some("job", job);
    }
    if recipe.name != "delete-app" {
        return inputs;
    }
    let fleet = state.inventory.fleet(target.context);
    let app = fleet
        .zip(target.app.as_ref())
        .and_then(|(fleet, app)| fleet.app(app));
    let name = app.map(|app| Value::Text(app.shown_name().to_string()));
    inputs.with_some("app", name)
}

/// The job that the chosen run is one of.
fn job_of(state: &State, target: &Target, inputs: &Inputs) -> Option<Value> {
    let Some(Value::One(run)) = inputs.get("run") else {
        return None;
    };
    let key = QueryKey {
        context: target.context,
        query: Query::JobRuns(target.environment.clone()?),
    };
    let Some(Payload::JobRuns(runs)) = &state.inventory.lists.get(&key)?.value else {
        return None;
    };
    let run = runs.items.iter().find(|it| it.id.as_str() == run.id)?;
    Some(Value::Text(run.job.as_str().to_owned()))
}

/// Adds what is meant when nothing is said: the last good deployment to go back to, the running
/// one to cancel, the selected backup.
fn with_known(state: &State, recipe: &Recipe, targets: &[Target], inputs: Inputs) -> Inputs {
    let inputs = presumed(state, recipe, targets, inputs);
    let [target] = targets else { return inputs };
    let inputs = with_row(state, recipe, inputs);
    let missing = |name: &str| recipe.field(name).is_some() && inputs.get(name).is_none();
    let (field, value) = if recipe.name == "rollback" && missing("to") {
        ("to", last_good(state, target))
    } else if recipe.name == "cancel" && missing("deployment") {
        ("deployment", running(state, target))
    } else if missing("backup") {
        ("backup", selected_backup(state, target))
    } else {
        return inputs;
    };
    inputs.with_some(field, value)
}

/// Adds the answers that are meant unless somebody gives others.
pub(in crate::app) fn presumed(
    state: &State,
    recipe: &Recipe,
    targets: &[Target],
    inputs: Inputs,
) -> Inputs {
    if recipe.capability != Capability::RollBack || inputs.get("pin").is_some() {
        return inputs;
    }
    let mut contexts = targets.iter().map(|target| target.context);
    let is_pinned = contexts.all(|context| presumes_pin(state, context));
    inputs.with("pin", Value::Flag(is_pinned))
}

/// Adds the row under the bar where it is one of what is asked for: a domain, an instance, an event.
fn with_row(state: &State, recipe: &Recipe, inputs: Inputs) -> Inputs {
    let fields = recipe.fields.iter();
    fields.fold(inputs, |inputs, field| {
        let FieldKind::Pick(pick) = field.kind else {
            return inputs;
        };
        if inputs.get(field.name).is_some() {
            return inputs;
        }
        let row = if pick == Pick::Event {
            crate::app::panes::activity::cancellable(state)
        } else {
            crate::app::panes::parts::chosen(state, pick)
        };
        inputs.with_some(field.name, row.map(Value::One))
    })
}

/// The newest good deployment that is not the one that runs.
fn last_good(state: &State, target: &Target) -> Option<Value> {
    let env = target::environments(state, target).next()?;
    let current = env.release.as_ref().and_then(|it| it.deployment.as_ref());
    let id = crate::model::Scoped::new(target.context, env.id.clone());
    let list = state.inventory.deployments_of(&id)?.value.as_ref()?;
    let is_other = |it: &&Deployment| !it.is_current && Some(&it.id) != current;
    let good = list.iter().filter(is_other).find(|it| it.is_good())?;
    Some(chosen(good.id.as_str(), &good.label))
}

fn running(state: &State, target: &Target) -> Option<Value> {
    let env = target::environments(state, target).find(|env| env.running.is_some())?;
    let id: &DeploymentId = env.running.as_ref()?;
    Some(chosen(id.as_str(), &id.to_text()))
}

/// The backup that is selected, as far as it can be restored. One of another environment is never
/// meant: the platform would put it where it came from, whatever the question says.
fn selected_backup(state: &State, target: &Target) -> Option<Value> {
    let env = crate::app::panes::backups::environment(state)?;
    if env.context != target.context || Some(&env.id) != target.environment.as_ref() {
        return None;
    }
    let backup = crate::app::panes::backups::selected(state)?;
    let is_usable = matches!(backup.state, BackupState::Done | BackupState::Partial);
    let title = facts::backup_title(state, backup);
    is_usable.then(|| chosen(backup.id.as_str(), &title))
}

fn chosen(id: &str, title: &Text) -> Value {
    Value::One(crate::model::catalogue::Chosen {
        id: id.to_owned(),
        title: title.clone(),
    })
}

/// Begins an operation by its name in the catalogue, with nothing but its defaults.
pub(in crate::app) fn start_named(state: &mut State, name: &str, outcome: &mut Outcome) {
    let context = state.selected_context();
    let specials = context.map_or(&[][..], |context| context.profile.specials);
    if let Some(recipe) = Recipe::named_for(name, specials) {
        start(state, recipe, Inputs::default(), outcome);
    }
}

/// Whether an operation is a restore, before which a fresh backup is offered.
fn is_restore(operation: &Operation) -> bool {
    matches!(operation.kind, OperationKind::RestoreBackup { .. })
}
