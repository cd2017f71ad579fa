//! One request as the handlers see it: what the path names, parameters, body, and the world.

use serde_json::{Map, Value};

pub(super) use super::wire::View;
use super::{
    errors::Refusal,
    id::{self, Kind},
    world::World,
};
use crate::sim::clock::Moment;
pub(super) use crate::sim::query::Query;

/// A request that a handler answers.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    pub(super) view: View,
    pub(super) path: &'a str,
    /// What the placeholders in the path stand for, in their order.
    pub(super) given: Vec<&'a str>,
    pub(super) query: Query,
    /// The body of a request that has one.
    pub(super) body: Option<Map<String, Value>>,
}

impl Call<'_> {
    /// The present.
    pub(super) fn now(&self) -> Moment {
        self.view.now
    }

    /// What a placeholder stands for.
    pub(super) fn given(&self, place: usize) -> &str {
        self.given.get(place).copied().unwrap_or_default()
    }

    /// The app that the path names first.
    pub(super) fn app(&self) -> Result<usize, Refusal> {
        self.world.find_app(self.given(0))
    }

    /// The deployment of an app that the path names.
    pub(super) fn deployment(&self, app: usize, place: usize) -> Result<usize, Refusal> {
        self.world.find_deployment(app, self.given(place))
    }

    /// The ordinal an identifier in the path carries.
    pub(super) fn ordinal(
        &self,
        kind: Kind,
        parent: usize,
        place: usize,
    ) -> Result<usize, Refusal> {
        let text = self.given(place);
        if !id::is_uuid(text) {
            return Err(Refusal::invalid_uuid());
        }
        id::ordinal(self.world.seed, kind, parent, text).ok_or_else(Refusal::missing)
    }

    /// The body, which must be there.
    pub(super) fn body(&self) -> Result<&Map<String, Value>, Refusal> {
        self.body
            .as_ref()
            .ok_or_else(|| Refusal::bad("request body is required"))
    }

    /// A flag of the body; absent and `null` mean no.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        let value = self.body.as_ref().and_then(|body| body.get(name));
        match value {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(Refusal::bad(format!("{name} must be a boolean"))),
        }
    }

    /// A text of the body, which must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.body()?.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::bad(format!("{name} is required")))
    }
}
