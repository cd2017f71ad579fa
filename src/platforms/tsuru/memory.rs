//! What earlier answers said, where a later question is about the same.

/// What earlier answers said.
#[derive(Default)]
pub(super) struct Memory {}
