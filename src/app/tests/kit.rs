//! A desk to test at: a state, the reads it asked for, and short words for what happens to it.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use crate::app::contexts::{ClassRules, Context, SupportTable};
use crate::app::keys::KeyPress;
use crate::app::message::{Effect, Message, Outcome};
use crate::app::screen::{Overlay, Size};
use crate::app::{State, update};
use crate::model::catalogue::{Field, FieldKind, Group, On, Recipe};
use crate::model::{
    App, AppId, AuthProblem, Backup, BackupId, BackupState, Capability, Class, Consent, ContextId,
    Deployment, DeploymentId, DeploymentScope, EnvId, Environment, Failure, Fetch, LogBatch,
    LogDelivery, LogHistory, LogLine, NetworkProblem, Operation, OperationEvent, OperationKind,
    OperationTicket, OtherKind, Page, Payload, Phase, PollHints, Preview, PreviewReport, Profile,
    Query, QueryKey, RatePolicy, Release, Report, Safety, Scoped, Secret, Special, Stage, Stakes,
    Status, Support, TailId, TailState, Text, Ticket, Units, Variable, VariableId, Vocabulary,
};

/// A full minute.
pub(super) const START: i64 = 1_700_000_040;
pub(super) const IDLE: Duration = Duration::from_secs(15);
pub(super) const CHANGING: Duration = Duration::from_secs(5);

const fn profile(name: &'static str, deploys_environments: bool) -> Profile {
    Profile {
        name,
        title: name,
        vocabulary: Vocabulary {
            app: ("app", "apps"),
            environment: ("environment", "environments"),
            deployment: ("deployment", "deployments"),
            backup: ("backup", "backups"),
            organisation: ("team", "teams"),
        },
        rate: RatePolicy {
            per_minute: 60,
            burst: 10,
            concurrent: 4,
            lists_per_minute: 100,
        },
        poll: PollHints {
            apps: Duration::from_mins(5),
            environments: IDLE,
            selected: None,
            changing: CHANGING,
            running: Duration::from_secs(3),
            history: Duration::from_secs(30),
            backup_running: Duration::from_secs(2),
            slow: Duration::from_mins(1),
        },
        history: 100,
        changes_variables_together: false,
        restores_beside: false,
        previews: &[],
        specials: &[],
        others: &[],
        creation: crate::model::Creation::PLAIN,
        settings: &[],
        client: None,
        deployments_note: None,
        deploys_environments,
        deployment_log: LogDelivery::Stream,
        runtime_log: LogDelivery::Stream,
        runtime_history: LogHistory::ByTime,
        base_url: "https://example.com",
        token_variables: &[],
    }
}

/// A platform that deploys environments and lists them all at once.
pub(in crate::app) static BY_ENVIRONMENT: Profile = profile("by-environment", true);
/// A platform that deploys whole apps.
pub(super) static BY_APP: Profile = profile("by-app", false);

/// A platform that replaces whole documents: it can be asked before a change is made, all changes to
/// variables are one, every change begins a deployment, and a roll-back is pinned.
pub(super) static WHOLE: Profile = Profile {
    changes_variables_together: true,
    restores_beside: true,
    previews: &[
        Capability::RollBack,
        Capability::Scale,
        Capability::SetVariable,
    ],
    history: 20,
    ..profile("whole", false)
};

/// A platform of processes that has operations and lists of its own.
pub(in crate::app) static OWN: Profile = Profile {
    specials: &[&GRANT, &LOG_IN],
    others: &[
        OtherKind {
            name: "pools",
            about: "where apps run",
        },
        OtherKind {
            name: "plans",
            about: "how much an app may use",
        },
    ],
    ..profile("own", false)
};

