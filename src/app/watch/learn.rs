//! What a watch learns from the state: its deployment, its phases, how far it is, and its end.

use std::time::Duration;

use jiff::Timestamp;

use super::phases::Part;
use super::{End, Verdict, Watch};
use crate::app::age::since;
use crate::app::operations::Entry;
use crate::app::rows::phase_word;
use crate::app::state::State;
use crate::model::{
    Capability, Deployment, DeploymentId, Follow, Phase, Progress, Scoped, Stage, Status,
    StepState, Text, Verdict as OperationEnd,
};

/// So many of the newest deployments may be the one that was asked for.
const NEWEST: usize = 10;
/// The clocks of two machines differ.
const SKEW: Duration = Duration::from_secs(5);

/// Brings a watch that runs up to date.
pub(super) fn learn(watch: &mut Watch, state: &State) {
    relocate(watch, state);
    let entry = watch.operation.and_then(|it| state.operations.get(it));
    if watch.deployment.is_none() {
        watch.deployment = found(watch, state, entry);
    }
    let deployment = deployment(watch, state);
    watch.progress = progress(watch, state, deployment, entry);
    describe(watch, state, deployment);
    phases(watch, state, deployment);
    if let Some(verdict) = verdict(watch, state, deployment, entry) {
        close(watch, state, deployment, verdict);
    }
}

/// What a watch that has ended still learns: names that were not listed yet, and steps.
pub(super) fn complete(watch: &mut Watch, state: &State) {
    relocate(watch, state);
    if let Some(deployment) = deployment(watch, state) {
        describe(watch, state, Some(deployment));
        watch.phases.take_steps(&deployment.progress.tree);
    }
}

fn deployment<'a>(watch: &Watch, state: &'a State) -> Option<&'a Deployment> {
    let id = watch.deployment.as_ref()?;
    state.inventory.deployment(&watch.env, id)
}

/// Where a release makes a new environment of the same name, the watch goes there.
fn relocate(watch: &mut Watch, state: &State) {
    if state.inventory.environment(&watch.env).is_some() {
        return;
    }
    let fleet = state.inventory.fleet(watch.env.context);
    let own = fleet
        .into_iter()
        .flat_map(|fleet| fleet.environments_of(&watch.app));
    let mut same = own.filter(|env| env.name == watch.name);
    if let Some(env) = same.next() {
        watch.env = Scoped::new(watch.env.context, env.id.clone());
    }
}

/// The deployment that came of what was asked for: the one the platform named, else the newest that
/// was not there before.
fn found(watch: &Watch, state: &State, entry: Option<&Entry>) -> Option<DeploymentId> {
    let entry = entry?;
    if let Some(Follow::Deployment(id)) = &entry.follow {
        return Some(id.clone());
    }
    let was_taken = match &entry.stage {
        Stage::Running(_) | Stage::Ended(_) | Stage::Unknown(_) => true,
        Stage::Sending | Stage::Refused(_) | Stage::Unresolved(_) => false,
    };
    if !was_taken {
        return None;
    }
    let is_new = |id: &DeploymentId| !watch.known.deployments.contains(id);
    let env = state.inventory.environment(&watch.env)?;
    if let Some(running) = env.running.as_ref().filter(|id| is_new(id)) {
        return Some(running.clone());
    }
    let list = state.inventory.deployments_of(&watch.env)?.value.as_ref()?;
    let since_then = |deployment: &&Deployment| {
        let asked = watch.begun_at.saturating_sub(SKEW).ok();
        is_new(&deployment.id) && (watch.known.is_listed || deployment.started_at >= asked)
    };
    let found = list.iter().take(NEWEST).find(since_then)?;
    Some(found.id.clone())
}

fn progress(
    watch: &Watch,
    state: &State,
    deployment: Option<&Deployment>,
    entry: Option<&Entry>,
) -> Progress {
    let env = state.inventory.environment(&watch.env);
    let of_env = env.filter(|env| watch.deployment.is_some() && env.running == watch.deployment);
    let of_env = of_env.and_then(|env| env.progress.as_ref());
    let of_operation = entry.and_then(|entry| match &entry.stage {
        Stage::Running(progress) => Some(progress),
        Stage::Sending
        | Stage::Ended(_)
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => None,
    });
    let of_deployment = deployment.map(|it| &it.progress);
    let mut known = [of_deployment, of_env, of_operation].into_iter().flatten();
    // What was seen last stays while nobody says more: the step that failed is told by it.
    let newest = known.find(|progress| **progress != Progress::default());
    newest.unwrap_or(&watch.progress).clone()
}

fn describe(watch: &mut Watch, state: &State, deployment: Option<&Deployment>) {
    if let Some(known) = deployment {
        let release = &mut watch.release;
        release.label = Some(known.label.clone()).filter(|it| !it.as_str().is_empty());
        release.word = Text::non_empty(phase_word(known));
        release.by.clone_from(&known.by);
        release.cause.clone_from(&known.cause);
        release.commit.clone_from(&known.commit);
        release.message.clone_from(&known.message);
    }
    if watch.release.last_good.is_none() {
        watch.release.last_good = last_good(watch, state);
    }
}

