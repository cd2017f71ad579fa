//! The rows of the Apps pane: derived from the inventory when it changes, never while drawing.

use std::collections::HashMap;

use jiff::Timestamp;

use super::contexts::{ClassRules, Context, Contexts};
use super::filter::{Filter, Subject};
use super::inventory::{Fleet, Inventory};
use crate::model::{
    App, AppId, Badge, Class, Deployment, Environment, Phase, Release, Scoped, Status, Text, Units,
};

/// What is said of an app that is held at an earlier deployment.
pub const PINNED: &str = "pinned to an earlier deployment";

/// What flightdeck's own knowledge lays over a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overlay {
    /// Nothing: the status is what the platform says.
    #[default]
    None,
    /// The data is older than three intervals.
    Stale,
    /// The credential is not accepted.
    Auth,
}

/// One app, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct AppRow {
    /// Which.
    pub app: Scoped<AppId>,
    /// Its name.
    pub name: Text,
    /// The worst of its own status and its environments'.
    pub status: Status,
    /// What lies over that.
    pub overlay: Overlay,
    /// The most important class among its environments.
    pub class: Option<Class>,
    /// What runs in the most important environment.
    pub release: Option<Release>,
    /// Why the status is what it is.
    pub reason: Text,
    /// Whether it is held at an earlier deployment.
    pub is_pinned: bool,
    /// Instances, over all environments that say.
    pub units: Option<Units>,
    /// When the status last changed, as far as is known.
    pub changed_at: Option<Timestamp>,
}

impl AppRow {
    /// Order of "needs me". What lies over a status counts as unknown.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self.overlay {
            Overlay::None => self.status.rank(),
            Overlay::Stale | Overlay::Auth => Status::Unknown.rank(),
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_problem(&self) -> bool {
        self.overlay == Overlay::None && self.status.is_problem()
    }
}

/// How many apps are in which state, for the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each counts the apps of its name")]
pub struct Totals {
    pub failed: usize,
    pub degraded: usize,
    pub changing: usize,
    pub unknown: usize,
    pub live: usize,
    pub asleep: usize,
    pub stopped: usize,
    pub present: usize,
}

impl Totals {
    /// Counts rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a AppRow>) -> Self {
        let mut totals = Self::default();
        for row in rows {
            *totals.slot(row) += 1;
        }
        totals
    }

    /// Counts the rows of each of so many contexts.
    #[must_use]
    pub fn by_context(rows: &[AppRow], contexts: usize) -> Vec<Self> {
        let mut all = vec![Self::default(); contexts];
        for row in rows {
            if let Some(totals) = all.get_mut(usize::from(row.app.context.0)) {
                *totals.slot(row) += 1;
            }
        }
        all
    }

    /// How many there are in all.
    #[must_use]
    pub fn sum(&self) -> usize {
        let Self {
            failed,
            degraded,
            changing,
            unknown,
            live,
            asleep,
            stopped,
            present,
        } = self;
        failed + degraded + changing + unknown + live + asleep + stopped + present
    }

    fn slot(&mut self, row: &AppRow) -> &mut usize {
        if row.overlay != Overlay::None {
            return &mut self.unknown;
        }
        match row.status {
            Status::Failed => &mut self.failed,
            Status::Degraded => &mut self.degraded,
            Status::Queued | Status::Building | Status::Deploying => &mut self.changing,
            Status::Unknown | Status::Other(_) => &mut self.unknown,
            Status::Live => &mut self.live,
            Status::Present => &mut self.present,
            Status::Asleep => &mut self.asleep,
            Status::Stopped => &mut self.stopped,
        }
    }
}

/// The class of an environment of an app; the platform's own word may be about either.
#[must_use]
pub fn class_in(
    app: Option<&App>,
    env: &Environment,
    context: &Context,
    rules: &ClassRules,
) -> Option<Class> {
    let own = env.class.or_else(|| app.and_then(|app| app.class));
    let app_name = app.map(|app| app.name.as_str());
    rules.decide(own, Some(env.name.as_str()), app_name, context.class)
}

