//! The state of one target: what exists, and what requests and the story have changed.

use std::{collections::HashMap, mem};

use serde_json::Value;

use super::{
    action::Pending,
    app::App,
    catalogue,
    errors::Refusal,
    event::{self, Event},
    history,
    jobs::{self, Job},
    lock::{Block, Throttle},
    make,
    routes::{self, Found},
    service::{self, Instance},
    story, stream,
    volumes::Volumes,
    webhooks,
};
use crate::sim::{
    Setup,
    clock::{Clock, Moment},
    dice::mix,
};

/// Everything one token can see.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) clock: Clock,
    pub(super) story: bool,
    pub(super) apps: Vec<App>,
    /// Places of apps by their names: of those that share one, all but the last are gone.
    names: HashMap<String, usize>,
    /// All events, in the order in which they were planned.
    pub(super) events: Vec<Event>,
    /// Places of events by their identifiers.
    ids: HashMap<String, usize>,
    /// Places of the events of apps, by the names of the apps: logs are read many times a second.
    histories: HashMap<String, Vec<usize>>,
    /// Places of those that have not ended when somebody looked last.
    pub(super) live: Vec<usize>,
    /// What events will change.
    pub(super) pending: Vec<Pending>,
    pub(super) blocks: Vec<Block>,
    pub(super) throttles: Vec<Throttle>,
    pub(super) instances: Vec<Instance>,
    pub(super) volumes: Volumes,
    pub(super) jobs: Vec<Job>,
    pub(super) webhooks: Vec<Value>,
    pub(super) token: String,
    /// Another token of the same user, which does not expire.
    pub(super) api_key: String,
    /// How many turns of the story were told.
    pub(super) told: usize,
    /// The newest minor version of a route that the server knows.
    pub(super) newest_minor: u32,
    pub(super) is_token_expired: bool,
    /// Why the action that is planned now fails at its end, if a fault says so.
    pub(super) doom: Option<String>,
    /// What the streams need to know.
    pub(super) logs: stream::Logs,
}

impl World {
    /// Who the token belongs to.
    pub(super) const USER: &str = "ops@example.com";

    /// The world of a seed, as it is when the simulator starts.
    pub(super) fn new(setup: &Setup) -> World {
        let started = setup.clock.started();
        let mut world = World {
            seed: setup.seed,
            clock: setup.clock.clone(),
            story: setup.story,
            apps: Vec::with_capacity(setup.apps),
            names: HashMap::with_capacity(setup.apps),
            events: Vec::new(),
            ids: HashMap::new(),
            histories: HashMap::with_capacity(setup.apps),
            live: Vec::new(),
            pending: Vec::new(),
            blocks: Vec::new(),
            throttles: Vec::new(),
            instances: service::instances(),
            volumes: Volumes::new(),
            jobs: jobs::all(started),
            webhooks: webhooks::all(),
            token: setup.token.clone(),
            api_key: format!("sim-key-{:016x}", mix(setup.seed, &[0x75, 10])),
            told: 0,
            newest_minor: routes::NEWEST_MINOR,
            is_token_expired: false,
            doom: None,
            logs: stream::Logs::new(setup),
        };
        for ordinal in 0..setup.apps {
            world.add_app(make::app(setup.seed, ordinal, started));
        }
        history::tell(&mut world);
        story::prepare(&mut world);
        world
    }

    /// Seconds that a simulated second takes.
    pub(super) fn pace(&self) -> f64 {
        1.0 / self.clock.speed()
    }

    /// Lets everything happen that should have happened by `now`.
    pub(super) fn settle(&mut self, now: Moment) {
        let pace = self.pace();
        let (mut due, pending): (Vec<Pending>, Vec<Pending>) = mem::take(&mut self.pending)
            .into_iter()
            .partition(|it| it.at <= now);
        self.pending = pending;
        due.sort_by_key(|it| it.at);
        for Pending { at, event, effect } in due {
            let app = self.find_app(&self.events[event].target.value);
            if let Some(app) = app {
                effect(&mut self.apps[app], at, pace);
            }
        }
        let events = &self.events;
        self.live.retain(|place| now < events[*place].end);
    }

    /// The identifier of the event that is added next.
    pub(super) fn event_id(&self, start: Moment) -> String {
        let place = self.events.len() as u64;
        event::object_id(start, mix(self.seed ^ 0x75, &[place]))
    }

    /// Puts an event at the end of the list. Tells its place.
    pub(super) fn add_event(&mut self, event: Event) -> usize {
        let place = self.events.len();
        if event.target.kind == "app" {
            let name = event.target.value.clone();
            self.histories.entry(name).or_default().push(place);
            let app = self.find_app(&event.target.value);
            if let Some(app) = app.filter(|_| event.deploy.is_some()) {
                self.apps[app].deploys.push(place);
            }
        }
        self.ids.insert(event.id.clone(), place);
        self.events.push(event);
        place
    }

    /// The events of an app, in the order in which they were planned.
    pub(super) fn events_of(&self, app: &str) -> impl Iterator<Item = &Event> {
        let places = self.histories.get(app).into_iter().flatten();
        places.map(|place| &self.events[*place])
    }

    /// The event with this identifier.
    pub(super) fn find_event(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// Puts an app at the end of the list. No other that is there may have its name.
    pub(super) fn add_app(&mut self, app: App) {
        self.names.insert(app.name.clone(), self.apps.len());
        self.apps.push(app);
    }

    /// The app with this name.
    pub(super) fn find_app(&self, name: &str) -> Option<usize> {
        let place = self.names.get(name).copied();
        place.filter(|place| !self.apps[*place].gone)
    }

    /// The apps that are there.
    pub(super) fn present_apps(&self) -> impl Iterator<Item = &App> {
        self.apps.iter().filter(|app| !app.gone)
    }

    /// Refuses where the user of the token may only look.
    pub(super) fn may_change(&self, app: usize) -> Result<(), Refusal> {
        let team = &self.apps[app].team;
        let mut teams = catalogue::TEAMS.iter();
        let is_own = teams.all(|it| it.name != team || it.is_own);
        is_own.then_some(()).ok_or_else(Refusal::no_permission)
    }

    /// Whether a token opens this server.
    pub(super) fn knows(&self, token: &str) -> bool {
        token == self.api_key || token == self.token && !self.is_token_expired
    }

    /// Whether the server is from before a route.
    pub(super) fn is_too_old_for(&self, found: &Found) -> bool {
        routes::minor(found.route) > self.newest_minor
    }
}
