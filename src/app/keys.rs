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

/// Names of keys that are not characters, as they are written in a configuration.
pub const NAMES: [(&str, Key); 16] = [
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

/// What help calls them, where that is shorter.
const SHORT: [(&str, &str); 2] = [("pgup", "pageup"), ("pgdn", "pagedown")];

/// Chords that terminals send as another key: one byte stands for both.
const SENT_AS: [(char, KeyPress); 10] = [
    ('i', KeyPress::plain(Key::Tab)),
    ('m', KeyPress::plain(Key::Enter)),
    ('[', KeyPress::plain(Key::Esc)),
    ('@', KeyPress::ctrl(' ')),
    ('2', KeyPress::ctrl(' ')),
    ('\\', KeyPress::ctrl('4')),
    (']', KeyPress::ctrl('5')),
    ('^', KeyPress::ctrl('6')),
    ('_', KeyPress::ctrl('7')),
    ('/', KeyPress::ctrl('7')),
];

/// Chords that terminals send as a digit with Ctrl, by the sign that one presses.
const SIGNS: [(char, char); 4] = [('4', '\\'), ('5', ']'), ('6', '^'), ('7', '_')];

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

    const fn ctrl(c: char) -> Self {
        Self {
            key: Key::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// Reads a name such as `ctrl-d`, `shift-tab`, `f1`, `G`; only single characters tell upper
    /// and lower case apart. A chord that terminals send as another key becomes that key.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut chars = name.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            return (!c.is_control()).then(|| Self::plain(Key::Char(c)));
        }
        if let Some(rest) = without_prefix(name, "ctrl-") {
            let press = Self::from_name(rest).filter(|press| !press.ctrl)?;
            return Some(press.with_ctrl());
        }
        if let Some(rest) = without_prefix(name, "alt-") {
            let press = Self::from_name(rest).filter(|press| !press.alt)?;
            return Some(Self { alt: true, ..press });
        }
        Key::from_word(&name.to_lowercase()).map(Self::plain)
    }

    /// The same with Ctrl, as terminals send it.
    fn with_ctrl(self) -> Self {
        let Key::Char(c) = self.key else {
            return Self { ctrl: true, ..self };
        };
        // With Ctrl, upper and lower case are one.
        let c = c.to_ascii_lowercase();
        let sent = SENT_AS.iter().find(|(written, _)| *written == c);
        let sent = sent.map_or(Self::ctrl(c), |(_, sent)| *sent);
        Self {
            alt: self.alt,
            ..sent
        }
    }

    /// The character to show: the sign rather than the digit that is sent for it.
    fn shown(self, c: char) -> char {
        let sign = SIGNS.iter().find(|(digit, _)| self.ctrl && *digit == c);
        sign.map_or(c, |(_, sign)| *sign)
    }

    /// Its name in a configuration: what [`KeyPress::from_name`] reads.
    #[must_use]
    pub fn name(self) -> String {
        let ctrl = if self.ctrl { "ctrl-" } else { "" };
        let alt = if self.alt { "alt-" } else { "" };
        let named = NAMES.iter().find(|(_, key)| *key == self.key);
        let key = match (named, self.key) {
            (Some((name, _)), _) => (*name).to_owned(),
            (None, Key::Function(number)) => format!("f{number}"),
            (None, Key::Char(c)) => self.shown(c).to_string(),
            (None, key) => Self::plain(key).to_string(),
        };
        format!("{ctrl}{alt}{key}")
    }
}

impl Key {
    fn from_word(word: &str) -> Option<Self> {
        let long = SHORT.iter().find(|(short, _)| *short == word);
        let word = long.map_or(word, |(_, long)| *long);
        if let Some(&(_, key)) = NAMES.iter().find(|(known, _)| *known == word) {
            return Some(key);
        }
        let number = (1..=12).find(|number| format!("f{number}") == word);
        number.map(Self::Function)
    }
}

fn without_prefix<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
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
            Key::Char(c) => write!(f, "{}", self.shown(c)),
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
    use proptest::prelude::*;

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

    #[test]
    fn what_terminals_cannot_tell_apart_is_one_key() {
        for (name, expected) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-[", "esc"),
            ("ctrl-D", "ctrl-d"),
            ("ctrl-/", "ctrl-_"),
            ("ctrl-7", "ctrl-_"),
            ("ctrl-5", "ctrl-]"),
            ("Alt-Ctrl-I", "alt-tab"),
            ("PgDn", "pagedown"),
            ("F12", "f12"),
            (" ", "space"),
        ] {
            let press = KeyPress::from_name(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(press.name(), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_key_has_no_name() {
        for name in [
            "",
            "f0",
            "f+1",
            "f99",
            "ctrl-",
            "ctrl-ctrl-x",
            "alt-alt-x",
            "shift-a",
            "\t",
            "\u{1b}",
            "jj",
        ] {
            assert_eq!(KeyPress::from_name(name), None, "{name:?}");
        }
    }

    /// Keys as the shell hands them over: letters with Ctrl are small, and what has a byte of its
    /// own among the control characters is not a chord.
    fn delivered() -> impl Strategy<Value = KeyPress> {
        let named = NAMES.map(|(_, key)| key).to_vec();
        let key = prop_oneof![
            prop::sample::select(named),
            (1u8..=12).prop_map(Key::Function),
            prop::sample::select((' '..='~').collect::<Vec<_>>()).prop_map(Key::Char),
            any::<char>()
                .prop_filter("a character", |c| !c.is_control())
                .prop_map(Key::Char),
        ];
        let press = (key, any::<bool>(), any::<bool>());
        press.prop_map(|(key, ctrl, alt)| {
            let press = KeyPress {
                key,
                ctrl: false,
                alt,
            };
            if ctrl { press.with_ctrl() } else { press }
        })
    }

    proptest! {
        #[test]
        fn every_key_has_a_name_that_is_read_back(press in delivered()) {
            prop_assert_eq!(KeyPress::from_name(&press.name()), Some(press), "{}", press.name());
        }
    }
}
