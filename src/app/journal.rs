//! What flightdeck saw happen: status changes and the ends of its own operations.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::{Status, Text};

/// How many entries are kept.
const KEPT: usize = 200;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Seen by reading.
    Observed,
    /// Done from here.
    You,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When it was seen.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// How things stand since; gives the glyph.
    pub status: Status,
    /// What happened, in a few words.
    pub text: Text,
}

/// The newest two hundred, newest first.
#[derive(Clone, Debug, Default)]
pub struct Journal(VecDeque<Event>);

impl Journal {
    /// Notes something.
    pub fn note(&mut self, event: Event) {
        self.0.truncate(KEPT - 1);
        self.0.push_front(event);
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.0.iter()
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
