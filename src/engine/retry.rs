//! Whether a failed request is sent again: the retry table, as a pure function.
//!
//! The HTTP layer never retries. What is decided here depends on three things only: what went
//! wrong, what happens when the request is sent twice, and how often it was sent already.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::model::{Failure, Safety};

/// How often a request is sent at most.
pub(super) const ATTEMPTS: u32 = 3;

/// A task sleeps this long for a platform, and no longer: beyond it the context is paused, so that
/// the wait is shown once instead of being slept through by many.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_mins(5);

/// The longest delay between two attempts at one request.
const CAP: Duration = Duration::from_secs(20);

/// The longest delay between two attempts at something that is followed for hours.
const PATIENT_CAP: Duration = Duration::from_secs(30);

/// What to do about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send it again after this long.
    After(Duration),
    /// Report the failure.
    GiveUp,
    /// It may have happened: find out by reading, and never send it again.
    OutcomeUnknown,
    /// Report the failure, and send nothing to this context for this long.
    PauseContext(Duration),
}

/// What a failure says about whether the request arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It never left.
    NotSent,
    /// It was turned away, and may come again after this long.
    TurnedAway(Option<Duration>),
    /// It arrived at a platform that broke, or the answer was lost.
    Lost,
    /// It was answered, and flightdeck does not understand the answer.
    Garbled,
    /// It was answered: sending it again gives the same.
    Answered,
}

/// The table. `attempt` counts the attempts made, this one included; `backoff` is the delay unless
/// the platform names a longer one.
pub(super) fn decide(
    failure: &Failure,
    safety: Safety,
    attempt: u32,
    backoff: Duration,
) -> Decision {
    let once = safety == Safety::Once;
    match class(failure) {
        Class::TurnedAway(Some(wait)) if wait > LONGEST_SLEEP => Decision::PauseContext(wait),
        Class::TurnedAway(wait) => {
            let attempts = if once { 2 } else { ATTEMPTS };
            let delay = wait.unwrap_or_default().max(backoff);
            again(attempt < attempts, delay, Decision::GiveUp)
        }
        Class::NotSent => again(attempt < ATTEMPTS, backoff, Decision::GiveUp),
        Class::Lost => {
            let otherwise = if_written(safety);
            again(attempt < ATTEMPTS && !once, backoff, otherwise)
        }
        Class::Garbled => if_written(safety),
        Class::Answered => Decision::GiveUp,
    }
}

/// Whether a request that failed like this may have done its work all the same.
pub(super) fn may_have_arrived(failure: &Failure) -> bool {
    matches!(class(failure), Class::Lost | Class::Garbled)
}

fn again(may: bool, delay: Duration, otherwise: Decision) -> Decision {
    if may {
        Decision::After(delay)
    } else {
        otherwise
    }
}

/// A read that fails has no outcome; a write whose answer is lost has one that nobody knows.
fn if_written(safety: Safety) -> Decision {
    match safety {
        Safety::Read => Decision::GiveUp,
        Safety::Repeatable | Safety::Once => Decision::OutcomeUnknown,
    }
}

fn class(failure: &Failure) -> Class {
    match failure {
        Failure::Network { sent: false, .. } => Class::NotSent,
        Failure::Network { sent: true, .. } => Class::Lost,
        Failure::RateLimited { retry_after, .. } => Class::TurnedAway(*retry_after),
        // "Not implemented" and "HTTP version not supported" are answers, not accidents.
        Failure::Server {
            status: 501 | 505, ..
        } => Class::Answered,
        Failure::Server { status, .. } if *status >= 500 => Class::Lost,
        Failure::Decode { .. } => Class::Garbled,
        Failure::Server { .. }
        | Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        // What went wrong here before anything was sent goes wrong here again.
        | Failure::Local { .. }
        | Failure::Cancelled => Class::Answered,
    }
}

/// Growing delays with jitter, without end.
#[derive(Debug)]
pub(super) struct Delays {
    growing: ExponentialBackoff,
    cap: Duration,
}

impl Delays {
    /// Between attempts at one request: from 250 ms to 20 s.
    pub(super) fn quick() -> Self {
        Self::new(Duration::from_millis(250), CAP)
    }

    /// Between attempts at a log or an operation that is followed: from 1 s to 30 s.
    pub(super) fn patient() -> Self {
        Self::new(Duration::from_secs(1), PATIENT_CAP)
    }

    fn new(least: Duration, cap: Duration) -> Self {
        let growing = ExponentialBuilder::new()
            .with_min_delay(least)
            .with_factor(2.0)
            .with_max_delay(cap)
            .without_max_times()
            .with_jitter()
            .build();
        Self { growing, cap }
    }

    /// The next delay. Jitter comes on top of the growth, so the cap is applied last.
    pub(super) fn next_delay(&mut self) -> Duration {
        self.growing.next().unwrap_or(self.cap).min(self.cap)
    }
}

/// How many retries a context may still cost: it keeps an outage from tripling the load. Counted in
/// tenths, because a success gives a tenth back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota(u32);

