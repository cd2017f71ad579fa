//! The rows of the sections: what was read, in words.

use jiff::Timestamp;

use super::Section;
use crate::app::rows::{Overlay, run_word, status_word};
use crate::app::state::State;
use crate::model::catalogue::{Chosen, Pick};
use crate::model::{
    Alert, ContextId, Detail, DetailValue, Domain, EnvId, Failure, Job, JobRun, MaintenanceRun,
    MaintenanceState, Other, Payload, Query, QueryKey, Scoped, Service, Status, Text, Unit,
};

/// What stands where the names of a list would.
const NOT_READ: &str = "(not read)";

/// What a row is, told apart by what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A domain.
    Domain,
    /// A service.
    Service,
    /// A scheduled job.
    Job,
    /// A run of a job; whether it goes on.
    Run {
        /// Whether it can be cancelled.
        is_open: bool,
    },
    /// An instance.
    Unit,
    /// An alert.
    Alert,
    /// Planned work, or a block.
    Maintenance {
        /// Whether it can be begun now or left out.
        is_planned: bool,
        /// Whether it can be cancelled.
        can_cancel: bool,
    },
    /// An entry of a list that only the platform has.
    Other,
    /// Such a list that could not be read.
    Missing,
}

impl What {
    /// The operations that fit it, by their names in the catalogue; empty where none does.
    #[must_use]
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Domain => &[
                "change-domain",
                "remove-domain",
                "verify-domain",
                "complete-installation",
                "add-domain",
            ],
            Self::Service => &[
                "provision-service",
                "attach-service",
                "detach-service",
                "remove-service",
                "create-service",
            ],
            Self::Job => &["change-job", "remove-job", "create-job"],
            Self::Run { is_open: true } => &["cancel-run"],
            Self::Maintenance {
                is_planned: true, ..
            } => &["run-maintenance", "skip-maintenance", "cancel-maintenance"],
            Self::Maintenance {
                can_cancel: true, ..
            } => &["cancel-maintenance"],
            Self::Run { is_open: false }
            | Self::Maintenance { .. }
            | Self::Alert
            | Self::Other
            | Self::Missing => &[],
            Self::Unit => &["kill-unit", "console", "restart", "scale"],
        }
    }

    fn is(self, pick: Pick) -> bool {
        let own = match self {
            Self::Domain => Pick::Domain,
            Self::Service => Pick::Service,
            Self::Job => Pick::Job,
            Self::Run { is_open: true } => Pick::JobRun,
            Self::Unit => Pick::Unit,
            Self::Maintenance {
                is_planned,
                can_cancel,
            } if is_planned || can_cancel => Pick::Maintenance,
            Self::Run { is_open: false }
            | Self::Maintenance { .. }
            | Self::Alert
            | Self::Other
            | Self::Missing => return false,
        };
        own == pick
    }
}

/// Which entry a row is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartId {
    what: What,
    id: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct PartRow {
    /// Which.
    pub id: PartId,
    /// The environment it was read of; absent for what belongs to the whole app.
    pub environment: Option<Scoped<EnvId>>,
    /// How it is.
    pub status: Status,
    /// The same in a word.
    pub word: Text,
    /// What people call it.
    pub name: Text,
    /// The part of the app it belongs to.
    pub place: Text,
    /// The moment that counts for it.
    pub at: Option<Timestamp>,
    /// What else is to be said in a row.
    pub about: Text,
    /// What has to be done before it works, in the platform's words: DNS records.
    pub to_do: Vec<Text>,
    /// Everything that is known of it.
    pub facts: Vec<(Text, DetailValue)>,
}

impl PartRow {
    /// What it is.
    #[must_use]
    pub fn what(&self) -> What {
        self.id.what
    }

    /// It as an answer to a question for such a thing, if it is one.
    #[must_use]
    pub fn chosen(&self, pick: Pick) -> Option<Chosen> {
        self.id.what.is(pick).then(|| Chosen {
            id: self.id.id.clone(),
            title: self.name.clone(),
        })
    }
}

