//! How values are written. Source: tsuru contract, section 1.

use crate::sim::{clock::Moment, effects::Tweaks};

/// A time that is not set.
pub(super) const ZERO: &str = "0001-01-01T00:00:00Z";

/// What an answer depends on besides the world: the time, and what a fault changes.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) now: Moment,
    pub(super) tweaks: Tweaks,
}

impl View {
    /// A time as the server writes it.
    pub(super) fn time(&self, moment: Moment) -> String {
        rfc3339(self.tweaks.shifted(moment))
    }

    /// A time that may be missing: then it is zero.
    pub(super) fn maybe(&self, moment: Option<Moment>) -> String {
        moment.map_or_else(|| ZERO.to_owned(), |moment| self.time(moment))
    }

    /// A time that may lie ahead or be missing: then it is zero.
    pub(super) fn past(&self, moment: Option<Moment>) -> String {
        self.maybe(moment.filter(|moment| *moment <= self.now))
    }
}

/// Milliseconds, as the data base keeps them.
fn rfc3339(moment: Moment) -> String {
    without_zeros(&Moment(moment.0.div_euclid(1_000) * 1_000).iso())
}

/// A time in UTC as Go writes it: its fraction has no zeros at the end.
pub(super) fn without_zeros(time: &str) -> String {
    let digits = time.trim_end_matches('Z').trim_end_matches('0');
    format!("{}Z", digits.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_zeros_at_the_end() {
        let time = |text| rfc3339(Moment::parse(text).unwrap());
        assert_eq!(
            time("2026-11-21T12:00:00.120400Z"),
            "2026-11-21T12:00:00.12Z"
        );
        assert_eq!(time("2026-11-21T12:00:10Z"), "2026-11-21T12:00:10Z");
    }
}
