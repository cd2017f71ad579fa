//! The wall clock.

use jiff::Timestamp;

/// The time.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else is given"
)]
pub fn now() -> Timestamp {
    Timestamp::now()
}
