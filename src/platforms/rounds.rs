//! Rounds of polling: questions that come at nearly the same time have one answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Two questions of one round have one answer: the list of apps and the list of all their
/// environments. Below the shortest interval, so that no round is answered by the one before.
pub(super) const SAME_ROUND: Duration = Duration::from_secs(3);

/// When something was asked for, and after how many writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    at: Instant,
    writes: u64,
}

impl Moment {
    /// The same, of something that goes on being asked for: as of now, and of no later write.
    pub(super) fn again(self) -> Self {
        Self {
            at: Instant::now(),
            ..self
        }
    }
}

/// An answer, and when it was asked for.
pub(super) struct Asked<T> {
    moment: Moment,
    answer: T,
}

impl<T> Asked<T> {
    /// An answer to keep, and what [`Rounds::now`] said before it was asked for.
    pub(super) fn new(moment: Moment, answer: T) -> Self {
        Self { moment, answer }
    }
}

/// Where an answer is kept; whoever holds it asks, the others wait.
pub(super) type Slot<T> = Mutex<Option<Asked<T>>>;

/// What was asked for before a write says nothing about what is after it: counts them.
#[derive(Debug, Default)]
pub(super) struct Rounds(AtomicU64);

impl Rounds {
    /// Something was written: what was read before may have changed.
    pub(super) fn forget(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// What to keep beside an answer that is asked for now.
    pub(super) fn now(&self) -> Moment {
        Moment {
            at: Instant::now(),
            writes: self.0.load(Ordering::Relaxed),
        }
    }

    /// Whether what was asked for then is of this round.
    pub(super) fn is_this(&self, moment: Moment) -> bool {
        self.holds(moment, SAME_ROUND)
    }

    /// The answer, if it is of this round.
    pub(super) fn of_round<T: Clone>(&self, asked: Option<&Asked<T>>) -> Option<T> {
        self.fresh(asked, SAME_ROUND)
    }

    /// The answer, if it still answers the question.
    pub(super) fn fresh<T: Clone>(&self, asked: Option<&Asked<T>>, holds: Duration) -> Option<T> {
        let asked = asked.filter(|asked| self.holds(asked.moment, holds))?;
        Some(asked.answer.clone())
    }

    /// Whether the answer of this round is there, or somebody asks for it.
    pub(super) fn is_at_hand<T: Clone>(&self, slot: &Slot<T>) -> bool {
        let asked = slot.try_lock();
        asked.map_or(true, |asked| self.of_round(asked.as_ref()).is_some())
    }

    fn holds(&self, moment: Moment, time: Duration) -> bool {
        moment.writes == self.0.load(Ordering::Relaxed) && moment.at.elapsed() < time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_serves_its_round_and_none_after_a_write() {
        let rounds = Rounds::default();
        let kept = Asked::new(rounds.now(), 1);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(rounds.of_round(Some(&kept)).is_some());
        rounds.forget();
        assert!(rounds.of_round(Some(&kept)).is_none());
        let kept = Asked::new(rounds.now(), 1);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert!(rounds.of_round(Some(&kept)).is_none());
        assert!(rounds.fresh(Some(&kept), Duration::from_mins(1)).is_some());
    }

    #[tokio::test]
    async fn what_somebody_asks_for_is_at_hand() {
        let (rounds, slot) = (Rounds::default(), Slot::default());
        assert!(!rounds.is_at_hand(&slot));
        let mut turn = slot.lock().await;
        assert!(rounds.is_at_hand(&slot));
        *turn = Some(Asked::new(rounds.now(), 1));
        drop(turn);
        assert!(rounds.is_at_hand(&slot));
        rounds.forget();
        assert!(!rounds.is_at_hand(&slot));
    }
}
