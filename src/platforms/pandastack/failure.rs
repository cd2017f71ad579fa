//! What an error answer means, and what it says. Source: PandaStack contract, section 5.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::paths::Op;
use crate::model::{AuthProblem, Failure, FieldProblem, Text};
use crate::platforms::http::{Refusal, Reply, plain_text, retry_after};

/// The longest text shown of an error.
const MAX_CHARS: usize = 200;

/// Where a complaint of a list says what it is, and what it is about.
const COMPLAINT: &[&str] = &["msg", "message", "detail"];
const ABOUT: &[&str] = &["param", "path", "field"];

/// Codes of errors that mean the same as a status; the envelope of a refusal may come with 200.
const CODES: &[(&[&str], u16)] = &[
    (&["UNAUTHORIZED", "UNAUTHENTICATED", "INVALID_TOKEN"], 401),
    (&["FORBIDDEN", "PERMISSION_DENIED", "ACCESS_DENIED"], 403),
    (&["NOT_FOUND"], 404),
    (&["CONFLICT", "ALREADY_EXISTS"], 409),
    (&["RATE_LIMITED", "TOO_MANY_REQUESTS"], 429),
    (&["INTERNAL_ERROR", "INTERNAL_SERVER_ERROR"], 500),
    (&["SERVICE_UNAVAILABLE"], 503),
];

/// What is not there when the host does not know the list of managed apps.
const NOT_SERVED: &str = "the managed-apps API (which this host may no longer offer)";

/// Judges an answer that is not 2xx.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    let body = refusal.json();
    let said = match &body {
        Some(Value::String(text)) => stripped(text),
        Some(body) => said(body),
        None => stripped(&String::from_utf8_lossy(refusal.body)),
    };
    let operation = refusal.call.operation;
    match refusal.status {
        // No failure: the verdict on a domain, in the platform's words.
        400 | 404 if operation == Op::VerifyDomain.row().operation && said.is_some() => {
            unaccepted(said, Vec::new())
        }
        404 if operation == Op::ListManagedApps.row().operation => Failure::NotFound {
            subject: Text::clean(NOT_SERVED),
        },
        status => meant(
            status,
            Said {
                problems: body.as_ref().map(fields).unwrap_or_default(),
                subject: refusal.call.subject.clone(),
                again: refusal.retry_after(),
                text: said,
            },
        )
        .unwrap_or_else(|text| refusal.server(text)),
    }
}

/// What a refusal says beside its status.
struct Said {
    text: Option<Text>,
    problems: Vec<FieldProblem>,
    /// What is not there, where that is the matter.
    subject: Text,
    /// When to ask again.
    again: Option<Duration>,
}

/// What a status means, wherever it stands; for all others what was said.
fn meant(status: u16, said: Said) -> Result<Failure, Option<Text>> {
    let text = said.text;
    Ok(match status {
        400 | 412 | 422 => unaccepted(text.or_else(|| phrase(status)), said.problems),
        401 => Failure::Auth(AuthProblem::Rejected),
        402 => Failure::Auth(AuthProblem::Forbidden(Some(unpaid(text)))),
        403 => Failure::Auth(AuthProblem::Forbidden(text.or_else(wrong_place))),
        404 => Failure::NotFound {
            subject: said.subject,
        },
        409 => Failure::Conflict(text.unwrap_or_else(|| "something else is under way".into())),
        429 => Failure::RateLimited {
            retry_after: said.again,
            limit: None,
        },
        _ => return Err(text.or_else(|| phrase(status))),
    })
}

/// What the status says by itself.
fn phrase(status: u16) -> Option<Text> {
    let status = StatusCode::from_u16(status).ok()?;
    status.canonical_reason().and_then(Text::non_empty)
}

/// What a refusal with a good status means: `success: false`.
pub(super) fn refused(reply: &Reply, body: &Value) -> Failure {
    let text = said(body);
    let Some(status) = status(body) else {
        return unaccepted(text, fields(body));
    };
    let said = Said {
        problems: fields(body),
        subject: text.clone().unwrap_or_else(|| "this".into()),
        again: retry_after(&reply.headers),
        text,
    };
    meant(status, said).unwrap_or_else(|message| Failure::Server {
        status,
        message,
        request_id: None,
    })
}

