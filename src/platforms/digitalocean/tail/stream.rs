//! An open stream, and the lines it brings.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::lines::Piece;
use crate::model::Failure;
use crate::platforms::http::websocket::WebSocket;

/// A stream that has brought nothing for so long is said to stand. Not before: one that breaks at
/// once shall be tried again more and more slowly.
const STANDS: Duration = Duration::from_secs(2);

/// What came.
#[derive(Debug, PartialEq)]
pub(super) enum Came {
    /// A piece of the log.
    Piece(Piece),
    /// Nothing so far.
    Nothing,
    /// The end: everything was sent.
    End,
}

/// An open stream.
#[derive(Debug)]
pub(super) struct Stream {
    socket: WebSocket,
    stands_at: Option<Instant>,
}

impl Stream {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self {
            socket,
            stands_at: Some(Instant::now() + STANDS),
        }
    }

    /// What comes next; nothing by `until`, or when it is known that the stream stands.
    /// Cancel-safe.
    pub(super) async fn next(&mut self, until: Option<Instant>) -> Result<Came, Failure> {
        let limit = self.stands_at.into_iter().chain(until).min();
        let came = match limit {
            Some(limit) => timeout_at(limit, self.socket.next()).await,
            None => Ok(self.socket.next().await),
        };
        self.stands_at = None;
        Ok(match came {
            Err(_) => Came::Nothing,
            Ok(frame) => frame?.map_or(Came::End, |frame| Came::Piece(Piece::of(frame))),
        })
    }
}
