//! Building the ordered facts that only one platform knows.

use std::time::Duration;

use jiff::Timestamp;

use super::loose::Loose;
use crate::model::{Detail, DetailValue, Text};

/// A list of facts; what is absent is left out.
#[derive(Default)]
pub(super) struct Details(Vec<Detail>);

impl Details {
    fn push(mut self, label: &'static str, value: Option<DetailValue>) -> Self {
        self.0.extend(value.map(|value| Detail::new(label, value)));
        self
    }

    pub(super) fn text(self, label: &'static str, value: Option<Text>) -> Self {
        self.push(label, value.map(DetailValue::Text))
    }

    pub(super) fn word(self, label: &'static str, value: &Loose<String>) -> Self {
        self.text(label, text(value))
    }

    pub(super) fn url(self, label: &'static str, value: Option<Text>) -> Self {
        self.push(label, value.map(DetailValue::Url))
    }

    pub(super) fn count(self, label: &'static str, value: Option<i64>) -> Self {
        self.push(label, value.map(DetailValue::Count))
    }

    pub(super) fn time(self, label: &'static str, value: &Loose<Timestamp>) -> Self {
        self.push(label, value.map(DetailValue::Time))
    }

    pub(super) fn bytes(self, label: &'static str, value: Option<u64>) -> Self {
        self.push(label, value.map(DetailValue::Bytes))
    }

    pub(super) fn duration(self, label: &'static str, value: &Loose<Duration>) -> Self {
        self.push(label, value.map(DetailValue::Duration))
    }

    pub(super) fn flag(self, label: &'static str, value: &Loose<bool>) -> Self {
        self.push(label, value.map(DetailValue::Flag))
    }

    /// Only when it is so: for what is remarkable.
    pub(super) fn when(self, label: &'static str, value: &Loose<bool>) -> Self {
        let value = value.filter(|value| *value);
        self.push(label, value.map(DetailValue::Flag))
    }

    pub(super) fn done(self) -> Vec<Detail> {
        self.0
    }
}

/// A field as text; absent when there is nothing in it.
pub(super) fn text(value: &Loose<String>) -> Option<Text> {
    value.as_deref().and_then(Text::non_empty)
}

/// A number of things, where there are any.
pub(super) fn some(count: usize) -> Option<i64> {
    i64::try_from(count).ok().filter(|count| *count > 0)
}