fn unaccepted(said: Option<Text>, fields: Vec<FieldProblem>) -> Failure {
    if !fields.is_empty() {
        return Failure::Validation(fields);
    }
    let problem = said.unwrap_or_else(|| Text::clean("the platform does not accept this"));
    Failure::Validation(vec![FieldProblem {
        field: None,
        problem,
    }])
}

fn unpaid(said: Option<Text>) -> Text {
    said.unwrap_or_else(|| Text::clean("the plan or the balance of the organisation is in the way"))
}

fn wrong_place() -> Option<Text> {
    Text::non_empty("the token's organisation or role does not allow it")
}

/// The status that a refusal means: its code, or a number beside it.
fn status(body: &Value) -> Option<u16> {
    let code = code(body).map(|code| code.as_str().to_ascii_uppercase());
    let mut codes = CODES.iter();
    let known = codes.find(|(names, _)| code.as_deref().is_some_and(|it| names.contains(&it)));
    let number = || {
        let mut names = ["statusCode", "status_code", "status", "code"].iter();
        let number = names.find_map(|name| body.get(name)?.as_u64())?;
        u16::try_from(number)
            .ok()
            .filter(|it| (400..600).contains(it))
    };
    known.map(|(_, status)| *status).or_else(number)
}

/// The code of an error.
pub(super) fn code(body: &Value) -> Option<Text> {
    let inside = body.get("error").and_then(|error| error.get("code"));
    let code = inside.or_else(|| body.get("code"))?;
    code.as_str().and_then(Text::non_empty)
}

/// What an error answer says: the first of the places where a message may stand.
pub(super) fn said(body: &Value) -> Option<Text> {
    let text = |name: &str| body.get(name)?.as_str().and_then(cut);
    let error = body.get("error");
    let inside = error
        .and_then(|error| error.get("message")?.as_str())
        .and_then(cut);
    inside
        .or_else(|| text("error"))
        .or_else(|| remark(body))
        .or_else(|| complaints(body))
        .or_else(|| text("detail"))
        .or_else(|| text("error_description"))
        .or_else(|| text("title"))
}

/// The message of an answer: text, or a list of texts.
pub(super) fn remark(body: &Value) -> Option<Text> {
    match body.get("message")? {
        Value::String(text) => cut(text),
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(complaint).collect();
            cut(&texts.join("; "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// `errors[]` on one line: each with what it is about.
fn complaints(body: &Value) -> Option<Text> {
    let lines = problems(body).map(|(about, problem)| match about {
        Some(about) => format!("{about}: {problem}"),
        None => problem.to_owned(),
    });
    cut(&lines.collect::<Vec<_>>().join("; "))
}

/// The inputs that `errors[]` names; none unless it names one.
fn fields(body: &Value) -> Vec<FieldProblem> {
    let all = problems(body).filter_map(|(about, problem)| {
        Some(FieldProblem {
            field: about.and_then(Text::non_empty),
            problem: cut(problem)?,
        })
    });
    let all: Vec<_> = all.collect();
    if all.iter().any(|problem| problem.field.is_some()) {
        all
    } else {
        Vec::new()
    }
}

fn problems(body: &Value) -> impl Iterator<Item = (Option<&str>, &str)> {
    let items = body
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    items.filter_map(|item| {
        let about = ABOUT.iter().find_map(|name| item.get(name)?.as_str());
        Some((about, complaint(item)?))
    })
}

fn complaint(item: &Value) -> Option<&str> {
    let inside = || COMPLAINT.iter().find_map(|name| item.get(name)?.as_str());
    item.as_str()
        .or_else(inside)
        .filter(|text| !text.trim().is_empty())
}

/// A body that is no JSON: without tags, and no more than its beginning.
pub(super) fn stripped(text: &str) -> Option<Text> {
    cut(&plain_text(text))
}

fn cut(text: &str) -> Option<Text> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Text::non_empty(&format!("{}…", text.get(..end)?)),
        None => Text::non_empty(text),
    }
}