/// Builds every row, in the order of "needs me": failed, degraded, changing, unknown, live, asleep,
/// stopped; within a group the newest change first, then by name.
#[must_use]
pub fn build(
    contexts: &Contexts,
    inventory: &Inventory,
    rules: &ClassRules,
    overlays: &[Overlay],
) -> Vec<AppRow> {
    let mut rows = Vec::new();
    for context in contexts.iter() {
        let Some(fleet) = inventory.fleet(context.id) else {
            continue;
        };
        let overlay = overlays
            .get(usize::from(context.id.0))
            .copied()
            .unwrap_or_default();
        let apps = fleet.apps.value.iter().flat_map(indexmap::IndexMap::values);
        rows.extend(apps.map(|app| row(app, fleet, context, rules, overlay)));
    }
    rows.sort_by(|a, b| {
        a.rank()
            .cmp(&b.rank())
            // What is stale or unauthorised keeps the order in which it was last known.
            .then_with(|| a.status.rank().cmp(&b.status.rank()))
            .then_with(|| b.changed_at.cmp(&a.changed_at))
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.app.cmp(&b.app))
    });
    rows
}

fn row(
    app: &App,
    fleet: &Fleet,
    context: &Context,
    rules: &ClassRules,
    overlay: Overlay,
) -> AppRow {
    let envs: Vec<_> = fleet.environments_of(&app.id).collect();
    let worst = envs
        .iter()
        .copied()
        .min_by_key(|env| (env.status.rank(), std::cmp::Reverse(env.changed_at)));
    let class = |env: &Environment| class_in(Some(app), env, context, rules);
    let classes = envs.iter().map(|env| class(env));
    let main = envs
        .iter()
        .copied()
        .max_by_key(|env| (class(env), env.release.as_ref().and_then(|r| r.at)));
    // An app that has no state of its own is what its environments are.
    let (status, from_env) = match worst {
        Some(env) if app.status == Status::Unknown || env.status.rank() < app.status.rank() => {
            (env.status.clone(), Some(env))
        }
        Some(_) | None => (app.status.clone(), None),
    };
    AppRow {
        app: Scoped::new(context.id, app.id.clone()),
        name: app.name.clone(),
        reason: reason(app, from_env, envs.len()),
        is_pinned: app.is_pinned(),
        status,
        overlay,
        class: classes
            .max()
            .flatten()
            .or_else(|| rules.decide(app.class, None, Some(app.name.as_str()), context.class)),
        release: app
            .release
            .clone()
            .or_else(|| main.and_then(|env| env.release.clone())),
        units: units(&envs),
        changed_at: worst.and_then(|env| env.changed_at),
    }
}

/// That an app is pinned comes before everything else, and is read where there is little room:
/// nothing can be deployed meanwhile.
fn reason(app: &App, env: Option<&Environment>, of: usize) -> Text {
    let own = with_busy(app, own_reason(app, env, of));
    if !app.is_pinned() {
        return own;
    }
    let own = own.as_str();
    let more = own.strip_suffix("pinned").unwrap_or(own);
    match more.trim_end_matches([' ', ',']) {
        "" => Text::clean("PINNED to an earlier deployment"),
        more => Text::clean(&format!("PINNED, {more}")),
    }
}

/// Who keeps others out is said first: nothing can be done meanwhile.
fn with_busy(app: &App, own: Text) -> Text {
    let busy = app
        .reason
        .as_ref()
        .filter(|_| app.badges.contains(&Badge::Locked));
    match busy {
        Some(busy) if own.is_empty() || own == *busy => busy.clone(),
        Some(busy) => Text::clean(&format!("{busy}; {own}")),
        None => own,
    }
}

fn own_reason(app: &App, env: Option<&Environment>, of: usize) -> Text {
    if let Some(env) = env {
        let progress = env
            .progress
            .as_ref()
            .map(progress_words)
            .filter(|words| !words.is_empty());
        let own = progress.or_else(|| env.reason.as_ref().map(ToString::to_string));
        return match own {
            Some(own) if of > 1 && env.status != Status::Live => {
                Text::clean(&format!("{}: {own}", env.name))
            }
            Some(own) => Text::clean(&own),
            None if of > 1 && env.status.rank() < Status::Live.rank() => env.name.clone(),
            None => Text::default(),
        };
    }
    app.reason
        .clone()
        .or_else(|| app.badges.first().map(badge))
        .unwrap_or_default()
}

/// A badge as a word.
#[must_use]
pub fn badge(badge: &Badge) -> Text {
    Text::clean(match badge {
        Badge::Suspended => "suspended",
        Badge::Maintenance => "maintenance",
        Badge::Mirror => "mirror",
        Badge::Locked => "locked",
        Badge::Pinned => "pinned",
        Badge::MigrationNeeded => "migration needed",
        Badge::Other(word) => return word.clone(),
    })
}

