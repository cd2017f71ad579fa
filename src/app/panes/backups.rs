//! Backups: those of the selected app's environments, newest first.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::Motion;
use crate::app::cursor::Cursor;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{AppId, Backup, BackupId, BackupState, EnvId, Scoped};

/// What the pane holds.
#[derive(Clone, Debug, Default)]
pub struct BackupsPane {
    /// The backups: environment and position in its list, newest first.
    pub rows: Vec<(Scoped<EnvId>, usize)>,
    /// The selection.
    pub cursor: Cursor<BackupId>,
    /// When the newest good backup was taken.
    pub last_good: Option<Timestamp>,
    /// Sizes of the good backups, oldest first, at most 30: the trend.
    pub sizes: Vec<u64>,
    of: Option<Scoped<AppId>>,
    /// Until the user moves it, the selection stays on the newest.
    has_chosen: bool,
}

/// The backup of a row.
#[must_use]
pub fn backup<'a>(state: &'a State, row: &(Scoped<EnvId>, usize)) -> Option<&'a Backup> {
    state
        .inventory
        .backups
        .get(&row.0)?
        .value
        .as_ref()?
        .get(row.1)
}

/// The selected backup.
#[must_use]
pub fn selected(state: &State) -> Option<&Backup> {
    let pane = &state.panes.backups;
    backup(state, pane.rows.get(pane.cursor.row)?)
}

/// The environment that the selected backup belongs to.
#[must_use]
pub fn environment(state: &State) -> Option<Scoped<EnvId>> {
    let pane = &state.panes.backups;
    pane.rows.get(pane.cursor.row).map(|(env, _)| env.clone())
}

/// Whether a scheduled backup of an environment should have been taken by now: it is planned for a
/// time that is more than an hour ago.
#[must_use]
pub fn is_overdue(state: &State, env: &crate::model::Environment) -> bool {
    env.next_backup_at
        .and_then(|planned| {
            planned
                .saturating_add(std::time::Duration::from_hours(1))
                .ok()
        })
        .is_some_and(|late| late < state.now)
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let app = state.selected_app().cloned();
    let context = app.as_ref().map(|app| app.context);
    let mut rows: Vec<_> = context
        .iter()
        .flat_map(|context| {
            state
                .panes
                .environments
                .rows
                .iter()
                .map(|env| Scoped::new(*context, env.clone()))
        })
        .flat_map(|env| {
            let list = state
                .inventory
                .backups
                .get(&env)
                .and_then(|backups| backups.value.as_ref());
            (0..list.map_or(0, Vec::len)).map(move |index| (env.clone(), index))
        })
        .collect();
    rows.sort_by_key(|row| Reverse(backup(state, row).and_then(|backup| backup.taken_at)));
    let good: Vec<_> = rows
        .iter()
        .filter_map(|row| backup(state, row))
        .filter(|backup| backup.state == BackupState::Done)
        .collect();
    let last_good = good.first().and_then(|backup| backup.taken_at);
    let mut sizes: Vec<_> = good
        .iter()
        .filter_map(|backup| backup.size_bytes)
        .take(30)
        .collect();
    sizes.reverse();
    let visible = state.layout().rows(Pane::Backups);
    let ids: Vec<_> = rows
        .iter()
        .map(|row| backup(state, row).map(|b| b.id.clone()))
        .collect();
    let pane = &mut state.panes.backups;
    (pane.rows, pane.last_good, pane.sizes) = (rows, last_good, sizes);
    if pane.of != app {
        pane.of = app;
        pane.has_chosen = false;
    }
    let id = |row: usize| ids.get(row).cloned().flatten();
    if pane.has_chosen {
        pane.cursor.settle(ids.len(), visible, id);
    } else {
        pane.cursor.go(0, ids.len(), visible, id);
    }
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = state.layout().rows(Pane::Backups);
    let rows = &state.panes.backups.rows;
    let len = rows.len();
    let ids: Vec<_> = rows
        .iter()
        .map(|row| backup(state, row).map(|b| b.id.clone()))
        .collect();
    let id = |row: usize| ids.get(row).cloned().flatten();
    let BackupsPane {
        cursor, has_chosen, ..
    } = &mut state.panes.backups;
    *has_chosen = true;
    match motion {
        Motion::By(delta) => cursor.step(delta, len, visible, id),
        Motion::Top => cursor.go(0, len, visible, id),
        Motion::Bottom => cursor.go(usize::MAX, len, visible, id),
    }
}
