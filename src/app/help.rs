//! The help overlay: every key, searchable.

use tui_input::Input;

use super::action::{ACTIONS, Action, Row, Scope};
use super::keymap::Keymap;
use super::screen::Pane;

/// What the overlay shows.
#[derive(Clone, Debug, Default)]
pub struct HelpState {
    /// What is searched for.
    pub search: Input,
    /// The selected row among the fitting ones.
    pub selected: usize,
    /// The first row in sight.
    pub offset: usize,
    /// The fitting rows: the focused pane's first, then those that hold everywhere.
    pub rows: Vec<Action>,
}

impl HelpState {
    /// The overlay for a pane.
    #[must_use]
    pub fn new(pane: Pane, keymap: &Keymap) -> Self {
        let mut help = Self::default();
        help.search_in(pane, keymap);
        help
    }

    /// Searches anew, also by the names that keys and actions have in a configuration.
    pub fn search_in(&mut self, pane: Pane, keymap: &Keymap) {
        let own = Scope::from(pane);
        let words: Vec<_> = self
            .search
            .value()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let fits = |row: &&Row| {
            let mut text = vec![row.about.into(), row.hint.into(), row.name.into()];
            for key in keymap.keys_of(row.action) {
                text.extend([key.name(), key.to_string()]);
            }
            let text = text.join(" ").to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let of = |scope| ACTIONS.iter().filter(move |row| row.scope == scope);
        self.rows = of(own)
            .chain(of(Scope::Global))
            .filter(fits)
            .map(|row| row.action)
            .collect();
        (self.selected, self.offset) = (0, 0);
    }

    /// Moves the selection; `rows` are in sight.
    pub fn step(&mut self, delta: isize, rows: usize) {
        self.selected = self
            .selected
            .saturating_add_signed(delta)
            .min(self.rows.len().saturating_sub(1));
        let lowest = (self.selected + 1).saturating_sub(rows.max(1));
        self.offset = self.offset.clamp(lowest, self.selected);
    }
}

/// The keys of an action, for display: `D`, `j ↓`; empty where it has none.
#[must_use]
pub fn keys_of(keymap: &Keymap, action: Action) -> String {
    let keys = keymap.keys_of(action).iter();
    keys.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
