//! The help overlay: every key, searchable, and what the selected platform does not offer.

use tui_input::Input;

use super::action::{ACTIONS, Action, Row, Scope};
use super::contexts::Wish;
use super::keymap::Keymap;
use super::state::State;
use crate::model::Capability;
use crate::model::catalogue::{RECIPES, Recipe};

/// A row of the overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpRow {
    /// An action and its keys.
    Action(Action),
    /// From here on stands what the platform of the selection does not offer.
    Lacking,
    /// From here on stands what only that platform has.
    Own,
    /// An operation: one that it does not offer, or that only it has.
    Operation(&'static Recipe),
}

/// What the overlay shows.
#[derive(Clone, Debug, Default)]
pub struct HelpState {
    /// What is searched for.
    pub search: Input,
    /// The selected row among the fitting ones.
    pub selected: usize,
    /// The first row in sight.
    pub offset: usize,
    /// The fitting rows: the focused pane's first, then those that hold everywhere, then what is
    /// not offered.
    pub rows: Vec<HelpRow>,
}

impl HelpState {
    /// The overlay for the focused pane and the selected context.
    #[must_use]
    pub fn new(state: &State) -> Self {
        let mut help = Self::default();
        help.search_in(state);
        help
    }

    /// Searches anew, also by the names that keys and actions have in a configuration.
    pub fn search_in(&mut self, state: &State) {
        let own = Scope::from(state.screen.focus);
        let words = self.search.value().to_lowercase();
        let fits = |text: &str| {
            let text = text.to_lowercase();
            words.split_whitespace().all(|word| text.contains(word))
        };
        let lacks = |needs: Capability| {
            let context = state.selected_context();
            context.is_some_and(|context| context.lacks(needs))
        };
        let of = |scope| ACTIONS.iter().filter(move |row| row.scope == scope);
        let keys = |row: &&Row| {
            let mut text = vec![row.about.into(), row.hint.into(), row.name.into()];
            for key in state.screen.keymap.keys_of(row.action) {
                text.extend([key.name(), key.to_string()]);
            }
            fits(&text.join(" "))
        };
        let (lacking, offered): (Vec<_>, Vec<_>) = of(own)
            .chain(of(Scope::Global))
            .filter(keys)
            .partition(|row| row.needs.is_some_and(lacks));
        let named = |recipe: &&'static Recipe| fits(&format!("{} {}", recipe.name, recipe.about));
        let operations = RECIPES
            .iter()
            .filter(|recipe| lacks(recipe.capability))
            .filter(named)
            .map(HelpRow::Operation);
        let action = |row: &Row| HelpRow::Action(row.action);
        let not_here: Vec<_> = lacking.into_iter().map(action).chain(operations).collect();
        self.rows = offered.into_iter().map(action).collect();
        let own: Vec<_> = own_operations(state).filter(named).collect();
        if !own.is_empty() {
            self.rows.push(HelpRow::Own);
            self.rows.extend(own.into_iter().map(HelpRow::Operation));
        }
        if !not_here.is_empty() {
            self.rows.push(HelpRow::Lacking);
            self.rows.extend(not_here);
        }
        (self.selected, self.offset) = (0, 0);
        self.step(0, usize::MAX);
    }

    /// Moves the selection; `rows` are in sight. A heading is no row to stop at.
    pub fn step(&mut self, delta: isize, rows: usize) {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
        if matches!(
            self.rows.get(self.selected),
            Some(HelpRow::Lacking | HelpRow::Own)
        ) {
            let is_way_up = delta < 0 && self.selected > 0;
            self.selected = if is_way_up {
                self.selected - 1
            } else {
                self.selected + 1
            };
        }
        let lowest = (self.selected + 1).saturating_sub(rows.max(1));
        self.offset = self.offset.clamp(lowest, self.selected);
    }
}

/// What only the platform of the selection has, as far as it is offered.
fn own_operations(state: &State) -> impl Iterator<Item = &'static Recipe> {
    let context = state.selected_context().into_iter();
    context.flat_map(|context| {
        let own = context.profile.specials.iter();
        let own = own.map(|special| &special.recipe);
        own.filter(|recipe| context.refusal(Wish::from(*recipe)).is_none())
    })
}

/// The keys of an action, for display: `D`, `j ↓`; empty where it has none.
#[must_use]
pub fn keys_of(keymap: &Keymap, action: Action) -> String {
    let keys = keymap.keys_of(action).iter();
    keys.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
