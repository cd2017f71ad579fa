//! PandaStack: managed apps, dialect `api-v1`, and the projects of dialect `v1` where it is served.
//!
//! Little of it is published, so that answers are read tolerantly. `paths` names every operation,
//! `ids` tells managed apps from projects, `api` asks, `decode` takes answers apart, `words` turns
//! words for states into states, `map` makes the
//! model of it, `dialect` finds out what the host serves; `reads` answers questions
//! about managed apps, `projects` has all of dialect `v1`, `operate` carries out, `progress` follows,
//! `lost` finds out what became of an operation whose answer was lost, `known` remembers deployments
//! between runs, `verdicts` what verifications of domains said, `trail` the states that were seen,
//! `tail` follows logs.

mod api;
mod decode;
mod dialect;
mod failure;
mod fresh;
mod ids;
mod known;
mod lost;
mod map;
mod operate;
pub mod paths;
mod platform;
mod progress;
mod projects;
mod reads;
mod special;
mod support;
mod tail;
mod trail;
mod verdicts;
mod words;

use std::sync::Arc;
use std::time::Duration;

use self::api::Api;
use self::platform::PandaStack;
use super::http::Patience;
use super::{Connection, Platform};
use crate::model::catalogue::{Field, FieldKind};
use crate::model::{
    Creation, Failure, LogDelivery, LogHistory, PollHints, Profile, RatePolicy, Setting, Vocabulary,
};

/// PandaStack before it is asked.
pub const PROFILE: Profile = Profile {
    name: "pandastack",
    title: "PandaStack",
    vocabulary: Vocabulary {
        app: ("app", "apps"),
        environment: ("environment", "environments"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("organisation", "organisations"),
    },
    // Nothing is documented.
    rate: RatePolicy {
        per_minute: 60,
        burst: 20,
        concurrent: 3,
        lists_per_minute: 15,
    },
    // Source: PandaStack contract, section 4.
    poll: PollHints {
        apps: Duration::from_secs(15),
        environments: Duration::from_secs(15),
        selected: None,
        changing: Duration::from_secs(5),
        running: Duration::from_secs(3),
        history: Duration::from_secs(15),
        // There are none.
        backup_running: Duration::from_mins(5),
        slow: Duration::from_mins(2),
    },
    history: 50,
    changes_variables_together: true,
    restores_beside: false,
    previews: &[],
    specials: special::SPECIALS,
    others: &[],
    creation: Creation {
        name: "The slug of an app in the catalogue, which the API does not list",
        fields: &[Field::new(
            "set",
            FieldKind::Pairs,
            "What else goes into the request: region=us plan={\"size\":1}",
        )
        .optional()],
    },
    settings: &[
        Setting {
            name: "dialect",
            about: "which of its two APIs is used",
            allowed: &["auto", "api-v1", "v1"],
        },
        Setting {
            name: "length",
            about: "the value of `length` in requests, which is not explained; left out otherwise",
            allowed: &[],
        },
    ],
    client: None,
    deployments_note: Some(
        "of a managed app, the deployments known to flightdeck: PandaStack's API lists none",
    ),
    deploys_environments: false,
    deployment_log: LogDelivery::Stream,
    runtime_log: LogDelivery::Stream,
    runtime_history: LogHistory::None(
        "PandaStack's API has no older lines than the stream begins with",
    ),
    base_url: "https://api.pandastack.io",
    token_variables: &["PANDASTACK_API_TOKEN"],
};

/// Makes a client. Sends nothing and asks for no token yet.
///
/// # Errors
/// `Validation` for a base URL the token may not go to, `Network` (TLS) without trusted
/// certificates.
pub fn connect(connection: Connection) -> Result<Arc<dyn Platform>, Failure> {
    // Source: PandaStack contract, section 2.
    let patience = Patience {
        connect: Duration::from_secs(10),
        ..Patience::default()
    };
    connect_with(connection, patience)
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
    Ok(Arc::new(PandaStack { api }))
}
