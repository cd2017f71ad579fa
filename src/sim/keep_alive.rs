//! What is sent while there is nothing to say.

use std::time::Duration;

use tokio::time::Instant;

use super::clock::Clock;

/// Seconds of silence after which something is sent.
const AFTER: f64 = 30.0;

/// Shows that a stream is alive.
#[derive(Clone, Debug)]
pub(crate) struct KeepAlive {
    says: &'static str,
    every: Duration,
    due: Instant,
    ended_line: bool,
}

impl KeepAlive {
    /// Nothing is sent yet. The time goes as fast as everything else.
    pub(crate) fn new(says: &'static str, clock: &Clock) -> KeepAlive {
        let every = paced(AFTER, clock);
        KeepAlive {
            says,
            every,
            due: Instant::now() + every,
            ended_line: true,
        }
    }

    /// Something was sent.
    pub(crate) fn sent(&mut self, bytes: &[u8]) {
        self.due = Instant::now() + self.every;
        self.ended_line = bytes.last().is_none_or(|last| *last == b'\n');
    }

    /// When something has to be sent.
    pub(crate) fn due(&self) -> Instant {
        self.due
    }

    /// What is sent then: on a line of its own.
    pub(crate) fn text(&self) -> String {
        let before = if self.ended_line { "" } else { "\n" };
        format!("{before}{}\n", self.says)
    }
}

/// So many seconds of the simulator's time, but long enough to be noticed.
pub(crate) fn paced(seconds: f64, clock: &Clock) -> Duration {
    const SHORTEST: Duration = Duration::from_millis(50);
    Duration::from_secs_f64(seconds / clock.speed()).max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(says: &'static str, before: &str, expected: &str) {
        let mut alive = KeepAlive::new(says, &Clock::start(1.0));
        alive.sent(before.as_bytes());
        assert_eq!(alive.text(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn line_that_was_begun_is_ended_first() {
        check("", "a\n", "\n");
        check("", "", "\n");
        check("", "a", "\n\n");
        check("please wait...", "a\n", "please wait...\n");
        check("please wait...", "a", "\nplease wait...\n");
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_counted_from_what_was_sent_last() {
        let mut alive = KeepAlive::new("", &Clock::start(10.0));
        let first = alive.due();
        assert_eq!(first - Instant::now(), Duration::from_secs(3));
        tokio::time::advance(Duration::from_secs(1)).await;
        alive.sent(b"x\n");
        assert_eq!(alive.due() - first, Duration::from_secs(1));
    }
}
