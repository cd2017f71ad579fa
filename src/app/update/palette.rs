//! Keys in the command palette.

use super::act::act;
use super::input::{edit, is_close};
use super::navigate::focus;
use super::{choose, menu};
use crate::app::action::Scope;
use crate::app::keys::{Key, KeyPress};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::palette::{Command, PaletteState};
use crate::app::panes;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::{AppId, Scoped};

/// What a page moves by.
const PAGE: isize = 10;

/// Opens it.
pub(super) fn open(state: &mut State) {
    let palette = Box::new(PaletteState::new(state));
    state.screen.overlay = Some(Overlay::Palette(palette));
}

/// A key while it is open.
pub(super) fn key(
    state: &mut State,
    mut palette: Box<PaletteState>,
    press: KeyPress,
    outcome: &mut Outcome,
) {
    if is_close(press) {
        return;
    }
    match (press.key, press.ctrl) {
        (Key::Enter | Key::Tab, _) => {
            let Some(command) = palette.rows.get(palette.selected).cloned() else {
                state.screen.overlay = Some(Overlay::Palette(palette));
                return;
            };
            return run(state, palette, &command, press.key == Key::Tab, outcome);
        }
        (Key::Down, _) | (Key::Char('n'), true) => palette.step(1),
        (Key::Up, _) | (Key::Char('p'), true) => palette.step(-1),
        (Key::PageDown, _) => palette.step(PAGE),
        (Key::PageUp, _) => palette.step(-PAGE),
        _ => {
            if let Some(request) = edit(press) {
                let change = palette.input.handle(request);
                // The cursor alone finds nothing else.
                if change.is_some_and(|change| change.value) {
                    palette.search_again(state);
                }
            }
        }
    }
    state.screen.overlay = Some(Overlay::Palette(palette));
}

/// Does it, or says why not and stays.
fn run(
    state: &mut State,
    palette: Box<PaletteState>,
    command: &Command,
    with_form: bool,
    outcome: &mut Outcome,
) {
    if let Some(reason) = command.why_not(state) {
        state.notices.say(state.now, Tone::Bad, reason);
        state.screen.overlay = Some(Overlay::Palette(palette));
        return;
    }
    state.recent.used(command);
    match command {
        Command::Action(action) => {
            // A key of another pane is meant for that pane.
            if let Some(pane) = pane_of(action.row().scope) {
                focus(state, pane);
            }
            act(state, *action, false, outcome);
        }
        Command::Operation(recipe) => menu::run(state, recipe, with_form, outcome),
        Command::Context(id) => choose::only(state, *id),
        Command::App(app) => jump(state, app),
    }
}

fn pane_of(scope: Scope) -> Option<Pane> {
    let panes = Pane::ALL.into_iter().chain(Pane::VIEWS);
    panes.into_iter().find(|pane| Scope::from(*pane) == scope)
}

/// Selects an app, whatever is listed just now.
fn jump(state: &mut State, app: &Scoped<AppId>) {
    focus(state, Pane::Apps);
    if panes::apps::select(state, app) {
        return;
    }
    super::input::clear_filter(state);
    choose::show_all(state);
    if !panes::apps::select(state, app) {
        state.notices.say(state.now, Tone::Info, "this app is gone");
    }
}
