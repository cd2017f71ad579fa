//! A platform whose streams do what a test says: written here, so that no misunderstanding is
//! shared with the simulator.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use flightdeck::platforms::Platform;
use flightdeck::platforms::digitalocean;
use flightdeck::platforms::http::Patience;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::harness::connection;

/// Part of every link; must show nowhere.
pub(super) const LINK: &str = "canary-link";

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// With a close frame.
    Close(u16),
    /// Without a word.
    Drop,
    /// Not at all.
    Hang,
}

/// What one connection to a stream does: all that was written is sent again as far as was asked,
/// then new lines are written.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// Lines that are written before anybody is connected.
    pub(super) missed: usize,
    /// Lines that are written while somebody is.
    pub(super) written: usize,
    /// Characters in a frame.
    pub(super) frame: usize,
    /// Characters of one more line, of which the rest comes later.
    pub(super) half: usize,
    /// A frame that is no piece of the log, and comes first.
    pub(super) noise: Option<&'static str>,
    pub(super) end: End,
    /// What changes before the end.
    pub(super) then: fn(&mut World),
}

impl Course {
    pub(super) fn new(written: usize, end: End) -> Self {
        Self {
            missed: 0,
            written,
            frame: usize::MAX,
            half: 0,
            noise: None,
            end,
            then: |_| {},
        }
    }
}

