//! Several logs as one, ordered by time.

use super::ring::Ring;
use crate::model::{EnvId, Scoped};

/// Several channels in one ring. It is filled from their rings: each has a place up to which it was
/// taken, and a line waits for the others at most a moment.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// What is shown.
    pub ring: Ring,
    /// Whose lines they are, in the order in which they were chosen. A line's origin is a place here.
    pub sources: Vec<Scoped<EnvId>>,
}
