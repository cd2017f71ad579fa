//! What the pane says while it has no line to show.

use crate::app::action::Action;
use crate::app::logs::Channel;
use crate::app::panes::logs::{Wanted, is_behind, selected_channel, shown, wanted};
use crate::model::TailState;
use crate::ui::View;
use crate::ui::panes::explained;

/// Why there is nothing, and what helps.
pub(super) fn said(view: View<'_>) -> String {
    let state = view.state;
    if shown(state).is_some_and(|ring| !ring.is_empty()) {
        return sieved(view);
    }
    if state.is_paused {
        let key = state.screen.keymap.key(Action::Pause);
        return format!("Paused. {key} resumes.");
    }
    if state.logs.merged().is_some() {
        return "No lines yet of any of these sources.".into();
    }
    let channel = selected_channel(state);
    channel
        .and_then(|channel| of_channel(view, channel))
        .unwrap_or_else(|| of_selection(view))
}

/// A filter lets nothing through.
fn sieved(view: View<'_>) -> String {
    let state = view.state;
    let typed = state.panes.logs.sieve.filter_text().unwrap_or_default();
    if is_behind(state) {
        return format!(
            "Looking for lines that fit &{typed}{}",
            view.glyphs.ellipsis
        );
    }
    let key = state.screen.keymap.key(Action::Back);
    format!("No line fits &{typed}. {key} shows all.")
}

fn of_channel(view: View<'_>, channel: &Channel) -> Option<String> {
    let state = view.state;
    match &channel.state {
        TailState::Failed(failure) | TailState::Waiting { failure, .. } => Some(explained(failure)),
        TailState::Ended if state.panes.logs.shows_previous => {
            let key = state.screen.keymap.key(Action::PreviousLog);
            Some(format!(
                "Nothing was written before the last restart. {key} goes back."
            ))
        }
        TailState::Live | TailState::Ended => Some("No lines yet.".into()),
        TailState::Opening => None,
    }
}

fn of_selection(view: View<'_>) -> String {
    let state = view.state;
    let (Some(id), Some(env)) = (state.selected_env(), state.selected_environment()) else {
        return "Select an app to see its log.".into();
    };
    match wanted(state, &id, env) {
        Wanted::Nothing(reason) => reason,
        Wanted::Deployment(_) | Wanted::Runtime | Wanted::Previous => "Opening the log…".into(),
    }
}