/// `2/5 npm ci`, `41 % docker build`.
#[must_use]
pub fn progress_words(progress: &crate::model::Progress) -> String {
    let numbers = match (progress.steps, progress.percent) {
        (Some((done, all)), _) => format!("{done}/{all}"),
        (None, Some(percent)) => format!("{percent} %"),
        (None, None) => String::new(),
    };
    let label = progress
        .label
        .as_ref()
        .map(Text::as_str)
        .unwrap_or_default();
    [numbers.as_str(), label]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `1 commit`, `3 commits`.
#[must_use]
pub fn commits(count: u32) -> String {
    if count == 1 {
        "1 commit".to_owned()
    } else {
        format!("{count} commits")
    }
}

fn units(envs: &[&Environment]) -> Option<Units> {
    envs.iter()
        .filter_map(|env| env.units)
        .reduce(|a, b| Units {
            ready: a.ready.saturating_add(b.ready),
            wanted: a.wanted.saturating_add(b.wanted),
        })
}

/// Which rows a filter lets through, by position.
#[must_use]
pub fn fitting(
    rows: &[AppRow],
    filter: &Filter,
    contexts: &Contexts,
    inventory: &Inventory,
) -> Vec<u32> {
    let all = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
    if filter.is_empty() {
        return all.collect();
    }
    all.zip(rows)
        .filter(|(_, row)| fits(row, filter, contexts, inventory))
        .map(|(i, _)| i)
        .collect()
}

fn fits(row: &AppRow, filter: &Filter, contexts: &Contexts, inventory: &Inventory) -> bool {
    let fleet = inventory.fleet(row.app.context);
    let envs: Vec<_> = fleet
        .into_iter()
        .flat_map(|fleet| fleet.environments_of(&row.app.id))
        .map(|env| env.name.as_str())
        .collect();
    filter.fits(&Subject {
        context: contexts
            .get(row.app.context)
            .map_or("", |context| context.name.as_str()),
        app: row.name.as_str(),
        environments: &envs.join(" "),
        state: status_word(&row.status, row.overlay),
        class: row.class,
        reason: row.reason.as_str(),
    })
}

/// The word of a deployment's phase in lists.
#[must_use]
pub fn phase_word(deployment: &Deployment) -> &str {
    match &deployment.phase {
        Phase::Succeeded if deployment.is_current => "live",
        Phase::Succeeded | Phase::Replaced => "replaced",
        Phase::Failed => "failed",
        Phase::Cancelled => "cancelled",
        Phase::Ended => "ended",
        Phase::Queued => "queued",
        Phase::Building => "building",
        Phase::Deploying => "deploying",
        Phase::Running(word) | Phase::ActionRequired(word) | Phase::Other(word) => word.as_str(),
    }
}

/// The word of a phase by itself: of what runs and is then over, such as a job.
#[must_use]
pub fn run_word(phase: &Phase) -> &str {
    match phase {
        Phase::Succeeded | Phase::Replaced => "done",
        Phase::Failed => "failed",
        Phase::Cancelled => "cancelled",
        Phase::Ended => "ended",
        Phase::Queued => "queued",
        Phase::Building => "building",
        Phase::Deploying => "deploying",
        Phase::Running(word) | Phase::ActionRequired(word) | Phase::Other(word) => word.as_str(),
    }
}

/// The word of a status, as the table and the filter know it.
#[must_use]
pub fn status_word(status: &Status, overlay: Overlay) -> &str {
    match (overlay, status) {
        (Overlay::Stale, _) => "STAL",
        (Overlay::Auth, _) => "AUTH",
        (Overlay::None, Status::Failed) => "FAIL",
        (Overlay::None, Status::Degraded) => "DEGR",
        (Overlay::None, Status::Queued) => "QUEU",
        (Overlay::None, Status::Building) => "BUIL",
        (Overlay::None, Status::Deploying) => "DEPL",
        (Overlay::None, Status::Live) => "LIVE",
        (Overlay::None, Status::Asleep) => "SLEP",
        (Overlay::None, Status::Stopped) => "STOP",
        (Overlay::None, Status::Present) => "HERE",
        (Overlay::None, Status::Unknown) => "UNKN",
        (Overlay::None, Status::Other(word)) => word.as_str(),
    }
}

/// What changed between two lists, for the journal: apps that were known before and whose status
/// is now another.
#[must_use]
pub fn changes<'a>(before: &[AppRow], after: &'a [AppRow]) -> Vec<&'a AppRow> {
    let known: HashMap<_, _> = before.iter().map(|row| (&row.app, &row.status)).collect();
    after
        .iter()
        .filter(|row| {
            known
                .get(&row.app)
                .is_some_and(|old| **old != row.status && **old != Status::Unknown)
        })
        .collect()
}
