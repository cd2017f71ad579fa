//! tsuru: the API of a self-hosted server, whose version is whatever its owner runs.
//!
//! `paths` names every operation with the one version it answers to, `ids` the composite
//! identifiers, `api` asks, `paging` cuts histories, `memory` keeps what a later question is about,
//! `missing` what the server is too old for, `folded` reads records whatever the case of their keys,
//! `wire` mirrors them, `map` judges what they mean, `failure` reads the platform's plain texts; `reads`
//! answers questions, `operate` carries out, `special` declares what only tsuru has, `preview` asks what
//! a change would do, `progress` follows, `lost` finds out what became of an operation whose answer was
//! lost, `stream` reads the three kinds of streams, `live` keeps what an action of our own prints,
//! `tail` and `console` follow.

mod api;
mod console;
mod failure;
mod folded;
mod ids;
mod live;
mod lost;
mod map;
mod memory;
mod missing;
mod operate;
mod paging;
pub mod paths;
mod platform;
mod preview;
mod progress;
mod reads;
mod special;
mod stream;
mod support;
mod tail;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use self::api::Api;
use self::platform::Tsuru;
use super::http::Patience;
use super::{Connection, Platform};
use crate::model::{
    Capability, Creation, Failure, LogDelivery, LogHistory, OtherKind, PollHints, Profile,
    RatePolicy, Vocabulary,
};

/// What tsuru lists that no other platform has.
const OTHERS: &[OtherKind] = &[
    OtherKind {
        name: "pools",
        about: "where apps run",
    },
    OtherKind {
        name: "platforms",
        about: "what apps are built with",
    },
    OtherKind {
        name: "routers",
        about: "what leads requests to apps",
    },
    OtherKind {
        name: "volumes",
        about: "storage that apps mount",
    },
    OtherKind {
        name: "clusters",
        about: "where pools have their machines",
    },
    OtherKind {
        name: "users",
        about: "who may do what",
    },
    OtherKind {
        name: "tokens",
        about: "credentials of teams",
    },
    OtherKind {
        name: "roles",
        about: "what there is to be allowed",
    },
    OtherKind {
        name: "webhooks",
        about: "who is told of events",
    },
    OtherKind {
        name: "kinds",
        about: "kinds of events",
    },
];

/// tsuru before it is asked.
pub const PROFILE: Profile = Profile {
    name: "tsuru",
    title: "tsuru",
    vocabulary: Vocabulary {
        app: ("app", "apps"),
        environment: ("process", "processes"),
        deployment: ("deploy", "deploys"),
        backup: ("backup", "backups"),
        organisation: ("team", "teams"),
    },
    // Nothing is documented: the server is the team's own, and its list of apps asks every cluster.
    rate: RatePolicy {
        per_minute: 120,
        burst: 40,
        concurrent: 4,
        lists_per_minute: 20,
    },
    poll: PollHints {
        apps: Duration::from_secs(15),
        environments: Duration::from_secs(15),
        // Not faster: the list asks every cluster for its pods.
        changing: Duration::from_secs(10),
        running: Duration::from_secs(3),
        history: Duration::from_secs(10),
        selected: Some(Duration::from_secs(5)),
        // There are none.
        backup_running: Duration::from_mins(5),
        slow: Duration::from_mins(1),
    },
    // Entries of the trail carry their whole logs.
    history: 20,
    changes_variables_together: true,
    restores_beside: false,
    previews: &[
        Capability::Deploy,
        Capability::DeployImage,
        Capability::RollBack,
        Capability::Restart,
        Capability::Stop,
        Capability::Start,
        Capability::Scale,
        Capability::Autoscale,
        Capability::RunCommand,
        Capability::SetVariable,
        Capability::UnsetVariable,
        Capability::AttachService,
        Capability::DetachService,
        Capability::DeleteApp,
        Capability::Special,
    ],
    specials: special::SPECIALS,
    others: OTHERS,
    creation: Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: false,
    deployment_log: LogDelivery::Stream,
    runtime_log: LogDelivery::Stream,
    runtime_history: LogHistory::Newest(10_000),
    // There is no usual place: a target is configured, or found where the official client keeps it.
    base_url: "http://localhost:8080",
    token_variables: &["TSURU_TOKEN"],
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
    Ok(Arc::new(Tsuru { api }))
}
