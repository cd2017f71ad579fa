//! A text field whose content must not be seen.

use std::fmt;

use tui_input::{Input, InputRequest};

use crate::model::Secret;

/// A field for a value. Its `Debug` says nothing of it.
#[derive(Clone, Default)]
pub struct Field {
    input: Input,
    /// Whether what is in it is shown.
    pub is_shown: bool,
    /// Whether anything was typed.
    pub is_touched: bool,
}

impl Field {
    /// A field that shows this value.
    #[must_use]
    pub fn showing(value: &Secret) -> Self {
        Self {
            input: Input::new(value.expose().to_owned()),
            is_shown: true,
            is_touched: false,
        }
    }

    /// What is in it.
    #[must_use]
    pub fn value(&self) -> Secret {
        Secret::new(self.input.value())
    }

    /// How many characters stand before the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    pub(in crate::app) fn handle(&mut self, request: InputRequest) {
        self.is_touched |= self.input.handle(request).is_some_and(|did| did.value);
    }

    /// Pasted as it is, lines included: keys and certificates have some.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let (cursor, before) = (self.input.cursor(), self.input.value());
        let head = before.chars().take(cursor);
        let whole: String = head
            .chain(text.chars())
            .chain(before.chars().skip(cursor))
            .collect();
        // In one go: a character at a time, a long one would take seconds.
        self.input = Input::new(whole).with_cursor(cursor + text.chars().count());
        self.is_touched = true;
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").finish_non_exhaustive()
    }
}
