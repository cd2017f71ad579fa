//! What only one platform knows: labelled values, in the adapter's order.

use std::time::Duration;

use jiff::Timestamp;

use super::Text;

/// One labelled fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The label, in the platform's words.
    pub label: &'static str,
    /// The value.
    pub value: DetailValue,
}

impl Detail {
    /// Pairs a label with a value.
    #[must_use]
    pub fn new(label: &'static str, value: DetailValue) -> Self {
        Self { label, value }
    }
}

/// A value and how it is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum DetailValue {
    /// As it is.
    Text(Text),
    /// A number of things.
    Count(i64),
    /// A size in bytes.
    Bytes(u64),
    /// A length of time.
    Duration(Duration),
    /// A moment, UTC.
    Time(Timestamp),
    /// An address, openable.
    Url(Text),
    /// Yes or no.
    Flag(bool),
}
