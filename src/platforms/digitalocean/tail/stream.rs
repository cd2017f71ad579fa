//! An open stream, and the lines it brings.
//!
//! Where something on the way refuses to open a stream, the same link is read as a file. Lines come
//! late then, and the file ends before the log does. Source: DigitalOcean contract, section 6.2.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::lines::Piece;
use crate::model::{Failure, LogLine, Secret};
use crate::platforms::TailStep;
use crate::platforms::http::Incoming;
use crate::platforms::http::websocket::{WebSocket, WebSockets};

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
    /// An end that says nothing about what is left.
    Pause,
}

/// An open stream.
pub(super) struct Stream {
    way: Way,
    stands_at: Option<Instant>,
}

enum Way {
    Socket(Box<WebSocket>),
    File(Incoming),
}

/// What was found out about the way to streams.
#[derive(Debug, Default)]
pub(super) struct Passage {
    /// No stream could be opened.
    is_blocked: bool,
    /// It was said how lines come.
    is_remarked: bool,
}

impl Passage {
    /// Opens what is behind a link. Nothing if it is blocked: with another link (this one may be
    /// spent) it is read as a file the next time, and tried as a stream after that.
    pub(super) async fn open(
        &mut self,
        sockets: &WebSockets,
        link: &Secret,
    ) -> Result<Option<Stream>, Failure> {
        let way = if std::mem::take(&mut self.is_blocked) {
            Way::File(sockets.read(link).await?)
        } else {
            match sockets.open(link).await {
                Ok(socket) => Way::Socket(Box::new(socket)),
                Err(failure) if refuses_streams(&failure) => {
                    self.is_blocked = true;
                    return Ok(None);
                }
                Err(failure) => return Err(failure),
            }
        };
        Ok(Some(Stream {
            way,
            stands_at: Some(Instant::now() + STANDS),
        }))
    }

    /// Says once how a stream comes, where that is out of the ordinary.
    pub(super) fn remark(&mut self, stream: &Stream) -> Option<TailStep> {
        match stream.way {
            Way::File(_) if !self.is_remarked => {
                self.is_remarked = true;
                let text = "WebSocket is blocked on the way here: lines come late";
                Some(TailStep::Lines(vec![LogLine::mark(None, text)]))
            }
            Way::File(_) | Way::Socket(_) => None,
        }
    }
}

impl Stream {
    /// What comes next; nothing by `until`, or when it is known that the stream stands.
    /// Cancel-safe.
    pub(super) async fn next(&mut self, until: Option<Instant>) -> Result<Came, Failure> {
        let limit = self.stands_at.into_iter().chain(until).min();
        let came = match limit {
            Some(limit) => timeout_at(limit, self.way.next()).await,
            None => Ok(self.way.next().await),
        };
        self.stands_at = None;
        came.unwrap_or(Ok(Came::Nothing))
    }
}

impl Way {
    async fn next(&mut self) -> Result<Came, Failure> {
        Ok(match self {
            Self::Socket(socket) => {
                let frame = socket.next().await?;
                frame.map_or(Came::End, |frame| Came::Piece(Piece::of(frame)))
            }
            Self::File(file) => {
                let piece = file.next().await?;
                piece.map_or(Came::Pause, |piece| Came::Piece(Piece::Log(piece.to_vec())))
            }
        })
    }
}

/// Whether something answered, and refused the stream alone: not a way that is down, a platform
/// that is, nor a link that is good no more.
fn refuses_streams(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Server {
            status: 200..=299 | 400 | 403 | 405 | 406 | 426 | 501,
            ..
        }
    )
}
