//! tsuru behind a server of our own.

use flightdeck::model::{Operation, OperationKind, Text};
use flightdeck::platforms::{Connection, tsuru};
use serde_json::Value;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::harness::{Bench, done_to, fixture_of};

/// An app, and its first process.
pub(crate) const APP: &str = "shop";
pub(crate) const WEB: &str = "shop/web";

/// One answer of `tests/fixtures/tsuru`.
pub(crate) fn fixture(name: &str) -> Value {
    fixture_of("tsuru", name)
}

pub(crate) fn ok(name: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(fixture(name))
}

/// What the server says in plain text, with the line break it ends in.
pub(crate) fn said(status: u16, text: &str) -> ResponseTemplate {
    let body = format!("{text}\n");
    ResponseTemplate::new(status).set_body_raw(body, "text/plain; charset=utf-8")
}

/// The answer of a server that is too old for a route.
pub(crate) fn too_old() -> ResponseTemplate {
    said(404, "404 page not found")
}

/// An action stream: one object for each piece of text.
pub(crate) fn stream(messages: &[&str]) -> ResponseTemplate {
    action(messages, None)
}

/// An action stream that ends in an error.
pub(crate) fn failed_stream(messages: &[&str], error: &str) -> ResponseTemplate {
    action(messages, Some(error))
}

fn action(messages: &[&str], error: Option<&str>) -> ResponseTemplate {
    let at = "2026-11-21T12:00:00.1Z";
    let mut lines: Vec<_> = messages
        .iter()
        .map(|message| serde_json::json!({"Message": message, "Timestamp": at}))
        .collect();
    lines.extend(error.map(|error| {
        serde_json::json!({"Message": "", "Timestamp": "0001-01-01T00:00:00Z", "Error": error})
    }));
    let body: String = lines.iter().map(|line| line.to_string() + "\n").collect();
    ResponseTemplate::new(200).set_body_raw(body, "application/x-json-stream")
}

pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    Bench::start("tsuru", tsuru::connect, operation, change).await
}

/// What was sent that changes something.
pub(crate) async fn writes(tsuru: &Bench) -> Vec<String> {
    let mut sent = tsuru.sent().await;
    sent.retain(|line| !line.starts_with("GET"));
    sent
}

/// Something done to a process.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(APP, WEB, WEB, kind)
}

/// The same done to all of the app.
pub(crate) fn whole(kind: OperationKind) -> Operation {
    let mut operation = operation(kind);
    operation.target.environment = None;
    operation.target.title = Text::clean(APP);
    operation
}

/// Answers a GET whose query has this, from now on; before what answers the path in general.
pub(crate) async fn get_with(
    tsuru: &Bench,
    at: &str,
    query: &[(&'static str, &'static str)],
    answer: ResponseTemplate,
) {
    let mut mock = Mock::given(method("GET")).and(path(at));
    for (key, value) in query {
        mock = mock.and(query_param(*key, *value));
    }
    let mock = mock.respond_with(answer).with_priority(1);
    mock.mount(&tsuru.server).await;
}
