//! How this platform writes: zero values are left out, and "never" is a time in the year one.
//! Source: DigitalOcean contract, section 1.

use serde_json::{Map, Value};

use crate::sim::{clock::Moment, dice::scramble, effects::Tweaks};

/// A time that has not come.
pub(super) const NEVER: &str = "0001-01-01T00:00:00Z";

/// How objects are written for one answer.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) now: Moment,
    /// Scheme and host the client used, for links.
    pub(super) origin: String,
    pub(super) tweaks: Tweaks,
}

impl View {
    /// A time with whole seconds.
    pub(super) fn time(&self, moment: Moment) -> String {
        self.shifted(moment).whole_second()
    }

    /// A time with nanoseconds, as the steps of a deployment carry it.
    pub(super) fn fine(&self, moment: Moment) -> String {
        let text = self.shifted(moment).iso();
        // The clock knows microseconds; the last digits are as good as any.
        let last = scramble(moment.0.unsigned_abs()) % 1_000;
        format!("{}{last:03}Z", text.trim_end_matches('Z'))
    }

    /// A moment moved by the clock skew of this answer.
    fn shifted(&self, moment: Moment) -> Moment {
        self.tweaks.shifted(moment)
    }

    /// A word for a state, unless a fault replaces all of them.
    pub(super) fn word(&self, usual: &str) -> String {
        self.tweaks.word(usual)
    }
}

/// An object without its zero values. An empty object stays: it says that something is there.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let told = fields.into_iter().filter(|(_, value)| !is_zero(value));
    let told: Map<String, Value> = told.map(|(name, value)| (name.to_owned(), value)).collect();
    Value::Object(told)
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => false,
    }
}

/// A duration in seconds, `1.860413s`.
pub(super) fn duration(seconds: f64) -> String {
    let text = format!("{:.9}", seconds.max(0.0));
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}s")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn zero_values_are_left_out() {
        let written = object([
            ("id", json!("a")),
            ("count", json!(0)),
            ("flag", json!(false)),
            ("list", json!([])),
            ("text", json!("")),
            ("gone", Value::Null),
            ("inner", json!({})),
        ]);
        assert_eq!(written, json!({ "id": "a", "inner": {} }));
    }

    #[test]
    fn durations_are_decimal_seconds() {
        assert_eq!(duration(0.0), "0s");
        assert_eq!(duration(1.5), "1.5s");
        assert_eq!(duration(10.0), "10s");
    }

    #[test]
    fn fine_times_have_nanoseconds() {
        let view = View {
            now: Moment(0),
            origin: String::new(),
            tweaks: Tweaks::default(),
        };
        let written = view.fine(Moment(1_700_000_000_123_456));
        assert!(
            written.starts_with("2023-11-14T22:13:20.123456"),
            "{written}"
        );
        assert_eq!(written.len(), 30);
    }
}
