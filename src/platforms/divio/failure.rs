//! What the platform's error answers mean.
//!
//! Source: Divio contract, section 2.3. The texts are a framework's and may be translated: they
//! are shown and never matched.

use serde_json::Value;

use super::wire::{FromField, Lines};
use crate::model::{AuthProblem, Failure, FieldProblem, Text};
use crate::platforms::http::Refusal;

/// The longest text shown of an error.
const MAX_CHARS: usize = 300;

/// Judges an answer that is not 2xx.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    let body = refusal.json();
    let detail = detail(body.as_ref()).or_else(|| match body {
        Some(_) => None,
        None => refusal.excerpt(),
    });
    match refusal.status {
        400 | 422 => Failure::Validation(complaints(body).unwrap_or_else(|| general(detail))),
        401 => Failure::Auth(AuthProblem::Rejected),
        403 => Failure::Auth(AuthProblem::Forbidden(detail)),
        404 | 410 => Failure::NotFound {
            subject: refusal.call.subject.clone(),
        },
        // A deduced path or method is wrong: say which.
        405 => refusal.server(Some(Text::clean(&format!(
            "{} is not {} {}",
            refusal.call.operation, refusal.call.method, refusal.call.path
        )))),
        409 | 423 => Failure::Conflict(
            detail.unwrap_or_else(|| Text::clean("something else is being done to it")),
        ),
        429 => Failure::RateLimited {
            retry_after: refusal.retry_after(),
            limit: None,
        },
        _ => refusal.server(detail),
    }
}

fn detail(body: Option<&Value>) -> Option<Text> {
    body?.get("detail")?.as_str().and_then(cut)
}

fn general(detail: Option<Text>) -> Vec<FieldProblem> {
    let problem = |problem| FieldProblem {
        field: None,
        problem,
    };
    detail.map(problem).into_iter().collect()
}

/// One complaint per message: a field's with its name, the others without.
fn complaints(body: Option<Value>) -> Option<Vec<FieldProblem>> {
    let problems: Vec<_> = match body? {
        Value::Object(fields) => fields.into_iter().flat_map(of_field).collect(),
        list @ Value::Array(_) => of_field((String::new(), list)),
        text @ Value::String(_) => of_field((String::new(), text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    };
    (!problems.is_empty()).then_some(problems)
}

fn of_field((name, value): (String, Value)) -> Vec<FieldProblem> {
    let field = match name.as_str() {
        "" | "non_field_errors" | "detail" => None,
        name => cut(name),
    };
    let lines = Lines::from_field(value).map(|lines| lines.0);
    let problems = lines.into_iter().flatten().filter_map(|line| cut(&line));
    problems
        .map(|problem| FieldProblem {
            field: field.clone(),
            problem,
        })
        .collect()
}

fn cut(text: &str) -> Option<Text> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Text::non_empty(&format!("{}…", text.get(..end)?)),
        None => Text::non_empty(text),
    }
}
