//! One line of the file, as it is written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Grows when an older flightdeck would misread a line.
pub(super) const VERSION: u32 = 1;

/// What stands in place of a secret.
pub(super) const HIDDEN: &str = "***";

/// A line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    /// [`VERSION`].
    pub(super) v: u32,
    /// Counts lines, from 1, across files.
    pub(super) seq: u64,
    /// The hash of the line before.
    pub(super) prev: String,
    #[serde(flatten)]
    pub(super) by: By,
    #[serde(flatten)]
    pub(super) event: Event,
}

/// Who wrote a line, and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct By {
    pub(super) at: Timestamp,
    pub(super) run: String,
    pub(super) pid: u32,
    pub(super) user: String,
    pub(super) host: String,
}

/// What happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Event {
    /// Something is about to be sent.
    Intent(Box<IntentLine>),
    /// The platform took it.
    Accepted(AcceptedLine),
    /// It is over for the run that asked for it.
    End(EndLine),
    /// A later run found out about it.
    Resolved(EndLine),
    /// What stood after the line before cannot be read.
    Broken(BrokenLine),
    /// Of a newer flightdeck.
    #[serde(other)]
    Other,
}

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct IntentLine {
    pub(super) id: String,
    pub(super) operation: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) inputs: BTreeMap<String, InputLine>,
    pub(super) context: String,
    pub(super) platform: String,
    pub(super) base: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) app: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) environment: Option<String>,
    pub(super) title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<String>,
    pub(super) safety: String,
    pub(super) tier: u8,
    pub(super) confirmed: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) before: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) witness: Option<String>,
}

/// An answer to a field. What it means is told by the field's kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum InputLine {
    Flag(bool),
    Count(u32),
    Text(String),
    // Before those below: to serde a list of two texts could be something chosen.
    Pairs(Vec<(String, String)>),
    One(ChosenLine),
    Many(Vec<ChosenLine>),
}

/// Something that was chosen from a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ChosenLine {
    pub(super) id: String,
    pub(super) title: String,
}

/// The platform took it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AcceptedLine {
    pub(super) intent: String,
    pub(super) follow: FollowLine,
}

/// What is read to see an operation through.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FollowLine {
    pub(super) what: String,
    pub(super) id: String,
}

/// How it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct EndLine {
    pub(super) intent: String,
    pub(super) outcome: String,
    pub(super) words: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) follow: Option<FollowLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) after: Vec<(String, String)>,
}

/// What could not be read: so many bytes after the line before, and their hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BrokenLine {
    pub(super) bytes: u64,
    pub(super) digest: String,
    /// Whether it is one line that was cut short, as by a crash.
    pub(super) torn: bool,
}
