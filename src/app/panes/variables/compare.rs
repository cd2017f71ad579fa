//! Two environments side by side, without a value of the other one.

use crate::app::inventory::{Prints, Vault};
use crate::model::{EnvId, Scoped, Text, Variable};

/// What is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The other environment.
    pub with: Scoped<EnvId>,
    /// Its name.
    pub title: Text,
}

/// What a name means on both sides; in the order in which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// Both have it, with different values.
    Different,
    /// The other environment has none of this name.
    OnlyHere,
    /// This environment has none of this name.
    OnlyThere,
    /// Both have it, and a platform hides one of the values.
    Unknown,
    /// Both have it, with the same value.
    Same,
}

impl Likeness {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [
        Self::Different,
        Self::OnlyHere,
        Self::OnlyThere,
        Self::Unknown,
        Self::Same,
    ];

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::OnlyHere => "only here",
            Self::OnlyThere => "only there",
            Self::Unknown => "unknown",
            Self::Same => "same",
        }
    }

    /// Of a variable here with one of its name there.
    #[must_use]
    pub(super) fn of(vault: &Vault, here: &Variable, there: &Prints) -> Self {
        let there = there.get(&here.name);
        let here = here.value.as_ref().map(|value| vault.print(value));
        match (here, there) {
            (_, None) => Self::OnlyHere,
            (None, Some(_)) | (Some(_), Some(None)) => Self::Unknown,
            (Some(here), Some(Some(there))) if here == *there => Self::Same,
            (Some(_), Some(Some(_))) => Self::Different,
        }
    }
}
