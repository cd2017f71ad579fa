//! Who may send now: at most four requests to a context and sixteen in all, inside each context's
//! rate, what is visible first.
//!
//! Every request waits here for its turn and holds a [`Permit`] while it is under way. The gate
//! sleeps for nobody: each waiting task asks for its turn, and is told when to ask again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::rate::Rate;
use super::retry::{LONGEST_SLEEP, Quota};
use crate::model::{Budget, Failure, Priority, RatePolicy, Text};

/// Requests under way in all.
const MOST: usize = 16;

/// Requests under way to one context, whatever its profile says.
const MOST_OF_A_CONTEXT: usize = 4;

/// A platform that closes for longer is asked again after a day: a wrong header must not end a
/// context for good (and a moment further away could not be represented).
const LONGEST_CLOSURE: Duration = Duration::from_hours(24);

/// A budget that is spent is tried again after this, however far away its end is said to be.
const LONGEST_SPENT: Duration = Duration::from_mins(1);

/// The one place all requests of the process pass. A mutex, because tasks of all contexts meet
/// here; it is never held across an await.
#[derive(Debug)]
struct Gate {
    inner: Mutex<Inner>,
    changed: Notify,
}

#[derive(Debug)]
struct Inner {
    under_way: usize,
    last: u64,
    waiting: BTreeSet<Place>,
    lanes: Vec<State>,
}

/// A place in the queue; the smallest goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    priority: Priority,
    number: u64,
    lane: usize,
}

/// What the gate knows of a context.
#[derive(Debug)]
struct State {
    under_way: usize,
    most: usize,
    rate: Rate,
    closed: Option<Closed>,
    quota: Quota,
}

/// Nothing may go before a moment, because the platform said so.
#[derive(Clone, Debug)]
struct Closed {
    until: Instant,
    limit: Option<Text>,
}

enum Turn {
    Now,
    /// Ask again then, or when something changed.
    At(Instant),
    /// Ask again when something changed.
    Later,
    Never(Failure),
}

/// The way of one context through the gate.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    gate: Arc<Gate>,
    index: usize,
}

/// A request under way, or waiting to be. Dropping it makes room, in either case.
#[derive(Debug)]
pub(super) struct Permit {
    gate: Arc<Gate>,
    place: Place,
}

/// One lane for each policy, all through one gate.
pub(super) fn lanes<'a>(policies: impl IntoIterator<Item = &'a RatePolicy>) -> Vec<Lane> {
    let gate = Gate::new(policies);
    let count = gate.lock().lanes.len();
    let lane = |index| Lane {
        gate: Arc::clone(&gate),
        index,
    };
    (0..count).map(lane).collect()
}

impl Lane {
    /// A lane through a gate of its own, for a single command.
    pub(super) fn alone(policy: &RatePolicy) -> Self {
        Self {
            gate: Gate::new([policy]),
            index: 0,
        }
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// `RateLimited` if the context is closed for longer than a task sleeps.
    pub(super) async fn enter(&self, priority: Priority) -> Result<Permit, Failure> {
        let permit = self.queue(priority);
        loop {
            // Made before asking: a change in between is not missed.
            let changed = self.gate.changed.notified();
            match self.gate.turn(&permit.place) {
                Turn::Now => return Ok(permit),
                Turn::At(when) => {
                    let _ = timeout_at(when, changed).await;
                }
                Turn::Later => changed.await,
                Turn::Never(failure) => return Err(failure),
            }
        }
    }

    /// Lets nothing pass for `wait`. Two closures do not add up: the longer one counts.
    pub(super) fn close(&self, wait: Duration, limit: Option<Text>) {
        let until = Instant::now() + wait.min(LONGEST_CLOSURE);
        self.with(|state| state.close(Closed { until, limit }));
        self.gate.changed.notify_waiters();
    }

    /// How long nothing may pass, and why; absent while it may.
    pub(super) fn closed_for(&self) -> Option<Failure> {
        self.with(|state| state.closed_for(Instant::now()))
    }

    /// Until when nothing may pass.
    pub(super) fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.with(|state| state.closed.as_ref().map(|closed| closed.until))?;
        let left = until.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then(|| later(now, left))
    }

    /// Takes in what an answer said of the budget.
    pub(super) fn heard(&self, budget: Option<Budget>, now: Timestamp) {
        let Some(budget) = budget else { return };
        let left = budget
            .resets_at
            .and_then(|at| Duration::try_from(now.duration_until(at)).ok())
            .filter(|left| !left.is_zero());
        self.with(|state| state.rate.correct(&budget, left));
        if let (0, Some(left)) = (budget.remaining, left) {
            // This moment is by the platform's clock, and ours may differ; and where requests
            // expire one by one, some can be sent long before all of them can. If it is too early,
            // the platform says how long to wait.
            self.close(left.min(LONGEST_SPENT), None);
        }
    }

