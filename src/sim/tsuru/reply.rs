//! An answer before it becomes an HTTP response: JSON, plain text, nothing, or an event to play.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;

use super::{errors::Refusal, stream::Play};

/// What a handler returns.
pub(super) type Outcome = Result<Reply, Refusal>;

/// Status, headers and body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Nothing,
    Json(Value),
    Text(String),
    Play(Play),
}

impl Reply {
    fn new(status: StatusCode, content: Content) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            content,
        }
    }

    /// What was asked for.
    pub(super) fn ok(body: Value) -> Reply {
        Reply::new(StatusCode::OK, Content::Json(body))
    }

    /// A new object.
    pub(super) fn created(body: Value) -> Reply {
        Reply::new(StatusCode::CREATED, Content::Json(body))
    }

    /// A list, which is no content at all when it is empty.
    pub(super) fn list(items: Vec<Value>) -> Reply {
        if items.is_empty() {
            return Reply::no_content();
        }
        Reply::ok(Value::Array(items))
    }

    /// Done; there is nothing to say.
    pub(super) fn done() -> Reply {
        Reply::new(StatusCode::OK, Content::Nothing)
    }

    /// Done, and told by the status that nothing follows.
    pub(super) fn no_content() -> Reply {
        Reply::new(StatusCode::NO_CONTENT, Content::Nothing)
    }

    /// Plain text.
    pub(super) fn text(status: StatusCode, text: String) -> Reply {
        Reply::new(status, Content::Text(text))
    }

    /// Something that takes its time.
    pub(super) fn stream(play: Play) -> Reply {
        Reply::new(StatusCode::OK, Content::Play(play))
    }

    /// Adds a header; one that cannot be written is left out.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Reply {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    /// What is to be played, if this is a stream.
    pub(super) fn play(&self) -> Option<Play> {
        match &self.content {
            Content::Play(play) => Some(play.clone()),
            Content::Nothing | Content::Json(_) | Content::Text(_) => None,
        }
    }

    /// The HTTP response; of a stream, its head.
    pub(super) fn into_response(self) -> Response {
        let (text, kind) = match self.content {
            Content::Json(body) => (body.to_string(), "application/json"),
            Content::Text(text) => (text, "text/plain; charset=utf-8"),
            Content::Nothing | Content::Play(_) => (String::new(), ""),
        };
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if !kind.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        // The oldest official client that is accepted; not the version of the server.
        headers.insert("supported-tsuru", HeaderValue::from_static("1.0.1"));
        headers.extend(self.headers);
        response
    }

    /// The body, for tests.
    #[cfg(test)]
    pub(super) fn json(&self) -> Value {
        match &self.content {
            Content::Json(body) => body.clone(),
            Content::Nothing | Content::Text(_) | Content::Play(_) => Value::Null,
        }
    }
}
