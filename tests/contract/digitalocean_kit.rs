//! DigitalOcean behind a server of our own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use flightdeck::platforms::{Connection, Platform, digitalocean};
use serde_json::Value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::connection;

/// One answer of `tests/fixtures/digitalocean`.
pub(crate) fn fixture(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/digitalocean")
        .join(format!("{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap()
}

pub(crate) struct Cloud {
    pub(crate) server: MockServer,
    pub(crate) platform: Arc<dyn Platform>,
}

pub(crate) async fn start() -> Cloud {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Cloud {
    let server = MockServer::start().await;
    let mut connection = connection(&server.uri());
    change(&mut connection);
    let platform = digitalocean::connect(connection).unwrap();
    Cloud { server, platform }
}

impl Cloud {
    /// Answers a GET with a fixture, from now on.
    pub(crate) async fn get(&self, at: &str, name: &str) {
        self.answer("GET", at, ok(name)).await;
    }

    pub(crate) async fn answer(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at));
        mock.respond_with(answer).mount(&self.server).await;
    }

    /// Everything that was sent, as `GET /path?query`.
    pub(crate) async fn sent(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let lines = requests.iter().map(|request| {
            let query = request.url.query().map(|query| format!("?{query}"));
            let path = request.url.path();
            format!("{} {path}{}", request.method, query.unwrap_or_default())
        });
        lines.collect()
    }
}

pub(crate) fn ok(name: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(fixture(name))
}

pub(crate) fn error(status: u16, name: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(fixture(name))
}
