//! A stage: a state, the platforms it asks, and a clock that stands still until it is moved.
//!
//! Everything goes through `update`, as in the running program; nothing is put into the state by
//! hand but what the program itself puts there at the start.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::app::contexts::{ClassRules, Context};
use flightdeck::app::keys::KeyPress;
use flightdeck::app::screen::Look;
use flightdeck::app::{Effect, Message, Size, State, update};
use flightdeck::model::{
    Budget, Class, ContextId, Failure, Fetch, LogBatch, LogLine, LogSource, Operation,
    OperationEvent, OperationTicket, Page, Payload, Preview, PreviewReport, Progress, Query,
    QueryKey, Report, Stage as OperationStage, TailId, TailState, Text, Ticket,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use regex::Regex;

/// What a platform answers; absent while it lets one wait.
pub(crate) type Answer = Option<Result<Payload, Failure>>;
type Answers = Arc<dyn Fn(&QueryKey) -> Answer>;
type Lines = Arc<dyn Fn(&LogSource) -> Vec<LogLine>>;

/// Ten past two on a Monday, at eleven seconds.
pub(crate) fn start() -> Timestamp {
    "2026-03-02T14:02:11Z".parse().unwrap()
}

/// So long before the start.
pub(crate) fn ago(seconds: u64) -> Timestamp {
    start().checked_sub(Duration::from_secs(seconds)).unwrap()
}

/// The dashboard without its edges.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) state: State,
    now: Timestamp,
    answers: Answers,
    lines: Lines,
    budgets: HashMap<ContextId, Budget>,
    tails: Vec<TailId>,
    asked: Vec<(OperationTicket, Operation)>,
    previewing: Option<Ticket>,
}

impl Stage {
    pub(crate) fn new(contexts: Vec<Context>, width: u16, height: u16) -> Self {
        let rule = |class, pattern| (class, Regex::new(pattern).unwrap());
        let rules = ClassRules(vec![
            rule(Class::Production, "live|prod"),
            rule(Class::Staging, "stag|test"),
            rule(Class::Development, "dev|preview"),
        ]);
        let mut state = State::new(contexts, rules, start(), TimeZone::UTC);
        state.screen.size = Size::new(width, height);
        Self {
            state,
            now: start(),
            answers: Arc::new(|_| None),
            lines: Arc::new(|_| Vec::new()),
            budgets: HashMap::new(),
            tails: Vec::new(),
            asked: Vec::new(),
            previewing: None,
        }
    }

    /// The platform says what the question's operation would do.
    pub(crate) fn previewed(self, result: Result<Option<Preview>, Failure>) -> Self {
        let ticket = self.previewing.unwrap();
        self.send(Message::Preview(PreviewReport {
            ticket,
            step: 0,
            result,
        }))
    }

    /// From now on the platforms answer like this.
    pub(crate) fn answering(mut self, answers: impl Fn(&QueryKey) -> Answer + 'static) -> Self {
        self.answers = Arc::new(answers);
        self
    }

    /// Logs that are followed begin with these lines.
    pub(crate) fn logging(mut self, lines: impl Fn(&LogSource) -> Vec<LogLine> + 'static) -> Self {
        self.lines = Arc::new(lines);
        self
    }

    /// A platform that says what is left of its limit.
    pub(crate) fn budget(mut self, context: u16, remaining: u32, limit: u32) -> Self {
        let budget = Budget {
            remaining,
            limit,
            resets_at: None,
        };
        self.budgets.insert(ContextId(context), budget);
        self
    }

    pub(crate) fn look(mut self, look: Look) -> Self {
        self.state.screen.look = look;
        self
    }

    /// Lets everything that is due be read, until the selection has rested.
    pub(crate) fn ready(self) -> Self {
        self.send(Message::Clock)
            .after(Duration::from_millis(300))
            .after(Duration::from_millis(300))
    }

    /// Time passes.
    pub(crate) fn after(mut self, time: Duration) -> Self {
        self.now = self.now.checked_add(time).unwrap();
        self.send(Message::Clock)
    }

    pub(crate) fn resized(self, width: u16, height: u16) -> Self {
        self.send(Message::Resized(Size::new(width, height)))
    }

