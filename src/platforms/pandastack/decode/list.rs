//! The records of a list, wherever they stand. Source: PandaStack contract, section 6.2.

use serde_json::{Map, Value};

use super::names::has_id;
use super::record::Record;
use super::scalar::{self, field};

/// Under these a list may stand, in this order.
const LISTS: &[&str] = &[
    "items",
    "apps",
    "managedapps",
    "applications",
    "deployments",
    "rows",
    "results",
    "records",
    "docs",
    "list",
    "data",
];

/// What stands beside records and is none.
const ABOUT: &[&str] = &["pagination", "meta", "links", "filters", "query"];

/// Where the number of all records may stand, beside or one level down.
const TOTALS: &[&str] = &["total", "count", "totalcount"];
const TOTALS_INSIDE: &[&str] = &["pagination", "meta"];

/// The records of a list.
#[derive(Clone, Debug, Default)]
pub(in crate::platforms::pandastack) struct Records {
    pub(in crate::platforms::pandastack) items: Vec<Record>,
    /// How many there are in all, where the answer says so.
    pub(in crate::platforms::pandastack) total: Option<u64>,
    /// How many entries were left out because they are no records.
    pub(in crate::platforms::pandastack) skipped: usize,
}

/// How many records there are, as this level says.
pub(super) fn total(level: &Value) -> Option<u64> {
    let level = level.as_object()?;
    let number = |fields: &Map<String, Value>, name: &str| scalar::whole(field(fields, name)?);
    let beside = TOTALS.iter().find_map(|name| number(level, name));
    beside.or_else(|| {
        let mut places = TOTALS_INSIDE.iter();
        places.find_map(|place| number(field(level, place)?.as_object()?, "total"))
    })
}

/// The records of what was found.
pub(super) fn records(value: &Value) -> Records {
    match value {
        Value::Array(items) => of_array(items),
        Value::Object(fields) => of_object(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Records::default(),
    }
}

fn of_array(items: &[Value]) -> Records {
    let objects = items.iter().filter_map(Value::as_object);
    let found: Vec<_> = objects.map(|it| Record::new(it.clone(), false)).collect();
    Records {
        skipped: items.len() - found.len(),
        items: found,
        total: None,
    }
}

fn of_object(fields: &Map<String, Value>) -> Records {
    let under = |name: &&str| field(fields, name);
    if let Some(items) = LISTS.iter().filter_map(under).find_map(Value::as_array)
        && !(has_id(fields) && is_part(fields, items))
    {
        return of_array(items);
    }
    if has_id(fields) {
        return Records {
            items: vec![Record::new(fields.clone(), false)],
            ..Records::default()
        };
    }
    let named = LISTS.iter().filter_map(under).find_map(Value::as_object);
    named.map_or_else(|| of_map(fields), of_map)
}

/// Whether a list is a part of the record that it stands in: the deployments of the only app.
fn is_part(fields: &Map<String, Value>, items: &[Value]) -> bool {
    let parts = ["deployments", "records"].iter();
    let mut parts = parts.filter_map(|name| field(fields, name)?.as_array());
    parts.any(|part| std::ptr::eq(part.as_slice(), items))
}

/// Records by their ids; what only tells about them is none.
fn of_map(fields: &Map<String, Value>) -> Records {
    let entries = fields
        .iter()
        .filter(|(name, _)| !ABOUT.contains(&scalar::fold(name).as_str()));
    let (mut items, mut is_map) = (Vec::new(), true);
    for (id, value) in entries {
        match value {
            Value::Object(record) => items.push(Record::under(id, record.clone())),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => is_map = false,
        }
    }
    if !is_map {
        items.clear();
    }
    Records {
        items,
        ..Records::default()
    }
}