/// What a link to an archive gives: status, whether it is compressed and says so, text. One whose
/// name begins with `packed` is compressed and does not say so.
pub(super) type File = (u16, bool, &'static str);

/// What the platform is like.
#[derive(Default)]
pub(super) struct World {
    pub(super) active: Option<&'static str>,
    pub(super) phase: &'static str,
    /// The log, as far as it was written; and what will be.
    pub(super) log: Vec<String>,
    pub(super) future: VecDeque<String>,
    pub(super) courses: VecDeque<Course>,
    /// What is answered to who asks for a kind of log, oldest first; the last one stays.
    pub(super) answers: Vec<(&'static str, VecDeque<Value>)>,
    /// What links to archives give, by name.
    pub(super) archives: Vec<(&'static str, VecDeque<File>)>,
    /// What is answered to who wants a stream; its text to who does not.
    pub(super) blocked: Option<u16>,
    /// What is read as a file, oldest first; the last one stays.
    pub(super) files: VecDeque<&'static str>,
    /// Everything that was asked.
    pub(super) asked: Vec<String>,
    /// What went to a link with a credential. Must be empty.
    pub(super) leaks: Vec<String>,
    /// What consoles were sent, and how streams were left.
    pub(super) heard: Vec<String>,
}

impl World {
    fn write(&mut self, count: usize) {
        let new = count.min(self.future.len());
        self.log.extend(self.future.drain(..new));
    }
}

/// The server.
#[derive(Clone, Default)]
pub(super) struct Server {
    world: Arc<Mutex<World>>,
    base: String,
    /// Rings when something was heard.
    bell: Arc<Notify>,
}

impl Server {
    pub(super) async fn start(world: World) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            world: Arc::new(Mutex::new(world)),
            base: format!("http://{}", listener.local_addr().unwrap()),
            bell: Arc::default(),
        };
        let app = Router::new().fallback(serve).with_state(server.clone());
        #[expect(clippy::disallowed_methods, reason = "there is no engine here")]
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    pub(super) fn platform(&self) -> Arc<dyn Platform> {
        let patience = Patience::default();
        digitalocean::connect_with(connection(&self.base), patience).unwrap()
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Waits until something was heard that `is` it.
    pub(super) async fn hears(&self, is: impl Fn(&[String]) -> bool) {
        let heard = async {
            while !is(&self.world().heard) {
                self.bell.notified().await;
            }
        };
        let limit = std::time::Duration::from_secs(10);
        tokio::time::timeout(limit, heard).await.unwrap();
    }

    fn note(&self, heard: String) {
        self.world().heard.push(heard);
        self.bell.notify_one();
    }

    fn links(&self, kind: &str, tail: &str) -> Response {
        let mut world = self.world();
        let answers = world.answers.iter_mut().find(|(known, _)| *known == kind);
        let answer = answers.and_then(|(_, answers)| match answers.len() {
            0 | 1 => answers.front().cloned(),
            _ => answers.pop_front(),
        });
        let Some(answer) = answer.filter(|answer| !answer.is_null()) else {
            let body = json!({"id": "bad_request", "message": "cannot get logs in this phase"});
            return (StatusCode::BAD_REQUEST, axum::Json(body)).into_response();
        };
        let text = answer.to_string();
        let text = text.replace("HOST", self.base.trim_start_matches("http://"));
        let text = text.replace("TOKEN", &format!("{LINK}.{tail}"));
        axum::Json(serde_json::from_str::<Value>(&text).unwrap()).into_response()
    }
}

/// A link to a stream.
pub(super) fn live() -> Value {
    json!({"live_url": "ws://HOST/stream?token=TOKEN"})
}

async fn serve(State(server): State<Server>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
            .to_owned()
    };
    let has_token = request.headers().contains_key("authorization");
    if let Some(rest) = path.strip_prefix("/v2/apps/") {
        server.world().asked.push(format!("{rest}?{query}"));
        return match rest.rsplit('/').next().unwrap_or_default() {
            "logs" => server.links(&value("type"), &value("tail_lines")),
            "exec" => axum::Json(json!({
                "url": server.base.replace("http", "ws") + "/console?token=" + LINK
            }))
            .into_response(),
            _ => server.record(rest),
        };
    }
    if has_token {
        server.world().leaks.push(path.clone());
    }
    if let Some(name) = path.strip_prefix("/archive/") {
        return server.archive(name);
    }
    let is_stream = request.headers().contains_key("upgrade");
    let blocked = server.world().blocked;
    if let Some(status) = blocked {
        let status = StatusCode::from_u16(status).unwrap();
        return if is_stream {
            (status, "no streams here").into_response()
        } else {
            server.file().into_response()
        };
    }
    let (mut parts, _) = request.into_parts();
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if path == "/console" {
        return upgrade.on_upgrade(move |socket| console(server, socket));
    }
    let tail = value("token")
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    let course = server.world().courses.pop_front();
    let Some(course) = course else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    upgrade.on_upgrade(move |socket| stream(server, socket, tail, course))
}

impl Server {
    fn record(&self, path: &str) -> Response {
        let world = self.world();
        let phase = world.phase;
        let body = if path.contains("/events/") {
            json!({"event": {"autoscaling": {"phase": phase}}})
        } else if path.contains("/job-invocations/") {
            json!({"job_invocation": {"phase": phase}})
        } else if path.contains("/deployments/") {
            json!({"deployment": {"id": "d", "phase": phase}})
        } else {
            let active = world.active.map(|id| json!({"id": id}));
            json!({"app": {"id": path, "active_deployment": active}})
        };
        axum::Json(body).into_response()
    }

    fn file(&self) -> &'static str {
        let files = &mut self.world().files;
        match files.len() {
            0 | 1 => files.front().copied().unwrap_or_default(),
            _ => files.pop_front().unwrap(),
        }
    }

    fn archive(&self, name: &str) -> Response {
        let mut world = self.world();
        let archive = world.archives.iter_mut().find(|(known, _)| *known == name);
        let Some((_, answers)) = archive else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let (status, is_compressed, text) = match answers.len() {
            1 => answers[0],
            _ => answers.pop_front().unwrap(),
        };
        let response = Response::builder().status(status);
        if is_compressed {
            let response = response.header("content-encoding", "gzip");
            return response.body(Body::from(gzip(text.as_bytes()))).unwrap();
        }
        if name.starts_with("packed") {
            return response.body(Body::from(gzip(text.as_bytes()))).unwrap();
        }
        response.body(Body::from(text)).unwrap()
    }
}

/// As `gzip -0` would: stored, not squeezed.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    let length = u16::try_from(bytes.len()).unwrap();
    out.write_all(&length.to_le_bytes()).unwrap();
    out.write_all(&(!length).to_le_bytes()).unwrap();
    out.write_all(bytes).unwrap();
    out.write_all(&crc32(bytes).to_le_bytes()).unwrap();
    out.write_all(&u32::from(length).to_le_bytes()).unwrap();
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// Sends what the course says. A client that has gone is nobody's loss.
async fn stream(server: Server, mut socket: WebSocket, tail: String, course: Course) {
    let text = {
        let mut world = server.world();
        world.write(course.missed);
        let from = match tail.parse::<usize>() {
            Ok(tail) => world.log.len().saturating_sub(tail),
            Err(_) => 0,
        };
        world.write(course.written);
        let mut text = String::new();
        for line in &world.log[from..] {
            writeln!(text, "{line}").unwrap();
        }
        if course.half > 0 {
            world.write(1);
            let last = world.log.last().cloned().unwrap_or_default();
            text.extend(last.chars().take(course.half));
        }
        text
    };
    if let Some(noise) = course.noise {
        let _gone = socket.send(Message::Text(noise.into())).await;
    }
    let mut rest: Vec<char> = text.chars().collect();
    while !rest.is_empty() {
        let piece: String = rest.drain(..course.frame.min(rest.len())).collect();
        let frame = json!({"data": piece}).to_string();
        let _gone = socket.send(Message::Text(frame.into())).await;
        // Others have their turn, so that a client waits between two frames.
        tokio::task::yield_now().await;
    }
    (course.then)(&mut server.world());
    match course.end {
        End::Drop => return,
        End::Close(code) => {
            let reason = LINK.into();
            let close = CloseFrame { code, reason };
            let _gone = socket.send(Message::Close(Some(close))).await;
        }
        End::Hang => {}
    }
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Close(frame) = message {
            let code = frame.map_or(1005, |frame| frame.code);
            server.note(format!("left {code}"));
            return;
        }
    }
}

/// Says what it hears, and ends at `exit`.
async fn console(server: Server, mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else {
            continue;
        };
        server.note(text.to_string());
        let said: Value = serde_json::from_str(&text).unwrap();
        let data = said["data"].as_str().unwrap_or_default();
        if data == "exit\r" {
            let close = CloseFrame {
                code: 1000,
                reason: "".into(),
            };
            let _gone = socket.send(Message::Close(Some(close))).await;
        } else if !data.is_empty() {
            let frame = json!({"data": format!("\u{1b}[32m{data}")}).to_string();
            let _gone = socket.send(Message::Text(frame.into())).await;
        }
    }
}
