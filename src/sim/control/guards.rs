//! What stands in the way of requests from now on.

use axum::Router;
use serde::Deserialize;

use super::{Controlled, run::command};
use crate::sim::host::{Command, Dialect, Guard};

/// The routes of these.
pub(super) fn routes() -> Router<Controlled> {
    Router::new()
        .route("/_sim/age", command(age))
        .route("/_sim/expire", command(expire))
        .route("/_sim/lock", command(lock))
        .route("/_sim/throttle", command(throttle))
        .route("/_sim/block", command(block))
        .route("/_sim/dns", command(dns))
        .route("/_sim/dialect", command(dialect))
}

fn guard(guard: Guard) -> Command {
    Command::Guard(guard)
}

/// `null` makes the server new again.
fn age(minor: Option<u32>) -> Command {
    guard(Guard::Age { minor })
}

fn expire(expired: bool) -> Command {
    guard(Guard::Expire { expired })
}

/// `"api-v1"`, `"v1"` or `"both"`.
fn dialect(dialect: Dialect) -> Command {
    guard(Guard::Dialect(dialect))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LockRequest {
    application: String,
    kind: Option<String>,
    seconds: Option<f64>,
}

fn lock(it: LockRequest) -> Command {
    guard(Guard::Lock {
        application: it.application,
        kind: it.kind,
        seconds: it.seconds,
    })
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

fn throttle(it: ThrottleRequest) -> Command {
    guard(Guard::Throttle {
        application: it.application,
        kind: it.kind,
        most: it.most,
        seconds: it.seconds,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockRequest {
    application: String,
    #[serde(default)]
    kind: String,
    reason: String,
}

fn block(it: BlockRequest) -> Command {
    guard(Guard::Block {
        application: it.application,
        kind: it.kind,
        reason: it.reason,
    })
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
fn dns(it: DnsRequest) -> Command {
    guard(Guard::Dns {
        application: it.application,
        exists: it.exists,
    })
}
