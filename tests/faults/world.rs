//! A simulator, the adapter that talks to it, and a client that looks at what really happened.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    AppId, Consent, ContextId, EnvId, Operation, OperationEvent, OperationKind, OrgId, Safety,
    Secret, Stage, Target, Text,
};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Connection, Platform};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::nobody::Nobody;
use crate::cases::{Case, Ground, Ready};

/// The looks after a lost answer come after 20, 100, 200 and 400 ms.
const FASTER: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// Much longer than the simulator takes, much shorter than a minute.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_500);

pub(crate) fn clock() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

pub(crate) fn pace() -> Pace {
    Pace::times(FASTER)
}

pub(crate) struct World {
    pub(crate) ground: &'static Ground,
    simulator: Simulator,
    http: reqwest::Client,
    pub(crate) platform: Arc<dyn Platform>,
}

impl World {
    /// In which what takes time takes next to none, or as long as at the platform.
    pub(crate) async fn new(ground: &'static Ground, is_slow: bool) -> Self {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(SimOptions {
            story: false,
            speed: if is_slow { 1.0 } else { 500.0 },
            platforms: vec![ground.name],
            rate_limits: None,
            ..SimOptions::default()
        });
        let simulator = simulator.await.unwrap();
        let served = simulator.platforms()[0].clone();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let token = served.token;
        let connection = Connection {
            base_url: served.base_url.parse().unwrap(),
            credential: Arc::new(move || Ok(Secret::new(token.as_str()))),
            read_only: false,
            organisation: served.organisation.as_deref().map(OrgId::new),
            settings: flightdeck::platforms::Settings::default(),
            notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
            allow_plain_http: false,
        };
        let patience = Patience {
            write: ANSWER_WITHIN,
            idle: ANSWER_WITHIN,
            ..Patience::default()
        };
        Self {
            ground,
            http: builder.build().unwrap(),
            platform: (ground.connect)(connection, patience).unwrap(),
            simulator,
        }
    }

    async fn send(&self, method: Method, address: String, body: String) -> Value {
        let token = &self.simulator.platforms()[0].token;
        let request = self.http.request(method, &address).body(body);
        let request = request
            .header("Authorization", format!("{} {token}", self.ground.scheme))
            .header("Content-Type", "application/json");
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(
            status.is_success() || status == 404,
            "{address}: {status} {text}"
        );
        if status == 404 {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// What a path of the platform answers; null if there is no such thing.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        let address = format!("{base}{}{path}", self.ground.root);
        self.send(Method::GET, address, String::new()).await
    }

    /// Asks the simulator itself.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Value {
        let address = format!("{}/_sim/{path}", self.simulator.control_url());
        self.send(Method::POST, address, body.to_string()).await
    }

    /// What there is, as the simulator sees it.
    pub(crate) async fn overview(&self) -> Vec<Value> {
        let address = format!("{}/_sim/state", self.simulator.control_url());
        let state = self.send(Method::GET, address, String::new()).await;
        state["apps"].as_array().unwrap().clone()
    }

    /// The organisation whose world it is.
    pub(crate) fn organisation(&self) -> String {
        let served = &self.simulator.platforms()[0];
        served.organisation.clone().unwrap()
    }

    /// A new world for a case, and what it needs there.
    pub(crate) async fn of(ground: &'static Ground, case: &Case) -> (Self, Ready) {
        let world = Self::new(ground, case.is_slow).await;
        let ready = (ground.prepare)(&world, case).await;
        (world, ready)
    }

    /// Whether it is up to the engine that this happens once.
    pub(crate) fn is_once(&self, operation: &Operation) -> bool {
        self.platform.safety(operation) == Safety::Once
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        let address = format!("{base}{}{path}", self.ground.root);
        self.send(Method::PUT, address, body.to_string()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        let address = format!("{base}{}{path}", self.ground.root);
        self.send(Method::POST, address, body.to_string()).await
    }

    pub(crate) async fn fault(&self, script: &Value) {
        let address = format!("{}/_sim/faults", self.simulator.control_url());
        let answer = self.send(Method::POST, address, script.to_string()).await;
        assert!(answer["active"].is_number(), "{answer}");
    }

    /// Sends an order for a deployment by hand: what comes back before the connection ends.
    pub(crate) async fn raw_answer(&self, body: &Value) -> String {
        let served = &self.simulator.platforms()[0];
        let address = served.base_url.trim_start_matches("http://");
        let body = body.to_string();
        let request = format!(
            "POST /apps/v3/deployments/ HTTP/1.1\r\nHost: {address}\r\nAuthorization: Token {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            served.token,
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A reset ends it too; what came before it counts.
        let _reset = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }

    async fn counts(&self, what: &str, operation: &str) -> u64 {
        let address = format!("{}/_sim/requests", self.simulator.control_url());
        let counts = self.send(Method::GET, address, String::new()).await;
        counts[what][operation].as_u64().unwrap_or(0)
    }

    /// How often the platform has carried out an operation.
    pub(crate) async fn acted(&self, operation: &str) -> u64 {
        self.counts("acted", operation).await
    }

    /// How often it was sent.
    pub(crate) async fn sent(&self, operation: &str) -> u64 {
        self.counts("operations", operation).await
    }

    /// Carries out an operation with the real engine; every stage it went through.
    pub(crate) async fn run(&self, operation: Operation) -> Vec<Stage> {
        let mut stages = Vec::new();
        let mut note = |event: &OperationEvent| stages.push(event.stage.clone());
        let platform = Arc::clone(&self.platform);
        run_operation(platform, operation, terms(), clock, true, &mut note).await;
        stages
    }
}

/// Nothing is written down, and time goes as fast as in the simulator.
pub(crate) fn terms() -> Terms {
    Terms {
        pace: pace(),
        ..Terms::new(Consent::default(), Arc::new(Nobody))
    }
}

/// What is ready, to be sent.
pub(crate) fn operation(ready: &Ready) -> Operation {
    let title = if let OperationKind::DeleteApp { typed_name } = &ready.kind {
        typed_name
    } else {
        "docs/test"
    };
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new(&ready.app)),
            environment: Some(EnvId::new(&ready.environment)),
            title: Text::clean(title),
            class: None,
        },
        kind: ready.kind.clone(),
    }
}
