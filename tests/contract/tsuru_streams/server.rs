//! A tsuru server whose streams do what a test says, byte by byte: written here, so that no
//! misunderstanding is shared with the simulator.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Platform, tsuru};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::harness::{TOKEN, connection};
use crate::streaming::{Answers, Part, body, send};

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: u16,
    event: Option<&'static str>,
    parts: VecDeque<Part>,
}

impl Answer {
    pub(super) fn of(parts: impl IntoIterator<Item = Part>) -> Self {
        Self {
            status: 200,
            event: None,
            parts: parts.into_iter().collect(),
        }
    }

    pub(super) fn json(value: &Value) -> Self {
        Self::of([send(value.to_string())])
    }

    pub(super) fn error(status: u16, text: &str) -> Self {
        Self {
            status,
            ..Self::of([send(format!("{text}\n"))])
        }
    }

    /// Names the event that the call has made.
    pub(super) fn named(mut self, event: &'static str) -> Self {
        self.event = Some(event);
        self
    }
}

/// What a console does: frames that it sends at once, and what it answers to what it hears.
#[derive(Clone, Copy)]
pub(super) struct Shell {
    pub(super) first: &'static [&'static [u8]],
    pub(super) ends: bool,
}

/// What the server is like.
#[derive(Default)]
pub(super) struct World {
    answers: Answers<Answer>,
    /// Everything that was asked.
    pub(super) asked: Vec<String>,
    /// What consoles were sent.
    pub(super) heard: Vec<Vec<u8>>,
    pub(super) shell: Option<Shell>,
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

    pub(super) fn platform(&self) -> Arc<dyn Platform> {
        self.platform_with(Patience::default(), |_| {})
    }

    pub(super) fn platform_with(
        &self,
        patience: Patience,
        change: impl FnOnce(&mut Connection),
    ) -> Arc<dyn Platform> {
        let mut connection = connection(&self.base);
        change(&mut connection);
        tsuru::connect_with(connection, patience).unwrap()
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Answers a call: `GET /1.0/apps/shop`.
    pub(super) fn answers(&self, call: &'static str, answers: impl IntoIterator<Item = Answer>) {
        self.world().answers.set(call, answers);
    }

    /// Lets an answer that waits go on.
    pub(super) fn goes_on(&self) {
        self.gate.add_permits(1);
    }

    /// What was asked of one path, with its query.
    pub(super) fn asked(&self, call: &str) -> Vec<String> {
        let world = self.world();
        let asked = world.asked.iter().filter(|it| it.starts_with(call));
        asked.cloned().collect()
    }
}

async fn serve(State(server): State<Server>, request: Request) -> Response {
    let call = format!("{} {}", request.method(), request.uri().path());
    let query = request.uri().query().map(|query| format!("?{query}"));
    let asked = format!("{call}{}", query.unwrap_or_default());
    server.world().asked.push(asked);
    let bearer = format!("bearer {TOKEN}");
    let token = request.headers().get("authorization");
    if token.is_none_or(|token| token != bearer.as_str()) {
        return (StatusCode::UNAUTHORIZED, "no token\n").into_response();
    }
    let shell = server.world().shell;
    if let Some(shell) = shell.filter(|_| call.ends_with("/shell")) {
        let (mut parts, _) = request.into_parts();
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade.on_upgrade(move |socket| console(server, socket, shell)),
            Err(refused) => refused.into_response(),
        };
    }
    let Some(answer) = server.world().answers.next(&call) else {
        return (StatusCode::NOT_FOUND, "404 page not found\n").into_response();
    };
    let mut response = Response::builder().status(answer.status);
    if let Some(event) = answer.event {
        response = response.header("X-Tsuru-Eventid", event);
    }
    response.body(body(server.gate, answer.parts)).unwrap()
}

/// Says what it is to say, then what it hears, and ends at `exit`.
async fn console(server: Server, mut socket: WebSocket, shell: Shell) {
    for frame in shell.first {
        // The library sends text only if it is text: this one is told to be by its own hand.
        let _gone = socket
            .send(Message::Binary(Bytes::from_static(frame)))
            .await;
    }
    let goodbye = || {
        Message::Close(Some(CloseFrame {
            code: 1000,
            reason: "".into(),
        }))
    };
    if shell.ends {
        let _gone = socket.send(goodbye()).await;
    }
    while let Some(Ok(message)) = socket.recv().await {
        let typed = match message {
            Message::Text(text) => text.as_bytes().to_vec(),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {
                continue;
            }
        };
        server.world().heard.push(typed.clone());
        let reply = match typed.as_slice() {
            b"exit\r" => goodbye(),
            typed => Message::Text(String::from_utf8_lossy(typed).into_owned().into()),
        };
        let _gone = socket.send(reply).await;
    }
}
