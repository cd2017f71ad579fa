//! One open stream: its connection, and what goes wrong on it.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};

use super::{effects::Frames, server::Connection, streams::Streams};

/// The code of a close that is told by the lack of one.
const ABNORMAL: u16 = 1006;

/// One open stream.
pub(crate) struct Line {
    pub(crate) connection: Connection,
    pub(crate) streams: Arc<Streams>,
    pub(crate) frames: Frames,
    /// How many frames were sent.
    sent: u64,
}

/// What a fault does to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disturbed {
    /// It is over without a word.
    Lost,
    /// It ends as if it were complete, with this code where there are codes.
    Closed(u16),
}

impl Line {
    /// The stream that would answer a request.
    pub(crate) fn of(request: &Request, frames: Frames) -> Option<Line> {
        let ConnectInfo(connection) = request.extensions().get::<ConnectInfo<Connection>>()?;
        Some(Line {
            connection: connection.clone(),
            streams: Arc::clone(request.extensions().get::<Arc<Streams>>()?),
            frames,
            sent: 0,
        })
    }

    /// How many frames were sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// A frame is about to be sent: falls silent or closes if a fault says so now, waits if one
    /// says that.
    pub(crate) async fn frame(&mut self) -> Result<(), Disturbed> {
        self.disturb().await?;
        if !self.frames.pause.is_zero() {
            tokio::time::sleep(self.frames.pause).await;
        }
        self.sent += 1;
        Ok(())
    }

    /// Falls silent, or closes, if a fault says so now.
    pub(crate) async fn disturb(&self) -> Result<(), Disturbed> {
        if self.frames.silence.is_some_and(|after| self.sent >= after) {
            self.connection.ended().await;
            return Err(Disturbed::Lost);
        }
        match self.frames.close.filter(|(_, after)| self.sent >= *after) {
            None => Ok(()),
            Some((ABNORMAL, _)) => {
                self.connection.cut();
                Err(Disturbed::Lost)
            }
            Some((code, _)) => Err(Disturbed::Closed(code)),
        }
    }

    /// What stands in for the first frame, if a fault garbles it.
    pub(crate) fn garbage(&mut self) -> Option<&'static str> {
        std::mem::take(&mut self.frames.malformed).then_some("{\"Message\": <unavailable>\n")
    }
}
