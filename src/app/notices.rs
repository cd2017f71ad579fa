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
pub struct Notices {
    kept: VecDeque<Notice>,
    /// Whether the newest is not shown any more: somebody has gone on.
    is_over: bool,
}

impl Notices {
    /// Says something.
    pub fn say(&mut self, at: Timestamp, tone: Tone, text: impl AsRef<str>) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.is_over = false;
        self.kept.push_back(Notice {
            at,
            tone,
            text: Text::clean(text.as_ref()),
        });
    }

    /// Newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.kept.iter().rev()
    }

    /// The one to show now.
    #[must_use]
    pub fn shown(&self, now: Timestamp) -> Option<&Notice> {
        let newest = self.kept.back().filter(|_| !self.is_over);
        newest.filter(|notice| now < Self::end(notice))
    }

    /// Somebody presses the next key: what was said to the one before is read, and would be wrong
    /// where that key leads. What went wrong or well stays for its time.
    pub(super) fn go_on(&mut self) {
        let is_info = |notice: &Notice| notice.tone == Tone::Info;
        self.is_over |= self.kept.back().is_some_and(is_info);
    }

    /// When the one that is shown goes away.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        self.shown(now).map(Self::end)
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        self.kept
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_key_ends_what_was_said_to_the_one_before_and_no_failure() {
        let now = Timestamp::UNIX_EPOCH;
        for (tone, stays) in [(Tone::Info, false), (Tone::Good, true), (Tone::Bad, true)] {
            let mut notices = Notices::default();
            notices.say(now, tone, "one");
            notices.go_on();
            assert_eq!(notices.shown(now).is_some(), stays, "{tone:?}");
            notices.say(now, Tone::Info, "two");
            assert!(notices.shown(now).is_some(), "what is said anew is shown");
        }
    }
}
