//! What a question shows must be young: what is older than polling promises is read again before
//! anything is sent, and a question whose target changed goes away.

use std::collections::BTreeSet;

use super::question::still_right;
use crate::app::age::Age;
use crate::app::confirm::{Check, Confirm};
use crate::app::contexts::{Context, Wish};
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::request::Request;
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::{
    Capability, Failure, Fetch, Operation, Priority, Query, QueryKey, Target, Text,
};

/// More targets than these in one context are read again by its list.
const SINGLY: usize = 5;

/// Asks again for the targets that are older than polling promises. Pausing does not keep it from
/// being asked: somebody wants to act on it.
pub(super) fn read_again(state: &mut State, request: &Request, outcome: &mut Outcome) -> Check {
    let keys: BTreeSet<_> = (request.operations.iter())
        .filter(|operation| !is_login(state, operation))
        .filter_map(|operation| key(state, &operation.target, request))
        .collect();
    if keys.is_empty() {
        return Check::Fresh;
    }
    for key in &keys {
        if let Some(load) = state.inventory.load_mut(key) {
            load.begin(state.now);
        }
        outcome.effects.push(Effect::Fetch(Fetch {
            key: key.clone(),
            ticket: state.tickets.issue(key.clone()),
            priority: Priority::Visible,
        }));
    }
    Check::Reading(keys)
}

/// Whether it is what one does where nothing can be read.
fn is_login(state: &State, operation: &Operation) -> bool {
    let context = state.contexts.get(operation.target.context);
    context.is_some_and(|context| context.needs_no_credential(Wish::from(&operation.kind)))
}

/// What to read for a target; absent if what is known of it is young enough.
fn key(state: &State, target: &Target, request: &Request) -> Option<QueryKey> {
    let context = state.contexts.get(target.context)?;
    if matches!(state.age_of(context), Age::Within(_)) {
        return None;
    }
    let query = match &target.environment {
        Some(env)
            if request.targets() <= SINGLY && !context.lacks(Capability::ListEnvironments) =>
        {
            Query::Environment(env.clone())
        }
        Some(_) | None => list(context),
    };
    Some(QueryKey {
        context: context.id,
        query,
    })
}

fn list(context: &Context) -> Query {
    if context.lacks(Capability::ListAllEnvironments) {
        Query::Apps
    } else {
        Query::AllEnvironments
    }
}

/// A read ended: the question may have waited for it.
pub(in crate::app) fn answered(state: &mut State, key: &QueryKey, failure: Option<&Failure>) {
    let Some(confirm) = asking(state) else { return };
    let Check::Reading(keys) = &mut confirm.check else {
        return;
    };
    if !keys.remove(key) {
        return;
    }
    let is_last = keys.is_empty();
    match failure {
        Some(failure) => confirm.check = Check::Failed(Text::clean(&failure.headline())),
        None if is_last => confirm.check = Check::Fresh,
        None => {}
    }
}

fn asking(state: &mut State) -> Option<&mut Confirm> {
    match &mut state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => Some(confirm),
        _ => None,
    }
}

/// A question whose target changed, went, or may not be touched any more takes itself away, and
/// says why.
pub(in crate::app) fn watch(state: &mut State, outcome: &mut Outcome) {
    let Some(Overlay::Confirm(confirm)) = &state.screen.overlay else {
        return;
    };
    if let Err(reason) = still_right(state, confirm) {
        state.screen.overlay = None;
        state.notices.say(state.now, Tone::Bad, reason);
        outcome.redraw = true;
    }
}