/// The newest good release that is older than the one that is watched.
fn last_good(watch: &Watch, state: &State) -> Option<Text> {
    let list = state.inventory.deployments_of(&watch.env)?.value.as_ref()?;
    let own = watch.deployment.as_ref()?;
    let before = list.iter().skip_while(|it| it.id != *own).skip(1);
    let mut good =
        before.filter(|it| it.phase.status() == Status::Live || it.phase == Phase::Replaced);
    good.next().map(|it| it.label.clone())
}

fn phases(watch: &mut Watch, state: &State, deployment: Option<&Deployment>) {
    let (now, begun_at) = (state.now, watch.begun_at);
    if watch.operation.is_some() {
        watch.phases.go_to(Part::Queued, Some(begun_at), now);
    }
    let started_at = deployment.and_then(|it| it.started_at);
    if watch.operation.is_none()
        && let Some(started_at) = started_at
    {
        watch.begun_at = started_at.min(now);
    }
    match deployment {
        Some(known) => {
            if let Some(part) = Part::of(&known.phase) {
                // When a later part began is not told by when the whole did.
                let is_first = part == Part::Build || part == Part::Release;
                let began = started_at.filter(|_| is_first);
                watch.phases.go_to(part, began, now);
            }
        }
        None if is_all_there_is(watch, state) => watch.phases.go_to(Part::Release, None, now),
        None => {}
    }
    let tree = std::mem::take(&mut watch.progress.tree);
    watch.phases.take_steps(&tree);
    watch.progress.tree = tree;
}

/// Whether the platform took it and lists no deployments: then it tells no phases.
fn is_all_there_is(watch: &Watch, state: &State) -> bool {
    let context = state.contexts.get(watch.env.context);
    let lists = context.is_some_and(|it| !it.lacks(Capability::ListDeployments));
    let entry = watch.operation.and_then(|it| state.operations.get(it));
    let is_running = entry.is_some_and(|entry| matches!(entry.stage, Stage::Running(_)));
    is_running && !lists
}

/// How it ended; absent while it goes on.
fn verdict(
    watch: &mut Watch,
    state: &State,
    deployment: Option<&Deployment>,
    entry: Option<&Entry>,
) -> Option<Verdict> {
    // What was there before it was asked for (one that is tried again) may be listed as it was then.
    let is_old = |known: &&Deployment| watch.known.deployments.contains(&known.id);
    let own = deployment.filter(|known| entry.is_none() || !is_old(known));
    if let Some(verdict) = own.and_then(Verdict::of) {
        return Some(verdict);
    }
    let ended = entry.and_then(|entry| match &entry.stage {
        Stage::Ended(end) => Some(end),
        Stage::Sending
        | Stage::Running(_)
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => None,
    });
    if let Some(end) = ended {
        return Some(match end {
            OperationEnd::Done(_) => Verdict::Live,
            OperationEnd::Partly(why) => Verdict::Partly(why.clone()),
            OperationEnd::Failed(why) => Verdict::failed(&watch.progress.tree, Some(why.clone())),
        });
    }
    let is_ours = entry.is_some_and(|entry| !entry.stage.is_final());
    (!is_ours && is_gone(watch, state, deployment)).then_some(Verdict::Gone)
}

/// Whether two reads of the list, one after the other, lack the deployment, and nothing says that it
/// runs.
fn is_gone(watch: &mut Watch, state: &State, deployment: Option<&Deployment>) -> bool {
    let env = state.inventory.environment(&watch.env);
    if env.is_none() {
        return true;
    }
    let runs = env.is_some_and(|env| env.running.is_some() && env.running == watch.deployment);
    if deployment.is_some() || runs {
        watch.missing_since = None;
        return false;
    }
    let list = state.inventory.deployments_of(&watch.env);
    let Some(read_at) = list.and_then(|list| list.load.fetched_at) else {
        return false;
    };
    let first = *watch.missing_since.get_or_insert(read_at);
    read_at > first
}

fn close(watch: &mut Watch, state: &State, deployment: Option<&Deployment>, verdict: Verdict) {
    let now = state.now;
    let ended_at = deployment.and_then(|it| it.ended_at);
    let took = took(watch, deployment, now);
    let at = ended_at.unwrap_or(now).min(now);
    // Of what was over at the first look only the whole is known.
    if watch.phases.has_waited_only() && verdict != Verdict::Cancelled {
        let started_at = deployment.and_then(|it| it.started_at);
        watch.phases.go_to(Part::Release, started_at, at);
    }
    let state_of_last = match &verdict {
        Verdict::Live | Verdict::Regressed { .. } => StepState::Done,
        Verdict::Failed { .. } | Verdict::Partly(_) => StepState::Failed,
        Verdict::Cancelled | Verdict::Ended | Verdict::Gone => StepState::Pending,
    };
    watch.phases.close(state_of_last, at);
    watch.end = Some(End {
        seen_at: now,
        live_at: at,
        took,
        verdict,
        is_over: false,
    });
}

/// From the wish to the end for what was asked for here; else what the platform says.
fn took(watch: &Watch, deployment: Option<&Deployment>, now: Timestamp) -> Duration {
    let own = deployment.and_then(|it| it.duration);
    own.filter(|_| watch.operation.is_none())
        .unwrap_or_else(|| since(watch.begun_at, now))
}
