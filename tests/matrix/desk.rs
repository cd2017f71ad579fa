//! The dashboard without a terminal: keys go into the core, its effects into the engine. Time is
//! the test's: it stands still until it is moved on.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::app::contexts::{ClassRules, Context};
use flightdeck::app::keys::KeyPress;
use flightdeck::app::screen::Size;
use flightdeck::app::{self, Effect, Message, State};
use flightdeck::engine::{Engine, EngineEvent, Pace};
use flightdeck::model::{Capability, Class, ContextId, Destination, Secret, Text};
use flightdeck::store::download::Disk;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::nobody::Nobody;
use crate::world::World;

/// Much longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// What runs in the simulator is over soon: it is looked often.
const FASTER: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// Longer than keys do not count after a dialog opened, and than a selection must rest.
const MOMENT: SignedDuration = SignedDuration::from_millis(600);

/// The contexts, by their positions: all are the same account.
pub(crate) const OPEN: &str = "open";
pub(crate) const PROTECTED: &str = "guarded";
pub(crate) const READ_ONLY: &str = "frozen";
const CONTEXTS: [&str; 3] = [OPEN, PROTECTED, READ_ONLY];

pub(crate) struct Desk {
    pub(crate) state: Box<State>,
    engine: Engine,
    events: mpsc::Receiver<EngineEvent>,
    downloads: TempDir,
    /// How many changes the core has asked for.
    pub(crate) begun: usize,
}

fn context(number: u16, name: &str, world: &World) -> Context {
    let platform = world.connect(false);
    let all = Capability::ALL.iter();
    let support = all.map(|what| (*what, platform.support(*what))).collect();
    let id = ContextId(number);
    let mut context = Context::new(id, Text::clean(name), platform.profile(), support);
    context.is_protected = name == PROTECTED;
    context.is_read_only = name == READ_ONLY;
    context
}

fn rules() -> ClassRules {
    let rule = |class, pattern| (class, Regex::new(pattern).unwrap());
    ClassRules(vec![
        rule(Class::Production, "^(live|web|production|main|us-west-1)$"),
        rule(Class::Staging, "^(test|worker|develop|us-east-1)$"),
    ])
}

fn begin() -> Timestamp {
    "2026-01-05T12:00:00Z".parse().unwrap()
}

impl Desk {
    /// A dashboard that has read what exists.
    pub(crate) async fn new(world: &World) -> Self {
        let contexts = (0..).zip(CONTEXTS);
        let contexts = contexts.map(|(number, name)| context(number, name, world));
        let state = State::new(contexts.collect(), rules(), begin(), TimeZone::UTC);
        let (sender, events) = mpsc::channel(256);
        let platforms = CONTEXTS.map(|name| world.connect(name == READ_ONLY));
        let engine = Engine::new(platforms.to_vec(), sender, begin);
        let engine = engine.at_pace(Pace::times(FASTER));
        let mut desk = Self {
            state: Box::new(state),
            engine: engine.recording(Arc::new(Nobody)),
            events,
            downloads: TempDir::new().unwrap(),
            begun: 0,
        };
        desk.send(Message::Resized(Size::new(160, 50)));
        let has_all = |state: &State| {
            (0..3).all(|n| {
                let fleet = state.inventory.fleet(ContextId(n)).unwrap();
                fleet.apps.value.is_some() && fleet.all_environments.fetched_at.is_some()
            })
        };
        desk.until("the lists", has_all).await;
        desk.pass();
        desk
    }

    fn send(&mut self, message: Message) {
        let outcome = app::update(&mut self.state, message);
        for effect in outcome.effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(fetch) => self.engine.fetch(fetch),
            Effect::Leave(context) => self.engine.leave(context),
            Effect::Operate(ticket, operation, consent) => {
                self.begun += 1;
                self.engine.operate(ticket, operation, consent).unwrap();
            }
            Effect::Download(ticket, mut request) => {
                self.begun += 1;
                request.to = Destination::Folder(self.downloads.path().to_owned());
                self.engine.download(ticket, request, Arc::new(Disk));
            }
            Effect::Preview(ticket, operations) => self.engine.preview(ticket, operations),
            Effect::OpenTail(tail, request) => self.engine.open_tail(tail, request),
            Effect::CloseTail(tail) => self.engine.close_tail(&tail),
            // A new size does; and a terminal that rings is no matter here.
            Effect::Redraw | Effect::Notify(_) => {}
            // Not offered where this looks.
            Effect::Console(..)
            | Effect::ReadLog(..)
            | Effect::StopReading(_)
            | Effect::SaveLog(_)
            | Effect::CancelDownload(_)
            | Effect::Mouse(_)
            | Effect::CopyText(_)
            | Effect::OpenUrl(_)
            | Effect::Edit(_)
            | Effect::Suspend
            | Effect::Quit => panic!("nobody asked for {effect:?}"),
        }
    }

    fn hear(&mut self, event: EngineEvent) {
        let now = self.state.now;
        self.send(match event {
            EngineEvent::Report(mut report) => {
                report.at = now;
                Message::Report(report)
            }
            EngineEvent::Logs(batch) => Message::Logs(batch),
            EngineEvent::PastLines(lines) => Message::PastLines(lines),
            EngineEvent::Preview(report) => Message::Preview(report),
            EngineEvent::Operation(mut event) => {
                event.at = now;
                Message::Operation(event)
            }
            EngineEvent::Transfer(mut event) => {
                event.at = now;
                Message::Transfer(event)
            }
        });
    }

    /// Hears what comes until something is so.
    pub(crate) async fn until(&mut self, what: &str, is: impl Fn(&State) -> bool) {
        self.send(Message::Clock);
        while !is(&self.state) {
            let event = timeout(PATIENCE, self.events.recv()).await;
            let event = event.unwrap_or_else(|_| panic!("waited for {what}: {}", self.notice()));
            self.hear(event.unwrap());
        }
    }

    /// Until everything that was begun has ended.
    pub(crate) async fn until_idle(&mut self) {
        let is_idle = |state: &State| {
            state.operations.running().next().is_none()
                && state.batches.running().next().is_none()
                && !state.transfers.is_running()
        };
        self.until("the end", is_idle).await;
    }

    /// Ends everything, as the program does.
    pub(crate) async fn close(self) {
        self.engine.shutdown().await;
    }

    /// A moment goes by.
    pub(crate) fn pass(&mut self) {
        self.state.now = self.state.now.checked_add(MOMENT).unwrap();
        self.send(Message::Clock);
    }

    /// So long nothing happens; nobody is told.
    pub(crate) fn doze(&mut self, minutes: i64) {
        let later = self
            .state
            .now
            .checked_add(SignedDuration::from_mins(minutes));
        self.state.now = later.unwrap();
    }

    fn key(&mut self, name: &str, repeat: bool) {
        let press = KeyPress::from_name(name).unwrap_or_else(|| panic!("no such key: {name}"));
        self.send(Message::Key { press, repeat });
    }

    pub(crate) fn press(&mut self, name: &str) {
        self.key(name, false);
    }

    /// A key that is held down, where the terminal says so.
    pub(crate) fn hold(&mut self, name: &str) {
        self.key(name, true);
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.press(&c.to_string());
        }
    }

    pub(crate) fn paste(&mut self, text: &str) {
        self.send(Message::Paste(Secret::new(text)));
    }

    pub(crate) fn notice(&self) -> String {
        let shown = self.state.notices.shown(self.state.now);
        shown.map_or_else(String::new, |notice| notice.text.to_string())
    }
}
