//! The lists that forms choose from: what exists, as far as it was read.

use jiff::Timestamp;

use super::entry::Picker;
use crate::app::age::{Short, since};
use crate::app::loadable::Load;
use crate::app::rows::{Overlay, phase_word, run_word, status_word};
use crate::app::state::State;
use crate::model::catalogue::{Chosen, Pick, Recipe};
use crate::model::size::Bytes;
use crate::model::{
    Activity, Backup, BackupState, Capability, Deployment, DeploymentScope, Domain, JobRun,
    MaintenanceRun, MaintenanceState, Payload, Phase, Query, QueryKey, Target, Text, Unit,
};

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub chosen: Chosen,
    /// What helps to tell it from others.
    pub note: Text,
}

/// How a list is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It was read.
    Ready,
    /// It is being read.
    Loading,
    /// Polling is paused, and it was not read before.
    Paused,
    /// It could not be read; why and what to do.
    Failed(Text),
    /// The platform does not list such things; why.
    NotOffered(Text),
}

/// What must be read to fill a list at a place; absent where there is nothing to ask about.
pub(super) fn query(state: &State, targets: &[Target], pick: Pick) -> Option<QueryKey> {
    // What one of several has, the others have not.
    let [aim] = targets else { return None };
    let env = || aim.environment.clone();
    let query = match pick {
        Pick::Deployment => {
            let context = state.contexts.get(aim.context)?;
            Query::Deployments(if context.profile.deploys_environments {
                DeploymentScope::Environment(env()?)
            } else {
                DeploymentScope::App(aim.app.clone()?)
            })
        }
        Pick::Backup => Query::Backups(env()?),
        Pick::Variable => Query::Variables(env()?),
        Pick::Domain => Query::Domains(env()?),
        Pick::Service => Query::Services(env()?),
        Pick::ServiceKind => Query::ServiceKinds(aim.app.clone()),
        Pick::Job => Query::Jobs(env()?),
        Pick::JobRun => Query::JobRuns(env()?),
        Pick::Unit => Query::Units(env()?),
        Pick::Event => Query::Activity(Some(aim.app.clone()?)),
        Pick::Maintenance => Query::Maintenance(Some(aim.app.clone()?)),
        Pick::Organisation => Query::Organisations,
    };
    Some(QueryKey {
        context: aim.context,
        query,
    })
}

/// Brings a list up to date. Says whether it changed.
pub(super) fn refresh(
    picker: &mut Picker,
    state: &State,
    targets: &[Target],
    recipe: &Recipe,
) -> bool {
    let key = query(state, targets, picker.pick);
    let condition = condition(state, key.as_ref());
    let all = key.map_or_else(Vec::new, |key| choices(state, &key, recipe.capability));
    let differs = condition != picker.condition || all != picker.all;
    if differs {
        let selected = picker.selected().map(|choice| choice.chosen.id.clone());
        picker.condition = condition;
        picker.all = all;
        picker.search_again();
        // The list may have grown above the row: stay on the entry.
        let is_it = |at: &usize| picker.all.get(*at).map(|it| &it.chosen.id) == selected.as_ref();
        let row = picker.shown.iter().position(is_it);
        picker.row = row.filter(|_| selected.is_some()).unwrap_or(picker.row);
    }
    differs
}

fn condition(state: &State, key: Option<&QueryKey>) -> Condition {
    let context = key.and_then(|key| state.contexts.get(key.context));
    let Some((key, context)) = key.zip(context) else {
        let text = "that is chosen for one target at a time; Esc clears the marks";
        return Condition::NotOffered(Text::clean(text));
    };
    if let Some(reason) = context.supports(key.query.capability()).refusal() {
        return Condition::NotOffered(Text::clean(reason));
    }
    let load = state.inventory.load(key);
    if let Some(failure) = load
        .and_then(Load::failure)
        .or(context.bad_credential.as_ref())
    {
        let text = format!("{}; {}", failure.headline(), failure.advice());
        return Condition::Failed(Text::clean(&text));
    }
    match load {
        Some(load) if load.fetched_at.is_some() => Condition::Ready,
        Some(_) | None if state.is_paused => Condition::Paused,
        Some(_) | None => Condition::Loading,
    }
}

