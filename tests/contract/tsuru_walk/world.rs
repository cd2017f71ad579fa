//! A simulated server, and an adapter that talks to it.

use std::collections::BTreeMap;
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    AppId, Consent, ContextId, EnvId, Operation, OperationEvent, OperationKind, PageRequest,
    Secret, Stage, Target, Text, Unit,
};
use flightdeck::platforms::{Platform, tsuru};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::connection;
use crate::nobody::Nobody;

/// Simulated seconds in a second; the engine's pauses pass as fast.
const SPEED: u16 = 200;

/// An app that was deployed many times, and its first process.
pub(super) const APP: &str = "atlas";
pub(super) const WEB: &str = "atlas/web";

/// Names of operations, and how often they were asked for.
pub(super) type Counts = BTreeMap<String, u64>;

pub(super) struct World {
    pub(super) platform: Arc<dyn Platform>,
    simulator: Simulator,
    http: reqwest::Client,
}

impl World {
    pub(super) async fn new() -> Self {
        let simulator = Simulator::start(SimOptions {
            story: false,
            speed: f64::from(SPEED),
            platforms: vec!["tsuru"],
            rate_limits: None,
            ..SimOptions::default()
        });
        let simulator = simulator.await.unwrap();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            platform: connect(&simulator),
            http: builder.build().unwrap(),
            simulator,
        }
    }

    /// Another client, which remembers nothing.
    pub(super) fn connect(&self) -> Arc<dyn Platform> {
        connect(&self.simulator)
    }

    /// Makes something happen in the server.
    pub(super) async fn control(&self, what: &str, body: &Value) -> Value {
        let address = format!("{}/_sim/{what}", self.simulator.control_url());
        let answer = self.http.post(address).body(body.to_string());
        let answer = answer.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{what} {body}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The newest minor version that the server knows; nothing for what there is today.
    pub(super) async fn age(&self, minor: Option<u32>) {
        self.control("age", &json!(minor)).await;
    }

    /// What it answers to somebody who is no adapter.
    pub(super) async fn get(&self, path: &str) -> Value {
        let served = &self.simulator.platforms()[0];
        let request = self.http.get(format!("{}{path}", served.base_url));
        let answer = request.bearer_auth(&served.token).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What it was asked for.
    pub(super) async fn counts(&self) -> Counts {
        self.numbers("operations").await
    }

    /// How often it was asked for anything.
    pub(super) async fn total(&self) -> u64 {
        self.counts().await.values().sum()
    }

    async fn numbers(&self, of: &str) -> Counts {
        let address = format!("{}/_sim/requests", self.simulator.control_url());
        let answer = self.http.get(address).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let counts: Value = serde_json::from_str(&text).unwrap();
        let counts = counts[of].as_object().unwrap().iter();
        let counts = counts.map(|(name, count)| (name.clone(), count.as_u64().unwrap()));
        counts.collect()
    }

    pub(super) async fn units(&self) -> Vec<Unit> {
        let web = EnvId::new(WEB);
        let page = self.platform.units(&web, PageRequest::first()).await;
        page.unwrap().items
    }

    /// Carries it out with the engine, to its end.
    pub(super) async fn run(&self, operation: Operation) -> Stage {
        let pace = Pace::times(NonZeroU32::from(NonZeroU16::new(SPEED).unwrap()));
        let terms = Terms {
            pace,
            ..Terms::new(Consent::default(), Arc::new(Nobody))
        };
        let platform = Arc::clone(&self.platform);
        let mut note = |_: &OperationEvent| {};
        let clock = || Timestamp::UNIX_EPOCH;
        run_operation(platform, operation, terms, clock, true, &mut note).await
    }
}

fn connect(simulator: &Simulator) -> Arc<dyn Platform> {
    let served = simulator.platforms()[0].clone();
    let mut connection = connection(&served.base_url);
    connection.credential = Arc::new(move || Ok(Secret::new(served.token.as_str())));
    tsuru::connect(connection).unwrap()
}

/// Done to a process of an app, or `app/` for all of it.
pub(super) fn operation(place: &str, kind: OperationKind) -> Operation {
    let (app, process) = place.split_once('/').unwrap();
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new(app)),
            environment: (!process.is_empty()).then(|| EnvId::new(place)),
            title: Text::clean(place),
            class: None,
        },
        kind,
    }
}

/// What came after `before`.
pub(super) fn since(before: &Counts, mut now: Counts) -> Counts {
    for (name, count) in before {
        if let Some(later) = now.get_mut(name) {
            *later -= count;
        }
    }
    now.retain(|_, count| *count > 0);
    now
}
