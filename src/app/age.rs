//! Ages. Every value on screen has one.
//!
//! While a value is as fresh as its polling promises, its age is shown as that bound (`<15s`) and
//! not as a running number: that is as true, and a quiet dashboard has nothing to redraw. As soon
//! as the promise is broken the real age is shown.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How old something is, and what that means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Never read.
    Never,
    /// At most this old, as promised.
    Within(Duration),
    /// Older than promised.
    Late(Duration),
    /// Older than three intervals.
    Stale(Duration),
}

impl Age {
    /// The age at `now` of what was read at `read_at` and is read every `interval`.
    #[must_use]
    pub fn of(read_at: Option<Timestamp>, interval: Duration, now: Timestamp) -> Self {
        let Some(read_at) = read_at else {
            return Self::Never;
        };
        let age = since(read_at, now);
        if age >= interval.saturating_mul(3) {
            Self::Stale(age)
        } else if age > promise(interval) {
            Self::Late(age)
        } else {
            Self::Within(interval)
        }
    }

    /// Whether it is older than three intervals.
    #[must_use]
    pub fn is_stale(self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// When this age, which is true at `now`, becomes another without anything being read.
    #[must_use]
    pub fn changes_at(
        self,
        read_at: Option<Timestamp>,
        interval: Duration,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let stale = interval.saturating_mul(3);
        let age = match self {
            Self::Never => return None,
            // A moment past the bound, or the age would still be within it.
            Self::Within(_) => stale.min(promise(interval) + Duration::from_millis(1)),
            Self::Late(age) => stale.min(next_step(age)),
            Self::Stale(age) => next_step(age),
        };
        // From the moment of reading, not from now: what happens meanwhile must not put it off.
        read_at?
            .saturating_add(age)
            .ok()
            .filter(|at| *at > now)
            .or_else(|| now.saturating_add(Duration::from_secs(1)).ok())
    }
}

/// The next age that reads differently: [`Short`] counts in one unit.
fn next_step(age: Duration) -> Duration {
    let unit = match age.as_secs() {
        0..60 => 1,
        60..3_600 => 60,
        3_600..86_400 => 3_600,
        _ => 86_400,
    };
    Duration::from_secs((age.as_secs() / unit + 1) * unit)
}

/// An answer takes its time: half an interval, at least two seconds, is not yet late.
fn promise(interval: Duration) -> Duration {
    interval + (interval / 2).max(Duration::from_secs(2))
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.pad("–"),
            Self::Within(bound) => f.pad(&format!("<{}", Short(*bound))),
            Self::Late(age) | Self::Stale(age) => f.pad(&Short(*age).to_string()),
        }
    }
}

/// The time from `then` to `now`; zero if the clock was set back.
#[must_use]
pub fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// The clock was set back by `by`: what was noted by it goes back with it.
pub(super) fn set_back(at: &mut Timestamp, by: SignedDuration) {
    *at = at.saturating_sub(by).unwrap_or(Timestamp::MIN);
}

/// Whole days from which on years are counted: an age has three figures at most.
const YEARS_FROM: u64 = 1_000;

/// A length of time in one unit: `9s`, `12m`, `5h`, `3d`, `4y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short(pub Duration);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = match seconds {
            0..60 => format!("{seconds}s"),
            60..3_600 => format!("{}m", seconds / 60),
            3_600..86_400 => format!("{}h", seconds / 3_600),
            _ if seconds / 86_400 >= YEARS_FROM => format!("{}y", seconds / 86_400 / 365),
            _ => format!("{}d", seconds / 86_400),
        };
        f.pad(&text)
    }
}

/// How long it is until something is tried again, a second at least: it will be, even if at once.
#[must_use]
pub fn until(now: Timestamp, at: Timestamp) -> Short {
    Short(since(now, at).max(Duration::from_secs(1)))
}

/// A length of time in two units: `42s`, `4m 02s`, `2h 05m`, `3d 4h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long(pub Duration);

impl fmt::Display for Long {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = match seconds {
            0..60 => format!("{seconds}s"),
            60..3_600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
            3_600..86_400 => format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60),
            _ => format!("{}d {}h", seconds / 86_400, seconds % 86_400 / 3_600),
        };
        f.pad(&text)
    }
}

/// A running time: `00:41`, `1:02:11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed(pub Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds < 3_600 {
            write!(f, "{:02}:{:02}", seconds / 60, seconds % 60)
        } else {
            write!(
                f,
                "{}:{:02}:{:02}",
                seconds / 3_600,
                seconds % 3_600 / 60,
                seconds % 60
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(15);

    fn shown(age: i64) -> String {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let then = Timestamp::from_second(1_000_000 - age).unwrap();
        Age::of(Some(then), INTERVAL, now).to_string()
    }

    #[test]
    fn a_fresh_age_stands_still_and_a_late_one_grows() {
        assert_eq!([shown(0), shown(9), shown(22)], ["<15s"; 3]);
        assert_eq!([shown(23), shown(44), shown(45)], ["23s", "44s", "45s"]);
        assert_eq!(
            [shown(120), shown(7_300), shown(200_000)],
            ["2m", "2h", "2d"]
        );
        assert_eq!(shown(-30), "<15s", "the clock was set back");
    }

    #[test]
    fn stale_is_three_intervals() {
        let now = Timestamp::from_second(1_000).unwrap();
        let age =
            |seconds: i64| Age::of(Timestamp::from_second(1_000 - seconds).ok(), INTERVAL, now);
        assert!(!age(44).is_stale());
        assert!(age(45).is_stale());
        assert_eq!(Age::of(None, INTERVAL, now), Age::Never);
    }

    #[test]
    fn lengths_of_time_read_well() {
        let secs = Duration::from_secs;
        assert_eq!(Long(secs(242)).to_string(), "4m 02s");
        assert_eq!(Long(secs(7_500)).to_string(), "2h 05m");
        assert_eq!(Short(secs(999 * 86_400)).to_string(), "999d");
        assert_eq!(Short(secs(1_239 * 86_400)).to_string(), "3y");
        assert_eq!(Elapsed(secs(41)).to_string(), "00:41");
        assert_eq!(Elapsed(secs(3_731)).to_string(), "1:02:11");
    }
}
