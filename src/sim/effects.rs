//! Carries out faults: between the socket and the platform, so that no platform knows of them
//! (but for the few [`Tweaks`] that change what it says).

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::StreamExt as _;

use super::{
    clock::{Moment, SECOND},
    damage::{BODY_LIMIT, break_off, drip, garble, place, truncate},
    faults::{Cut, Effect},
    host::{Host, Wanted},
    journal::Operation,
    server::{Connection, Mark},
};

/// What a platform itself has to do differently for one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tweaks {
    /// Replaces the words for states.
    pub(crate) status_word: Option<String>,
    /// Shifts all times in the answer by so many seconds.
    pub(crate) skew_s: i64,
    /// The deployment that the request starts fails with this cause.
    pub(crate) fail_deployment: Option<String>,
    /// The shape of the answer, by the platform's name for it.
    pub(crate) shape: Option<String>,
    /// What goes wrong with the frames, if the answer is a stream.
    pub(crate) frames: Frames,
}

impl Tweaks {
    /// A moment moved by the clock skew of the answer.
    pub(crate) fn shifted(&self, moment: Moment) -> Moment {
        shifted(moment, self.skew_s)
    }

    /// A word for a state, unless a fault replaces all of them.
    pub(crate) fn word(&self, usual: &str) -> String {
        self.status_word.clone().unwrap_or_else(|| usual.to_owned())
    }
}

fn shifted(moment: Moment, seconds: i64) -> Moment {
    Moment(moment.0.saturating_add(seconds.saturating_mul(SECOND)))
}

/// Dates an answer, if its clock is to be wrong; otherwise the server does that.
fn date(response: &mut Response, now: Moment, skew_s: i64) {
    if skew_s == 0 {
        return;
    }
    if let Ok(date) = HeaderValue::from_str(&shifted(now, skew_s).http_date()) {
        response.headers_mut().insert(header::DATE, date);
    }
}

/// What goes wrong with the frames of a stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Frames {
    /// Nothing is sent any more after so many frames.
    pub(crate) silence: Option<u64>,
    /// A code to close with, and after how many frames.
    pub(crate) close: Option<(u16, u64)>,
    /// The longest frame, in characters.
    pub(crate) split: Option<u16>,
    /// The first frame is not what the contract says.
    pub(crate) malformed: bool,
    /// The wait before each frame.
    pub(crate) pause: Duration,
}

/// Marks an answer that goes on for as long as somebody reads: it is never held in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endless;

/// Marks an answer that refuses what was asked for, whatever its HTTP status says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Undone;

/// Bytes of a stream within which a cut at a random place lies: some dozens of lines.
const STRETCH: usize = 4_096;

/// A request that faults strike.
struct Struck<'a> {
    host: &'a Host,
    connection: &'a Connection,
    path: String,
    tweaks: Tweaks,
}

impl Struck<'_> {
    /// The error that a fault asks for: what is said, or else what the platform says. What comes
    /// from a gateway in front of it is the same for all.
    fn error(&self, status: u16, retry_after: Option<u64>, said: Option<&str>) -> Response {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let is_gateway = said.is_none() && matches!(status.as_u16(), 502 | 504);
        let mut response = if is_gateway {
            gateway(status)
        } else {
            let (path, tweaks) = (&self.path, &self.tweaks);
            let wanted = Wanted {
                status,
                path,
                tweaks,
            };
            self.host.platform.error(&wanted)
        };
        // Shapes may tell errors otherwise, but this one was asked for by its status.
        *response.status_mut() = status;
        if let Some(said) = said {
            *response.body_mut() = Body::from(said.to_owned());
        }
        if let Some(seconds) = retry_after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// An error of a gateway, which is a page.
fn gateway(status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(format!(
        "<html>\n<head><title>{status}</title></head>\n<body>\n<center><h1>{status}</h1></center>\n</body>\n</html>\n"
    )));
    let page = HeaderValue::from_static("text/html");
    response.headers_mut().insert(header::CONTENT_TYPE, page);
    response
}

/// Answers a request, with everything that goes wrong on the way.
pub(crate) async fn answer(
    host: &Host,
    connection: &Connection,
    operation: Operation,
    mut request: Request,
    effects: &[Effect],
) -> Response {
    let struck = Struck {
        host,
        connection,
        path: request.uri().path().to_owned(),
        tweaks: tweaks(effects),
    };
    for effect in effects {
        if let Some(early) = before(effect, &struck, &mut request).await {
            return early;
        }
    }
    let mut response = host.platform.answer(request, struck.tweaks.clone()).await;
    date(&mut response, host.clock.now(), struck.tweaks.skew_s);
    if response.status() == StatusCode::UNAUTHORIZED {
        host.journal.record_unauthorised();
    }
    let is_undone = response.extensions().get::<Undone>().is_some();
    if operation.changes && response.status().is_success() && !is_undone {
        host.journal.record_acted(operation);
    }
    let endless = response.extensions().get::<Endless>().is_some();
    if endless {
        host.streams.opened(operation, connection);
    }
    for effect in effects {
        response = if endless {
            after_endless(effect, &struck, response).await
        } else {
            after(effect, &struck, response).await
        };
    }
    response
}

