//! What flightdeck saw happen: status changes and the ends of its own operations.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::{AppId, Class, Scoped, Status, Text};

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

/// The app that something happened to, and what in few words.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which.
    pub app: Scoped<AppId>,
    /// Its name.
    pub name: Text,
    /// How much it matters.
    pub class: Option<Class>,
    /// What happened, without the name.
    pub what: Text,
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
    /// The same in parts, where it happened to one app.
    pub subject: Option<Subject>,
}

/// The newest two hundred, newest first.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    events: VecDeque<Event>,
    count: u64,
}

impl Journal {
    /// Notes something.
    pub fn note(&mut self, event: Event) {
        self.count += 1;
        self.events.truncate(KEPT - 1);
        self.events.push_front(event);
    }

    /// Newest first, each with a number that it keeps.
    pub fn numbered(&self) -> impl Iterator<Item = (u64, &Event)> {
        let numbers = (0..self.count).rev();
        numbers.zip(&self.events)
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}
