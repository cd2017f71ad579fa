//! Which rows the view has: what the platform knows, what is wished, what only the other side has.

use std::collections::HashSet;

use super::compare::Likeness;
use super::staging::{Slot, Staging};
use crate::app::inventory::{Prints, Vault};
use crate::model::{EnvId, Scoped, Variable};

/// What a row is about; survives every refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowId {
    /// Of which variable.
    pub slot: Slot,
    /// Whether it is the one that cannot be edited.
    pub is_read_only: bool,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is about.
    pub id: RowId,
    /// Its place in the platform's list; absent for what is only wished or only there.
    pub variable: Option<usize>,
    /// Whether a change of it is staged.
    pub is_staged: bool,
    /// How it compares, where it is compared.
    pub likeness: Option<Likeness>,
}

impl Row {
    /// Whether each of the words, in small letters, is in its name.
    pub(super) fn fits(&self, words: &str) -> bool {
        let name = self.id.slot.name.as_str().to_lowercase();
        words.split_whitespace().all(|word| name.contains(word))
    }
}

/// The rows of an environment: by name; where it is compared, what differs first.
pub(super) fn rows(vault: &Vault, env: &Scoped<EnvId>, staging: Option<&Staging>) -> Vec<Row> {
    let list = vault.list(env);
    let prints = vault.prints();
    let mut rows: Vec<_> = (0..).zip(list).map(|(at, v)| own(at, v, staging)).collect();
    for (row, variable) in rows.iter_mut().zip(list) {
        row.likeness = prints.map(|prints| Likeness::of(vault, variable, prints));
    }
    rows.extend(only_there(list, prints, staging));
    rows.extend(only_wished(list, prints, staging));
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    rows
}

fn key(row: &Row) -> (Option<Likeness>, String, &Slot, bool) {
    let slot = &row.id.slot;
    let name = slot.name.as_str().to_lowercase();
    (row.likeness, name, slot, row.id.is_read_only)
}

fn own(at: usize, variable: &Variable, staging: Option<&Staging>) -> Row {
    let (slot, is_read_only) = (Slot::of(variable), variable.is_read_only);
    let is_staged = !is_read_only && staging.is_some_and(|own| own.get(&slot).is_some());
    Row {
        id: RowId { slot, is_read_only },
        variable: Some(at),
        is_staged,
        likeness: None,
    }
}

fn bare(slot: Slot) -> Row {
    let is_read_only = false;
    Row {
        id: RowId { slot, is_read_only },
        variable: None,
        is_staged: false,
        likeness: None,
    }
}

fn only_there<'a>(
    list: &'a [Variable],
    prints: Option<&'a Prints>,
    staging: Option<&'a Staging>,
) -> impl Iterator<Item = Row> + 'a {
    let here: HashSet<_> = list.iter().map(|variable| &variable.name).collect();
    let names = prints.into_iter().flat_map(|prints| prints.keys());
    let names = names.filter(move |name| !here.contains(name));
    let slots = names.map(|name| Slot {
        name: name.clone(),
        scope: None,
    });
    slots.map(move |slot| Row {
        likeness: Some(Likeness::OnlyThere),
        is_staged: staging.is_some_and(|own| own.get(&slot).is_some()),
        ..bare(slot)
    })
}

/// What is only wished; where the other side has it, it has a row already.
fn only_wished<'a>(
    list: &'a [Variable],
    prints: Option<&'a Prints>,
    staging: Option<&'a Staging>,
) -> impl Iterator<Item = Row> + 'a {
    let edits = staging.into_iter().flat_map(Staging::edits);
    let is_there = move |slot: &Slot| {
        let has = prints.is_some_and(|prints| prints.contains_key(&slot.name));
        has && slot.scope.is_none() && list.iter().all(|variable| variable.name != slot.name)
    };
    let new = edits.filter(move |edit| edit.slot.find(list).is_none() && !is_there(&edit.slot));
    new.map(|edit| Row {
        is_staged: true,
        ..bare(edit.slot.clone())
    })
}
