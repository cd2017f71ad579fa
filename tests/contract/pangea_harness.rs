//! Pangea behind a server of our own. Bodies are written after the contract: there is no server to
//! record from.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use flightdeck::model::{AppId, EnvId, Failure, Operation, OperationKind, OrgId, Text};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Settings, pangea};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::{Bench, done_to};

pub(crate) const ORG: &str = "poi_w3kzq7h2m5xj4t6vbn2cydfr3sgp7uae";
pub(crate) const PROJECT: &str = "ppi_m4xt7q2jz5kvh3wbn6cydfr2sgp4uaei";
pub(crate) const OTHER: &str = "ppi_b7ryd3cq5wk2mxh6tnz4vjfs3gp7uaeo";
pub(crate) const REQUEST: &str = "prq_k5m2x7wqz3jh6tvbn4cydfr7sgp2uaei";

pub(crate) const GET_ORG: &str = "/v1beta/platform/org/get";
pub(crate) const UPDATE_ORG: &str = "/v1beta/platform/org/update";
pub(crate) const GET: &str = "/v1beta/platform/project/get";
pub(crate) const LIST: &str = "/v1beta/platform/project/list";
pub(crate) const CREATE: &str = "/v1beta/platform/project/create";
pub(crate) const UPDATE: &str = "/v1beta/platform/project/update";
pub(crate) const DELETE: &str = "/v1beta/platform/project/delete";
pub(crate) const TOKEN_PATH: &str = "/v1beta/oauth/token";

pub(crate) async fn start() -> Bench {
    start_with(|_| {}).await
}

/// Nobody loses patience: time may be frozen.
pub(crate) async fn start_with(change: impl FnOnce(&mut Connection)) -> Bench {
    let patience = Duration::from_hours(1_000);
    let connect = move |connection: Connection| {
        let patience = Patience {
            connect: patience,
            read: patience,
            write: patience,
            idle: patience,
        };
        pangea::connect_with(connection, patience)
    };
    Bench::start("pangea", connect, operation, |connection| {
        connection.organisation = Some(OrgId::new(ORG));
        change(connection);
    })
    .await
}

/// Settings of the context.
pub(crate) fn settings(pairs: &[(&'static str, &str)]) -> Settings {
    let pairs = pairs.iter();
    Settings(
        pairs
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect(),
    )
}

/// An answer in its envelope.
pub(crate) fn envelope(http: u16, status: &str, summary: &str, result: &Value) -> ResponseTemplate {
    ResponseTemplate::new(http).set_body_json(json!({
        "request_id": REQUEST,
        "request_time": "2026-05-04T10:11:12.130Z",
        "response_time": "whenever",
        "status": status,
        "summary": summary,
        "result": result,
        "invented": {"tomorrow": true},
    }))
}

pub(crate) fn success(result: &Value) -> ResponseTemplate {
    envelope(200, "Success", "", result)
}

/// An answer that comes later.
pub(crate) fn later(result: &Value) -> ResponseTemplate {
    envelope(202, "Accepted", "", result)
}

pub(crate) fn project(id: &str, name: &str) -> Value {
    json!({
        "id": id, "name": name, "org": ORG, "geo": "us", "region": "us-west-1",
        "created_at": "2025-03-01T12:00:00.000Z", "updated_at": "2025-03-02T12:00:00.000Z",
    })
}

pub(crate) fn organisation() -> Value {
    json!({
        "id": ORG, "name": "Example Ltd", "owner": "pui_owner", "owner_email": "ann@example.com",
        "csp": "aws", "created_at": "2025-01-01T12:00:00.000Z",
    })
}

/// The list of these projects, which are all.
pub(crate) fn listing(projects: &[Value]) -> ResponseTemplate {
    success(&json!({"results": projects, "count": projects.len(), "offset": 0}))
}

pub(crate) fn app() -> AppId {
    AppId::new(PROJECT)
}

pub(crate) fn region() -> EnvId {
    EnvId::new(PROJECT)
}

/// Something done to a project.
pub(crate) fn operation(kind: OperationKind) -> Operation {
    done_to(PROJECT, PROJECT, "checkout", kind)
}

pub(crate) fn create(name: &str, inputs: &[(&str, &str)]) -> OperationKind {
    let inputs = inputs.iter();
    OperationKind::CreateApp {
        name: name.to_owned(),
        inputs: inputs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

pub(crate) fn rename(name: &str) -> OperationKind {
    OperationKind::UpdateApp {
        name: name.to_owned(),
    }
}

pub(crate) fn delete(typed_name: &str) -> OperationKind {
    OperationKind::DeleteApp {
        typed_name: typed_name.to_owned(),
    }
}

pub(crate) fn rename_organisation(name: &str) -> OperationKind {
    OperationKind::RenameOrganisation {
        id: OrgId::new(ORG),
        name: name.to_owned(),
    }
}

/// A failure in all the words that anybody sees.
pub(crate) fn told(failure: &Failure) -> String {
    format!(
        "{failure:?} {failure} {} {}",
        failure.advice(),
        failure.short()
    )
}

pub(crate) fn note(note: Option<&Text>) -> &str {
    note.map_or("", Text::as_str)
}

/// A server of somebody else, that welcomes everybody and must hear of nobody.
pub(crate) struct Stranger(pub(crate) MockServer);

impl Stranger {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start().await;
        let welcome = json!({
            "status": "Success", "request_id": "prq_stranger", "result": {},
            "access_token": "canary-stranger", "expires_in": 3600,
        });
        let answer = ResponseTemplate::new(200).set_body_json(welcome);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self(server)
    }

    pub(crate) async fn heard_nothing(&self) {
        let requests = self.0.received_requests().await.unwrap();
        assert!(requests.is_empty(), "{requests:?}");
    }
}

/// Time stands still, and passes when it is told to. What blocks keeps it from running ahead while
/// somebody waits for the network.
pub(crate) struct Frozen(#[expect(dead_code, reason = "its end lets the thread go")] Sender<()>);

impl Frozen {
    pub(crate) fn start() -> Self {
        tokio::time::pause();
        let (end, wait) = channel::<()>();
        tokio::task::spawn_blocking(move || wait.recv());
        Self(end)
    }

    pub(crate) async fn pass(&self, time: Duration) {
        tokio::time::advance(time).await;
    }

    /// Lets time pass until there is an answer.
    pub(crate) async fn until<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                answer = &mut work => return answer,
                () = self.pass(Duration::from_millis(50)) => {}
            }
        }
    }
}
