//! Which key means what, as it is configured.

use std::collections::HashMap;

use super::action::{ACTIONS, Action, Scope};
use super::keys::KeyPress;
use super::screen::Pane;

/// Which key means what.
#[derive(Clone, Debug)]
pub struct Keymap {
    keys: HashMap<(Scope, KeyPress), Action>,
}

impl Default for Keymap {
    fn default() -> Self {
        let keys = ACTIONS
            .iter()
            .flat_map(|row| {
                row.keys
                    .iter()
                    .filter_map(|name| KeyPress::from_name(name))
                    .map(|press| ((row.scope, press), row.action))
            })
            .collect();
        Self { keys }
    }
}

impl Keymap {
    /// What `press` means in `pane`: the pane's own meaning, else the one that holds everywhere.
    #[must_use]
    pub fn resolve(&self, pane: Pane, press: KeyPress) -> Option<Action> {
        self.keys
            .get(&(Scope::from(pane), press))
            .or_else(|| self.keys.get(&(Scope::Global, press)))
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_terminals_and_shells_use_stay_unbound() {
        for name in ["ctrl-h", "ctrl-j", "ctrl-k", "ctrl-a", "ctrl-s", "ctrl-q"] {
            let press = KeyPress::from_name(name).unwrap();
            for pane in Pane::ALL {
                assert_eq!(Keymap::default().resolve(pane, press), None, "{name}");
            }
        }
    }

    #[test]
    fn motions_keep_their_meaning() {
        let keymap = Keymap::default();
        for (name, action) in [
            ("j", Action::Down),
            ("k", Action::Up),
            ("g", Action::Top),
            ("G", Action::Bottom),
            ("ctrl-d", Action::HalfDown),
            ("ctrl-u", Action::HalfUp),
            ("ctrl-f", Action::PageDown),
            ("ctrl-b", Action::PageUp),
        ] {
            let press = KeyPress::from_name(name).unwrap();
            for pane in Pane::ALL {
                assert_eq!(
                    keymap.resolve(pane, press),
                    Some(action),
                    "{name} in {pane:?}"
                );
            }
        }
    }
}
