//! The body of an answer that is a stream.
//!
//! A flow asks again and again what was printed since: nothing runs but the streams that are open,
//! and closing one stops nothing. Headers leave with the first output.

use std::{collections::VecDeque, io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use tokio::time::{sleep, sleep_until};

use super::{
    effects::Endless,
    keep_alive::KeepAlive,
    line::{Disturbed, Line},
    raw,
};

/// How often a stream looks for something to send. No contract asks for less than half a second.
const POLL: Duration = Duration::from_millis(30);

/// What there is to send now, one frame a piece, and whether anything will follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) pieces: Vec<String>,
    pub(crate) is_last: bool,
}

/// What is sent where, in which manner.
pub(crate) struct Flow<R> {
    line: Line,
    alive: KeepAlive,
    read: R,
    pieces: VecDeque<String>,
    /// The parts of the piece that is being sent.
    chunks: VecDeque<Bytes>,
    is_last: bool,
}

type Chunk = io::Result<Bytes>;

impl<R: FnMut() -> Batch + Send + 'static> Flow<R> {
    /// Nothing is sent yet.
    pub(crate) fn new(line: Line, alive: KeepAlive, read: R) -> Flow<R> {
        Flow {
            line,
            alive,
            read,
            pieces: VecDeque::new(),
            chunks: VecDeque::new(),
            is_last: false,
        }
    }

    /// The answer, once there is a first output.
    pub(crate) async fn answer(mut self, kind: &'static str) -> Response {
        let first = self.next().await;
        let rest = stream::unfold(Some(self), |flow| async move {
            let mut flow = flow?;
            match flow.next().await? {
                Ok(chunk) => Some((Ok(chunk), Some(flow))),
                Err(error) => Some((Err(error), None)),
            }
        });
        let body = stream::iter(first).chain(rest);
        let mut response = Response::new(Body::from_stream(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        // Each stream has a connection to itself, so that it can be cut alone.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        response.extensions_mut().insert(Endless);
        response
    }

    async fn next(&mut self) -> Option<Chunk> {
        loop {
            if let Some(chunk) = self.chunks.pop_front() {
                self.alive.sent(&chunk);
                return Some(Ok(chunk));
            }
            match self.line.disturb().await {
                Ok(()) => {}
                Err(disturbed) => return ended(disturbed),
            }
            if let Some(piece) = self.pieces.pop_front() {
                if let Err(disturbed) = self.line.frame().await {
                    return ended(disturbed);
                }
                self.chunks = self.cut(piece);
            } else if self.is_last {
                return None;
            } else if let Some(alive) = self.look().await {
                return Some(Ok(alive));
            }
        }
    }

    /// Looks for something to send; waits a moment if there is nothing, and says so if that is
    /// for too long.
    async fn look(&mut self) -> Option<Bytes> {
        let Batch { pieces, is_last } = (self.read)();
        (self.pieces, self.is_last) = (pieces.into(), is_last);
        if is_last || !self.pieces.is_empty() {
            return None;
        }
        tokio::select! {
            () = sleep(POLL) => None,
            () = sleep_until(self.alive.due()) => {
                let text = self.alive.text();
                self.alive.sent(text.as_bytes());
                Some(Bytes::from(text))
            }
        }
    }

    /// The parts in which a piece is sent: cut at any byte, if a fault says so.
    fn cut(&mut self, piece: String) -> VecDeque<Bytes> {
        let garbage = self
            .line
            .garbage()
            .map(|text| Bytes::from_static(text.as_bytes()));
        let whole = raw::bytes(piece);
        let size = self.line.frames.split.map_or(whole.len(), usize::from);
        let parts = whole.chunks(size.max(1));
        garbage
            .into_iter()
            .chain(parts.map(|part| whole.slice_ref(part)))
            .collect()
    }
}

fn ended(disturbed: Disturbed) -> Option<Chunk> {
    match disturbed {
        Disturbed::Closed(_) => None,
        Disturbed::Lost => Some(Err(io::ErrorKind::ConnectionReset.into())),
    }
}
