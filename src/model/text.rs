//! Foreign text, cleaned. [`Text::clean`] is its only way in.

use std::fmt;

use compact_str::CompactString;

use super::line::{Cleaner, is_plain};

/// The longest text kept, in bytes: enough for any message worth reading in a cell or a dialog.
const MAX_BYTES: usize = 4 * 1024;

/// One line of text that is safe to draw: no control characters, no escape sequences, no
/// bidirectional overrides. Line breaks and tabs have become single spaces; at most 4 KiB.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(CompactString);

impl Text {
    /// Cleans `raw`, whatever it is.
    #[must_use]
    pub fn clean(raw: &str) -> Self {
        if raw.len() <= MAX_BYTES && is_plain(raw) {
            return Self(CompactString::new(raw.trim()));
        }
        let mut cleaned = Cleaner::default().plain(raw);
        if cleaned.len() > MAX_BYTES {
            cleaned.truncate(cleaned.floor_char_boundary(MAX_BYTES));
            cleaned.push('…');
        }
        Self(CompactString::new(cleaned.trim()))
    }

    /// Like [`Text::clean`], and absent when nothing is left.
    #[must_use]
    pub fn non_empty(raw: &str) -> Option<Self> {
        let text = Self::clean(raw);
        (!text.0.is_empty()).then_some(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// True for what must not reach a terminal as it is: controls, and the characters that reorder or
/// hide the text around them.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::clean(raw)
    }
}

impl From<String> for Text {
    fn from(raw: String) -> Self {
        Self::clean(&raw)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(Text::clean(raw).as_str(), expected, "{raw:?}");
    }

    #[test]
    fn escape_sequences_and_controls_disappear() {
        check("plain", "plain");
        check("a\x1b[31mred\x1b[0m", "ared");
        check("q\x1b[6nq", "qq");
        check("t\x1b]0;title\x07u", "tu");
        check("t\x1b]52;c;aGk=\x1b\\u", "tu");
        check("line one\nline two\tend", "line one line two end");
        check("\u{202e}evil", "evil");
        check("c1\u{9b}31m", "c131m");
    }

    #[test]
    fn a_text_is_no_pile_of_accents() {
        let pile = Text::clean(&format!("a{}", "\u{301}".repeat(1000)));
        assert!(pile.as_str().chars().count() < 10);
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let text = Text::clean(&"é".repeat(10_000));
        assert!(text.as_str().len() <= MAX_BYTES + '…'.len_utf8());
        assert!(text.as_str().ends_with('…'));
    }

    proptest! {
        #[test]
        fn no_text_carries_a_control_character(raw in any::<String>()) {
            prop_assert!(!Text::clean(&raw).as_str().chars().any(is_unsafe));
        }

        #[test]
        fn cleaning_twice_changes_nothing(raw in any::<String>()) {
            let once = Text::clean(&raw);
            prop_assert_eq!(Text::clean(once.as_str()), once);
        }
    }
}
