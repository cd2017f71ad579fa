//! What nobody asked for, made fit to be shown: what looks like a secret is not.

use serde_json::Value;

use super::scalar::fold;
use crate::model::Text;

/// In the name of a secret stands one of these.
const SECRET: &[&str] = &[
    "token",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "credential",
    "apikey",
    "privatekey",
    "accesskey",
    "authorization",
    "cookie",
    "env",
    "variables",
    "connectionstring",
    "dsn",
];

/// Contain one of them, and are none.
const HARMLESS: &[&str] = &["environment", "environmentname", "envname", "environmentid"];

const MASK: &str = "••••";

/// The longest value shown, in characters.
const MAX_CHARS: usize = 200;

/// A value as text on one line; absent where there is nothing in it.
pub(super) fn shown(folded: &str, value: &Value) -> Option<Text> {
    let text = match masked(folded, value) {
        Value::Null => return None,
        Value::String(text) => text,
        value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            value.to_string()
        }
    };
    let is_empty = matches!(text.as_str(), "[]" | "{}");
    Text::non_empty(&cut(text)).filter(|_| !is_empty)
}

/// The value with a mask over every secret in it.
fn masked(folded: &str, value: &Value) -> Value {
    if is_secret(folded, value) {
        return MASK.into();
    }
    match value {
        Value::Array(items) => items.iter().map(|item| masked(folded, item)).collect(),
        Value::Object(fields) => {
            let named = is_pair_of_secret(value);
            let each = fields.iter().map(|(name, value)| {
                let folded = fold(name);
                let value = if named && folded == "value" {
                    MASK.into()
                } else {
                    masked(&folded, value)
                };
                (name.clone(), value)
            });
            Value::Object(each.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Whether a name is that of a secret, or of a group of them.
pub(in crate::platforms::pandastack) fn is_secret_name(name: &str) -> bool {
    let folded = fold(name);
    !HARMLESS.contains(&folded.as_str()) && SECRET.iter().any(|it| folded.contains(it))
}

fn is_secret(folded: &str, value: &Value) -> bool {
    if matches!(value, Value::Null | Value::Bool(_)) {
        return false;
    }
    let is_plain = !value.is_object() && !value.is_array();
    if is_plain && HARMLESS.contains(&folded) {
        return value.as_str().is_some_and(has_credential);
    }
    SECRET.iter().any(|it| folded.contains(it)) || value.as_str().is_some_and(has_credential)
}

/// `{"name": "API_TOKEN", "value": …}`.
fn is_pair_of_secret(value: &Value) -> bool {
    let name = ["name", "key"]
        .iter()
        .find_map(|it| value.get(it)?.as_str());
    name.is_some_and(|name| SECRET.iter().any(|it| fold(name).contains(it)))
}

/// An address with a password in it, or one of the platform's own tokens.
fn has_credential(text: &str) -> bool {
    let after = text.split_once("://").map(|(_, rest)| rest);
    let host = after.map(|rest| rest.split('/').next().unwrap_or(rest));
    host.is_some_and(|host| host.contains('@')) || text.contains("psk_") || text.contains("Bearer ")
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
