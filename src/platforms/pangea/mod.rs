//! Pangea: organisations and projects of its Platform API.
//!
//! Nothing runs there: a project is a container for security services. `paths` names every
//! operation, `envelope` judges answers by the platform's rule, `api` asks, `later` waits for answers
//! that come later, `login` exchanges a management client for a token at the server that `place` knows,
//! `memory` keeps what earlier answers said, `wire` mirrors the records, `map` turns them into the
//! model; `reads` answers questions, `projects` walks through the list of them, `operate` carries out,
//! `progress` follows, `lost` finds out what became of an operation whose answer was lost.

mod api;
mod envelope;
mod failure;
pub mod ids;
mod later;
mod login;
mod lost;
mod map;
mod memory;
mod operate;
pub mod paths;
pub mod place;
mod platform;
mod progress;
mod projects;
mod reads;
mod support;
mod wire;

use std::sync::Arc;
use std::time::Duration;

pub use self::failure::ADVICE;
pub use self::login::{SERVICE_TOKEN, is_service_token};

use self::api::Api;
use self::platform::Pangea;
use super::http::Patience;
use super::{Connection, Platform};
use crate::model::catalogue::{Field, FieldKind};
use crate::model::{
    Creation, Failure, LogDelivery, LogHistory, PollHints, Profile, RatePolicy, Setting, Vocabulary,
};

/// Where a project may be. An open set when reading; these are taken when one is created.
const GEOS: [(&str, &str); 2] = [("us", "United States"), ("eu", "European Union")];

/// Pangea before it is asked.
pub const PROFILE: Profile = Profile {
    name: "pangea",
    title: "Pangea",
    vocabulary: Vocabulary {
        app: ("project", "projects"),
        environment: ("region", "regions"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("organisation", "organisations"),
    },
    // Nothing is published: one request at a time, and few of them.
    rate: RatePolicy {
        per_minute: 20,
        burst: 10,
        concurrent: 1,
        lists_per_minute: 10,
    },
    // Source: Pangea contract, section 8.
    poll: PollHints {
        apps: Duration::from_mins(1),
        environments: Duration::from_mins(1),
        selected: None,
        changing: Duration::from_secs(15),
        running: Duration::from_secs(15),
        history: Duration::from_mins(10),
        // There are none.
        backup_running: Duration::from_mins(10),
        slow: Duration::from_mins(10),
    },
    history: 20,
    changes_variables_together: false,
    restores_beside: false,
    previews: &[],
    specials: &[],
    others: &[],
    creation: Creation {
        name: "The name of the project",
        fields: &[
            Field::new(
                "geo",
                FieldKind::Choice(&GEOS),
                "The part of the world its data stays in",
            ),
            Field::text(
                "region",
                "us-west-1, us-east-1, eu-central-1; its own choice otherwise",
            )
            .optional(),
        ],
    },
    settings: &[
        Setting {
            name: "domain",
            about: "where its servers are: aws.us.pangea.cloud",
            allowed: &[],
        },
        Setting {
            name: "client_id",
            about: "the id of a management client, with `client_secret` in place of `token`",
            allowed: &[],
        },
        Setting {
            name: "scope",
            about: "what the token of the client may do; all that the client may otherwise",
            allowed: &[],
        },
        Setting {
            name: "search",
            about: "only projects with one of these words, separated by commas",
            allowed: &[],
        },
        Setting {
            name: "geo",
            about: "only projects of this part of the world: us, eu",
            allowed: &[],
        },
        Setting {
            name: "region",
            about: "only projects of this region: us-west-1",
            allowed: &[],
        },
    ],
    client: Some("a management client"),
    deployments_note: None,
    deploys_environments: false,
    deployment_log: LogDelivery::None,
    runtime_log: LogDelivery::None,
    runtime_history: LogHistory::None("Pangea's API has no logs"),
    base_url: "https://api.console.aws.us.pangea.cloud",
    token_variables: &["PANGEA_MANAGEMENT_TOKEN", "PANGEA_TOKEN"],
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
    Ok(Arc::new(Pangea { api }))
}
