//! Keys as the core knows them, and their names ("ctrl-d", "enter", "D").

use std::fmt;

/// A key without its modifiers. Shift is part of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those on the keyboard")]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Backspace,
    Delete,
    Insert,
    Function(u8),
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPress {
    /// The key.
    pub key: Key,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

/// Names of keys that are not characters, in the order they are tried.
const NAMES: [(&str, Key); 16] = [
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("shift-tab", Key::BackTab),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pageup", Key::PageUp),
    ("pagedown", Key::PageDown),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("space", Key::Char(' ')),
];

impl KeyPress {
    /// A key without Ctrl and Alt.
    #[must_use]
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
        }
    }

    /// Reads a name such as `ctrl-d`, `shift-tab`, `f1`, `G`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return Some(Self::plain(Key::Char(c)));
        }
        if let Some(rest) = name.strip_prefix("ctrl-") {
            return Self::from_name(rest).map(|press| Self {
                ctrl: true,
                ..press
            });
        }
        if let Some(rest) = name.strip_prefix("alt-") {
            return Self::from_name(rest).map(|press| Self { alt: true, ..press });
        }
        if let Some(&(_, key)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(Self::plain(key));
        }
        let number = name
            .strip_prefix('f')?
            .parse()
            .ok()
            .filter(|n| (1..=12).contains(n))?;
        Some(Self::plain(Key::Function(number)))
    }
}

impl fmt::Display for KeyPress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.key {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) => write!(f, "{c}"),
            Key::Function(n) => write!(f, "F{n}"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Up => f.write_str("↑"),
            Key::Down => f.write_str("↓"),
            Key::Left => f.write_str("←"),
            Key::Right => f.write_str("→"),
            other @ (Key::Enter
            | Key::Esc
            | Key::Tab
            | Key::Home
            | Key::End
            | Key::Backspace
            | Key::Delete
            | Key::Insert) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        for (name, expected) in [
            ("D", "D"),
            ("ctrl-d", "Ctrl-d"),
            ("shift-tab", "Shift-Tab"),
            ("space", "Space"),
            ("f1", "F1"),
            ("-", "-"),
            ("ctrl--", "Ctrl--"),
        ] {
            let press = KeyPress::from_name(name);
            assert_eq!(
                press.map(|p| p.to_string()).as_deref(),
                Some(expected),
                "{name}"
            );
        }
        assert_eq!(KeyPress::from_name("f13"), None);
        assert_eq!(KeyPress::from_name("hyper-x"), None);
    }
}
