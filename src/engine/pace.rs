//! How fast the engine's own pauses pass.

use std::num::NonZeroU32;
use std::time::Duration;

/// How many times faster than in reality an operation waits: between attempts, between looks at
/// what it started, and before it is looked what became of a lost answer; and how many times faster
/// a log that broke is tried again.
///
/// For a platform whose own time goes faster, such as a simulator. What a platform asks for
/// (`Retry-After`) and the limits of rate are kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(NonZeroU32);

impl Default for Pace {
    /// As in reality.
    fn default() -> Self {
        Self(NonZeroU32::MIN)
    }
}

impl Pace {
    /// So many times faster.
    #[must_use]
    pub fn times(faster: NonZeroU32) -> Self {
        Self(faster)
    }

    /// How long a pause lasts.
    pub(super) fn of(self, pause: Duration) -> Duration {
        pause / self.0.get()
    }
}
