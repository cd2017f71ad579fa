//! Operations: sent at most as often as is safe, found out about when the answer is lost, followed
//! to their end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{sleep, sleep_until};

use super::ask::{Asker, Patience};
use super::follow::follow;
use super::gate::Lane;
use super::pace::Pace;
use super::retry::{Decision, Delays, decide, may_have_arrived};
use super::task::Over;
use super::voice::{Ear, OUTPUT_BATCH, Voice};
use super::{Clock, EngineEvent};
use crate::model::{
    Accepted, AuthProblem, Failure, Follow, Operation, OperationEvent, OperationTicket, Priority,
    Progress, Safety, Stage, Text, Verdict, Witness,
};
use crate::platforms::{Found, Platform};

/// Lines of output on their way from the adapter.
const OUTPUT_LINES: usize = 1_024;

/// When it is looked what became of a lost answer. Not at once: a request that timed out here may
/// still be at work there.
const LOOKS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
];

/// Carries out one operation to its end, or with `wait` unset until the platform took it, and
/// calls `progress` for every event.
///
/// Returns the stage of the last event.
pub async fn run_operation(
    platform: Arc<dyn Platform>,
    operation: Operation,
    clock: Clock,
    wait: bool,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    run_operation_at(Pace::default(), platform, operation, clock, wait, progress).await
}

/// Like [`run_operation`], at another pace.
pub async fn run_operation_at(
    pace: Pace,
    platform: Arc<dyn Platform>,
    operation: Operation,
    clock: Clock,
    wait: bool,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    let lane = Lane::alone(&platform.profile().rate);
    let asker = Asker {
        platform: platform.as_ref(),
        lane: &lane,
        priority: Priority::Visible,
        clock,
        pace,
    };
    let voice = Voice::new(OperationTicket(0), clock, Ear::Call(progress));
    let end = if wait { End::Ended } else { End::Accepted };
    Run {
        asker,
        operation: &operation,
        voice,
    }
    .run(end)
    .await
}

/// What an operation of the dashboard needs.
pub(super) struct Carrying {
    pub(super) ticket: OperationTicket,
    pub(super) operation: Operation,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) over: Over,
}

/// Carries out one operation to its end, telling the loop.
pub(super) async fn carry_out(carrying: Carrying) {
    let Carrying {
        ticket,
        operation,
        platform,
        lane,
        events,
        clock,
        pace,
        over,
    } = carrying;
    let asker = Asker {
        platform: platform.as_ref(),
        lane: &lane,
        priority: Priority::Visible,
        clock,
        pace,
    };
    let voice = Voice::new(ticket, clock, Ear::Loop { events, over });
    Run {
        asker,
        operation: &operation,
        voice,
    }
    .run(End::Ended)
    .await;
}

/// What is said of an operation of which nobody knows how it ended.
pub(super) fn unresolved(operation: &Operation, why: &str) -> Stage {
    let verb = operation.kind.verb();
    let title = operation.target.title.as_str();
    let target = if title.is_empty() {
        "the platform"
    } else {
        title
    };
    let text = format!("{why}: look at {target} before doing `{verb}` again");
    Stage::Unresolved(Text::clean(&text))
}

/// How far an operation is seen through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Accepted,
    Ended,
}

/// What became of sending it.
enum Sent {
    Accepted(Accepted),
    /// It was sent, and this came instead of an answer.
    Unknown(Failure),
    Refused(Failure),
}

struct Run<'a> {
    asker: Asker<'a>,
    operation: &'a Operation,
    voice: Voice<'a>,
}

