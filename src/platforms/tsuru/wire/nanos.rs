//! Durations in nanoseconds, of which a negative one says that it goes on.
//!
//! Source: tsuru contract, section 5 (deploys).

use std::time::Duration;

use serde_json::Value;

use crate::platforms::loose::FromField;

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) enum Took {
    /// It goes on.
    Running,
    /// It is over.
    For(Duration),
}

/// What passed through a tool without wide integers does not fit one either: it is read as a float.
impl FromField for Took {
    fn from_field(value: Value) -> Option<Self> {
        if let Some(nanos) = value.as_u64() {
            return Some(Self::For(Duration::from_nanos(nanos)));
        }
        let nanos = f64::from_field(value)?;
        if nanos < 0.0 {
            return Some(Self::Running);
        }
        Duration::try_from_secs_f64(nanos / 1e9).ok().map(Self::For)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn negative_means_that_it_goes_on_however_it_is_written() {
        for text in ["-9223372036854775808", "-9223372036854776000", "-1"] {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(Took::from_field(value), Some(Took::Running), "{text}");
        }
        let took = Some(Took::For(Duration::from_nanos(61_234_567_890)));
        assert_eq!(Took::from_field(json!(61_234_567_890_i64)), took);
        let half = Some(Took::For(Duration::from_millis(500)));
        assert_eq!(Took::from_field(json!(5e8)), half);
        assert_eq!(Took::from_field(json!(null)), None);
        assert_eq!(Took::from_field(json!("soon")), None);
    }
}
