//! An answer before it becomes an HTTP response: everything this platform says is JSON.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;

use super::errors::Refusal;

/// What a handler returns.
pub(super) type Outcome = Result<Reply, Refusal>;

/// Status, headers and body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Absent where the platform answers with nothing.
    pub(super) body: Option<Value>,
}

impl Reply {
    /// A JSON body.
    pub(super) fn json(status: StatusCode, body: Value) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    /// What was asked for.
    pub(super) fn ok(body: Value) -> Reply {
        Reply::json(StatusCode::OK, body)
    }

    /// A new object of the services that tell it by status.
    pub(super) fn created(body: Value) -> Reply {
        Reply::json(StatusCode::CREATED, body)
    }

    /// An action was carried out; there is nothing to say.
    pub(super) fn done() -> Reply {
        Reply {
            status: StatusCode::OK,
            headers: Vec::new(),
            body: None,
        }
    }

    /// Adds a header; one that cannot be written is left out.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Reply {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    /// The HTTP response.
    pub(super) fn into_response(self) -> Response {
        let text = self.body.as_ref().map(Value::to_string);
        let mut response = Response::new(text.map_or_else(Body::empty, Body::from));
        *response.status_mut() = self.status;
        if self.body.is_some() {
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        response.headers_mut().extend(self.headers);
        response
    }
}
