//! Keys in the action menu.

use super::input::{edit, is_close};
use super::{form, operation};
use crate::app::keys::{Key, KeyPress};
use crate::app::menu::{MenuState, why_not};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::catalogue::{Inputs, Recipe};

/// What a page moves by.
const PAGE: isize = 10;

/// Opens it for the selection.
pub(super) fn open(state: &mut State) {
    let Some(context) = state.selected_context() else {
        state
            .notices
            .say(state.now, Tone::Info, "select an app first");
        return;
    };
    let profile = context.profile;
    // A row of the view of domains and services has operations of its own.
    let row = state.panes.parts.selected();
    let row = row.filter(|_| state.screen.focus == Pane::Parts);
    let names = row.map_or(&[][..], |row| row.what().operations());
    let mut menu = MenuState::of(profile, names);
    // By what the platform offers at all, not by what stands in the way now: the order must not jump.
    menu.put_first(|recipe| !context.lacks(recipe.capability));
    state.screen.overlay = Some(Overlay::Menu(menu));
    // The selection must not slip away under the menu.
    state.has_chosen = true;
}

/// A key while it is open.
pub(super) fn key(
    state: &mut State,
    mut menu: MenuState,
    press: KeyPress,
    repeat: bool,
    outcome: &mut Outcome,
) {
    if is_close(press) {
        if menu.is_searching {
            stop_searching(&mut menu);
            state.screen.overlay = Some(Overlay::Menu(menu));
        }
        return;
    }
    let selected = menu.rows.get(menu.selected).copied();
    match press.key {
        Key::Down => menu.step(1),
        Key::Up => menu.step(-1),
        Key::PageDown => menu.step(PAGE),
        Key::PageUp => menu.step(-PAGE),
        Key::Enter | Key::Tab => {
            return match selected {
                Some(recipe) => choose(state, menu, recipe, press.key == Key::Tab, outcome),
                None => state.screen.overlay = Some(Overlay::Menu(menu)),
            };
        }
        _ if menu.is_searching => {
            if let Some(request) = edit(press) {
                let change = menu.search.handle(request);
                if change.is_some_and(|change| change.value) {
                    menu.search_again();
                }
            }
        }
        Key::Left | Key::Right => menu.cross(state.screen.size.width),
        Key::Home => menu.selected = 0,
        Key::End => menu.step(isize::MAX),
        Key::Char(c) if !press.ctrl && !press.alt => {
            return letter(state, menu, c, repeat, outcome);
        }
        Key::Char(_)
        | Key::Esc
        | Key::BackTab
        | Key::Backspace
        | Key::Delete
        | Key::Insert
        | Key::Function(_) => {}
    }
    state.screen.overlay = Some(Overlay::Menu(menu));
}

fn letter(state: &mut State, mut menu: MenuState, c: char, repeat: bool, outcome: &mut Outcome) {
    match c {
        'q' => return,
        'j' => menu.step(1),
        'k' => menu.step(-1),
        '/' => menu.is_searching = true,
        // The key that opened the menu, held down, is no choice.
        _ if repeat => {}
        _ => {
            let mut all = menu.all.iter().copied();
            if let Some(recipe) = all.find(|recipe| recipe.letter == c) {
                return choose(state, menu, recipe, false, outcome);
            }
            let text = format!("{c} is no action; / searches, Esc closes");
            state.notices.say(state.now, Tone::Info, text);
        }
    }
    state.screen.overlay = Some(Overlay::Menu(menu));
}

fn stop_searching(menu: &mut MenuState) {
    menu.is_searching = false;
    menu.search.reset();
    menu.search_again();
}

/// Starts an operation, or says why not and stays. `with_form` asks for what is optional, too.
fn choose(
    state: &mut State,
    menu: MenuState,
    recipe: &'static Recipe,
    with_form: bool,
    outcome: &mut Outcome,
) {
    if let Some(reason) = why_not(state, recipe) {
        let text = format!("{}: {reason}", recipe.name);
        state.notices.say(state.now, Tone::Bad, text);
        state.screen.overlay = Some(Overlay::Menu(menu));
    } else {
        run(state, recipe, with_form, outcome);
    }
}

/// Starts an operation that is to be had.
pub(super) fn run(
    state: &mut State,
    recipe: &'static Recipe,
    with_form: bool,
    outcome: &mut Outcome,
) {
    if with_form && recipe.asked().next().is_some() {
        form::open(state, recipe, Inputs::default());
    } else {
        operation::start(state, recipe, Inputs::default(), outcome);
    }
}
