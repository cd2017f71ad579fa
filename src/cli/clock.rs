//! The wall clock of headless commands.

use jiff::Timestamp;

/// Now.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where headless commands look at the clock"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
