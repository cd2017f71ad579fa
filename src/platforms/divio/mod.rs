//! Divio: the applications API, version 3.
//!
//! `paths` names every operation, `api` asks, `wire` mirrors the records, `map` judges what they
//! mean; `platform` and `reads` answer questions, `operate` carries out, `progress` follows, `lost` finds out
//! what became of an operation whose answer was lost, `tail` follows logs.

mod api;
mod failure;
mod known;
mod lost;
mod map;
mod operate;
mod paging;
pub mod paths;
mod platform;
mod progress;
mod reads;
pub mod schema;
mod support;
mod tail;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use self::api::Api;
use self::platform::Divio;
use super::http::Patience;
use super::{Connection, Platform};
use crate::model::{Failure, LogDelivery, LogHistory, PollHints, Profile, RatePolicy, Vocabulary};

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
    // No limit is documented: be modest. Idle polling takes five requests a minute; the rest is
    // for the first lists of a large organisation.
    rate: RatePolicy {
        per_minute: 300,
        burst: 60,
        concurrent: 4,
        lists_per_minute: 100,
    },
    poll: PollHints {
        apps: Duration::from_mins(5),
        environments: Duration::from_secs(15),
        selected: None,
        changing: Duration::from_secs(5),
        running: Duration::from_secs(3),
        history: Duration::from_secs(30),
        backup_running: Duration::from_secs(2),
        slow: Duration::from_mins(1),
    },
    history: 100,
    changes_variables_together: false,
    restores_beside: false,
    previews: &[],
    specials: &[],
    others: &[],
    creation: crate::model::Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: true,
    deployment_log: LogDelivery::Polled(Duration::from_secs(3)),
    runtime_log: LogDelivery::Polled(Duration::from_secs(2)),
    runtime_history: LogHistory::ByTime,
    base_url: "https://api.divio.com",
    token_variables: &["DIVIO_API_TOKEN"],
};

/// Makes a client. Sends nothing and asks for no token yet.
///
/// # Errors
/// `Validation` for a base URL the token may not go to, `Network` (TLS) without trusted
/// certificates.
pub fn connect(connection: Connection) -> Result<Arc<dyn Platform>, Failure> {
    connect_with(connection, Patience::default())
}

/// Like [`connect`], with other waiting times.
///
/// # Errors
/// As [`connect`].
pub fn connect_with(
    connection: Connection,
    patience: Patience,
) -> Result<Arc<dyn Platform>, Failure> {
    let api = Arc::new(Api::new(connection, patience)?);
    Ok(Arc::new(Divio { api }))
}
