//! Environments: those of the selected app.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::Motion;
use crate::app::cursor::Cursor;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{AppId, EnvId, Environment, Scoped, Text};

/// What the pane holds.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentsPane {
    /// The environments, in the order of "needs me", then the most important first.
    pub rows: Vec<EnvId>,
    /// The selection.
    pub cursor: Cursor<EnvId>,
    of: Option<Scoped<AppId>>,
}

/// How many rows the table gets: the rest of the pane shows the deployments of the selected one.
#[must_use]
pub fn table_rows(rows_in_pane: usize, environments: usize) -> usize {
    let half = rows_in_pane.div_ceil(2);
    if rows_in_pane < 6 {
        rows_in_pane
    } else {
        environments.clamp(1, half)
    }
}

/// What the platform of the selection calls environments: "Regions".
#[must_use]
pub fn heading(state: &State) -> String {
    let context = state.selected_context();
    let word = context.map_or("environments", |it| it.profile.vocabulary.environment.1);
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Another app was selected.
pub(super) fn app_changed(state: &mut State) {
    derive(state);
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let app = state.selected_app().cloned();
    let own: Vec<_> = app
        .iter()
        .filter_map(|app| Some((app, state.inventory.fleet(app.context)?)))
        .flat_map(|(app, fleet)| {
            fleet
                .environments_of(&app.id)
                .map(move |env| (app.context, env))
        })
        .collect();
    // What is there in several versions stands together: where its worst would stand.
    let rank = |name: &Text| {
        let same = own.iter().filter(|(_, env)| env.name == *name);
        same.map(|(_, env)| env.status.rank()).min()
    };
    let mut rows: Vec<_> = own
        .iter()
        .map(|(context, env)| {
            let class = state.class_of(*context, env);
            let key = (rank(&env.name), Reverse(class), env.name.clone());
            ((key, Reverse(version(env))), env.id.clone())
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let visible = visible(state, rows.len());
    let pane = &mut state.panes.environments;
    if pane.of != app {
        pane.of = app;
        pane.cursor = Cursor::default();
    }
    pane.rows = rows.into_iter().map(|(_, id)| id).collect();
    let mut cursor = std::mem::take(&mut pane.cursor);
    cursor.settle(pane.rows.len(), visible, |row| pane.rows.get(row).cloned());
    pane.cursor = cursor;
}

/// What a version is ordered by: its number, since `v9` is older than `v12`; where it has none, when it
/// was released.
fn version(env: &Environment) -> (Option<u64>, Option<Timestamp>) {
    let release = env.release.as_ref();
    let number = release.and_then(|it| it.label.as_str().trim_start_matches('v').parse().ok());
    (number, release.and_then(|it| it.at))
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = visible(state, state.panes.environments.rows.len());
    let pane = &mut state.panes.environments;
    let before = pane.cursor.selected.clone();
    let (len, id) = (pane.rows.len(), |row: usize| pane.rows.get(row).cloned());
    match motion {
        Motion::By(delta) => pane.cursor.step(delta, len, visible, id),
        Motion::Top => pane.cursor.go(0, len, visible, id),
        Motion::Bottom => pane.cursor.go(usize::MAX, len, visible, id),
    }
    if pane.cursor.selected != before {
        state.selected_at = state.now;
        state.panes.detail.offset = 0;
    }
}

/// Goes to an environment of the selected app, if it is there.
pub(in crate::app) fn select(state: &mut State, env: &EnvId) {
    let pane = &state.panes.environments;
    if let Some(row) = pane.rows.iter().position(|it| it == env) {
        let delta = row.cast_signed() - pane.cursor.row.cast_signed();
        motion(state, Motion::By(delta));
    }
}

fn visible(state: &State, environments: usize) -> usize {
    table_rows(state.layout().rows(Pane::Environments), environments)
}
