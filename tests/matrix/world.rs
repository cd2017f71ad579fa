//! A simulator, and a client that makes things in it and counts what it was asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use flightdeck::model::{OrgId, Secret};
use flightdeck::platforms::{Connection, Platform, adapter};
use flightdeck::sim::{SimOptions, Simulator};
use reqwest::Method;
use serde_json::Value;

/// Names of requests that change something, and how often they came.
pub(crate) type Counts = BTreeMap<String, u64>;

/// The words that names of requests which change nothing begin and end with.
const READS: (&[&str], &[&str]) = (
    &[
        "List", "Get", "Check", "Download", "Whoami", "Stream", "Verify",
    ],
    &[
        "List",
        "Get",
        "Info",
        "Blocks",
        "Kinds",
        "Plans",
        "Certificates",
        "Legacy",
        "Log",
    ],
);

/// The question whether the records of a domain are there.
const VERIFY: &str = "VerifyManagedAppDomain";

pub(crate) struct World {
    simulator: Simulator,
    platform: &'static str,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on("divio").await
    }

    /// One platform only.
    pub(crate) async fn on(platform: &'static str) -> Self {
        let options = SimOptions {
            speed: 500.0,
            ..SimOptions::default()
        };
        Self::with(options, platform).await
    }

    /// So many apps, whose deployments take a second or so.
    pub(crate) async fn of(apps: usize) -> Self {
        let options = SimOptions {
            apps,
            speed: 100.0,
            ..SimOptions::default()
        };
        Self::with(options, "divio").await
    }

    async fn with(options: SimOptions, platform: &'static str) -> Self {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(SimOptions {
            story: false,
            platforms: vec![platform],
            ..options
        });
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            simulator: simulator.await.unwrap(),
            platform,
            http: builder.build().unwrap(),
        }
    }

    /// The adapter of a context.
    pub(crate) fn connect(&self, read_only: bool) -> Arc<dyn Platform> {
        let served = self.simulator.platforms()[0].clone();
        let token = served.token;
        let connection = Connection {
            base_url: served.base_url.parse().unwrap(),
            credential: Arc::new(move || Ok(Secret::new(token.as_str()))),
            read_only,
            organisation: served.organisation.as_deref().map(OrgId::new),
            settings: flightdeck::platforms::Settings::default(),
            notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
            allow_plain_http: false,
        };
        (adapter(self.platform).unwrap().connect)(connection).unwrap()
    }

    async fn send(&self, method: Method, address: String, body: String) -> Value {
        let token = &self.simulator.platforms()[0].token;
        let request = self.http.request(method, &address).body(body);
        let request = request
            .header("Authorization", format!("{} {token}", self.scheme()))
            .header("Content-Type", "application/json");
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{address}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn scheme(&self) -> &'static str {
        match self.platform {
            "pandastack" | "pangea" => "Bearer",
            _ => "Token",
        }
    }

    /// The organisation whose world it is.
    pub(crate) fn organisation(&self) -> String {
        let served = &self.simulator.platforms()[0];
        served.organisation.clone().unwrap()
    }

    /// Asks the simulator itself.
    pub(crate) async fn control(&self, method: Method, path: &str, body: String) -> Value {
        let address = format!("{}/_sim/{path}", self.simulator.control_url());
        self.send(method, address, body).await
    }

    /// The identifier of an app.
    pub(crate) async fn id_of(&self, name: &str) -> String {
        let state = self.control(Method::GET, "state", String::new()).await;
        let mut apps = state["apps"].as_array().unwrap().iter();
        let app = apps.find(|app| app["slug"] == name).unwrap();
        app["uuid"].as_str().unwrap().to_owned()
    }

    /// A read at a path of the platform's own.
    pub(crate) async fn ask(&self, path: &str) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        self.send(Method::GET, format!("{base}{path}"), String::new())
            .await
    }

    fn address(&self, path: &str) -> String {
        let base = &self.simulator.platforms()[0].base_url;
        format!("{base}/apps/v3/{path}")
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, self.address(path), String::new())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        self.send(Method::POST, self.address(path), body.to_string())
            .await
    }

    /// A change without a body, at a path of the platform's own.
    pub(crate) async fn put(&self, path: &str) {
        let base = &self.simulator.platforms()[0].base_url;
        let address = format!("{base}{path}");
        self.send(Method::PUT, address, String::new()).await;
    }

    pub(crate) async fn delete(&self, path: &str) {
        self.send(Method::DELETE, self.address(path), String::new())
            .await;
    }

    pub(crate) async fn fault(&self, script: &Value) {
        let address = format!("{}/_sim/faults", self.simulator.control_url());
        let answer = self.send(Method::POST, address, script.to_string()).await;
        assert!(answer["active"].is_number(), "{answer}");
    }

    /// What it was asked to change so far. That the named requests are all of them is checked
    /// against the simulator's own sum.
    pub(crate) async fn changes(&self) -> Counts {
        let address = format!("{}/_sim/requests", self.simulator.control_url());
        let counts = self.send(Method::GET, address, String::new()).await;
        let all = counts["operations"].as_object().unwrap().iter();
        let is_read = |name: &str| {
            let (starts, ends) = READS;
            starts.iter().any(|word| name.starts_with(word))
                || ends.iter().any(|word| name.ends_with(word))
        };
        let changes = all.filter(|(name, _)| !is_read(name));
        let mut changes: Counts = changes
            .map(|(name, count)| (name.clone(), count.as_u64().unwrap()))
            .collect();
        let sum: u64 = changes.values().sum();
        assert_eq!(counts["changing"].as_u64(), Some(sum), "{counts}");
        // A read that may move an installation on: nothing sends it but who asks for it.
        if let Some(count) = counts["operations"][VERIFY].as_u64() {
            changes.insert(VERIFY.to_owned(), count);
        }
        changes
    }
}

/// What came after `before`.
pub(crate) fn since(before: &Counts, mut now: Counts) -> Counts {
    for (name, count) in before {
        if let Some(later) = now.get_mut(name) {
            *later -= count;
        }
    }
    now.retain(|_, count| *count > 0);
    now
}

/// So many of each.
pub(crate) fn counts(of: &[(&str, u64)]) -> Counts {
    let named = of.iter().map(|(name, count)| ((*name).to_owned(), *count));
    named.collect()
}
