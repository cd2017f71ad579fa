//! Refusals. Source: DigitalOcean contract, section 2.

use axum::http::StatusCode;
use serde_json::json;

use super::reply::Reply;
use crate::sim::host::Wanted;

const EDGE_PAGE: &str =
    "<!DOCTYPE html>\n<html><head><title>524: A timeout occurred</title></head></html>\n";

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    id: &'static str,
    message: String,
    /// Seconds to wait, where the platform says so.
    retry_after: Option<i64>,
}

impl Refusal {
    fn new(status: StatusCode, id: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            id,
            message: message.into(),
            retry_after: None,
        }
    }

    /// The request is wrong, or asks for what is not there yet.
    pub(super) fn bad(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// What the apps service says to an identifier that is none.
    pub(super) fn invalid_uuid() -> Refusal {
        Refusal::bad("invalid uuid")
    }

    /// The token is missing or wrong.
    pub(super) fn unauthorised() -> Refusal {
        let message = "Unable to authenticate you";
        Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// There is no such object or path.
    pub(super) fn missing() -> Refusal {
        let message = "The resource you requested could not be found.";
        Refusal::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// The path exists, not with this method.
    pub(super) fn method() -> Refusal {
        let message = "This method is not allowed here.";
        Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            message,
        )
    }

    /// The state does not allow it.
    pub(super) fn conflict(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// The services other than that of the apps refuse what they cannot do.
    pub(super) fn unprocessable(message: impl Into<String>) -> Refusal {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Refusal::new(status, "unprocessable_entity", message)
    }

    /// Too many requests; only a burst says how long to wait.
    pub(super) fn throttled(retry_after: Option<i64>) -> Refusal {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let message = "API rate limit exceeded.";
        Refusal {
            retry_after,
            ..Refusal::new(status, "too_many_requests", message)
        }
    }

    /// The edge gave up waiting for the platform.
    pub(super) fn edge_timeout() -> Refusal {
        let status = StatusCode::from_u16(524).unwrap_or(StatusCode::GATEWAY_TIMEOUT);
        Refusal::new(status, "server_error", "A timeout occurred")
    }

    /// What a fault asks for, as this platform says it.
    pub(super) fn wanted(wanted: &Wanted<'_>) -> Refusal {
        let status = wanted.status;
        let refused = |id| Refusal::new(status, id, wanted.reason());
        match status.as_u16() {
            400 => refused("bad_request"),
            401 => Refusal::unauthorised(),
            403 => refused("forbidden"),
            404 => Refusal::missing(),
            405 => Refusal::method(),
            409 => refused("conflict"),
            429 => Refusal::throttled(None),
            524 => Refusal::edge_timeout(),
            500.. => refused("server_error"),
            _ => refused("unprocessable_entity"),
        }
    }

    /// The status of the answer.
    #[cfg(test)]
    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// What is said to people.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The answer on the wire.
    pub(super) fn reply(&self, request_id: &str) -> Reply {
        // It comes from in front of the platform, and is written for browsers.
        if self.status.as_u16() == 524 {
            return Reply::page(self.status, EDGE_PAGE);
        }
        let body = json!({ "id": self.id, "message": self.message, "request_id": request_id });
        let reply = Reply::json(self.status, body);
        match self.retry_after {
            Some(seconds) => reply.with("retry-after", &seconds.to_string()),
            None => reply,
        }
    }
}
