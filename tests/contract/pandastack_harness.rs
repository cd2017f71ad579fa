//! PandaStack behind a server of our own.

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

/// One answer of `tests/fixtures/pandastack`.
pub(crate) fn fixture(name: &str) -> Value {
    fixture_of("pandastack", name)
}

/// With an organisation. What is not answered is 404: projects are not served.
pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    let with_organisation = |connection: &mut Connection| {
        connection.organisation = Some(OrgId::new(ORGANISATION));
        change(connection);
    };
    Bench::start(
        "pandastack",
        pandastack::connect,
        operation,
        with_organisation,
    )
    .await
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

/// What dialect `v1` says of the token.
pub(crate) fn whoami() -> Value {
    json!({"success": true, "data": {
        "orgId": 7312, "orgName": "Acme", "role": "admin", "plan": "pro",
    }})
}

/// Something done to an app.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(APP, APP, "ops-n8n", kind)
}