/// What only that platform has, of an app.
pub(super) static GRANT: Special = Special {
    recipe: Recipe {
        name: "grant-team",
        capability: Capability::Special,
        group: Group::Own,
        letter: '1',
        on: On::App,
        about: "Gives a team access to the app",
        fields: &[
            Field::text("team", "team"),
            Field::new("secret", FieldKind::Secret, "secret").optional(),
        ],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &GRANT,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "grant team",
    stakes: Stakes::Reversible,
    safety: Safety::Once,
    needs_no_credential: false,
};

/// What one does there without a credential.
pub(super) static LOG_IN: Special = Special {
    recipe: Recipe {
        name: "log-in",
        capability: Capability::Special,
        group: Group::Own,
        letter: '2',
        on: On::Context,
        about: "Logs in by e-mail and password",
        fields: &[],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &LOG_IN,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "log in",
    stakes: Stakes::Reversible,
    safety: Safety::Read,
    needs_no_credential: true,
};

/// A process of an app in a version, with so many instances up.
pub(super) fn process(app: &str, name: &str, version: u32, ready: u32) -> Environment {
    let label = format!("v{version}");
    let mut own = env(app, name, Status::Live);
    own.id = EnvId::new(format!("{app}/{name}/{label}"));
    own.is_synthetic = true;
    own.units = Some(Units { ready, wanted: 2 });
    own.release = Some(Release {
        label: Text::clean(&label),
        deployment: None,
        at: None,
        by: None,
    });
    own
}

/// One context of that platform with these processes, read.
pub(super) fn own(list: Vec<Environment>) -> Desk {
    let context = Context::new(ContextId(0), Text::clean("c0"), &OWN, everything());
    let mut desk = Desk::with(vec![context]);
    desk.lists(0, list);
    desk.rest();
    desk
}

/// One context of such a platform with these environments, read.
pub(super) fn whole(list: Vec<Environment>) -> Desk {
    let name = Text::clean("c0");
    let context = Context::new(ContextId(0), name, &WHOLE, everything());
    let mut desk = Desk::with(vec![context]);
    desk.lists(0, list);
    desk.rest();
    desk
}

pub(super) fn everything() -> SupportTable {
    let all = Capability::ALL.iter();
    // Names of backup schedules are read once an hour and shown by nothing here.
    all.filter(|capability| **capability != Capability::ListBackupPlans)
        .map(|capability| (*capability, Support::Yes))
        .collect()
}

pub(super) fn without(lacking: &[Capability]) -> SupportTable {
    let mut table = everything();
    table.extend(lacking.iter().map(|c| (*c, Support::No("it has none"))));
    table
}

pub(super) fn context(n: u16) -> Context {
    let name = Text::clean(&format!("c{n}"));
    Context::new(ContextId(n), name, &BY_ENVIRONMENT, everything())
}

pub(super) fn app(name: &str) -> App {
    App::new(AppId::new(name), Text::clean(name))
}

/// An environment `app/name`.
pub(super) fn env(app: &str, name: &str, status: Status) -> Environment {
    let id = EnvId::new(format!("{app}/{name}"));
    let mut env = Environment::new(id, AppId::new(app), Text::clean(name));
    env.status = status;
    env.has_runtime_log = true;
    env
}

pub(super) fn deployment(id: &str, phase: Phase) -> Deployment {
    Deployment::new(DeploymentId::new(id), Text::clean(id), phase)
}

pub(super) fn backup(id: &str, taken_at: i64, state: BackupState) -> Backup {
    Backup {
        id: BackupId::new(id),
        environment: None,
        state,
        taken_at: Timestamp::from_second(taken_at).ok(),
        size_bytes: Some(1),
        part_ids: Vec::new(),
        parts: Vec::new(),
        notes: None,
        trigger: None,
        expires_at: None,
        percent: None,
        details: Vec::new(),
    }
}

/// A variable that can be edited, with its name for an id; without a value it is hidden.
pub(super) fn variable(name: &str, value: Option<&str>) -> Variable {
    Variable {
        id: Some(VariableId::new(name)),
        name: Text::clean(name),
        value: value.map(Secret::new),
        is_sensitive: value.is_none(),
        is_read_only: false,
        scope: None,
        changed_at: Timestamp::from_second(START).ok(),
        details: Vec::new(),
    }
}

pub(super) fn variables(list: Vec<Variable>) -> Payload {
    Payload::Variables(Page::whole(list))
}

pub(super) fn variables_of(env: &str) -> Query {
    Query::Variables(EnvId::new(env))
}

pub(super) fn rejected() -> Failure {
    Failure::Auth(AuthProblem::Rejected)
}

pub(super) fn unreachable() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Connect,
        sent: false,
        detail: Text::default(),
    }
}

