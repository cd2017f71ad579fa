//! One request as the handlers see it: what the path names, what else it says, and the world.

use serde_json::{Map, Value};

use super::{errors::Refusal, wire::View, world::World};
use crate::sim::{clock::Moment, query::Query};

/// A request that a handler answers.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    pub(super) view: View,
    /// What the placeholders in the path stand for, in their order.
    pub(super) given: Vec<String>,
    pub(super) query: Query,
    /// The body; empty if there is none.
    pub(super) body: Map<String, Value>,
}

impl Call<'_> {
    /// The present.
    pub(super) fn now(&self) -> Moment {
        self.view.now
    }

    /// What the first placeholder stands for.
    pub(super) fn given(&self) -> &str {
        self.given.first().map_or("", String::as_str)
    }

    /// The place of the app that the path names.
    pub(super) fn place(&self) -> Result<usize, Refusal> {
        let found = self.world.find_app(self.given(), self.now());
        found.ok_or_else(Refusal::no_app)
    }

    /// A text of the body that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let text = self.body.get(name)?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    }
}
