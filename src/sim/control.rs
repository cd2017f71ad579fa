//! The control port: what tests use to look at a simulator and to make things happen in it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    fault_book::FaultBook,
    faults::{Effect, Fault, parse_faults},
    host::{Change, Command, Guard, Host},
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
        .route("/_sim/deploy", post(deploy))
        .route("/_sim/vanish", post(vanish))
        .route("/_sim/variable", post(variable))
        .route("/_sim/log", post(log))
        .route("/_sim/spec", post(spec))
        .route("/_sim/autoscale", post(autoscale))
        .route("/_sim/crash", post(crash))
        .route("/_sim/limits", post(limits))
        .route("/_sim/age", post(age))
        .route("/_sim/expire", post(expire))
        .route("/_sim/lock", post(lock))
        .route("/_sim/throttle", post(throttle))
        .route("/_sim/block", post(block))
        .route("/_sim/dns", post(dns))
        .route("/_sim/dialect", post(dialect))
        .route("/_sim/state", get(state))
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeployRequest {
    environment: String,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    #[default]
    Success,
    Fail,
}

async fn deploy(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |DeployRequest {
             environment,
             outcome,
         }| Command::Deploy {
            environment,
            succeeds: matches!(outcome, Outcome::Success),
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VanishRequest {
    application: String,
}

async fn vanish(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |VanishRequest { application }| {
        Command::Vanish { application }
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariableRequest {
    environment: String,
    name: String,
    value: Option<String>,
    #[serde(default)]
    remove: bool,
}

async fn variable(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |VariableRequest {
             environment,
             name,
             value,
             remove,
         }| Command::Variable {
            environment,
            name,
            change: if remove {
                Some(Change::Remove)
            } else {
                value.map(Change::Set)
            },
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogRequest {
    environment: String,
    #[serde(default)]
    lines: Vec<String>,
    rate: Option<u32>,
}

async fn log(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |LogRequest {
             environment,
             lines,
             rate,
         }| Command::Log {
            environment,
            lines,
            rate,
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecRequest {
    application: String,
    spec: Value,
}

async fn spec(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |SpecRequest { application, spec }| {
        Command::Spec { application, spec }
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AutoscaleRequest {
    environment: String,
    to: u32,
}

async fn autoscale(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |AutoscaleRequest { environment, to }| {
        Command::Autoscale { environment, to }
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrashRequest {
    environment: String,
}

async fn crash(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |CrashRequest { environment }| Command::Crash {
        environment,
    })
}

/// `null` lets all requests through.
async fn limits(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, Command::Limits)
}

/// `null` makes the server new again.
async fn age(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |minor| Command::Guard(Guard::Age { minor }))
}

async fn expire(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |expired| {
        Command::Guard(Guard::Expire { expired })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockRequest {
    application: String,
    kind: Option<String>,
    seconds: Option<f64>,
}

async fn lock(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |LockRequest {
             application,
             kind,
             seconds,
         }| {
            Command::Guard(Guard::Lock {
                application,
                kind,
                seconds,
            })
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThrottleRequest {
    application: String,
    #[serde(default)]
    kind: String,
    most: usize,
    seconds: f64,
}

async fn throttle(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |ThrottleRequest {
             application,
             kind,
             most,
             seconds,
         }| {
            Command::Guard(Guard::Throttle {
                application,
                kind,
                most,
                seconds,
            })
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockRequest {
    application: String,
    #[serde(default)]
    kind: String,
    reason: String,
}

async fn block(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |BlockRequest {
             application,
             kind,
             reason,
         }| {
            Command::Guard(Guard::Block {
                application,
                kind,
                reason,
            })
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DnsRequest {
    application: String,
    #[serde(default = "yes")]
    exists: bool,
}

fn yes() -> bool {
    true
}

/// The records of a domain exist from now on, or do not.
async fn dns(State(sim): State<Controlled>, text: String) -> Answer {
    run(
        &sim,
        &text,
        |DnsRequest {
             application,
             exists,
         }| {
            Command::Guard(Guard::Dns {
                application,
                exists,
            })
        },
    )
}

/// `"api-v1"`, `"v1"` or `"both"`.
async fn dialect(State(sim): State<Controlled>, text: String) -> Answer {
    run(&sim, &text, |dialect| {
        Command::Guard(Guard::Dialect(dialect))
    })
}

/// Reads the body, and gives the command to the first platform that it concerns.
fn run<T: DeserializeOwned>(
    sim: &Controlled,
    text: &str,
    command: impl Fn(T) -> Command,
) -> Answer {
    let request = match serde_json::from_str(text) {
        Ok(request) => request,
        Err(error) => return refuse(&error.to_string()),
    };
    let command = command(request);
    match sim
        .hosts
        .iter()
        .find_map(|host| host.platform.command(&command))
    {
        Some(Ok(done)) => (StatusCode::OK, Json(done)),
        Some(Err(refused)) => (StatusCode::CONFLICT, Json(json!({ "error": refused }))),
        None => (
            StatusCode::NOT_FOUND,
            Json(json!({ "error": "no such object" })),
        ),
    }
}

fn refuse(error: &str) -> Answer {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}
