//! Forms: what an operation must be told before it can be asked about.

use crate::app::notices::Tone;
use crate::app::state::State;
use crate::model::catalogue::{Inputs, Recipe};

/// Opens the form of an operation, filled in with what is known.
pub(in crate::app) fn open(state: &mut State, recipe: &'static Recipe, _inputs: Inputs) {
    let text = format!("{} must be told more: use `flightdeck do`", recipe.name);
    state.notices.say(state.now, Tone::Bad, text);
}
