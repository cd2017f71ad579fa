//! What each pane holds of its own, and what the keys mean in it.

pub mod activity;
pub mod apps;
pub mod backup_fleet;
pub mod backups;
pub mod detail;
pub mod environments;
pub mod logs;
pub mod operations;
pub mod parts;
pub mod variables;

use std::time::Duration;

use jiff::Timestamp;

use super::action::Action;
use super::cursor::Cursor;
use super::filter::FilterField;
use super::message::Outcome;
use super::screen::Pane;
use super::state::State;
use crate::model::{EnvId, Scoped};

/// What the panes hold of their own.
#[derive(Clone, Debug, Default)]
pub struct Panes {
    /// Apps.
    pub apps: apps::AppsPane,
    /// Environments.
    pub environments: environments::EnvironmentsPane,
    /// Logs.
    pub logs: logs::LogsPane,
    /// Backups.
    pub backups: backups::BackupsPane,
    /// Detail.
    pub detail: detail::DetailPane,
    /// The view of all backups.
    pub backup_fleet: backup_fleet::BackupFleetPane,
    /// The view of variables.
    pub variables: variables::VariablesPane,
    /// The view of activity.
    pub activity: activity::ActivityPane,
    /// The view of operations.
    pub operations: operations::OperationsPane,
    /// The view of domains and services.
    pub parts: parts::PartsPane,
}

/// The filter of the view that has the focus, if that has one.
#[must_use]
pub fn field(state: &State) -> Option<&FilterField> {
    match state.screen.focus {
        Pane::Activity => Some(&state.panes.activity.field),
        Pane::BackupFleet => Some(&state.panes.backup_fleet.field),
        Pane::Parts => Some(&state.panes.parts.field),
        Pane::Apps
        | Pane::Environments
        | Pane::Logs
        | Pane::Backups
        | Pane::Detail
        | Pane::Variables
        | Pane::Operations => None,
    }
}

/// As [`field`], to change.
pub(super) fn field_mut(state: &mut State) -> Option<&mut FilterField> {
    match state.screen.focus {
        Pane::Activity => Some(&mut state.panes.activity.field),
        Pane::BackupFleet => Some(&mut state.panes.backup_fleet.field),
        Pane::Parts => Some(&mut state.panes.parts.field),
        Pane::Apps
        | Pane::Environments
        | Pane::Logs
        | Pane::Backups
        | Pane::Detail
        | Pane::Variables
        | Pane::Operations => None,
    }
}

/// Closes what is open within the view in sight: details, then the filter. Says whether there was
/// anything.
pub(super) fn peel(state: &mut State) -> bool {
    if state.screen.focus == Pane::Operations && state.panes.operations.is_open {
        state.panes.operations.is_open = false;
        state.room_is_old = true;
        return true;
    }
    if state.screen.focus == Pane::Parts && state.panes.parts.is_open {
        state.panes.parts.is_open = false;
        state.room_is_old = true;
        return true;
    }
    if state.screen.focus == Pane::Logs && logs::peel(state) {
        return true;
    }
    let has_filter = field(state).is_some_and(|field| !field.filter.is_empty());
    if has_filter && let Some(field) = field_mut(state) {
        field.clear();
        state.room_is_old = true;
    }
    has_filter
}

/// How many rows of a pane are its column titles.
#[must_use]
pub fn header_rows(pane: Pane) -> u16 {
    match pane {
        Pane::Apps
        | Pane::Environments
        | Pane::Backups
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Activity
        | Pane::Operations => 1,
        // Its sections have titles of their own.
        Pane::Logs | Pane::Detail | Pane::Parts => 0,
    }
}

/// How many rows a page has where the keys move now.
#[must_use]
pub fn page(state: &State) -> usize {
    let rows = state.layout().rows(state.screen.focus);
    let pane = &state.panes.operations;
    if state.screen.focus == Pane::Logs {
        logs::rows(state)
    } else if state.screen.focus == Pane::Operations && pane.is_open {
        operations::detail_rows(rows, pane.rows.len())
    } else {
        rows
    }
}

/// A movement, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// So many rows, down if positive.
    By(isize),
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
}

impl Motion {
    /// The movement an action stands for, in a pane that shows `rows` rows.
    #[must_use]
    pub fn of(action: Action, rows: usize) -> Option<Self> {
        let page = isize::try_from(rows.max(1)).unwrap_or(isize::MAX);
        let half = (page / 2).max(1);
        let table = [
            (Action::Down, Self::By(1)),
            (Action::Up, Self::By(-1)),
            (Action::HalfDown, Self::By(half)),
            (Action::HalfUp, Self::By(-half)),
            (Action::PageDown, Self::By(page)),
            (Action::PageUp, Self::By(-page)),
            (Action::Top, Self::Top),
            (Action::Bottom, Self::Bottom),
        ];
        table
            .into_iter()
            .find(|(known, _)| *known == action)
            .map(|(_, motion)| motion)
    }

    /// Moves a selection of `len` entries, of which `rows` are in sight.
    fn apply<Id: Clone + PartialEq>(
        self,
        cursor: &mut Cursor<Id>,
        len: usize,
        rows: usize,
        id_at: impl Fn(usize) -> Option<Id>,
    ) {
        match self {
            Self::By(delta) => cursor.step(delta, len, rows, id_at),
            Self::Top => cursor.go(0, len, rows, id_at),
            Self::Bottom => cursor.go(usize::MAX, len, rows, id_at),
        }
    }
}

