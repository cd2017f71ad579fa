//! Variables of the selected environment: masked, compared, and changed only after a review.
//!
//! What is wished is kept per environment until it is applied or dropped. Values are forgotten when
//! the view is left and nothing is wished there.

mod compare;
mod dialog;
mod field;
pub(in crate::app) mod file;
mod review;
mod rows;
mod staging;

use std::collections::HashMap;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use tui_input::Input;

pub use compare::{Comparison, Likeness};
pub use dialog::{Candidate, Choose, Dialog, Mend, NewDialog, NewField, Place, ValueDialog};
pub use field::Field;
pub use review::{Choice, Finding, Line, Review};
pub use rows::{Row, RowId};
pub use staging::{Edit, Found, Slot, Staging, Wish};

use super::Motion;
use crate::app::age::Age;
use crate::app::cursor::Cursor;
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::{EnvId, Query, QueryKey, Release, Scoped, Secret, Text, Variable};

/// How long a value that was asked for is shown.
pub(in crate::app) const REVEAL_FOR: Duration = Duration::from_secs(15);

/// A value that is shown for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Revealed {
    /// Of which row.
    pub row: RowId,
    /// Until when.
    pub until: Timestamp,
}

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct VariablesPane {
    /// The rows.
    pub rows: Vec<Row>,
    /// The selection.
    pub cursor: Cursor<RowId>,
    /// The one value that is shown.
    pub revealed: Option<Revealed>,
    /// What is compared with.
    pub comparison: Option<Comparison>,
    /// What is searched for in the names.
    pub filter: Input,
    /// Whether it is being typed.
    pub is_filtering: bool,
    /// What is wished, by environment.
    pub staged: IndexMap<Scoped<EnvId>, Staging>,
    /// Environments whose changes take effect with the next deployment, and what ran when they were
    /// made.
    pub undeployed: HashMap<Scoped<EnvId>, Option<Release>>,
    /// The environment whose variables are in the user's editor, and the text it was given.
    pub(in crate::app) editing: Option<(Place, Secret)>,
    /// Until when the key that drops one wish drops all, where it was pressed on a row without.
    pub(in crate::app) drops_all_until: Option<Timestamp>,
    of: Option<Scoped<EnvId>>,
    is_open: bool,
}

/// What there is to show of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A value.
    Is(&'a Secret),
    /// The platform hides it.
    Hidden,
    /// It is wished away.
    Unset,
    /// There is none on this side.
    Absent,
}

impl VariablesPane {
    /// What is wished in an environment.
    #[must_use]
    pub fn staging(&self, env: &Scoped<EnvId>) -> Option<&Staging> {
        self.staged.get(env).filter(|staging| !staging.is_empty())
    }

    /// How many changes are wished, everywhere.
    #[must_use]
    pub fn staged_count(&self) -> usize {
        self.staged.values().map(Staging::len).sum()
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.cursor.row)
    }

    /// Whether the value of a row is shown.
    #[must_use]
    pub fn is_revealed(&self, row: &RowId, now: Timestamp) -> bool {
        let shown = self.revealed.as_ref();
        shown.is_some_and(|shown| shown.row == *row && now < shown.until)
    }
}

/// The variable of a row.
#[must_use]
pub fn variable<'a>(state: &'a State, row: &Row) -> Option<&'a Variable> {
    let env = state.panes.variables.of.as_ref()?;
    state.inventory.vault.list(env).get(row.variable?)
}

/// The wish about a row.
#[must_use]
pub fn edit<'a>(state: &'a State, row: &Row) -> Option<&'a Edit> {
    let pane = &state.panes.variables;
    let staging = pane.staging(pane.of.as_ref()?)?;
    staging.get(&row.id.slot).filter(|_| row.is_staged)
}

/// What there is to show of a row: what is wished, else what is.
#[must_use]
pub fn value<'a>(state: &'a State, row: &Row) -> Value<'a> {
    match edit(state, row).map(|edit| &edit.wish) {
        Some(Wish::Set(value)) => Value::Is(value),
        Some(Wish::Unset) => Value::Unset,
        None => match variable(state, row) {
            None => Value::Absent,
            Some(variable) => variable.value.as_ref().map_or(Value::Hidden, Value::Is),
        },
    }
}

/// `app/environment`.
#[must_use]
pub fn title(state: &State, env: &Scoped<EnvId>) -> Text {
    let known = state.inventory.environment(env);
    let app = known.and_then(|known| {
        let id = Scoped::new(env.context, known.app.clone());
        state.inventory.app(&id)
    });
    match (app, known) {
        (Some(app), Some(known)) => Text::clean(&format!("{}/{}", app.name, known.name)),
        _ => Text::clean(env.id.as_str()),
    }
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let Some(env) = state.selected_env() else {
        let pane = &mut state.panes.variables;
        (pane.rows, pane.of, pane.comparison) = (Vec::new(), None, None);
        return;
    };
    if state.inventory.vault.show(&env) {
        take_up(state, &env);
    }
    if state.panes.variables.of.as_ref() != Some(&env) {
        begin(&mut state.panes.variables, env.clone());
    }
    let staging = state.panes.variables.staging(&env);
    let mut rows = rows::rows(&state.inventory.vault, &env, staging);
    let words = state.panes.variables.filter.value().to_lowercase();
    rows.retain(|row| row.fits(&words));
    let visible = state.layout().rows(Pane::Variables);
    let pane = &mut state.panes.variables;
    pane.rows = rows;
    let VariablesPane { rows, cursor, .. } = pane;
    let id = |row: usize| rows.get(row).map(|row| row.id.clone());
    cursor.settle(rows.len(), visible, id);
}