impl Quota {
    const FULL: u32 = 100;
    const RETRY: u32 = 10;

    /// All of it.
    pub(super) fn full() -> Self {
        Self(Self::FULL)
    }

    /// Takes a retry out, if there is one.
    pub(super) fn take(&mut self) -> bool {
        let left = self.0.checked_sub(Self::RETRY);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }

    /// A request succeeded.
    pub(super) fn give_back(&mut self) {
        self.0 = (self.0 + 1).min(Self::FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::double::{
        broken, connect, decode, forbidden, limited, lost, not_found, rejected,
    };
    use crate::model::Text;

    const BACKOFF: Duration = Duration::from_millis(400);
    const AGAIN: Decision = Decision::After(BACKOFF);

    /// What the first and the last attempt lead to, for a read, a repeatable write and one that is
    /// sent at most once.
    fn check(failure: &Failure, expected: [(Decision, Decision); 3]) {
        let safeties = [Safety::Read, Safety::Repeatable, Safety::Once];
        for (safety, (first, last)) in safeties.into_iter().zip(expected) {
            let decided = |attempt| decide(failure, safety, attempt, BACKOFF);
            assert_eq!(decided(1), first, "{failure:?} {safety:?}");
            assert_eq!(decided(ATTEMPTS), last, "{failure:?} {safety:?}");
        }
    }

    #[test]
    fn what_was_not_sent_is_sent_again_whatever_it_is() {
        check(&connect(), [(AGAIN, Decision::GiveUp); 3]);
    }

    #[test]
    fn what_may_have_arrived_is_sent_again_only_if_that_is_safe() {
        let unknown = Decision::OutcomeUnknown;
        let expected = [
            (AGAIN, Decision::GiveUp),
            (AGAIN, unknown),
            (unknown, unknown),
        ];
        for failure in [
            lost(),
            broken(500),
            broken(502),
            broken(503),
            broken(504),
            broken(520),
        ] {
            check(&failure, expected);
        }
    }

    #[test]
    fn a_rate_limit_is_waited_for_as_long_as_it_says() {
        let wait = Duration::from_secs(30);
        let waits = (Decision::After(wait), Decision::GiveUp);
        check(&limited(Some(wait)), [waits; 3]);
        check(&limited(None), [(AGAIN, Decision::GiveUp); 3]);
        check(
            &limited(Some(Duration::ZERO)),
            [(AGAIN, Decision::GiveUp); 3],
        );
    }

    #[test]
    fn after_a_rate_limit_what_is_sent_at_most_once_gets_one_more_chance() {
        let second = |safety| decide(&limited(None), safety, 2, BACKOFF);
        assert_eq!(second(Safety::Read), AGAIN);
        assert_eq!(second(Safety::Repeatable), AGAIN);
        assert_eq!(second(Safety::Once), Decision::GiveUp);
    }

    #[test]
    fn a_long_wait_pauses_the_context() {
        let exactly = limited(Some(LONGEST_SLEEP));
        let longer = LONGEST_SLEEP + Duration::from_secs(1);
        check(
            &exactly,
            [(Decision::After(LONGEST_SLEEP), Decision::GiveUp); 3],
        );
        check(
            &limited(Some(longer)),
            [(
                Decision::PauseContext(longer),
                Decision::PauseContext(longer),
            ); 3],
        );
    }

    #[test]
    fn an_answer_is_an_answer() {
        for failure in [
            rejected(),
            forbidden(),
            not_found(),
            Failure::Conflict(Text::clean("running")),
            Failure::Validation(Vec::new()),
            Failure::ReadOnly,
            Failure::Local {
                problem: Text::clean("full"),
                advice: Text::clean("make room"),
            },
            Failure::Cancelled,
            broken(501),
            broken(418),
        ] {
            check(&failure, [(Decision::GiveUp, Decision::GiveUp); 3]);
        }
    }

    #[test]
    fn a_write_answered_in_an_unknown_way_may_have_happened() {
        let unknown = (Decision::OutcomeUnknown, Decision::OutcomeUnknown);
        check(
            &decode(),
            [(Decision::GiveUp, Decision::GiveUp), unknown, unknown],
        );
    }

    #[test]
    fn delays_double_with_jitter_up_to_the_cap() {
        let mut delays = Delays::quick();
        let mut least = Duration::from_millis(250);
        for _ in 0..12 {
            let delay = delays.next_delay();
            assert!(delay >= least && delay <= (least * 2).min(CAP), "{delay:?}");
            least = (least * 2).min(CAP);
        }
    }

    #[test]
    fn ten_retries_exhaust_the_quota_and_ten_successes_buy_one() {
        let mut quota = Quota::full();
        assert!((0..10).all(|_| quota.take()));
        assert!(!quota.take());
        (0..9).for_each(|_| quota.give_back());
        assert!(!quota.take());
        quota.give_back();
        assert!(quota.take());
        (0..1_000).for_each(|_| quota.give_back());
        assert_eq!(quota, Quota::full());
    }
}
