//! All variables as a file for the user's editor, and what is wished after it was edited.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::staging::{Edit, Found, Slot, Staging, Wish};
use crate::model::{Secret, Text, Variable, dotenv};

/// The file: what is wished where something is, else what is.
pub(in crate::app) fn written(title: &Text, list: &[Variable], staging: &Staging) -> Secret {
    let mut text = format!(
        "# The variables of {title}.\n\
         # What differs when you leave the editor is staged; nothing is sent before A.\n\
         # A line that is taken out unsets its variable.\n\n"
    );
    let active: Vec<_> = slots(list, staging)
        .into_iter()
        .filter_map(|slot| Some((slot.name.to_string(), given(&slot, list, staging)?)))
        .collect();
    text.push_str(dotenv::write(&active).expose());
    push_notes(&mut text, list, staging);
    Secret::new(text)
}

fn push_notes(text: &mut String, list: &[Variable], staging: &Staging) {
    let is_hidden = |v: &&Variable| !v.is_read_only && v.value.is_none();
    let hidden = list.iter().filter(is_hidden).map(Slot::of);
    let hidden = hidden.filter(|slot| fits(slot, list) && given(slot, list, staging).is_none());
    let hidden = hidden.map(|slot| format!("# {}=", slot.name));
    let why = "Hidden by the platform. Take the # away and write a value to set one.";
    push_note(text, why, hidden);
    let other = list.iter().filter(|v| !v.is_read_only).map(Slot::of);
    let other = other.filter(|slot| !fits(slot, list));
    let other = other.map(|slot| format!("# {}", slot.name));
    push_note(text, "These can be changed in the table only.", other);
    let fixed = list.iter().filter(|v| v.is_read_only);
    let fixed = fixed.map(|variable| format!("# {}", variable.name));
    push_note(text, "Set by the platform.", fixed);
}

fn push_note(text: &mut String, why: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<_> = lines.collect();
    if !lines.is_empty() {
        let _written = writeln!(text, "\n# {why}\n{}", lines.join("\n"));
    }
}

/// What differs between the file and the platform is wished; what was wished and does not any
/// more, is not.
pub(in crate::app) fn read(
    values: Vec<(String, Secret)>,
    list: &[Variable],
    staging: &Staging,
) -> Staging {
    let mut wished = staging.clone();
    let before = slots(list, staging);
    let named: HashSet<_> = values.iter().map(|(name, _)| name.clone()).collect();
    for slot in before
        .iter()
        .filter(|slot| !named.contains(slot.name.as_str()))
    {
        // What was no line of the file is not missed.
        if given(slot, list, staging).is_some() {
            taken_out(slot, list, &mut wished);
        }
    }
    for (name, value) in values {
        let name = Text::clean(&name);
        let known = before.iter().find(|slot| slot.name == name);
        let slot = known.cloned().unwrap_or(Slot { name, scope: None });
        wished.put(edit(slot, Wish::Set(value), list, staging));
    }
    wished
}

fn taken_out(slot: &Slot, list: &[Variable], wished: &mut Staging) {
    match Found::in_list(slot, list) {
        // A value that was hidden was in the file because somebody wished one.
        Found::Absent | Found::Hidden(_) => {
            wished.drop(slot);
        }
        Found::Value(_) => wished.put(edit(slot.clone(), Wish::Unset, list, wished)),
    }
}

fn edit(slot: Slot, wish: Wish, list: &[Variable], staging: &Staging) -> Edit {
    Edit {
        was: Found::in_list(&slot, list),
        is_sensitive: staging.get(&slot).is_some_and(|edit| edit.is_sensitive),
        slot,
        wish,
    }
}

/// The value that is written for a variable; absent where there is none to write.
fn given(slot: &Slot, list: &[Variable], staging: &Staging) -> Option<Secret> {
    match staging.get(slot).map(|edit| &edit.wish) {
        Some(Wish::Set(value)) => Some(value.clone()),
        Some(Wish::Unset) => None,
        None => slot.find(list)?.value.clone(),
    }
}

/// What can be edited and stand in such a file: what is, then what is only wished.
fn slots(list: &[Variable], staging: &Staging) -> Vec<Slot> {
    let known = list.iter().filter(|v| !v.is_read_only).map(Slot::of);
    let wished = staging.edits().iter().map(|edit| edit.slot.clone());
    let wished = wished.filter(|slot| slot.find(list).is_none());
    let all = known.chain(wished);
    all.filter(|slot| fits(slot, list)).collect()
}

/// A name that such a file cannot have, or that means several variables, stays out of it.
fn fits(slot: &Slot, list: &[Variable]) -> bool {
    let same = list
        .iter()
        .filter(|v| !v.is_read_only && v.name == slot.name);
    dotenv::is_name(slot.name.as_str()) && same.count() <= 1
}
