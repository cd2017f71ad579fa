//! Rate limits: requests an hour and a minute, both windows sliding.
//! Source: DigitalOcean contract, section 3.

use std::collections::VecDeque;

use serde::Deserialize;

use super::{errors::Refusal, reply::Reply};
use crate::sim::clock::Moment;

/// How many requests a token has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimits {
    /// Requests an hour.
    pub hour: usize,
    /// Requests a minute.
    pub minute: usize,
}

impl Default for RateLimits {
    fn default() -> RateLimits {
        RateLimits {
            hour: 5_000,
            minute: 250,
        }
    }
}

const HOUR: f64 = 3_600.0;
const MINUTE: f64 = 60.0;

/// The requests that count, and what they count against.
#[derive(Debug)]
pub(super) struct Limits {
    allowed: Option<RateLimits>,
    /// When those of the last hour came, the oldest first.
    seen: VecDeque<Moment>,
}

/// What the headers of an answer say of the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    limit: usize,
    remaining: usize,
    reset: i64,
}

impl Limits {
    /// Nothing has been counted yet.
    pub(super) fn new(allowed: Option<RateLimits>) -> Limits {
        Limits {
            allowed,
            seen: VecDeque::new(),
        }
    }

    /// Counts from zero against other limits.
    pub(super) fn set(&mut self, allowed: Option<RateLimits>) {
        *self = Limits::new(allowed);
    }

    /// Counts one request, or refuses it. A refused one does not count.
    pub(super) fn count(&mut self, now: Moment) -> (Result<(), Refusal>, Standing) {
        while self.seen.front().is_some_and(|at| now.since(*at) >= HOUR) {
            self.seen.pop_front();
        }
        let Some(RateLimits { hour, minute }) = self.allowed else {
            return (Ok(()), self.standing(now, RateLimits::default().hour, None));
        };
        if self.seen.len() >= hour {
            let refusal = Refusal::throttled(None);
            return (Err(refusal), self.standing(now, hour, Some(0)));
        }
        let recent = self.seen.partition_point(|at| now.since(*at) >= MINUTE);
        if self.seen.len() - recent >= minute {
            let wait = self
                .seen
                .get(recent)
                .map_or(0.0, |at| MINUTE - now.since(*at));
            let refusal = Refusal::throttled(Some(Moment(0).plus(wait).second() + 1));
            return (Err(refusal), self.standing(now, hour, Some(0)));
        }
        self.seen.push_back(now);
        let standing = self.standing(now, hour, None);
        (Ok(()), standing)
    }

    fn standing(&self, now: Moment, limit: usize, remaining: Option<usize>) -> Standing {
        let oldest = self.seen.front().copied().unwrap_or(now);
        Standing {
            limit,
            remaining: remaining.unwrap_or_else(|| limit.saturating_sub(self.seen.len())),
            reset: oldest.plus(HOUR).second(),
        }
    }
}

impl Standing {
    /// Adds the headers to an answer.
    pub(super) fn told(self, reply: Reply) -> Reply {
        reply
            .with("ratelimit-limit", &self.limit.to_string())
            .with("ratelimit-remaining", &self.remaining.to_string())
            .with("ratelimit-reset", &self.reset.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(1_700_000_000_000_000);

    fn few() -> Limits {
        Limits::new(Some(RateLimits { hour: 5, minute: 3 }))
    }

    #[test]
    fn burst_says_how_long_to_wait_and_leaves_the_hour() {
        let mut limits = few();
        for second in 0..3 {
            assert_eq!(limits.count(START.plus(f64::from(second))).0, Ok(()));
        }
        let (refused, standing) = limits.count(START.plus(10.0));
        assert_eq!(refused, Err(Refusal::throttled(Some(51))));
        assert_eq!(standing.remaining, 0);
        let (heard, standing) = limits.count(START.plus(60.0));
        assert_eq!((heard, standing.remaining), (Ok(()), 1));
    }

    #[test]
    fn hour_says_when_the_oldest_request_expires() {
        let mut limits = few();
        for minute in 0..5 {
            assert_eq!(limits.count(START.plus(60.0 * f64::from(minute))).0, Ok(()));
        }
        let (refused, standing) = limits.count(START.plus(400.0));
        assert_eq!(refused, Err(Refusal::throttled(None)));
        assert_eq!(standing.reset, START.plus(3_600.0).second());
        assert_eq!(limits.count(START.plus(3_600.0)).0, Ok(()));
    }

    #[test]
    fn without_limits_all_are_heard() {
        let mut limits = Limits::new(None);
        assert!((0..6_000).all(|_| limits.count(START).0.is_ok()));
    }
}
