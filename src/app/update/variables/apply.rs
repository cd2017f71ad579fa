//! From a review to the question, and from the end of an operation back to what is wished.

use super::{Dialog, Review, say, show, tidy};
use crate::app::notices::Tone;
use crate::app::operations::Entry;
use crate::app::panes::variables::{Choice, Finding, Wish};
use crate::app::state::State;
use crate::model::{OperationKind, Scoped, Stage, Text, Verdict};

/// Asks the question for what was reviewed. What is met or given up is no longer wished.
pub(super) fn apply(state: &mut State, review: Review) {
    if let Some(reason) = not_yet(&review) {
        say(state, Tone::Bad, reason);
        return show(state, Dialog::Review(review));
    }
    let list = state.inventory.vault.list(&review.of);
    let kinds = review.operations(list);
    settle(state, &review);
    if kinds.is_empty() {
        let text = format!("nothing is left to change in {}", review.title);
        return say(state, Tone::Info, text);
    }
    let facts = facts(&kinds);
    ask(state, &review, kinds, facts);
}

fn not_yet(review: &Review) -> Option<String> {
    if review.lines.is_none() {
        return Some("the platform has not been read yet".to_owned());
    }
    match review.open_conflicts() {
        0 => None,
        1 => Some("one conflict is open: m keeps mine, t keeps theirs".to_owned()),
        n => Some(format!("{n} conflicts are open: m keeps mine, t keeps theirs")),
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
fn facts(kinds: &[OperationKind]) -> Vec<(&'static str, Text)> {
    let named = |is_wanted: fn(&OperationKind) -> Option<&str>| {
        let names: Vec<_> = kinds.iter().filter_map(is_wanted).collect();
        names.join(", ")
    };
    let added = named(|kind| match kind {
        OperationKind::SetVariable { id: None, name, .. } => Some(name),
        _ => None,
    });
    let changed = named(|kind| match kind {
        OperationKind::SetVariable { id: Some(_), name, .. } => Some(name),
        _ => None,
    });
    let unset = named(|kind| match kind {
        OperationKind::UnsetVariable { name, .. } => Some(name),
        _ => None,
    });
    let all = [("add", added), ("change", changed), ("unset", unset)];
    let all = all.into_iter().filter(|(_, names)| !names.is_empty());
    all.map(|(label, names)| (label, Text::clean(&names))).collect()
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
    let (name, is_applied): (&str, &dyn Fn(&Wish) -> bool) = match &entry.operation.kind {
        OperationKind::SetVariable { name, value, .. } => {
            (name, &move |wish| *wish == Wish::Set(value.clone()))
        }
        OperationKind::UnsetVariable { name, .. } => (name, &|wish| *wish == Wish::Unset),
        _ => return,
    };
    let name = Text::clean(name);
    if let Some(staging) = state.panes.variables.staged.get_mut(&env) {
        let edits = staging.edits().iter();
        // A wish that changed meanwhile is another one.
        let applied = edits
            .filter(|edit| edit.slot.name == name && is_applied(&edit.wish))
            .map(|edit| edit.slot.clone());
        for slot in applied.collect::<Vec<_>>() {
            staging.drop(&slot);
        }
        tidy(state);
    }
    note_deployment(state, entry, env);
}

/// The platform's own words say whether a deployment is needed.
fn note_deployment(state: &mut State, entry: &Entry, env: Scoped<crate::model::EnvId>) {
    let says = |note: &Text| note.as_str().to_lowercase().contains("deploy");
    if entry.note.as_ref().is_some_and(says) {
        let known = state.inventory.environment(&env);
        let release = known.and_then(|known| known.release.clone());
        state.panes.variables.undeployed.insert(env, release);
    }
}