impl Run<'_> {
    async fn run(mut self, end: End) -> Stage {
        let stage = self.see_through(end).await;
        self.voice.say(stage.clone()).await;
        stage
    }

    /// Everything but the last word.
    async fn see_through(&mut self, end: End) -> Stage {
        let capability = self.operation.kind.capability();
        if let Some(reason) = self.asker.platform.support(capability).refusal() {
            let reason = Text::clean(reason);
            return Stage::Refused(Failure::Unsupported { capability, reason });
        }
        self.voice.say(Stage::Sending).await;
        let before = match self.witness().await {
            Ok(before) => before,
            Err(failure) => return Stage::Refused(failure),
        };
        let what = match self.send().await {
            Sent::Accepted(accepted) => {
                self.voice.note = accepted.note;
                self.voice.next_steps = accepted.next_steps;
                accepted.follow
            }
            Sent::Refused(failure) => return Stage::Refused(failure),
            Sent::Unknown(failure) => match self.find_out(failure, &before).await {
                Ok(follow) => Some(follow),
                Err(stage) => return stage,
            },
        };
        let Some(what) = what else {
            return Stage::Ended(Verdict::Done(None));
        };
        self.voice.follow = Some(what.clone());
        match end {
            End::Accepted => Stage::Running(Progress::default()),
            End::Ended => {
                let Self {
                    asker,
                    operation,
                    voice,
                } = self;
                follow(asker, operation, &what, voice).await
            }
        }
    }

    /// What is newest before anything is sent that may not be repeated.
    ///
    /// A platform that cannot be reached for a look is not sent a write either. One that answers,
    /// but not with what was asked for, is: some credentials may deploy and not list.
    async fn witness(&mut self) -> Result<Witness, Failure> {
        if self.operation.kind.safety() != Safety::Once {
            return Ok(Witness::default());
        }
        let Self {
            asker, operation, ..
        } = *self;
        let look = || asker.platform.witness(operation);
        match asker.ask(&mut self.voice, look).await {
            Err(
                failure @ (Failure::Auth(AuthProblem::Forbidden(_))
                | Failure::Unsupported { .. }
                | Failure::Decode { .. }),
            ) => {
                tracing::warn!(%failure, "an operation is sent without a look at what is there");
                Ok(Witness::default())
            }
            result => result,
        }
    }

    /// Sends it, again where that is safe.
    async fn send(&mut self) -> Sent {
        let safety = self.operation.kind.safety();
        let mut delays = Delays::quick();
        let mut attempt = 0;
        // An attempt that may have arrived makes every later failure say nothing about the outcome.
        let mut may_have_happened = false;
        loop {
            let failure = match self.send_once().await {
                Ok(accepted) => return Sent::Accepted(accepted),
                Err(failure) => failure,
            };
            attempt += 1;
            match decide(&failure, safety, attempt, delays.next_delay()) {
                Decision::After(delay) if self.asker.lane.take_retry() => {
                    may_have_happened |= may_have_arrived(&failure);
                    self.voice.wait(failure, delay).await;
                    sleep(self.asker.pace.of(delay)).await;
                }
                Decision::OutcomeUnknown => return Sent::Unknown(failure),
                Decision::After(_) | Decision::GiveUp | Decision::PauseContext(_) => {
                    return if may_have_happened || may_have_arrived(&failure) {
                        Sent::Unknown(failure)
                    } else {
                        Sent::Refused(failure)
                    };
                }
            }
        }
    }

    /// One attempt. Lines of output are told as they come.
    async fn send_once(&mut self) -> Result<Accepted, Failure> {
        let Self {
            asker, operation, ..
        } = *self;
        asker.tell_closed(&mut self.voice).await;
        let permit = asker.lane.enter(asker.priority).await?;
        let (sender, mut lines) = mpsc::channel(OUTPUT_LINES);
        let dropped = AtomicU64::new(0);
        let result = {
            let mut permit = Some(permit);
            let mut output = |line: Text| {
                // What streams is no request any more and must not occupy a place for hours.
                permit = None;
                if sender.try_send(line).is_err() {
                    dropped.fetch_add(1, Ordering::Relaxed);
                }
            };
            let mut answer = asker.platform.operate(operation, &mut output);
            loop {
                tokio::select! {
                    biased;
                    result = &mut answer => break result,
                    1.. = lines.recv_many(&mut self.voice.output, OUTPUT_BATCH) => {
                        self.voice.put_out().await;
                    }
                    () = sleep_until(self.voice.due), if !self.voice.output.is_empty() => {
                        self.voice.put_out().await;
                    }
                }
            }
        };
        while let Ok(line) = lines.try_recv() {
            self.voice.output.push(line);
        }
        if let lost @ 1.. = dropped.into_inner() {
            let mark = format!("[{lost} lines of output came too fast and were dropped]");
            self.voice.output.push(Text::clean(&mark));
        }
        asker.note(&result);
        result
    }

    /// Finds out by reading what became of a lost answer: what to follow, or how it ended.
    async fn find_out(&mut self, failure: Failure, before: &Witness) -> Result<Follow, Stage> {
        self.voice.say(Stage::Unknown(failure.clone())).await;
        let Self {
            asker, operation, ..
        } = *self;
        // An answer of success that cannot be read is not doubted because nothing is listed.
        let is_doubtful = !matches!(failure, Failure::Decode { .. });
        let mut seen_nothing = false;
        for pause in LOOKS {
            sleep(asker.pace.of(pause)).await;
            let look = || asker.platform.look_for(operation, before);
            match asker.once(look).await {
                Ok(Found::Happened(follow)) => return Ok(follow),
                Ok(Found::HappenedAndEnded) => {
                    let remark = Text::clean("found by reading");
                    return Err(Stage::Ended(Verdict::Done(Some(remark))));
                }
                // Believed the second time: what has only just arrived may not be listed yet, and
                // "it did not happen" invites to send it again.
                Ok(Found::DidNotHappen) if seen_nothing => return Err(Stage::Refused(failure)),
                Ok(Found::DidNotHappen) => seen_nothing = is_doubtful,
                Ok(Found::NotYet) => {}
                Ok(Found::CannotTell) => break,
                Err(failure) => tracing::warn!(%failure, "looking for an operation"),
            }
        }
        let why = format!(
            "{}, and reading did not tell what happened",
            failure.headline()
        );
        Err(unresolved(operation, &why))
    }
}
