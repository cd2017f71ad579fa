//! What one can do about a release that went wrong: the key that rolls back, and to what.

use super::Watch;
use crate::app::action::Action;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{Capability, Deployment, Scoped, Text};

/// What to do, in few words: `Esc, then Z rolls back to v211`. Absent where nothing went wrong or
/// nothing is offered.
#[must_use]
pub fn remedy(state: &State, watch: &Watch) -> Option<String> {
    if !watch.verdict().is_some_and(super::Verdict::is_bad) {
        return None;
    }
    let runs = still_runs(state, watch).map(|label| format!("{label} still runs"));
    let key = offered(state, watch).map(|(action, what)| {
        let key = state.screen.keymap.key(action);
        format!("{}{key} {what}", way(state, watch))
    });
    let parts: Vec<_> = [runs, key].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// How one gets to where the key counts: nothing is changed from the log.
fn way(state: &State, watch: &Watch) -> String {
    let is_selected = state.selected_env().as_ref() == Some(&watch.env);
    if is_selected && state.screen.focus == Pane::Logs {
        format!("{}, then ", state.screen.keymap.key(Action::Back))
    } else if is_selected {
        String::new()
    } else {
        "there ".to_owned()
    }
}

/// The action that helps, as far as the platform has one.
fn offered(state: &State, watch: &Watch) -> Option<(Action, String)> {
    let context = state.contexts.get(watch.env.context)?;
    if context.is_read_only {
        return None;
    }
    let rolls_back = !context.lacks(Capability::RollBack);
    if let Some(to) = goes_back_to(state, watch).filter(|_| rolls_back) {
        return Some((Action::RollBack, format!("rolls back to {to}")));
    }
    let deploys = !context.lacks(Capability::Deploy);
    deploys.then(|| (Action::Deploy, "deploys again".to_owned()))
}

/// What the key goes back to: the newest good deployment that is not the one that runs.
fn goes_back_to(state: &State, watch: &Watch) -> Option<Text> {
    let list = state.inventory.deployments_of(&watch.env)?.value.as_ref()?;
    let current = current(state, &watch.env);
    let other = |it: &&Deployment| !it.is_current && Some(&it.id) != current;
    let good = list.iter().filter(other).find(|it| it.is_good())?;
    Some(good.label.clone())
}

/// The release before, where what failed has not replaced it.
fn still_runs(state: &State, watch: &Watch) -> Option<Text> {
    let current = current(state, &watch.env)?;
    let known = state.inventory.deployment(&watch.env, current)?;
    let is_other = watch.deployment.as_ref().is_some_and(|own| own != current);
    is_other.then(|| known.label.clone())
}

fn current<'a>(
    state: &'a State,
    env: &Scoped<crate::model::EnvId>,
) -> Option<&'a crate::model::DeploymentId> {
    let release = state.inventory.environment(env)?.release.as_ref()?;
    release.deployment.as_ref()
}
