//! Operations that the server is too old for: each is asked once, then refused without a request for
//! a while.
//!
//! Not for ever: a server may be made new while this runs, and nothing tells of it. Source: tsuru
//! contract, section 1.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::paths::Op;

/// After so long it is asked again: one request that fails costs little, and nobody who has made a
/// server new wants to start the program again for it.
const HOLDS: Duration = Duration::from_mins(30);

/// What is missing, and since when that is known.
#[derive(Default)]
pub(super) struct Missing(Mutex<HashMap<Op, Instant>>);

impl Missing {
    /// The server has just said that it does not know it.
    pub(super) fn note(&self, op: Op) {
        self.lock().insert(op, Instant::now());
    }

    /// Whether it is known not to be there.
    pub(super) fn has(&self, op: Op) -> bool {
        let since = self.lock().get(&op).copied();
        since.is_some_and(|since| since.elapsed() < HOLDS)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Op, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_missing_is_asked_for_again_after_a_while() {
        let missing = Missing::default();
        assert!(!missing.has(Op::JobLog));
        missing.note(Op::JobLog);
        advance(HOLDS.saturating_sub(Duration::from_secs(1))).await;
        assert!(missing.has(Op::JobLog));
        assert!(!missing.has(Op::AppLog));
        advance(Duration::from_mins(1)).await;
        assert!(!missing.has(Op::JobLog));
        missing.note(Op::JobLog);
        assert!(missing.has(Op::JobLog), "it is still missing");
    }
}
