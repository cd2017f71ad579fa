//! Refusals in the platform's forms (contract section 2.3).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::reply::Reply;
use crate::sim::host::Wanted;

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// The body or a parameter is wrong: messages by field.
    Fields(BTreeMap<String, Vec<String>>),
    /// The body cannot be read at all.
    Unreadable(String),
    /// The token is missing or wrong.
    Unauthorised(&'static str),
    /// The object exists and is not for this user.
    Forbidden,
    /// There is no such object, page or path.
    NotFound(&'static str),
    /// The path exists, not with this method.
    Method(String),
    /// Too many requests; seconds to wait.
    Throttled(u64),
}

impl Refusal {
    /// No such object, or not visible.
    pub(super) const MISSING: Refusal = Refusal::NotFound("Not found.");

    /// A message about one field.
    pub(super) fn field(name: &str, message: impl Into<String>) -> Refusal {
        Refusal::Fields(BTreeMap::from([(name.to_owned(), vec![message.into()])]))
    }

    /// A message about the whole request.
    pub(super) fn whole(message: impl Into<String>) -> Refusal {
        Refusal::field("non_field_errors", message)
    }

    /// What a fault asks for, as this platform says it.
    pub(super) fn wanted(wanted: &Wanted<'_>) -> Reply {
        match wanted.status.as_u16() {
            401 => Refusal::Unauthorised("Invalid token.").reply(),
            403 => Refusal::Forbidden.reply(),
            404 => Refusal::MISSING.reply(),
            429 => detail(wanted.status, "Request was throttled."),
            _ => detail(wanted.status, &format!("{}.", wanted.reason())),
        }
    }

    /// The answer on the wire.
    pub(super) fn reply(&self) -> Reply {
        match self {
            Refusal::Fields(fields) => {
                Reply::json(StatusCode::BAD_REQUEST, &Value::from_iter(fields.clone()))
            }
            Refusal::Unreadable(message) => detail(StatusCode::BAD_REQUEST, message),
            Refusal::Unauthorised(message) => {
                detail(StatusCode::UNAUTHORIZED, message).with("www-authenticate", "Token")
            }
            Refusal::Forbidden => detail(
                StatusCode::FORBIDDEN,
                "You do not have permission to perform this action.",
            ),
            Refusal::NotFound(message) => detail(StatusCode::NOT_FOUND, message),
            Refusal::Method(method) => detail(
                StatusCode::METHOD_NOT_ALLOWED,
                &format!("Method \"{method}\" not allowed."),
            ),
            Refusal::Throttled(seconds) => detail(
                StatusCode::TOO_MANY_REQUESTS,
                &format!("Request was throttled. Expected available in {seconds} seconds."),
            )
            .with("retry-after", &seconds.to_string()),
        }
    }
}

fn detail(status: StatusCode, text: &str) -> Reply {
    Reply::json(status, &json!({ "detail": text }))
}
