//! Older lines of a log than those that a tail began with, read once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;
use tokio::time::{sleep, timeout};

use super::ask::Asker;
use super::gate::Lane;
use super::retry::{Decision, Delays, decide};
use super::task::Over;
use super::{Clock, EngineEvent};
use crate::model::{
    Failure, LogDelivery, LogLine, PastLines, Safety, SgrSpan, TailId, TailRequest, Ticket,
};
use crate::platforms::{Platform, Tail, TailStep};

/// A stream that is silent for so long has shown what it has.
const SILENCE: Duration = Duration::from_secs(2);

/// As much as the log of an environment keeps; the newest are worth more.
const MOST_LINES: usize = 100_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A question for older lines.
pub(super) struct Reading {
    pub(super) ticket: Ticket,
    pub(super) tail: TailId,
    pub(super) request: TailRequest,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
    pub(super) over: Over,
}

/// Asks, and tells the loop. A closed queue means that nobody listens any more.
pub(super) async fn tell(reading: Reading) {
    let Reading {
        ticket,
        tail,
        request,
        platform,
        lane,
        events,
        clock,
        over,
    } = reading;
    let asker = Asker::visible(platform.as_ref(), &lane, clock);
    let result = read(&asker, request).await;
    over.set();
    let _ = events.send(report(ticket, tail, result)).await;
}

pub(super) fn report(
    ticket: Ticket,
    tail: TailId,
    result: Result<Vec<LogLine>, Failure>,
) -> EngineEvent {
    EngineEvent::PastLines(PastLines {
        ticket,
        tail,
        result,
    })
}

/// Reads until there is nothing new. A question that fails is asked again as any read; the tail goes
/// on where it was.
async fn read(asker: &Asker<'_>, request: TailRequest) -> Result<Vec<LogLine>, Failure> {
    let delivery = asker.platform.profile().delivery(&request.source);
    let mut source = Source {
        tail: asker.platform.tail(request)?,
        is_stream: delivery == LogDelivery::Stream,
        stands: false,
    };
    let mut newest = Newest::default();
    let (mut delays, mut attempt) = (Delays::quick(), 0);
    loop {
        // A source that is always ready must not keep its thread from everything else.
        consume_budget().await;
        let failure = match source.next(asker).await {
            Ok(step) => {
                (delays, attempt) = (Delays::quick(), 0);
                match step {
                    Some(TailStep::Lines(lines)) => newest.extend(lines),
                    Some(TailStep::Replaced(lines)) => {
                        newest = Newest::default();
                        newest.extend(lines);
                    }
                    // What exists was read; a stream may be asked for its end once more.
                    Some(TailStep::Quiet(_) | TailStep::Ended) | None => {
                        return Ok(newest.lines.into());
                    }
                }
                continue;
            }
            Err(failure) => failure,
        };
        attempt += 1;
        match decide(&failure, Safety::Read, attempt, delays.next_delay()) {
            Decision::After(delay) if asker.lane.take_retry() => {
                tracing::debug!(%failure, ?delay, "asking again for older lines");
                sleep(delay).await;
            }
            Decision::After(_)
            | Decision::GiveUp
            | Decision::OutcomeUnknown
            | Decision::PauseContext(_) => return Err(failure),
        }
    }
}

/// A tail that is read to where there is nothing more.
struct Source {
    tail: Box<dyn Tail>,
    is_stream: bool,
    /// Something came, if only word that the stream stands and has nothing to show.
    stands: bool,
}

impl Source {
    /// What comes next; nothing where a stream is silent. What an open stream brings is no request.
    async fn next(&mut self, asker: &Asker<'_>) -> Result<Option<TailStep>, Failure> {
        let step = if self.is_stream && self.stands {
            let Ok(step) = timeout(SILENCE, self.tail.next()).await else {
                return Ok(None);
            };
            step
        } else {
            let tail = &mut self.tail;
            asker.once(move || tail.next()).await
        };
        self.stands = step.is_ok();
        step.map(Some)
    }
}

/// The newest lines that came.
#[derive(Debug, Default)]
struct Newest {
    lines: VecDeque<LogLine>,
    bytes: usize,
}

impl Newest {
    fn extend(&mut self, lines: Vec<LogLine>) {
        for line in lines {
            self.bytes += size(&line);
            self.lines.push_back(line);
            while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
                let Some(oldest) = self.lines.pop_front() else {
                    break;
                };
                self.bytes -= size(&oldest);
            }
        }
    }
}

fn size(line: &LogLine) -> usize {
    line.text.len() + line.spans.len() * size_of::<SgrSpan>()
}
