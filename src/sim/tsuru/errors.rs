//! Refusals: plain text, a line each. Source: tsuru contract, section 2.

use axum::http::StatusCode;

use super::reply::Reply;
use crate::sim::host::Wanted;

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    /// Somebody else holds the lock: the server tries for a while before it says so.
    waits: bool,
}

impl Refusal {
    /// A refusal with this status.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            message: message.into(),
            waits: false,
        }
    }

    /// The request is wrong.
    pub(super) fn bad(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such object; the message names it.
    pub(super) fn missing(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, message)
    }

    /// It exists already.
    pub(super) fn conflict(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::CONFLICT, message)
    }

    /// Not allowed.
    pub(super) fn forbidden(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::FORBIDDEN, message)
    }

    /// Everything else, conflicts included.
    pub(super) fn failed(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The user lacks the permission.
    pub(super) fn no_permission() -> Refusal {
        Refusal::forbidden("You don't have permission to do this action")
    }

    /// No token, or one that is unknown or has expired.
    pub(super) fn unauthorised() -> Refusal {
        let message = "You must provide a valid Authorization header";
        Refusal::new(StatusCode::UNAUTHORIZED, message)
    }

    /// Another event holds the lock.
    pub(super) fn locked(message: String) -> Refusal {
        Refusal {
            waits: true,
            ..Refusal::failed(message)
        }
    }

    /// There is no such path in this version.
    pub(super) fn no_route() -> Refusal {
        Refusal::missing("404 page not found")
    }

    /// Whether it is said because there is no such path.
    pub(super) fn is_no_route(&self) -> bool {
        *self == Refusal::no_route()
    }

    /// There is no such app.
    pub(super) fn no_app(name: &str) -> Refusal {
        Refusal::missing(format!("App {name} not found."))
    }

    /// What a fault asks for, as this platform says it.
    pub(super) fn wanted(wanted: &Wanted<'_>) -> Refusal {
        match wanted.status.as_u16() {
            401 => Refusal::unauthorised(),
            403 => Refusal::no_permission(),
            _ => Refusal::new(wanted.status, wanted.reason()),
        }
    }

    /// Whether it may be gone if one waits.
    pub(super) fn is_locked(&self) -> bool {
        self.waits
    }

    /// What is said.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The answer on the wire.
    pub(super) fn reply(&self) -> Reply {
        let reply = Reply::text(self.status, format!("{}\n", self.message));
        if self.status == StatusCode::UNAUTHORIZED {
            return reply.with("www-authenticate", r#"Bearer realm="tsuru" scope="tsuru""#);
        }
        reply
    }
}
