//! Requests that are answered before they are done. Source: Pangea contract, section 6.

use std::mem;

use serde_json::{Map, Value};

use super::{
    call::{Call, Outcome},
    errors::{self, Refusal},
    forms::Waiting,
    routes::Work,
    shape::Shape,
    world::World,
};
use crate::sim::clock::Moment;

/// Simulated seconds until such a request is done.
const TAKES: f64 = 4.0;
/// Minutes for which it is remembered.
const REMEMBERED: u32 = 1_440;

/// What was asked for, and by whom.
pub(super) struct Order {
    pub(super) request: String,
    /// No other may ask for it.
    pub(super) token: String,
    pub(super) work: &'static Work,
    pub(super) body: Map<String, Value>,
    pub(super) shape: Shape,
}

/// A request that was accepted.
pub(super) struct Task {
    pub(super) order: Order,
    ready: Moment,
    until: Moment,
    /// For how long it is remembered.
    pub(super) minutes: u32,
    /// How often somebody asked.
    pub(super) polls: u64,
    outcome: Option<Outcome>,
}

impl Task {
    /// One that is accepted now; a simulated second takes as long as `pace` says.
    pub(super) fn new(order: Order, now: Moment, pace: f64) -> Task {
        let soon = now.plus(TAKES * pace);
        let (ready, minutes) = match order.shape.waiting.unwrap_or(Waiting::Soon) {
            Waiting::Soon | Waiting::Failure => (soon, REMEMBERED),
            Waiting::Never => (Moment::NEVER, REMEMBERED),
            Waiting::Forgotten => (Moment::NEVER, 1),
        };
        Task {
            order,
            ready,
            until: now.plus(f64::from(minutes) * 60.0 * pace),
            minutes,
            polls: 0,
            outcome: None,
        }
    }

    /// How it ended, if it has.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    fn is_due(&self, now: Moment) -> bool {
        self.outcome.is_none() && self.ready <= now
    }

    /// Does what was asked for.
    fn run(&mut self, world: &mut World) {
        let Order {
            work, body, shape, ..
        } = &self.order;
        let outcome = if shape.waiting == Some(Waiting::Failure) {
            Err(errors::FAILED)
        } else {
            (work.answer)(&mut Call {
                world,
                now: self.ready,
                body,
                shape,
            })
        };
        self.outcome = Some(outcome);
    }
}

/// Does everything that should have been done by `now`, in its order.
pub(super) fn settle(world: &mut World, now: Moment) {
    if !world.tasks.iter().any(|task| task.is_due(now)) {
        return;
    }
    let mut tasks = mem::take(&mut world.tasks);
    let mut due: Vec<&mut Task> = tasks.iter_mut().filter(|task| task.is_due(now)).collect();
    due.sort_by_key(|task| task.ready);
    for task in due {
        task.run(world);
    }
    world.tasks = tasks;
}

/// Asks for a request that was accepted.
pub(super) fn ask<'a>(
    world: &'a mut World,
    request: &str,
    token: &str,
    now: Moment,
) -> Result<&'a Task, Refusal> {
    let mut tasks = world.tasks.iter_mut();
    let task = tasks.find(|task| task.order.request == request && now < task.until);
    let task = task.ok_or(errors::NOT_FOUND)?;
    if task.order.token != token {
        return Err(errors::UNAUTHORIZED);
    }
    task.polls += 1;
    Ok(task)
}