/// All rows of a section, each entry once: platforms that know them by the whole app tell them of
/// every part.
pub(super) fn of(state: &State, section: Section, keys: &[QueryKey]) -> Vec<PartRow> {
    let mut rows: Vec<PartRow> = Vec::new();
    for key in keys {
        let list = state.inventory.lists.get(key);
        let Some(payload) = list.and_then(|list| list.value.as_ref()) else {
            let failure = list.and_then(|list| list.load.failure());
            rows.extend(failure.and_then(|failure| unread(key, failure)));
            continue;
        };
        for row in read(state, key, payload) {
            if !rows.iter().any(|known| known.id == row.id) {
                rows.push(row);
            }
        }
    }
    if section == Section::Jobs {
        return with_runs(rows);
    }
    rows
}

/// Jobs first, then their runs, newest first.
fn with_runs(rows: Vec<PartRow>) -> Vec<PartRow> {
    let (mut all, mut runs): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.what() == What::Job);
    runs.sort_by_key(|row| std::cmp::Reverse(row.at));
    all.extend(runs);
    all
}

fn read(state: &State, key: &QueryKey, payload: &Payload) -> Vec<PartRow> {
    let asked = env_of(key);
    // What an entry says itself counts more than where it was asked for.
    let place = |own: Option<&EnvId>| Place::of(state, key, own.or(asked));
    if let Payload::Domains(page) = payload {
        let place = place(None);
        page.items.iter().map(|it| domain(&place, it)).collect()
    } else if let Payload::Services(page) = payload {
        let rows = page.items.iter();
        let rows = rows.map(|it| service(&place(it.environment.as_ref()), it));
        rows.collect()
    } else if let Payload::Jobs(page) = payload {
        let rows = page.items.iter();
        let rows = rows.map(|it| job(&place(it.environment.as_ref()), it));
        rows.collect()
    } else if let Payload::JobRuns(page) = payload {
        let rows = page.items.iter();
        let rows = rows.map(|it| run(&place(it.environment.as_ref()), it));
        rows.collect()
    } else if let Payload::Units(page) = payload {
        let place = place(None);
        page.items.iter().map(|it| unit(&place, it)).collect()
    } else if let Payload::Alerts(page) = payload {
        page.items.iter().map(alert).collect()
    } else if let Payload::Maintenance(page) = payload {
        page.items.iter().map(|it| maintenance(state, it)).collect()
    } else if let (Payload::Others(page), Query::Others(kind)) = (payload, &key.query) {
        page.items.iter().map(|it| other(kind, it)).collect()
    } else {
        Vec::new()
    }
}

/// Where something was read.
struct Place {
    environment: Option<Scoped<EnvId>>,
    name: Text,
}

impl Place {
    fn of(state: &State, key: &QueryKey, env: Option<&EnvId>) -> Self {
        let environment = env.map(|env| Scoped::new(key.context, env.clone()));
        let known = environment.as_ref();
        let name = known.and_then(|env| state.inventory.environment_name(env));
        let name = name.unwrap_or_default();
        Self { environment, name }
    }

    fn row(&self, what: What, id: &str, name: &Text) -> PartRow {
        PartRow {
            id: PartId {
                what,
                id: id.to_owned(),
            },
            environment: self.environment.clone(),
            status: Status::Present,
            word: Text::default(),
            name: name.clone(),
            place: self.name.clone(),
            at: None,
            about: Text::default(),
            to_do: Vec::new(),
            facts: Vec::new(),
        }
    }
}

fn env_of(key: &QueryKey) -> Option<&EnvId> {
    if let Query::Domains(env)
    | Query::Services(env)
    | Query::Jobs(env)
    | Query::JobRuns(env)
    | Query::Units(env) = &key.query
    {
        Some(env)
    } else {
        None
    }
}

fn domain(place: &Place, it: &Domain) -> PartRow {
    let primary = it.is_primary.then(|| "primary".to_owned());
    let redirects = it.redirects.then(|| "redirects".to_owned());
    let message = it.message.as_ref().map(ToString::to_string);
    let to_do = it.instructions.iter().map(|it| fact("to do", it));
    let mut facts: Vec<_> = to_do.collect();
    let told = it.checked_at.map_or("message", |_| "last check");
    facts.extend(it.message.as_ref().map(|it| fact(told, it)));
    facts.extend(
        it.checked_at
            .map(|at| (label("checked"), DetailValue::Time(at))),
    );
    facts.push((label("primary"), DetailValue::Flag(it.is_primary)));
    facts.push((label("redirects"), DetailValue::Flag(it.redirects)));
    facts.extend(it.tls.map(|tls| (label("tls"), DetailValue::Flag(tls))));
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status: it.status.clone(),
        word: word(&it.status),
        about: joined(&[primary, redirects, message]),
        to_do: it.instructions.clone(),
        facts: with(facts, &it.details),
        ..place.row(What::Domain, it.id.as_str(), &it.name)
    }
}

