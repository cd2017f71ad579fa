//! Keys while the help is open.

use super::act::act;
use super::input::edit;
use super::menu;
use crate::app::action::Action;
use crate::app::help::{HelpRow, HelpState};
use crate::app::keys::{Key, KeyPress};
use crate::app::menu::why_not;
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::catalogue::Recipe;

/// Rows of the help overlay that are in sight are what the screen leaves after its frame, title
/// and search line.
pub(super) const HELP_FRAME_ROWS: u16 = 8;

pub(super) fn in_help(
    state: &mut State,
    mut help: HelpState,
    press: KeyPress,
    outcome: &mut Outcome,
) {
    let rows = usize::from(state.screen.size.height.saturating_sub(HELP_FRAME_ROWS));
    let page = isize::try_from(rows.max(1)).unwrap_or(isize::MAX);
    match press {
        press if closes_help(state, &help, press) => return,
        KeyPress {
            key: Key::Enter, ..
        } => match help.rows.get(help.selected) {
            Some(HelpRow::Action(action)) => return act(state, *action, false, outcome),
            Some(HelpRow::Operation(recipe)) if why_not(state, recipe).is_none() => {
                return menu::run(state, recipe, false, outcome);
            }
            Some(HelpRow::Operation(recipe)) => not_offered(state, recipe),
            Some(HelpRow::Lacking | HelpRow::Own) | None => return,
        },
        KeyPress { key: Key::Up, .. } => help.step(-1, rows),
        KeyPress { key: Key::Down, .. } => help.step(1, rows),
        KeyPress {
            key: Key::PageUp, ..
        } => help.step(-page, rows),
        KeyPress {
            key: Key::PageDown, ..
        } => help.step(page, rows),
        other => {
            if let Some(request) = edit(other) {
                help.search.handle(request);
                help.search_in(state);
            }
        }
    }
    state.screen.overlay = Some(Overlay::Help(help));
}

/// Esc and Ctrl-c always; the keys for help and for quitting unless they are part of what is typed.
pub(super) fn closes_help(state: &State, help: &HelpState, press: KeyPress) -> bool {
    if press.key == Key::Esc || (press.key == Key::Char('c') && press.ctrl) {
        return true;
    }
    let is_typed = edit(press).is_some() && !help.search.value().is_empty();
    let action = state.screen.keymap.resolve(state.screen.focus, press);
    !is_typed
        && matches!(
            action,
            Some(Action::Help | Action::Quit | Action::Interrupt)
        )
}

pub(super) fn not_offered(state: &mut State, recipe: &'static Recipe) {
    if let Some(reason) = why_not(state, recipe) {
        let text = format!("{}: {reason}", recipe.name);
        state.notices.say(state.now, Tone::Bad, text);
    }
}
