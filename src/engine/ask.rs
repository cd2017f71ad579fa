//! One question to a platform, asked until it is answered or the table says to stop.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::Clock;
use super::gate::Lane;
use super::pace::Pace;
use super::retry::{Decision, Delays, LONGEST_SLEEP, decide};
use crate::model::{Budget, Failure, Priority, Safety};
use crate::platforms::{Answer, Platform};

/// A wait shorter than this is not worth telling.
const SHORT: Duration = Duration::from_secs(1);

/// Who asks whom, and how urgently.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) platform: &'a dyn Platform,
    pub(super) lane: &'a Lane,
    pub(super) priority: Priority,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
}

impl<'a> Asker<'a> {
    /// Asks for somebody who waits, at the pace of reality.
    pub(super) fn visible(platform: &'a dyn Platform, lane: &'a Lane, clock: Clock) -> Self {
        Self {
            platform,
            lane,
            priority: Priority::Visible,
            clock,
            pace: Pace::default(),
        }
    }
}

/// Learns that an answer is late, why, and when the next attempt goes.
pub(super) trait Patience: Send {
    /// Called before every wait.
    fn wait(&mut self, failure: Failure, delay: Duration) -> impl Future<Output = ()> + Send;
}

/// Nobody is told.
pub(super) struct Silent;

impl Patience for Silent {
    async fn wait(&mut self, failure: Failure, delay: Duration) {
        tracing::debug!(%failure, ?delay, "asking again");
    }
}

impl<'a> Asker<'a> {
    /// Asks by `send`, which makes one attempt.
    pub(super) async fn ask<T>(
        &self,
        patience: &mut impl Patience,
        send: impl Fn() -> Answer<'a, T>,
    ) -> Result<T, Failure> {
        let mut delays = Delays::quick();
        let mut attempt = 0;
        loop {
            self.tell_closed(patience).await;
            let failure = match self.once(&send).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            attempt += 1;
            match decide(&failure, Safety::Read, attempt, delays.next_delay()) {
                Decision::After(delay) if self.lane.take_retry() => {
                    patience.wait(failure, delay).await;
                    sleep(self.pace.of(delay)).await;
                }
                Decision::After(_)
                | Decision::GiveUp
                | Decision::OutcomeUnknown
                | Decision::PauseContext(_) => return Err(failure),
            }
        }
    }

    /// Makes one attempt, when it is its turn.
    pub(super) async fn once<T>(&self, send: impl FnOnce() -> Answer<'a, T>) -> Result<T, Failure> {
        let permit = self.lane.enter(self.priority).await?;
        let result = send().await;
        // Before the place is given away: what was learned holds for the next one.
        self.note(&result);
        drop(permit);
        result
    }

    /// Takes in what an attempt says of the limits.
    pub(super) fn note<T>(&self, result: &Result<T, Failure>) {
        let budget = self.platform.budget();
        note_budget(self.lane, budget, (self.clock)(), result.as_ref().err());
        match result {
            Ok(_) => self.lane.succeeded(),
            Err(failure) => note_failure(self.lane, failure),
        }
    }

    /// A closed context is waited for in sight. One that is paused will be refused at once.
    pub(super) async fn tell_closed(&self, patience: &mut impl Patience) {
        let Some(failure) = self.lane.closed_for() else {
            return;
        };
        match retry_after(&failure) {
            Some(left) if left > SHORT && left <= LONGEST_SLEEP => {
                patience.wait(failure, left).await;
            }
            Some(_) | None => {}
        }
    }
}

/// Takes in what an answer said of the budget. A failure that says how long to wait says it better:
/// a burst is refused as if all were spent.
pub(super) fn note_budget(
    lane: &Lane,
    budget: Option<Budget>,
    now: Timestamp,
    failure: Option<&Failure>,
) {
    if failure.and_then(retry_after).is_none() {
        lane.heard(budget, now);
    }
}

/// What one request was told holds for all of its context: the others would be told the same.
pub(super) fn note_failure(lane: &Lane, failure: &Failure) {
    if let Failure::RateLimited {
        retry_after: Some(wait),
        limit,
    } = failure
    {
        lane.close(*wait, limit.clone());
    }
}

/// How long the platform wants to be left alone.
pub(super) fn retry_after(failure: &Failure) -> Option<Duration> {
    match failure {
        Failure::RateLimited { retry_after, .. } => *retry_after,
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        | Failure::Server { .. }
        | Failure::Network { .. }
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => None,
    }
}
