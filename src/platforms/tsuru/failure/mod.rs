//! What the platform's error answers mean: plain texts, and a 500 for most of what a client should
//! understand. `texts` knows the texts, whether they are an answer or stand at the end of a stream.
//!
//! Source: tsuru contract, sections 2 and 3.

mod texts;

use super::paths::{Op, Row, TABLE};
use crate::model::{AuthProblem, Capability, Failure, FieldProblem, Text};
use crate::platforms::http::Refusal;

pub(super) use self::texts::{
    CANCEL_ASKED, NOT_CANCELABLE, explained, is_error_heading, is_no_version,
};

/// How the server answers a path that it does not know.
const UNKNOWN_ROUTE: &str = "404 page not found";

/// What operations need that are refused with a sentence that does not say it.
///
/// Source: tsuru contract, section 5 (perm).
const PERMISSIONS: &[(Op, &str)] = &[
    (Op::AppList, "app.read"),
    (Op::AppGet, "app.read.info"),
    (Op::AppCreate, "app.create"),
    (Op::AppUpdate, "app.update"),
    (Op::AppDelete, "app.delete"),
    (Op::AppStart, "app.update.start"),
    (Op::AppStop, "app.update.stop"),
    (Op::AppRestart, "app.update.restart"),
    (Op::AppRun, "app.run"),
    (Op::AppRebuildRoutes, "app.admin.routes"),
    (Op::AppVersionDelete, "app.update"),
    (Op::AppTeamGrant, "app.update.grant"),
    (Op::AppLog, "app.read.log"),
    (Op::DeployList, "app.read.deploy"),
    (Op::DeployInfo, "app.read.deploy"),
    (Op::AppDeploy, "app.deploy"),
    (Op::DeployRollback, "app.deploy.rollback"),
    (Op::DeployRebuild, "app.deploy"),
    (Op::DeployRollbackUpdate, "app.update.deploy.rollback"),
];

/// Judges an answer that is not 2xx.
pub(super) fn judge(refusal: &Refusal<'_>) -> Failure {
    let row = row_of(refusal);
    if row.is_some_and(|row| row.operation == Op::Login.row().operation)
        && let Some(failure) = of_login(refusal.status)
    {
        return failure;
    }
    if refusal.status != 401
        && let Some(failure) = texts::recognised(&String::from_utf8_lossy(refusal.body))
    {
        return failure;
    }
    by_status(refusal, row)
}

fn by_status(refusal: &Refusal<'_>, row: Option<&'static Row>) -> Failure {
    let said = refusal.excerpt();
    match refusal.status {
        400 => Failure::Validation(vec![FieldProblem {
            field: None,
            problem: said.unwrap_or_else(|| Text::clean("not accepted")),
        }]),
        401 => Failure::Auth(AuthProblem::Rejected),
        403 => Failure::Auth(AuthProblem::Forbidden(lacking(row).or(said))),
        404 if is_unknown_route(said.as_ref()) => match row {
            Some(row) => too_old(row),
            None => gone(refusal),
        },
        404 => gone(refusal),
        409 => Failure::Conflict(said.unwrap_or_else(|| Text::clean("it exists already"))),
        // The server itself has no such limit: something before it let the request not through.
        429 => Failure::RateLimited {
            retry_after: refusal.retry_after(),
            limit: None,
        },
        _ => refusal.server(said),
    }
}

/// A log-in that is refused says nothing about the credential that there is.
///
/// Source: tsuru contract, section 4.
fn of_login(status: u16) -> Option<Failure> {
    match status {
        401 => Some(Failure::invalid("password", "is not the right one")),
        404 => Some(Failure::invalid("email", "nobody has this address here")),
        501 => Some(Failure::unsupported(
            Capability::Special,
            "this server takes no passwords: run `tsuru login`",
        )),
        _ => None,
    }
}

/// This server is too old for an operation.
pub(super) fn too_old(row: &Row) -> Failure {
    let version = row.path.split('/').nth(1).unwrap_or_default();
    let reason = format!(
        "this tsuru server is too old {}: it needs API {version}",
        what_for(row)
    );
    Failure::unsupported(row.capability, &reason)
}

/// Three capabilities stand for many things, and their titles do not say which.
fn what_for(row: &Row) -> String {
    if row.capability == Capability::ListOthers {
        return format!("to list {}", row.noun);
    }
    if [Capability::Special, Capability::CancelEvent].contains(&row.capability) {
        return "for this".to_owned();
    }
    format!("to {}", row.capability.title())
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

fn lacking(row: Option<&'static Row>) -> Option<Text> {
    let name = row?.operation;
    let mut known = PERMISSIONS.iter();
    let (_, permission) = known.find(|(op, _)| op.row().operation == name)?;
    Some(Text::clean(&format!("the token lacks {permission}")))
}
