//! The list of what can be chosen as a source: what fits what is typed, best first; before anything
//! is typed the selection, then what is chosen, then all others in the order of Apps.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::fmt::Write as _;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use crate::app::state::State;
use crate::model::{AppId, EnvId, Scoped};

/// More rows than these nobody scrolls through: one types a letter.
const MOST: usize = 1_000;

/// Something that may have a log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceRow {
    /// Its app.
    pub app: Scoped<AppId>,
    /// The environment; absent where those of the app were not read yet.
    pub env: Option<EnvId>,
}

impl SourceRow {
    /// The environment, with its context.
    #[must_use]
    pub fn env(&self) -> Option<Scoped<EnvId>> {
        let env = self.env.clone()?;
        Some(Scoped::new(self.app.context, env))
    }
}

/// The list of what can be chosen.
#[derive(Clone, Debug, Default)]
pub struct SourcesState {
    /// What is looked for in it.
    pub search: Input,
    /// The rows that fit, best first.
    pub rows: Vec<SourceRow>,
    /// How many fit besides.
    pub more: usize,
    /// The row under the bar.
    pub selected: usize,
}

impl SourcesState {
    /// A list of everything.
    #[must_use]
    pub fn new(state: &State) -> Self {
        let mut open = Self::default();
        open.search_again(state);
        open
    }

    /// Looks for what is typed.
    pub fn search_again(&mut self, state: &State) {
        // A slash stands between app and environment wherever they are shown.
        let typed = self.search.value().replace(['/', ':'], " ");
        (self.rows, self.more) = if typed.trim().is_empty() {
            all(state)
        } else {
            fitting(state, &typed)
        };
        self.selected = 0;
    }

    /// Moves the bar, not past the ends.
    pub fn step(&mut self, delta: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }
}

fn row_of(state: &State, env: &Scoped<EnvId>) -> Option<SourceRow> {
    let app = state.inventory.environment(env)?.app.clone();
    Some(SourceRow {
        app: Scoped::new(env.context, app),
        env: Some(env.id.clone()),
    })
}

/// The environments of an app, or the app itself while they were not read.
fn rows_of<'a>(state: &'a State, app: &'a Scoped<AppId>) -> impl Iterator<Item = SourceRow> + 'a {
    let fleet = state.inventory.fleet(app.context).into_iter();
    let envs = fleet.flat_map(|fleet| fleet.environments_of(&app.id));
    let mut envs = envs.map(|env| Some(env.id.clone())).peekable();
    let none = envs.peek().is_none().then_some(None);
    envs.chain(none).map(|env| SourceRow {
        app: app.clone(),
        env,
    })
}

fn fleet(state: &State) -> impl Iterator<Item = SourceRow> + '_ {
    let apps = state.panes.apps.rows.iter();
    apps.flat_map(|row| rows_of(state, &row.app))
}

fn all(state: &State) -> (Vec<SourceRow>, usize) {
    let selected = state.selected_env();
    let chosen = &state.panes.logs.sources.chosen;
    let first = selected.iter().chain(chosen);
    let first = first.filter_map(|env| row_of(state, env));
    let mut known = BTreeSet::new();
    let first: Vec<_> = first.filter(|row| known.insert(row.clone())).collect();
    let others = fleet(state).filter(|row| !known.contains(row));
    let (mut rows, mut more) = (first, 0);
    for row in others {
        if rows.len() < MOST {
            rows.push(row);
        } else {
            more += 1;
        }
    }
    (rows, more)
}

/// How well a row fits: the better score, of equals the earlier.
type Rank = (u32, Reverse<usize>);

fn fitting(state: &State, typed: &str) -> (Vec<SourceRow>, usize) {
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let (mut text, mut chars) = (String::new(), Vec::new());
    let mut best: BinaryHeap<Reverse<(Rank, SourceRow)>> = BinaryHeap::new();
    let mut count = 0;
    for (place, row) in fleet(state).enumerate() {
        describe(state, &row, &mut text);
        let Some(score) = pattern.score(Utf32Str::new(&text, &mut chars), &mut matcher) else {
            continue;
        };
        count += 1;
        best.push(Reverse(((score, Reverse(place)), row)));
        if best.len() > MOST {
            best.pop();
        }
    }
    let rows = best.into_sorted_vec().into_iter();
    let rows: Vec<_> = rows.map(|Reverse((_, row))| row).collect();
    let more = count - rows.len();
    (rows, more)
}

/// What is looked at in a row: app, environment, context, platform.
fn describe(state: &State, row: &SourceRow, text: &mut String) {
    text.clear();
    let app = state.inventory.app(&row.app);
    let env = row.env().and_then(|env| state.inventory.environment(&env));
    let context = state.contexts.get(row.app.context);
    let _infallible = write!(
        text,
        "{} {} {} {}",
        app.map_or("", |app| app.name.as_str()),
        env.map_or("", |env| env.name.as_str()),
        context.map_or("", |context| context.name.as_str()),
        context.map_or("", |context| context.profile.name),
    );
}