fn choices(state: &State, key: &QueryKey, capability: Capability) -> Vec<Choice> {
    let scoped = |id| crate::model::Scoped::new(key.context, id);
    if let Query::Deployments(scope) = &key.query {
        let list = state.inventory.deployments.get(&scoped(scope.clone()));
        let list = list.and_then(|list| list.value.as_deref()).unwrap_or(&[]);
        let fitting = list.iter().filter(|it| suits(capability, it));
        return fitting.map(|it| deployment(it, state.now)).collect();
    }
    if let Query::Backups(env) = &key.query {
        let list = state
            .inventory
            .backups
            .get(&crate::model::Scoped::new(key.context, env.clone()));
        let list = list.and_then(|list| list.value.as_deref()).unwrap_or(&[]);
        let usable = list.iter().filter(|it| is_usable(it));
        return usable.map(|it| backup(it, state)).collect();
    }
    if let Query::Activity(app) = &key.query {
        let list = state
            .inventory
            .activities
            .get(&crate::model::Scoped::new(key.context, app.clone()));
        let list = list.and_then(|list| list.value.as_deref()).unwrap_or(&[]);
        let open = list.iter().filter(|it| it.can_cancel);
        return open.map(|it| event(it, state.now)).collect();
    }
    let list = state.inventory.lists.get(key);
    let list = list.and_then(|list| list.value.as_ref());
    list.map_or_else(Vec::new, |list| listed(list, capability, state))
}

/// What was read as it came.
fn listed(list: &Payload, capability: Capability, state: &State) -> Vec<Choice> {
    let of = |id: &str, title: &Text, note: String| choice(id, title.as_str(), &note);
    if let Payload::Variables(page) = list {
        let own = page.items.iter().filter(|it| !it.is_read_only);
        let id =
            |it: &crate::model::Variable| it.id.as_ref().map_or("", |id| id.as_str()).to_owned();
        own.map(|it| of(&id(it), &it.name, String::new())).collect()
    } else if let Payload::Domains(page) = list {
        let all = page.items.iter();
        all.map(|it| of(it.id.as_str(), &it.name, domain(it)))
            .collect()
    } else if let Payload::Services(page) = list {
        let is_for_backup = capability == Capability::CreateBackup;
        page.items
            .iter()
            .filter(|it| !is_for_backup || it.can_back_up != Some(false))
            .map(|it| {
                let state = it.state.as_ref().map(|state| format!(", {state}"));
                let note = format!("{}{}", it.kind, state.unwrap_or_default());
                of(it.id.as_str(), &it.name, note)
            })
            .collect()
    } else if let Payload::ServiceKinds(page) = list {
        let note = |it: &crate::model::ServiceKind| match &it.description {
            Some(text) => format!("{}: {text}", it.kind),
            None => it.kind.to_string(),
        };
        let kinds = page.items.iter();
        kinds
            .map(|it| of(it.id.as_str(), &it.name, note(it)))
            .collect()
    } else if let Payload::Jobs(page) = list {
        let jobs = page.items.iter();
        jobs.map(|it| of(it.id.as_str(), &it.command, it.schedule.to_string()))
            .collect()
    } else if let Payload::JobRuns(page) = list {
        let open = page.items.iter().filter(|it| !it.phase.is_final());
        open.map(|it| job_run(it, state.now)).collect()
    } else if let Payload::Units(page) = list {
        let word = |it: &Unit| match &it.state {
            Some(word) => word.to_string(),
            None => status_word(&it.status, Overlay::None).to_lowercase(),
        };
        let units = page.items.iter();
        units
            .map(|it| of(it.id.as_str(), &it.name, word(it)))
            .collect()
    } else if let Payload::Maintenance(page) = list {
        page.items
            .iter()
            .filter(|it| may(capability, it))
            .map(|it| of(it.id.as_str(), &it.title, maintenance(it, state)))
            .collect()
    } else if let Payload::Organisations(page) = list {
        let all = page.items.iter();
        all.map(|it| of(it.id.as_str(), &it.name, String::new()))
            .collect()
    } else {
        Vec::new()
    }
}

