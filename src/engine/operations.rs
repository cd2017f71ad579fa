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
use super::hiding::without_secrets;
use super::pace::Pace;
use super::record::{Recorder, Scribe};
use super::resolve::OpenIntent;
use super::retry::{Decision, Delays, decide, may_have_arrived};
use super::task::Over;
use super::voice::{Ear, OUTPUT_BATCH, Voice};
use super::{Clock, EngineEvent};
use crate::model::{
    Accepted, AuthProblem, Consent, Ended, Failure, Follow, Operation, OperationEvent,
    OperationTicket, Progress, Revision, Safety, Stage, Text, Verdict, Witness,
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

/// On which terms an operation is carried out.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How somebody said yes to it.
    pub consent: Consent,
    /// Who writes it down.
    pub recorder: Arc<dyn Recorder>,
    /// How fast the engine's own pauses pass.
    pub pace: Pace,
}

impl Terms {
    /// At the pace of reality.
    #[must_use]
    pub fn new(consent: Consent, recorder: Arc<dyn Recorder>) -> Self {
        Self {
            consent,
            recorder,
            pace: Pace::default(),
        }
    }
}

/// Carries out one operation to its end, or with `wait` unset until the platform took it, and
/// calls `progress` for every event. It is written down before it is sent and when it ends.
///
/// Returns the stage of the last event.
pub async fn run_operation(
    platform: Arc<dyn Platform>,
    operation: Operation,
    terms: Terms,
    clock: Clock,
    wait: bool,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    let lane = Lane::alone(&platform.profile().rate);
    run_in(&lane, platform, operation, terms, clock, wait, progress).await
}

/// The same among other requests to the context.
pub(super) async fn run_in(
    lane: &Lane,
    platform: Arc<dyn Platform>,
    operation: Operation,
    terms: Terms,
    clock: Clock,
    wait: bool,
    progress: &mut (dyn FnMut(&OperationEvent) + Send),
) -> Stage {
    let asker = Asker {
        pace: terms.pace,
        ..Asker::visible(platform.as_ref(), lane, clock)
    };
    let voice = Voice::new(OperationTicket(0), clock, Ear::Call(progress));
    let end = if wait { End::Ended } else { End::Accepted };
    let run = Run::new(asker, &operation, voice, Scribe::new(terms.recorder));
    run.run(&terms.consent, end).await
}

/// What an operation of the dashboard needs.
pub(super) struct Carrying {
    pub(super) ticket: OperationTicket,
    pub(super) operation: Operation,
    pub(super) begin: Begin,
    pub(super) recorder: Arc<dyn Recorder>,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) over: Over,
}

/// Where an operation of the dashboard begins.
pub(super) enum Begin {
    /// Somebody has just said yes to it.
    New(Consent),
    /// An earlier run sent it.
    Open(Box<OpenIntent>),
}

