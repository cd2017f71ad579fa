//! Taking back what can be taken back.

use super::question::{facts_of, question};
use super::target;
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::request::{Order, Request};
use crate::app::state::State;
use crate::model::{
    DomainChange, EnvId, Operation, OperationKind, OperationTicket, Scoped, Stage, Target, Text,
    Variable, VariableChange, VariableWish, Verdict,
};

/// Asks whether the last operation that can be taken back is to be.
pub(in crate::app) fn ask_undo(state: &mut State, outcome: &mut Outcome) {
    let Some((ticket, undo, title)) = last(state) else {
        let text = "there is nothing to undo; T shows what was done";
        state.notices.say(state.now, Tone::Info, text);
        return;
    };
    let mut facts = vec![(Text::clean("undoes"), title)];
    facts.extend(facts_of(state, std::slice::from_ref(&undo)));
    let request = Request {
        operations: vec![undo],
        order: Order::OneByOne,
        facts,
        undoes: Some(ticket),
    };
    question(state, request, outcome);
}

/// The newest operation that ended well, was not undone yet and has an inverse.
fn last(state: &State) -> Option<(OperationTicket, Operation, Text)> {
    let done = state
        .operations
        .finished()
        .filter(|entry| matches!(entry.stage, Stage::Ended(Verdict::Done(_))));
    let mut undoable = done.filter_map(|entry| {
        let undo = entry.undo.clone()?;
        let title = format!("{} {}", entry.operation.kind.verb(), undo.target.title);
        Some((entry.ticket, undo, Text::clean(&title)))
    });
    undoable.next()
}

/// What takes an operation back, as far as what is known now tells; asked for before it is sent.
pub(super) fn inverse(state: &State, operation: &Operation) -> Option<Operation> {
    let kind = inverse_kind(state, operation)?;
    let context = state.contexts.get(operation.target.context)?;
    let is_offered = !context.lacks(kind.capability());
    is_offered.then(|| Operation {
        target: operation.target.clone(),
        kind,
    })
}

#[expect(clippy::too_many_lines, reason = "an arm per operation")]
fn inverse_kind(state: &State, operation: &Operation) -> Option<OperationKind> {
    let target = &operation.target;
    let env = || target::environments(state, target).next();
    match &operation.kind {
        // What ran before is gone back to.
        OperationKind::Deploy { .. }
        | OperationKind::DeployImage { .. }
        | OperationKind::RollBack { pin: false, .. } => Some(OperationKind::RollBack {
            to: env()?.release.as_ref()?.deployment.clone()?,
            pin: false,
        }),
        OperationKind::RollBack { pin: true, .. } => Some(OperationKind::RevertRollback),
        OperationKind::Stop { process } => Some(OperationKind::Start {
            process: process.clone(),
        }),
        OperationKind::Start { process } => Some(OperationKind::Stop {
            process: process.clone(),
        }),
        // Of a single process or a size nothing is known here.
        OperationKind::Scale {
            process: None,
            size: None,
            ..
        } if target.environment.is_some() => Some(OperationKind::Scale {
            process: None,
            units: env()?.units?.wanted,
            size: None,
        }),
        OperationKind::UpdateDomain {
            id,
            change: DomainChange::Redirect(redirect),
        } => Some(OperationKind::UpdateDomain {
            id: id.clone(),
            change: DomainChange::Redirect(!redirect),
        }),
        OperationKind::AttachService { id } => {
            Some(OperationKind::DetachService { id: id.clone() })
        }
        OperationKind::DetachService { id } => {
            Some(OperationKind::AttachService { id: id.clone() })
        }
        OperationKind::SetVariable { name, .. } => {
            let before = variable(state, target, name);
            match before {
                Some(before) => Some(OperationKind::SetVariable {
                    id: before.id.clone(),
                    name: name.clone(),
                    value: before.value.clone()?,
                    is_sensitive: before.is_sensitive,
                }),
                // What was not there goes again, once it is known that it was not.
                None => known_variables(state, target).then(|| OperationKind::UnsetVariable {
                    id: None,
                    name: name.clone(),
                }),
            }
        }
        OperationKind::UnsetVariable { name, .. } => {
            let before = variable(state, target, name)?;
            Some(OperationKind::SetVariable {
                id: None,
                name: name.clone(),
                value: before.value.clone()?,
                is_sensitive: before.is_sensitive,
            })
        }
        OperationKind::ChangeVariables(changes) => {
            let inverse = changes.iter().map(|it| inverse_change(state, target, it));
            let inverse: Option<Vec<_>> = inverse.collect();
            inverse.map(OperationKind::ChangeVariables)
        }
        OperationKind::UpdateApp { .. } => {
            let app = Scoped::new(target.context, target.app.clone()?);
            let name = state.inventory.app(&app)?.shown_name().to_string();
            Some(OperationKind::UpdateApp { name })
        }
        OperationKind::UpdateEnvironment { .. } => Some(OperationKind::UpdateEnvironment {
            branch: env()?.branch.as_ref()?.to_string(),
        }),
        OperationKind::RetryDeployment { .. }
        | OperationKind::CommitRollback
        | OperationKind::RevertRollback
        | OperationKind::CancelDeployment { .. }
        | OperationKind::Restart { .. }
        | OperationKind::Scale { .. }
        | OperationKind::Autoscale { .. }
        | OperationKind::KillUnit { .. }
        | OperationKind::Console { .. }
        | OperationKind::RunCommand { .. }
        | OperationKind::CreateBackup { .. }
        | OperationKind::RestoreBackup { .. }
        | OperationKind::PrepareDownload { .. }
        | OperationKind::AddDomain { .. }
        | OperationKind::UpdateDomain { .. }
        | OperationKind::RemoveDomain { .. }
        | OperationKind::VerifyDomain { .. }
        | OperationKind::CompleteInstallation { .. }
        | OperationKind::CreateService { .. }
        | OperationKind::ProvisionService { .. }
        | OperationKind::RemoveService { .. }
        | OperationKind::CreateJob(_)
        | OperationKind::UpdateJob { .. }
        | OperationKind::RemoveJob { .. }
        | OperationKind::CancelJobRun { .. }
        | OperationKind::CancelEvent { .. }
        | OperationKind::RunMaintenance { .. }
        | OperationKind::SkipMaintenance { .. }
        | OperationKind::CancelMaintenance { .. }
        | OperationKind::CreateApp { .. }
        | OperationKind::DeleteApp { .. }
        | OperationKind::CopyEnvironment { .. }
        | OperationKind::RenameOrganisation { .. }
        | OperationKind::Special { .. } => None,
    }
}

