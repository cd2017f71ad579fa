//! Operations of earlier runs of flightdeck, as whoever kept them tells.

use jiff::Timestamp;

use crate::model::{AppId, Class, Follow, Text};

/// How an operation of an earlier run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastEnd {
    /// As wished.
    Done,
    /// With some parts missing.
    Partly,
    /// It failed on the platform.
    Failed,
    /// It did not happen.
    Refused,
    /// The platform took it, and nobody waited for its end.
    Accepted,
    /// Another process is still at it.
    Running,
    /// Nobody knows.
    Unknown,
}

/// An operation of an earlier run. All words are cleaned and without secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct PastOperation {
    /// Its number among those that were kept; unique.
    pub id: Text,
    /// Name of the context, which may be gone since.
    pub context: Text,
    /// The app; absent for what concerned a whole context.
    pub app: Option<AppId>,
    /// `app/environment`, in names.
    pub title: Text,
    /// How much it mattered.
    pub class: Option<Class>,
    /// What was done, as a verb.
    pub verb: Text,
    /// Who asked.
    pub by: Text,
    /// How it was confirmed.
    pub confirmed: Text,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When it ended, as far as somebody wrote that down.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub end: PastEnd,
    /// The same in words; empty where there are none.
    pub words: Text,
    /// What was followed.
    pub follow: Option<Follow>,
}
