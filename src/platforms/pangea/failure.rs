//! What an answer means that is no good. Every one names the request, for the platform's support asks
//! for that.
//!
//! Source: Pangea contract, sections 4 and 5.

use serde_json::Value;

use super::envelope::{Envelope, Meaning, meaning};
use super::paths::{Op, op_of};
use crate::model::{AuthProblem, Failure, FieldProblem, Text};
use crate::platforms::http::Refusal;

/// Where the right kind of credential is to be had.
pub const ADVICE: &str =
    "create a management client under Organization Settings, Organization API Credentials";

/// So much of a body that is no envelope is shown.
const EXCERPT: usize = 200;

/// What the platform calls the fields of our forms.
const FIELDS: [(&str, &str); 4] = [
    ("name", "name"),
    ("geo", "geo"),
    ("region", "region"),
    ("org_id", "organisation"),
];

/// Judges an answer that is not one of success.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    if refusal.status == 503 {
        return unavailable(refusal);
    }
    match Envelope::read(refusal.body) {
        Some(envelope) => by_status(refusal, &envelope),
        None => garbled(refusal),
    }
}

fn unavailable(refusal: &Refusal<'_>) -> Failure {
    let envelope = Envelope::read(refusal.body);
    let request_id = envelope.as_ref().and_then(|it| it.request_id.as_deref());
    let said = match &envelope {
        Some(envelope) => words(envelope),
        None => excerpt(refusal),
    };
    let message = match said.as_str() {
        "" => "temporarily unavailable".to_owned(),
        said => format!("temporarily unavailable: {said}"),
    };
    Failure::Server {
        status: refusal.status,
        message: Text::non_empty(&message),
        request_id: request_id
            .and_then(Text::non_empty)
            .or_else(|| refusal.request_id()),
    }
}

/// No envelope: something between here and the platform, or another platform. What two codes mean is
/// the same whoever says them; of the others none is believed, or a proxy's 404 would be taken for a
/// project that is gone.
fn garbled(refusal: &Refusal<'_>) -> Failure {
    let said = match excerpt(refusal) {
        empty if empty.is_empty() => "nothing".to_owned(),
        said => said,
    };
    match refusal.status {
        200..300 => Failure::Decode {
            endpoint: Text::clean(refusal.call.operation),
            path: Text::clean("the top"),
            expected: Text::clean("an envelope with `status`"),
            found: Text::clean(&with_id(
                &format!("HTTP {} with: {said}", refusal.status),
                refusal.request_id().as_ref(),
            )),
        },
        401 => rejected(&with_id("HTTP 401", refusal.request_id().as_ref())),
        429 => limited(refusal, None),
        _ => Failure::Server {
            status: refusal.status,
            message: Text::non_empty(&format!("not Pangea's form of an answer: {said}")),
            request_id: refusal.request_id(),
        },
    }
}

fn excerpt(refusal: &Refusal<'_>) -> String {
    let text = refusal.excerpt().unwrap_or_default();
    text.as_str().chars().take(EXCERPT).collect()
}

fn by_status(refusal: &Refusal<'_>, envelope: &Envelope) -> Failure {
    let id = envelope.request_id.as_deref().and_then(Text::non_empty);
    let id = id.or_else(|| refusal.request_id());
    let said = with_id(&words(envelope), id.as_ref());
    match meaning(&envelope.status) {
        Meaning::Validation => Failure::Validation(complaints(envelope, id.as_ref())),
        Meaning::Unauthorized => rejected(&said),
        Meaning::Forbidden => Failure::Auth(AuthProblem::Forbidden(Text::non_empty(&format!(
            "{said}{}",
            hint(refusal)
        )))),
        Meaning::NotFound => Failure::NotFound {
            subject: Text::clean(&with_id(refusal.call.subject.as_str(), id.as_ref())),
        },
        Meaning::TooMany => limited(refusal, id.as_ref()),
        // Whatever the code is: it broke, and a read may be repeated.
        Meaning::Broken => server(refusal.status.max(500), envelope, id),
        Meaning::Success | Meaning::Accepted | Meaning::Other => {
            server(refusal.status, envelope, id)
        }
    }
}

fn server(status: u16, envelope: &Envelope, request_id: Option<Text>) -> Failure {
    Failure::Server {
        status,
        message: Text::non_empty(&words(envelope)),
        request_id,
    }
}

fn rejected(said: &str) -> Failure {
    Failure::Auth(AuthProblem::Refused {
        reason: Text::clean(&format!("token rejected: {said}")),
        advice: Text::clean(&format!("{ADVICE}, and use its token")),
    })
}

fn limited(refusal: &Refusal<'_>, id: Option<&Text>) -> Failure {
    Failure::RateLimited {
        retry_after: refusal.retry_after(),
        limit: id.map(|id| Text::clean(&format!("request {id}"))),
    }
}

/// What a client of a project lacks.
fn hint(refusal: &Refusal<'_>) -> &'static str {
    let of_organisation = [
        Op::ListProjects,
        Op::CreateProject,
        Op::GetOrg,
        Op::UpdateOrg,
    ];
    let op = op_of(refusal.call.operation);
    if of_organisation.iter().any(|it| Some(*it) == op) {
        "; a management client of a project may not do this, only one of the organisation"
    } else {
        ""
    }
}

/// The status and what is said to it.
fn words(envelope: &Envelope) -> String {
    match &envelope.summary {
        Some(summary) => format!("{}: {summary}", envelope.status),
        None => envelope.status.clone(),
    }
}

fn with_id(text: &str, id: Option<&Text>) -> String {
    match id {
        Some(id) => format!("{text} (request {id})"),
        None => text.to_owned(),
    }
}

/// Complaints about fields, and the request as the last of them.
fn complaints(envelope: &Envelope, id: Option<&Text>) -> Vec<FieldProblem> {
    let errors = envelope.result.get("errors").and_then(Value::as_array);
    let mut complaints: Vec<_> = errors.into_iter().flatten().map(complaint).collect();
    if complaints.is_empty() {
        complaints.push(FieldProblem {
            field: None,
            problem: Text::clean(&words(envelope)),
        });
    }
    complaints.extend(id.map(|id| FieldProblem {
        field: None,
        problem: Text::clean(&format!("request {id}")),
    }));
    complaints
}

/// "detail (code)", at the field of the form.
fn complaint(error: &Value) -> FieldProblem {
    let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let problem = match (text("detail").trim(), text("code").trim()) {
        ("", "") => "is not accepted".to_owned(),
        (detail, "") => detail.to_owned(),
        ("", code) => code.to_owned(),
        (detail, code) => format!("{detail} ({code})"),
    };
    FieldProblem {
        field: field(text("source")),
        problem: Text::clean(&problem),
    }
}

/// A JSON pointer as the field of a form; what no form has stays as it is.
fn field(pointer: &str) -> Option<Text> {
    let path = pointer.trim().trim_start_matches('/');
    let known = FIELDS.iter().find(|(theirs, _)| *theirs == path);
    Text::non_empty(known.map_or(path, |(_, ours)| ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_stand_at_the_fields_of_the_form() {
        for (pointer, expected) in [
            ("/name", Some("name")),
            ("/org_id", Some("organisation")),
            ("/filter/geo", Some("filter/geo")),
            ("/", None),
            ("", None),
        ] {
            let found = field(pointer);
            assert_eq!(found.as_ref().map(Text::as_str), expected, "{pointer}");
        }
    }
}
