//! What an answer depends on besides the world.

use super::shape::Shape;
use crate::sim::{clock::Moment, effects::Tweaks};

/// The time, the shape, and where the answer comes from.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) now: Moment,
    pub(super) tweaks: Tweaks,
    pub(super) shape: Shape,
    /// Scheme and host that the client has asked.
    pub(super) origin: String,
    /// Scheme and host of somebody else.
    pub(super) elsewhere: String,
}

impl View {
    /// A time as the server writes it, in milliseconds.
    pub(super) fn time(&self, moment: Moment) -> String {
        self.tweaks.shifted(moment).milliseconds()
    }
}
