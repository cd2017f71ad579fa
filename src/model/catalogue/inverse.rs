//! From an operation back to its row and its answers: for the audit, for the command that does the
//! same, and to ask again with what was answered before.

use super::rows::{CHANGES, MODES, PLACES};
use super::{Chosen, Field, Group, Inputs, Recipe, Value};
use crate::model::{
    Capability, DeployMode, DomainChange, JobSpec, OperationKind, RunPlace, Secret, Text,
    VariableChange, VariableWish,
};

/// The row of an operation.
#[must_use]
pub fn recipe_of(kind: &OperationKind) -> Option<&'static Recipe> {
    if let OperationKind::ChangeVariables(_) = kind {
        // Made from a review, never from answers: values do not stand on command lines.
        return None;
    }
    if let OperationKind::Special { what, .. } = kind {
        return Some(&what.recipe);
    }
    // Forcing a build needs a capability of its own; the row is that of every deployment.
    if let OperationKind::Deploy { .. } = kind {
        return Recipe::of(Capability::Deploy);
    }
    Recipe::of(kind.capability())
}

/// The name in the audit of all changes to variables in one step. Never changes.
pub const CHANGE_VARIABLES: &str = "change-vars";

/// What is written down of such changes: names. Values are nobody's to read.
const CHANGED: [Field; 2] = [
    Field::text("set", "What was set").optional(),
    Field::text("unset", "What was removed").optional(),
];

/// The name of an operation in the audit.
#[must_use]
pub fn name_of(kind: &OperationKind) -> &'static str {
    recipe_of(kind).map_or(CHANGE_VARIABLES, |recipe| recipe.name)
}

/// What is written down of the operation of that name, and with which others it stands.
#[must_use]
pub fn written_of(name: &str) -> Option<(&'static [Field], Group)> {
    if name == CHANGE_VARIABLES {
        return Some((&CHANGED, Group::Variables));
    }
    let recipe = Recipe::named(name)?;
    Some((recipe.fields, recipe.group))
}

/// The secrets among the inputs of an operation, also those that its answers do not name.
#[must_use]
pub fn secrets_of(kind: &OperationKind) -> Vec<Secret> {
    if let OperationKind::ChangeVariables(changes) = kind {
        let values = changes.iter().filter_map(|change| match &change.wish {
            VariableWish::Set { value, .. } => Some(value.clone()),
            VariableWish::Unset => None,
        });
        return values.collect();
    }
    let inputs = inputs_of(kind);
    let secrets = inputs.iter().filter_map(|(_, value)| match value {
        Value::Secret(secret) => Some(secret.clone()),
        Value::Text(_)
        | Value::Count(_)
        | Value::Flag(_)
        | Value::Time(_)
        | Value::Pairs(_)
        | Value::One(_)
        | Value::Many(_) => None,
    });
    secrets.collect()
}

