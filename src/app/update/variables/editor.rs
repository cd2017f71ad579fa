//! All variables at once, in the user's own editor.

use super::stage::tidy;
use super::{attempt, place_to_change, say, show};
use crate::app::message::{EditFile, Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::panes::variables::file;
use crate::app::panes::variables::{Dialog, Mend, changes};
use crate::app::state::State;
use crate::model::{Secret, Text, dotenv};

/// Hands what is and what is wished to the editor.
pub(in crate::app::update) fn edit_all(state: &mut State, outcome: &mut Outcome) {
    attempt(state, |state| {
        let place = place_to_change(state)?;
        let list = state.inventory.vault.list(&place.env);
        let staging = state.panes.variables.staging(&place.env);
        let staging = staging.cloned().unwrap_or_default();
        let text = file::written(&place.title, list, &staging);
        state.panes.variables.editing = Some((place, text.clone()));
        outcome.effects.push(Effect::Edit(EditFile { text }));
        Ok(())
    });
}

/// Hands a text to the editor again that was not understood.
pub(super) fn edit_again(state: &State, text: Secret, outcome: &mut Outcome) {
    if state.panes.variables.editing.is_some() {
        outcome.effects.push(Effect::Edit(EditFile { text }));
    }
}

/// The editor is closed.
pub(in crate::app::update) fn edited(
    state: &mut State,
    result: Result<Secret, Text>,
    outcome: &mut Outcome,
) {
    outcome.redraw = true;
    let Some((place, given)) = state.panes.variables.editing.clone() else {
        return;
    };
    let text = match result {
        Ok(text) if text != given => text,
        Ok(_) => return ended(state, Tone::Info, "nothing was changed in the editor"),
        Err(why) => return ended(state, Tone::Bad, why.as_str()),
    };
    let values = match dotenv::parse(text.expose()) {
        Ok(values) => values,
        Err(problem) => return show(state, Dialog::Mend(Mend { problem, text })),
    };
    if state.inventory.vault.of(&place.env).is_none() {
        return ended(
            state,
            Tone::Bad,
            "the environment is gone; nothing is staged",
        );
    }
    let list = state.inventory.vault.list(&place.env);
    let before = state.panes.variables.staging(&place.env);
    let wished = file::read(values, list, &before.cloned().unwrap_or_default());
    let told = match wished.len() {
        0 => "nothing is staged".to_owned(),
        count => format!("{}; A reviews and applies", changes(count)),
    };
    state.panes.variables.staged.insert(place.env, wished);
    tidy(state);
    ended(state, Tone::Info, &told);
}

fn ended(state: &mut State, tone: Tone, text: &str) {
    state.panes.variables.editing = None;
    say(state, tone, text);
}
