//! Short messages to the user that go away by themselves.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::age::set_back;
use crate::model::Text;

/// How many are kept.
const KEPT: usize = 100;
/// How long one is shown.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// What a notice is about; decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// Something went well.
    Good,
    /// Something went wrong.
    Bad,
}

/// A short message.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// When it was made.
    pub at: Timestamp,
    /// What it is about.
    pub tone: Tone,
    /// The message.
    pub text: Text,
}

/// The newest hundred.
#[derive(Clone, Debug, Default)]
pub struct Notices(VecDeque<Notice>);

impl Notices {
    /// Says something.
    pub fn say(&mut self, at: Timestamp, tone: Tone, text: impl AsRef<str>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Notice {
            at,
            tone,
            text: Text::clean(text.as_ref()),
        });
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.0.iter().rev()
    }

    /// The one to show now.
    #[must_use]
    pub fn shown(&self, now: Timestamp) -> Option<&Notice> {
        self.0.back().filter(|notice| now < Self::end(notice))
    }

    /// When the one that is shown goes away.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.shown(now).map(Self::end)
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        self.0
            .iter_mut()
            .for_each(|notice| set_back(&mut notice.at, by));
    }

    fn end(notice: &Notice) -> Timestamp {
        notice
            .at
            .saturating_add(SHOWN_FOR)
            .unwrap_or(Timestamp::MAX)
    }
}
