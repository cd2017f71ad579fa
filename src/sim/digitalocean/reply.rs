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
    /// What stands in for the body where the edge answers, not the platform.
    page: Option<&'static str>,
}

impl Reply {
    /// A JSON body.
    pub(super) fn json(status: StatusCode, body: Value) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Some(body),
            page: None,
        }
    }

    /// A page of the edge.
    pub(super) fn page(status: StatusCode, page: &'static str) -> Reply {
        Reply {
            status,
            page: Some(page),
            ..Reply::done()
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
            page: None,
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
        let (text, kind) = match (self.body, self.page) {
            (Some(body), _) => (body.to_string(), "application/json; charset=utf-8"),
            (None, Some(page)) => (page.to_owned(), "text/html"),
            (None, None) => (String::new(), ""),
        };
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        if !kind.is_empty() {
            let kind = HeaderValue::from_static(kind);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        response.headers_mut().extend(self.headers);
        response
    }
}
