//! Reads a command and gives it to the platform that it concerns.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    routing::{MethodRouter, post},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Answer, Controlled, refuse};
use crate::sim::host::{Command, Host};

/// The route of a command; its body is what it is made of.
pub(super) fn command<T>(make: fn(T) -> Command) -> MethodRouter<Controlled>
where
    T: DeserializeOwned + 'static,
{
    post(
        move |State(sim): State<Controlled>, text: String| async move {
            run(&sim, &text, make).unwrap_or_else(|wrong| refuse(&wrong))
        },
    )
}

/// Gives a command to the first platform that knows what it names.
pub(super) fn run<T: DeserializeOwned>(
    sim: &Controlled,
    text: &str,
    make: impl FnOnce(T) -> Command,
) -> Result<Answer, String> {
    let Aimed { context, body } = aimed(text)?;
    let command = make(serde_json::from_value(body).map_err(|error| error.to_string())?);
    let mut hosts = concerned(&sim.hosts, context.as_deref())?.into_iter();
    Ok(
        match hosts.find_map(|host| host.platform.command(&command)) {
            Some(Ok(done)) => (StatusCode::OK, Json(done)),
            Some(Err(refused)) => (StatusCode::CONFLICT, Json(json!({ "error": refused }))),
            None => (
                StatusCode::NOT_FOUND,
                Json(json!({ "error": "no such object" })),
            ),
        },
    )
}

/// The platforms that a command is for: one, if it names its context.
fn concerned<'a>(hosts: &'a [Host], context: Option<&str>) -> Result<Vec<&'a Host>, String> {
    let fits = |host: &&Host| context.is_none_or(|context| context == host.context);
    let fitting: Vec<&Host> = hosts.iter().filter(fits).collect();
    if fitting.is_empty() {
        let known: Vec<&str> = hosts.iter().map(|host| host.context).collect();
        return Err(format!("the contexts here are {}", known.join(", ")));
    }
    Ok(fitting)
}

/// What a command is made of, and the context that it is for.
#[derive(Debug, PartialEq)]
struct Aimed {
    context: Option<String>,
    body: Value,
}

/// Takes the context out of a body. What is no object has it beside itself, as
/// `{"context": …, "value": …}`.
fn aimed(text: &str) -> Result<Aimed, String> {
    let mut body: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Some(fields) = body.as_object_mut() else {
        let context = None;
        return Ok(Aimed { context, body });
    };
    let context = match fields.remove("context") {
        None => None,
        Some(Value::String(name)) => Some(name),
        Some(other) => return Err(format!("`context` is the name of one, not {other}")),
    };
    let is_beside = context.is_some() && fields.len() == 1;
    let value = is_beside.then(|| fields.remove("value")).flatten();
    Ok(Aimed {
        context,
        body: value.unwrap_or(body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, context: Option<&str>, body: Value) {
        let context = context.map(str::to_owned);
        assert_eq!(aimed(text), Ok(Aimed { context, body }), "{text}");
    }

    #[test]
    fn context_is_taken_out_of_a_body() {
        check(r#"{"to":1}"#, None, json!({"to": 1}));
        check(r#"{"to":1,"context":"a"}"#, Some("a"), json!({"to": 1}));
        check("true", None, json!(true));
        check(r#"{"context":"a","value":null}"#, Some("a"), Value::Null);
        check(
            r#"{"context":"a","name":"b","value":"c"}"#,
            Some("a"),
            json!({"name": "b", "value": "c"}),
        );
        check(r#"{"value":"c"}"#, None, json!({"value": "c"}));
    }

    #[test]
    fn context_is_a_name() {
        assert!(aimed(r#"{"context":1}"#).unwrap_err().contains("`context`"));
    }
}
