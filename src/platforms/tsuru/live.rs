//! What actions of our own print, for whoever follows the deploy that they are.

/// The output of the actions under way.
#[derive(Default)]
pub(super) struct Live {}
