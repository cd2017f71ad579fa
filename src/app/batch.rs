//! Several operations that one answer confirmed: one as a canary, then the others, stopped at the
//! first failure. What failed can be tried again, and only that.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::request::Order;
use crate::model::{Consent, Operation, OperationTicket, Revision, Stage, Text, Verdict};

/// How many batches are kept.
const KEPT: usize = 20;

/// How many operations of a batch are under way at once, after the canary: few enough that a first
/// failure stops most of them.
const WIDTH: usize = 4;

/// Where a step of a batch stands.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// It has not begun.
    Waiting,
    /// It is under way.
    Running(OperationTicket),
    /// It ended well.
    Done,
    /// It was refused or failed; why.
    Failed(Text),
    /// It could not even begin; why.
    Barred(Text),
    /// Nobody knows how it ended; why. Never tried again by itself or with the failed ones.
    Unknown(Text),
}

/// One operation of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub operation: Operation,
    /// The revision of the target that was seen when somebody said yes.
    pub seen: Option<Revision>,
    /// Where it stands.
    pub state: StepState,
}

/// Several operations that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Its number, unique for the life of the process; given when it is added.
    pub number: u64,
    /// What is done, in words: `deploy 7 targets`.
    pub title: Text,
    /// In which order.
    pub order: Order,
    /// How somebody said yes to all of it.
    pub consent: Consent,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// When it began.
    pub started_at: Timestamp,
    /// Whether a failure keeps the rest from beginning.
    pub is_stopped: bool,
}

impl Batch {
    /// A batch of which nothing has begun.
    #[must_use]
    pub fn new(
        title: Text,
        (order, consent): (Order, Consent),
        operations: Vec<(Operation, Option<Revision>)>,
        now: Timestamp,
    ) -> Self {
        let steps = operations.into_iter().map(|(operation, seen)| Step {
            operation,
            seen,
            state: StepState::Waiting,
        });
        Self {
            number: 0,
            title,
            order,
            consent,
            steps: steps.collect(),
            started_at: now,
            is_stopped: false,
        }
    }

    /// How many steps ended well, of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (
            self.count(|state| *state == StepState::Done),
            self.steps.len(),
        )
    }

    /// Whether nothing is under way and nothing will begin.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let is_running = |state: &StepState| matches!(state, StepState::Running(_));
        let is_waiting = |state: &StepState| *state == StepState::Waiting;
        self.count(is_running) == 0 && (self.is_stopped || self.count(is_waiting) == 0)
    }

    /// The operations that were refused or failed.
    pub fn failed(&self) -> impl Iterator<Item = &Operation> {
        self.operations(|state| matches!(state, StepState::Failed(_) | StepState::Barred(_)))
    }

    /// The operations that never began.
    pub fn not_begun(&self) -> impl Iterator<Item = &Operation> {
        self.operations(|state| *state == StepState::Waiting)
    }

    fn operations(&self, is: impl Fn(&StepState) -> bool) -> impl Iterator<Item = &Operation> {
        let steps = self.steps.iter().filter(move |step| is(&step.state));
        steps.map(|step| &step.operation)
    }

    fn count(&self, is: impl Fn(&StepState) -> bool) -> usize {
        self.steps.iter().filter(|step| is(&step.state)).count()
    }

    /// Which step may begin now.
    fn next(&self) -> Option<usize> {
        if self.is_stopped {
            return None;
        }
        let running = self.count(|state| matches!(state, StepState::Running(_)));
        let (done, _) = self.progress();
        let width = match self.order {
            Order::CanaryFirst if done > 0 => WIDTH,
            Order::CanaryFirst | Order::OneByOne => 1,
        };
        if running >= width {
            return None;
        }
        self.steps
            .iter()
            .position(|step| step.state == StepState::Waiting)
    }
}

/// The newest batches, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Batches {
    list: VecDeque<Batch>,
    last: u64,
}

impl Batches {
    /// Takes a batch; the oldest one that is over makes room.
    pub fn add(&mut self, mut batch: Batch) {
        self.last += 1;
        batch.number = self.last;
        if self.list.len() >= KEPT {
            let over = self.list.iter().position(Batch::is_over).unwrap_or(0);
            self.list.remove(over);
        }
        self.list.push_back(batch);
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Batch> {
        self.list.iter().rev()
    }

    /// Those of which something is under way or will begin.
    pub fn running(&self) -> impl Iterator<Item = &Batch> {
        self.iter().filter(|batch| !batch.is_over())
    }

    /// The step of that number in the batch of that number.
    #[must_use]
    pub fn step(&self, batch: u64, step: usize) -> Option<(&Batch, &Step)> {
        let batch = self.iter().find(|it| it.number == batch)?;
        Some((batch, batch.steps.get(step)?))
    }

    /// The batch to look at: the newest that is under way, else the newest of all.
    #[must_use]
    pub fn current(&self) -> Option<&Batch> {
        self.running().next().or_else(|| self.iter().next())
    }

    /// The batch of an operation under way.
    #[must_use]
    pub fn of(&self, ticket: OperationTicket) -> Option<&Batch> {
        let is_its = |step: &Step| step.state == StepState::Running(ticket);
        self.iter().find(|batch| batch.steps.iter().any(is_its))
    }

    /// An operation ended. Gives the batch it belongs to, if it does.
    pub(super) fn ended(&mut self, ticket: OperationTicket, stage: &Stage) -> Option<&Batch> {
        let running = StepState::Running(ticket);
        let batch = self
            .list
            .iter_mut()
            .find(|batch| batch.steps.iter().any(|step| step.state == running))?;
        let step = batch.steps.iter_mut().find(|step| step.state == running)?;
        step.state = state_of(stage);
        batch.is_stopped |= step.state != StepState::Done;
        Some(batch)
    }

    /// The next step that may begin, of any batch: the operation, and where it is noted.
    pub(super) fn next(&self) -> Option<(Place, Operation, Consent)> {
        self.list.iter().enumerate().find_map(|(batch, it)| {
            let step = it.next()?;
            let own = it.steps.get(step)?;
            let consent = Consent {
                seen: own.seen.clone(),
                ..it.consent.clone()
            };
            Some((Place { batch, step }, own.operation.clone(), consent))
        })
    }

    /// A step began, or could not, for a reason.
    pub(super) fn began(&mut self, place: Place, ticket: Result<OperationTicket, Text>) {
        let Some(batch) = self.list.get_mut(place.batch) else {
            return;
        };
        batch.is_stopped |= ticket.is_err();
        if let Some(step) = batch.steps.get_mut(place.step) {
            step.state = match ticket {
                Ok(ticket) => StepState::Running(ticket),
                Err(reason) => StepState::Barred(reason),
            };
        }
    }
}

/// Where a step is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    batch: usize,
    step: usize,
}

fn state_of(stage: &Stage) -> StepState {
    match stage {
        Stage::Ended(Verdict::Done(_)) => StepState::Done,
        Stage::Ended(Verdict::Partly(why) | Verdict::Failed(why)) => StepState::Failed(why.clone()),
        Stage::Refused(failure) => StepState::Failed(Text::clean(&failure.headline())),
        Stage::Unresolved(why) => StepState::Unknown(why.clone()),
        // Only ends are told.
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => {
            StepState::Unknown(Text::clean("it has not ended"))
        }
    }
}
