//! What one should know before saying yes: where, what, before and after, and what was good last.

use super::PROCESS;
use crate::app::age::{Age, Long, Short, since};
use crate::app::request::ALL_OF;
use crate::app::state::State;
use crate::model::catalogue::{Value, inputs_of, recipe_of};
use crate::model::{
    Backup, BackupId, BackupState, Capability, Class, Environment, Operation, OperationKind,
    Scoped, Status, Target, Text,
};

type Fact = (Text, Text);

/// The facts of a question: those of its operation, or for several where and how many.
pub(super) fn of(state: &State, operations: &[Operation]) -> Vec<Fact> {
    match operations {
        [operation] => of_one(state, operation),
        many => of_many(state, many),
    }
}

fn of_many(state: &State, operations: &[Operation]) -> Vec<Fact> {
    let production = operations
        .iter()
        .filter(|it| it.target.class == Some(Class::Production));
    let mut facts = vec![fact("targets", &operations.len().to_string())];
    if let many @ 1.. = production.count() {
        facts.push(fact("of which PROD", &many.to_string()));
    }
    if let [first, ..] = operations {
        facts.extend(old(state, &first.target));
        facts.extend(inputs(first));
    }
    facts.push(fact(
        "order",
        "one first; the others when it has ended well",
    ));
    facts
}

fn of_one(state: &State, operation: &Operation) -> Vec<Fact> {
    let target = &operation.target;
    let context = state.contexts.get(target.context);
    let name = context.map_or_else(Text::default, |context| context.name.clone());
    let mut facts = vec![
        (Text::clean("context"), name),
        (Text::clean("target"), target.title.clone()),
        fact("class", target.class.map_or("none", Class::word)),
    ];
    facts.extend(old(state, target));
    facts.extend(change(state, operation));
    facts
}

/// How old what is shown is, where it is older than polling promises.
fn old(state: &State, target: &Target) -> Option<Fact> {
    let context = state.contexts.get(target.context)?;
    let age = state.age_of(context);
    (!matches!(age, Age::Within(_))).then(|| fact("as of", &format!("{age} ago")))
}

/// Before, after, and what was good last.
fn change(state: &State, operation: &Operation) -> Vec<Fact> {
    let target = &operation.target;
    let env = super::target::environments(state, target).next();
    match (operation.kind.capability(), env) {
        (Capability::Deploy | Capability::ForceDeploy, Some(env)) => {
            let mut facts = vec![runs_now(state, env), fact("then", &next_release(env))];
            facts.extend(mode(operation));
            facts.extend(last_good(state, target, env));
            facts
        }
        (Capability::RollBack, Some(env)) => {
            let mut facts = vec![runs_now(state, env)];
            facts.extend(goes_back_to(state, operation, env));
            facts.extend(last_good(state, target, env));
            facts
        }
        (Capability::CreateBackup, _) => {
            let mut facts = vec![fact("last good", &last_backup(state, target))];
            facts.extend(backed_up(operation));
            facts
        }
        (Capability::RestoreBackup, _) => {
            let mut facts = restored(state, operation);
            facts.push(fact("last good", &last_backup(state, target)));
            facts.push(fact("then", restore_result(state, target)));
            facts
        }
        (Capability::DownloadBackup, _) => downloaded(state, operation),
        (_, Some(_)) if target.environment.is_none() && takes_process(operation) => {
            let mut facts = vec![all_of(state, operation)];
            facts.extend(inputs(operation));
            facts
        }
        (_, Some(env)) => {
            let mut facts = vec![stands(state, env)];
            facts.extend(inputs(operation));
            facts
        }
        (_, None) => inputs(operation),
    }
}

/// Whether an operation on a whole app concerns each of its parts that run.
fn takes_process(operation: &Operation) -> bool {
    recipe_of(&operation.kind).is_some_and(|recipe| recipe.field(PROCESS).is_some())
}

