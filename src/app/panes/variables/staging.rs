//! Changes of variables that are wished and not yet sent.

use jiff::Timestamp;

use crate::model::{Secret, Text, Variable};

/// What names a variable that can be edited. A built-in one of the same name is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Its name.
    pub name: Text,
    /// The part of the app it applies to, where it is narrower.
    pub scope: Option<Text>,
}

impl Slot {
    /// That of a variable.
    #[must_use]
    pub fn of(variable: &Variable) -> Self {
        Self {
            name: variable.name.clone(),
            scope: variable.scope.clone(),
        }
    }

    /// The variable it names.
    #[must_use]
    pub fn find<'a>(&self, list: &'a [Variable]) -> Option<&'a Variable> {
        list.iter()
            .find(|v| !v.is_read_only && v.name == self.name && v.scope == self.scope)
    }
}

/// How a variable was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// There was none.
    Absent,
    /// It had this value.
    Value(Secret),
    /// The platform hides the value; when it was changed is all that can be compared.
    Hidden(Option<Timestamp>),
}

impl Found {
    /// How it is found in a list.
    #[must_use]
    pub fn in_list(slot: &Slot, list: &[Variable]) -> Self {
        match slot.find(list) {
            None => Self::Absent,
            Some(variable) => match &variable.value {
                Some(value) => Self::Value(value.clone()),
                None => Self::Hidden(variable.changed_at),
            },
        }
    }
}

/// What a variable shall be.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// It shall have this value.
    Set(Secret),
    /// It shall be gone.
    Unset,
}

impl Wish {
    /// Whether it is so already, as far as that can be seen.
    #[must_use]
    pub fn is_met(&self, found: &Found) -> bool {
        match (self, found) {
            (Self::Set(wished), Found::Value(value)) => wished == value,
            (Self::Unset, Found::Absent) => true,
            (Self::Set(_), Found::Absent | Found::Hidden(_))
            | (Self::Unset, Found::Value(_) | Found::Hidden(_)) => false,
        }
    }
}

/// One wished change.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Of which variable.
    pub slot: Slot,
    /// How that was when the wish was made.
    pub was: Found,
    /// What it shall be.
    pub wish: Wish,
    /// Whether a new one is to be hidden by the platform.
    pub is_sensitive: bool,
}

impl Edit {
    /// `+` for a new variable, `~` for another value, `-` for one that goes.
    #[must_use]
    pub fn mark(&self) -> char {
        match (&self.wish, &self.was) {
            (Wish::Unset, _) => '-',
            (Wish::Set(_), Found::Absent) => '+',
            (Wish::Set(_), Found::Value(_) | Found::Hidden(_)) => '~',
        }
    }
}

/// The wished changes of one environment, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Staging(Vec<Edit>);

impl Staging {
    /// The changes.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.0
    }

    /// The change of one variable.
    #[must_use]
    pub fn get(&self, slot: &Slot) -> Option<&Edit> {
        self.0.iter().find(|edit| edit.slot == *slot)
    }

    /// Adds a change, in the place of an earlier one of the same variable. One that would change
    /// nothing takes the earlier one back.
    pub fn put(&mut self, edit: Edit) {
        if edit.wish.is_met(&edit.was) {
            self.drop(&edit.slot);
        } else if let Some(earlier) = self.0.iter_mut().find(|own| own.slot == edit.slot) {
            *earlier = edit;
        } else {
            self.0.push(edit);
        }
    }

    /// Takes a change back. Says whether there was one.
    pub fn drop(&mut self, slot: &Slot) -> bool {
        let before = self.0.len();
        self.0.retain(|edit| edit.slot != *slot);
        self.0.len() != before
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
