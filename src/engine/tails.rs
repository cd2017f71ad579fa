//! One task per followed log. It never leaves its source unread: while the loop is busy, lines wait
//! in a ring of their own, and the oldest give way.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep};

use super::ask::{note_budget, note_failure, retry_after};
use super::gate::Lane;
use super::outlet::Outlet;
use super::pace::Pace;
use super::retry::Delays;
use super::task::Over;
use super::{Clock, EngineEvent};
use crate::model::{Failure, LogDelivery, LogLine, Priority, TailId, TailRequest, TailState};
use crate::platforms::{Platform, Tail, TailStep};

/// A source that says "ask again at once" without having anything is asked no faster than this.
const SHORTEST_QUIET: Duration = Duration::from_millis(50);

/// What a tail needs.
pub(super) struct Following {
    pub(super) id: TailId,
    pub(super) request: TailRequest,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
    pub(super) over: Over,
    pub(super) pace: Pace,
}

/// Follows until the log ends, cannot be followed, or nobody listens.
pub(super) async fn follow(following: Following) {
    let Following {
        id,
        request,
        platform,
        lane,
        events,
        clock,
        over,
        pace,
    } = following;
    let delivery = platform.profile().delivery(&id.source);
    let mut outlet = Outlet::new(id, events);
    outlet.open();
    let end = match platform.tail(request) {
        Err(failure) => TailState::Failed(failure),
        Ok(tail) => {
            let source = Source {
                tail,
                platform: platform.as_ref(),
                lane: &lane,
                clock,
                is_stream: delivery == LogDelivery::Stream,
                is_open: false,
                pace,
            };
            read_on(source, &mut outlet).await
        }
    };
    // Before the last batch: whoever sees it may open the tail again.
    over.set();
    outlet.finish(end).await;
}

/// Reads to the end, and says how it ended.
async fn read_on(mut source: Source<'_>, outlet: &mut Outlet) -> TailState {
    let mut delays = Delays::patient();
    let mut gap = Gap::default();
    while !outlet.is_closed() {
        // A source that is always ready must not keep its thread from everything else.
        consume_budget().await;
        let step = match outlet.meanwhile(source.next()).await {
            Ok(step) => step,
            Err(failure) if failure.is_lasting() => return TailState::Failed(failure),
            Err(failure) => {
                gap.opens(&failure);
                let wait = retry_after(&failure).unwrap_or_default();
                let retry_in = source.pace.of(delays.next_delay()).max(wait);
                outlet.set_state(TailState::Waiting { failure, retry_in });
                outlet.meanwhile(sleep(retry_in)).await;
                continue;
            }
        };
        delays = Delays::patient();
        gap.closes((source.clock)());
        outlet.set_state(TailState::Live);
        match step {
            TailStep::Lines(lines) => {
                let mark = (!lines.is_empty()).then(|| gap.mark()).flatten();
                if let Some(mark) = mark {
                    outlet.push(mark);
                }
                outlet.push_all(lines.into_iter()).await;
            }
            TailStep::Replaced(lines) => {
                // The whole text is here: nothing is missing.
                gap = Gap::default();
                outlet.restart();
                outlet.push_all(lines.into_iter()).await;
            }
            TailStep::Quiet(wait) => outlet.meanwhile(sleep(wait.max(SHORTEST_QUIET))).await,
            TailStep::Ended => return TailState::Ended,
        }
        outlet.offer();
    }
    TailState::Ended
}

/// A tail, and its way through the gate.
struct Source<'a> {
    tail: Box<dyn Tail>,
    platform: &'a dyn Platform,
    lane: &'a Lane,
    clock: Clock,
    is_stream: bool,
    is_open: bool,
    pace: Pace,
}

impl Source<'_> {
    async fn next(&mut self) -> Result<TailStep, Failure> {
        // What an open stream brings says nothing of the budget: what was said before must not
        // close the context anew with every line.
        let is_answer = !(self.is_stream && self.is_open);
        let result = self.read().await;
        if is_answer {
            let budget = self.platform.budget();
            note_budget(self.lane, budget, (self.clock)(), result.as_ref().err());
        }
        if let Err(failure) = &result {
            note_failure(self.lane, failure);
        }
        self.is_open = result.is_ok();
        result
    }

    /// Every look at a polled log is a request. A stream is one when it is opened, and occupies
    /// nobody's place afterwards: it may be silent for hours.
    async fn read(&mut self) -> Result<TailStep, Failure> {
        if self.is_stream && self.is_open {
            return self.tail.next().await;
        }
        let permit = self.lane.enter(Priority::Visible).await?;
        let _held = Some(permit).filter(|_| !self.is_stream);
        self.tail.next().await
    }
}

/// A time in which nothing could be read.
#[derive(Default)]
struct Gap {
    since: Option<Instant>,
    /// What went wrong first, in a few words.
    why: String,
    closed: Option<(Duration, Timestamp)>,
}

impl Gap {
    fn opens(&mut self, failure: &Failure) {
        if self.since.is_none() {
            self.since = Some(Instant::now());
            self.why = failure.short();
        }
        self.closed = None;
    }

    fn closes(&mut self, now: Timestamp) {
        if let (Some(since), None) = (self.since, self.closed) {
            self.closed = Some((since.elapsed(), now));
        }
    }

    /// The line that says so, once, when lines come again.
    fn mark(&mut self) -> Option<LogLine> {
        let (length, resumed) = self.closed.take()?;
        self.since = None;
        let time = resumed.strftime("%H:%M:%S");
        let text = format!("gap {} ({}), resumed {time}", words(length), self.why);
        Some(LogLine::mark(Some(resumed), text))
    }
}

fn words(length: Duration) -> String {
    match length.as_secs() {
        seconds @ ..60 => format!("{} s", seconds.max(1)),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}
