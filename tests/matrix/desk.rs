//! The dashboard without a terminal: keys go into the core, its effects into the engine. Time is
//! the test's: it stands still until it is moved on.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::app::confirm::{Check, Confirm};
use flightdeck::app::contexts::{ClassRules, Context};
use flightdeck::app::form::{Condition, Entry, FormState};
use flightdeck::app::keys::KeyPress;
use flightdeck::app::screen::{Overlay, Pane, Size};
use flightdeck::app::{self, Effect, Message, State};
use flightdeck::engine::{Engine, EngineEvent, Pace};
use flightdeck::model::catalogue::{Field, FieldKind, Need, Recipe};
use flightdeck::model::{Capability, Class, ContextId, Destination, Secret, Text};
use flightdeck::store::download::Disk;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::nobody::Nobody;
use crate::rules::Rule;
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
    pub(crate) state: State,
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
        rule(Class::Production, "^live$"),
        rule(Class::Staging, "^test$"),
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
            state,
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
            Effect::OpenTail(tail, request) => self.engine.open_tail(tail, request),
            Effect::CloseTail(tail) => self.engine.close_tail(&tail),
            // A new size does.
            Effect::Redraw => {}
            Effect::CancelDownload(_)
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

    pub(crate) fn confirm(&self) -> Option<&Confirm> {
        match &self.state.screen.overlay {
            Some(Overlay::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }

    fn form(&self) -> Option<&FormState> {
        match &self.state.screen.overlay {
            Some(Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }

    /// Goes to the list of apps and shows those of a context whose names contain a text.
    pub(crate) fn list(&mut self, context: &str, name: &str) {
        for _ in 0..4 {
            if self.state.screen.focus != Pane::Apps {
                self.press("esc");
            }
        }
        self.press("/");
        self.press("ctrl-u");
        self.type_text(&format!("ctx:{context} app:{name}"));
        self.press("enter");
        assert_eq!(self.state.screen.focus, Pane::Apps);
    }

    /// Selects an app and one of its environments.
    pub(crate) fn select(&mut self, context: &str, app: &str, environment: &str) {
        self.list(context, app);
        self.press("g");
        let len = self.state.panes.apps.shown.len();
        for _ in 0..len {
            let row = self.state.panes.apps.selected();
            if row.is_some_and(|row| row.name.as_str() == app) {
                break;
            }
            self.press("j");
        }
        let row = self.state.panes.apps.selected().unwrap();
        assert_eq!(row.name.as_str(), app);
        let own = self.state.contexts.get(row.app.context).unwrap();
        assert_eq!(own.name.as_str(), context);
        self.press("d");
        self.press("g");
        let is_it = |state: &State| {
            let selected = state.selected_environment();
            selected.is_some_and(|env| env.name.as_str() == environment)
        };
        for _ in 0..5 {
            if !is_it(&self.state) {
                self.press("j");
            }
        }
        assert!(is_it(&self.state), "{app} has no {environment}");
        self.pass();
    }

    /// Unlocks the selected context, by what is typed.
    pub(crate) fn unlock(&mut self, typed: &str) {
        self.press("!");
        self.type_text(typed);
        self.press("enter");
    }

    /// Starts an operation from the menu and fills its form; what the program says if it does not
    /// come to the question.
    pub(crate) async fn ask(&mut self, recipe: &str, rule: Option<&Rule>) -> Result<(), String> {
        let recipe = Recipe::named(recipe).unwrap();
        self.press("a");
        self.press(&recipe.letter.to_string());
        if matches!(self.state.screen.overlay, Some(Overlay::Menu(_))) {
            let notice = self.notice();
            self.press("esc");
            return Err(notice);
        }
        if self.form().is_some() {
            self.fill(rule.unwrap()).await;
        }
        if let Some(form) = self.form() {
            panic!("{}: {:?}", recipe.name, form.fields);
        }
        self.confirm().map(|_| ()).ok_or_else(|| self.notice())
    }

    async fn fill(&mut self, rule: &Rule) {
        let fields = self.form().unwrap().fields.len();
        for at in 0..fields {
            let form = self.form().unwrap();
            assert_eq!(form.focus, at);
            let field = form.fields[at].field;
            // What was typed before a no is still there.
            if form.fields[at].entry.is_empty() {
                self.answer(field, rule).await;
            }
            self.press("enter");
        }
    }

    async fn answer(&mut self, field: &'static Field, rule: &Rule) {
        let answer = rule.answers.iter().find(|(name, _)| *name == field.name);
        let Some((_, answer)) = answer else {
            let (recipe, name) = (rule.recipe, field.name);
            assert_eq!(field.need, Need::Optional, "{recipe} {name}");
            return;
        };
        match field.kind {
            FieldKind::Text
            | FieldKind::Secret
            | FieldKind::Count { .. }
            | FieldKind::Time
            | FieldKind::Pairs => self.type_text(answer),
            FieldKind::Choice(words) => {
                let place = words.iter().position(|(word, _)| word == answer);
                for _ in 0..=place.unwrap() {
                    self.press("right");
                }
            }
            FieldKind::Flag => self.press("space"),
            FieldKind::Pick(_) | FieldKind::Some(_) => self.pick(answer).await,
        }
    }

    async fn pick(&mut self, search: &str) {
        let is_ready = |state: &State| {
            let Some(Overlay::Form(form)) = &state.screen.overlay else {
                panic!("the form is gone");
            };
            let entry = &form.focused().unwrap().entry;
            matches!(entry, Entry::Pick(picker) if picker.condition == Condition::Ready)
        };
        self.until("a list", is_ready).await;
        self.type_text(search);
        let focused = self.form().unwrap().focused().unwrap();
        let picker = focused.entry.picker().unwrap();
        assert!(picker.selected().is_some(), "{search}: {:?}", picker.all);
    }

    /// The dialog takes keys, and what it shows is young enough.
    pub(crate) async fn ready(&mut self) {
        self.pass();
        let is_fresh = |state: &State| match &state.screen.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.check == Check::Fresh,
            _ => panic!("the question is gone"),
        };
        self.until("what is asked about", is_fresh).await;
    }

    /// Gives an answer that would do.
    pub(crate) fn agree(&mut self, must_type: Option<&str>) {
        match must_type {
            Some(text) => {
                self.type_text(text);
                self.press("enter");
            }
            None => self.press("y"),
        }
    }
}
