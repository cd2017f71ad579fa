//! What a field says: names compared loosely, ids, flags, times. Source: PandaStack contract,
//! section 6.3.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::model::Text;

/// Whole numbers below it are seconds, others milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// A name without `_`, `-` and case.
pub(in crate::platforms::pandastack) fn fold(name: &str) -> String {
    let kept = name.chars().filter(|it| !matches!(it, '_' | '-'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The field of that name, which is folded already; `null` is as good as absent.
pub(super) fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut fields = fields.iter();
    let (_, value) = fields.find(|(it, value)| !value.is_null() && fold(it) == name)?;
    Some(value)
}

/// What stands under the first of these names that is there, compared without `_`, `-` and case.
pub(in crate::platforms::pandastack) fn find<'a>(
    fields: &'a Map<String, Value>,
    names: &[&str],
) -> Option<&'a Value> {
    names.iter().find_map(|name| field(fields, &fold(name)))
}

/// A body as text: without a byte order mark and what surrounds it.
pub(super) fn text_of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    text.to_owned()
}

/// What `success` says, where that is a Boolean.
pub(super) fn success(value: &Value) -> Option<bool> {
    field(value.as_object()?, "success")?.as_bool()
}

/// Text or a number as text; nothing where there is nothing in it.
pub(super) fn text(value: &Value) -> Option<Text> {
    match value {
        Value::String(text) => Text::non_empty(text),
        Value::Number(number) => Some(Text::clean(&number.to_string())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Text alone: a number is no word.
pub(super) fn word(value: &Value) -> Option<Text> {
    value.as_str().and_then(Text::non_empty)
}

/// Digits as they are written, or text. A fraction is no id: its digits are not what was written.
pub(super) fn id(value: &Value) -> Option<Text> {
    match value {
        Value::Number(number) if number.is_u64() || number.is_i64() => text(value),
        Value::String(_) => text(value),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// A number of things.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// `true`, `"true"`, `1` and `"1"` are true; lists and objects are no flags.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => Some(number.as_u64() == Some(1)),
        Value::String(text) => {
            let text = text.trim();
            Some(text == "1" || text.eq_ignore_ascii_case("true"))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// RFC 3339, a plain date and time (UTC), seconds or milliseconds since 1970; anything else is not
/// known.
pub(in crate::platforms::pandastack) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => since_1970(number.as_i64()?),
        Value::String(text) => {
            let text = text.trim();
            let number = || text.parse().ok().and_then(since_1970);
            text.parse().ok().or_else(|| plain(text)).or_else(number)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn plain(text: &str) -> Option<Timestamp> {
    let plain: DateTime = text.parse().ok()?;
    Some(plain.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn since_1970(number: i64) -> Option<Timestamp> {
    if number < MILLISECONDS {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}