    /// A request succeeded.
    pub(super) fn succeeded(&self) {
        self.with(|state| state.quota.give_back());
    }

    /// Whether the context may cost another retry; takes it if so.
    pub(super) fn take_retry(&self) -> bool {
        self.with(|state| state.quota.take())
    }

    fn queue(&self, priority: Priority) -> Permit {
        let mut inner = self.gate.lock();
        inner.last += 1;
        let place = Place {
            priority,
            number: inner.last,
            lane: self.index,
        };
        inner.waiting.insert(place);
        Permit {
            gate: Arc::clone(&self.gate),
            place,
        }
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.gate.lock().lanes[self.index])
    }
}

/// `now` and a while.
pub(super) fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

impl Gate {
    fn new<'a>(policies: impl IntoIterator<Item = &'a RatePolicy>) -> Arc<Self> {
        let now = Instant::now();
        let inner = Inner {
            under_way: 0,
            last: 0,
            waiting: BTreeSet::new(),
            lanes: policies.into_iter().map(|p| State::new(p, now)).collect(),
        };
        Arc::new(Self {
            inner: Mutex::new(inner),
            changed: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One `now` for all of it: what may pass passes here, so whoever is told to wait is held up
    /// by something whose end wakes them.
    fn turn(&self, place: &Place) -> Turn {
        let now = Instant::now();
        let mut inner = self.lock();
        if inner.may_pass(place, now) && inner.admit(now) {
            // Their turn has come, or moved.
            self.changed.notify_waiters();
        }
        if inner.waiting.contains(place) {
            inner.lanes[place.lane].turn(now)
        } else {
            Turn::Now
        }
    }
}

impl Inner {
    /// Whether it is worth looking at the queue. Not whether it is this one's turn.
    fn may_pass(&self, place: &Place, now: Instant) -> bool {
        self.under_way < MOST && self.lanes[place.lane].admits(place.priority, now)
    }

    /// Lets everybody pass who may, in order. Whoever is held up by their own context holds nobody
    /// else up. True if somebody passed.
    fn admit(&mut self, now: Instant) -> bool {
        let Self {
            under_way,
            waiting,
            lanes,
            ..
        } = self;
        let before = waiting.len();
        waiting.retain(|place| {
            let lane = &mut lanes[place.lane];
            let passes = *under_way < MOST && lane.admits(place.priority, now);
            if passes {
                *under_way += 1;
                lane.under_way += 1;
                lane.rate.spend(now);
            }
            !passes
        });
        waiting.len() < before
    }
}

impl State {
    fn new(policy: &RatePolicy, now: Instant) -> Self {
        Self {
            under_way: 0,
            most: policy.concurrent.clamp(1, MOST_OF_A_CONTEXT),
            rate: Rate::new(policy, now),
            closed: None,
            quota: Quota::full(),
        }
    }

    fn admits(&self, priority: Priority, now: Instant) -> bool {
        // The last slot is kept for what somebody looks at: a few slow answers that nobody waits
        // for must not keep the screen waiting.
        let most = match priority {
            Priority::Visible => self.most,
            Priority::Background => (self.most - 1).max(1),
        };
        self.under_way < most && self.wait(now).is_zero()
    }

    fn wait(&self, now: Instant) -> Duration {
        let closed = self.closed.as_ref().map_or(now, |closed| closed.until);
        let closed = closed.saturating_duration_since(now);
        self.rate.wait(now).max(closed)
    }

    fn turn(&self, now: Instant) -> Turn {
        if let Some(failure) = self.closed_for(now).filter(is_long) {
            return Turn::Never(failure);
        }
        match self.wait(now) {
            Duration::ZERO => Turn::Later,
            wait => Turn::At(now + wait),
        }
    }

    fn close(&mut self, closed: Closed) {
        if self.closed.as_ref().is_none_or(|c| c.until < closed.until) {
            self.closed = Some(closed);
        }
    }

    fn closed_for(&self, now: Instant) -> Option<Failure> {
        let closed = self.closed.as_ref()?;
        let left = closed.until.checked_duration_since(now)?;
        (!left.is_zero()).then(|| Failure::RateLimited {
            retry_after: Some(left),
            limit: closed.limit.clone(),
        })
    }
}

fn is_long(failure: &Failure) -> bool {
    matches!(failure, Failure::RateLimited { retry_after: Some(wait), .. } if *wait > LONGEST_SLEEP)
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut inner = self.gate.lock();
        if !inner.waiting.remove(&self.place) {
            inner.under_way -= 1;
            inner.lanes[self.place.lane].under_way -= 1;
            inner.admit(Instant::now());
        }
        drop(inner);
        self.gate.changed.notify_waiters();
    }
}