fn service(place: &Place, it: &Service) -> PartRow {
    let state = it.state.as_ref().map(ToString::to_string);
    let mut facts = vec![fact("kind", &it.kind)];
    facts.extend(it.state.as_ref().map(|it| fact("state", it)));
    let backup = it.can_back_up;
    facts.extend(backup.map(|can| (label("can be backed up"), DetailValue::Flag(can))));
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status: it.status.clone(),
        word: word(&it.status),
        about: joined(&[Some(it.kind.to_string()), state]),
        facts: with(facts, &it.details),
        ..place.row(What::Service, it.id.as_str(), &it.name)
    }
}

fn job(place: &Place, it: &Job) -> PartRow {
    let (status, said) = match it.last_exit {
        None => (Status::Present, "HERE"),
        Some(0) => (Status::Live, "DONE"),
        Some(_) => (Status::Failed, "FAIL"),
    };
    let exit = it.last_exit.filter(|exit| *exit != 0);
    let exit = exit.map(|exit| format!("last exit {exit}"));
    let mut facts = vec![fact("schedule", &it.schedule)];
    facts.extend(
        it.last_run_at
            .map(|at| (label("last run"), DetailValue::Time(at))),
    );
    facts.extend(
        it.last_exit
            .map(|code| (label("last exit"), DetailValue::Count(code))),
    );
    facts.extend(
        it.timeout
            .map(|it| (label("killed after"), DetailValue::Duration(it))),
    );
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status,
        word: Text::clean(said),
        at: it.last_run_at,
        about: joined(&[Some(it.schedule.to_string()), exit]),
        facts: with(facts, &it.details),
        ..place.row(What::Job, it.id.as_str(), &it.command)
    }
}

fn run(place: &Place, it: &JobRun) -> PartRow {
    let what = What::Run {
        is_open: !it.phase.is_final(),
    };
    let cause = it.cause.as_ref().map(ToString::to_string);
    let times = [
        ("asked for", it.created_at),
        ("began", it.started_at),
        ("ended", it.ended_at),
    ];
    let times = times.into_iter();
    let mut facts: Vec<_> = times
        .filter_map(|(name, at)| Some((label(name), DetailValue::Time(at?))))
        .collect();
    facts.extend(it.cause.as_ref().map(|it| fact("cause", it)));
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status: it.phase.status(),
        word: Text::clean(&run_word(&it.phase).to_uppercase()),
        at: it.started_at.or(it.created_at),
        about: joined(&[Some("run".to_owned()), cause]),
        facts: with(facts, &it.details),
        ..place.row(what, it.id.as_str(), &it.name)
    }
}

fn unit(place: &Place, it: &Unit) -> PartRow {
    let mut facts = vec![fact("id", &it.id)];
    facts.extend(
        it.started_at
            .map(|at| (label("started"), DetailValue::Time(at))),
    );
    facts.extend(it.state.as_ref().map(|it| fact("state", it)));
    PartRow {
        status: it.status.clone(),
        word: word(&it.status),
        at: it.started_at,
        about: joined(&[it.state.as_ref().map(ToString::to_string)]),
        facts: with(facts, &it.details),
        ..place.row(What::Unit, it.id.as_str(), &it.name)
    }
}

fn alert(it: &Alert) -> PartRow {
    let place = nowhere(it.component.clone().unwrap_or_default());
    let (status, said) = match (it.is_enabled, it.is_firing) {
        (_, Some(true)) => (Status::Failed, Text::clean("FIRES")),
        (false, _) => (Status::Stopped, Text::clean("OFF")),
        (true, Some(false)) => (Status::Live, Text::clean("QUIET")),
        // Whether it fires is not known: how it was set up is.
        (true, None) => (it.status.clone(), word(&it.status)),
    };
    let told: Vec<_> = it.told.iter().map(ToString::to_string).collect();
    let tells = (!told.is_empty()).then(|| format!("tells {}", told.join(", ")));
    let mut facts: Vec<_> = it.told.iter().map(|it| fact("tells", it)).collect();
    facts.push((label("switched on"), DetailValue::Flag(it.is_enabled)));
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status,
        word: said,
        about: joined(&[tells]),
        facts: with(facts, &it.details),
        ..place.row(What::Alert, it.id.as_str(), &it.rule)
    }
}