pub(super) fn key(context: u16, query: Query) -> QueryKey {
    QueryKey {
        context: ContextId(context),
        query,
    }
}

pub(super) fn deployments_of(env: &str) -> Query {
    Query::Deployments(DeploymentScope::Environment(EnvId::new(env)))
}

pub(super) fn backups_of(env: &str) -> Query {
    Query::Backups(EnvId::new(env))
}

pub(super) fn apps(list: Vec<App>) -> Payload {
    Payload::Apps(Page::whole(list))
}

pub(super) fn environments(list: Vec<Environment>) -> Payload {
    Payload::Environments(Page::whole(list))
}

pub(super) fn deployments(list: Vec<Deployment>) -> Payload {
    Payload::Deployments(Page::whole(list))
}

pub(super) fn backups(list: Vec<Backup>) -> Payload {
    Payload::Backups(Page::whole(list))
}

pub(super) fn press(name: &str) -> Message {
    let press = KeyPress::from_name(name).unwrap_or_else(|| panic!("no such key: {name}"));
    Message::Key {
        press,
        repeat: false,
    }
}

/// An answer to a read.
pub(super) fn report(fetch: &Fetch, at: Timestamp, result: Result<Payload, Failure>) -> Report {
    Report {
        key: fetch.key.clone(),
        ticket: fetch.ticket,
        at,
        result,
        more: false,
        budget: None,
        retry_at: None,
    }
}

#[derive(Clone)]
pub(super) struct Desk {
    pub(super) state: State,
    /// Reads that were asked for and not answered, oldest first.
    pub(super) asked: Vec<Fetch>,
    /// Tails that are open.
    pub(super) tails: Vec<TailId>,
    /// Everything that was asked to be done.
    pub(super) operated: Vec<(OperationTicket, Operation)>,
    /// How somebody said yes to each.
    pub(super) consents: Vec<Consent>,
    /// What platforms were asked to look ahead at, by question.
    pub(super) previewed: Vec<(Ticket, Vec<(usize, Operation)>)>,
    /// Texts that were handed to the editor.
    pub(super) handed: Vec<Secret>,
}

impl Desk {
    /// A screen of 120×40 with that many contexts, nothing answered.
    pub(super) fn new(contexts: u16) -> Self {
        Self::with((0..contexts).map(context).collect())
    }

    pub(super) fn first_context(&self) -> &Context {
        self.state.contexts.get(ContextId(0)).unwrap()
    }

    pub(super) fn with(contexts: Vec<Context>) -> Self {
        let rule = |class, pattern| (class, Regex::new(pattern).unwrap());
        let rules = ClassRules(vec![
            rule(Class::Production, "^(live|prod)"),
            rule(Class::Staging, "^(stag|test)"),
        ]);
        let now = Timestamp::from_second(START).unwrap();
        let mut desk = Self {
            state: State::new(contexts, rules, now, TimeZone::UTC),
            asked: Vec::new(),
            tails: Vec::new(),
            operated: Vec::new(),
            consents: Vec::new(),
            previewed: Vec::new(),
            handed: Vec::new(),
        };
        desk.resize(120, 40);
        desk
    }

    /// One context with these environments, read; each app is named before the slash.
    pub(super) fn showing(list: Vec<Environment>) -> Self {
        let mut desk = Self::new(1);
        desk.lists(0, list);
        desk.rest();
        desk
    }

