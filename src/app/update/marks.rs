//! Marking rows, and unlocking what is protected.

use crate::app::contexts::UNLOCK_FOR;
use crate::app::keys::{Key, KeyPress};
use crate::app::notices::Tone;
use crate::app::panes::{self, Motion};
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::app::unlock::Unlock;
use crate::model::{AppId, Scoped};

const WHERE: &str = "rows are marked in Apps and Environments";

/// Marks the selected row, or takes its mark away, and goes to the next one.
pub(super) fn toggle(state: &mut State) {
    match state.screen.focus {
        Pane::Apps => {
            let Some(app) = state.selected_app().cloned() else {
                return;
            };
            state.marks.toggle_app(app);
            state.has_chosen = true;
            panes::motion(state, Motion::By(1));
        }
        Pane::Environments => {
            let Some(env) = state.selected_env() else {
                return;
            };
            state.marks.toggle_environment(env);
            panes::motion(state, Motion::By(1));
        }
        Pane::Logs
        | Pane::Backups
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Activity
        | Pane::Parts
        | Pane::Operations => state.notices.say(state.now, Tone::Info, WHERE),
    }
}

/// Marks every app from the last mark to the selection.
pub(super) fn range(state: &mut State) {
    let here = state.selected_app().cloned();
    match here.filter(|_| state.screen.focus == Pane::Apps) {
        Some(here) => {
            let list = shown(state);
            state.marks.range(&list, &here);
            state.has_chosen = true;
        }
        None => state.notices.say(state.now, Tone::Info, WHERE),
    }
}

/// Marks every app that the filter lets through, or none of them.
pub(super) fn all(state: &mut State) {
    if state.screen.focus == Pane::Apps {
        let list = shown(state);
        state.marks.toggle_all(list);
        state.has_chosen = true;
    } else {
        state.notices.say(state.now, Tone::Info, WHERE);
    }
}

fn shown(state: &State) -> Vec<Scoped<AppId>> {
    let pane = &state.panes.apps;
    let rows = (0..pane.shown.len()).filter_map(|row| pane.row(row));
    rows.map(|row| row.app.clone()).collect()
}

/// Locks the selected context again, or asks for its name to unlock it.
pub(super) fn unlock(state: &mut State) {
    let now = state.now;
    let id = state.selected_context().map(|context| context.id);
    let Some(context) = id.and_then(|id| state.contexts.get_mut(id)) else {
        state.notices.say(now, Tone::Info, "select an app first");
        return;
    };
    let text = if context.is_read_only {
        format!(
            "{} is read-only; nothing can be changed there",
            context.name
        )
    } else if !context.is_protected {
        format!("{} is not protected", context.name)
    } else if context.is_locked(now) {
        let unlock = Unlock {
            context: context.id,
            name: context.name.clone(),
            typed: tui_input::Input::default(),
        };
        state.screen.overlay = Some(Overlay::Unlock(unlock));
        return;
    } else {
        context.unlocked_until = None;
        format!("{} is locked", context.name)
    };
    state.notices.say(now, Tone::Info, text);
}

/// A key while the name is typed.
pub(super) fn in_unlock(state: &mut State, mut unlock: Unlock, press: KeyPress) {
    let is_cancel = press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'));
    if is_cancel || (press.key == Key::Enter && !unlock.is_typed()) {
        let text = format!("{} stays locked", unlock.name);
        state.notices.say(state.now, Tone::Info, text);
        return;
    }
    if press.key == Key::Enter {
        if let Some(context) = state.contexts.get_mut(unlock.context) {
            context.unlocked_until = state.now.saturating_add(UNLOCK_FOR).ok();
        }
        let text = format!("{} is unlocked for 10 minutes; ! locks it", unlock.name);
        state.notices.say(state.now, Tone::Info, text);
        return;
    }
    if let Some(request) = super::input::edit(press) {
        unlock.typed.handle(request);
    }
    state.screen.overlay = Some(Overlay::Unlock(unlock));
}
