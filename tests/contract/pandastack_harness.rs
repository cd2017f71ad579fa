//! PandaStack behind a server of our own.

use std::time::Duration;

use flightdeck::model::{Operation, OperationKind, OrgId};
use flightdeck::platforms::{Connection, pandastack};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, done_to, fixture_of};

/// The organisation that is configured.
pub(crate) const ORGANISATION: &str = "7312";

/// An app that runs.
pub(crate) const APP: &str = "4182";

/// Its deployment.
pub(crate) const DEPLOYMENT: &str = "6f0c1a52-9f0e-4a7e-8f3f-0d3b6f1f7a11";

/// The list of managed apps.
pub(crate) const LIST: &str = "/api/v1/managed-apps/";

pub(crate) const WHOAMI: &str = "/v1/whoami";
pub(crate) const PROJECTS: &str = "/v1/projects";
pub(crate) const SHOP: &str = "/v1/projects/shop";
pub(crate) const HISTORY: &str = "/v1/projects/shop/deployments";

/// One answer of `tests/fixtures/pandastack`.
pub(crate) fn fixture(name: &str) -> Value {
    fixture_of("pandastack", name)
}

/// With an organisation. What is not answered is 404: projects are not served.
pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    bench(operation, change).await
}

/// A context that keeps to a dialect, where things are done to the project `shop`.
pub(crate) async fn keeping_to(dialect: &str) -> Bench {
    bench(on_shop, |it| set(it, "dialect", dialect)).await
}

/// With an organisation, where things are done to what `operation` says.
pub(crate) async fn bench(
    operation: fn(OperationKind) -> Operation,
    change: impl FnOnce(&mut Connection),
) -> Bench {
    let change = |connection: &mut Connection| {
        connection.organisation = Some(OrgId::new(ORGANISATION));
        change(connection);
    };
    Bench::start("pandastack", pandastack::connect, operation, change).await
}

/// Sets what only contexts of PandaStack have.
pub(crate) fn set(connection: &mut Connection, name: &'static str, value: &str) {
    connection.settings.0.insert(name, value.to_owned());
}

/// With the apps of the fixture.
pub(crate) async fn with_apps() -> Bench {
    let panda = start().await;
    panda.get(LIST, "apps").await;
    panda
}

/// An answer with a time of the server's.
pub(crate) fn at(date: &str, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("date", date)
        .set_body_json(body)
}

pub(crate) fn refused(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A good answer of dialect `v1`.
pub(crate) fn good(data: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": data}))
}

/// A good answer with a list.
pub(crate) fn list(items: &[Value]) -> ResponseTemplate {
    good(&json!({"items": items, "total": items.len()}))
}

/// A refusal of dialect `v1`.
pub(crate) fn bad(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let error = json!({"code": code, "message": message});
    refused(status, &json!({"success": false, "error": error}))
}

/// What dialect `v1` says of the token.
pub(crate) fn whoami() -> ResponseTemplate {
    good(&json!({"orgId": 7312, "orgName": "Acme", "role": "admin", "plan": "pro"}))
}

/// Time passes at once, and then goes on as usual. Between requests only: while one is under way,
/// time must not stand.
pub(crate) async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Something done to an app.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(APP, APP, "ops-n8n", kind)
}

/// Something done to the project `shop`.
pub(crate) fn on_shop(kind: OperationKind) -> Operation {
    done_to("project:shop", "project:shop", "shop", kind)
}