    pub(super) fn send(&mut self, message: Message) -> Outcome {
        let outcome = update(&mut self.state, message);
        for effect in &outcome.effects {
            match effect {
                Effect::Fetch(fetch) => {
                    self.asked.retain(|earlier| earlier.key != fetch.key);
                    self.asked.push(fetch.clone());
                }
                Effect::Leave(context) => {
                    self.asked.retain(|fetch| fetch.key.context != *context);
                }
                Effect::OpenTail(tail, _) => self.tails.push(tail.clone()),
                Effect::CloseTail(tail) => self.tails.retain(|open| open != tail),
                Effect::Operate(ticket, operation, consent)
                | Effect::Console(ticket, operation, consent) => {
                    self.operated.push((*ticket, operation.clone()));
                    self.consents.push(consent.clone());
                }
                Effect::Preview(ticket, operations) => {
                    self.previewed.push((*ticket, operations.clone()));
                }
                Effect::Edit(file) => self.handed.push(file.text.clone()),
                Effect::Download(..)
                | Effect::CancelDownload(_)
                | Effect::Mouse(_)
                | Effect::CopyText(_)
                | Effect::OpenUrl(_)
                | Effect::ReadLog(..)
                | Effect::StopReading(_)
                | Effect::SaveLog(_)
                | Effect::Notify(_)
                | Effect::Redraw
                | Effect::Suspend
                | Effect::Quit => {}
            }
        }
        outcome
    }

    pub(super) fn press(&mut self, name: &str) -> Outcome {
        self.send(press(name))
    }

