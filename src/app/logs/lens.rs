//! How lines are looked at. Each setting is independent of the others, and of what is shown: none
//! changes a line, and none is lost when another log is selected.

use crate::model::Text;

/// What stands before a line for its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeMode {
    /// Nothing.
    Off,
    /// The time of day where the user is.
    #[default]
    Local,
    /// The time of day in UTC.
    Utc,
    /// How long ago it was.
    Relative,
}

impl TimeMode {
    /// The one that the key leads to.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Off,
            Self::Off => Self::Local,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Local => "local",
            Self::Utc => "UTC",
            Self::Relative => "relative",
        }
    }
}

/// How a line that is JSON is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JsonMode {
    /// Its message and its fields, aligned.
    #[default]
    Fields,
    /// As it came.
    Raw,
}

/// How lines are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lens {
    /// Whether a line that is wider than the pane goes on in the next row; else it is scrolled
    /// sideways.
    pub wraps: bool,
    /// What stands for the time.
    pub time: TimeMode,
    /// How JSON is shown.
    pub json: JsonMode,
    /// Which fields of a JSON line are shown beside its message, in this order; empty for all.
    pub fields: Vec<Text>,
    /// How many lines are shown before and after each that a filter shows.
    pub context: usize,
}
