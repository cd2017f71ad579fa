//! What is wished: typed, taken back, and never sent from here.

use std::time::Duration;

use tui_input::Input;

use super::{attempt, place, place_to_change, say, show};
use crate::app::notices::Tone;
use crate::app::panes::variables::{
    self, Dialog, Edit, Field, Found, NewDialog, NewField, Place, Row, Slot, Staging, Value,
    ValueDialog, Wish, changes,
};
use crate::app::state::State;
use crate::model::{Capability, Support};

/// As long as the notice that tells of it is shown.
const SURE_FOR: Duration = Duration::from_secs(6);

/// The selected row, if it can be changed.
fn row_to_change(state: &State) -> Result<Row, String> {
    let row = state.panes.variables.selected();
    let row = row.ok_or("there is no variable to change; n adds one")?;
    if row.id.is_read_only {
        let name = &row.id.slot.name;
        return Err(format!(
            "{name} is set by the platform and cannot be changed"
        ));
    }
    Ok(row.clone())
}

/// What Enter does: another value for the selected variable.
pub(in crate::app::update) fn open(state: &mut State) {
    attempt(state, |state| {
        let (place, row) = (place_to_change(state)?, row_to_change(state)?);
        let slot = row.id.slot.clone();
        if matches!(variables::value(state, &row), Value::Absent) {
            open_new(state, place, slot.name.as_str());
            return Ok(());
        }
        let dialog = ValueDialog {
            was: Found::in_list(&slot, state.inventory.vault.list(&place.env)),
            is_sensitive: is_sensitive(state, &row),
            field: field(state, &row),
            place,
            slot,
        };
        show(state, Dialog::Value(dialog));
        Ok(())
    });
}

/// What is shown is edited as it is; what is masked is typed anew.
fn field(state: &State, row: &Row) -> Field {
    let is_shown = state.panes.variables.is_revealed(&row.id, state.now);
    match variables::value(state, row) {
        Value::Is(value) if is_shown => Field::showing(value),
        Value::Is(_) | Value::Hidden | Value::Unset | Value::Absent => Field::default(),
    }
}

fn is_sensitive(state: &State, row: &Row) -> bool {
    let known = variables::variable(state, row).map(|variable| variable.is_sensitive);
    let wished = || variables::edit(state, row).is_some_and(|edit| edit.is_sensitive);
    known.unwrap_or_else(wished)
}

pub(in crate::app::update) fn new(state: &mut State) {
    attempt(state, |state| {
        let place = place_to_change(state)?;
        open_new(state, place, "");
        Ok(())
    });
}

fn open_new(state: &mut State, place: Place, name: &str) {
    let at = if name.is_empty() {
        NewField::Name
    } else {
        NewField::Value
    };
    let dialog = NewDialog {
        place,
        name: Input::new(name.to_owned()),
        value: Field::default(),
        is_sensitive: false,
        at,
        problem: None,
    };
    show(state, Dialog::New(dialog));
}

/// Wishes the selected variable away.
pub(in crate::app::update) fn unset(state: &mut State) {
    attempt(state, |state| {
        let (place, row) = (place_to_change(state)?, row_to_change(state)?);
        let context = state.contexts.get(place.env.context);
        let support = context.map(|context| context.supports(Capability::UnsetVariable));
        if let Some(reason) = support.and_then(Support::refusal) {
            return Err(reason.to_owned());
        }
        stage(state, &place, row.id.slot, Wish::Unset, false);
        Ok(())
    });
}

/// Wishes something; says what became of the wish.
pub(super) fn stage(state: &mut State, place: &Place, slot: Slot, wish: Wish, is_sensitive: bool) {
    let edit = Edit {
        was: Found::in_list(&slot, state.inventory.vault.list(&place.env)),
        slot,
        wish,
        is_sensitive,
    };
    let name = edit.slot.name.clone();
    let pane = &mut state.panes.variables;
    let staging = pane.staged.entry(place.env.clone()).or_default();
    staging.put(edit);
    let is_staged = staging.edits().iter().any(|edit| edit.slot.name == name);
    let count = staging.len();
    tidy(state);
    let text = if is_staged {
        format!("{name}: staged, {count} in all; A reviews and applies")
    } else {
        format!("{name}: nothing to change")
    };
    say(state, Tone::Info, text);
}

/// An environment without wishes needs no place among them.
pub(super) fn tidy(state: &mut State) {
    let staged = &mut state.panes.variables.staged;
    staged.retain(|_, staging: &mut Staging| !staging.is_empty());
    state.room_is_old = true;
}

/// Takes the wish about the selected row back; where that has none, all of them, if the key is
/// pressed once more.
pub(in crate::app::update) fn drop_staged(state: &mut State) {
    attempt(state, |state| {
        let place = place(state)?;
        let pane = &mut state.panes.variables;
        let asked = pane.drops_all_until.take();
        let is_sure = asked.is_some_and(|until| state.now < until);
        let row = pane.selected().filter(|row| row.is_staged).cloned();
        let staging = pane.staged.get_mut(&place.env);
        let staging = staging.ok_or_else(|| format!("nothing is staged in {}", place.title))?;
        let text = if let Some(row) = row {
            staging.drop(&row.id.slot);
            format!("{}: no longer staged", row.id.slot.name)
        } else if is_sure {
            let count = std::mem::take(staging).len();
            format!("{} of {} dropped", changes(count), place.title)
        } else {
            let count = staging.len();
            pane.drops_all_until = state.now.saturating_add(SURE_FOR).ok();
            format!(
                "nothing is staged in this row; U again drops {}",
                changes(count)
            )
        };
        tidy(state);
        say(state, Tone::Info, text);
        Ok(())
    });
}