    pub(super) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.press(&c.to_string());
        }
    }

    /// As [`Desk::type_text`], where words are apart.
    pub(super) fn type_text_with_spaces(&mut self, text: &str) {
        for (at, word) in text.split(' ').enumerate() {
            if at > 0 {
                self.press("space");
            }
            self.type_text(word);
        }
    }

    pub(super) fn resize(&mut self, width: u16, height: u16) -> Outcome {
        self.send(Message::Resized(Size::new(width, height)))
    }

    /// Time goes on by so many milliseconds, and the clock strikes.
    pub(super) fn pass(&mut self, millis: i64) -> Outcome {
        self.move_clock(millis);
        self.send(Message::Clock)
    }

    pub(super) fn move_clock(&mut self, millis: i64) {
        let by = SignedDuration::from_millis(millis);
        self.state.now = self.state.now.saturating_add(by).unwrap();
    }

    /// The selection rests long enough to be read.
    pub(super) fn rest(&mut self) -> Outcome {
        self.pass(200)
    }

    pub(super) fn now(&self) -> i64 {
        self.state.now.as_second()
    }

    /// What is asked for and not answered.
    pub(super) fn waits_for(&self, context: u16, query: &Query) -> bool {
        self.fetch(context, query).is_some()
    }

    fn fetch(&self, context: u16, query: &Query) -> Option<Fetch> {
        let key = key(context, query.clone());
        self.asked.iter().find(|fetch| fetch.key == key).cloned()
    }

    /// The read that is asked for; it stays so.
    pub(super) fn ticket(&self, context: u16, query: &Query) -> Fetch {
        self.fetch(context, query)
            .unwrap_or_else(|| panic!("{query:?} is not asked for: {:?}", self.asked))
    }

    /// Answers the read that is asked for.
    pub(super) fn answer(
        &mut self,
        context: u16,
        query: &Query,
        result: Result<Payload, Failure>,
    ) -> Outcome {
        let fetch = self.ticket(context, query);
        self.asked.retain(|asked| asked.ticket != fetch.ticket);
        let report = report(&fetch, self.state.now, result);
        self.send(Message::Report(report))
    }

    pub(super) fn report(&mut self, query: &Query, payload: Payload) -> Outcome {
        self.answer(0, query, Ok(payload))
    }

    /// A page that is not the last.
    pub(super) fn page(&mut self, context: u16, query: &Query, payload: Payload) -> Outcome {
        let fetch = self.ticket(context, query);
        let mut report = report(&fetch, self.state.now, Ok(payload));
        report.more = true;
        self.send(Message::Report(report))
    }

    pub(super) fn fail(&mut self, context: u16, query: &Query, failure: Failure) -> Outcome {
        self.answer(context, query, Err(failure))
    }

    /// Both lists of a context come: these environments and their apps.
    pub(super) fn lists(&mut self, context: u16, list: Vec<Environment>) -> Outcome {
        let mut names: Vec<_> = list.iter().map(|env| env.app.as_str()).collect();
        names.dedup();
        let listed = names.into_iter().map(app).collect();
        if self.waits_for(context, &Query::Apps) {
            self.answer(context, &Query::Apps, Ok(apps(listed)));
        }
        self.answer(context, &Query::AllEnvironments, Ok(environments(list)))
    }

    /// The next poll of all environments, when it is due.
    pub(super) fn poll(&mut self, list: Vec<Environment>) -> Outcome {
        self.pass(15_000);
        self.report(&Query::AllEnvironments, environments(list))
    }

    pub(super) fn event(&mut self, ticket: OperationTicket, stage: Stage) -> Outcome {
        self.send(Message::Operation(OperationEvent {
            ticket,
            at: self.state.now,
            stage,
            follow: None,
            note: None,
            next_steps: Vec::new(),
            output: Vec::new(),
        }))
    }

    /// The platform says what the step of the question that asked last would do.
    pub(super) fn tell(
        &mut self,
        step: usize,
        result: Result<Option<Preview>, Failure>,
    ) -> Outcome {
        let (ticket, _) = self.previewed.last().expect("a question asked").clone();
        self.send(Message::Preview(PreviewReport {
            ticket,
            step,
            result,
        }))
    }

    /// Lines of the tail that is open.
    pub(super) fn lines(&mut self, lines: &[&str], state: TailState) -> Outcome {
        let tail = self.tails.last().expect("a tail is open").clone();
        let lines = lines.iter().map(|text| LogLine {
            text: (*text).into(),
            ..LogLine::default()
        });
        self.send(Message::Logs(LogBatch {
            tail,
            lines: lines.collect(),
            skipped: 0,
            restarted: false,
            state,
        }))
    }

    /// The text of the notice that is shown.
    pub(super) fn notice(&self) -> String {
        let shown = self.state.notices.shown(self.state.now);
        shown.map_or_else(String::new, |notice| notice.text.to_string())
    }

    pub(super) fn selected(&self) -> &str {
        self.state.selected_app().map_or("", |app| app.id.as_str())
    }

    /// The apps of the list, as it is filtered, top first.
    pub(super) fn listed(&self) -> Vec<&str> {
        let pane = &self.state.panes.apps;
        let rows = (0..pane.shown.len()).filter_map(|row| pane.row(row));
        rows.map(|row| row.app.id.as_str()).collect()
    }

    pub(super) fn is_asking(&self) -> bool {
        matches!(self.state.screen.overlay, Some(Overlay::Confirm(_)))
    }

    /// What the log of the selection shows.
    pub(super) fn log(&self) -> Vec<String> {
        let Some(env) = self.state.selected_env() else {
            return Vec::new();
        };
        self.log_of(&env)
    }

    fn log_of(&self, env: &Scoped<EnvId>) -> Vec<String> {
        let channel = self.state.logs.channel(env);
        let lines = channel.map(|channel| channel.ring.window(0, usize::MAX));
        lines
            .into_iter()
            .flatten()
            .map(|line| line.text.to_owned())
            .collect()
    }
}

/// The keys of the reads among effects.
pub(super) fn fetched(outcome: &Outcome) -> Vec<QueryKey> {
    let keys = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Fetch(fetch) => Some(fetch.key.clone()),
        _ => None,
    });
    keys.collect()
}
