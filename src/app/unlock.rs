//! Unlocking a protected context: its name is typed, so that no stray key does it.

use tui_input::Input;

use crate::model::{ContextId, Text};

/// The question that unlocks.
#[derive(Clone, Debug)]
pub struct Unlock {
    /// Which context.
    pub context: ContextId,
    /// What must be typed: the context's name.
    pub name: Text,
    /// What was typed.
    pub typed: Input,
}

impl Unlock {
    /// Whether the name was typed.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.typed.value() == self.name.as_str()
    }
}
