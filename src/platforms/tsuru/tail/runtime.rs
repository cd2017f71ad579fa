//! What runs, as it runs; a log that does not end.
//!
//! A stream that is cut is an error, so that the cut can be seen; the next call asks again and goes
//! on where it was left. Silence is none: servers of some age send nothing while there is nothing, so
//! that a silent stream is asked for anew, which brings nothing twice. Source: tsuru contract,
//! sections 3 and 5 (logs).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::aim::{Aim, Kind};
use super::batch::Batch;
use super::feed::Feed;
use super::place::{Joins, Place};
use crate::model::{Failure, LogLine, NetworkProblem, TailRequest};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::stream::Record;
use crate::platforms::{Answer, Tail, TailStep};

/// Before a stream that ended in order is asked for again.
const AFTER_END: Duration = Duration::from_secs(3);

/// A stream that has brought nothing for so long is said to stand.
const STANDS: Duration = Duration::from_secs(2);

/// Follows what runs.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the way the lines come"
)]
pub(super) struct Runtime {
    api: Arc<Api>,
    aim: Aim,
    follows: bool,
    place: Place,
    feed: Option<Feed>,
    /// What came and was not judged.
    batch: Batch,
    /// What is to be told after what came.
    failure: Option<Failure>,
    /// What came again did not reach back.
    is_short: bool,
    /// It was said that the stream stands.
    is_standing: bool,
    is_over: bool,
}

impl Runtime {
    pub(super) fn new(api: Arc<Api>, aim: Aim, request: &TailRequest) -> Self {
        Self {
            api,
            aim,
            follows: request.follow,
            place: Place::new(request.lines, request.since),
            feed: None,
            batch: Batch::default(),
            failure: None,
            is_short: false,
            is_standing: false,
            is_over: false,
        }
    }

    /// Reads on. Cancel-safe.
    pub(super) async fn step(&mut self) -> Result<TailStep, Failure> {
        while !self.is_over {
            match self.part().await {
                Ok(Some(step)) => return Ok(step),
                Ok(None) => {}
                Err(failure) => {
                    self.close();
                    return Err(failure);
                }
            }
        }
        Ok(TailStep::Ended)
    }

    /// Does what is to be done next.
    async fn part(&mut self) -> Result<Option<TailStep>, Failure> {
        if self.batch.is_ready() {
            return self.judge().await;
        }
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        match self.feed {
            None => self.open().await.map(|()| None),
            Some(_) => self.read().await,
        }
    }

    async fn open(&mut self) -> Result<(), Failure> {
        let lines = self.place.reach(self.is_short);
        let feed = Feed::open(&self.api, &self.aim, lines, self.follows).await?;
        self.feed = Some(feed);
        self.batch = Batch::first();
        self.place.begin(lines);
        Ok(())
    }

    fn close(&mut self) {
        self.feed = None;
        self.failure = None;
        self.batch = Batch::default();
    }

    async fn read(&mut self) -> Result<Option<TailStep>, Failure> {
        let Some(feed) = &mut self.feed else {
            return Ok(None);
        };
        let came = if self.is_standing {
            feed.next().await
        } else if let Ok(came) = timeout(STANDS, feed.next()).await {
            came
        } else {
            self.is_standing = true;
            return Ok(Some(TailStep::Lines(Vec::new())));
        };
        self.is_standing = true;
        match came {
            Ok(Some(steps)) => {
                self.batch.extend(steps);
                Ok(None)
            }
            Ok(None) => Ok(self.ended()),
            // The first list comes at once, everywhere.
            Err(failure) if self.follows && !self.batch.is_first && is_silence(&failure) => {
                self.close();
                Ok(None)
            }
            Err(failure) => {
                self.failure = Some(failure);
                self.batch.is_whole = self.batch.is_first;
                Ok(None)
            }
        }
    }

    /// The server ended it in order.
    fn ended(&mut self) -> Option<TailStep> {
        self.feed = None;
        if !self.follows {
            self.is_over = true;
            return None;
        }
        self.close();
        Some(TailStep::Quiet(AFTER_END))
    }

    /// Hands over what of the batch is new.
    async fn judge(&mut self) -> Result<Option<TailStep>, Failure> {
        let records = self.batch.records.make_contiguous();
        self.aim.learn(&self.api, records).await?;
        let batch = self.batch.take();
        let is_first = batch.is_whole;
        let mut has_loss = batch.has_lost;
        let wanted = batch.records.into_iter();
        let wanted = wanted.filter(|it| self.aim.judge(it) != Kind::Other);
        let wanted: Vec<Record> = wanted.collect();
        if is_first {
            match self.place.joins(&wanted) {
                Joins::Yes => {}
                Joins::No => has_loss = true,
                Joins::AskMore => {
                    self.close();
                    self.is_short = true;
                    return Ok(None);
                }
            }
            self.is_short = false;
        }
        let mut lines = self.new_lines(&wanted);
        if is_first && let Some(most) = self.place.first_lines() {
            lines.drain(..lines.len().saturating_sub(most));
        }
        if has_loss && !lines.is_empty() {
            lines.insert(0, LogLine::mark(None, "some lines may be missing here"));
        }
        // Of the first list it is news that there is nothing.
        let is_news = is_first || !lines.is_empty();
        Ok(is_news.then_some(TailStep::Lines(lines)))
    }

    fn new_lines(&mut self, records: &[Record]) -> Vec<LogLine> {
        let mut lines = Vec::new();
        for record in records {
            match self.aim.judge(record) {
                Kind::Other => {}
                // Written for this connection alone.
                Kind::Gap => {
                    let text =
                        "the server dropped lines here: they came faster than they were read";
                    lines.push(LogLine::mark(record.at, text));
                }
                Kind::Wanted => {
                    let is_new = self.place.take(record);
                    lines.extend(is_new.then(|| self.aim.lines(record)).into_iter().flatten());
                }
            }
        }
        lines
    }
}

/// Nothing came for too long.
fn is_silence(failure: &Failure) -> bool {
    let problem = NetworkProblem::Timeout;
    matches!(failure, Failure::Network { problem: it, .. } if *it == problem)
}

impl Tail for Runtime {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
