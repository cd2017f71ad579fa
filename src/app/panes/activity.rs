//! Activity: what happened, everywhere, newest first.

use super::Motion;
use crate::app::cursor::Cursor;
use crate::app::filter::FilterField;
use crate::app::loadable::Load;
use crate::app::notices::Tone;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::app::timeline::{self, Event, EventId};
use crate::model::catalogue::Chosen;
use crate::model::{Capability, Query, QueryKey, Scoped};

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct ActivityPane {
    /// What happened, newest first, as the filter lets it through.
    pub rows: Vec<Event>,
    /// How much happened in all.
    pub total: usize,
    /// The selection.
    pub cursor: Cursor<EventId>,
    /// What the list is filtered by.
    pub field: FilterField,
    /// Until the user moves it, the selection stays on the newest.
    has_chosen: bool,
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let mut rows = timeline::events(state);
    let visible = state.layout().rows(Pane::Activity);
    let pane = &mut state.panes.activity;
    pane.total = rows.len();
    if !pane.field.filter.is_empty() {
        rows.retain(|event| event.fits(&pane.field.filter));
    }
    pane.rows = rows;
    let (len, id) = (pane.rows.len(), |row: usize| {
        pane.rows.get(row).map(|event| event.id.clone())
    });
    if pane.has_chosen {
        pane.cursor.settle(len, visible, id);
    } else {
        pane.cursor.go(0, len, visible, id);
    }
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = state.layout().rows(Pane::Activity);
    let pane = &mut state.panes.activity;
    let (len, id) = (pane.rows.len(), |row: usize| {
        pane.rows.get(row).map(|event| event.id.clone())
    });
    pane.has_chosen = true;
    motion.apply(&mut pane.cursor, len, visible, id);
}

/// Selects the app that the row happened to on the dashboard. Says whether it is there.
pub(super) fn take_along(state: &mut State) -> bool {
    let pane = &state.panes.activity;
    let event = pane.rows.get(pane.cursor.row);
    let app = event.and_then(|event| event.app.clone());
    app.is_some_and(|app| super::apps::select(state, &app))
}

/// What the row is about, as something that can be cancelled.
#[must_use]
pub fn cancellable(state: &State) -> Option<Chosen> {
    let pane = &state.panes.activity;
    let event = pane.rows.get(pane.cursor.row)?;
    let is_here = state.screen.focus == Pane::Activity;
    let id = event.cancels.as_ref().filter(|_| is_here)?;
    Some(Chosen {
        id: id.as_str().to_owned(),
        title: event.what.clone(),
    })
}

/// What Enter does: goes to the app that it happened to.
pub(in crate::app) fn open(state: &mut State) {
    if state.panes.activity.rows.is_empty() {
        return;
    }
    if take_along(state) {
        state.screen.focus_on(Pane::Apps);
    } else {
        let text = "the app that this happened to is not there";
        state.notices.say(state.now, Tone::Info, text);
    }
}

/// The trails that are read while the view is in sight, by whether the selected app's.
#[must_use]
pub fn trails(state: &State) -> Vec<(QueryKey, bool)> {
    let mut keys = Vec::new();
    for context in state.contexts.iter() {
        if context.bad_credential.is_some() || context.lacks(Capability::ListActivity) {
            continue;
        }
        let key = |query| QueryKey {
            context: context.id,
            query,
        };
        keys.push((key(Query::Activity(None)), false));
        let selected = state.selected_app().filter(|app| app.context == context.id);
        let selected = selected.map(|Scoped { id, .. }| id.clone());
        keys.extend(selected.map(|app| (key(Query::Activity(Some(app))), true)));
    }
    keys
}

/// Age and condition of the trails.
pub fn loads(state: &State) -> impl Iterator<Item = Option<&Load>> {
    let keys = trails(state).into_iter();
    keys.map(|(key, _)| state.inventory.load(&key))
}
