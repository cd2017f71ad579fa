//! What happens by itself while a story plays: turns of rounds that follow each other for ever.

use super::clock::{Clock, Moment};

/// The turns of a round, in their order.
pub(crate) struct Script<T: 'static> {
    pub(crate) turns: &'static [T],
    /// The second of a round in which a turn comes; before the first, if it is negative.
    pub(crate) at: fn(&T) -> f64,
    /// Seconds of a round.
    pub(crate) round_s: f64,
}

impl<T> Script<T> {
    /// The turn after so many that were told, and when it came, if it has come by `now`.
    pub(crate) fn due(
        &self,
        clock: &Clock,
        told: usize,
        now: Moment,
    ) -> Option<(Moment, &'static T)> {
        let round = u32::try_from(told / self.turns.len()).ok()?;
        let turn = &self.turns[told % self.turns.len()];
        let second = self.round_s * f64::from(round) + (self.at)(turn);
        let at = clock.started().plus(second);
        (at <= now).then_some((at, turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: Script<f64> = Script {
        turns: &[-2.0, 30.0],
        at: |second| *second,
        round_s: 60.0,
    };

    fn check(told: usize, after: f64, expected: Option<f64>) {
        let clock = Clock::start(1.0);
        let due = SCRIPT.due(&clock, told, clock.started().plus(after));
        let due = due.map(|(at, _)| at.since(clock.started()));
        assert_eq!(due, expected, "{told} at {after}");
    }

    #[test]
    fn turns_come_in_their_seconds_and_again() {
        check(0, 0.0, Some(-2.0));
        check(1, 29.0, None);
        check(1, 30.0, Some(30.0));
        check(2, 57.0, None);
        check(2, 58.0, Some(58.0));
        check(3, 500.0, Some(90.0));
    }
}
