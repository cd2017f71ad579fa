//! The envelope that is around every answer, and the HTTP response. Source: Pangea contract,
//! section 4.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    errors::Refusal,
    forms::{Casing, Code, Frame, Header, Sign, Summary},
    shape::Shape,
    view::View,
};
use crate::sim::{clock::Moment, effects::Undone};

/// Milliseconds that the server says to have taken.
const TAKEN_MS: i64 = 37;

/// What is in an envelope.
pub(super) struct Content {
    code: u16,
    status: &'static str,
    summary: String,
    /// `None` is no result at all.
    result: Option<Value>,
    refusal: Option<Refusal>,
}

/// What was asked for.
pub(super) fn success(result: Option<Value>, shape: &Shape) -> Content {
    Content {
        code: if shape.code == Code::Created {
            201
        } else {
            200
        },
        status: "Success",
        summary: String::new(),
        result,
        refusal: None,
    }
}

/// A request that is not done yet.
pub(super) fn accepted(result: Value, shape: &Shape) -> Content {
    let (code, status) = match shape.sign {
        Sign::CodeAndStatus => (202, "Accepted"),
        Sign::Status => (200, "Accepted"),
        Sign::Code => (202, "Success"),
    };
    Content {
        code,
        status,
        summary: "Your request is in progress".to_owned(),
        result: Some(result),
        refusal: None,
    }
}

/// A refusal.
pub(super) fn refused(refusal: Refusal, result: Option<Value>, shape: &Shape) -> Content {
    let summary = match &refusal.errors {
        Some(errors) => format!("There were {} validation errors", errors.len()),
        None => refusal.summary.to_owned(),
    };
    Content {
        code: if shape.code == Code::AlwaysOk {
            200
        } else {
            refusal.http
        },
        status: refusal.status,
        summary,
        result,
        refusal: Some(refusal),
    }
}

impl Content {
    /// The HTTP response to the request with this identifier.
    pub(super) fn respond(self, request: &str, view: &View) -> Response {
        let (code, refusal) = (self.code, self.refusal.clone());
        let is_bare = refusal.as_ref().is_some_and(|it| it.is_bare);
        let text = if is_bare {
            json!({ "message": self.summary }).to_string()
        } else {
            framed(self.write(request, view), view)
        };
        let is_page = !is_bare && view.shape.frame == Frame::Html;
        let kind = if is_page {
            "text/html"
        } else {
            "application/json"
        };
        let mut response = response(code, kind, text);
        if refusal.is_some() {
            response.extensions_mut().insert(Undone);
        }
        let after = refusal.and_then(|it| it.retry_after);
        if let Some(seconds) = after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        mark(response.headers_mut(), request, view.shape.header);
        response
    }

    fn write(self, request: &str, view: &View) -> Map<String, Value> {
        let taken = Moment(view.now.0 - TAKEN_MS * 1_000);
        let status = cased(&view.tweaks.word(self.status), view.shape.casing);
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("request_id", request.into());
        put("request_time", view.time(taken).into());
        put("response_time", view.time(view.now).into());
        put("status", status.into());
        match view.shape.summary {
            Summary::Text => put("summary", self.summary.into()),
            Summary::Empty => put("summary", "".into()),
            Summary::Null => put("summary", Value::Null),
            Summary::Absent => None,
        };
        if let Some(result) = self.result {
            put("result", result);
        }
        fields
    }
}

/// An envelope as it is written, or what comes in its place.
fn framed(mut fields: Map<String, Value>, view: &View) -> String {
    match view.shape.frame {
        Frame::Envelope => {}
        Frame::Ornate => {
            fields.insert("request_cost".to_owned(), json!({ "units": 1 }));
            if let Some(Value::Object(result)) = fields.get_mut("result") {
                result.insert("labels".to_owned(), json!(["new"]));
            }
        }
        Frame::NoTimes => {
            fields.insert("request_time".to_owned(), "soon".into());
            fields.insert("response_time".to_owned(), format!("{TAKEN_MS}ms").into());
        }
        Frame::NoStatus => {
            fields.remove("status");
        }
        Frame::Html => return "<html><body><h1>Sign in</h1></body></html>\n".to_owned(),
        Frame::List => return Value::Array(vec![Value::Object(fields)]).to_string(),
    }
    Value::Object(fields).to_string()
}

/// A status such as `TooManyRequests` in another spelling.
fn cased(status: &str, casing: Casing) -> String {
    match casing {
        Casing::Usual => status.to_owned(),
        Casing::Lower => status.to_lowercase(),
        Casing::Upper => status.to_uppercase(),
        Casing::Underscored => parted(status, '_').to_lowercase(),
        Casing::Hyphenated => parted(status, '-'),
        Casing::Spaced => parted(status, ' '),
    }
}

fn parted(status: &str, between: char) -> String {
    let mut text = String::new();
    for letter in status.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(between);
        }
        text.push(letter);
    }
    text
}

/// Puts the identifier of the request into the headers.
fn mark(headers: &mut HeaderMap, request: &str, shape: Header) {
    let id = match shape {
        Header::Same => request.to_owned(),
        Header::Other => request.chars().rev().collect(),
        Header::Absent => return,
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// A response with a body of this kind.
pub(super) fn response(code: u16, kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(casing: Casing, expected: &str) {
        assert_eq!(cased("TooManyRequests", casing), expected);
    }

    #[test]
    fn status_is_spelt_in_every_way() {
        check(Casing::Usual, "TooManyRequests");
        check(Casing::Lower, "toomanyrequests");
        check(Casing::Upper, "TOOMANYREQUESTS");
        check(Casing::Underscored, "too_many_requests");
        check(Casing::Hyphenated, "Too-Many-Requests");
        check(Casing::Spaced, "Too Many Requests");
        assert_eq!(cased("Success", Casing::Underscored), "success");
    }
}
