//! How many requests a context may send: a rate (GCRA), corrected by what the platform says is left.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::{Budget, RatePolicy};

/// However scarce the budget: the wait for it is not shown, so it must not be long.
const LONGEST_INTERVAL: Duration = Duration::from_mins(1);

/// Below a fifth of the budget, what is left is spread over the time until it comes back.
const SCARCE: u32 = 5;

/// A rate limiter. It keeps one moment: when a bucket that drains steadily would be empty.
#[derive(Debug)]
pub(super) struct Rate {
    interval: Duration,
    burst: u32,
    /// The interval while the budget is scarce; there is no burst then.
    stretched: Option<Duration>,
    empty_at: Instant,
}

impl Rate {
    /// A limiter with all of its burst. A policy of zero is taken as one: a context that may never
    /// send would wait for ever without saying so.
    pub(super) fn new(policy: &RatePolicy, now: Instant) -> Self {
        Self {
            interval: Duration::from_mins(1) / policy.per_minute.max(1),
            burst: policy.burst.max(1),
            stretched: None,
            empty_at: now,
        }
    }

    /// How long until the next request may go.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let ahead = match self.stretched {
            Some(_) => Duration::ZERO,
            None => self.interval.saturating_mul(self.burst - 1),
        };
        let full = self.empty_at.saturating_duration_since(now);
        full.saturating_sub(ahead)
    }

    /// Counts a request.
    pub(super) fn spend(&mut self, now: Instant) {
        let interval = self.stretched.unwrap_or(self.interval);
        self.empty_at = self.empty_at.max(now) + interval;
    }

    /// Believes what the platform says is left, with `left` until it comes back. Never faster than
    /// the policy: that leaves room for the user's other tools.
    pub(super) fn correct(&mut self, budget: &Budget, left: Option<Duration>) {
        let is_scarce = budget.remaining < budget.limit / SCARCE;
        self.stretched = left
            .filter(|_| is_scarce)
            .map(|left| left / budget.remaining.max(1))
            .map(|interval| interval.clamp(self.interval, LONGEST_INTERVAL));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn rate(per_minute: u32, burst: u32) -> (Rate, Instant) {
        let now = Instant::now();
        let policy = RatePolicy {
            per_minute,
            burst,
            concurrent: 4,
            lists_per_minute: 100,
        };
        (Rate::new(&policy, now), now)
    }

    #[test]
    fn a_burst_goes_at_once_and_then_one_an_interval() {
        let (mut rate, now) = rate(60, 3);
        for _ in 0..3 {
            assert_eq!(rate.wait(now), Duration::ZERO);
            rate.spend(now);
        }
        assert_eq!(rate.wait(now), SECOND);
        rate.spend(now + SECOND);
        assert_eq!(rate.wait(now + SECOND), SECOND);
    }

    #[test]
    fn a_quiet_time_does_not_buy_more_than_the_burst() {
        let (mut rate, now) = rate(60, 2);
        let later = now + 600 * SECOND;
        rate.spend(later);
        rate.spend(later);
        assert_eq!(rate.wait(later), SECOND);
    }

    #[test]
    fn a_scarce_budget_is_spread_until_it_comes_back() {
        let (mut rate, now) = rate(60, 10);
        let scarce = Budget {
            remaining: 6,
            limit: 100,
            resets_at: None,
        };
        rate.correct(&scarce, Some(60 * SECOND));
        rate.spend(now);
        assert_eq!(rate.wait(now), 10 * SECOND);

        rate.correct(&scarce, Some(6_000 * SECOND));
        rate.spend(now + 10 * SECOND);
        assert_eq!(rate.wait(now + 10 * SECOND), LONGEST_INTERVAL);

        let plenty = Budget {
            remaining: 99,
            ..scarce
        };
        rate.correct(&plenty, Some(60 * SECOND));
        assert_eq!(rate.wait(now + 70 * SECOND), Duration::ZERO);
    }

    #[test]
    fn a_generous_budget_does_not_lift_the_policy() {
        let (mut rate, now) = rate(60, 1);
        let generous = Budget {
            remaining: 10_000,
            limit: 100_000,
            resets_at: None,
        };
        rate.correct(&generous, Some(SECOND));
        rate.spend(now);
        assert_eq!(rate.wait(now), SECOND);
    }
}
