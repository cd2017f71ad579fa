//! What no keymap may do, whoever made it: the shipped ones are tested with it, a user's own is
//! refused.

use std::fmt;

use super::{Binding, Keymap};
use crate::app::action::{ACTIONS, Action, Scope};
use crate::app::keys::{Key, KeyPress};

/// Motions of vim and less, and what answers a question: fingers press them without being asked.
const MOTIONS: &str = "hjklgGnN/?:vy{}()[]^$%*#+-_,;|";

/// A binding that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which of those that were wanted.
    pub index: usize,
    /// Why.
    pub refusal: Refusal,
}

/// Why an action cannot have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The key means something else in the same scope.
    Taken {
        /// The key.
        press: KeyPress,
        /// What it means.
        by: Action,
    },
    /// The action changes something, and such a key never does.
    Careless {
        /// The key.
        press: KeyPress,
        /// Which rule it is.
        rule: &'static str,
    },
    /// The key begins a change everywhere else, and keys of the log never do.
    Changes {
        /// The key.
        press: KeyPress,
        /// What it begins.
        begins: Action,
    },
    /// Nothing would be left to quit with.
    NoWayOut,
}

impl Refusal {
    /// The key it is about, if it is about one.
    #[must_use]
    pub fn press(self) -> Option<KeyPress> {
        match self {
            Self::Taken { press, .. }
            | Self::Careless { press, .. }
            | Self::Changes { press, .. } => Some(press),
            Self::NoWayOut => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { press, by } => {
                let (key, row) = (press.name(), by.row());
                let (place, name) = (row.scope.title(), row.name);
                write!(
                    f,
                    "\"{key}\" is the key of \"{name}\" ({place}); give that one another, or []"
                )
            }
            Self::Careless { press, rule } => {
                write!(
                    f,
                    "\"{}\" may not change anything: {rule}; take a capital",
                    press.name()
                )
            }
            Self::Changes { press, begins } => write!(
                f,
                "\"{}\" begins \"{}\", and no key of the log begins a change",
                press.name(),
                begins.row().name
            ),
            Self::NoWayOut => {
                f.write_str("without \"quit\" and \"cancel\" there is no key to leave by")
            }
        }
    }
}

/// The last of `kept` that may not be, by its position there, and why.
pub(super) fn offence(
    draft: &Keymap,
    wanted: &[Binding],
    kept: &[usize],
) -> Option<(usize, Refusal)> {
    let positions = (0..kept.len()).rev();
    let mut refusals =
        positions.filter_map(|at| Some((at, refusal(draft, wanted.get(*kept.get(at)?)?.action)?)));
    refusals.next()
}

/// Why `action` may not have the keys it has in `draft`.
fn refusal(draft: &Keymap, action: Action) -> Option<Refusal> {
    let is_exit = matches!(action, Action::Quit | Action::Interrupt);
    let stays = |exit| draft.keys_of(exit).is_empty();
    if is_exit && stays(Action::Quit) && stays(Action::Interrupt) {
        return Some(Refusal::NoWayOut);
    }
    let keys = draft.keys_of(action).iter();
    keys.copied()
        .find_map(|press| refusal_of(draft, action, press))
}

fn refusal_of(draft: &Keymap, action: Action, press: KeyPress) -> Option<Refusal> {
    let row = action.row();
    if row.mutates
        && let Some(rule) = careless(draft, row.scope, press)
    {
        return Some(Refusal::Careless { press, rule });
    }
    let has = |other: &Action| *other != action && draft.keys_of(*other).contains(&press);
    let mut others = ACTIONS.iter().map(|row| row.action).filter(has);
    others.find_map(|other| {
        let other_row = other.row();
        if other_row.scope == row.scope {
            return Some(Refusal::Taken { press, by: other });
        }
        let is_elsewhere_too = other_row.scope == Scope::Global;
        let changes = row.scope == Scope::Logs && other_row.mutates && is_elsewhere_too;
        changes.then_some(Refusal::Changes {
            press,
            begins: other,
        })
    })
}

/// The rule by which a key may not begin a change in `draft`, if there is one.
pub(super) fn careless(draft: &Keymap, scope: Scope, press: KeyPress) -> Option<&'static str> {
    if press.ctrl {
        return Some("Ctrl chords never do");
    }
    if press.alt {
        return Some("Alt chords never do, they may be Esc and another key");
    }
    careless_key(press.key).or_else(|| {
        // A key of one other pane is never pressed in the log.
        let is_for_log = scope == Scope::Global
            && (draft.meaning(Scope::Logs, press).is_some() || is_log_key(press));
        is_for_log.then_some("keys of the log never do")
    })
}

fn careless_key(key: Key) -> Option<&'static str> {
    match key {
        Key::Char(c) => careless_character(c),
        Key::Up
        | Key::Down
        | Key::Left
        | Key::Right
        | Key::Home
        | Key::End
        | Key::PageUp
        | Key::PageDown => Some("keys that move never do"),
        Key::Enter | Key::Esc | Key::Tab | Key::BackTab | Key::Backspace => {
            Some("keys that are pressed without a look never do")
        }
        Key::Delete | Key::Insert | Key::Function(_) => None,
    }
}

fn careless_character(c: char) -> Option<&'static str> {
    if MOTIONS.contains(c) {
        Some("motions never do")
    } else if c.is_numeric() {
        Some("digits never do")
    // `u` undoes, and opens a dialog first.
    } else if c.is_alphabetic() && !c.is_uppercase() && c != 'u' {
        Some("small letters never do")
    } else if c == ' ' {
        Some("keys that are pressed without a look never do")
    } else {
        None
    }
}

/// Whether it is a key of the log before anybody changed anything: fingers remember.
fn is_log_key(press: KeyPress) -> bool {
    let rows = ACTIONS.iter().filter(|row| row.scope == Scope::Logs);
    rows.flat_map(|row| row.keys)
        .any(|name| KeyPress::from_name(name) == Some(press))
}
