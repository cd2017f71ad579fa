//! Whether the record of an app shows settings that were sent.

use serde_json::{Map, Value};

use super::super::decode::{Record, fold};

/// Under these a record may keep its configuration.
const PLACES: &[&str] = &["configuration", "config", "settings"];

/// Whether all of them are there as they were sent. Nothing is shown where nothing was sent.
pub(super) fn all(record: &Record, wished: &Map<String, Value>) -> bool {
    !wished.is_empty() && wished.iter().all(|(name, value)| has(record, name, value))
}

fn has(record: &Record, name: &str, wished: &Value) -> bool {
    let name = fold(name);
    let inside = PLACES.iter().filter_map(|place| {
        let mut fields = record.value(place)?.as_object()?.iter();
        Some(fields.find(|(it, _)| fold(it) == name)?.1)
    });
    let mut shown = record.value(&name).into_iter().chain(inside);
    shown.any(|value| value == wished)
}