/// What takes one of several changes to variables back; absent where a value is not known.
fn inverse_change(
    state: &State,
    target: &Target,
    change: &VariableChange,
) -> Option<VariableChange> {
    let list = state.inventory.vault.list(&place(target)?);
    // Those of a part of the app may have the same name: the id tells them apart.
    let is_it = |it: &&Variable| match &change.id {
        Some(id) => it.id.as_ref() == Some(id),
        None => !it.is_read_only && it.name.as_str() == change.name && it.scope.is_none(),
    };
    let before = list.iter().find(is_it);
    let set = |before: &Variable| {
        Some(VariableWish::Set {
            value: before.value.clone()?,
            is_sensitive: before.is_sensitive,
        })
    };
    let name = change.name.clone();
    match (&change.wish, before) {
        (VariableWish::Set { .. }, Some(before)) => Some(VariableChange {
            id: before.id.clone(),
            name,
            wish: set(before)?,
        }),
        (VariableWish::Set { .. }, None) => {
            let wish = VariableWish::Unset;
            known_variables(state, target).then_some(VariableChange {
                id: None,
                name,
                wish,
            })
        }
        // Where it stood in another part of the app, it would come back elsewhere.
        (VariableWish::Unset, Some(before)) if before.scope.is_none() => Some(VariableChange {
            id: None,
            name,
            wish: set(before)?,
        }),
        (VariableWish::Unset, _) => None,
    }
}

fn place(target: &Target) -> Option<Scoped<EnvId>> {
    let env = target.environment.clone()?;
    Some(Scoped::new(target.context, env))
}

/// Whether the variables of a target are known: whoever sees them has had them read.
fn known_variables(state: &State, target: &Target) -> bool {
    let known = place(target).and_then(|env| state.inventory.vault.of(&env));
    known.is_some_and(|known| known.value.is_some())
}

/// A variable as it is now.
fn variable<'a>(state: &'a State, target: &Target, name: &str) -> Option<&'a Variable> {
    let list = state.inventory.vault.list(&place(target)?);
    list.iter()
        .find(|it| it.name.as_str() == name && !it.is_read_only)
}