/// The answers that make this operation again. Titles of what was chosen are their ids where the
/// operation does not keep a name.
#[must_use]
#[expect(clippy::too_many_lines, reason = "an arm per operation")]
pub fn inputs_of(kind: &OperationKind) -> Inputs {
    let none = Inputs::default();
    match kind {
        OperationKind::Deploy { mode } => none.with("mode", text(mode_word(*mode))),
        OperationKind::DeployImage { image } => none.with("image", text(image)),
        OperationKind::RetryDeployment { deployment } => none.with_some(
            "deployment",
            deployment.as_ref().map(|id| chosen(id.as_str())),
        ),
        OperationKind::RollBack { to, pin } => none
            .with("to", chosen(to.as_str()))
            .with("pin", Value::Flag(*pin)),
        OperationKind::CommitRollback | OperationKind::RevertRollback => none,
        OperationKind::CancelDeployment { deployment, reason } => none
            .with("deployment", chosen(deployment.as_str()))
            .with_some("reason", some_text(reason.as_ref())),
        OperationKind::Restart { process }
        | OperationKind::Stop { process }
        | OperationKind::Start { process } => {
            none.with_some("process", some_text(process.as_ref()))
        }
        OperationKind::Scale {
            process,
            units,
            size,
        } => none
            .with("units", Value::Count(*units))
            .with_some("process", some_text(process.as_ref()))
            .with_some("size", some_text(size.as_ref())),
        OperationKind::Autoscale {
            process,
            limits,
            cpu,
        } => none
            .with_some("cpu", cpu.map(Value::Count))
            .with_some("least", limits.map(|(least, _)| Value::Count(least)))
            .with_some("most", limits.map(|(_, most)| Value::Count(most)))
            .with_some("process", some_text(process.as_ref())),
        OperationKind::KillUnit { unit, force } => none
            .with("unit", chosen(unit))
            .with_some("force", force.then_some(Value::Flag(true))),
        OperationKind::Console { unit } => {
            none.with_some("unit", unit.as_ref().map(|unit| chosen(unit)))
        }
        OperationKind::RunCommand { command, place } => none
            .with("command", text(command))
            .with_some("place", place_word(*place).map(text)),
        OperationKind::CreateBackup {
            services,
            notes,
            keep_until,
        } => {
            let many: Vec<_> = services.iter().map(|id| one(id.as_str())).collect();
            let many = (!many.is_empty()).then_some(Value::Many(many));
            none.with_some("services", many)
                .with_some("notes", some_text(notes.as_ref()))
                .with_some("keep-until", keep_until.map(Value::Time))
        }
        OperationKind::RestoreBackup {
            backup,
            notes,
            into,
        } => none
            .with("backup", chosen(backup.as_str()))
            .with_some("notes", some_text(notes.as_ref()))
            .with_some("into", some_text(into.as_ref())),
        OperationKind::PrepareDownload { backup } => none.with("backup", chosen(backup.as_str())),
        OperationKind::SetVariable {
            id,
            name,
            value,
            is_sensitive,
        } => none
            .with("name", text(name))
            .with("value", Value::Secret(value.clone()))
            .with("sensitive", Value::Flag(*is_sensitive))
            .with_some("id", id.as_ref().map(|id| text(id.as_str()))),
        OperationKind::UnsetVariable { id, name } => none
            .with("name", text(name))
            .with_some("id", id.as_ref().map(|id| text(id.as_str()))),
        OperationKind::ChangeVariables(changes) => {
            let (unset, set): (Vec<_>, Vec<_>) = changes.iter().partition(|it| it.takes_away());
            none.with_some("set", names(&set))
                .with_some("unset", names(&unset))
        }
        OperationKind::AddDomain { name } | OperationKind::UpdateApp { name } => {
            none.with("name", text(name))
        }
        OperationKind::UpdateDomain { id, change } => none
            .with("domain", chosen(id.as_str()))
            .with("change", text(change_word(*change))),
        OperationKind::RemoveDomain { id, name } | OperationKind::VerifyDomain { id, name } => {
            none.with("domain", named(id.as_str(), name))
        }
        OperationKind::CompleteInstallation { domain } => none.with("domain", text(domain)),
        OperationKind::CreateService { kind, name } => none
            .with("kind", chosen(kind.as_str()))
            .with("name", text(name)),
        OperationKind::ProvisionService { id }
        | OperationKind::AttachService { id }
        | OperationKind::DetachService { id }
        | OperationKind::RemoveService { id } => none.with("service", chosen(id.as_str())),
        OperationKind::CreateJob(spec) => with_spec(none, spec),
        OperationKind::UpdateJob { id, spec } => {
            with_spec(none.with("job", chosen(id.as_str())), spec)
        }
        OperationKind::RemoveJob { id } => none.with("job", chosen(id.as_str())),
        OperationKind::CancelJobRun { id, run } => {
            none.with("run", chosen(run)).with("job", text(id.as_str()))
        }
        OperationKind::CancelEvent { event, reason } => none
            .with("event", chosen(event.as_str()))
            .with_some("reason", some_text(reason.as_ref())),
        OperationKind::RunMaintenance { id }
        | OperationKind::SkipMaintenance { id }
        | OperationKind::CancelMaintenance { id } => none.with("run", chosen(id.as_str())),
        OperationKind::CreateApp { name, inputs } => {
            let pairs = (!inputs.is_empty()).then(|| Value::Pairs(inputs.clone()));
            none.with("name", text(name)).with_some("set", pairs)
        }
        OperationKind::DeleteApp { typed_name } => none.with("app", text(typed_name)),
        OperationKind::CopyEnvironment { slug } => none.with("slug", text(slug)),
        OperationKind::UpdateEnvironment { branch } => none.with("branch", text(branch)),
        OperationKind::RenameOrganisation { id, name } => none
            .with("organisation", chosen(id.as_str()))
            .with("name", text(name)),
        OperationKind::Special { inputs, .. } => inputs.clone(),
    }
}

/// Names only: values are nobody's to read.
fn names(changes: &[&VariableChange]) -> Option<Value> {
    let names: Vec<_> = changes.iter().map(|it| it.name.as_str()).collect();
    (!names.is_empty()).then(|| text(&names.join(", ")))
}

fn with_spec(inputs: Inputs, spec: &JobSpec) -> Inputs {
    inputs
        .with("command", text(&spec.command))
        .with("frequency", text(&spec.frequency))
        .with_some("time", some_text(spec.time.as_ref()))
        .with_some("kill-after", spec.timeout_minutes.map(Value::Count))
}

fn mode_word(mode: DeployMode) -> &'static str {
    let [auto, adopt, force] = MODES.map(|(word, _)| word);
    match mode {
        DeployMode::Auto => auto,
        DeployMode::Adopt => adopt,
        DeployMode::Force => force,
    }
}

/// What everybody means is not said.
fn place_word(place: RunPlace) -> Option<&'static str> {
    let [_, every, alone] = PLACES.map(|(word, _)| word);
    match place {
        RunPlace::One => None,
        RunPlace::Every => Some(every),
        RunPlace::Alone => Some(alone),
    }
}

fn change_word(change: DomainChange) -> &'static str {
    let [primary, redirect, direct] = CHANGES.map(|(word, _)| word);
    match change {
        DomainChange::MakePrimary => primary,
        DomainChange::Redirect(true) => redirect,
        DomainChange::Redirect(false) => direct,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn some_text(text: Option<&String>) -> Option<Value> {
    text.cloned().map(Value::Text)
}

fn one(id: &str) -> Chosen {
    Chosen {
        id: id.to_owned(),
        title: Text::clean(id),
    }
}

fn chosen(id: &str) -> Value {
    Value::One(one(id))
}

fn named(id: &str, name: &str) -> Value {
    Value::One(Chosen {
        id: id.to_owned(),
        title: Text::clean(name),
    })
}
