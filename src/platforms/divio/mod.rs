//! Placeholder.
use std::sync::Arc;
use std::time::Duration;

use super::{Connection, Platform};
use crate::model::{Failure, LogDelivery, PollHints, Profile, RatePolicy, Vocabulary};

/// Divio before it is asked.
pub const PROFILE: Profile = Profile {
    name: "divio",
    title: "Divio",
    vocabulary: Vocabulary {
        app: ("application", "applications"),
        environment: ("environment", "environments"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("organisation", "organisations"),
    },
    // No limit is documented: be modest.
    rate: RatePolicy {
        per_minute: 120,
        burst: 30,
        concurrent: 4,
    },
    poll: PollHints {
        apps: Duration::from_mins(5),
        environments: Duration::from_secs(15),
        changing: Duration::from_secs(5),
        running: Duration::from_secs(3),
        history: Duration::from_secs(30),
        backup_running: Duration::from_secs(2),
        slow: Duration::from_mins(1),
    },
    deploys_environments: true,
    deployment_log: LogDelivery::Polled(Duration::from_secs(3)),
    runtime_log: LogDelivery::Polled(Duration::from_secs(2)),
    base_url: "https://api.divio.com",
    token_variables: &["DIVIO_API_TOKEN"],
};

/// Placeholder.
///
/// # Errors
/// Always, for now.
pub fn connect(_connection: Connection) -> Result<Arc<dyn Platform>, Failure> {
    Err(Failure::Cancelled)
}
