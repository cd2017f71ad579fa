//! A server that answers from fixtures, and a client that talks to it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use flightdeck::model::{
    Accepted, AppId, ContextId, EnvId, Failure, Operation, OperationKind, Page, PageRequest,
    Preview, Revision, Secret, Target, Text,
};
use flightdeck::platforms::{Connection, Platform, divio};
use serde_json::Value;
use url::Url;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const TOKEN: &str = "canary-token";
pub(crate) const APP: &str = "appk2m5p7qrs3tuv4wxy5zab6c";
pub(crate) const LIVE: &str = "livek2m5p7qrs3tuv4wxy5zab6";
pub(crate) const TEST: &str = "testk2m5p7qrs3tuv4wxy5zab6";

/// One answer of `tests/fixtures/<platform>`.
pub(crate) fn fixture_of(platform: &str, name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(platform)
        .join(format!("{name}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// One answer of `tests/fixtures/divio`.
pub(crate) fn fixture(name: &str) -> Value {
    fixture_of("divio", name)
}

pub(crate) fn connection(base: &str) -> Connection {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Connection {
        base_url: Url::parse(base).unwrap(),
        credential: Arc::new(|| Ok(Secret::new(TOKEN))),
        read_only: false,
        organisation: None,
        settings: flightdeck::platforms::Settings::default(),
        notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
        allow_plain_http: false,
    }
}

/// A platform behind a server of our own.
pub(crate) struct Bench {
    pub(crate) server: MockServer,
    pub(crate) platform: Arc<dyn Platform>,
    name: &'static str,
    operation: fn(OperationKind) -> Operation,
}

/// Divio, where what is done is done to shop/live.
pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    Bench::start("divio", divio::connect, operation, change).await
}

impl Bench {
    pub(crate) async fn start(
        name: &'static str,
        connect: impl FnOnce(Connection) -> Result<Arc<dyn Platform>, Failure>,
        operation: fn(OperationKind) -> Operation,
        change: impl FnOnce(&mut Connection),
    ) -> Self {
        let server = MockServer::start().await;
        let mut connection = connection(&server.uri());
        change(&mut connection);
        let platform = connect(connection).unwrap();
        Self {
            server,
            platform,
            name,
            operation,
        }
    }

    /// Answers a GET with a fixture, from now on.
    pub(crate) async fn get(&self, at: &str, name: &str) {
        self.json("GET", at, fixture_of(self.name, name)).await;
    }

    pub(crate) async fn json(&self, verb: &str, at: &str, body: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(body);
        self.answer(verb, at, answer).await;
    }

    /// Text instead of a value: what a value could not hold.
    pub(crate) async fn text(&self, verb: &str, at: &str, body: impl Into<String>) {
        self.answer(verb, at, written(body)).await;
    }

    pub(crate) async fn answer(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at));
        mock.respond_with(answer).mount(&self.server).await;
    }

    /// Answers once; what was mounted later answers after that.
    pub(crate) async fn once(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at));
        let mock = mock.respond_with(answer).up_to_n_times(1);
        mock.mount(&self.server).await;
    }

    /// The same with text.
    pub(crate) async fn once_text(&self, verb: &str, at: &str, body: impl Into<String>) {
        self.once(verb, at, written(body)).await;
    }

    /// Everything that was sent, as `GET /path?query` with the query as it was written.
    pub(crate) async fn sent(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let lines = requests.iter().map(|request| {
            let query = request.url.query().map(|query| format!("?{query}"));
            let path = request.url.path();
            format!("{} {path}{}", request.method, query.unwrap_or_default())
        });
        lines.collect()
    }

    /// The body of the last request, as it was written.
    pub(crate) async fn last_text(&self) -> String {
        let requests = self.server.received_requests().await.unwrap();
        String::from_utf8(requests.last().unwrap().body.clone()).unwrap()
    }

    /// The JSON body of the last request.
    pub(crate) async fn last_body(&self) -> Value {
        let text = self.last_text().await;
        if text.is_empty() {
            return Value::Null;
        }
        let requests = self.server.received_requests().await.unwrap();
        let last = requests.last().unwrap();
        assert_eq!(last.headers["content-type"], "application/json");
        serde_json::from_str(&text).unwrap()
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
        let operation = (self.operation)(kind);
        self.platform
            .operate(&operation, seen.as_ref(), &mut |_| {})
            .await
    }
}

/// A good answer, as it is written.
fn written(body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into(), "application/json")
}

pub(crate) fn ok(name: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(fixture(name))
}

/// Done to shop/live.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(APP, LIVE, "shop/live", kind)
}

/// Done to an environment of an app.
pub(crate) fn done_to(app: &str, environment: &str, title: &str, kind: OperationKind) -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new(app)),
            environment: Some(EnvId::new(environment)),
            title: Text::clean(title),
            class: None,
        },
        kind,
    }
}

/// So many units, of the size they have.
pub(crate) fn scale(units: u32) -> OperationKind {
    OperationKind::Scale {
        process: None,
        units,
        size: None,
    }
}

/// What a preview tells: `label: value`.
pub(crate) fn facts(preview: &Preview) -> Vec<String> {
    let facts = preview.facts.iter();
    facts
        .map(|(label, value)| format!("{label}: {value}"))
        .collect()
}

pub(crate) fn warnings(preview: &Preview) -> Vec<&str> {
    preview.warnings.iter().map(Text::as_str).collect()
}

pub(crate) fn live() -> EnvId {
    EnvId::new(LIVE)
}

pub(crate) fn at<T>(page: &Page<T>) -> PageRequest {
    PageRequest {
        token: page.next.clone(),
        limit: None,
    }
}

pub(crate) fn text(text: &str) -> Text {
    Text::clean(text)
}
