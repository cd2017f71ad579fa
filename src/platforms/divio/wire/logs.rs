//! Logs as they come.
//!
//! Source: Divio contract, section 6.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;

use serde_json::Value;

use crate::platforms::loose::{FromField, Loose};

/// A page of runtime logs, oldest first.
#[derive(Deserialize)]
pub(in crate::platforms::divio) struct LogPage {
    #[serde(default)]
    pub next: Loose<String>,
    /// The page of older lines.
    #[serde(default)]
    pub previous: Loose<String>,
    #[serde(default)]
    pub results: Loose<Vec<LogRecord>>,
}

/// One line. It has no identifier, and equal timestamps occur.
#[derive(Deserialize)]
pub(in crate::platforms::divio) struct LogRecord {
    #[serde(default)]
    pub timestamp: Loose<String>,
    #[serde(default)]
    pub service: Loose<String>,
    #[serde(default)]
    pub message: Loose<String>,
    #[serde(default)]
    pub container: Loose<String>,
}

impl FromField for LogRecord {
    fn from_field(value: Value) -> Option<Self> {
        serde_json::from_value(value).ok()
    }
}

impl LogRecord {
    /// Equal for equal records.
    pub(in crate::platforms::divio) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for field in [
            &self.timestamp,
            &self.service,
            &self.message,
            &self.container,
        ] {
            field.as_ref().hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Everything a deployment has printed so far.
#[derive(Default, Deserialize)]
pub(in crate::platforms::divio) struct DeploymentLogs {
    #[serde(default)]
    pub logs: Loose<String>,
}
