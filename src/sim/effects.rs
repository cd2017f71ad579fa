//! Carries out faults: between the socket and the platform, so that no platform knows of them
//! (but for the few [`Tweaks`] that change what it says).

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};

use super::{
    clock::{Moment, SECOND},
    dice::scramble,
    faults::{Cut, Effect},
    host::Host,
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
pub(crate) fn date(response: &mut Response, now: Moment, skew_s: i64) {
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

/// Largest answer that is held in memory to be damaged.
const BODY_LIMIT: usize = 64 << 20;
/// Bytes of a stream within which a cut at a random place lies: some dozens of lines.
const STRETCH: usize = 4_096;

/// Answers a request, with everything that goes wrong on the way.
pub(crate) async fn answer(
    host: &Host,
    connection: &Connection,
    operation: Operation,
    mut request: Request,
    effects: &[Effect],
) -> Response {
    for effect in effects {
        if let Some(early) = before(effect, connection, &mut request).await {
            return early;
        }
    }
    let mut response = host.platform.answer(request, tweaks(effects)).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        host.journal.record_unauthorised();
    }
    if operation.changes && response.status().is_success() {
        host.journal.record_acted(operation);
    }
    let endless = response.extensions().get::<Endless>().is_some();
    if endless {
        host.streams.opened(operation, connection);
    }
    for effect in effects {
        response = if endless {
            after_endless(effect, connection, response).await
        } else {
            after(effect, connection, response).await
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

async fn before(
    effect: &Effect,
    connection: &Connection,
    request: &mut Request,
) -> Option<Response> {
    match effect {
        Effect::Latency { ms } => {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
            None
        }
        Effect::Status {
            status,
            retry_after,
            body,
        } => Some(plain(*status, *retry_after, body.as_deref())),
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

async fn after(effect: &Effect, connection: &Connection, response: Response) -> Response {
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
        Effect::Truncate => {
            let (response, body) = collect(response).await;
            response.map(|()| Body::from(body.slice(..body.len() / 2)))
        }
        Effect::Malformed => {
            let (response, body) = collect(response).await;
            let garbage = [b"{\"count\": <unavailable> ".as_slice(), &body].concat();
            response.map(|()| Body::from(garbage))
        }
        Effect::Drip { ms } => drip(response, Duration::from_millis(*ms)).await,
        Effect::ActThenStatus { status, body } => plain(*status, None, body.as_deref()),
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
async fn after_endless(effect: &Effect, connection: &Connection, response: Response) -> Response {
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
        | Effect::Split(_) => return after(effect, connection, response).await,
    }
    response
}

/// An answer that is never written, because the connection is gone by then.
fn cut(connection: &Connection) -> Response {
    connection.cut();
    Response::default()
}

/// An error that comes from in front of the platform: a gateway's are HTML.
fn plain(status: u16, retry_after: Option<u64>, said: Option<&str>) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = code.canonical_reason().unwrap_or("Error");
    let (kind, body) = if let Some(said) = said {
        ("application/json", said.to_owned())
    } else if matches!(status, 502 | 504) {
        let page = format!(
            "<html>\n<head><title>{status} {reason}</title></head>\n<body>\n<center><h1>{status} {reason}</h1></center>\n</body>\n</html>\n"
        );
        ("text/html", page)
    } else {
        (
            "application/json",
            serde_json::json!({ "detail": detail(status, reason) }).to_string(),
        )
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = code;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn detail(status: u16, reason: &str) -> String {
    match status {
        401 => "Invalid token.".to_owned(),
        403 => "You do not have permission to perform this action.".to_owned(),
        404 => "Not found.".to_owned(),
        429 => "Request was throttled.".to_owned(),
        _ => format!("{reason}."),
    }
}

/// Takes the body out; the length header goes with it.
async fn collect(response: Response) -> (Response<()>, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let bytes = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    (Response::from_parts(parts, ()), bytes)
}

/// Where a body of this length is cut.
fn place(byte: Option<u64>, length: usize) -> usize {
    /// Every answer is cut elsewhere, and the same in every run.
    static ANSWERS: AtomicU64 = AtomicU64::new(0);
    let byte = byte.unwrap_or_else(|| {
        let answer = ANSWERS.fetch_add(1, Ordering::Relaxed);
        scramble(answer) % u64::try_from(length).unwrap_or(1).max(1)
    });
    usize::try_from(byte).unwrap_or(length)
}

/// Announces the whole body, sends a part of it, then fails.
async fn break_off(response: Response, place: impl Fn(usize) -> usize) -> Response {
    let (mut response, body) = collect(response).await;
    let place = place(body.len());
    if place >= body.len() {
        return response.map(|()| Body::from(body));
    }
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let sent = body.slice(..place);
    let stream = stream::unfold(Some(sent), |sent| async move {
        match sent {
            Some(sent) if !sent.is_empty() => Some((Ok(sent), Some(Bytes::new()))),
            Some(_) => {
                // It must have left before the connection fails.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
            None => None,
        }
    });
    response.map(|()| Body::from_stream(stream))
}

async fn drip(response: Response, pause: Duration) -> Response {
    const PIECES: usize = 16;
    let (response, body) = collect(response).await;
    let size = body.len().div_ceil(PIECES).max(1);
    let stream = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    });
    response.map(|()| Body::from_stream(stream))
}
