//! Events: everything that is done leaves one, and a running one may lock its target. Source: tsuru
//! contract, sections 5 and 6.
//!
//! An action is an event that is *planned as a whole* when its request comes (see
//! [`action`](super::action)): when it starts, which output it writes and when, what it changes and
//! when, how and when it ends. What time does to it is computed: a piece of output is written once
//! its moment has come, and the event runs until its end. Nobody needs to listen; a stream only
//! plays what is planned. Only [`Event::cancel`] changes the plan.

use std::borrow::Cow;

use serde_json::Value;

use super::history;
use crate::sim::clock::Moment;

/// Something that is done to something.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    /// 24 hexadecimal digits.
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) target: Target,
    pub(super) owner: Owner,
    pub(super) start: Moment,
    /// When it ends if nobody cancels it; [`Moment::NEVER`] for what others do until told.
    pub(super) end: Moment,
    pub(super) script: Script,
    /// What it ends with; the stream's `Error`, and the event's.
    pub(super) error: Option<String>,
    /// It can be cancelled before this moment; equal to `start` if never.
    pub(super) cancelable_until: Moment,
    pub(super) cancel: Option<Cancel>,
    /// Whether nothing else can happen to its target while it runs.
    pub(super) locks: bool,
    /// What a deploy is about.
    pub(super) deploy: Option<Deploy>,
    /// Custom data of its start: what the request said, or a whole app.
    pub(super) custom: Value,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What a permission of this name allows.
    Permission(&'static str),
    /// What the platform does by itself.
    Internal(&'static str),
}

/// To what it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: &'static str,
    pub(super) value: String,
}

/// Who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    /// `user`, `app`, `internal` or `token`.
    pub(super) kind: &'static str,
    pub(super) name: String,
}

/// What is written, and when.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Script {
    Written(Vec<Piece>),
    /// A deploy of long ago: what it wrote is made when somebody reads it.
    Past,
}

/// A fragment of output: several lines, a part of one, or one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) at: Moment,
    pub(super) text: String,
}

/// A wish that it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cancel {
    pub(super) by: String,
    pub(super) asked: Moment,
    /// When the server takes note of it, at most a second later.
    pub(super) acknowledged: Moment,
    pub(super) reason: String,
}

/// What a deploy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deploy {
    /// The version it makes.
    pub(super) version: u32,
    /// The image it makes or uses, once it has.
    pub(super) image: String,
    pub(super) origin: &'static str,
    pub(super) message: String,
    pub(super) commit: String,
}

/// An identifier as the data base makes them, from a moment and something else.
pub(super) fn object_id(at: Moment, low: u64) -> String {
    format!("{:08x}{low:016x}", at.second())
}

/// Whether a text can be an identifier at all.
pub(super) fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.chars().all(|digit| digit.is_ascii_hexdigit())
}

impl Target {
    /// An app as a target.
    pub(super) fn app(name: &str) -> Target {
        Target {
            kind: "app",
            value: name.to_owned(),
        }
    }
}

impl Owner {
    /// A person.
    pub(super) fn user(name: &str) -> Owner {
        Owner {
            kind: "user",
            name: name.to_owned(),
        }
    }

    /// A token of a team.
    pub(super) fn token(name: &str) -> Owner {
        Owner {
            kind: "token",
            name: name.to_owned(),
        }
    }

    /// The platform itself.
    pub(super) fn internal() -> Owner {
        Owner {
            kind: "internal",
            name: String::new(),
        }
    }
}

impl Kind {
    /// Its name, such as `app.deploy`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Permission(name) | Kind::Internal(name) => name,
        }
    }

    /// `permission` or `internal`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Permission(_) => "permission",
            Kind::Internal(_) => "internal",
        }
    }
}

impl Event {
    /// Whether it has begun and has not ended.
    pub(super) fn is_running(&self, now: Moment) -> bool {
        self.start <= now && now < self.end
    }

    /// Whether it can be cancelled now.
    pub(super) fn is_cancelable(&self, now: Moment) -> bool {
        self.is_running(now) && now < self.cancelable_until
    }

    /// What it failed with, once it has ended.
    pub(super) fn failure(&self, now: Moment) -> Option<&str> {
        self.error.as_deref().filter(|_| now >= self.end)
    }

    /// All that it writes, what lies ahead included: take what has its moment behind it.
    pub(super) fn pieces(&self) -> Cow<'_, [Piece]> {
        match &self.script {
            Script::Written(pieces) => Cow::Borrowed(pieces),
            Script::Past => Cow::Owned(history::script(self)),
        }
    }

    /// Lets it end early: nothing that lies behind the acknowledgement is written.
    pub(super) fn cancel(&mut self, cancel: Cancel) {
        let at = cancel.acknowledged;
        if let Script::Written(pieces) = &mut self.script {
            pieces.retain(|piece| piece.at <= at);
        }
        self.end = at;
        self.error = Some("canceled by user request".to_owned());
        self.cancel = Some(cancel);
    }
}
