//! `DigitalOcean` behind a server of our own.

use flightdeck::model::{Operation, OperationKind};
use flightdeck::platforms::{Connection, digitalocean};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, done_to, fixture_of};

pub(crate) const APP: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf";
pub(crate) const WEB: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf/web";

/// One answer of `tests/fixtures/digitalocean`.
pub(crate) fn fixture(name: &str) -> Value {
    fixture_of("digitalocean", name)
}

pub(crate) fn ok(name: &str) -> ResponseTemplate {
    error(200, name)
}

pub(crate) fn error(status: u16, name: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(fixture(name))
}

pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    Bench::start("digitalocean", digitalocean::connect, operation, change).await
}

/// What was sent that changes something.
pub(crate) async fn writes(ocean: &Bench) -> Vec<String> {
    let reads = ["/v2/apps/propose", "/rollback/validate"];
    let mut sent = ocean.sent().await;
    sent.retain(|line| !line.starts_with("GET") && !reads.iter().any(|it| line.ends_with(it)));
    sent
}

pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(APP, WEB, "shop/web", kind)
}

/// An answer that names a deployment.
pub(crate) fn begun(id: &str) -> Value {
    json!({"deployment": {"id": id, "phase": "PENDING_BUILD"}})
}
