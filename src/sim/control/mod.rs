//! The control port: what tests use to look at a simulator and to make things happen in it.

mod commands;
mod floods;
mod guards;
mod run;
mod tenant;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};

pub(crate) use self::{floods::Floods, tenant::Tenant};
use super::{
    fault_book::FaultBook,
    faults::{Effect, Fault, parse_faults},
    host::Host,
    journal::Journal,
    streams::Streams,
};

/// What the control port reaches.
#[derive(Clone)]
pub(crate) struct Controlled {
    pub(crate) hosts: Arc<[Host]>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Arc<FaultBook>,
    pub(crate) streams: Arc<Streams>,
    pub(crate) floods: Arc<Floods>,
}

impl Controlled {
    /// Why these faults make no sense for what is served.
    pub(crate) fn refused(&self, faults: &[Fault]) -> Option<String> {
        faults.iter().find_map(|fault| self.strange_shape(fault))
    }

    /// What to say of a shape that no platform the fault concerns can take.
    fn strange_shape(&self, fault: &Fault) -> Option<String> {
        let Effect::Shape(shape) = &fault.effect else {
            return None;
        };
        let wanted = fault.matcher.context.as_deref();
        let concerned = self
            .hosts
            .iter()
            .filter(|host| wanted.is_none_or(|wanted| wanted == host.context));
        let known: Vec<&str> = concerned
            .flat_map(|host| host.platform.shapes())
            .copied()
            .collect();
        let strange = |part: &&str| !known.is_empty() && !known.contains(part);
        let part = shape.split('+').find(strange)?;
        let known = known.join(", ");
        Some(format!(
            "no shape `{part}`; one of {known} is needed, or several joined by `+`"
        ))
    }
}

/// What the control port answers.
type Answer = (StatusCode, Json<Value>);

/// The routes of the control port.
pub(crate) fn router(controlled: Controlled) -> Router {
    Router::new()
        .route("/_sim/requests", get(requests).delete(reset))
        .route(
            "/_sim/faults",
            get(faults).post(add_faults).delete(clear_faults),
        )
        .route("/_sim/cut", post(cut))
        .route("/_sim/state", get(state))
        .merge(commands::routes())
        .merge(floods::routes())
        .merge(guards::routes())
        .merge(tenant::routes())
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(controlled)
}

async fn requests(State(sim): State<Controlled>) -> Json<Value> {
    let mut counts = sim.journal.to_json();
    counts["streams"] = sim.streams.to_json();
    Json(counts)
}

async fn reset(State(sim): State<Controlled>) -> StatusCode {
    sim.journal.reset();
    sim.streams.reset();
    StatusCode::NO_CONTENT
}

async fn faults(State(sim): State<Controlled>) -> Json<Value> {
    Json(json!({ "faults": sim.faults.list() }))
}

async fn add_faults(State(sim): State<Controlled>, text: String) -> Answer {
    match parse_faults(&text) {
        Ok(faults) => match sim.refused(&faults) {
            Some(wrong) => refuse(&wrong),
            None => (
                StatusCode::OK,
                Json(json!({ "active": sim.faults.add(faults) })),
            ),
        },
        Err(error) => refuse(&error.to_string()),
    }
}

async fn clear_faults(State(sim): State<Controlled>) -> StatusCode {
    sim.faults.clear();
    StatusCode::NO_CONTENT
}

/// Cuts all streams that are open now.
async fn cut(State(sim): State<Controlled>) -> Json<Value> {
    Json(json!({ "cut": sim.streams.cut_all() }))
}

async fn state(State(sim): State<Controlled>) -> Json<Value> {
    const MOST: usize = 100;
    let described = sim.hosts.iter().map(|host| {
        let apps = host.platform.overview(MOST);
        json!({ "platform": host.name, "context": host.context, "apps": apps })
    });
    let contexts: Vec<Value> = described.collect();
    let apps = contexts.first().map(|first| first["apps"].clone());
    Json(json!({ "apps": apps, "contexts": contexts }))
}

fn refuse(error: &str) -> Answer {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}