/// Whether it is the main one, and how it does: in its own words where it has some.
fn domain(it: &Domain) -> String {
    let main = it.is_primary.then(|| "the main one".to_owned());
    let word = || status_word(&it.status, Overlay::None).to_lowercase();
    let state = it.message.as_ref().map_or_else(word, Text::to_string);
    let parts = [main, Some(state)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn choice(id: &str, title: &str, note: &str) -> Choice {
    Choice {
        chosen: Chosen {
            id: id.to_owned(),
            title: Text::clean(title),
        },
        note: Text::clean(note),
    }
}

/// Whether a deployment can be what is asked for.
fn suits(capability: Capability, deployment: &Deployment) -> bool {
    let phase = &deployment.phase;
    if capability == Capability::CancelDeployment {
        !phase.is_final()
    } else if capability == Capability::RetryDeployment {
        matches!(phase, Phase::Failed | Phase::Cancelled)
    } else if capability == Capability::RollBack {
        let is_past = matches!(phase, Phase::Succeeded | Phase::Replaced | Phase::Ended);
        !deployment.is_current && deployment.can_roll_back_to.unwrap_or(is_past)
    } else {
        true
    }
}

fn deployment(it: &Deployment, now: Timestamp) -> Choice {
    let at = it.ended_at.or(it.started_at);
    let age = at.map(|at| format!("{} ago", Short(since(at, now))));
    let by = it.by.as_ref().map(|by| format!("by {by}"));
    let message = it.message.as_ref().map(ToString::to_string);
    let parts = [Some(phase_word(it).to_owned()), age, by, message];
    let note: Vec<_> = parts.into_iter().flatten().collect();
    choice(it.id.as_str(), it.label.as_str(), &note.join(", "))
}

fn event(it: &Activity, now: Timestamp) -> Choice {
    let age = it.at.map(|at| format!("{} ago", Short(since(at, now))));
    let by = it.by.as_ref().map(|by| format!("by {by}"));
    let note: Vec<_> = [age, by].into_iter().flatten().collect();
    choice(it.id.as_str(), it.text.as_str(), &note.join(", "))
}

fn job_run(it: &JobRun, now: Timestamp) -> Choice {
    let at = it.started_at.or(it.created_at);
    let age = at.map(|at| format!("{} ago", Short(since(at, now))));
    let cause = it.cause.as_ref().map(ToString::to_string);
    let word = Some(run_word(&it.phase).to_owned());
    let note: Vec<_> = [word, age, cause].into_iter().flatten().collect();
    choice(it.id.as_str(), it.name.as_str(), &note.join(", "))
}

/// Nothing can be restored from what is not there.
fn is_usable(backup: &Backup) -> bool {
    match backup.state {
        BackupState::Done | BackupState::Partial | BackupState::Other(_) => true,
        BackupState::Waiting | BackupState::Working | BackupState::Failed => false,
    }
}

fn backup(it: &Backup, state: &State) -> Choice {
    let taken = it.taken_at.map(|at| clock(at, state));
    let age = it
        .taken_at
        .map(|at| format!("{} ago", Short(since(at, state.now))));
    let partial = (it.state == BackupState::Partial).then(|| "parts missing".to_owned());
    let services: Vec<_> = it.parts.iter().map(|part| part.service.as_str()).collect();
    let services = (!services.is_empty()).then(|| services.join(" "));
    let notes = it.notes.as_ref().map(ToString::to_string);
    let size = it.size_bytes.map(|bytes| Bytes(bytes).to_string());
    let parts = [age, size, partial, services, notes];
    let note: Vec<_> = parts.into_iter().flatten().collect();
    let title = taken.unwrap_or_else(|| it.id.to_text().to_string());
    choice(it.id.as_str(), &title, &note.join(", "))
}

/// Whether a run of maintenance may be treated so.
fn may(capability: Capability, run: &MaintenanceRun) -> bool {
    let table = [
        (Capability::RunMaintenance, run.can_run),
        (Capability::SkipMaintenance, run.can_skip),
        (Capability::CancelMaintenance, run.can_cancel),
    ];
    let known = table.into_iter().find(|(known, _)| *known == capability);
    known.is_none_or(|(_, may)| may)
}

fn maintenance(run: &MaintenanceRun, state: &State) -> String {
    let word = match &run.state {
        MaintenanceState::Upcoming => "planned",
        MaintenanceState::Queued => "queued",
        MaintenanceState::Running => "running",
        MaintenanceState::Completed => "over",
        MaintenanceState::Other(word) => word.as_str(),
    };
    let at = run
        .planned_for
        .map(|at| format!(" for {}", clock(at, state)));
    format!("{word}{}", at.unwrap_or_default())
}

/// Day and time, here.
fn clock(at: Timestamp, state: &State) -> String {
    let shown = state.zone.to_datetime(at);
    format!("{} {:02}:{:02}", shown.date(), shown.hour(), shown.minute())
}
