//! All backups: one row for each environment that has or could have backups, the overdue ones
//! first; and one for each platform that offers none.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::Timestamp;

use super::Motion;
use super::backups::is_overdue;
use crate::app::age::since;
use crate::app::contexts::Context;
use crate::app::cursor::Cursor;
use crate::app::filter::{FilterField, Subject};
use crate::app::inventory::BackupSummary;
use crate::app::notices::Tone;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{
    BackupState, Capability, Class, ContextId, EnvId, Environment, Query, QueryKey, Scoped, Text,
};

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// An environment.
    Environment(Scoped<EnvId>),
    /// A whole context, which has no backups to show.
    Context(ContextId),
}

/// How the backups of an environment are, in the order of "needs me".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The time of a planned one has passed.
    Overdue,
    /// There is no good one, although there should be.
    NoneGood,
    /// The last good one is older than its schedule.
    Late,
    /// The newest failed.
    Failed,
    /// The newest has parts missing.
    Partial,
    /// The newest is being taken.
    Working,
    /// They were not read yet.
    Unread,
    /// The newest is good.
    Good,
    /// There are none, and nothing says that there should be.
    None,
    /// The platform offers none, or its environments are not known.
    Absent,
}

impl Condition {
    /// Whether a good backup is missing.
    #[must_use]
    pub fn is_overdue(self) -> bool {
        matches!(self, Self::Overdue | Self::NoneGood | Self::Late)
    }

    /// The word of the table and the filter.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "OVERDUE",
            Self::NoneGood => "NO GOOD",
            Self::Late => "LATE",
            Self::Failed => "FAIL",
            Self::Partial => "PART",
            Self::Working => "WORK",
            Self::Unread => "UNREAD",
            Self::Good => "DONE",
            Self::None => "NONE",
            Self::Absent => "",
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetRow {
    /// What it is about.
    pub place: Place,
    /// How its backups are.
    pub condition: Condition,
    /// `app/environment`, or nothing.
    pub name: Text,
    /// How much it matters.
    pub class: Option<Class>,
    /// When the last good one was taken.
    pub last_good: Option<Timestamp>,
    /// When the next is planned.
    pub next: Option<Timestamp>,
    /// Whether the list was read.
    pub is_read: bool,
    /// Why there are none, where a platform or a failure says so.
    pub reason: Option<Text>,
}

impl FleetRow {
    /// Its context.
    #[must_use]
    pub fn context(&self) -> ContextId {
        match &self.place {
            Place::Environment(env) => env.context,
            Place::Context(context) => *context,
        }
    }
}

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct BackupFleetPane {
    /// The rows, as the filter lets them through.
    pub rows: Vec<FleetRow>,
    /// How many environments there are, before the filter.
    pub environments: usize,
    /// Of how many the backups were read.
    pub read: usize,
    /// How many lack a good backup.
    pub overdue: usize,
    /// The selection.
    pub cursor: Cursor<Place>,
    /// What the list is filtered by.
    pub field: FilterField,
    /// Until the user moves it, the selection stays on the top row.
    has_chosen: bool,
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let mut rows: Vec<_> = state
        .contexts
        .iter()
        .flat_map(|context| rows_of(state, context))
        .collect();
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    let count = |fits: fn(&FleetRow) -> bool| rows.iter().filter(|row| fits(row)).count();
    let environments = count(|row| matches!(row.place, Place::Environment(_)));
    let read = count(|row| row.is_read);
    let overdue = count(|row| row.condition.is_overdue());
    let filter = state.panes.backup_fleet.field.filter.clone();
    if !filter.is_empty() {
        rows.retain(|row| fits(state, row, &filter));
    }
    let visible = state.layout().rows(Pane::BackupFleet);
    let pane = &mut state.panes.backup_fleet;
    pane.rows = rows;
    (pane.environments, pane.read, pane.overdue) = (environments, read, overdue);
    let (len, id) = (pane.rows.len(), |row: usize| {
        pane.rows.get(row).map(|row| row.place.clone())
    });
    if pane.has_chosen {
        pane.cursor.settle(len, visible, id);
    } else {
        pane.cursor.go(0, len, visible, id);
    }
}

/// What lacks a good backup first, by how much it matters; then as the condition says, the oldest
/// first.
fn order(row: &FleetRow) -> impl Ord + use<'_> {
    let is_fine = row.condition >= Condition::Working;
    let class = (!is_fine).then_some(row.class);
    (
        row.condition,
        Reverse(class),
        row.last_good,
        &row.name,
        row.context(),
    )
}

fn fits(state: &State, row: &FleetRow, filter: &crate::app::filter::Filter) -> bool {
    let context = state.contexts.get(row.context());
    let (app, env) = row.name.as_str().split_once('/').unwrap_or_default();
    filter.fits(&Subject {
        context: context.map_or("", |context| context.name.as_str()),
        app,
        environments: env,
        state: row.condition.word(),
        class: row.class,
        reason: row.reason.as_ref().map_or("", Text::as_str),
    })
}

