//! Apps: one row per app of every context.

use tui_input::Input;

use super::Motion;
use crate::app::choose::Hidden;
use crate::app::contexts::Context;
use crate::app::cursor::Cursor;
use crate::app::filter::Filter;
use crate::app::journal::{Actor, Event, Subject};
use crate::app::rows::{self, AppRow, Overlay, Totals};
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{AppId, Capability, Scoped, Status, Text};

/// What the pane holds.
#[derive(Clone, Debug, Default)]
pub struct AppsPane {
    /// Every app, in the order of "needs me".
    pub rows: Vec<AppRow>,
    /// Positions in `rows` that the filter lets through.
    pub shown: Vec<u32>,
    /// How many apps are in which state, before the filter.
    pub totals: Totals,
    /// How many apps platforms count and do not list.
    pub unlisted: u64,
    /// The same as `totals` for each context, by its number.
    pub totals_by_context: Vec<Totals>,
    /// The selection.
    pub cursor: Cursor<Scoped<AppId>>,
    /// What the list is filtered by.
    pub filter: Filter,
    /// The filter as it is typed.
    pub filter_text: Input,
    /// Whether the filter is being typed.
    pub is_filtering: bool,
    /// Contexts whose apps are not listed.
    pub hidden: Hidden,
    overlays: Vec<Overlay>,
    /// By context, whether its list was whole when the rows were derived: while a first list
    /// arrives, statuses settle, and nothing has happened.
    complete: Vec<bool>,
}

impl AppsPane {
    /// The app in a row of the filtered list.
    #[must_use]
    pub fn row(&self, shown: usize) -> Option<&AppRow> {
        self.rows.get(*self.shown.get(shown)? as usize)
    }

    /// The selected app's row.
    #[must_use]
    pub fn selected(&self) -> Option<&AppRow> {
        self.row(self.cursor.row)
    }
}

/// Looks whether a context became stale, fresh or unauthorised since the rows were derived.
pub(super) fn refresh_overlays(state: &mut State) -> bool {
    let overlays: Vec<_> = state
        .contexts
        .iter()
        .map(|context| state.overlay_of(context))
        .collect();
    let differs = overlays != state.panes.apps.overlays;
    state.panes.apps.overlays = overlays;
    differs
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let rows = rows::build(
        &state.contexts,
        &state.inventory,
        &state.rules,
        &state.panes.apps.overlays,
    );
    note_changes(state, &rows);
    let complete = state
        .contexts
        .iter()
        .map(|context| is_complete(state, context))
        .collect();
    let contexts = state.contexts.len();
    let fleets = state.contexts.iter();
    let fleets = fleets.filter_map(|context| state.inventory.fleet(context.id));
    let unlisted = fleets.map(|fleet| fleet.unlisted).sum();
    let pane = &mut state.panes.apps;
    pane.complete = complete;
    pane.unlisted = unlisted;
    pane.totals = Totals::of(&rows);
    pane.totals_by_context = Totals::by_context(&rows, contexts);
    pane.rows = rows;
    filter(state);
}

/// Whether the list that tells the state of a context's apps was read to its end once.
fn is_complete(state: &State, context: &Context) -> bool {
    let fleet = state.inventory.fleet(context.id);
    let read_at = if context.lacks(Capability::ListAllEnvironments) {
        fleet.and_then(|fleet| fleet.apps.load.fetched_at)
    } else {
        fleet.and_then(|fleet| fleet.all_environments.fetched_at)
    };
    read_at.is_some()
}

/// Applies the filter anew.
pub(in crate::app) fn filter(state: &mut State) {
    let pane = &mut state.panes.apps;
    pane.shown = rows::fitting(&pane.rows, &pane.filter, &state.contexts, &state.inventory);
    if !pane.hidden.is_empty() {
        let (rows, hidden) = (&pane.rows, &pane.hidden);
        let is_listed = |row: &u32| {
            let row = rows.get(*row as usize);
            row.is_some_and(|row| !hidden.has(row.app.context))
        };
        pane.shown.retain(is_listed);
    }
    settle(state);
}

