//! Deploys.
//!
//! Source: tsuru contract, section 5 (deploys).

use jiff::Timestamp;

use super::{Took, entities};

entities! {
    /// A deploy; its identifier is that of its event.
    Deploy by id {
        app: String,
        timestamp: Timestamp,
        duration: Took,
        commit: String,
        error: String,
        /// The image that came of it, with its tag; empty while it runs.
        image: String,
        /// Zero where it is not known.
        version: i64,
        /// Only of one deploy, and only after its end.
        log: String,
        user: String,
        origin: String,
        /// Means something in the list only.
        can_rollback: bool,
        message: String,
    }
}
