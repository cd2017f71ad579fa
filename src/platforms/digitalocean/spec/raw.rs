//! JSON as it is written: objects and lists taken apart and put together again without reading what
//! is in them. What is not touched stays as it is, byte for byte: numbers no machine type holds,
//! escapes, the order of fields.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of an object in order: names with their quotes, and values.
pub(crate) type Fields<'a> = Vec<(&'a str, &'a str)>;

struct Object<'a>(Fields<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Walk).map(Object)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            fields.push((name.get(), value.get()));
        }
        Ok(fields)
    }
}

/// The fields of an object; absent for anything else.
pub(crate) fn object(raw: &str) -> Option<Fields<'_>> {
    let Object(fields) = serde_json::from_str(raw).ok()?;
    Some(fields)
}

/// The items of a list; absent for anything else.
pub(crate) fn list(raw: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}

/// A string, read; absent for anything else.
pub(crate) fn text(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

/// A string, written.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A field of an object. Of several the last, as readers of JSON take it; `null` is none.
pub(crate) fn field<'a>(raw: &'a str, name: &str) -> Option<&'a str> {
    let fields = object(raw)?;
    let found = fields.iter().rfind(|(key, _)| is(key, name));
    found.map(|(_, value)| *value).filter(|it| *it != "null")
}

/// A field that holds a string.
pub(crate) fn field_text(raw: &str, name: &str) -> Option<String> {
    text(field(raw, name)?)
}

/// A field that holds a whole number.
pub(crate) fn field_number(raw: &str, name: &str) -> Option<u32> {
    field(raw, name)?.parse().ok()
}

/// The items of a field that holds a list; none if there is no such field.
pub(crate) fn items<'a>(raw: &'a str, name: &str) -> Vec<&'a str> {
    field(raw, name).and_then(list).unwrap_or_default()
}

/// The object with a field that has another value, or with none of that name. A new field is the
/// last. Absent if it is no object.
pub(crate) fn put(raw: &str, name: &str, value: Option<&str>) -> Option<String> {
    let mut fields = object(raw)?;
    let last = fields.iter().rposition(|(key, _)| is(key, name));
    let new = quoted(name);
    match (last, value) {
        (None, None) => return Some(raw.to_owned()),
        (Some(at), Some(value)) if fields[at].1 == value => return Some(raw.to_owned()),
        (Some(at), Some(value)) => fields[at].1 = value,
        (None, Some(value)) => fields.push((&new, value)),
        (Some(_), None) => fields.retain(|(key, _)| !is(key, name)),
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, value)| format!("{key}:{value}"))
        .collect();
    Some(format!("{{{}}}", fields.join(",")))
}

/// The object with other items in a field that holds a list, or that is not there. Absent if it is
/// no object, or if the field holds something else.
pub(crate) fn put_items(raw: &str, name: &str, items: &[impl AsRef<str>]) -> Option<String> {
    if field(raw, name).is_some_and(|now| list(now).is_none()) {
        return None;
    }
    put(raw, name, Some(&written(items)))
}

/// A list, written.
fn written(items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    format!("[{}]", items.join(","))
}

fn is(key: &str, name: &str) -> bool {
    // Most names need no reading: between quotes stands what they are.
    key.get(1..key.len().saturating_sub(1)) == Some(name) && !name.contains('\\')
        || key.contains('\\') && text(key).as_deref() == Some(name)
}
