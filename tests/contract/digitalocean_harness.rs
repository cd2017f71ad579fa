//! `DigitalOcean` behind a server of our own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use flightdeck::model::{
    Accepted, AppId, ContextId, EnvId, Failure, Operation, OperationKind, Revision, Target, Text,
};
use flightdeck::platforms::{Connection, Platform, digitalocean};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::connection;

pub(crate) const APP: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf";
pub(crate) const WEB: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf/web";

/// One answer of `tests/fixtures/digitalocean`.
pub(crate) fn fixture(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/digitalocean")
        .join(format!("{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn ok(name: &str) -> ResponseTemplate {
    error(200, name)
}

pub(crate) fn error(status: u16, name: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(fixture(name))
}

pub(crate) struct Ocean {
    pub(crate) server: MockServer,
    pub(crate) platform: Arc<dyn Platform>,
}

pub(crate) async fn start() -> Ocean {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Ocean {
    let server = MockServer::start().await;
    let mut connection = connection(&server.uri());
    change(&mut connection);
    let platform = digitalocean::connect(connection).unwrap();
    Ocean { server, platform }
}

impl Ocean {
    /// Answers a GET with a fixture, from now on.
    pub(crate) async fn get(&self, at: &str, name: &str) {
        self.answer("GET", at, ok(name)).await;
    }

    pub(crate) async fn answer(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at));
        mock.respond_with(answer).mount(&self.server).await;
    }

    pub(crate) async fn json(&self, verb: &str, at: &str, body: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(body);
        self.answer(verb, at, answer).await;
    }

    /// Text instead of a value: what a value could not hold.
    pub(crate) async fn text(&self, verb: &str, at: &str, body: impl Into<String>) {
        let answer = ResponseTemplate::new(200).set_body_raw(body.into(), "application/json");
        self.answer(verb, at, answer).await;
    }

    /// Answers once; what was mounted later answers after that.
    pub(crate) async fn once(&self, verb: &str, at: &str, body: impl Into<String>) {
        let answer = ResponseTemplate::new(200).set_body_raw(body.into(), "application/json");
        let mock = Mock::given(method(verb)).and(path(at));
        let mock = mock.respond_with(answer).up_to_n_times(1);
        mock.mount(&self.server).await;
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

    /// What was sent that changes something.
    pub(crate) async fn writes(&self) -> Vec<String> {
        let reads = ["/v2/apps/propose", "/rollback/validate"];
        let mut sent = self.sent().await;
        sent.retain(|line| !line.starts_with("GET") && !reads.iter().any(|it| line.ends_with(it)));
        sent
    }

    /// The body of the last request, as it was written.
    pub(crate) async fn last_text(&self) -> String {
        let requests = self.server.received_requests().await.unwrap();
        String::from_utf8(requests.last().unwrap().body.clone()).unwrap()
    }

    pub(crate) async fn last_body(&self) -> Value {
        match self.last_text().await.as_str() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap(),
        }
    }

    pub(crate) async fn operate(&self, kind: OperationKind) -> Result<Accepted, Failure> {
        self.operate_on(kind, None).await
    }

    pub(crate) async fn operate_on(
        &self,
        kind: OperationKind,
        seen: Option<&str>,
    ) -> Result<Accepted, Failure> {
        let seen = seen.map(|seen| Revision(Text::clean(seen)));
        let operation = operation(kind);
        self.platform
            .operate(&operation, seen.as_ref(), &mut |_| {})
            .await
    }
}

pub(crate) fn operation(kind: OperationKind) -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new(APP)),
            environment: Some(EnvId::new(WEB)),
            title: Text::clean("shop/web"),
            class: None,
        },
        kind,
    }
}

/// An answer that names a deployment.
pub(crate) fn begun(id: &str) -> Value {
    json!({"deployment": {"id": id, "phase": "PENDING_BUILD"}})
}
