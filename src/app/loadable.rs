//! A value that is read again and again. Being stale, loading and failing at once is normal.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::age::set_back;
use crate::model::Failure;

/// What is happening to a [`Loadable`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nothing.
    #[default]
    Idle,
    /// It is being read.
    Loading {
        /// Since when.
        since: Timestamp,
    },
    /// The last reading failed.
    Failed(Failure),
}

/// Age and condition of a value, without the value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// When the last good value was read.
    pub fetched_at: Option<Timestamp>,
    /// What is happening.
    pub phase: Phase,
    /// The failure that is being retried, while it is.
    pub retrying: Option<Failure>,
    failures: u32,
    tried_at: Option<Timestamp>,
    was_hurried: bool,
}

/// The last good value, its age, and what is happening to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loadable<T> {
    /// The last good value.
    pub value: Option<T>,
    /// Its age and condition.
    pub load: Load,
}

impl<T> Default for Loadable<T> {
    fn default() -> Self {
        Self {
            value: None,
            load: Load::default(),
        }
    }
}

impl<T: PartialEq> Loadable<T> {
    /// The value came; says whether it differs from the last one.
    pub fn succeed(&mut self, value: T, at: Timestamp) -> bool {
        self.load.succeed(at);
        let differs = self.value.as_ref() != Some(&value);
        self.value = Some(value);
        differs
    }
}

/// After a failure: the first wait, doubled up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// What a server is too old for, or has not for this, it will hardly learn within hours.
const UNSUPPORTED_WAIT: Duration = Duration::from_hours(3);

impl Load {
    /// A request was made. A failure stays in sight until its outcome is known.
    pub fn begin(&mut self, now: Timestamp) {
        let before = std::mem::replace(&mut self.phase, Phase::Loading { since: now });
        if let Phase::Failed(failure) = before {
            self.retrying = Some(failure);
        }
        self.tried_at = Some(now);
    }

    /// The value came.
    pub fn succeed(&mut self, at: Timestamp) {
        self.fetched_at = Some(at);
        self.phase = Phase::Idle;
        self.retrying = None;
        self.failures = 0;
        self.was_hurried = false;
    }

    /// The request under way was given up; what is known stays as it was.
    pub fn abandon(&mut self) {
        if self.is_loading() {
            self.phase = self.retrying.take().map_or(Phase::Idle, Phase::Failed);
        }
    }

    /// The reading failed; the last good value stays.
    pub fn fail(&mut self, failure: Failure, at: Timestamp) {
        self.phase = Phase::Failed(failure);
        self.retrying = None;
        self.failures = self.failures.saturating_add(1);
        self.tried_at = Some(at);
    }

    /// Why the last reading failed, or the one under way is repeated.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match &self.phase {
            Phase::Failed(failure) => Some(failure),
            Phase::Idle | Phase::Loading { .. } => self.retrying.as_ref(),
        }
    }

    /// Whether it is being read.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        matches!(self.phase, Phase::Loading { .. })
    }

    /// Asks for it anew, whatever its age and failures. What is under way goes on, and once it is
    /// answered the value is asked for again: that answer may be older than the wish.
    pub fn invalidate(&mut self) {
        self.tried_at = None;
        self.failures = 0;
    }

    /// Its context answers again, so a failed value is due at once. Only once until it succeeds:
    /// what fails by itself must not be asked for as often as its neighbours succeed. The wait that
    /// a limit asked for is kept, and so is that for what is not offered.
    pub fn hurry(&mut self) {
        let waits = matches!(
            self.phase,
            Phase::Failed(Failure::RateLimited { .. } | Failure::Unsupported { .. })
        );
        if matches!(self.phase, Phase::Failed(_)) && !waits && !self.was_hurried {
            self.was_hurried = true;
            self.tried_at = None;
        }
    }

    /// Its value is no longer kept: it counts as never read, but when it was tried and how that
    /// went holds on.
    #[must_use]
    pub fn without_value(mut self) -> Self {
        self.fetched_at = None;
        self
    }

    /// When it was last asked for, unless that was taken back since.
    #[must_use]
    pub fn tried_at(&self) -> Option<Timestamp> {
        self.tried_at
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let own = [self.fetched_at.as_mut(), self.tried_at.as_mut()];
        let since = match &mut self.phase {
            Phase::Loading { since } => Some(since),
            Phase::Idle | Phase::Failed(_) => None,
        };
        own.into_iter()
            .chain([since])
            .flatten()
            .for_each(|at| set_back(at, by));
    }

    /// When it is to be read next, if it is to be at most `interval` old: absent while it is being
    /// read. After failures the wait doubles from 5 s to 5 min, and a limit's own wait is kept; what is
    /// not offered is not asked for again before hours have passed.
    #[must_use]
    pub fn due_at(&self, interval: Duration) -> Option<Timestamp> {
        let wait = match &self.phase {
            Phase::Loading { .. } => return None,
            Phase::Idle => interval,
            Phase::Failed(failure) => {
                let doubled =
                    FIRST_WAIT.saturating_mul(1 << self.failures.saturating_sub(1).min(8));
                let own = doubled.min(LONGEST_WAIT);
                if let Failure::Unsupported { .. } = failure {
                    UNSUPPORTED_WAIT
                } else if let Failure::RateLimited {
                    retry_after: Some(asked),
                    ..
                } = failure
                {
                    own.max(*asked)
                } else {
                    own
                }
            }
        };
        let Some(tried_at) = self.tried_at else {
            return Some(Timestamp::MIN);
        };
        Some(tried_at.saturating_add(wait).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn due(value: &Loadable<u8>) -> Option<i64> {
        value
            .load
            .due_at(Duration::from_secs(30))
            .map(Timestamp::as_second)
    }

    #[test]
    fn a_failed_refresh_keeps_the_last_good_value() {
        let mut value = Loadable::default();
        value.load.begin(at(0));
        value.succeed(7, at(1));
        value.load.begin(at(30));
        value.load.fail(
            Failure::Server {
                status: 502,
                message: None,
                request_id: None,
            },
            at(31),
        );
        assert_eq!((value.value, value.load.fetched_at), (Some(7), Some(at(1))));
        assert!(value.load.failure().is_some());
    }

    #[test]
    fn waits_double_after_failures_and_a_limit_is_obeyed() {
        let mut value = Loadable::<u8>::default();
        assert!(
            value
                .load
                .due_at(Duration::ZERO)
                .is_some_and(|due| due < at(0)),
            "never tried: now"
        );
        for (round, wait) in [5, 10, 20, 40].into_iter().enumerate() {
            value.load.begin(at(0));
            assert_eq!(due(&value), None, "under way");
            value.load.fail(Failure::Cancelled, at(100));
            assert_eq!(due(&value), Some(100 + wait), "round {round}");
        }
        value.load.fail(
            Failure::RateLimited {
                retry_after: Some(Duration::from_mins(7)),
                limit: None,
            },
            at(100),
        );
        assert_eq!(due(&value), Some(100 + 420));
        value.succeed(1, at(200));
        value.load.begin(at(210));
        value.succeed(1, at(211));
        assert_eq!(due(&value), Some(240));
    }
}