/// All parts that are concerned, each with what is up: `web 2/2, worker 1/1`; or the one that is named.
fn all_of(state: &State, operation: &Operation) -> Fact {
    let target = &operation.target;
    let answers = inputs_of(&operation.kind);
    let named = answers.get(PROCESS).map(words);
    let all: Vec<_> = super::target::environments(state, target).collect();
    let concerned = all
        .iter()
        .filter(|env| named.as_ref().is_none_or(|name| name == env.name.as_str()));
    let parts: Vec<_> = concerned
        .map(|env| {
            let units = env.units.map(|it| format!(" {}/{}", it.ready, it.wanted));
            let name = env.name_among(all.iter().copied());
            format!("{name}{}", units.unwrap_or_default())
        })
        .collect();
    let label = if named.is_some() { "now" } else { ALL_OF };
    fact(label, &parts.join(", "))
}

fn stands(state: &State, env: &Environment) -> Fact {
    let units = env
        .units
        .map(|units| format!(", {}/{} up", units.ready, units.wanted));
    let reason = env.reason.as_ref().filter(|_| env.release.is_none());
    let release = match reason {
        Some(reason) => format!(", {reason}"),
        // It is there, and nothing ever runs in it.
        None if env.status == Status::Present && env.release.is_none() => String::new(),
        None => format!(", {}", running_release(state, env)),
    };
    let word = crate::app::rows::status_word(&env.status, crate::app::rows::Overlay::None);
    fact(
        "now",
        &format!("{word}{}{release}", units.unwrap_or_default()),
    )
}

/// The answers of the form; what is hidden stays hidden.
fn inputs(operation: &Operation) -> Vec<Fact> {
    let answers = inputs_of(&operation.kind);
    let Some(recipe) = recipe_of(&operation.kind) else {
        // What is made without a form says all there is to say.
        let all = answers.iter();
        return all.map(|(name, value)| fact(name, &words(value))).collect();
    };
    let asked = recipe.asked();
    asked
        .filter_map(|field| Some(fact(field.name, &words(answers.get(field.name)?))))
        .collect()
}

/// An answer in words.
fn words(value: &Value) -> String {
    if let Value::Secret(_) = value {
        return "(hidden)".into();
    }
    value.words().to_string()
}

fn mode(operation: &Operation) -> Option<Fact> {
    let is_plain = operation.kind.verb() == "deploy";
    let answers = inputs_of(&operation.kind);
    (!is_plain).then(|| fact("mode", &answers.get("mode").map(words).unwrap_or_default()))
}

fn backed_up(operation: &Operation) -> Vec<Fact> {
    let mut facts = inputs(operation);
    let names_services = facts.iter().any(|(label, _)| label.as_str() == "services");
    if !names_services {
        facts.insert(0, fact("services", "all that can be backed up"));
    }
    facts
}

fn restored(state: &State, operation: &Operation) -> Vec<Fact> {
    let OperationKind::RestoreBackup {
        backup,
        notes,
        into,
    } = &operation.kind
    else {
        return Vec::new();
    };
    let mut facts = vec![named(state, &operation.target, backup)];
    facts.extend(notes.as_ref().map(|notes| fact("notes", notes)));
    facts.extend(into.as_ref().map(|name| fact("into", name)));
    facts
}

/// What a restore comes to.
fn restore_result(state: &State, target: &Target) -> &'static str {
    let context = state.contexts.get(target.context);
    if context.is_some_and(|context| context.profile.restores_beside) {
        "a new database beside it; nothing is overwritten; it costs money"
    } else {
        "the data that is there now is lost"
    }
}

fn downloaded(state: &State, operation: &Operation) -> Vec<Fact> {
    let OperationKind::PrepareDownload { backup } = &operation.kind else {
        return Vec::new();
    };
    vec![named(state, &operation.target, backup)]
}

