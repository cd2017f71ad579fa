//! What the control port can make happen to a platform where nothing runs: one that manages the
//! projects of an organisation.

use axum::{Router, extract::State, routing::post};
use serde::Deserialize;

use super::{
    control::{Answer, Controlled, run},
    host::Command,
};

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
pub(crate) fn routes() -> Router<Controlled> {
    Router::new()
        .route("/_sim/create", post(create))
        .route("/_sim/rename", post(rename))
        .route("/_sim/lifetime", post(lifetime))
        .route("/_sim/location", post(location))
}

async fn create(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |CreateRequest { name, geo }| {
        Command::Tenant(Tenant::Create { name, geo })
    })
}

async fn rename(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |RenameRequest { application, name }| {
        Command::Tenant(Tenant::Rename { application, name })
    })
}

async fn lifetime(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |seconds| {
        Command::Tenant(Tenant::Lifetime { seconds })
    })
}

async fn location(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |address| {
        Command::Tenant(Tenant::Location { address })
    })
}
