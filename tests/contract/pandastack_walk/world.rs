//! A simulated server, and adapters that talk to it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::time::Duration;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::catalogue::{Inputs, Value as Answer};
use flightdeck::model::{
    App, AppId, Consent, DomainId, EnvId, Operation, OperationEvent, OperationKind, OrgId,
    PageRequest, Secret, Stage, Text, Verdict,
};
use flightdeck::platforms::{Connection, Platform, pandastack};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{connection, done_to};
use crate::nobody::Nobody;

/// Simulated seconds in a second; the engine's pauses pass as fast.
const SPEED: u16 = 1_000;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct World {
    pub(super) simulator: Simulator,
    pub(super) http: reqwest::Client,
}

impl World {
    pub(super) async fn new(seed: u64) -> Self {
        let simulator = Simulator::start(SimOptions {
            story: false,
            seed,
            speed: f64::from(SPEED),
            platforms: vec!["pandastack"],
            rate_limits: None,
            ..SimOptions::default()
        });
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            simulator: simulator.await.unwrap(),
            http: builder.build().unwrap(),
        }
    }

    /// An adapter that remembers nothing yet.
    pub(super) fn connect(&self) -> Arc<dyn Platform> {
        self.connect_with(|_| {})
    }

    pub(super) fn connect_with(&self, change: impl FnOnce(&mut Connection)) -> Arc<dyn Platform> {
        let served = self.simulator.platforms()[0].clone();
        let mut connection = connection(&served.base_url);
        connection.organisation = served.organisation.map(OrgId::new);
        connection.credential = Arc::new(move || Ok(Secret::new(served.token.as_str())));
        change(&mut connection);
        pandastack::connect(connection).unwrap()
    }

    /// Asks the simulator itself.
    pub(super) async fn look(&self, what: &str) -> Value {
        let address = format!("{}/_sim/{what}", self.simulator.control_url());
        let answer = self.http.get(address).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Makes something happen in the server.
    pub(super) async fn tell(&self, what: &str, body: &Value) {
        let address = format!("{}/_sim/{what}", self.simulator.control_url());
        let answer = self.http.post(address).body(body.to_string());
        let answer = answer.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{what} {body}: {text}");
    }

    /// Gives all answers from now on one shape; its own if that is empty.
    pub(super) async fn shape(&self, shape: &str) {
        let address = format!("{}/_sim/faults", self.simulator.control_url());
        self.http.delete(&address).send().await.unwrap();
        if !shape.is_empty() {
            self.tell("faults", &json!({"context": "pandastack", "shape": shape}))
                .await;
        }
    }

    /// The names of all shapes: the refusal of a wrong one tells them.
    pub(super) async fn shapes(&self) -> Vec<String> {
        let address = format!("{}/_sim/faults", self.simulator.control_url());
        let wrong = json!({"context": "pandastack", "shape": "oval"}).to_string();
        let answer = self.http.post(address).body(wrong).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let (_, names) = text.split_once("one of ").unwrap();
        let (names, _) = names.split_once(" is needed").unwrap();
        names.split(", ").map(str::to_owned).collect()
    }

    /// What it was asked for, and how often.
    pub(super) async fn counts(&self) -> BTreeMap<String, u64> {
        let counts = self.look("requests").await;
        let counts = counts["operations"].as_object().unwrap().iter();
        let counts = counts.map(|(name, count)| (name.clone(), count.as_u64().unwrap()));
        counts.collect()
    }

    pub(super) async fn total(&self) -> u64 {
        self.counts().await.values().sum()
    }
}

pub(super) async fn apps(platform: &dyn Platform) -> Vec<App> {
    let page = platform.apps(PageRequest::first()).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

pub(super) async fn ids(platform: &dyn Platform) -> BTreeSet<AppId> {
    let apps = apps(platform).await;
    apps.into_iter().map(|app| app.id).collect()
}

/// Carries it out with the engine, to its end.
pub(super) async fn run(platform: &Arc<dyn Platform>, operation: Operation) -> Stage {
    let pace = Pace::times(NonZeroU32::from(NonZeroU16::new(SPEED).unwrap()));
    let terms = Terms {
        pace,
        ..Terms::new(Consent::default(), Arc::new(Nobody))
    };
    let shown = format!("{:?}", operation.kind);
    let mut note = |_: &OperationEvent| {};
    let clock = || Timestamp::UNIX_EPOCH;
    let platform = Arc::clone(platform);
    let running = run_operation(platform, operation, terms, clock, true, &mut note);
    let ended = timeout(PATIENCE, Box::pin(running)).await;
    ended.unwrap_or_else(|_| panic!("{shown} does not end"))
}

/// How it ended, in words.
pub(super) fn verdict(stage: &Stage) -> String {
    let Stage::Ended(verdict) = stage else {
        return format!("{stage:?}");
    };
    match verdict {
        Verdict::Done(text) => format!("done: {}", text.as_ref().map_or("", Text::as_str)),
        Verdict::Partly(text) => format!("partly: {text}"),
        Verdict::Failed(text) => format!("failed: {text}"),
    }
}

/// Something done to an app.
pub(super) fn on(app: &AppId, title: &str, kind: OperationKind) -> Operation {
    done_to(app.as_str(), app.as_str(), title, kind)
}

/// An app of the catalogue is installed.
pub(super) fn install(slug: &str) -> Operation {
    let kind = OperationKind::CreateApp {
        name: slug.to_owned(),
        inputs: Vec::new(),
    };
    let mut operation = done_to("", "", slug, kind);
    operation.target.app = None;
    operation.target.environment = None;
    operation
}

pub(super) const RETRY: OperationKind = OperationKind::RetryDeployment { deployment: None };

pub(super) fn verify(app: &AppId) -> OperationKind {
    OperationKind::VerifyDomain {
        id: DomainId::new(app.as_str()),
        name: "blog.example.com".into(),
    }
}

pub(super) fn complete(domain: &str) -> OperationKind {
    OperationKind::CompleteInstallation {
        domain: domain.to_owned(),
    }
}

pub(super) fn delete(typed: &str) -> OperationKind {
    OperationKind::DeleteApp {
        typed_name: typed.to_owned(),
    }
}

pub(super) fn configure(settings: &str) -> OperationKind {
    let what = pandastack::PROFILE.special("configure").unwrap();
    let inputs = Inputs::default().with("settings", Answer::Text(settings.into()));
    (what.recipe.build)(&inputs).unwrap()
}

pub(super) fn environment(app: &AppId) -> EnvId {
    EnvId::new(app.as_str())
}
