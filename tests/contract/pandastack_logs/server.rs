//! A server of PandaStack whose streams do what a test says, byte by byte.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use flightdeck::model::{Notebook, OrgId};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Platform, pandastack};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::harness::{TOKEN, connection};
use crate::pandastack_harness::{ORGANISATION, set};
use crate::streaming::{Answers, Part, body, send};

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: u16,
    kind: &'static str,
    parts: VecDeque<Part>,
}

impl Answer {
    /// A stream of events.
    pub(super) fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        Self {
            status: 200,
            kind: "text/event-stream",
            parts: parts.into_iter().collect(),
        }
    }

    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            kind: "application/json",
            ..Self::of([send(value.to_string())])
        }
    }
}

#[derive(Default)]
struct World {
    answers: Answers<Answer>,
    asked: Vec<String>,
}

/// The server.
#[derive(Clone)]
pub(super) struct Server {
    world: Arc<Mutex<World>>,
    base: String,
    gate: Arc<Semaphore>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            world: Arc::default(),
            base: format!("http://{}", listener.local_addr().unwrap()),
            gate: Arc::new(Semaphore::new(0)),
        };
        let app = Router::new().fallback(serve).with_state(server.clone());
        #[expect(clippy::disallowed_methods, reason = "there is no engine here")]
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    /// A context that keeps to this dialect.
    pub(super) fn platform(&self, dialect: &str) -> Arc<dyn Platform> {
        self.platform_with(dialect, Patience::default())
    }

    pub(super) fn platform_with(&self, dialect: &str, patience: Patience) -> Arc<dyn Platform> {
        pandastack::connect_with(self.connection(dialect), patience).unwrap()
    }

    /// A context that keeps what it sees in this notebook.
    pub(super) fn noting(&self, dialect: &str, notebook: Arc<dyn Notebook>) -> Arc<dyn Platform> {
        let mut connection = self.connection(dialect);
        connection.notebook = notebook;
        pandastack::connect(connection).unwrap()
    }

    fn connection(&self, dialect: &str) -> Connection {
        let mut connection = connection(&self.base);
        connection.organisation = Some(OrgId::new(ORGANISATION));
        set(&mut connection, "dialect", dialect);
        connection
    }

    /// Answers a call: `GET /v1/projects/shop`.
    pub(super) fn answers(&self, call: &'static str, answers: impl IntoIterator<Item = Answer>) {
        self.world().answers.set(call, answers);
    }

    /// Lets an answer that waits go on.
    pub(super) fn goes_on(&self) {
        self.gate.add_permits(1);
    }

    /// Everything that was asked.
    pub(super) fn asked(&self) -> Vec<String> {
        self.world().asked.clone()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

async fn serve(State(server): State<Server>, request: Request) -> Response {
    let call = format!("{} {}", request.method(), request.uri().path());
    server.world().asked.push(call.clone());
    let bearer = format!("Bearer {TOKEN}");
    let token = request.headers().get("authorization");
    if token.is_none_or(|token| token != bearer.as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(answer) = server.world().answers.next(&call) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let response = Response::builder().status(answer.status);
    let response = response.header("content-type", answer.kind);
    response.body(body(server.gate, answer.parts)).unwrap()
}
