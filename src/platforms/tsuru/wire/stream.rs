//! Pieces of streams.
//!
//! Source: tsuru contract, section 3.

use jiff::Timestamp;

use super::records;

records! {
    /// What an action prints: a fragment, not a line. An error is the end.
    Printed {
        message: String,
        timestamp: Timestamp,
        error: String,
    }
    /// A line of a log.
    LogRecord {
        date: Timestamp,
        message: String,
        source: String,
        name: String,
        /// `app`, `job` or empty.
        #[serde(rename = "type")]
        kind: String,
        unit: String,
    }
}