fn tweaks(effects: &[Effect]) -> Tweaks {
    let mut tweaks = Tweaks::default();
    for effect in effects {
        if let Effect::StatusWord(word) = effect {
            tweaks.status_word = Some(word.clone());
        } else if let Effect::ClockSkew { seconds } = effect {
            tweaks.skew_s = *seconds;
        } else if let Effect::FailDeployment(cause) = effect {
            tweaks.fail_deployment = Some(cause.clone());
        } else if let Effect::Shape(shape) = effect {
            tweaks.shape = Some(shape.clone());
        } else {
            spoil(&mut tweaks.frames, effect);
        }
    }
    tweaks
}

fn spoil(frames: &mut Frames, effect: &Effect) {
    if let Effect::Silence { after } = effect {
        frames.silence = Some(*after);
    } else if let Effect::Close { code, after } = effect {
        frames.close = Some((*code, *after));
    } else if let Effect::Split(characters) = effect {
        frames.split = Some(*characters);
    } else if let Effect::Drip { ms } = effect {
        frames.pause = Duration::from_millis(*ms);
    } else if *effect == Effect::Malformed {
        frames.malformed = true;
    }
}

async fn before(effect: &Effect, struck: &Struck<'_>, request: &mut Request) -> Option<Response> {
    let connection = struck.connection;
    match effect {
        Effect::Latency { ms } => {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
            None
        }
        Effect::Status {
            status,
            retry_after,
            body,
        } => Some(struck.error(*status, *retry_after, body.as_deref())),
        Effect::Hang => {
            connection.ended().await;
            Some(Response::default())
        }
        Effect::Cut(Cut::Before) => Some(cut(connection)),
        Effect::Cut(Cut::InBody) => {
            let body = std::mem::take(request.body_mut());
            let _first = body.into_data_stream().next().await;
            Some(cut(connection))
        }
        Effect::Cut(Cut::AfterBody) => {
            let body = std::mem::take(request.body_mut());
            let _whole = to_bytes(body, BODY_LIMIT).await;
            Some(cut(connection))
        }
        Effect::Cut(Cut::During | Cut::AfterStatusLine | Cut::InHeaders | Cut::AfterHeaders)
        | Effect::HangAfter
        | Effect::CutAt(_)
        | Effect::Truncate
        | Effect::Malformed
        | Effect::StatusWord(_)
        | Effect::Drip { .. }
        | Effect::ClockSkew { .. }
        | Effect::ActThenStatus { .. }
        | Effect::FailDeployment(_)
        | Effect::Silence { .. }
        | Effect::Close { .. }
        | Effect::Shape(_)
        | Effect::Split(_) => None,
    }
}

async fn after(effect: &Effect, struck: &Struck<'_>, response: Response) -> Response {
    let connection = struck.connection;
    match effect {
        Effect::Cut(Cut::During) => cut(connection),
        Effect::Cut(Cut::AfterStatusLine) => {
            connection.cut_at(Mark::StatusLine);
            response
        }
        Effect::Cut(Cut::InHeaders) => {
            connection.cut_at(Mark::Headers);
            response
        }
        Effect::HangAfter => {
            connection.ended().await;
            response
        }
        Effect::Cut(Cut::AfterHeaders) => break_off(response, |length| length / 2).await,
        Effect::CutAt(byte) => break_off(response, |length| place(*byte, length)).await,
        Effect::Truncate => truncate(response).await,
        Effect::Malformed => garble(response).await,
        Effect::Drip { ms } => drip(response, Duration::from_millis(*ms)).await,
        Effect::ActThenStatus { status, body } => struck.error(*status, None, body.as_deref()),
        Effect::Latency { .. }
        | Effect::Status { .. }
        | Effect::Hang
        | Effect::Cut(Cut::Before | Cut::InBody | Cut::AfterBody)
        | Effect::StatusWord(_)
        | Effect::ClockSkew { .. }
        | Effect::FailDeployment(_)
        | Effect::Silence { .. }
        | Effect::Close { .. }
        | Effect::Shape(_)
        | Effect::Split(_) => response,
    }
}

/// As [`after`], for an answer without an end: what needs the whole body is left out, or was done
/// to its frames already.
async fn after_endless(effect: &Effect, struck: &Struck<'_>, response: Response) -> Response {
    let connection = struck.connection;
    match effect {
        Effect::Cut(Cut::AfterHeaders) => connection.cut_at(Mark::Body(0)),
        Effect::CutAt(byte) => connection.cut_at(Mark::Body(place(*byte, STRETCH) as u64)),
        Effect::Truncate | Effect::Malformed | Effect::Drip { .. } => {}
        Effect::Cut(_)
        | Effect::HangAfter
        | Effect::ActThenStatus { .. }
        | Effect::Latency { .. }
        | Effect::Status { .. }
        | Effect::Hang
        | Effect::StatusWord(_)
        | Effect::ClockSkew { .. }
        | Effect::FailDeployment(_)
        | Effect::Silence { .. }
        | Effect::Close { .. }
        | Effect::Shape(_)
        | Effect::Split(_) => return after(effect, struck, response).await,
    }
    response
}

/// An answer that is never written, because the connection is gone by then.
fn cut(connection: &Connection) -> Response {
    connection.cut();
    Response::default()
}
