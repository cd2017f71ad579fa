//! DNS records that are to be created, as the platform has them. Source: PandaStack contract,
//! section 3.8.

use serde_json::{Map, Value};

use super::rest;
use super::scalar;
use crate::model::Text;

/// The parts of a record in the order in which people write them, under their names.
const PARTS: &[&[&str]] = &[
    &["type", "recordtype"],
    &["name", "host", "hostname"],
    &["value", "target", "content", "data"],
];

/// A line for each record of a list, of a single object or of a text.
pub(super) fn lines(value: &Value) -> Vec<Text> {
    match value {
        Value::Array(items) => items.iter().flat_map(lines).collect(),
        Value::Object(fields) => of_object(fields),
        Value::String(text) => Text::non_empty(text).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// A record; where it has none of the parts of one, those that it holds: `{"cname": {…}}`.
fn of_object(fields: &Map<String, Value>) -> Vec<Text> {
    let parts = PARTS.iter().map(|names| {
        let mut names = names.iter();
        names.find_map(|name| scalar::text(scalar::field(fields, name)?))
    });
    let parts: Vec<_> = parts.flatten().collect();
    if parts.is_empty() {
        let inner = fields.values().filter(|it| it.is_object() || it.is_array());
        return inner.flat_map(lines).collect();
    }
    let words = parts.iter().map(Text::to_string).chain(others(fields));
    let line = words.collect::<Vec<_>>().join(" ");
    Text::non_empty(&line).into_iter().collect()
}

/// What else a record says: `ttl=300`.
fn others(fields: &Map<String, Value>) -> impl Iterator<Item = String> {
    fields.iter().filter_map(|(name, value)| {
        let folded = scalar::fold(name);
        let is_part = PARTS.iter().any(|names| names.contains(&folded.as_str()));
        let value = rest::shown(&folded, value).filter(|_| !is_part && !value.is_object())?;
        Some(format!("{name}={value}"))
    })
}
