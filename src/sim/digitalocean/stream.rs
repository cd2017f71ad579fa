//! Logs that are followed. Source: DigitalOcean contract, section 6.2.
//!
//! A stream asks again and again what was written since: nothing runs but the streams that are
//! open. What goes wrong with the frames of one is [`Frames`].

use std::{io, time::Duration};

use axum::{
    body::Body,
    extract::{
        FromRequestParts as _, Request, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::stream::unfold;
use serde_json::json;
use tokio::time::{Interval, MissedTickBehavior, interval, interval_at, sleep, timeout};

use super::{
    Shared,
    call::Query,
    grant::{Opens, Way},
    tape::{Batch, Reader},
};
use crate::sim::{
    effects::{Endless, Frames},
    line::{self, Disturbed},
};

/// How often a stream looks for new lines.
const POLL: Duration = Duration::from_millis(30);
const PING: Duration = Duration::from_secs(15);
/// How long the other side has to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);
/// Read with a plain request, lines come this late, and the end comes after so many rounds.
const LATE: Duration = Duration::from_secs(2);
const ROUNDS: u32 = 30;
/// Normal end.
const NORMAL: u16 = 1000;

/// Answers a request for an address that was given out.
pub(super) async fn serve(shared: &Shared, request: Request, frames: Frames) -> Response {
    let Some(line) = Line::of(&request, frames) else {
        return refused();
    };
    let (mut parts, _) = request.into_parts();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let way = upgrade.as_ref().map_or(Way::Get, |_| Way::Socket);
    let Some(Opens::Log(asked)) = opened(shared, parts.uri.query(), way) else {
        return refused();
    };
    let mut reader = Reader::new(asked);
    let shared = shared.clone();
    let mut read = move || {
        let (world, now) = shared.present();
        reader.read(&world, now)
    };
    // The last lines are counted from here: whoever sees the stream open misses nothing after.
    let first = read();
    let mut response = match upgrade {
        Ok(upgrade) => upgrade.on_upgrade(move |socket| line.send(socket, first, read)),
        Err(_) => plain(first, read),
    };
    response.extensions_mut().insert(Endless);
    response
}

/// What the token of an address opens in this way.
pub(super) fn opened(shared: &Shared, query: Option<&str>, way: Way) -> Option<Opens> {
    let query = Query::parse(query.unwrap_or_default());
    let (mut world, now) = shared.present();
    world.logs.grants.open(now, query.get("token")?, way)
}

/// An address that does not lead anywhere, or no longer.
pub(super) fn refused() -> Response {
    let mut response = Response::new(Body::from("invalid or expired token\n"));
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
}

/// The text itself, late and not for long: what stands between holds it back.
fn plain(first: Batch, read: impl FnMut() -> Batch + Send + 'static) -> Response {
    let state = Some((first, read, 0));
    let stream = unfold(state, |state| async move {
        let (batch, mut read, round) = state?;
        if round == ROUNDS {
            return Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None));
        }
        let next = if batch.is_last {
            None
        } else {
            sleep(LATE).await;
            Some((read(), read, round + 1))
        };
        Some((Ok(batch.pieces.concat()), next))
    });
    let mut response = Response::new(Body::from_stream(stream));
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

/// One open stream, over a WebSocket.
pub(super) struct Line(line::Line);

/// The stream is over; there is nobody to tell.
pub(super) struct Over;

impl Line {
    /// The stream that would answer a request.
    pub(super) fn of(request: &Request, frames: Frames) -> Option<Line> {
        line::Line::of(request, frames).map(Line)
    }

    /// Sends what is read until nothing follows or nobody listens.
    async fn send(
        mut self,
        mut socket: WebSocket,
        mut batch: Batch,
        mut read: impl FnMut() -> Batch + Send,
    ) {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ping = pings();
        loop {
            for piece in batch.pieces {
                if self.say(&mut socket, &piece).await.is_err() {
                    return;
                }
            }
            if batch.is_last {
                return close(&mut socket, NORMAL).await;
            }
            // Nothing that a client says has a meaning here.
            match self.heard(&mut socket, &mut ping, &mut poll).await {
                Ok(_) => batch = read(),
                Err(Over) => return,
            }
        }
    }

    /// What the client says, or nothing when it is time to look for something to send.
    pub(super) async fn heard(
        &mut self,
        socket: &mut WebSocket,
        ping: &mut Interval,
        poll: &mut Interval,
    ) -> Result<Option<String>, Over> {
        self.disturb(socket).await?;
        loop {
            tokio::select! {
                () = self.0.connection.ended() => return Err(Over),
                said = socket.recv() => match said {
                    Some(Ok(Message::Text(text))) => return Ok(Some(text.to_string())),
                    Some(Ok(Message::Close(frame))) => {
                        self.left(frame.as_ref());
                        // What answers it leaves when the socket is read again.
                        let _answered = timeout(FAREWELL, socket.recv()).await;
                        return Err(Over);
                    }
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Err(_)) | None => return Err(Over),
                },
                _ = ping.tick() => {
                    let empty = Message::Ping(Vec::new().into());
                    socket.send(empty).await.map_err(|_| Over)?;
                }
                _ = poll.tick() => return Ok(None),
            }
        }
    }

    fn left(&self, frame: Option<&CloseFrame>) {
        if frame.is_some_and(|frame| frame.code == NORMAL) {
            self.0.streams.left();
        }
    }

    /// Sends a piece of text in as many frames as it takes.
    pub(super) async fn say(&mut self, socket: &mut WebSocket, text: &str) -> Result<(), Over> {
        /// Without a fault, every so many pieces come in two frames.
        const HALVED: u64 = 17;
        let size = match self.0.frames.split {
            Some(size) => usize::from(size),
            None if self.0.sent() % HALVED == HALVED - 1 => text.chars().count().div_ceil(2),
            None => return self.frame(socket, text).await,
        };
        let mut rest = text.chars().peekable();
        while rest.peek().is_some() {
            let chunk: String = rest.by_ref().take(size.max(1)).collect();
            self.frame(socket, &chunk).await?;
        }
        Ok(())
    }

    async fn frame(&mut self, socket: &mut WebSocket, chunk: &str) -> Result<(), Over> {
        /// Every so many frames have a key that means nothing to a client.
        const KEYED: u64 = 23;
        let number = self.0.sent();
        let disturbed = self.0.frame().await;
        over(socket, disturbed).await?;
        if std::mem::take(&mut self.0.frames.malformed) {
            let garbage = Message::Text("{\"data\": <unavailable>".into());
            socket.send(garbage).await.map_err(|_| Over)?;
        }
        let frame = if number % KEYED == KEYED - 1 {
            json!({ "data": chunk, "sequence": number })
        } else {
            json!({ "data": chunk })
        };
        let frame = Message::Text(frame.to_string().into());
        socket.send(frame).await.map_err(|_| Over)
    }

    /// Falls silent, or closes, if a fault says so now.
    async fn disturb(&mut self, socket: &mut WebSocket) -> Result<(), Over> {
        let disturbed = self.0.disturb().await;
        over(socket, disturbed).await
    }
}

/// What a fault has done to the stream; a close is said.
async fn over(socket: &mut WebSocket, disturbed: Result<(), Disturbed>) -> Result<(), Over> {
    if let Err(Disturbed::Closed(code)) = disturbed {
        close(socket, code).await;
    }
    disturbed.map_err(|_| Over)
}

/// When to show that the connection is alive.
pub(super) fn pings() -> Interval {
    let mut ping = interval_at(tokio::time::Instant::now() + PING, PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping
}

/// Says goodbye, and waits a moment for the answer.
pub(super) async fn close(socket: &mut WebSocket, code: u16) {
    let reason = "".into();
    let frame = CloseFrame { code, reason };
    // Gone already is as good.
    let _said = socket.send(Message::Close(Some(frame))).await;
    let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _in_time = timeout(FAREWELL, answered).await;
}
