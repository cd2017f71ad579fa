//! One served platform: what the servers and the control port need to know of it.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    RateLimits,
    clock::Clock,
    control::Tenant,
    effects::{self, Tweaks},
    fault_book::FaultBook,
    flood::Flood,
    journal::{Journal, Operation},
    server::Connection,
    streams::Streams,
};

/// The answer of a platform, in time.
pub(crate) type Answering<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// What a command has led to, or why it was refused.
pub(crate) type Commanded = Result<Value, String>;

/// A simulated platform. A new one implements this and is added to the list in `sim`.
pub(crate) trait Platform: Send + Sync + 'static {
    /// The operation a request is counted by and matched by.
    fn operation(&self, request: &Request) -> Operation;

    /// Whether a path leads to files behind links, where no token belongs.
    fn is_storage(&self, _path: &str) -> bool {
        false
    }

    /// Answers one request.
    fn answer(&self, request: Request, tweaks: Tweaks) -> Answering<'_>;

    /// Says an error that a fault asks for, in the words of the platform.
    fn error(&self, wanted: &Wanted<'_>) -> Response;

    /// Carries out a command of the control port; `None` if it does not concern this platform.
    fn command(&self, command: &Command) -> Option<Commanded>;

    /// A small overview of what exists: so many applications at the most, with their environments.
    fn overview(&self, most: usize) -> Vec<Value>;

    /// The shapes its answers can have on demand; empty where all answers have one shape.
    fn shapes(&self) -> &'static [&'static str] {
        &[]
    }
}

/// An error that a fault asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) status: StatusCode,
    /// The path that was asked.
    pub(crate) path: &'a str,
    /// What other faults say of the same answer.
    pub(crate) tweaks: &'a Tweaks,
}

impl Wanted<'_> {
    /// The words of the standard for the status.
    pub(crate) fn reason(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }
}

/// What the control port can make happen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Another user starts a deployment.
    Deploy {
        /// Identifier or slug of the environment.
        environment: String,
        /// Whether it will succeed.
        succeeds: bool,
    },
    /// An application disappears with everything in it.
    Vanish {
        /// Its identifier or slug.
        application: String,
    },
    /// Another user sets a variable, removes it, or only looks.
    Variable {
        /// Identifier or slug of the environment.
        environment: String,
        /// Its name.
        name: String,
        /// What it is from now on.
        change: Option<Change>,
    },
    /// An environment writes runtime log lines.
    Log {
        /// Identifier or slug of the environment.
        environment: String,
        /// Lines that are written now.
        lines: Vec<String>,
        /// Lines a second it writes from now on by itself; absent leaves that as it is.
        rate: Option<u32>,
        /// Lines in great number that it writes besides.
        floods: Vec<Arc<Flood>>,
    },
    /// Another user submits a specification as a whole.
    Spec {
        /// Identifier or name of the application.
        application: String,
        /// What it is from now on.
        spec: Value,
    },
    /// The number of instances of a component changes by itself.
    Autoscale {
        /// The component, as `application/component`.
        environment: String,
        /// How many there are to be.
        to: u32,
    },
    /// An instance of a component crashes and is started again.
    Crash {
        /// The component, as `application/component`.
        environment: String,
    },
    /// How many requests a token has from now on; `None` lets all through.
    Limits(Option<RateLimits>),
    /// Something stands in the way of requests from now on.
    Guard(Guard),
    /// Something happens where nothing runs but projects are managed.
    Tenant(Tenant),
}

/// What can stand in the way of requests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Guard {
    /// The server is from before routes of a newer minor version; `None` makes it new again.
    Age {
        /// The newest minor version it knows.
        minor: Option<u32>,
    },
    /// The token has expired, or is valid again.
    Expire {
        /// Whether it has.
        expired: bool,
    },
    /// Another user does something to an application that nothing else can be done beside.
    Lock {
        /// Its name.
        application: String,
        /// What the other user does; absent ends what is going on.
        kind: Option<String>,
        /// How many seconds that takes; absent is without end.
        seconds: Option<f64>,
    },
    /// Only so much can be done to an application in a time.
    Throttle {
        /// Its name.
        application: String,
        /// What is counted; empty counts everything.
        kind: String,
        /// How often it can be done.
        most: usize,
        /// In how many seconds.
        seconds: f64,
    },
    /// A domain leads to an application, or leads there no more.
    Dns {
        /// Its identifier or name.
        application: String,
        /// Whether the records exist.
        exists: bool,
    },
    /// Which of its dialects a platform serves from now on.
    Dialect(Dialect),
    /// Something is forbidden for an application.
    Block {
        /// Its name.
        application: String,
        /// What is forbidden; empty forbids everything.
        kind: String,
        /// Why.
        reason: String,
    },
}

/// Of two generations of an interface, those that are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Dialect {
    /// The documented one.
    #[serde(rename = "api-v1")]
    ApiV1,
    /// The one of the vendor's own client.
    #[serde(rename = "v1")]
    V1,
    /// Both, side by side.
    #[serde(rename = "both")]
    Both,
}

/// What becomes of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// It has this value.
    Set(String),
    /// It is gone.
    Remove,
}

/// A platform with its name and what is shared between the servers.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) name: &'static str,
    pub(crate) context: &'static str,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) clock: Clock,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Arc<FaultBook>,
    pub(crate) streams: Arc<Streams>,
}

impl Host {
    /// All requests of all paths go through one function: the platform has its own route table.
    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(serve).with_state(self.clone())
    }
}

/// Scheme and host for the links of an answer: the host that the client has asked, as frameworks
/// do it.
pub(crate) fn origin(base_url: &str, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    host.map_or_else(|| base_url.to_owned(), |host| format!("http://{host}"))
}

async fn serve(
    State(host): State<Host>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    mut request: Request,
) -> Response {
    request.extensions_mut().insert(Arc::clone(&host.streams));
    let operation = host.platform.operation(&request);
    host.journal.record(operation);
    let has_token = request.headers().contains_key(header::AUTHORIZATION);
    if has_token && host.platform.is_storage(request.uri().path()) {
        host.journal.record_token_at_storage();
    }
    let effects = host
        .faults
        .strike(operation.name, request.method().as_str(), host.context);
    effects::answer(&host, &connection, operation, request, &effects).await
}
