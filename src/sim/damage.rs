//! Damages the body of an answer.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream;

use super::dice::scramble;

/// Largest body that is held in memory to be damaged.
pub(crate) const BODY_LIMIT: usize = 64 << 20;

/// Takes the body out; the length header goes with it.
async fn collect(response: Response) -> (Response<()>, Bytes) {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let bytes = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    (Response::from_parts(parts, ()), bytes)
}

/// Sends half of the body, with a length that fits the half.
pub(crate) async fn truncate(response: Response) -> Response {
    let (response, body) = collect(response).await;
    response.map(|()| Body::from(body.slice(..body.len() / 2)))
}

/// Makes the body something that is not JSON.
pub(crate) async fn garble(response: Response) -> Response {
    let (response, body) = collect(response).await;
    let garbage = [b"{\"count\": <unavailable> ".as_slice(), &body].concat();
    response.map(|()| Body::from(garbage))
}

/// Where a body of this length is cut.
pub(crate) fn place(byte: Option<u64>, length: usize) -> usize {
    /// Every answer is cut elsewhere, and the same in every run.
    static ANSWERS: AtomicU64 = AtomicU64::new(0);
    let byte = byte.unwrap_or_else(|| {
        let answer = ANSWERS.fetch_add(1, Ordering::Relaxed);
        scramble(answer) % u64::try_from(length).unwrap_or(1).max(1)
    });
    usize::try_from(byte).unwrap_or(length)
}

/// Announces the whole body, sends a part of it, then fails.
pub(crate) async fn break_off(response: Response, place: impl Fn(usize) -> usize) -> Response {
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

/// Sends the body in pieces, with a pause before each.
pub(crate) async fn drip(response: Response, pause: Duration) -> Response {
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
