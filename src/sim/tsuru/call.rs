//! One request as the handlers see it: what the path names, what else it says, and the world.

use axum::{body::Bytes, http::HeaderMap};

pub(super) use super::wire::View;
use super::{errors::Refusal, input::Input, world::World};
use crate::sim::clock::Moment;

/// A request that a handler answers.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    pub(super) view: View,
    /// What the placeholders in the path stand for, in their order.
    pub(super) given: Vec<String>,
    pub(super) input: Input,
    pub(super) headers: &'a HeaderMap,
    /// The body as it came, for what is neither a form nor JSON.
    pub(super) body: &'a Bytes,
}

impl Call<'_> {
    /// The present.
    pub(super) fn now(&self) -> Moment {
        self.view.now
    }

    /// What a placeholder stands for.
    pub(super) fn given(&self, place: usize) -> &str {
        self.given.get(place).map_or("", String::as_str)
    }

    /// The app that the path names first, to be read.
    pub(super) fn app(&self) -> Result<usize, Refusal> {
        let name = self.given(0);
        self.world
            .find_app(name)
            .ok_or_else(|| Refusal::no_app(name))
    }

    /// The app that the path names first, to be changed.
    pub(super) fn own_app(&self) -> Result<usize, Refusal> {
        let app = self.app()?;
        self.world.may_change(app)?;
        Ok(app)
    }
}
