//! Says what would happen, where somebody has yet to say yes.

use super::pick::{last_backup, last_release};
use super::subject::Subject;
use crate::cli::table::age;
use crate::cli::terminal::{tell, tell_more};
use crate::model::catalogue::{Chosen, FieldKind, Group, Inputs, Recipe, Value};
use crate::model::{Class, Environment, OperationKind, Stakes, Text};
use crate::shell;

/// What a person should know of an operation before saying yes.
pub(super) async fn explain(
    subject: &Subject,
    recipe: &Recipe,
    inputs: &Inputs,
    kind: &OperationKind,
) {
    tell(format_args!(
        "this would {} {}",
        kind.verb(),
        subject.title()
    ));
    head(subject);
    for (label, value) in known(subject, recipe, inputs) {
        fact(label.as_str(), value.as_str());
    }
    if let [_, ..] = subject.parts.as_slice() {
        let parts: Vec<&str> = subject.parts.iter().map(Text::as_str).collect();
        fact("all of", &parts.join(", "));
    }
    if recipe.group == Group::Release
        && let Some(good) = last_release(subject).await
    {
        fact("last good", &good);
    }
    if let OperationKind::RestoreBackup { .. } = kind
        && subject.platform.profile().restores_beside
    {
        let result = "a new database beside it; nothing is overwritten; it costs money";
        fact("then", result);
    }
    if concerns_data(recipe, kind)
        && let Some(good) = last_backup(subject).await
    {
        fact("last backup", &good);
    }
}

/// What was asked for, with what it is now where that is known, and what runs. Secrets are not in
/// it, so that it can be written down.
pub(super) fn known(subject: &Subject, recipe: &Recipe, inputs: &Inputs) -> Vec<(Text, Text)> {
    let asked = inputs.iter().filter_map(|(name, value)| {
        let is_given = recipe.asked().all(|field| field.name != name);
        let after = shown(value).filter(|_| !is_given)?;
        Some(match before(subject, recipe, name) {
            Some(before) => (name, format!("{before} → {after}")),
            None => (name, after),
        })
    });
    let environment = subject.environment.iter();
    let facts = asked.chain(environment.flat_map(state));
    let clean = |(label, value): (&str, String)| (Text::clean(label), Text::clean(&value));
    facts.map(clean).collect()
}

/// Whether one wants to know first when the last backup was taken.
fn concerns_data(recipe: &Recipe, kind: &OperationKind) -> bool {
    match recipe.group {
        Group::Backups => true,
        Group::Run | Group::Services | Group::Life => kind.stakes() >= Stakes::TakesAway,
        Group::Release | Group::Variables | Group::Domains | Group::Jobs | Group::Own => false,
    }
}

/// Context and class.
pub(in crate::cli) fn head(subject: &Subject) {
    let protected = if subject.is_protected {
        ", protected"
    } else {
        ""
    };
    fact("context", &format!("{}{protected}", subject.context));
    fact("class", subject.target.class.map_or("none", Class::word));
}

/// One line of what a person should know.
pub(in crate::cli) fn fact(label: &str, value: &str) {
    tell_more(format_args!("{label:<12} {value}"));
}

fn state(environment: &Environment) -> Vec<(&'static str, String)> {
    let release = environment.release.as_ref().map(|release| {
        let since = release
            .at
            .map(|at| format!(", for {}", age(at, shell::now())));
        let since = since.unwrap_or_default();
        ("release", format!("{}{since}", release.label))
    });
    let pending = environment.pending.commits.filter(|commits| *commits > 0);
    let pending = pending.map(|commits| ("pending", format!("{commits} commits")));
    let running = environment.running.as_ref();
    let running = running.map(|id| ("running", format!("deployment {}", id.to_text())));
    [release, pending, running].into_iter().flatten().collect()
}

/// What it is now, where that is known.
fn before(subject: &Subject, recipe: &Recipe, field: &str) -> Option<String> {
    let environment = subject.environment.as_ref();
    match (recipe.name, field) {
        ("change-environment", "branch") => Some(environment?.branch.as_ref()?.to_string()),
        ("scale", "units") => Some(environment?.units?.wanted.to_string()),
        ("rollback", "to") => Some(environment?.release.as_ref()?.label.to_string()),
        ("rename-app", "name") => {
            let app = subject.app.as_ref()?;
            Some(app.shown_name().to_string())
        }
        _ => None,
    }
}

/// An answer as it may be seen; absent where there is nothing to say.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Flag(false) => None,
        // With the id: that is what the next command may need.
        Value::One(one) => Some(chosen(one)),
        Value::Many(many) => Some(many.iter().map(chosen).collect::<Vec<_>>().join(", ")),
        Value::Text(_)
        | Value::Secret(_)
        | Value::Count(_)
        | Value::Flag(true)
        | Value::Time(_)
        | Value::Pairs(_) => Some(value.words().to_string()),
    }
}

fn chosen(Chosen { id, title }: &Chosen) -> String {
    let id = Text::clean(id);
    if id == *title || title.is_empty() {
        return id.to_string();
    }
    format!("{title} (id {id})")
}

/// The option of a field, as it is written.
pub(super) fn option(recipe: &Recipe, field: &str) -> String {
    let is_secret = recipe
        .field(field)
        .is_some_and(|field| field.kind == FieldKind::Secret);
    let more = if is_secret { "-…" } else { "" };
    format!("--{field}{more}")
}
