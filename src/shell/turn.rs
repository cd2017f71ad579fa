//! How much is applied before the screen gets its turn.
//!
//! A flood of lines must not keep a key from being seen: a turn takes so many messages, so many lines
//! and so much time. When something was typed and nothing more is, it is over, whatever else waits.

use std::time::Duration;

use tokio::time::Instant;

use super::run::is_input;
use crate::app::Message;

/// After this many messages the screen gets a chance.
const MESSAGES: usize = 64;
/// After this many lines of logs, too.
const LINES: usize = 4_000;
/// And after this long: a quarter of a frame.
const LENGTH: Duration = Duration::from_millis(4);

/// What is left of a turn.
#[derive(Debug)]
pub(super) struct Turn {
    messages: usize,
    lines: usize,
    until: Instant,
    is_typed: bool,
}

impl Turn {
    pub(super) fn begin() -> Self {
        Self {
            messages: MESSAGES,
            lines: LINES,
            until: Instant::now() + LENGTH,
            is_typed: false,
        }
    }

    /// A message is applied.
    pub(super) fn note(&mut self, message: &Message) {
        self.messages = self.messages.saturating_sub(1);
        if let Message::Logs(batch) = message {
            self.lines = self.lines.saturating_sub(batch.lines.len());
        }
        self.is_typed |= is_input(message);
    }

    /// Something came from who sits before the screen.
    pub(super) fn note_input(&mut self) {
        self.is_typed = true;
    }

    /// Whether more input is applied: all that waits is seen in one frame.
    pub(super) fn takes_input(&self) -> bool {
        self.messages > 0
    }

    /// Whether more of what the engine reports is applied.
    pub(super) fn takes_reports(&self) -> bool {
        !self.is_typed && self.lines > 0 && Instant::now() < self.until
    }
}