fn maintenance(state: &State, it: &MaintenanceRun) -> PartRow {
    let (status, said) = match &it.state {
        MaintenanceState::Upcoming => (Status::Queued, Text::clean("PLAN")),
        MaintenanceState::Queued => (Status::Queued, Text::clean("QUEU")),
        MaintenanceState::Running => (Status::Deploying, Text::clean("NOW")),
        MaintenanceState::Completed => (Status::Stopped, Text::clean("OVER")),
        MaintenanceState::Other(word) => (Status::Unknown, word.clone()),
    };
    let planned = it.planned_for.map(|at| {
        let at = state.zone.to_datetime(at);
        format!("planned for {} {}", at.date(), at.time().strftime("%H:%M"))
    });
    let first = it.details.iter().find_map(|detail| match &detail.value {
        DetailValue::Text(text) => Some(format!("{} {text}", detail.label)),
        DetailValue::Count(_)
        | DetailValue::Bytes(_)
        | DetailValue::Duration(_)
        | DetailValue::Time(_)
        | DetailValue::Url(_)
        | DetailValue::Flag(_) => None,
    });
    let what = What::Maintenance {
        is_planned: it.can_run || it.can_skip,
        can_cancel: it.can_cancel,
    };
    let planned_for = it.planned_for.map(DetailValue::Time);
    let mut facts: Vec<_> = planned_for
        .map(|at| (label("planned for"), at))
        .into_iter()
        .collect();
    facts.push((label("can be cancelled"), DetailValue::Flag(it.can_cancel)));
    facts.push(fact("id", &it.id.to_text()));
    PartRow {
        status,
        word: said,
        about: joined(&[planned, first]),
        facts: with(facts, &it.details),
        ..nowhere(Text::default()).row(what, it.id.as_str(), &it.title)
    }
}

fn other(kind: &str, it: &Other) -> PartRow {
    let about = it.about.clone();
    PartRow {
        word: word(&Status::Present),
        facts: with(
            about.iter().map(|it| fact("about", it)).collect(),
            &it.details,
        ),
        about: about.unwrap_or_default(),
        ..nowhere(label(kind)).row(What::Other, &format!("{kind}/{}", it.name), &it.name)
    }
}

/// A list of the platform that could not be read says so in its place.
fn unread(key: &QueryKey, failure: &Failure) -> Option<PartRow> {
    let Query::Others(kind) = &key.query else {
        return None;
    };
    let about = if let Failure::Unsupported { reason, .. } = failure {
        reason.clone()
    } else {
        Text::clean(&failure.headline())
    };
    Some(PartRow {
        status: Status::Unknown,
        word: word(&Status::Unknown),
        facts: vec![fact("not read", &about)],
        about,
        ..nowhere(label(kind)).row(What::Missing, kind, &Text::clean(NOT_READ))
    })
}

/// Of no environment, but of something that has a name.
fn nowhere(name: Text) -> Place {
    Place {
        environment: None,
        name,
    }
}

fn word(status: &Status) -> Text {
    Text::clean(status_word(status, Overlay::None))
}

fn label(text: &str) -> Text {
    Text::clean(text)
}

fn fact(name: &str, value: &Text) -> (Text, DetailValue) {
    (label(name), DetailValue::Text(value.clone()))
}

fn with(mut facts: Vec<(Text, DetailValue)>, details: &[Detail]) -> Vec<(Text, DetailValue)> {
    let more = details.iter();
    facts.extend(more.map(|it| (label(it.label), it.value.clone())));
    facts
}

fn joined(parts: &[Option<String>]) -> Text {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    Text::clean(&parts.join(", "))
}

/// The context of rows of the selected app.
pub(super) fn context_of(state: &State) -> Option<ContextId> {
    state.selected_app().map(|app| app.context)
}
