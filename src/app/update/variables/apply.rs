//! From a review to the question, and from the end of an operation back to what is wished.

use super::stage::tidy;
use super::{Dialog, Review, say, show};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::panes::variables::{Choice, Edit, Finding, Wish};
use crate::app::request::{Order, Request};
use crate::app::state::State;
use crate::app::update::operation;
use crate::model::{
    Class, EnvId, Operation, OperationKind, Scoped, Stage, Target, Text, VariableChange,
    VariableWish, Verdict,
};

/// Asks the question for what was reviewed. What is met or given up is no longer wished.
pub(super) fn apply(state: &mut State, review: Review, outcome: &mut Outcome) {
    if let Some(reason) = not_yet(&review) {
        say(state, Tone::Bad, reason);
        return show(state, Dialog::Review(review));
    }
    let list = state.inventory.vault.list(&review.of);
    let mut kinds = review.operations(list);
    settle(state, &review);
    if kinds.is_empty() {
        let text = format!("nothing is left to change in {}", review.title);
        return say(state, Tone::Info, text);
    }
    let Some(target) = target(state, &review) else {
        let text = format!("{} is gone", review.title);
        return say(state, Tone::Bad, text);
    };
    let is_together = changes_together(state, &review.of);
    let facts = facts(state, &target, &kinds, is_together);
    if is_together {
        kinds = VariableChange::together(kinds);
    }
    let operations = kinds.into_iter().map(|kind| Operation {
        target: target.clone(),
        kind,
    });
    let request = Request {
        operations: operations.collect(),
        order: Order::OneByOne,
        facts,
        undoes: None,
    };
    operation::question(state, request, outcome);
}

/// Whether each operation there begins a deployment: then all changes are one.
fn changes_together(state: &State, env: &Scoped<EnvId>) -> bool {
    let context = state.contexts.get(env.context);
    context.is_some_and(|context| context.profile.changes_variables_together)
}

fn target(state: &State, review: &Review) -> Option<Target> {
    let env = state.inventory.environment(&review.of)?;
    Some(Target {
        context: review.of.context,
        app: Some(env.app.clone()),
        environment: Some(env.id.clone()),
        title: review.title.clone(),
        class: state.class_of(review.of.context, env),
    })
}

fn not_yet(review: &Review) -> Option<String> {
    if review.lines.is_none() {
        return Some("the platform has not been read yet".to_owned());
    }
    match review.open_conflicts() {
        0 => None,
        1 => Some("one conflict is open: m keeps mine, t keeps theirs".to_owned()),
        n => Some(format!(
            "{n} conflicts are open: m keeps mine, t keeps theirs"
        )),
    }
}

fn settle(state: &mut State, review: &Review) {
    let staging = state.panes.variables.staged.entry(review.of.clone());
    let staging = staging.or_default();
    for line in review.lines.iter().flatten() {
        match line.finding {
            Finding::Met | Finding::Conflict(Choice::Theirs) => {
                staging.drop(&line.edit.slot);
            }
            Finding::AsItWas | Finding::Conflict(Choice::Mine | Choice::Open) => {}
        }
    }
    tidy(state);
}

/// Names only: a question shows no value.
fn facts(
    state: &State,
    target: &Target,
    kinds: &[OperationKind],
    is_together: bool,
) -> Vec<(Text, Text)> {
    let context = state.contexts.get(target.context);
    let context = context.map_or_else(Text::default, |context| context.name.clone());
    let class = Text::clean(target.class.map_or("none", Class::word));
    let mut facts = vec![
        (Text::clean("context"), context),
        (Text::clean("target"), target.title.clone()),
        (Text::clean("class"), class),
    ];
    facts.extend(named(kinds));
    let (label, value) = if is_together {
        ("then", "a deployment begins at once, with all of it")
    } else {
        ("order", "one after the other, up to the first failure")
    };
    facts.push((Text::clean(label), Text::clean(value)));
    facts
}

fn named(kinds: &[OperationKind]) -> impl Iterator<Item = (Text, Text)> {
    let names = |word: &str| {
        let of = |kind: &&OperationKind| step(kind).is_some_and(|(own, _)| own == word);
        let names = kinds.iter().filter(of).filter_map(step);
        names.map(|(_, name)| name).collect::<Vec<_>>().join(", ")
    };
    let all = ["add", "change", "unset"].map(|word| (word, names(word)));
    let all = all.into_iter().filter(|(_, names)| !names.is_empty());
    all.map(|(label, names)| (Text::clean(label), Text::clean(&names)))
}

/// What an operation does to which variable; absent for what is about none.
fn step(kind: &OperationKind) -> Option<(&'static str, &str)> {
    if let OperationKind::SetVariable { id, name, .. } = kind {
        let word = if id.is_none() { "add" } else { "change" };
        Some((word, name))
    } else if let OperationKind::UnsetVariable { name, .. } = kind {
        Some(("unset", name))
    } else {
        None
    }
}

/// The wishes that an operation carries out, by the names of variables.
fn wishes(kind: &OperationKind) -> Vec<(Text, Wish)> {
    let changes = VariableChange::all_of(kind);
    let wish = |change: VariableChange| {
        let wish = match change.wish {
            VariableWish::Set { value, .. } => Wish::Set(value),
            VariableWish::Unset => Wish::Unset,
        };
        (Text::clean(&change.name), wish)
    };
    changes.into_iter().map(wish).collect()
}

/// An operation ended. What was applied is no longer wished.
pub(in crate::app::update) fn ended(state: &mut State, entry: &Entry) {
    if !matches!(entry.stage, Stage::Ended(Verdict::Done(_))) {
        return;
    }
    let target = &entry.operation.target;
    let Some(env) = target.environment.clone() else {
        return;
    };
    let env = Scoped::new(target.context, env);
    let wishes = wishes(&entry.operation.kind);
    if wishes.is_empty() {
        return;
    }
    if let Some(staging) = state.panes.variables.staged.get_mut(&env) {
        // A wish that changed meanwhile is another one.
        let is_applied = |edit: &&Edit| {
            let mut same = wishes.iter();
            same.any(|(name, wish)| edit.slot.name == *name && edit.wish == *wish)
        };
        let applied = staging.edits().iter().filter(is_applied);
        for slot in applied.map(|edit| edit.slot.clone()).collect::<Vec<_>>() {
            staging.drop(&slot);
        }
        tidy(state);
    }
    // What has begun its own deployment waits for none.
    if !changes_together(state, &env) {
        note_deployment(state, entry, env);
    }
}

/// The platform's own words say whether a deployment is needed.
fn note_deployment(state: &mut State, entry: &Entry, env: Scoped<EnvId>) {
    let says = |note: &Text| note.as_str().to_lowercase().contains("deploy");
    if entry.note.as_ref().is_some_and(says) {
        let known = state.inventory.environment(&env);
        let release = known.and_then(|known| known.release.clone());
        state.panes.variables.undeployed.insert(env, release);
    }
}
