//! What the control port can make happen to a platform where nothing runs: one that manages the
//! projects of an organisation.

use axum::Router;
use serde::Deserialize;

use super::{Controlled, run::command};
use crate::sim::host::Command;

/// One of the things that can happen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tenant {
    /// Another user makes a project.
    Create {
        /// Its name.
        name: String,
        /// Where it is.
        geo: String,
    },
    /// Another user gives a project another name, or the organisation.
    Rename {
        /// Identifier, or name, of the project; identifier of the organisation.
        application: String,
        /// Its name from now on.
        name: String,
    },
    /// How long tokens are good for that are given out from now on.
    Lifetime {
        /// Real seconds.
        seconds: f64,
    },
    /// Where answers lead to when they lead to another host.
    Location {
        /// Scheme and host.
        address: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateRequest {
    name: String,
    geo: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenameRequest {
    application: String,
    name: String,
}

/// The routes of these.
pub(super) fn routes() -> Router<Controlled> {
    Router::new()
        .route("/_sim/create", command(create))
        .route("/_sim/rename", command(rename))
        .route("/_sim/lifetime", command(lifetime))
        .route("/_sim/location", command(location))
}

fn create(CreateRequest { name, geo }: CreateRequest) -> Command {
    Command::Tenant(Tenant::Create { name, geo })
}

fn rename(RenameRequest { application, name }: RenameRequest) -> Command {
    Command::Tenant(Tenant::Rename { application, name })
}

fn lifetime(seconds: f64) -> Command {
    Command::Tenant(Tenant::Lifetime { seconds })
}

fn location(address: String) -> Command {
    Command::Tenant(Tenant::Location { address })
}
