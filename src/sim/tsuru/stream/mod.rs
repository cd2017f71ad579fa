//! Answers that take their time. Source: tsuru contract, section 3.
//!
//! Handlers plan an event and answer with a [`Play`]; this plays it.

use std::io;

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use futures_util::stream::unfold;
use serde_json::json;
use tokio::time::{Duration, sleep};

use super::{Shared, reply::Reply, routes::Route, wire::View};
use crate::sim::{
    Setup,
    effects::{Frames, Tweaks},
    server::Connection,
};

/// Operations whose handlers are here.
pub(super) const ROUTES: &[Route] = &[];

/// What a stream plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Play {
    /// The event at this place, as an action stream.
    Action(usize),
}

/// What the streams keep in the world.
#[derive(Debug, Default)]
pub(super) struct Logs {}

impl Logs {
    /// At the start there is nothing.
    pub(super) fn new(_: &Setup) -> Logs {
        Logs::default()
    }
}

/// Who listens, and what goes wrong on the way there.
pub(super) struct Listener {
    connection: Option<Connection>,
    frames: Frames,
}

impl Listener {
    /// Whoever made a request.
    pub(super) fn of(request: &Request, frames: &Frames) -> Listener {
        let info = request.extensions().get::<ConnectInfo<Connection>>();
        Listener {
            connection: info.map(|ConnectInfo(connection)| connection.clone()),
            frames: frames.clone(),
        }
    }
}

/// Answers with a stream.
pub(super) async fn serve(
    shared: &Shared,
    _parts: Parts,
    listener: Listener,
    play: Play,
    head: Reply,
) -> Response {
    let Play::Action(place) = play;
    let state = Some((shared.clone(), 0));
    let _who = (listener.connection, listener.frames);
    let stream = unfold(state, move |state| async move {
        let (shared, sent) = state?;
        loop {
            let (bytes, count, is_over) = due(&shared, place, sent);
            let next = (!is_over).then(|| (shared.clone(), count));
            if is_over || !bytes.is_empty() {
                return Some((Ok::<_, io::Error>(Bytes::from(bytes)), next));
            }
            sleep(Duration::from_millis(25)).await;
        }
    });
    let mut response = head.into_response();
    let kind = HeaderValue::from_static("application/x-json-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.map(|_| Body::from_stream(stream))
}

fn due(shared: &Shared, place: usize, sent: usize) -> (String, usize, bool) {
    let (world, now) = shared.present();
    let view = View {
        now,
        tweaks: Tweaks::default(),
    };
    let event = &world.events[place];
    let pieces = event.pieces();
    let written: Vec<_> = pieces.iter().filter(|piece| piece.at <= now).collect();
    let lines = written.iter().skip(sent).map(|piece| {
        let line = json!({ "Message": piece.text, "Timestamp": view.time(piece.at) });
        format!("{line}\n")
    });
    let mut text: String = lines.collect();
    let is_over = !event.is_running(now);
    if let Some(error) = event.failure(now) {
        let line = json!({ "Message": "", "Timestamp": view.time(now), "Error": error });
        text.push_str(&format!("{line}\n"));
    }
    (text, written.len(), is_over)
}
