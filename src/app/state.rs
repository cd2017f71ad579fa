//! Everything the program knows and shows.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::age::Age;
use super::batch::Batches;
use super::contexts::{ClassRules, Context, Contexts};
use super::form::Drafts;
use super::inventory::{Fleet, Inventory};
use super::journal::{Actor, Event, Journal};
use super::layout::{Layout, layout};
use super::logs::LogBook;
use super::marks::Marks;
use super::notices::{Notices, Tone};
use super::notify::NotifyRules;
use super::operations::Operations;
use super::palette::Recent;
use super::panes::Panes;
use super::past::PastOperation;
use super::rows::Overlay;
use super::screen::Screen;
use super::tickets::Tickets;
use super::transfers::Transfers;
use super::watch::Watches;
use crate::model::{
    AppId, Capability, Class, ContextId, EnvId, Environment, Operation, OperationTicket, Scoped,
    Status, Text,
};

/// Everything the program knows and shows. Only `update` changes it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct State {
    /// The time, set by the loop before every message.
    pub now: Timestamp,
    /// When this run began to look.
    pub begun_at: Timestamp,
    /// In which times of day are shown.
    pub zone: TimeZone,
    /// Whether the built-in simulator is shown.
    pub is_demo: bool,
    /// Whether polling rests.
    pub is_paused: bool,
    /// Configured contexts and how they are doing.
    pub contexts: Contexts,
    /// Rules that tell classes from names.
    pub rules: ClassRules,
    /// What is known to exist.
    pub inventory: Inventory,
    /// Followed logs.
    pub logs: LogBook,
    /// Releases that are watched.
    pub watches: Watches,
    /// How somebody who looks elsewhere is told.
    pub notify: NotifyRules,
    /// Operations, under way and past.
    pub operations: Operations,
    /// Operations that were confirmed together.
    pub batches: Batches,
    /// Rows that are marked.
    pub marks: Marks,
    /// Downloads, under way and past.
    pub transfers: Transfers,
    /// Operations of earlier runs, newest first.
    pub past: Vec<PastOperation>,
    /// What was seen to happen.
    pub journal: Journal,
    /// What is on screen.
    pub screen: Screen,
    /// What the panes hold of their own.
    pub panes: Panes,
    /// What was chosen in the palette.
    pub recent: Recent,
    /// Forms that were closed or sent, as they were filled in.
    pub drafts: Drafts,
    /// Whether the terminal is somewhere else than the program, so that there is no browser here.
    pub is_remote: bool,
    /// Who may still report.
    pub tickets: Tickets,
    /// Messages to the user.
    pub notices: Notices,
    /// When the selection last moved; reads for it wait until it rests.
    pub selected_at: Timestamp,
    /// Whether the user has moved the selection; until then it stays on the top row.
    pub has_chosen: bool,
    /// The app to select when it first appears, unless the user has moved by then.
    pub(super) start: Option<Scoped<AppId>>,
    /// Set when the inventory changed and rows must be derived anew.
    pub(super) rows_are_old: bool,
    /// Set when a page of a first list came: rows are derived anew, though not for every page.
    pub(super) rows_are_filling: bool,
    /// When the rows were derived.
    pub(super) rows_at: Timestamp,
    /// Set when the room of the panes changed, and only that.
    pub(super) room_is_old: bool,
    /// The time of the message before: shows a clock that was set back.
    pub(super) seen_at: Timestamp,
}

impl State {
    /// A state that knows its contexts and nothing else.
    #[must_use]
    pub fn new(contexts: Vec<Context>, rules: ClassRules, now: Timestamp, zone: TimeZone) -> Self {
        Self {
            now,
            begun_at: now,
            zone,
            is_demo: false,
            is_paused: false,
            inventory: Inventory::new(contexts.len()),
            contexts: Contexts::new(contexts),
            rules,
            logs: LogBook::default(),
            watches: Watches::default(),
            notify: NotifyRules::default(),
            operations: Operations::default(),
            batches: Batches::default(),
            marks: Marks::default(),
            transfers: Transfers::default(),
            past: Vec::new(),
            journal: Journal::default(),
            screen: Screen::default(),
            panes: Panes::default(),
            recent: Recent::default(),
            drafts: Drafts::default(),
            is_remote: false,
            tickets: Tickets::default(),
            notices: Notices::default(),
            selected_at: Timestamp::MIN,
            has_chosen: false,
            start: None,
            rows_are_old: true,
            rows_are_filling: false,
            rows_at: Timestamp::MIN,
            room_is_old: false,
            seen_at: now,
        }
    }

