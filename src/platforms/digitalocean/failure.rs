//! What the platform's error answers mean.
//!
//! Source: DigitalOcean contract, sections 2 and 3.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::paths::TABLE;
use crate::model::{AuthProblem, Failure, FieldProblem, Text};
use crate::platforms::http::{Refusal, budget, date};

/// The longest text shown of an error.
const MAX_CHARS: usize = 300;

/// The budget comes back bit by bit, so that it is worth asking long before all of it is there.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Judges an answer that is not 2xx.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    let body = refusal.json();
    let message = said(refusal, body.as_ref());
    match refusal.status {
        // An identifier of another form than the platform's names nothing.
        400 if is_invalid_id(message.as_ref()) => gone(refusal),
        400 | 412 | 422 => Failure::Validation(vec![FieldProblem {
            field: None,
            problem: traced(refusal, body.as_ref(), message, "not accepted"),
        }]),
        401 => Failure::Auth(AuthProblem::Rejected),
        403 => Failure::Auth(AuthProblem::Forbidden(Some(lacking(refusal, message)))),
        404 => gone(refusal),
        409 => Failure::Conflict(traced(
            refusal,
            body.as_ref(),
            message,
            "it does not go together with what is there",
        )),
        429 => too_many(refusal),
        _ => Failure::Server {
            status: refusal.status,
            message,
            request_id: request_id(refusal, body.as_ref()),
        },
    }
}

fn gone(refusal: &Refusal<'_>) -> Failure {
    Failure::NotFound {
        subject: refusal.call.subject.clone(),
    }
}

/// The message of the body; of a body that is no JSON (an edge's page), its first line.
fn said(refusal: &Refusal<'_>, body: Option<&Value>) -> Option<Text> {
    let Some(body) = body else {
        return refusal.excerpt();
    };
    let field = |name| body.get(name).and_then(Value::as_str).and_then(cut);
    field("message").or_else(|| field("id"))
}

fn is_invalid_id(message: Option<&Text>) -> bool {
    message.is_some_and(|text| text.as_str().to_ascii_lowercase().contains("invalid uuid"))
}

/// The id for the platform's support: in the body, else in the headers.
fn request_id(refusal: &Refusal<'_>, body: Option<&Value>) -> Option<Text> {
    let inside = body.and_then(|body| body.get("request_id")?.as_str());
    inside.and_then(cut).or_else(|| refusal.request_id())
}

/// The message with the id for the platform's support: these failures have no place of their own
/// for it.
fn traced(
    refusal: &Refusal<'_>,
    body: Option<&Value>,
    message: Option<Text>,
    otherwise: &str,
) -> Text {
    let message = message.unwrap_or_else(|| Text::clean(otherwise));
    match request_id(refusal, body) {
        Some(id) => Text::clean(&format!("{message} (request {id})")),
        None => message,
    }
}

/// Which scope is missing, where the operation has one.
fn lacking(refusal: &Refusal<'_>, message: Option<Text>) -> Text {
    let operation = refusal.call.operation;
    let row = TABLE.iter().find(|row| row.operation == operation);
    match row {
        Some(row) => Text::clean(&format!("the token lacks {}", row.scope)),
        None => message.unwrap_or_else(|| Text::clean("the token lacks a scope")),
    }
}

/// A burst says how long to wait; the hour says when its oldest request expires.
fn too_many(refusal: &Refusal<'_>) -> Failure {
    if let Some(wait) = refusal.retry_after() {
        return Failure::RateLimited {
            retry_after: Some(wait),
            limit: Some(Text::clean("250 requests a minute")),
        };
    }
    let Some(spent) = budget(refusal.headers).filter(|budget| budget.remaining == 0) else {
        return Failure::RateLimited {
            retry_after: None,
            limit: None,
        };
    };
    Failure::RateLimited {
        retry_after: Some(until(refusal, spent.resets_at)),
        limit: Some(Text::clean(&format!("{} requests an hour", spent.limit))),
    }
}

/// How long until then, by the platform's own clock.
fn until(refusal: &Refusal<'_>, reset: Option<Timestamp>) -> Duration {
    let now = date(refusal.headers);
    let wait = reset.zip(now).map(|(reset, now)| reset.duration_since(now));
    let wait = wait.map(|wait| Duration::try_from(wait).unwrap_or_default());
    wait.unwrap_or(LONGEST_WAIT)
        .clamp(Duration::from_secs(1), LONGEST_WAIT)
}

fn cut(text: &str) -> Option<Text> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Text::non_empty(&format!("{}…", text.get(..end)?)),
        None => Text::non_empty(text),
    }
}
