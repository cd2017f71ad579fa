//! Simulated time. Moments are microseconds since the Unix epoch: the resolution of the wire.
//!
//! This is the only place of the simulator that looks at the machine's clock. Everything else is
//! a function of a [`Moment`] it is given, so that the same question at the same moment has the
//! same answer.

use std::time::Instant;

use jiff::Timestamp;

use super::dice::scramble;

/// A point in time, in microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

/// One second in the unit of [`Moment`].
pub(crate) const SECOND: i64 = 1_000_000;

impl Moment {
    /// Later than every moment that is ever reached.
    pub(crate) const NEVER: Moment = Moment(i64::MAX);

    /// This moment moved by some seconds, backwards if negative.
    pub(crate) fn plus(self, seconds: f64) -> Moment {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "durations here are below a century, far inside the range"
        )]
        let micros = (seconds * 1e6).round() as i64;
        Moment(self.0.saturating_add(micros))
    }

    /// Seconds from `earlier` to this moment.
    pub(crate) fn since(self, earlier: Moment) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "microseconds within a century are exact"
        )]
        let micros = self.0.saturating_sub(earlier.0) as f64;
        micros / 1e6
    }

    /// The whole second this moment lies in.
    pub(crate) fn second(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// ISO 8601 in UTC with microseconds, ending in `Z`.
    pub(crate) fn iso(self) -> String {
        format!("{:.6}", self.timestamp())
    }

    /// As [`Moment::iso`], with nanoseconds. The clock knows microseconds; the last digits are as
    /// good as any.
    pub(crate) fn iso_nanoseconds(self) -> String {
        let last = self.beyond_micros();
        format!("{}{last:03}Z", self.iso().trim_end_matches('Z'))
    }

    /// The digits of [`Moment::iso_nanoseconds`] that the clock does not know.
    pub(crate) fn beyond_micros(self) -> u64 {
        scramble(self.0.unsigned_abs()) % 1_000
    }

    /// As [`Moment::iso`], with milliseconds.
    pub(crate) fn milliseconds(self) -> String {
        Moment(self.0.div_euclid(1_000) * 1_000)
            .iso()
            .replace("000Z", "Z")
    }

    /// RFC 3339 in UTC with whole seconds.
    pub(crate) fn whole_second(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// ISO 8601 with a numeric offset instead of `Z`, as log records carry it.
    pub(crate) fn iso_offset(self) -> String {
        let mut text = self.iso();
        text.pop();
        text.push_str("+00:00");
        text
    }

    /// The form of a `Date` header.
    pub(crate) fn http_date(self) -> String {
        self.timestamp()
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }

    /// The date alone, `2024-03-02`.
    pub(crate) fn date(self) -> String {
        self.timestamp().strftime("%Y-%m-%d").to_string()
    }

    /// Reads ISO 8601 with an offset or `Z`.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        text.parse::<Timestamp>()
            .ok()
            .map(|stamp| Moment(stamp.as_microsecond()))
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or_default()
    }
}

/// The simulator's clock: real time, and how fast things in progress go.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    started: Moment,
    origin: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that starts now.
    pub(crate) fn start(speed: f64) -> Clock {
        #[expect(
            clippy::disallowed_methods,
            reason = "the simulator's one look at the wall clock; later times are counted from it"
        )]
        let started = Moment(Timestamp::now().as_microsecond());
        #[expect(
            clippy::disallowed_methods,
            reason = "monotonic, so that a log cursor is never overtaken by an older line"
        )]
        let origin = Instant::now();
        Clock {
            started,
            origin,
            speed: if speed > 0.0 { speed } else { 1.0 },
        }
    }

    /// The present; never goes backwards.
    pub(crate) fn now(&self) -> Moment {
        self.started.plus(self.origin.elapsed().as_secs_f64())
    }

    /// When the simulator started.
    pub(crate) fn started(&self) -> Moment {
        self.started
    }

    /// Simulated seconds that pass per real second for things in progress.
    pub(crate) fn speed(&self) -> f64 {
        self.speed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_with_microseconds() {
        let moment = Moment::parse("2024-03-02T10:06:00.5Z").unwrap();
        assert_eq!(moment.iso(), "2024-03-02T10:06:00.500000Z");
        assert_eq!(moment.milliseconds(), "2024-03-02T10:06:00.500Z");
        assert_eq!(moment.iso_offset(), "2024-03-02T10:06:00.500000+00:00");
        assert_eq!(moment.http_date(), "Sat, 02 Mar 2024 10:06:00 GMT");
    }

    #[test]
    fn moving_forth_and_back_is_exact() {
        let moment = Moment(1_700_000_000_123_456);
        assert_eq!(moment.plus(2.5).plus(-2.5), moment);
        assert!((moment.plus(2.5).since(moment) - 2.5).abs() < 1e-9);
    }
}
