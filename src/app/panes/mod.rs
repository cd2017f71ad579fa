//! What each pane holds of its own, and what the keys mean in it.

pub mod activity;
pub mod apps;
pub mod backup_fleet;
pub mod backups;
pub mod detail;
pub mod environments;
pub mod logs;
pub mod operations;
pub mod variables;

use std::time::Duration;

use jiff::Timestamp;

use super::action::Action;
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
        Pane::Logs | Pane::Detail => 0,
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
        Pane::Apps | Pane::Environments | Pane::Logs | Pane::Backups | Pane::Detail => {}
    }
}

/// The environment that the view in sight has selected; absent on the dashboard and in views that
/// are about something else.
pub(super) fn selected_in_view(_state: &State) -> Option<Scoped<EnvId>> {
    None
}

/// When the pages that came of a first list are shown; absent when all are.
pub(super) fn filled_at(state: &State) -> Option<Timestamp> {
    (state.rows_are_filling)
        .then(|| state.rows_at.saturating_add(FILL).ok())
        .flatten()
}
