//! Refusals, and the bodies they can have: the contract publishes the codes only. Source:
//! PandaStack contract, section 5.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    forms::ErrorForm,
    reply::{text, write},
    routes,
    shape::Shape,
};
use crate::sim::host::{Dialect, Wanted};

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// The parameter that is wrong.
    param: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            status,
            code,
            message: message.into(),
            param: None,
        }
    }

    /// The request is wrong.
    pub(super) fn bad(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// A parameter of the request is wrong.
    pub(super) fn invalid(param: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            param: Some(param),
            ..Refusal::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
        }
    }

    /// The token is unknown or has expired.
    pub(super) fn unauthorised() -> Refusal {
        let message = "Invalid or expired API token";
        Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message)
    }

    /// It is another organisation's.
    pub(super) fn forbidden() -> Refusal {
        let message = "You do not have access to this organization";
        Refusal::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    /// There is no such object.
    pub(super) fn missing(what: &str) -> Refusal {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            format!("{what} not found"),
        )
    }

    /// There is no such path.
    pub(super) fn no_route() -> Refusal {
        Refusal::missing("Route")
    }

    /// There is no such app.
    pub(super) fn no_app() -> Refusal {
        Refusal::missing("Managed app")
    }

    /// What a fault asks for.
    pub(super) fn wanted(wanted: &Wanted<'_>) -> Refusal {
        let code = match wanted.status.as_u16() {
            401 => return Refusal::unauthorised(),
            403 => return Refusal::forbidden(),
            404 => return Refusal::no_route(),
            400 => "BAD_REQUEST",
            402 => "PAYMENT_REQUIRED",
            409 => "CONFLICT",
            422 => "VALIDATION_ERROR",
            429 => "RATE_LIMITED",
            503 => "SERVICE_UNAVAILABLE",
            _ => "INTERNAL_ERROR",
        };
        Refusal::new(wanted.status, code, wanted.reason())
    }

    /// The answer to a request for this path.
    pub(super) fn answer(&self, path: &str, shape: &Shape) -> Response {
        match routes::dialect(path) {
            Dialect::V1 => self.published(),
            Dialect::ApiV1 | Dialect::Both => self.shaped(shape),
        }
    }

    /// With another status.
    pub(super) fn with(self, status: StatusCode) -> Refusal {
        Refusal { status, ..self }
    }

    /// The answer in dialect `v1`, whose errors are published.
    fn published(&self) -> Response {
        write(self.status, &self.nested())
    }

    /// The answer in dialect `api-v1`.
    fn shaped(&self, shape: &Shape) -> Response {
        let message = &self.message;
        let body = match shape.error {
            ErrorForm::Nested => self.nested(),
            ErrorForm::Text => json!({ "error": message, "code": self.code }),
            ErrorForm::Message => json!({ "message": message, "statusCode": self.status.as_u16() }),
            ErrorForm::Messages => json!({ "message": [message], "error": null }),
            ErrorForm::Errors(what, place) => {
                json!({ "errors": [{ what: message, place: self.param.unwrap_or("request") }] })
            }
            ErrorForm::ErrorTexts => json!({ "errors": [message] }),
            ErrorForm::Under(name) => json!({ name: message, "code": self.code }),
            ErrorForm::Html => return text(self.status, "text/html", self.page()),
            ErrorForm::Plain => return text(self.status, "text/plain", message.clone()),
            ErrorForm::Nothing => return text(self.status, "application/json", String::new()),
            // Whoever has no token learns that by the status.
            ErrorForm::Ok if self.status == StatusCode::UNAUTHORIZED => self.nested(),
            ErrorForm::Ok => return write(StatusCode::OK, &self.nested()),
        };
        write(self.status, &body)
    }

    fn nested(&self) -> Value {
        json!({
            "success": false,
            "error": { "code": self.code, "message": self.message },
        })
    }

    fn page(&self) -> String {
        format!(
            "<!DOCTYPE html>\n<html><head><title>Error</title></head>\n<body><pre>{}</pre></body></html>\n",
            self.message
        )
    }
}
