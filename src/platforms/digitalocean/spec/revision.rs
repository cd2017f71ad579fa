//! Which version of a spec it is: a mark that a deployment leaves as it is, unlike the time at
//! which the app was last changed. It is made of what the spec says, not of how it is written.
//!
//! Source: DigitalOcean contract, section 5.6.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::platforms::digitalocean::decode;

/// Enough to tell the versions of one app from each other.
const BYTES: usize = 8;

/// The version of a spec, as it is written.
pub(crate) fn revision(raw: &str) -> String {
    match decode::value(raw) {
        Some(value) => revision_of(&value),
        None => mark(raw),
    }
}

/// The version of a spec that was read.
pub(crate) fn revision_of(spec: &Value) -> String {
    let mut plain = String::new();
    say(spec, &mut plain);
    mark(&plain)
}

fn mark(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    let bytes = digest.as_ref().iter().take(BYTES);
    bytes.fold(String::new(), |mut mark, byte| {
        let _ = write!(mark, "{byte:02x}");
        mark
    })
}

/// In one form, whatever the order of its fields. A field that is null is one that is not there.
fn say(value: &Value, plain: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, it)| !it.is_null()).collect();
            fields.sort_by_key(|(name, _)| *name);
            plain.push('{');
            for (name, value) in fields {
                say(&Value::from(name.as_str()), plain);
                plain.push(':');
                say(value, plain);
                plain.push(',');
            }
            plain.push('}');
        }
        Value::Array(items) => {
            plain.push('[');
            for item in items {
                say(item, plain);
                plain.push(',');
            }
            plain.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            plain.push_str(&value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_what_it_says_and_not_how_it_is_written() {
        let one = revision(r#"{"name":"shop","envs":[{"key":"A","value":"x"}],"n":1e400}"#);
        let other =
            " {\"envs\" : [{\"value\":\"\\u0078\",\"key\":\"A\"}],\"name\":\"shop\",\"z\":null}";
        assert_eq!(one, revision(other));
        assert_eq!(one.len(), 2 * BYTES);
        for different in [
            r#"{"name":"shop","envs":[{"key":"A","value":"y"}]}"#,
            r#"{"name":"shop","envs":[{"key":"A"},{"value":"x"}]}"#,
            "null",
            "<html>",
        ] {
            assert_ne!(one, revision(different), "{different}");
        }
    }
}
