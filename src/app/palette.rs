//! The command palette: every action, operation, context and app by name, best match first.
//!
//! Ten thousand apps are matched at every key, so nothing is kept or allocated for a candidate that
//! is not among the best.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write as _;

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::action::{self, ACTIONS, Action};
use super::menu::why_not;
use super::state::State;
use crate::model::catalogue::{Recipe, recipes_for};
use crate::model::{AppId, ContextId, Scoped};

/// More than this nobody reads: one types another letter.
const MOST: usize = 50;
/// How many uses are remembered.
const REMEMBERED: usize = 20;

const CASE: CaseMatching = CaseMatching::Ignore;
const NORMAL: Normalization = Normalization::Smart;

/// Something the palette can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// An action of the key table.
    Action(Action),
    /// An operation of the catalogue.
    Operation(&'static Recipe),
    /// Shows only this context.
    Context(ContextId),
    /// Goes to this app.
    App(Scoped<AppId>),
}

impl Command {
    /// Why it is not to be had now; absent when it is.
    #[must_use]
    pub fn why_not(&self, state: &State) -> Option<String> {
        match self {
            Self::Action(action) => {
                let row = action.row();
                let context = state.selected_context();
                let refusal = row.needs.zip(context).and_then(|(needs, context)| {
                    context.supports(needs).refusal().map(str::to_owned)
                });
                let recipe = row.needs.filter(|_| row.mutates).and_then(Recipe::of);
                refusal.or_else(|| why_not(state, recipe?))
            }
            Self::Operation(recipe) => why_not(state, recipe),
            Self::Context(_) | Self::App(_) => None,
        }
    }
}

/// What was used in this session, newest first.
#[derive(Clone, Debug, Default)]
pub struct Recent(Vec<Command>);

impl Recent {
    /// Notes a use.
    pub fn used(&mut self, command: &Command) {
        self.0.retain(|other| other != command);
        self.0.insert(0, command.clone());
        self.0.truncate(REMEMBERED);
    }

    /// How recently it was used: higher is more recent, nought is never.
    fn rank(&self, is_it: impl Fn(&Command) -> bool) -> usize {
        let place = self.0.iter().position(is_it);
        place.map_or(0, |place| REMEMBERED - place)
    }
}

/// What the palette shows.
#[derive(Clone, Debug, Default)]
pub struct PaletteState {
    /// What is typed.
    pub input: Input,
    /// The best matches, best first.
    pub rows: Vec<Command>,
    /// The selected row.
    pub selected: usize,
}

impl PaletteState {
    /// An empty one: what was used last comes first.
    #[must_use]
    pub fn new(state: &State) -> Self {
        Self {
            rows: search(state, ""),
            ..Self::default()
        }
    }

    /// Matches anew.
    pub fn search_again(&mut self, state: &State) {
        self.rows = search(state, self.input.value());
        self.selected = 0;
    }

    /// Moves the selection, not past the ends.
    pub fn step(&mut self, delta: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }
}

/// Where a candidate comes from; of equals the first kind wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Action,
    Operation,
    Context,
    App,
}

/// How good a candidate is; the greatest is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    score: u32,
    recency: usize,
    kind: Reverse<Kind>,
    length: Reverse<usize>,
    place: Reverse<usize>,
}

/// The best candidates so far, and what matching needs.
struct Search {
    /// Letters in their order, for names.
    pattern: Pattern,
    /// Whole words, for the sentences beside them: letters would fit any of those.
    words: Pattern,
    matcher: Matcher,
    chars: Vec<char>,
    text: String,
    best: BinaryHeap<Reverse<Rank>>,
}

impl Search {
    fn new(typed: &str) -> Self {
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self {
            pattern: Pattern::parse(typed, CASE, NORMAL),
            words: Pattern::new(typed, CASE, NORMAL, AtomKind::Substring),
            matcher: Matcher::new(config),
            chars: Vec::new(),
            text: String::new(),
            best: BinaryHeap::with_capacity(MOST + 1),
        }
    }

    /// How well a name fits, alone or together with words beside it, which count for less.
    fn score(&mut self, name: &str, beside: &[&str]) -> Option<u32> {
        let own = Utf32Str::new(name, &mut self.chars);
        if let Some(score) = self.pattern.score(own, &mut self.matcher) {
            return Some(score * 2);
        }
        if beside.is_empty() {
            return None;
        }
        self.text.clear();
        self.text.push_str(name);
        for word in beside {
            let _infallible = write!(self.text, " {word}");
        }
        let all = Utf32Str::new(&self.text, &mut self.chars);
        self.words.score(all, &mut self.matcher)
    }

