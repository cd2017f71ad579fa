//! Fields as they come: each may be absent, null or of another kind than documented, and one odd
//! field must not cost the record it stands in.
//!
//! Source: Divio contract, section 9 and appendix B; DigitalOcean contract, section 1; tsuru contract,
//! section 1.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use jiff::{Timestamp, civil::Date, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::Secret;

/// A field: absent, null and not understood are the same.
pub(super) struct Loose<T>(pub(super) Option<T>);

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Loose<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'de, T: FromField> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(T::from_field(Value::deserialize(deserializer)?)))
    }
}

/// What a field can be read as.
pub(super) trait FromField: Sized {
    /// Reads it; absent if it is something else.
    fn from_field(value: Value) -> Option<Self>;
}

/// A scalar as a word; of an object, its identifier.
impl FromField for String {
    fn from_field(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Object(mut object) => object.remove("uuid").and_then(Self::from_field),
            Value::Null | Value::Array(_) => None,
        }
    }
}

impl FromField for Secret {
    fn from_field(value: Value) -> Option<Self> {
        String::from_field(value).map(Self::new)
    }
}

impl FromField for bool {
    fn from_field(value: Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FromField for i64 {
    fn from_field(value: Value) -> Option<Self> {
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }
}

impl FromField for u64 {
    fn from_field(value: Value) -> Option<Self> {
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    }
}

impl FromField for f64 {
    fn from_field(value: Value) -> Option<Self> {
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        number.filter(|number: &Self| number.is_finite())
    }
}

/// ISO 8601; without an offset it is taken as UTC. The year 1 is how some platforms write "never".
impl FromField for Timestamp {
    fn from_field(value: Value) -> Option<Self> {
        let text = value.as_str()?;
        if text.starts_with("0001-") {
            return None;
        }
        text.parse().ok().or_else(|| {
            let plain: DateTime = text.parse().ok()?;
            Some(plain.to_zoned(TimeZone::UTC).ok()?.timestamp())
        })
    }
}

/// Decimal seconds: "1.860413596s".
impl FromField for Duration {
    fn from_field(value: Value) -> Option<Self> {
        let seconds = value.as_str()?.strip_suffix('s')?.parse().ok()?;
        Self::try_from_secs_f64(seconds).ok()
    }
}

impl<T: FromField> FromField for Box<T> {
    fn from_field(value: Value) -> Option<Self> {
        T::from_field(value).map(Self::new)
    }
}

impl FromField for Date {
    fn from_field(value: Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

impl FromField for Value {
    fn from_field(value: Value) -> Option<Self> {
        (!value.is_null()).then_some(value)
    }
}

/// A list; what cannot be read in it is left out.
impl<T: FromField> FromField for Vec<T> {
    fn from_field(value: Value) -> Option<Self> {
        let Value::Array(items) = value else {
            return None;
        };
        Some(items.into_iter().filter_map(T::from_field).collect())
    }
}

/// Names and values, names as they are; what cannot be read in it is left out.
impl<T: FromField> FromField for BTreeMap<String, T> {
    fn from_field(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else {
            return None;
        };
        let read = fields.into_iter();
        let read = read.filter_map(|(name, value)| Some((name, T::from_field(value)?)));
        Some(read.collect())
    }
}

/// Complaints: a list, a text or an object, of any depth, as lines.
pub(super) struct Lines(pub(super) Vec<String>);

impl FromField for Lines {
    fn from_field(value: Value) -> Option<Self> {
        let mut lines = Vec::new();
        collect(&value, "", &mut lines);
        Some(Self(lines))
    }
}

fn collect(value: &Value, name: &str, lines: &mut Vec<String>) {
    let mut line = |text: &str| match (name, text.trim()) {
        (_, "") => {}
        ("", text) => lines.push(text.to_owned()),
        (name, text) => lines.push(format!("{name}: {text}")),
    };
    match value {
        Value::Null => {}
        Value::String(text) => line(text),
        Value::Bool(_) | Value::Number(_) => line(&value.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, name, lines)),
        Value::Object(fields) => {
            for (field, value) in fields {
                let inner = match name {
                    "" => field.clone(),
                    outer => format!("{outer}.{field}"),
                };
                collect(value, &inner, lines);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: FromField>(value: Value) -> Option<T> {
        serde_json::from_value::<Loose<T>>(value).unwrap().0
    }

    #[test]
    fn a_field_of_another_kind_is_absent() {
        assert_eq!(read::<String>(json!([])), None);
        assert_eq!(read::<i64>(json!({})), None);
        assert_eq!(read::<bool>(json!("SUCCESS")), None);
        assert_eq!(read::<Timestamp>(json!("yesterday")), None);
        assert_eq!(read::<Vec<String>>(json!(null)), None);
    }

    #[test]
    fn scalars_are_read_across_kinds() {
        assert_eq!(read::<String>(json!(3)).as_deref(), Some("3"));
        assert_eq!(read::<String>(json!({"uuid": "a"})).as_deref(), Some("a"));
        assert_eq!(read::<u64>(json!(5_000_000_000_u64)), Some(5_000_000_000));
        assert_eq!(read::<u64>(json!("12")), Some(12));
        assert_eq!(read::<f64>(json!("NaN")), None);
    }

    #[test]
    fn a_time_without_offset_is_utc() {
        let at = Some("2024-03-02T10:06:00Z".parse().unwrap());
        assert_eq!(read::<Timestamp>(json!("2024-03-02T10:06:00")), at);
        assert_eq!(read::<Timestamp>(json!("2024-03-02T11:06:00+01:00")), at);
    }

    #[test]
    fn the_year_one_is_never_and_seconds_have_fractions() {
        assert_eq!(read::<Timestamp>(json!("0001-01-01T00:00:00Z")), None);
        let duration = read::<Duration>(json!("1.5s"));
        assert_eq!(duration, Some(Duration::from_millis(1500)));
        for bad in ["", "s", "1.5", "-1s", "NaNs"] {
            assert_eq!(read::<Duration>(json!(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn complaints_become_lines() {
        let lines = |value| {
            read::<Lines>(value)
                .map(|lines| lines.0)
                .unwrap_or_default()
        };
        assert_eq!(lines(json!(null)), [""; 0]);
        assert_eq!(lines(json!("")), [""; 0]);
        assert_eq!(lines(json!("no space")), ["no space"]);
        assert_eq!(lines(json!(["a", {"disk": ["full"]}])), ["a", "disk: full"]);
    }
}
