//! An answer before it becomes an HTTP response.

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
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// A JSON body.
    pub(super) fn json(status: StatusCode, value: &Value) -> Reply {
        Reply::bytes(status, "application/json", value.to_string().into_bytes())
    }

    /// A body of any kind.
    pub(super) fn bytes(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Reply {
        let kind = HeaderValue::from_static(kind);
        Reply {
            status,
            headers: vec![(header::CONTENT_TYPE, kind)],
            body,
        }
    }

    /// The object, for a read.
    pub(super) fn ok(value: &Value) -> Reply {
        Reply::json(StatusCode::OK, value)
    }

    /// The written fields of a new object.
    pub(super) fn created(value: &Value) -> Reply {
        Reply::json(StatusCode::CREATED, value)
    }

    /// An action was carried out; there is nothing to say.
    pub(super) fn done() -> Reply {
        Reply {
            status: StatusCode::OK,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The object is gone.
    pub(super) fn deleted() -> Reply {
        Reply {
            status: StatusCode::NO_CONTENT,
            headers: Vec::new(),
            body: Vec::new(),
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
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }
}