    fn offer(&mut self, rank: Rank) {
        self.best.push(Reverse(rank));
        if self.best.len() > MOST {
            self.best.pop();
        }
    }

    /// Offers candidates of a kind: name, words beside it, how recently it was used.
    fn all<'a>(
        &mut self,
        kind: Kind,
        candidates: impl Iterator<Item = (&'a str, [&'a str; 2])>,
        recency: impl Fn(usize) -> usize,
    ) {
        for (place, (name, beside)) in candidates.enumerate() {
            let beside = if beside.iter().all(|word| word.is_empty()) {
                &beside[..0]
            } else {
                &beside[..]
            };
            if let Some(score) = self.score(name, beside) {
                self.offer(Rank {
                    score,
                    recency: recency(place),
                    kind: Reverse(kind),
                    // Of names that fit as well the shortest is meant; nothing fits them all.
                    length: Reverse(if score == 0 { 0 } else { name.len() }),
                    place: Reverse(place),
                });
            }
        }
    }
}

/// The best matches of what is typed.
fn search(state: &State, typed: &str) -> Vec<Command> {
    let mut search = Search::new(typed);
    let recent = &state.recent;
    let hints = if typed.is_empty() {
        action::hints(state.screen.focus)
    } else {
        &[]
    };
    search.all(
        Kind::Action,
        ACTIONS.iter().map(|row| (row.hint, [row.name, row.about])),
        |at| {
            let action = ACTIONS[at].action;
            let used = recent.rank(|used| *used == Command::Action(action));
            // Before anything is typed, what is useful in the focused pane comes first.
            let useful = hints.iter().position(|hint| *hint == action);
            let useful = useful.map_or(0, |place| hints.len() - place);
            if used > 0 { used + hints.len() } else { useful }
        },
    );
    let operations: Vec<_> = operations(state).collect();
    let named = operations.iter();
    search.all(
        Kind::Operation,
        named.map(|recipe| (recipe.name, [recipe.about, ""])),
        |at| {
            recent.rank(|used| matches!(used, Command::Operation(used) if *used == operations[at]))
        },
    );
    let contexts = state.contexts.iter();
    search.all(
        Kind::Context,
        contexts.map(|context| (context.name.as_str(), ["context", ""])),
        |at| recent.rank(|used| matches!(used, Command::Context(id) if usize::from(id.0) == at)),
    );
    let rows = &state.panes.apps.rows;
    // A single word is looked for in the app's own name: that of its context would bring them all.
    let has_words = typed.split_whitespace().nth(1).is_some();
    let apps = rows.iter().map(|row| {
        let context = state.contexts.get(row.app.context);
        let context = context.filter(|_| has_words);
        let context = context.map_or("", |context| context.name.as_str());
        (row.name.as_str(), [context, ""])
    });
    search.all(Kind::App, apps, |at| {
        recent.rank(|used| matches!(used, Command::App(app) if *app == rows[at].app))
    });
    let best = search.best.into_sorted_vec();
    best.into_iter()
        .filter_map(|Reverse(rank)| command(state, &operations, rank))
        .collect()
}

fn command(state: &State, operations: &[&'static Recipe], rank: Rank) -> Option<Command> {
    let Reverse(place) = rank.place;
    match rank.kind {
        Reverse(Kind::Action) => Some(Command::Action(ACTIONS.get(place)?.action)),
        Reverse(Kind::Operation) => operations.get(place).copied().map(Command::Operation),
        Reverse(Kind::Context) => Some(Command::Context(state.contexts.iter().nth(place)?.id)),
        Reverse(Kind::App) => {
            let row = state.panes.apps.rows.get(place)?;
            Some(Command::App(row.app.clone()))
        }
    }
}

/// The operations that have no key of their own: those with one stand among the actions.
/// Those that only one platform has are there while it is looked at.
fn operations(state: &State) -> impl Iterator<Item = &'static Recipe> {
    let has_key = |recipe: &Recipe| {
        let mut rows = ACTIONS.iter();
        rows.any(|row| row.action.starts() == Some(recipe.name))
    };
    let context = state.selected_context();
    let specials = context.map_or(&[][..], |context| context.profile.specials);
    recipes_for(specials).filter(move |it| !has_key(it))
}
