//! Every operation as one table: its name, what it acts on and which inputs it takes.
//!
//! The action menu, the forms, the palette, `flightdeck do` and the audit are all made from these
//! rows, so an operation that has a row is everywhere. A row knows nothing of screens or arguments:
//! it says what is asked for, and makes the operation from the answers.

mod creation;
mod field;
mod inputs;
mod inverse;
mod rows;

pub use field::{Field, FieldKind, Need, Pick};
pub use inputs::{Chosen, Inputs, Value};
pub use inverse::{CHANGE_VARIABLES, inputs_of, name_of, recipe_of, secrets_of, written_of};
pub use rows::RECIPES;

use super::{Capability, OperationKind, Special};

/// What an operation acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// What the platform deploys: an environment, or where it deploys whole apps the app.
    Release,
    /// An environment.
    Environment,
    /// An app.
    App,
    /// A whole context.
    Context,
}

/// Which operations stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Releases.
    Release,
    /// What runs.
    Run,
    /// Backups.
    Backups,
    /// Variables.
    Variables,
    /// Domains.
    Domains,
    /// Services.
    Services,
    /// Scheduled jobs and maintenance.
    Jobs,
    /// Apps, environments and organisations themselves.
    Life,
    /// What only one platform has.
    Own,
}

impl Group {
    /// Every group, in the order of menus.
    pub const ALL: [Self; 9] = [
        Self::Release,
        Self::Run,
        Self::Backups,
        Self::Variables,
        Self::Domains,
        Self::Services,
        Self::Jobs,
        Self::Life,
        Self::Own,
    ];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Release => "Release",
            Self::Run => "Run",
            Self::Backups => "Backups",
            Self::Variables => "Variables",
            Self::Domains => "Domains",
            Self::Services => "Services",
            Self::Jobs => "Jobs and maintenance",
            Self::Life => "Apps and environments",
            Self::Own => "This platform only",
        }
    }
}

/// An input that does not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputProblem {
    /// Of which field.
    pub field: &'static str,
    /// What is wrong with it, in words that follow the field's name: "is missing".
    pub problem: String,
}

impl std::fmt::Display for InputProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}

/// One operation that flightdeck knows.
#[derive(Debug)]
pub struct Recipe {
    /// Its name on the command line and in the audit: `set-var`. Never changes.
    pub name: &'static str,
    /// What a platform must offer for it, whatever its inputs are.
    pub capability: Capability,
    /// Where it stands in menus.
    pub group: Group,
    /// Its letter in the action menu. No two have the same.
    pub letter: char,
    /// What it acts on.
    pub on: On,
    /// A sentence without a full stop.
    pub about: &'static str,
    /// What is asked for, in order.
    pub fields: &'static [Field],
    /// Makes the operation. Fields that were not answered are absent.
    pub build: fn(&Inputs) -> Result<OperationKind, InputProblem>,
}

/// Every operation of a platform: those that all have, then `specials`, which only it has.
pub fn recipes_for(specials: &[&'static Special]) -> impl Iterator<Item = &'static Recipe> {
    let own = specials.iter().map(|special| &special.recipe);
    RECIPES.iter().chain(own)
}

impl Recipe {
    /// The row of that name, among those that every platform may have.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::named_for(name, &[])
    }

    /// The row of that name on a platform that alone has `specials`.
    #[must_use]
    pub fn named_for(name: &str, specials: &[&'static Special]) -> Option<&'static Self> {
        recipes_for(specials).find(|recipe| recipe.name == name)
    }

    /// The first row that needs `capability`.
    #[must_use]
    pub fn of(capability: Capability) -> Option<&'static Self> {
        RECIPES
            .iter()
            .find(|recipe| recipe.capability == capability)
    }

    /// One of its fields.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that a person answers, in order.
    pub fn asked(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.need != Need::Given)
    }

    /// Whether it can be done without asking anything.
    #[must_use]
    pub fn needs_nothing(&self) -> bool {
        self.asked().all(|field| field.need == Need::Optional)
    }
}

impl PartialEq for Recipe {
    /// Rows are told by their names.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Recipe {}

#[cfg(test)]
mod tests;