    /// Presses keys by their names, separated by blanks.
    pub(crate) fn keys(self, names: &str) -> Self {
        names.split_whitespace().fold(self, |stage, name| {
            let press = KeyPress::from_name(name).unwrap_or_else(|| panic!("{name} is no key"));
            stage.send(Message::Key {
                press,
                repeat: false,
            })
        })
    }

    /// Types text.
    pub(crate) fn types(self, text: &str) -> Self {
        let names: Vec<_> = text.chars().map(String::from).collect();
        self.keys(&names.join(" "))
    }

    /// What the engine says about the operation asked for as the `number`th.
    pub(crate) fn operation(self, number: usize, stage: OperationStage) -> Self {
        let event = OperationEvent {
            ticket: self.asked[number].0,
            at: self.now,
            stage,
            follow: None,
            note: None,
            next_steps: Vec::new(),
            output: Vec::new(),
        };
        self.send(Message::Operation(event))
    }

    /// What the operation asked for as the `number`th leaves to do, and what it wrote.
    pub(crate) fn told(self, number: usize, next_steps: &[&str], output: &[&str]) -> Self {
        let texts = |all: &[&str]| all.iter().map(|it| Text::clean(it)).collect();
        let event = OperationEvent {
            ticket: self.asked[number].0,
            at: self.now,
            stage: OperationStage::Running(Progress::default()),
            follow: None,
            note: None,
            next_steps: texts(next_steps),
            output: texts(output),
        };
        self.send(Message::Operation(event))
    }

    /// The operation asked for as the `number`th prints lines, as the engine tells them.
    pub(crate) fn printed(self, number: usize, output: &[&str]) -> Self {
        let lines: Vec<_> = output.iter().map(|it| Text::clean(it)).collect();
        let label = lines.last().cloned();
        let event = OperationEvent {
            ticket: self.asked[number].0,
            at: self.now,
            stage: OperationStage::Running(Progress {
                label,
                ..Progress::default()
            }),
            follow: None,
            note: None,
            next_steps: Vec::new(),
            output: lines,
        };
        self.send(Message::Operation(event))
    }

    /// More lines in every log that is followed.
    pub(crate) fn lines(mut self, lines: &[LogLine], skipped: u64, state: &TailState) -> Self {
        for tail in self.tails.clone() {
            self = self.send(Message::Logs(LogBatch {
                tail,
                lines: lines.to_vec(),
                skipped,
                restarted: false,
                state: state.clone(),
            }));
        }
        self
    }

    pub(crate) fn send(mut self, message: Message) -> Self {
        self.state.now = self.now;
        let outcome = update(&mut self.state, message);
        outcome.effects.into_iter().fold(self, Self::perform)
    }

    fn perform(mut self, effect: Effect) -> Self {
        match effect {
            Effect::Fetch(fetch) => self.answer(fetch),
            Effect::OpenTail(tail, request) => {
                self.tails.push(tail.clone());
                let batch = LogBatch {
                    tail,
                    lines: (self.lines)(&request.source),
                    skipped: 0,
                    restarted: false,
                    state: TailState::Live,
                };
                self.send(Message::Logs(batch))
            }
            Effect::CloseTail(tail) => {
                self.tails.retain(|open| *open != tail);
                self
            }
            Effect::Operate(ticket, operation, _) | Effect::Console(ticket, operation, _) => {
                self.asked.push((ticket, operation));
                self
            }
            Effect::Preview(ticket, _) => {
                self.previewing = Some(ticket);
                self
            }
            Effect::Leave(_)
            | Effect::Mouse(_)
            | Effect::Download(..)
            | Effect::CancelDownload(_)
            | Effect::CopyText(_)
            | Effect::OpenUrl(_)
            | Effect::Edit(_)
            | Effect::ReadLog(..)
            | Effect::StopReading(_)
            | Effect::SaveLog(_)
            | Effect::Notify(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => self,
        }
    }

    fn answer(self, Fetch { key, ticket, .. }: Fetch) -> Self {
        let plans = Payload::BackupPlans(Page::whole(Vec::new()));
        let answer = if key.query == Query::BackupPlans {
            Some(Ok(plans))
        } else {
            (self.answers)(&key)
        };
        let Some(result) = answer else { return self };
        let report = Report {
            budget: self.budgets.get(&key.context).copied(),
            key,
            ticket,
            at: self.now,
            result,
            more: false,
            retry_at: None,
        };
        self.send(Message::Report(report))
    }
}