/// Moves within the focused pane.
pub(super) fn motion(state: &mut State, motion: Motion) {
    match state.screen.focus {
        Pane::Apps => apps::motion(state, motion),
        Pane::Environments => environments::motion(state, motion),
        Pane::Logs => logs::motion(state, motion),
        Pane::Backups => backups::motion(state, motion),
        Pane::Detail => detail::motion(state, motion),
        Pane::BackupFleet => backup_fleet::motion(state, motion),
        Pane::Variables => variables::motion(state, motion),
        Pane::Activity => activity::motion(state, motion),
        Pane::Operations => operations::motion(state, motion),
        Pane::Parts => parts::motion(state, motion),
    }
}

/// The selected row of a pane and its first row in sight; absent where rows are not selected.
pub(super) fn cursor(state: &State, pane: Pane) -> Option<(usize, usize)> {
    let panes = &state.panes;
    match pane {
        Pane::Apps => Some((panes.apps.cursor.row, panes.apps.cursor.offset)),
        Pane::Environments => {
            let cursor = &panes.environments.cursor;
            Some((cursor.row, cursor.offset))
        }
        Pane::Backups => Some((panes.backups.cursor.row, panes.backups.cursor.offset)),
        Pane::Logs
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Activity
        | Pane::Parts
        | Pane::Operations => None,
    }
}

/// How many rows a pane has that can be selected.
pub(super) fn len(state: &State, pane: Pane) -> usize {
    let panes = &state.panes;
    match pane {
        Pane::Apps => panes.apps.shown.len(),
        Pane::Environments => panes.environments.rows.len(),
        Pane::Backups => panes.backups.rows.len(),
        Pane::Logs
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Activity
        | Pane::Parts
        | Pane::Operations => 0,
    }
}

/// While a first list of many pages arrives, its rows are derived this often: more would not be
/// seen.
const FILL: Duration = Duration::from_millis(33);

/// Derives what the panes hold from what changed: rows, selections, the log that is followed.
pub(super) fn derive(state: &mut State, outcome: &mut Outcome) {
    variables::tend(state, outcome);
    let is_filled = filled_at(state).is_some_and(|at| at <= state.now);
    let differs = apps::refresh_overlays(state);
    if differs || is_filled || state.rows_are_old {
        (state.rows_are_old, state.rows_are_filling) = (false, false);
        state.rows_at = state.now;
        apps::derive(state);
        forget_marks(state);
        state.room_is_old = true;
    } else if state.room_is_old {
        apps::settle(state);
    }
    if std::mem::take(&mut state.room_is_old) {
        environments::derive(state);
        backups::derive(state);
        derive_view(state);
        outcome.redraw = true;
    }
    logs::retarget(state, outcome);
    logs::advance(state, outcome);
}

/// What is gone is not marked.
fn forget_marks(state: &mut State) {
    if state.marks.is_empty() {
        return;
    }
    let inventory = &state.inventory;
    state.marks.keep(
        |app| inventory.app(app).is_some(),
        |env| inventory.environment(env).is_some(),
    );
}

/// Only the view in sight has rows.
fn derive_view(state: &mut State) {
    match state.screen.focus {
        Pane::BackupFleet => backup_fleet::derive(state),
        Pane::Variables => variables::derive(state),
        Pane::Activity => activity::derive(state),
        Pane::Operations => operations::derive(state),
        Pane::Parts => parts::derive(state),
        Pane::Apps | Pane::Environments | Pane::Logs | Pane::Backups | Pane::Detail => {}
    }
}

/// The environment of the row under the bar, where that is not the selected one: a backup belongs
/// to one of several environments, and the view of all backups to all. Absent elsewhere.
pub(super) fn selected_in_view(state: &State) -> Option<Scoped<EnvId>> {
    match state.screen.focus {
        Pane::Backups => backups::environment(state),
        Pane::BackupFleet => backup_fleet::environment(state),
        Pane::Parts => parts::environment(state),
        Pane::Apps
        | Pane::Environments
        | Pane::Logs
        | Pane::Detail
        | Pane::Variables
        | Pane::Activity
        | Pane::Operations => None,
    }
}

/// Selects on the dashboard what the row under the bar is about, before one goes on to see more of
/// it: its log, its variables.
pub(super) fn take_along(state: &mut State) {
    match state.screen.focus {
        Pane::Backups => {
            if let Some(env) = backups::environment(state) {
                environments::select(state, &env.id);
            }
        }
        Pane::BackupFleet => {
            backup_fleet::take_along(state);
        }
        Pane::Activity => {
            activity::take_along(state);
        }
        Pane::Parts => {
            if let Some(env) = parts::environment(state) {
                environments::select(state, &env.id);
            }
        }
        Pane::Apps
        | Pane::Environments
        | Pane::Logs
        | Pane::Detail
        | Pane::Variables
        | Pane::Operations => {}
    }
}

/// When the pages that came of a first list are shown; absent when all are.
pub(super) fn filled_at(state: &State) -> Option<Timestamp> {
    (state.rows_are_filling)
        .then(|| state.rows_at.saturating_add(FILL).ok())
        .flatten()
}