    /// Takes up what an earlier run asked for and of which nobody knows how it ended, and says so.
    /// Before the loop; absent if there is one like it already.
    pub fn adopt(
        &mut self,
        operation: Operation,
        started_at: Timestamp,
    ) -> Option<OperationTicket> {
        let (verb, title) = (operation.kind.verb(), operation.target.title.clone());
        let ticket = self.operations.adopt(operation, started_at)?;
        let at = started_at.to_zoned(self.zone.clone());
        let is_today = at.date() == self.now.to_zoned(self.zone.clone()).date();
        let at = at.strftime(if is_today { "%H:%M" } else { "%b %-d %H:%M" });
        let text = format!("{verb} {title} of {at} had no recorded end: looking what became of it");
        self.notices.say(self.now, Tone::Info, text);
        Some(ticket)
    }

    /// Says how something that was asked for ended, and keeps it in the journal.
    pub(super) fn tell_end(&mut self, at: Timestamp, tone: Tone, status: Status, text: &str) {
        self.notices.say(self.now, tone, text);
        self.note_end(at, status, text);
    }

    /// Keeps in the journal how something that was asked for ended.
    pub(super) fn note_end(&mut self, at: Timestamp, status: Status, text: &str) {
        self.journal.note(Event {
            at,
            actor: Actor::You,
            status,
            text: Text::clean(text),
            subject: None,
        });
    }

    /// Where everything is.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let Screen {
            size,
            focus,
            tab,
            zoom,
            ..
        } = &self.screen;
        layout(*size, *focus, tab.0, *zoom)
    }

    /// The selected app.
    #[must_use]
    pub fn selected_app(&self) -> Option<&Scoped<AppId>> {
        self.panes.apps.cursor.selected.as_ref()
    }

    /// The context of the selected app; the only one that is listed, if there is no app to select.
    #[must_use]
    pub fn selected_context(&self) -> Option<&Context> {
        if let Some(app) = self.selected_app() {
            return self.contexts.get(app.context);
        }
        let hidden = &self.panes.apps.hidden;
        let mut listed = self.contexts.iter().filter(|it| !hidden.has(it.id));
        listed.next().filter(|_| listed.next().is_none())
    }

    /// The selected environment of the selected app.
    #[must_use]
    pub fn selected_env(&self) -> Option<Scoped<EnvId>> {
        let app = self.selected_app()?;
        let env = self.panes.environments.cursor.selected.clone()?;
        Some(Scoped::new(app.context, env))
    }

    /// The selected environment itself.
    #[must_use]
    pub fn selected_environment(&self) -> Option<&Environment> {
        self.inventory.environment(&self.selected_env()?)
    }

    /// The class of an environment.
    #[must_use]
    pub fn class_of(&self, context: ContextId, env: &Environment) -> Option<Class> {
        let app = self.inventory.fleet(context)?.app(&env.app);
        super::rows::class_in(app, env, self.contexts.get(context)?, &self.rules)
    }

    /// How often the list that tells the state of a context's apps is read just now.
    #[must_use]
    pub fn interval_of(&self, context: &Context) -> Duration {
        let Some(fleet) = self.inventory.fleet(context.id) else {
            return context.interval();
        };
        let is_busy = fleet.is_changing()
            || self
                .operations
                .running()
                .any(|entry| entry.operation.target.context == context.id);
        let wanted = if is_busy {
            context.profile.poll.changing.min(context.interval())
        } else {
            context.interval()
        };
        self.spaced(context, wanted)
    }

    /// How often a list of a context's apps or environments is read, if that often is wanted: one
    /// of many pages must not use up the limit by itself.
    #[must_use]
    pub fn spaced(&self, context: &Context, wanted: Duration) -> Duration {
        let a_page = Duration::from_mins(1) / context.profile.rate.lists_per_minute.max(1);
        let pages = self.inventory.fleet(context.id).map_or(0, Fleet::pages);
        wanted.max(a_page.saturating_mul(pages.saturating_sub(1)))
    }

    /// How old the list is that tells the state of a context's apps.
    #[must_use]
    pub fn age_of(&self, context: &Context) -> Age {
        // The bound that is shown is the slow one: it must not flicker while something deploys.
        Age::of(
            self.fetched_at(context),
            context.interval().max(self.interval_of(context)),
            self.now,
        )
    }

    /// When the list that tells the state of a context's apps was read.
    #[must_use]
    pub fn fetched_at(&self, context: &Context) -> Option<Timestamp> {
        let fleet = self.inventory.fleet(context.id)?;
        if context.lacks(Capability::ListAllEnvironments) {
            fleet.apps.load.fetched_at
        } else {
            // Apps without their environments have no state: only where these cannot be read is the
            // age of the apps what there is to say.
            let environments = &fleet.all_environments;
            let apps = environments.failure().and(fleet.apps.load.fetched_at);
            environments.fetched_at.or(apps)
        }
    }

    /// What flightdeck's own knowledge lays over the statuses of a context.
    #[must_use]
    pub fn overlay_of(&self, context: &Context) -> Overlay {
        if context.bad_credential.is_some() {
            Overlay::Auth
        } else if self.age_of(context).is_stale() {
            Overlay::Stale
        } else {
            Overlay::None
        }
    }
}
