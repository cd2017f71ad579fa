//! Keys in the dialogs of the view.

use tui_input::InputRequest;

use super::stage::stage;
use super::{apply, editor, filter, leaves, name_of, say, show};
use crate::app::keys::{Key, KeyPress};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::panes::variables::{
    Choice, Choose, Comparison, Dialog, Field, Mend, NewDialog, NewField, Review, Slot,
    ValueDialog, Wish, take_up,
};
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::app::update::input::edit;
use crate::model::{Text, dotenv};

const SHOW: KeyPress = KeyPress {
    key: Key::Char('t'),
    ctrl: true,
    alt: false,
};

/// A key while a dialog of the view is open.
pub(in crate::app::update) fn key(
    state: &mut State,
    dialog: Dialog,
    press: KeyPress,
    outcome: &mut Outcome,
) {
    if leaves(press) {
        return left(state, &dialog);
    }
    match dialog {
        Dialog::Value(dialog) => in_value(state, dialog, press),
        Dialog::New(dialog) => in_new(state, dialog, press),
        Dialog::Review(review) => in_review(state, review, press, outcome),
        Dialog::Choose(choose) => in_choose(state, choose, press),
        Dialog::Mend(mend) => in_mend(state, mend, press, outcome),
    }
}

fn left(state: &mut State, dialog: &Dialog) {
    if let Dialog::Mend(_) = dialog {
        state.panes.variables.editing = None;
        say(
            state,
            Tone::Info,
            "the edited text is dropped; nothing is staged by it",
        );
    }
}

fn type_into(field: &mut Field, press: KeyPress) {
    if press == SHOW {
        field.is_shown = !field.is_shown;
    } else if let Some(request) = edit(press) {
        field.handle(request);
    }
}

fn in_value(state: &mut State, mut dialog: ValueDialog, press: KeyPress) {
    if press.key != Key::Enter {
        type_into(&mut dialog.field, press);
        return show(state, Dialog::Value(dialog));
    }
    if !dialog.field.is_touched {
        let text = format!("{}: nothing was typed, it stays as it is", dialog.slot.name);
        return say(state, Tone::Info, text);
    }
    let wish = Wish::Set(dialog.field.value());
    stage(state, &dialog.place, dialog.slot, wish, dialog.is_sensitive);
}

fn in_new(state: &mut State, mut dialog: NewDialog, press: KeyPress) {
    if press.key == Key::Enter {
        match ready(state, &dialog) {
            Ok(slot) => {
                let wish = Wish::Set(dialog.value.value());
                return stage(state, &dialog.place, slot, wish, dialog.is_sensitive);
            }
            Err(problem) => {
                dialog.problem = Some(problem);
                dialog.at = NewField::Name;
            }
        }
    } else if matches!(press.key, Key::Tab | Key::Down) {
        dialog.at = dialog.at.step(true);
    } else if matches!(press.key, Key::BackTab | Key::Up) {
        dialog.at = dialog.at.step(false);
    } else {
        type_new(&mut dialog, press);
    }
    show(state, Dialog::New(dialog));
}

fn type_new(dialog: &mut NewDialog, press: KeyPress) {
    match dialog.at {
        NewField::Name => {
            if let Some(request) = edit(press) {
                dialog.problem = None;
                dialog.name.handle(request);
            }
        }
        NewField::Value => type_into(&mut dialog.value, press),
        NewField::Sensitive if press == KeyPress::plain(Key::Char(' ')) => {
            dialog.is_sensitive = !dialog.is_sensitive;
        }
        NewField::Sensitive => {}
    }
}

/// The variable that is added, if its name is one and new.
fn ready(state: &State, dialog: &NewDialog) -> Result<Slot, &'static str> {
    if !dotenv::is_name(dialog.name.value()) {
        return Err("a name is a letter or _, then letters, digits, _ . -");
    }
    let slot = Slot {
        name: name_of(dialog.name.value()),
        scope: None,
    };
    if slot
        .find(state.inventory.vault.list(&dialog.place.env))
        .is_some()
    {
        return Err("it exists already; Enter on its row changes it");
    }
    Ok(slot)
}

fn in_review(state: &mut State, mut review: Review, press: KeyPress, outcome: &mut Outcome) {
    let is = |key: char| press == KeyPress::plain(Key::Char(key));
    if is('n') || is('q') {
        return;
    }
    if is('A') {
        return apply::apply(state, review, outcome);
    }
    if is('m') || is('t') {
        review.choose(if is('m') {
            Choice::Mine
        } else {
            Choice::Theirs
        });
    } else if is('j') || press.key == Key::Down {
        review.step(1);
    } else if is('k') || press.key == Key::Up {
        review.step(-1);
    }
    show(state, Dialog::Review(review));
}

fn in_choose(state: &mut State, mut choose: Choose, press: KeyPress) {
    if press.key == Key::Enter {
        return compare_with(state, &choose);
    }
    if press.key == Key::Down {
        choose.step(1);
    } else if press.key == Key::Up {
        choose.step(-1);
    } else if let Some(request) = edit(press) {
        choose.search.handle(request);
        choose.search_again();
    }
    show(state, Dialog::Choose(choose));
}

fn compare_with(state: &mut State, choose: &Choose) {
    let Some(chosen) = choose.chosen() else {
        return say(
            state,
            Tone::Info,
            "no environment fits; nothing is compared",
        );
    };
    state.inventory.vault.compare(Some(chosen.env.clone()));
    take_up(state, &chosen.env);
    state.panes.variables.comparison = Some(Comparison {
        with: chosen.env.clone(),
        title: chosen.title.clone(),
    });
    state.room_is_old = true;
}

fn in_mend(state: &mut State, mend: Mend, press: KeyPress, outcome: &mut Outcome) {
    if press == KeyPress::plain(Key::Char('e')) {
        editor::edit_again(state, mend.text, outcome);
    } else {
        show(state, Dialog::Mend(mend));
    }
}

/// Text pasted into the dialog that is open. A value is taken as it is, a name cleaned.
pub(in crate::app::update) fn paste(state: &mut State, text: &str) {
    if state.screen.overlay.is_none() && state.panes.variables.is_filtering {
        return filter::paste(state, text);
    }
    let Some(Overlay::Variables(dialog)) = &mut state.screen.overlay else {
        return;
    };
    match dialog.as_mut() {
        Dialog::Value(dialog) => dialog.field.paste(text),
        Dialog::New(dialog) if dialog.at == NewField::Value => dialog.value.paste(text),
        Dialog::New(dialog) if dialog.at == NewField::Name => {
            insert(&mut dialog.name, text);
        }
        Dialog::Choose(choose) => {
            insert(&mut choose.search, text);
            choose.search_again();
        }
        // A decision is not pasted.
        Dialog::New(_) | Dialog::Review(_) | Dialog::Mend(_) => {}
    }
}

fn insert(input: &mut tui_input::Input, text: &str) {
    for c in Text::clean(text).as_str().chars() {
        input.handle(InputRequest::InsertChar(c));
    }
}