/// Carries out one operation to its end, telling the loop.
pub(super) async fn carry_out(carrying: Carrying) {
    let Carrying {
        ticket,
        operation,
        begin,
        recorder,
        platform,
        lane,
        events,
        clock,
        pace,
        over,
    } = carrying;
    let asker = Asker {
        pace,
        ..Asker::visible(platform.as_ref(), &lane, clock)
    };
    let voice = Voice::new(ticket, clock, Ear::Loop { events, over });
    match begin {
        Begin::New(consent) => {
            let run = Run::new(asker, &operation, voice, Scribe::new(recorder));
            run.run(&consent, End::Ended).await;
        }
        Begin::Open(open) => {
            let scribe = Scribe::of_earlier(recorder, open.id);
            let run = Run::new(asker, &operation, voice, scribe);
            run.resolve(&open.witness, open.follow, End::Ended).await;
        }
    }
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
pub(super) enum End {
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

pub(super) struct Run<'a> {
    asker: Asker<'a>,
    operation: &'a Operation,
    pub(super) voice: Voice<'a>,
    scribe: Scribe,
    /// What came instead of the answer.
    lost: Option<Failure>,
    /// Whether looking for a lost answer told anything at all.
    pub(super) was_answered: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        asker: Asker<'a>,
        operation: &'a Operation,
        voice: Voice<'a>,
        scribe: Scribe,
    ) -> Self {
        Self {
            asker,
            operation,
            voice,
            scribe,
            lost: None,
            was_answered: false,
        }
    }

    async fn run(mut self, consent: &Consent, end: End) -> Stage {
        let stage = self.see_through(consent, end).await;
        self.finish(stage).await
    }

    /// The last word: first written down, then told, so that whoever hears it finds it written.
    pub(super) async fn finish(mut self, stage: Stage) -> Stage {
        let stage = without_secrets(stage, self.operation);
        let ended = Ended {
            stage: stage.clone(),
            follow: self.voice.follow.clone(),
            lost: self.lost.take(),
            note: self.voice.note.clone(),
        };
        if let Err(failure) = self.scribe.ended(ended).await {
            let missing = format!("its end is not in the audit: {}", failure.headline());
            let note = match &self.voice.note {
                Some(note) => format!("{note}; {missing}"),
                None => missing,
            };
            self.voice.note = Some(Text::clean(&note));
        }
        self.voice.say(stage.clone()).await;
        stage
    }

    /// Everything but the last word.
    async fn see_through(&mut self, consent: &Consent, end: End) -> Stage {
        let capability = self.operation.kind.capability();
        if let Some(reason) = self.asker.platform.support(capability).refusal() {
            return Stage::Refused(Failure::unsupported(capability, reason));
        }
        self.voice.say(Stage::Sending).await;
        let before = match self.witness().await {
            Ok(before) => before,
            Err(failure) => return Stage::Refused(failure),
        };
        // What cannot be written down is not sent.
        let safety = self.asker.platform.safety(self.operation);
        let written = self.scribe.intent(self.operation, safety, consent, &before);
        let written = written.await;
        if let Err(failure) = written {
            return Stage::Refused(failure);
        }
        let what = match self.send(consent.seen.as_ref()).await {
            Sent::Accepted(accepted) => {
                self.voice.note = accepted.note;
                self.voice.next_steps = accepted.next_steps;
                if let Some(verdict) = accepted.ended {
                    return Stage::Ended(verdict);
                }
                accepted.follow
            }
            Sent::Refused(failure) => return Stage::Refused(failure),
            Sent::Unknown(failure) => match self.find_out(failure, &before).await {
                Ok(follow) => Some(follow),
                Err(stage) => return stage,
            },
        };
        match what {
            Some(what) => self.see_to_end(what, end).await,
            None => Stage::Ended(Verdict::Done(None)),
        }
    }

    /// Follows what the platform took.
    pub(super) async fn see_to_end(&mut self, what: Follow, end: End) -> Stage {
        self.scribe.accepted(&what).await;
        self.voice.follow = Some(what.clone());
        match end {
            End::Accepted => Stage::Running(Progress::default()),
            End::Ended => {
                let Self {
                    asker,
                    operation,
                    voice,
                    ..
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
        let Self {
            asker, operation, ..
        } = *self;
        if asker.platform.safety(operation) != Safety::Once {
            return Ok(Witness::default());
        }
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
    async fn send(&mut self, seen: Option<&Revision>) -> Sent {
        let safety = self.asker.platform.safety(self.operation);
        let mut delays = Delays::quick();
        let mut attempt = 0;
        // An attempt that may have arrived makes every later failure say nothing about the outcome.
        let mut may_have_happened = false;
        loop {
            let failure = match self.send_once(seen).await {
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
    async fn send_once(&mut self, seen: Option<&Revision>) -> Result<Accepted, Failure> {
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
            let mut answer = asker.platform.operate(operation, seen, &mut output);
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
    pub(super) async fn find_out(
        &mut self,
        failure: Failure,
        before: &Witness,
    ) -> Result<Follow, Stage> {
        self.lost = Some(failure.clone());
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
            let found = asker.once(look).await;
            self.was_answered |= found.is_ok();
            match found {
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
