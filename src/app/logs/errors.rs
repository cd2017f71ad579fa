//! How many errors a minute a log tells, before and after a release.
//!
//! Counted are lines of level Error that bear a time, as they come, by the second in which they were
//! written. What is not known is no number: a rate is told only of a span that was listened to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Level, LineKind, LogLine};

/// So many seconds with errors are kept; more than an hour of a log that does nothing else.
const KEPT: usize = 4_096;
/// A shorter span tells nothing.
pub const LEAST: Duration = Duration::from_secs(30);

/// The errors of one log.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// How many errors were written in which second.
    seconds: BTreeMap<i64, u32>,
    /// From when on every line was heard: the oldest line, or when it was opened.
    from: Option<Timestamp>,
    /// The newest line.
    until: Option<Timestamp>,
}

/// So many errors in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Errors.
    pub errors: u64,
    /// The span, at least [`LEAST`].
    pub over: Duration,
}

impl Rate {
    /// Errors a minute.
    #[must_use]
    pub fn per_minute(self) -> f64 {
        // An error less than a count of lines that fit into memory is exact in an `f64`.
        let errors = u32::try_from(self.errors).unwrap_or(u32::MAX);
        f64::from(errors) * 60.0 / self.over.as_secs_f64().max(1.0)
    }

    /// Whether this is clearly worse than `before`: three times as many, and five a minute more.
    #[must_use]
    pub fn is_worse_than(self, before: Self) -> bool {
        let (before, after) = (before.per_minute(), self.per_minute());
        after >= 3.0 * before && after >= before + 5.0
    }
}

/// `0.2`, `41`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.per_minute();
        let text = if self.errors == 0 {
            "0".to_owned()
        } else if rate < 0.1 {
            "<0.1".to_owned()
        } else if rate < 9.95 {
            format!("{rate:.1}")
        } else {
            format!("{rate:.0}")
        };
        f.pad(&text)
    }
}

impl Errors {
    /// The log was opened: from now on every line is heard.
    pub fn open(&mut self, now: Timestamp) {
        self.from.get_or_insert(now);
    }

    /// A line of what runs came.
    pub fn hear(&mut self, line: &LogLine) {
        let Some(at) = line.at.filter(|_| line.kind == LineKind::Output) else {
            return;
        };
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
        self.until = self.until.max(Some(at));
        if line.level != Some(Level::Error) {
            return;
        }
        *self.seconds.entry(at.as_second()).or_default() += 1;
        if self.seconds.len() > KEPT {
            self.forget_first();
        }
    }

    /// The newest line.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// The rate from `from` to `to`, of the part of it that was heard; absent where that is too short.
    #[must_use]
    pub fn rate(&self, from: Timestamp, to: Timestamp) -> Option<Rate> {
        let from = self.from?.max(from);
        let over = Duration::try_from(to.duration_since(from)).ok()?;
        if over < LEAST {
            return None;
        }
        let within = self.seconds.range(from.as_second()..to.as_second());
        let errors = within.map(|(_, count)| u64::from(*count)).sum();
        Some(Rate { errors, over })
    }

    /// What was before the first second that is kept is not known any more.
    fn forget_first(&mut self) {
        let Some((second, _)) = self.seconds.pop_first() else {
            return;
        };
        let known = Timestamp::from_second(second.saturating_add(1)).ok();
        self.from = self.from.max(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn line(second: i64, text: &str) -> LogLine {
        LogLine::output(Some(at(second)), Text::default(), text)
    }

    fn heard(lines: impl IntoIterator<Item = LogLine>) -> Errors {
        let mut errors = Errors::default();
        lines.into_iter().for_each(|line| errors.hear(&line));
        errors
    }

    #[test]
    fn errors_are_counted_within_the_span_that_was_heard() {
        let errors = heard([
            line(1_000, "INFO up"),
            line(1_010, "ERROR one"),
            line(1_070, "ERROR two"),
            line(1_090, "INFO late"),
        ]);
        let rate = errors.rate(at(500), at(1_060)).unwrap();
        assert_eq!((rate.errors, rate.over), (1, Duration::from_mins(1)));
        assert_eq!(rate.to_string(), "1.0");
        assert_eq!(errors.rate(at(1_050), at(1_079)), None, "too short");
        assert_eq!(errors.rate(at(0), at(900)), None, "before anything");
    }

    #[test]
    fn a_log_without_times_tells_no_rate() {
        let untimed = LogLine::output(None, Text::default(), "ERROR no time");
        assert_eq!(heard([untimed]).rate(at(0), at(100)), None);
    }

    #[test]
    fn what_was_opened_and_stays_quiet_has_no_errors() {
        let mut errors = Errors::default();
        errors.open(at(100));
        assert_eq!(errors.rate(at(0), at(160)).unwrap().to_string(), "0");
    }

    #[test]
    fn what_is_forgotten_is_not_counted_as_none() {
        let kept = i64::try_from(KEPT).unwrap();
        let errors = heard((0..kept + 100).map(|second| line(second, "ERROR again")));
        assert_eq!(errors.seconds.len(), KEPT);
        let rate = errors.rate(at(0), at(kept + 100)).unwrap();
        assert!((rate.per_minute() - 60.0).abs() < 0.5, "{rate:?}");
    }

    #[test]
    fn only_what_is_clearly_worse_is_worse() {
        let rate = |errors| Rate {
            errors,
            over: Duration::from_mins(10),
        };
        assert!(rate(410).is_worse_than(rate(2)));
        assert!(!rate(49).is_worse_than(rate(0)), "five a minute more");
        assert!(rate(50).is_worse_than(rate(0)));
        assert!(!rate(299).is_worse_than(rate(100)), "three times as many");
        assert_eq!(rate(2).to_string(), "0.2");
        assert_eq!(rate(410).to_string(), "41");
        assert_eq!(rate(0).to_string(), "0");
    }
}
