//! One request as the handlers see it, and what they make of it.

use serde_json::{Map, Value};

use super::{
    errors::{self, Refusal},
    project::{Organisation, Project},
    shape::Shape,
    world::World,
};
use crate::sim::clock::Moment;

/// A request whose body is as it has to be.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    pub(super) now: Moment,
    pub(super) body: &'a Map<String, Value>,
    pub(super) shape: &'a Shape,
}

/// What a handler returns.
pub(super) type Outcome = Result<Done, Refusal>;

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Done {
    Organisation(Organisation),
    Project(Project),
    /// The project as it was.
    Deleted(Project),
    Page(Page),
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) projects: Vec<Project>,
    /// How many there are on all pages.
    pub(super) total: usize,
    pub(super) offset: usize,
}

impl Call<'_> {
    /// A text of the body; empty if it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// A number of the body.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let number = self.body.get(name).and_then(Value::as_u64)?;
        usize::try_from(number).ok()
    }

    /// Refuses where another organisation is meant than the one that is here.
    pub(super) fn expect_organisation(&self, field: &str) -> Result<(), Refusal> {
        let is_here = self.text(field) == self.world.organisation.id;
        is_here.then_some(()).ok_or(errors::NOT_FOUND)
    }

    /// The project that is meant.
    pub(super) fn project(&self) -> Result<usize, Refusal> {
        self.world.find(self.text("id")).ok_or(errors::NOT_FOUND)
    }
}