/// What is on its way already is not asked for once more.
pub(in crate::app) fn take_up(state: &mut State, env: &Scoped<EnvId>) {
    let key = key_of(env);
    if state.tickets.expects(&key)
        && let Some(load) = state.inventory.load_mut(&key)
    {
        load.begin(state.now);
    }
}

/// What is asked for the variables of an environment.
#[must_use]
pub fn key_of(env: &Scoped<EnvId>) -> QueryKey {
    QueryKey {
        context: env.context,
        query: Query::Variables(env.id.clone()),
    }
}

/// Another environment is shown.
fn begin(pane: &mut VariablesPane, env: Scoped<EnvId>) {
    pane.of = Some(env);
    (pane.cursor, pane.comparison, pane.revealed) = (Cursor::default(), None, None);
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    let visible = state.layout().rows(Pane::Variables);
    let VariablesPane { rows, cursor, .. } = &mut state.panes.variables;
    let id = |row: usize| rows.get(row).map(|row| row.id.clone());
    match motion {
        Motion::By(delta) => cursor.step(delta, rows.len(), visible, id),
        Motion::Top => cursor.go(0, rows.len(), visible, id),
        Motion::Bottom => cursor.go(usize::MAX, rows.len(), visible, id),
    }
}

/// What follows from what happened, whatever that was: values are masked again, forgotten when
/// nobody looks, and a review looks at what came.
pub(super) fn tend(state: &mut State, outcome: &mut Outcome) {
    let now = state.now;
    let is_open = state.screen.focus == Pane::Variables;
    let pane = &mut state.panes.variables;
    if pane
        .revealed
        .as_ref()
        .is_some_and(|shown| shown.until <= now)
    {
        pane.revealed = None;
        outcome.redraw = true;
    }
    if std::mem::replace(&mut pane.is_open, is_open) && !is_open {
        left(state);
    }
    if !state.panes.variables.undeployed.is_empty() {
        let runs = |env: &Scoped<EnvId>| Some(state.inventory.environment(env)?.release.clone());
        let kept = &mut state.panes.variables.undeployed;
        kept.retain(|env, before| runs(env).is_some_and(|now| now == *before));
    }
    if let Some(Overlay::Variables(dialog)) = &mut state.screen.overlay
        && let Dialog::Review(review) = dialog.as_mut()
        && let vault = &state.inventory.vault
        && vault.of(&review.of).is_some()
    {
        let none = Staging::default();
        let staging = state.panes.variables.staged.get(&review.of);
        let staging = staging.unwrap_or(&none);
        outcome.redraw |= review.settle(staging, vault.list(&review.of), vault.reads());
    }
}

/// Secrets do not linger where nobody looks.
fn left(state: &mut State) {
    let pane = &mut state.panes.variables;
    let env = pane.of.take();
    (pane.revealed, pane.comparison, pane.is_filtering) = (None, None, false);
    pane.filter.reset();
    let staged = env.as_ref().and_then(|env| pane.staging(env));
    let Some(count) = staged.map(Staging::len) else {
        pane.rows.clear();
        state.inventory.forget_variables();
        return;
    };
    state.inventory.vault.compare(None);
    let title = env.map_or_else(Text::default, |env| title(state, &env));
    let text = format!("{} of {title} kept; 5 goes back to them", changes(count));
    state.notices.say(state.now, Tone::Info, text);
}

/// `1 staged change`, `3 staged changes`.
#[must_use]
pub fn changes(count: usize) -> String {
    match count {
        1 => "1 staged change".to_owned(),
        n => format!("{n} staged changes"),
    }
}

/// How old the variables are that are shown.
#[must_use]
pub fn age(state: &State) -> Option<Age> {
    let (read_at, every) = read(state)?;
    Some(Age::of(Some(read_at), every, state.now))
}

/// When they were read, and how often they are.
fn read(state: &State) -> Option<(Timestamp, Duration)> {
    let env = state.panes.variables.of.as_ref()?;
    let read_at = state.inventory.vault.of(env)?.load.fetched_at?;
    let context = state.contexts.get(env.context)?;
    Some((read_at, context.profile.poll.slow))
}

/// When the view changes by itself: a shown value is masked again, an age grows.
pub(in crate::app) fn changes_at(state: &State) -> Option<Timestamp> {
    let shown = state.panes.variables.revealed.as_ref();
    let masked = shown.map(|shown| shown.until);
    let is_open = state.screen.focus == Pane::Variables;
    let aged = read(state)
        .filter(|_| is_open)
        .and_then(|(read_at, every)| {
            let age = Age::of(Some(read_at), every, state.now);
            age.changes_at(Some(read_at), every, state.now)
        });
    masked.into_iter().chain(aged).min()
}