/// Which backup it is about, as it is spoken of; its id where it was not read.
fn named(state: &State, target: &Target, backup: &BackupId) -> Fact {
    let env = target.environment.clone();
    let key = env.map(|env| Scoped::new(target.context, env));
    let list = key.and_then(|key| state.inventory.backups.get(&key)?.value.as_ref());
    let known = list
        .into_iter()
        .flatten()
        .find(|listed| listed.id == *backup);
    let title = known.map_or_else(|| backup.to_text(), |it| backup_title(state, it));
    (Text::clean("backup"), title)
}

/// A backup as it is spoken of: `2h ago, 1.2 GB`.
pub(super) fn backup_title(state: &State, backup: &Backup) -> Text {
    let taken = backup
        .taken_at
        .map_or_else(|| backup.id.to_text().to_string(), |at| ago(state, at));
    let size = backup
        .size_bytes
        .map(|size| format!(", {}", crate::model::size::Bytes(size)));
    let partial = (backup.state == BackupState::Partial).then_some(", PARTIAL");
    Text::clean(&format!(
        "{taken}{}{}",
        size.unwrap_or_default(),
        partial.unwrap_or_default()
    ))
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
    taken.map_or_else(|| "none".into(), |at| ago(state, at))
}

fn ago(state: &State, at: jiff::Timestamp) -> String {
    format!("{} ago", Short(since(at, state.now)))
}

fn runs_now(state: &State, env: &Environment) -> Fact {
    fact("runs now", &running_release(state, env))
}

fn running_release(state: &State, env: &Environment) -> String {
    let Some(release) = &env.release else {
        return "nothing".into();
    };
    let age = release.at.map(|at| format!(", {}", ago(state, at)));
    let by = release.by.as_ref().map(|by| format!(" by {by}"));
    [Some(release.label.to_string()), by, age]
        .into_iter()
        .flatten()
        .collect()
}

fn next_release(env: &Environment) -> String {
    let branch = env
        .branch
        .as_ref()
        .map_or_else(String::new, |branch| format!("newest of {branch}"));
    let commits = match env.pending.commits {
        // Deploying it anew has its uses; that nothing is new is worth a word.
        Some(0) if !env.pending.changes => Some("nothing new".to_owned()),
        Some(0) | None => None,
        Some(count) => Some(crate::app::rows::commits(count)),
    };
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

fn goes_back_to(state: &State, operation: &Operation, env: &Environment) -> Vec<Fact> {
    let OperationKind::RollBack { to, pin } = &operation.kind else {
        return Vec::new();
    };
    let id = Scoped::new(operation.target.context, env.id.clone());
    let known = state.inventory.deployment(&id, to);
    let title = known.map_or_else(
        || to.to_text(),
        |it| {
            let at = it.started_at.map(|at| format!(", {}", ago(state, at)));
            let by = it.by.as_ref().map(|by| format!(" by {by}"));
            Text::clean(&format!(
                "{}{}{}",
                it.label,
                by.unwrap_or_default(),
                at.unwrap_or_default()
            ))
        },
    );
    let mut facts = vec![(Text::clean("then"), title)];
    if *pin {
        facts.push(fact("pinned", "until it is kept or undone"));
    }
    facts
}

fn last_good(state: &State, target: &Target, env: &Environment) -> Option<Fact> {
    let id = Scoped::new(target.context, env.id.clone());
    let list = state.inventory.deployments_of(&id)?.value.as_ref()?;
    // Also what runs, to which one cannot go back.
    let good = list.iter().find(|it| it.phase.status() == Status::Live)?;
    let took = good
        .duration
        .map(|took| format!(", took {}", Long(took)))
        .unwrap_or_default();
    let current = env.release.as_ref().and_then(|it| it.deployment.as_ref());
    let runs = if current == Some(&good.id) {
        ", runs now"
    } else {
        ""
    };
    Some(fact("last good", &format!("{}{took}{runs}", good.label)))
}

fn fact(label: &str, value: &str) -> Fact {
    (Text::clean(label), Text::clean(value))
}
