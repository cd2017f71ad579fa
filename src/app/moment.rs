//! A moment in the past, as people write it: where older lines begin, in the pane and on the command
//! line.

use std::time::Duration;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp, ToSpan as _};

/// A moment in the past, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So long ago.
    Ago(Duration),
    /// The last time that clocks here showed this.
    Clock(Time),
    /// A date and a time of day here; a day from its beginning on.
    Here(DateTime),
    /// Exactly then.
    At(Timestamp),
}

impl Moment {
    /// Reads `15m`, `1h30m`, `14:00`, `2026-11-21`, `2026-11-21 14:00`, `2026-11-21T14:00Z`; absent for
    /// anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let clock = || Time::strptime("%H:%M:%S", text).or_else(|_| Time::strptime("%H:%M", text));
        // First: jiff reads a length of time in this form, too.
        if let Ok(time) = clock() {
            Some(Self::Clock(time))
        } else if let Some(length) = length(text) {
            Some(Self::Ago(length))
        } else if let Ok(at) = text.parse() {
            Some(Self::At(at))
        } else {
            text.parse().ok().map(Self::Here)
        }
    }

    /// When that was, for clocks of that zone.
    #[must_use]
    pub fn before(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let here = |at: DateTime| Some(zone.to_zoned(at).ok()?.timestamp());
        match self {
            Self::Ago(length) => now.checked_sub(length).ok(),
            Self::At(at) => Some(at),
            Self::Here(at) => here(at),
            Self::Clock(time) => {
                let today = now.to_zoned(zone.clone()).date();
                let at = here(today.to_datetime(time))?;
                if at <= now {
                    return Some(at);
                }
                here(today.checked_sub(1.day()).ok()?.to_datetime(time))
            }
        }
    }
}

/// `15m`, `2h`, `1d`, `1w`, and several of them.
fn length(text: &str) -> Option<Duration> {
    let span: Span = text
        .strip_suffix("ago")
        .unwrap_or(text)
        .trim()
        .parse()
        .ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours());
    Duration::try_from(length.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T10:00:00Z";

    fn check(text: &str, expected: Option<&str>) {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let moment = Moment::parse(text);
        let at = moment.and_then(|moment| moment.before(NOW.parse().unwrap(), &zone));
        assert_eq!(at.map(|at| at.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_moment_is_a_length_a_time_of_day_or_a_date() {
        check("15m", Some("2026-11-21T09:45:00Z"));
        check("1h 30m", Some("2026-11-21T08:30:00Z"));
        check("1d", Some("2026-11-20T10:00:00Z"));
        check("2026-11-20 14:00", Some("2026-11-20T13:00:00Z"));
        check("10:30", Some("2026-11-21T09:30:00Z"));
        // It is eleven here: this was yesterday.
        check("14:00", Some("2026-11-20T13:00:00Z"));
        check("14:00:05", Some("2026-11-20T13:00:05Z"));
        check("2026-11-20T14:00Z", Some("2026-11-20T14:00:00Z"));
        check("2026-11-20T14:00:01+02:00", Some("2026-11-20T12:00:01Z"));
        check("2026-11-20T14:00", Some("2026-11-20T13:00:00Z"));
        check("2026-11-20", Some("2026-11-19T23:00:00Z"));
        for wrong in ["", "soon", "25:00", "14", "-5m", "2026-13-01"] {
            check(wrong, None);
        }
    }
}
