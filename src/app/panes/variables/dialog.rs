//! What stands over the view and takes the keys.

use tui_input::Input;

use super::field::Field;
use super::review::Review;
use super::staging::{Found, Slot};
use crate::model::dotenv::DotenvProblem;
use crate::model::{Class, EnvId, Scoped, Secret, Text};

/// The environment that a dialog is about, which may not be the selected one by now.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The environment.
    pub env: Scoped<EnvId>,
    /// `app/environment`.
    pub title: Text,
    /// How much it matters.
    pub class: Option<Class>,
}

/// A dialog of the view.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Another value for a variable.
    Value(ValueDialog),
    /// A new variable.
    New(NewDialog),
    /// What would be applied.
    Review(Review),
    /// The environment to compare with.
    Choose(Choose),
    /// An edited file that is not understood.
    Mend(Mend),
}

/// Another value.
#[derive(Clone, Debug)]
pub struct ValueDialog {
    /// Where.
    pub place: Place,
    /// Of which variable.
    pub slot: Slot,
    /// How it is.
    pub was: Found,
    /// Whether the platform hides it.
    pub is_sensitive: bool,
    /// What is typed.
    pub field: Field,
}

/// The fields of a new variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewField {
    /// Its name.
    #[default]
    Name,
    /// Its value.
    Value,
    /// Whether the platform is to hide it.
    Sensitive,
}

impl NewField {
    /// The next one, or the one before.
    #[must_use]
    pub fn step(self, forward: bool) -> Self {
        match (self, forward) {
            (Self::Name, true) | (Self::Sensitive, false) => Self::Value,
            (Self::Value, true) | (Self::Name, false) => Self::Sensitive,
            (Self::Sensitive, true) | (Self::Value, false) => Self::Name,
        }
    }
}

/// A new variable.
#[derive(Clone, Debug)]
pub struct NewDialog {
    /// Where.
    pub place: Place,
    /// Its name.
    pub name: Input,
    /// Its value.
    pub value: Field,
    /// Whether the platform is to hide it.
    pub is_sensitive: bool,
    /// The field that is typed into.
    pub at: NewField,
    /// What is wrong with it.
    pub problem: Option<&'static str>,
}

/// An environment to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The environment.
    pub env: Scoped<EnvId>,
    /// `app/environment`.
    pub title: Text,
    /// The name of its context.
    pub context: Text,
}

/// A list of environments, searchable.
#[derive(Clone, Debug, Default)]
pub struct Choose {
    /// What is searched for.
    pub search: Input,
    /// Every environment.
    pub all: Vec<Candidate>,
    /// Those that fit, by number.
    pub shown: Vec<usize>,
    /// The selected one among them.
    pub selected: usize,
}

impl Choose {
    /// A list of all of them.
    #[must_use]
    pub(in crate::app) fn new(all: Vec<Candidate>) -> Self {
        let shown = (0..all.len()).collect();
        Self {
            all,
            shown,
            ..Self::default()
        }
    }

    /// Searches anew.
    pub(in crate::app) fn search_again(&mut self) {
        let words: Vec<_> = self
            .search
            .value()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let fits = |(at, candidate): (usize, &Candidate)| {
            let text = format!("{} {}", candidate.title, candidate.context).to_lowercase();
            let fits = words.iter().all(|word| text.contains(word.as_str()));
            fits.then_some(at)
        };
        self.shown = self.all.iter().enumerate().filter_map(fits).collect();
        self.selected = 0;
    }

    /// Moves the selection.
    pub(in crate::app) fn step(&mut self, delta: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }

    /// The selected environment.
    #[must_use]
    pub fn chosen(&self) -> Option<&Candidate> {
        self.all.get(*self.shown.get(self.selected)?)
    }
}

/// An edited file that is not understood. Its text is kept, to be edited again.
#[derive(Clone, Debug)]
pub struct Mend {
    /// Where and why.
    pub problem: DotenvProblem,
    /// The text.
    pub text: Secret,
}