fn rows_of(state: &State, context: &Context) -> Vec<FleetRow> {
    let fleet = state.inventory.fleet(context.id);
    let environments = fleet.map_or(0, |fleet| fleet.environments.len());
    let refused = context.supports(Capability::ListBackups).refusal();
    let failed = context.bad_credential.as_ref().or(context.failing.as_ref());
    let absent = refused.map(Text::clean).or_else(|| {
        (environments == 0).then(|| failed.map(|failure| Text::clean(&failure.headline())))?
    });
    if let Some(reason) = absent {
        return vec![FleetRow {
            place: Place::Context(context.id),
            condition: Condition::Absent,
            name: Text::default(),
            class: None,
            last_good: None,
            next: None,
            is_read: false,
            reason: Some(reason),
        }];
    }
    let list = fleet
        .into_iter()
        .flat_map(|fleet| fleet.environments.values());
    let are_usual = state
        .inventory
        .backup_summaries
        .iter()
        .any(|(id, it)| id.context == context.id && it.last_good.is_some());
    list.map(|env| row(state, context.id, env, are_usual))
        .collect()
}

fn row(state: &State, context: ContextId, env: &Environment, are_usual: bool) -> FleetRow {
    let id = Scoped::new(context, env.id.clone());
    let app = state.inventory.app(&Scoped::new(context, env.app.clone()));
    let app = app.map_or_else(|| env.app.to_text(), |app| app.name.clone());
    let class = state.class_of(context, env);
    let summary = state.inventory.backup_summaries.get(&id);
    let key = QueryKey {
        context,
        query: Query::Backups(env.id.clone()),
    };
    let failure = state.inventory.load(&key).and_then(|load| load.failure());
    FleetRow {
        condition: condition(state, env, class, summary, are_usual),
        place: Place::Environment(id),
        name: Text::clean(&format!("{app}/{}", env.name)),
        class,
        last_good: summary.and_then(|summary| summary.last_good),
        next: env.next_backup_at,
        is_read: summary.is_some(),
        reason: failure.map(|failure| Text::clean(&format!("not read: {}", failure.headline()))),
    }
}

fn condition(
    state: &State,
    env: &Environment,
    class: Option<Class>,
    summary: Option<&BackupSummary>,
    are_usual: bool,
) -> Condition {
    // The platform's plan tells without the list.
    if is_overdue(state, env) {
        return Condition::Overdue;
    }
    let Some(summary) = summary else {
        return Condition::Unread;
    };
    let is_planned = env.backup_schedule.is_some() || env.next_backup_at.is_some();
    let is_wanted = is_planned || (are_usual && class == Some(Class::Production));
    let is_late = summary
        .last_good
        .zip(env.backup_schedule.as_ref().and_then(period))
        .is_some_and(|(at, period)| since(at, state.now) > period + period / 4);
    match (
        summary.newest.as_ref().map(|newest| &newest.state),
        summary.last_good,
    ) {
        (Some(BackupState::Waiting | BackupState::Working | BackupState::Other(_)), _) => {
            Condition::Working
        }
        (Some(_), None) => Condition::NoneGood,
        (None, None) if is_wanted => Condition::NoneGood,
        (None, _) => Condition::None,
        (Some(_), Some(_)) if is_late => Condition::Late,
        (Some(BackupState::Failed), Some(_)) => Condition::Failed,
        (Some(BackupState::Partial), Some(_)) => Condition::Partial,
        (Some(BackupState::Done), Some(_)) => Condition::Good,
    }
}

/// How often a schedule takes backups, by the words that platforms use in their names. What is not
/// understood is not late.
fn period(schedule: &Text) -> Option<Duration> {
    const HOUR: Duration = Duration::from_hours(1);
    const PERIODS: [(&str, Duration); 4] = [
        ("hourly", HOUR),
        ("daily", Duration::from_hours(24)),
        ("weekly", Duration::from_hours(7 * 24)),
        ("monthly", Duration::from_hours(31 * 24)),
    ];
    let words = schedule.as_str().to_lowercase();
    let known = PERIODS.into_iter().find(|(word, _)| words.contains(word));
    known.map(|(_, period)| period)
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = state.layout().rows(Pane::BackupFleet);
    let pane = &mut state.panes.backup_fleet;
    let (len, id) = (pane.rows.len(), |row: usize| {
        pane.rows.get(row).map(|row| row.place.clone())
    });
    pane.has_chosen = true;
    motion.apply(&mut pane.cursor, len, visible, id);
}

/// The environment of the selected row; absent where the row is about a whole context.
pub(in crate::app) fn environment(state: &State) -> Option<Scoped<EnvId>> {
    let pane = &state.panes.backup_fleet;
    match &pane.rows.get(pane.cursor.row)?.place {
        Place::Environment(env) => Some(env.clone()),
        Place::Context(_) => None,
    }
}

/// Selects the environment of the row on the dashboard. Says whether it is there.
pub(super) fn take_along(state: &mut State) -> bool {
    let Some(env) = environment(state) else {
        return false;
    };
    let known = state.inventory.environment(&env);
    let app = known.map(|known| Scoped::new(env.context, known.app.clone()));
    let is_there = app.is_some_and(|app| super::apps::select(state, &app));
    if is_there {
        super::environments::select(state, &env.id);
    }
    is_there
}

/// What Enter does: goes to the backups of the app.
pub(in crate::app) fn open(state: &mut State) {
    let pane = &state.panes.backup_fleet;
    let Some(row) = pane.rows.get(pane.cursor.row) else {
        return;
    };
    if let (Place::Context(_), reason) = (&row.place, row.reason.clone()) {
        let reason = reason.unwrap_or_default();
        return state.notices.say(state.now, Tone::Info, reason.as_str());
    }
    if take_along(state) {
        state.screen.focus_on(Pane::Backups);
    } else {
        let text = "this environment is not there any more";
        state.notices.say(state.now, Tone::Info, text);
    }
}
