//! A server of PandaStack whose streams do what a test says, byte by byte.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flightdeck::model::{Notebook, OrgId};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Platform, pandastack};
use futures_util::stream;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::harness::{TOKEN, connection};
use crate::pandastack_harness::{ORGANISATION, set};

/// What happens to a body.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Bytes are sent.
    Send(Vec<u8>),
    /// The test says when it goes on.
    Wait,
    /// The connection breaks.
    Break,
    /// Nothing comes any more.
    Hang,
}

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

pub(super) fn send(text: impl Into<String>) -> Part {
    Part::Send(text.into().into_bytes())
}

/// A body in pieces of so many bytes.
pub(super) fn pieces(body: &str, size: usize) -> Vec<Part> {
    let chunks = body.as_bytes().chunks(size);
    chunks.map(|chunk| Part::Send(chunk.to_vec())).collect()
}

#[derive(Default)]
struct World {
    /// What is answered, by method and path, oldest first; the last one stays.
    answers: Vec<(&'static str, VecDeque<Answer>)>,
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
        let mut world = self.world();
        world.answers.retain(|(known, _)| *known != call);
        world.answers.push((call, answers.into_iter().collect()));
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

    fn answer(&self, call: &str) -> Option<Answer> {
        let mut world = self.world();
        let (_, answers) = world.answers.iter_mut().find(|(known, _)| *known == call)?;
        match answers.len() {
            0 | 1 => answers.front().cloned(),
            _ => answers.pop_front(),
        }
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
    let Some(answer) = server.answer(&call) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let response = Response::builder().status(answer.status);
    let response = response.header("content-type", answer.kind);
    response.body(body(server, answer.parts)).unwrap()
}

fn body(server: Server, parts: VecDeque<Part>) -> Body {
    Body::from_stream(stream::unfold(
        (server, parts),
        |(server, mut parts)| async {
            loop {
                match parts.pop_front()? {
                    Part::Send(bytes) => {
                        // Others have their turn, so that a client sees the pieces as they were cut.
                        tokio::task::yield_now().await;
                        return Some((Ok(Bytes::from(bytes)), (server, parts)));
                    }
                    Part::Wait => server.gate.acquire().await.unwrap().forget(),
                    Part::Break => return Some((Err(io::Error::other("broken")), (server, parts))),
                    Part::Hang => std::future::pending().await,
                }
            }
        },
    ))
}
