//! Managed database clusters. Source: DigitalOcean contract, section 5.7.

use crate::sim::clock::Moment;

/// A cluster that was made since the start.
pub(super) struct Restored {
    pub(super) name: String,
    pub(super) created: Moment,
}
