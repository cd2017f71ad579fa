//! What the platform's error answers mean: plain texts, and a 500 for most of what a client should
//! understand.
//!
//! Source: tsuru contract, section 2.

use super::paths::{Row, TABLE};
use crate::model::{AuthProblem, Failure, FieldProblem, Text};
use crate::platforms::http::Refusal;

/// How the server answers a path that it does not know.
const UNKNOWN_ROUTE: &str = "404 page not found";

/// Judges an answer that is not 2xx.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    let said = refusal.excerpt();
    match refusal.status {
        400 => Failure::Validation(vec![FieldProblem {
            field: None,
            problem: said.unwrap_or_else(|| Text::clean("not accepted")),
        }]),
        401 => Failure::Auth(AuthProblem::Rejected),
        403 => Failure::Auth(AuthProblem::Forbidden(said)),
        404 if is_unknown_route(said.as_ref()) => match row_of(refusal) {
            Some(row) => too_old(row),
            None => gone(refusal),
        },
        404 => gone(refusal),
        409 => Failure::Conflict(said.unwrap_or_else(|| Text::clean("it exists already"))),
        _ => refusal.server(said),
    }
}

/// This server is too old for an operation.
pub(super) fn too_old(row: &Row) -> Failure {
    let version = row.path.split('/').nth(1).unwrap_or_default();
    let reason = format!(
        "this tsuru server is too old to {}: it needs API {version}",
        row.capability.title()
    );
    Failure::unsupported(row.capability, &reason)
}

fn gone(refusal: &Refusal<'_>) -> Failure {
    Failure::NotFound {
        subject: refusal.call.subject.clone(),
    }
}

fn is_unknown_route(said: Option<&Text>) -> bool {
    said.is_some_and(|said| said.as_str().trim() == UNKNOWN_ROUTE)
}

fn row_of(refusal: &Refusal<'_>) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.operation == refusal.call.operation)
}

/// Not written yet.
pub(super) fn unbuilt() -> Failure {
    Failure::unsupported(crate::model::Capability::Special, "not built yet")
}
