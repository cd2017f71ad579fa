//! Answers taken apart before they are read: what one record holds must not cost the others, and a
//! number that no machine holds must not cost the record it stands in.
//!
//! Source: DigitalOcean contract, sections 1 and 4.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::paging::Place;
use super::paths::{Op, Row};
use super::wire::Links;
use crate::model::{Failure, Page};
use crate::platforms::http::{self, Reply, decode_text};

/// The fields of an answer, as they are written.
type Fields = BTreeMap<String, Box<RawValue>>;

/// One page of a list, not decoded yet.
pub(super) struct Records {
    list: Vec<Box<RawValue>>,
    has_next: bool,
    total: Option<u64>,
}

/// What stands in an answer under the operation's key.
pub(super) fn record<W: DeserializeOwned>(op: Op, reply: &Reply) -> Result<W, Failure> {
    let row = op.row();
    if row.key.is_empty() {
        let whole: Box<RawValue> = reply.json()?;
        return read(row, "", whole.get());
    }
    let fields: Fields = reply.json()?;
    let inner = fields.get(row.key).map_or("null", |inner| inner.get());
    read(row, row.key, inner)
}

/// A list without its key is an empty one. The last page has no next address; an empty page ends
/// the list whatever it says.
pub(super) fn listed(op: Op, reply: &Reply) -> Result<Records, Failure> {
    let row = op.row();
    let fields: Fields = reply.json()?;
    let list: Option<Vec<Box<RawValue>>> = match fields.get(row.key) {
        Some(list) => decode_text(row.operation, row.key, list.get())?,
        None => None,
    };
    let list = list.unwrap_or_default();
    let about = |name| fields.get(name).and_then(|it| value(it.get()));
    let links = Links::new(about("links"), about("meta"));
    Ok(Records {
        has_next: links.has_next() && !list.is_empty(),
        total: links.total(),
        list,
    })
}

/// A page with its place in the list.
pub(super) fn turned<W: DeserializeOwned, T>(
    op: Op,
    found: Records,
    place: Place,
    map: impl Fn(W) -> Option<T>,
) -> Result<Page<T>, Failure> {
    Ok(Page {
        next: found.has_next.then(|| place.next()),
        total: found.total,
        items: readable(op, found, map)?,
    })
}

/// The records, mapped.
pub(super) fn readable<W: DeserializeOwned, T>(
    op: Op,
    found: Records,
    map: impl Fn(W) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let row = op.row();
    let records = found.list.into_iter().enumerate().map(|(index, record)| {
        let record = read(row, &format!("{}[{index}]", row.key), record.get())?;
        Ok(map(record))
    });
    http::readable(records)
}

fn read<W: DeserializeOwned>(row: &Row, path: &str, raw: &str) -> Result<W, Failure> {
    decode_text(row.operation, path, raw).or_else(|failure| match bounded(raw) {
        Some(mended) => decode_text(row.operation, path, &mended),
        None => Err(failure),
    })
}

/// Any JSON, as far as a machine can hold it.
pub(super) fn value(raw: &str) -> Option<Value> {
    let read = serde_json::from_str(raw).ok();
    read.or_else(|| serde_json::from_str(&bounded(raw)?).ok())
}

/// The text without the numbers that no machine holds; absent where there is none.
fn bounded(raw: &str) -> Option<String> {
    let (mut kept, mut rest) = (String::with_capacity(raw.len()), raw);
    let mut is_other = false;
    while let Some(first) = rest.chars().next() {
        let (piece, later) = rest.split_at(length(rest, first));
        let is_number = first == '-' || first.is_ascii_digit();
        let is_giant = is_number && piece.parse().is_ok_and(f64::is_infinite);
        is_other |= is_giant;
        kept.push_str(if is_giant { "null" } else { piece });
        rest = later;
    }
    is_other.then_some(kept)
}

/// How long what stands first is: a string, a number, or a sign.
fn length(text: &str, first: char) -> usize {
    if first != '"' {
        let is_within = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let end = text.find(|c| !is_within(c)).unwrap_or(text.len());
        return end.max(first.len_utf8());
    }
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod forms;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_numbers_that_no_machine_holds_are_left_out() {
        for fine in [r#"{"a":"1e400","b":[1e300,-2,"\"1e999"]}"#, "", "-", "\"é"] {
            assert_eq!(bounded(fine), None, "{fine}");
        }
        let giant = r#"{"é\\":[-1e400,"1e400 \" 1e400",1E+999,3], "n" : 1e400}"#;
        let mended = r#"{"é\\":[null,"1e400 \" 1e400",null,3], "n" : null}"#;
        assert_eq!(bounded(giant).as_deref(), Some(mended));
        assert_eq!(value("[1e400, 1]"), Some(json!([null, 1])));
        assert_eq!(value("[1e400"), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_taken_apart(raw in any::<String>()) {
            prop_assert!(bounded(&raw).is_none_or(|mended| mended != raw));
        }
    }
}
