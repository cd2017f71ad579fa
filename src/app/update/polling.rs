//! Reading again, and resting.

use crate::app::action::Action;
use crate::app::loadable::Load;
use crate::app::notices::Tone;
use crate::app::state::State;
use crate::model::ContextId;

/// Asks a context, or all, for everything visible anew; a rejected credential is tried again.
pub(super) fn refresh(state: &mut State, only: Option<ContextId>) {
    let ids: Vec<_> = state.contexts.iter().map(|context| context.id).collect();
    for id in ids
        .into_iter()
        .filter(|id| only.is_none_or(|only| only == *id))
    {
        ask_anew(state, id);
    }
    let name = only
        .and_then(|id| state.contexts.get(id))
        .map(|context| context.name.clone());
    let what = name.map_or_else(|| "every context".to_owned(), |name| name.to_string());
    let text = if state.is_paused {
        paused(state)
    } else {
        format!("reading {what} again")
    };
    state.notices.say(state.now, Tone::Info, text);
}

/// Asks one context for everything visible anew, without a word.
pub(super) fn ask_anew(state: &mut State, id: ContextId) {
    state.inventory.loads_of(id).for_each(Load::invalidate);
    if let Some(context) = state.contexts.get_mut(id) {
        context.bad_credential = None;
        context.forbidden.clear();
    }
    state.logs.forget_failures(id);
}

pub(super) fn paused(state: &State) -> String {
    let key = state.screen.keymap.key(Action::Pause);
    format!("polling is paused; {key} resumes it")
}

pub(super) fn pause(state: &mut State) {
    state.is_paused = !state.is_paused;
    let text = if state.is_paused {
        paused(state)
    } else {
        "polling resumed".to_owned()
    };
    state.notices.say(state.now, Tone::Info, text);
}
