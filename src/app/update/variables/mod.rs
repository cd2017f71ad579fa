//! Keys of the view of variables. Everything here is local but the one way out: a review, whose
//! operations go through the question that every operation goes through.

mod apply;
mod compare;
mod dialog;
mod editor;
mod filter;
mod stage;

pub(super) use apply::ended;
pub(super) use compare::compare;
pub(super) use dialog::{key, paste};
pub(super) use editor::{edit_all, edited};
pub(super) use filter::{in_filter, peel};
pub(super) use stage::{drop_staged, new, open, unset};

use crate::app::keys::KeyPress;
use crate::app::notices::Tone;
use crate::app::panes::variables::{self, Dialog, Place, REVEAL_FOR, Revealed, Review, Value};
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::{Capability, Text};

/// Opens a dialog of the view.
fn show(state: &mut State, dialog: Dialog) {
    state.screen.overlay = Some(Overlay::Variables(Box::new(dialog)));
}

fn say(state: &mut State, tone: Tone, text: impl AsRef<str>) {
    state.notices.say(state.now, tone, text);
}

/// Does something, or says why not.
fn attempt(state: &mut State, what: impl FnOnce(&mut State) -> Result<(), String>) {
    if let Err(reason) = what(state) {
        say(state, Tone::Bad, reason);
    }
}

/// The environment whose variables are shown.
fn place(state: &State) -> Result<Place, String> {
    let env = state.selected_env().ok_or("select an app first")?;
    let known = state.inventory.environment(&env);
    Ok(Place {
        title: variables::title(state, &env),
        class: known.and_then(|known| state.class_of(env.context, known)),
        env,
    })
}

/// The same, where changes may be wished: where none could ever be applied, none are typed.
fn place_to_change(state: &State) -> Result<Place, String> {
    let place = place(state)?;
    let context = state.contexts.get(place.env.context);
    let context = context.ok_or("this context is gone")?;
    if let Some(reason) = context.supports(Capability::SetVariable).refusal() {
        return Err(reason.to_owned());
    }
    if context.is_read_only {
        return Err(format!("{} is read-only", context.name));
    }
    let known = state.inventory.vault.of(&place.env);
    if known.is_none_or(|known| known.value.is_none()) {
        return Err(format!("the variables of {} are not read yet", place.title));
    }
    Ok(place)
}

/// Shows the selected value for a while, or masks it again.
pub(super) fn reveal(state: &mut State) {
    let pane = &state.panes.variables;
    let Some(row) = pane.selected().cloned() else {
        return;
    };
    let is_shown = pane.is_revealed(&row.id, state.now);
    let name = &row.id.slot.name;
    let refusal = match variables::value(state, &row) {
        Value::Is(_) => None,
        Value::Hidden => Some(format!("{name}: the platform hides the value")),
        Value::Unset => Some(format!("{name}: it is staged to be unset")),
        Value::Absent => Some(format!("{name}: only the other environment has it")),
    };
    if let Some(reason) = refusal {
        return say(state, Tone::Info, reason);
    }
    let until = state.now.saturating_add(REVEAL_FOR).ok();
    let revealed = until.map(|until| Revealed { row: row.id, until });
    state.panes.variables.revealed = revealed.filter(|_| !is_shown);
}

/// Opens the review, which waits until the environment was read anew.
pub(super) fn review(state: &mut State) {
    attempt(state, |state| {
        let place = place_to_change(state)?;
        if state.panes.variables.staging(&place.env).is_none() {
            return Err(format!("nothing is staged in {}", place.title));
        }
        if state.is_paused {
            return Err(
                "polling is paused; p resumes it, so that what is there can be read".into(),
            );
        }
        let reads = state.inventory.vault.reads();
        read_anew(state, &place);
        show(
            state,
            Dialog::Review(Review::new(place.env, place.title, reads)),
        );
        Ok(())
    });
}

/// Asks for the variables now. An answer that is on its way may be older than the wish to know, so
/// it no longer counts: the next read gets a ticket of its own.
fn read_anew(state: &mut State, place: &Place) {
    let key = variables::key_of(&place.env);
    state.inventory.drop_arriving(&key);
    if let Some(load) = state.inventory.load_mut(&key) {
        load.abandon();
        load.invalidate();
    }
}

/// Whether a dialog is left by this key.
fn leaves(press: KeyPress) -> bool {
    use crate::app::keys::Key;
    press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c'))
}

fn name_of(text: &str) -> Text {
    Text::clean(text)
}
