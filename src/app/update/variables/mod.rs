//! Keys of the view of variables. Everything here is local but the one way out: a review, whose
//! operations go through the question that every operation goes through.

mod apply;
mod dialog;
mod editor;
mod filter;

pub(super) use apply::ended;
pub(super) use dialog::{key, paste};
pub(super) use editor::{edit_all, edited};
pub(super) use filter::{in_filter, peel};

use std::time::Duration;

use tui_input::Input;

use crate::app::keys::KeyPress;
use crate::app::notices::Tone;
use crate::app::panes::variables::{
    self, Candidate, Choose, Dialog, Edit, Field, Found, NewDialog, NewField, Place, REVEAL_FOR,
    Revealed, Review, Row, Slot, Staging, Value, ValueDialog, Wish, changes,
};
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::{Capability, Support, Text};

/// As long as the notice that tells of it is shown.
const SURE_FOR: Duration = Duration::from_secs(6);

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
pub(super) fn open(state: &mut State) {
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

pub(super) fn new(state: &mut State) {
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
pub(super) fn unset(state: &mut State) {
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
fn stage(state: &mut State, place: &Place, slot: Slot, wish: Wish, is_sensitive: bool) {
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
fn tidy(state: &mut State) {
    let staged = &mut state.panes.variables.staged;
    staged.retain(|_, staging: &mut Staging| !staging.is_empty());
    state.room_is_old = true;
}

/// Takes the wish about the selected row back; where that has none, all of them, if the key is
/// pressed once more.
pub(super) fn drop_staged(state: &mut State) {
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

/// Opens the list of environments to compare with.
pub(super) fn compare(state: &mut State) {
    attempt(state, |state| {
        let own = place(state)?.env;
        let mut all = candidates(state);
        all.retain(|candidate| candidate.env != own);
        if all.is_empty() {
            return Err("there is no other environment to compare with".to_owned());
        }
        let here = variables::title(state, &own);
        let app = here
            .as_str()
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        // Those of the same app first: mostly one of them is meant.
        all.sort_by_key(|candidate| {
            let is_same = candidate.title.as_str().split('/').next() == Some(app.as_str());
            (!is_same, candidate.title.clone(), candidate.context.clone())
        });
        show(state, Dialog::Choose(Choose::new(all)));
        Ok(())
    });
}

/// Every environment whose variables can be read.
fn candidates(state: &State) -> Vec<Candidate> {
    let contexts = state.contexts.iter().filter(|context| {
        context.bad_credential.is_none() && !context.lacks(Capability::ListVariables)
    });
    let all = contexts.flat_map(|context| {
        let fleet = state.inventory.fleet(context.id).into_iter();
        let envs = fleet.flat_map(|fleet| fleet.environments.values());
        envs.map(|env| {
            let env = crate::model::Scoped::new(context.id, env.id.clone());
            Candidate {
                title: variables::title(state, &env),
                context: context.name.clone(),
                env,
            }
        })
    });
    all.collect()
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
