//! DigitalOcean App Platform: the public API, version 2.
//!
//! `paths` names every operation, `ids` the composite identifiers, `api` asks, `decode` takes
//! answers apart, `wire` mirrors the records, `map` judges what they mean; `platform` and `reads` answer questions, `spec` edits the
//! one document an app is, `operate` carries out, `preview` asks what a change would do,
//! `progress` follows, `lost` finds out what became of an operation whose answer was lost, `tail`
//! and `console` stream.

mod api;
mod console;
mod decode;
mod failure;
mod ids;
mod lost;
mod map;
mod memory;
mod operate;
mod paging;
pub mod paths;
mod platform;
mod preview;
mod progress;
mod reads;
mod spec;
mod support;
mod tail;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use self::api::Api;
use self::platform::DigitalOcean;
use super::http::Patience;
use super::{Connection, Platform};
use crate::model::{
    Capability, Creation, Failure, LogDelivery, LogHistory, PollHints, Profile, RatePolicy,
    Vocabulary,
};

/// DigitalOcean before it is asked.
pub const PROFILE: Profile = Profile {
    name: "digitalocean",
    title: "DigitalOcean",
    vocabulary: Vocabulary {
        app: ("app", "apps"),
        environment: ("component", "components"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("project", "projects"),
    },
    // Half of what is documented, because other tools share the token: 5,000 an hour are 83 a
    // minute, and 250 in one minute may come in a burst.
    rate: RatePolicy {
        per_minute: 40,
        burst: 60,
        concurrent: 4,
        // Of a thousand apps the list takes 20 requests; half is left to what is looked at.
        lists_per_minute: 20,
    },
    poll: PollHints {
        apps: Duration::from_secs(15),
        environments: Duration::from_secs(15),
        changing: Duration::from_secs(5),
        running: Duration::from_secs(5),
        history: Duration::from_secs(15),
        // With their health: two requests.
        selected: Some(Duration::from_secs(30)),
        backup_running: Duration::from_secs(30),
        slow: Duration::from_mins(5),
    },
    // Each deployment carries the whole configuration and its progress.
    history: 20,
    changes_variables_together: true,
    restores_beside: true,
    previews: &[
        Capability::RollBack,
        Capability::Scale,
        Capability::Autoscale,
        Capability::SetVariable,
        Capability::UnsetVariable,
        Capability::AddDomain,
        Capability::UpdateDomain,
        Capability::RemoveDomain,
        Capability::UpdateEnvironment,
        Capability::CreateApp,
        Capability::UpdateApp,
        Capability::RestoreBackup,
    ],
    specials: &[],
    others: &[],
    creation: Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: false,
    deployment_log: LogDelivery::Stream,
    runtime_log: LogDelivery::Stream,
    runtime_history: LogHistory::Newest(10_000),
    base_url: "https://api.digitalocean.com",
    token_variables: &["DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"],
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
    Ok(Arc::new(DigitalOcean { api }))
}
