//! The command line that does the same: for scripts, tickets and colleagues.

use std::borrow::Cow;

use super::confirm::Tier;
use super::state::State;
use crate::model::catalogue::{Inputs, Need, Value, inputs_of, recipe_of};
use crate::model::{Capability, ContextId, Operation};

/// The `flightdeck do` that carries out an operation and waits for its end. A secret is not in it:
/// the command takes that from a variable of the shell.
#[must_use]
pub fn of_operation(state: &State, operation: &Operation) -> Option<String> {
    let recipe = recipe_of(&operation.kind)?;
    let target = &operation.target;
    // A whole context is named by itself.
    let is_whole = target.app.is_none() && state.contexts.get(target.context)?.name == target.title;
    let title = if is_whole { "" } else { target.title.as_str() };
    let target = place(state, target.context, title)?;
    let mut words = vec!["flightdeck".into(), "do".into(), recipe.name.into(), target];
    let mut inputs = inputs_of(&operation.kind);
    // What nobody is asked for, the command finds by itself, too.
    for field in recipe.fields {
        if field.need == Need::Given {
            inputs.clear(field.name);
        }
    }
    arguments(&inputs, &mut words);
    if let Some(Value::Flag(false)) = inputs.get("pin")
        && presumes_pin(state, operation.target.context)
    {
        words.push("--pin=false".into());
    }
    words.push("--yes".into());
    if asks_for_the_name(state, operation) {
        let title = operation.target.title.as_str();
        let app = title.split_once('/').map_or(title, |(app, _)| app);
        words.extend(["--confirm".into(), app.into()]);
    }
    words.push("--wait".into());
    Some(joined(&words))
}

/// Whether a roll-back is pinned unless somebody says otherwise: where it can be kept or undone
/// afterwards, that is what the platform does by itself.
pub(super) fn presumes_pin(state: &State, context: ContextId) -> bool {
    let context = state.contexts.get(context);
    context.is_some_and(|context| !context.lacks(Capability::CommitRollback))
}

fn asks_for_the_name(state: &State, operation: &Operation) -> bool {
    let context = state.contexts.get(operation.target.context);
    let is_protected = context.is_some_and(|context| context.is_protected);
    Tier::of(operation, is_protected) >= Tier::Three
}

/// The `flightdeck logs` that follows the log of the selected environment.
#[must_use]
pub fn of_log(state: &State) -> Option<String> {
    let aim = super::aim::Aim::of(state).filter(|aim| aim.environment.is_some())?;
    let target = place(state, aim.context, aim.title.as_str())?;
    let words = ["flightdeck", "logs", &target, "--follow"].map(String::from);
    Some(joined(&words))
}

/// `context:app/environment`.
fn place(state: &State, context: ContextId, title: &str) -> Option<String> {
    let name = &state.contexts.get(context)?.name;
    Some(format!("{name}:{title}"))
}

fn arguments(inputs: &Inputs, words: &mut Vec<String>) {
    for (field, value) in inputs.iter() {
        let flag = format!("--{field}");
        match value {
            Value::Text(text) => words.extend([flag, text.clone()]),
            Value::Secret(_) => {
                words.extend([format!("{flag}-from-env"), variable(field, inputs)]);
            }
            Value::Count(count) => words.extend([flag, count.to_string()]),
            Value::Flag(true) => words.push(flag),
            Value::Flag(false) => {}
            Value::Time(at) => words.extend([flag, at.to_string()]),
            Value::Pairs(pairs) => {
                for (key, value) in pairs {
                    words.extend([flag.clone(), format!("{key}={value}")]);
                }
            }
            Value::One(chosen) => words.extend([flag, chosen.id.clone()]),
            Value::Many(all) => {
                for chosen in all {
                    words.extend([flag.clone(), chosen.id.clone()]);
                }
            }
        }
    }
}

/// The variable of the shell that holds a secret: named as the variable that is set, else as the
/// field.
fn variable(field: &str, inputs: &Inputs) -> String {
    let own = match inputs.get("name") {
        Some(Value::Text(name)) => name.as_str(),
        _ => field,
    };
    let upper = own.to_uppercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    upper.replace(|c| !is_name(c), "_")
}

fn joined(words: &[String]) -> String {
    let quoted: Vec<Cow<'_, str>> = words
        .iter()
        .map(|word| shell_words::quote(word.as_str()))
        .collect();
    quoted.join(" ")
}
