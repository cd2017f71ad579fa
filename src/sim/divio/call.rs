//! One request as the handlers see it: parameters, body, the world, and how to write times.

use serde_json::{Map, Value};

use super::{
    errors::Refusal,
    form::Form,
    key::{Key, Kind},
    world::World,
};
pub(super) use crate::sim::query::Query;
use crate::sim::{clock::Moment, effects::Tweaks};

/// How entities are written for one answer.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) now: Moment,
    /// Scheme and host the client used, for absolute links.
    pub(super) origin: String,
    pub(super) tweaks: Tweaks,
}

impl View {
    /// A time in the answer.
    pub(super) fn time(&self, moment: Moment) -> String {
        self.shifted(moment).iso()
    }

    /// A time that may be absent.
    pub(super) fn maybe(&self, moment: Option<Moment>) -> Value {
        moment.map_or(Value::Null, |moment| Value::String(self.time(moment)))
    }

    /// A moment moved by the clock skew of this answer.
    pub(super) fn shifted(&self, moment: Moment) -> Moment {
        self.tweaks.shifted(moment)
    }

    /// A word for a state, unless a fault replaces all of them.
    pub(super) fn word(&self, usual: &str) -> String {
        self.tweaks.word(usual)
    }
}

/// A request that a handler answers.
pub(super) struct Call<'a> {
    pub(super) world: &'a mut World,
    pub(super) view: View,
    pub(super) path: &'a str,
    /// What the placeholder in the path stands for; empty if there is none.
    pub(super) subject: &'a str,
    pub(super) query: Query,
    pub(super) body: Map<String, Value>,
}

impl Call<'_> {
    /// The present.
    pub(super) fn now(&self) -> Moment {
        self.view.now
    }

    /// The object the path names.
    pub(super) fn subject(&self, kind: Kind) -> Result<Key, Refusal> {
        self.world.find(self.subject, kind)
    }

    /// The objects a filter names; `None` if the filter is not given. Names of nothing are left
    /// out, so that a filter for what is gone matches nothing.
    pub(super) fn filter(&self, name: &str, kind: Kind) -> Option<Vec<Key>> {
        let mut given = self.query.all(name).peekable();
        given.peek()?;
        Some(
            given
                .filter_map(|text| self.world.find(text, kind).ok())
                .collect(),
        )
    }

    /// Whether an object passes a filter.
    pub(super) fn passes(filter: Option<&Vec<Key>>, key: Key) -> bool {
        filter.is_none_or(|keys| keys.contains(&key))
    }

    /// Starts to check the body.
    pub(super) fn form(&self) -> Form<'_> {
        Form::new(&self.body, self.world, false)
    }

    /// Starts to check the body of a partial update: nothing is required.
    pub(super) fn partial_form(&self) -> Form<'_> {
        Form::new(&self.body, self.world, true)
    }
}