/// The list or its room changed: the selection finds its place.
pub(super) fn settle(state: &mut State) {
    let visible = state.layout().rows(Pane::Apps);
    let pane = &mut state.panes.apps;
    let before = pane.cursor.selected.clone();
    let mut cursor = std::mem::take(&mut pane.cursor);
    let shown = |app: &mut Scoped<AppId>| {
        let mut rows = (0..pane.shown.len()).filter_map(|row| pane.row(row));
        rows.any(|row| row.app == *app)
    };
    // Who looks into an app already is not taken elsewhere either.
    let is_inside = before.is_some() && state.screen.focus != Pane::Apps;
    if state.has_chosen || is_inside {
        state.start = None;
    } else if let Some(app) = state.start.take_if(shown) {
        cursor.selected = Some(app);
        state.has_chosen = true;
    }
    // Until the user has moved, the top row is the one that needs them most.
    if cursor.row == 0 && state.screen.focus == Pane::Apps && !state.has_chosen {
        cursor.selected = None;
    }
    cursor.settle(pane.shown.len(), visible, |row| {
        pane.row(row).map(|row| row.app.clone())
    });
    pane.cursor = cursor;
    if pane.cursor.selected != before {
        selection_moved(state);
    }
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = state.layout().rows(Pane::Apps);
    let pane = &mut state.panes.apps;
    let before = pane.cursor.selected.clone();
    let mut cursor = std::mem::take(&mut pane.cursor);
    let (len, id) = (pane.shown.len(), |row| {
        pane.row(row).map(|row| row.app.clone())
    });
    match motion {
        Motion::By(delta) => cursor.step(delta, len, visible, id),
        Motion::Top => cursor.go(0, len, visible, id),
        Motion::Bottom => cursor.go(usize::MAX, len, visible, id),
    }
    pane.cursor = cursor;
    if pane.cursor.selected != before {
        state.has_chosen = true;
        selection_moved(state);
    }
}

/// Goes to an app; a filter that hides it is left. Says whether it is there.
pub(in crate::app) fn select(state: &mut State, app: &Scoped<AppId>) -> bool {
    let pane = &mut state.panes.apps;
    if !pane.rows.iter().any(|row| row.app == *app) {
        return false;
    }
    let is_shown = |pane: &AppsPane| {
        let mut rows = (0..pane.shown.len()).filter_map(|row| pane.row(row));
        rows.position(|row| row.app == *app)
    };
    if is_shown(pane).is_none() {
        pane.filter_text.reset();
        pane.filter = Filter::default();
        filter(state);
    }
    let row = is_shown(&state.panes.apps).unwrap_or(0);
    let delta = isize::try_from(row).unwrap_or(0)
        - isize::try_from(state.panes.apps.cursor.row).unwrap_or(0);
    state.has_chosen = true;
    motion(state, Motion::By(delta));
    true
}

/// Goes to the next or previous app that is failed or degraded. Says whether there is one.
pub(in crate::app) fn to_problem(state: &mut State, forward: bool) -> bool {
    let pane = &state.panes.apps;
    let here = pane.cursor.row;
    let is_problem = |row: &usize| pane.row(*row).is_some_and(AppRow::is_problem);
    let len = pane.shown.len();
    let found = if forward {
        (here + 1..len).chain(0..len.min(here)).find(is_problem)
    } else {
        (0..here)
            .rev()
            .chain((here + 1..len).rev())
            .find(is_problem)
    };
    let here_too = (here < len && is_problem(&here)).then_some(here);
    let Some(row) = found.or(here_too) else {
        return false;
    };
    let delta = isize::try_from(row).unwrap_or(0) - isize::try_from(here).unwrap_or(0);
    motion(state, Motion::By(delta));
    true
}

fn selection_moved(state: &mut State) {
    state.selected_at = state.now;
    state.panes.detail.offset = 0;
    super::environments::app_changed(state);
    super::backups::derive(state);
}

fn note_changes(state: &mut State, rows: &[AppRow]) {
    let events: Vec<_> = rows::changes(&state.panes.apps.rows, rows)
        .into_iter()
        .filter(|row| {
            let context = usize::from(row.app.context.0);
            state.panes.apps.complete.get(context) == Some(&true)
        })
        .map(|row| Event {
            at: state.now,
            actor: Actor::Observed,
            status: row.status.clone(),
            text: describe(state, row),
            subject: Some(Subject {
                app: row.app.clone(),
                name: row.name.clone(),
                class: row.class,
                what: happened(row),
            }),
        })
        .collect();
    for event in events {
        state.journal.note(event);
    }
}

fn describe(state: &State, row: &AppRow) -> Text {
    let context = state
        .contexts
        .get(row.app.context)
        .map_or("", |context| context.name.as_str());
    Text::clean(&format!("{context} {} {}", row.name, happened(row)))
}

fn happened(row: &AppRow) -> Text {
    let word = match &row.status {
        Status::Failed => "failed",
        Status::Degraded => "degraded",
        Status::Queued | Status::Building | Status::Deploying => "deploying",
        Status::Live => "live",
        Status::Asleep => "asleep",
        Status::Stopped => "stopped",
        Status::Present => "present",
        Status::Unknown => "unknown",
        Status::Other(word) => word.as_str(),
    };
    let reason = if row.status == Status::Failed && !row.reason.is_empty() {
        format!(": {}", row.reason)
    } else {
        String::new()
    };
    Text::clean(&format!("{word}{reason}"))
}
