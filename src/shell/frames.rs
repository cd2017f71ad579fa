//! When to draw: at once after a key, else at most thirty times a second, and only when something
//! visible changed.

use std::time::Duration;

use tokio::time::Instant;

/// At most thirty frames a second while things stream.
const GAP: Duration = Duration::from_millis(33);

/// Decides when the next frame is due.
#[derive(Debug)]
pub(crate) struct FrameClock {
    is_dirty: bool,
    is_urgent: bool,
    last: Option<Instant>,
}

impl FrameClock {
    /// The first frame is due at once.
    pub(crate) fn new() -> Self {
        Self {
            is_dirty: true,
            is_urgent: true,
            last: None,
        }
    }

    /// Something visible changed; `urgent` if somebody waits to see it.
    pub(crate) fn mark(&mut self, urgent: bool) {
        self.is_dirty = true;
        self.is_urgent |= urgent;
    }

    /// When the next frame may be drawn; absent when the screen is up to date.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let gap = self.last.filter(|_| !self.is_urgent).map(|last| last + GAP);
        self.is_dirty.then(|| gap.unwrap_or(now))
    }

    /// A frame was drawn.
    pub(crate) fn drawn(&mut self, now: Instant) {
        *self = Self {
            is_dirty: false,
            is_urgent: false,
            last: Some(now),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keys_are_shown_at_once_and_the_rest_thirty_times_a_second() {
        let start = Instant::now();
        let mut frames = FrameClock::new();
        assert_eq!(frames.due(start), Some(start));
        frames.drawn(start);
        assert_eq!(frames.due(start), None);
        frames.mark(false);
        assert_eq!(frames.due(start), Some(start + GAP));
        frames.mark(true);
        assert_eq!(frames.due(start), Some(start));
    }
}
