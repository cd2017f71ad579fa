//! PandaStack behind a server of our own, where projects are served.

use flightdeck::model::{Operation, OperationKind, OrgId};
use flightdeck::platforms::{Connection, Settings, pandastack};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, done_to};

pub(crate) const WHOAMI: &str = "/v1/whoami";
pub(crate) const MANAGED: &str = "/api/v1/managed-apps/";
pub(crate) const PROJECTS: &str = "/v1/projects";
pub(crate) const SHOP: &str = "/v1/projects/shop";
pub(crate) const DEPLOY: &str = "/v1/projects/shop/deploy";
pub(crate) const HISTORY: &str = "/v1/projects/shop/deployments";

/// A context that keeps to a dialect, with an organisation that is configured.
pub(crate) async fn start(dialect: &str) -> Bench {
    start_with(dialect, |connection| {
        connection.organisation = Some(OrgId::new("1234567890"));
    })
    .await
}

pub(crate) async fn start_with(dialect: &str, change: impl FnOnce(&mut Connection)) -> Bench {
    let dialect = dialect.to_owned();
    Bench::start("pandastack", pandastack::connect, operation, |connection| {
        connection.settings = Settings([("dialect", dialect)].into());
        change(connection);
    })
    .await
}

/// Something done to the project `shop`.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to("project:shop", "project:shop", "shop", kind)
}

/// It is so much later. Between requests only: while one is under way, time must not stand.
pub(crate) async fn later(by: std::time::Duration) {
    tokio::time::pause();
    tokio::time::advance(by).await;
    tokio::time::resume();
}

/// A good answer.
pub(crate) fn good(data: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": data}))
}

/// A good answer with a list.
pub(crate) fn list(items: &[Value]) -> ResponseTemplate {
    good(&json!({"items": items, "total": items.len()}))
}

/// A refusal.
pub(crate) fn bad(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let error = json!({"success": false, "error": {"code": code, "message": message}});
    ResponseTemplate::new(status).set_body_json(error)
}

pub(crate) fn whoami() -> ResponseTemplate {
    good(&json!({"orgId": 42, "orgName": "Acme", "role": "owner", "plan": "pro"}))
}
