//! What a log has at this moment, piece by piece.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::super::exit::told;
use super::super::terminal::tell;
use crate::model::{Failure, LogDelivery, LogLine, TailRequest};
use crate::platforms::{Platform, Tail, TailStep};

/// How often it is tried again, as for any read.
const ATTEMPTS: u32 = 3;

/// The wait before the second attempt; doubled before the third.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A longer wait than this is not sat out for a look.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A stream that is silent for so long has shown what it has.
const SILENCE: Duration = Duration::from_secs(2);

/// A part of a log.
#[derive(Debug)]
pub(super) enum Piece {
    /// The next lines.
    Lines(Vec<LogLine>),
    /// These lines instead of all before.
    Replaced(Vec<LogLine>),
    /// There are no more.
    End,
}

/// Reads until there is nothing new.
pub(super) struct Reader {
    tail: Box<dyn Tail>,
    name: String,
    is_stream: bool,
    /// Something came, if only word that the stream stands and has nothing to show.
    stands: bool,
    attempt: u32,
    wait: Duration,
}

impl Reader {
    /// Sends nothing yet.
    pub(super) fn new(
        platform: &dyn Platform,
        request: TailRequest,
        name: String,
    ) -> Result<Self, Failure> {
        let is_stream = platform.profile().delivery(&request.source) == LogDelivery::Stream;
        Ok(Self {
            tail: platform.tail(request)?,
            name,
            is_stream,
            stands: false,
            attempt: 0,
            wait: FIRST_WAIT,
        })
    }

    /// The next piece.
    pub(super) async fn next(&mut self) -> Result<Piece, Failure> {
        loop {
            let step = if self.is_stream && self.stands {
                let Ok(step) = timeout(SILENCE, self.tail.next()).await else {
                    return Ok(Piece::End);
                };
                step
            } else {
                self.tail.next().await
            };
            let failure = match step {
                Ok(step) => {
                    (self.stands, self.attempt, self.wait) = (true, 0, FIRST_WAIT);
                    return Ok(piece(step));
                }
                Err(failure) => failure,
            };
            self.attempt += 1;
            let asked = pause(&failure).filter(|asked| *asked <= LONGEST_WAIT);
            let Some(asked) = asked.filter(|_| self.attempt < ATTEMPTS) else {
                return Err(failure);
            };
            self.rest(asked, &failure).await;
        }
    }

    async fn rest(&mut self, asked: Duration, failure: &Failure) {
        let wait = asked.max(self.wait);
        let (name, why, seconds) = (&self.name, told(failure), wait.as_secs_f32());
        tell(format_args!("{name}: {why}; asking again in {seconds} s"));
        sleep(wait).await;
        self.wait *= 2;
    }
}

fn piece(step: TailStep) -> Piece {
    match step {
        TailStep::Lines(lines) => Piece::Lines(lines),
        TailStep::Replaced(lines) => Piece::Replaced(lines),
        TailStep::Quiet(_) | TailStep::Ended => Piece::End,
    }
}

/// How long to wait at least before trying again; absent where that would not help.
fn pause(failure: &Failure) -> Option<Duration> {
    match failure {
        Failure::RateLimited { retry_after, .. } => Some(retry_after.unwrap_or_default()),
        Failure::Server { .. } | Failure::Network { .. } => Some(Duration::ZERO),
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => None,
    }
}
