//! What goes into a request: what the user wishes, under what the context says.
//!
//! Source: PandaStack contract, sections 3.4 to 3.6.

use serde_json::{Map, Value};

use super::super::api::Api;
use super::super::decode::is_secret_name;
use super::super::special::SETTINGS;
use crate::model::catalogue::Inputs;
use crate::model::{Failure, Secret};
use crate::platforms::http::Call;

/// What a request says that the user does not: whose app it is, and which.
pub(super) const ORGANISATION: &str = "organization_id";
const SLUG: &str = "slug";
/// Its meaning is not published: it is sent where the context says what.
const LENGTH: &str = "length";

/// Answers under their names; what reads as JSON is sent as that, everything else as text.
pub(super) fn parsed(inputs: &[(String, String)]) -> Map<String, Value> {
    let each = inputs.iter();
    each.map(|(name, text)| (name.clone(), value(text)))
        .collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The settings of an app, as they were typed.
///
/// # Errors
/// `Validation` for what is no JSON object.
pub(in super::super) fn settings(inputs: &Inputs) -> Result<Map<String, Value>, Failure> {
    let text = inputs.maybe_text(SETTINGS).unwrap_or_default();
    let problem = match serde_json::from_str(&text) {
        Ok(Value::Object(settings)) => return Ok(settings),
        Ok(_) => "are no JSON object: write them as {\"plan\": \"small\"}".to_owned(),
        Err(error) => format!(
            "are no JSON (line {}, column {}): write them as {{\"plan\": \"small\"}}",
            error.line(),
            error.column()
        ),
    };
    Err(Failure::invalid(SETTINGS, &problem))
}

/// The body: what the user wishes, the slug, and what every body says. `field` is where the user
/// said it.
///
/// # Errors
/// `Validation` where the user wishes for another organisation or slug: neither is left to chance.
pub(super) async fn whole(
    api: &Api,
    mut wished: Map<String, Value>,
    slug: Option<&str>,
    field: &str,
) -> Result<Value, Failure> {
    let organisation = api.organisation().await?;
    let settled = [(ORGANISATION, Some(organisation.as_str())), (SLUG, slug)];
    for (name, value) in settled {
        let Some(value) = value.map(Value::from) else {
            continue;
        };
        check(&wished, name, &value, field)?;
        wished.insert(name.into(), value);
    }
    // What is configured is said for all requests, and what is wished for this one.
    if let Some(length) = api.settings.get(LENGTH) {
        wished.entry(LENGTH).or_insert_with(|| value(length));
    }
    Ok(Value::Object(wished))
}

/// What is settled already may be said once more, and not otherwise.
fn check(
    wished: &Map<String, Value>,
    name: &str,
    settled: &Value,
    field: &str,
) -> Result<(), Failure> {
    let plain = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    match wished.get(name) {
        Some(value) if plain(value) != plain(settled) => {
            let problem = format!("{name} is settled already: leave it out");
            Err(Failure::invalid(field, &problem))
        }
        Some(_) | None => Ok(()),
    }
}

/// The call with that body; values whose names say so are secrets, should an answer repeat them.
pub(super) fn with(mut call: Call, body: &Value) -> Call {
    let mut secrets = Vec::new();
    collect(body, false, &mut secrets);
    call = call.json(body);
    secrets.into_iter().fold(call, Call::hiding)
}

fn collect(value: &Value, is_secret: bool, into: &mut Vec<Secret>) {
    match value {
        Value::Object(fields) => {
            // Of `{"name": …, "value": …}` the name may be told.
            let is_told = |name: &str| matches!(name, "name" | "key");
            let secret = |name: &str| (is_secret && !is_told(name)) || is_secret_name(name);
            fields
                .iter()
                .for_each(|(name, value)| collect(value, secret(name), into));
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, is_secret, into)),
        Value::String(text) if is_secret => into.push(Secret::new(text)),
        Value::Number(number) if is_secret => into.push(Secret::new(number.to_string())),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::catalogue::Value as Answer;

    #[test]
    fn what_reads_as_json_is_json() {
        let inputs = [
            ("region", "us"),
            ("size", "2"),
            ("text", "\"2\""),
            ("backup", "true"),
            ("plan", r#"{"size":1}"#),
            ("list", "[1,"),
            ("nothing", ""),
        ];
        let inputs = inputs.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let expected = json!({"region": "us", "size": 2, "text": "2", "backup": true,
            "plan": {"size": 1}, "list": "[1,", "nothing": ""});
        assert_eq!(Value::Object(parsed(&inputs)), expected);
    }

    #[test]
    fn settings_are_a_json_object() {
        let typed = |text: &str| Inputs::default().with(SETTINGS, Answer::Text(text.into()));
        assert!(settings(&typed(r#"{"plan": "small"}"#)).is_ok());
        assert!(settings(&typed("{}")).is_ok());
        for (bad, why) in [
            ("", "no JSON (line 1, column 0)"),
            ("plan=small", "no JSON (line 1, column 1)"),
            ("{\"plan\": canary}", "no JSON (line 1, column 10)"),
            ("[1]", "no JSON object"),
            ("\"canary\"", "no JSON object"),
        ] {
            let failure = settings(&typed(bad)).unwrap_err().headline();
            assert!(failure.contains(why), "{bad}: {failure}");
            assert!(!failure.contains("canary"), "{failure}");
        }
    }

    #[test]
    fn values_under_secret_names_are_secrets() {
        let body = json!({"region": "us-east", "env": [{"name": "A", "value": "first"}],
            "admin_password": "second", "api-token": 12345, "list": ["us-west"]});
        let mut secrets = Vec::new();
        collect(&body, false, &mut secrets);
        let mut secrets: Vec<_> = secrets.iter().map(|it| it.expose().to_owned()).collect();
        secrets.sort();
        assert_eq!(secrets, ["12345", "first", "second"]);
    }
}
