//! Which key means what: a preset, and what the user has made different.
//!
//! A keymap is always sound: in each scope a key means one thing, nothing that changes something
//! is begun by a key that may be pressed by accident (`rules`), and there is a key to leave by.
//! What would break that is refused with its reason, and stays as it was.

mod presets;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use self::presets::{DIFFERENCES, Difference, Preset};
pub use self::rules::{Refusal, Refused};

use super::action::{ACTIONS, Action, Scope};
use super::keys::KeyPress;
use super::screen::Pane;

/// Which key means what.
#[derive(Clone, Debug)]
pub struct Keymap {
    /// What is looked up when a key is pressed.
    meanings: HashMap<(Scope, KeyPress), Action>,
    /// The keys of each action, in the order of the table.
    keys: Vec<Vec<KeyPress>>,
}

/// Keys that an action is to have; none to have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The action.
    pub action: Action,
    /// All of its keys; help and the hint line show the first one first.
    pub keys: Vec<KeyPress>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::preset(Preset::Default)
    }
}

impl Keymap {
    /// The keymap that is shipped under a name.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let keys = ACTIONS.iter().map(|row| {
            let names = preset.difference(row.action).unwrap_or(row.keys);
            names.iter().filter_map(|name| KeyPress::from_name(name))
        });
        Self::new(keys.map(Iterator::collect).collect())
    }

    fn new(keys: Vec<Vec<KeyPress>>) -> Self {
        let bound = ACTIONS.iter().zip(&keys);
        let meanings = bound
            .flat_map(|(row, keys)| keys.iter().map(|key| ((row.scope, *key), row.action)))
            .collect();
        Self { meanings, keys }
    }

    /// What `press` means in `pane`: the pane's own meaning, else the one that holds everywhere.
    #[must_use]
    pub fn resolve(&self, pane: Pane, press: KeyPress) -> Option<Action> {
        self.meaning(Scope::from(pane), press)
            .or_else(|| self.meaning(Scope::Global, press))
    }

    fn meaning(&self, scope: Scope, press: KeyPress) -> Option<Action> {
        self.meanings.get(&(scope, press)).copied()
    }

    /// The keys of an action, the one to show first; none where it is unbound.
    #[must_use]
    pub fn keys_of(&self, action: Action) -> &[KeyPress] {
        // One list for each row, see `preset` and `with`.
        &self.keys[action as usize]
    }

    /// The key to name in a sentence (`q quits`); where there is none, the action's own name.
    #[must_use]
    pub fn key(&self, action: Action) -> String {
        let first = self.keys_of(action).first();
        first.map_or_else(|| action.row().name.to_owned(), ToString::to_string)
    }

    /// Everything that is bound, in the order of the table.
    pub fn bound(&self) -> impl Iterator<Item = (Scope, KeyPress, Action)> + '_ {
        let rows = ACTIONS.iter().zip(&self.keys);
        rows.flat_map(|(row, keys)| keys.iter().map(|key| (row.scope, *key, row.action)))
    }

    /// Gives actions other keys, all at once, so that keys can change places. What may not be is
    /// returned with its reason, and that action keeps the keys that it had.
    #[must_use]
    pub fn rebind(&mut self, wanted: &[Binding]) -> Vec<Refused> {
        let mut kept: Vec<usize> = (0..wanted.len()).collect();
        let mut refused = Vec::new();
        // A refusal gives keys back, which may collide with what was fine before: look anew. Each
        // round keeps one less, and with none it is the sound keymap that it was.
        loop {
            let draft = self.with(kept.iter().map(|&at| &wanted[at]));
            let Some((position, refusal)) = rules::offence(&draft, wanted, &kept) else {
                *self = draft;
                return refused;
            };
            let index = kept.remove(position);
            refused.push(Refused { index, refusal });
        }
    }

    fn with<'a>(&self, bindings: impl Iterator<Item = &'a Binding>) -> Self {
        let mut keys = self.keys.clone();
        for binding in bindings {
            let own = &mut keys[binding.action as usize];
            own.clear();
            for key in &binding.keys {
                if !own.contains(key) {
                    own.push(*key);
                }
            }
        }
        Self::new(keys)
    }
}
