//! Pangea, simulated: every question and every operation, in every shape of the answers that the
//! contract leaves open, against a server that knows nothing of the adapter.

use std::collections::BTreeSet;
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    App, AppId, Consent, EnvId, Failure, Operation, OperationEvent, OperationKind, OrgId,
    PageRequest, Secret, Stage, Status, Verdict,
};
use flightdeck::platforms::pangea::paths::TABLE;
use flightdeck::platforms::{Platform, pangea};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::{at, connection, done_to};
use crate::nobody::Nobody;
use crate::pangea_harness::{create, delete, rename, settings};

/// Simulated seconds in a second; the engine's pauses pass as fast.
const SPEED: u16 = 400;

/// Shapes that say the same in other words.
const HARMLESS: [&str; 24] = [
    "clean",
    "hyphenated_status",
    "spaced_status",
    "success_with_201",
    "zero_count",
    "short_pages",
    "new_region",
    "lowercase_status",
    "uppercase_status",
    "underscored_status",
    "empty_summary",
    "null_summary",
    "no_summary",
    "null_result",
    "no_result",
    "project_result",
    "null_optional",
    "no_optional",
    "page_count",
    "overlapping_pages",
    "accepted_null_result",
    "accepted_foreign_location",
    "unknown_fields",
    "garbage_times",
];

struct World {
    platform: Arc<dyn Platform>,
    simulator: Simulator,
    http: reqwest::Client,
}

impl World {
    async fn new(seed: u64) -> Self {
        Self::of(seed, false).await
    }

    /// With a token, or with a client that is exchanged for one.
    async fn of(seed: u64, has_client: bool) -> Self {
        let simulator = Simulator::start(SimOptions {
            story: false,
            seed,
            speed: f64::from(SPEED),
            platforms: vec!["pangea"],
            rate_limits: None,
            ..SimOptions::default()
        });
        let simulator = simulator.await.unwrap();
        let served = simulator.platforms()[0].clone();
        let mut connection = connection(&served.base_url);
        connection.organisation = served.organisation.map(OrgId::new);
        let mut secret = served.token;
        if has_client {
            let client = served.client.unwrap();
            connection.settings = settings(&[("client_id", &client.id)]);
            secret = client.secret;
        }
        connection.credential = Arc::new(move || Ok(Secret::new(secret.as_str())));
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            platform: pangea::connect(connection).unwrap(),
            http: builder.build().unwrap(),
            simulator,
        }
    }

    fn control(&self, what: &str) -> String {
        format!("{}/_sim/{what}", self.simulator.control_url())
    }

    /// Gives all answers from now on one shape.
    async fn shape(&self, shape: &str) {
        let address = self.control("faults");
        self.http.delete(&address).send().await.unwrap();
        let fault = json!({"context": "pangea", "shape": shape}).to_string();
        let answer = self.http.post(address).body(fault).send().await.unwrap();
        assert!(answer.status().is_success(), "{shape}");
    }

    /// The operations that it was asked for.
    async fn reached(&self) -> BTreeSet<String> {
        let answer = self.http.get(self.control("requests")).send().await;
        let counts: Value = serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap();
        counts["operations"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }

    async fn apps(&self) -> Result<Vec<App>, Failure> {
        let (mut apps, mut request) = (Vec::new(), PageRequest::first());
        loop {
            let page = self.platform.apps(request).await?;
            request = at(&page);
            apps.extend(page.items);
            if request.token.is_none() {
                return Ok(apps);
            }
        }
    }

    async fn app_of_name(&self, name: &str) -> Option<AppId> {
        let apps = self.apps().await.unwrap();
        let found = apps.into_iter().find(|app| app.name.as_str() == name);
        found.map(|app| app.id)
    }

    /// Carries it out with the engine, to its end.
    async fn run(&self, operation: Operation) -> Stage {
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

    async fn done(&self, app: &AppId, kind: OperationKind, shape: &str) {
        let stage = self.run(on(app, kind.clone())).await;
        let is_done = matches!(stage, Stage::Ended(Verdict::Done(_)));
        assert!(is_done, "{shape}: {kind:?}: {stage:?}");
    }

    /// Makes a project, renames it, deletes it, and renames the organisation.
    async fn change_all(&self, geo: &str, shape: &str) {
        let nothing = AppId::new("ppi_none");
        let made = create("Walk One", &[("geo", geo)]);
        self.done(&nothing, made, shape).await;
        let id = self.app_of_name("Walk One").await.unwrap();
        self.done(&id, rename("Walk Two"), shape).await;
        assert_eq!(self.app_of_name("Walk Two").await, Some(id.clone()));
        self.done(&id, delete("Walk Two"), shape).await;
        assert_eq!(self.app_of_name("Walk Two").await, None, "{shape}");
        let page = self.platform.organisations(PageRequest::first()).await;
        let organisation = page.unwrap().items.remove(0);
        let renamed = OperationKind::RenameOrganisation {
            id: organisation.id,
            name: format!("After {shape}"),
        };
        self.done(&nothing, renamed, shape).await;
        let account = self.platform.account().await.unwrap();
        assert_eq!(account.name.as_str(), format!("After {shape}"));
    }

    async fn ask_all(&self) {
        self.platform.account().await.unwrap();
        let apps = self.apps().await.unwrap();
        assert!(apps.iter().all(|app| app.status == Status::Present));
        let ids: BTreeSet<_> = apps.iter().map(|app| app.id.as_str()).collect();
        assert_eq!(ids.len(), apps.len());
        assert!(ids.len() > 2);
        let regions = self.platform.all_environments(PageRequest::first());
        assert!(!regions.await.unwrap().items.is_empty());
        let id = EnvId::new(apps[0].id.as_str());
        self.platform.environment(&id).await.unwrap();
    }
}

/// Something done to a project.
fn on(app: &AppId, kind: OperationKind) -> Operation {
    done_to(app.as_str(), app.as_str(), "walk", kind)
}

#[tokio::test]
async fn every_operation_is_reached_and_no_other() {
    let world = World::of(1, true).await;
    world.ask_all().await;
    // In Europe the simulated platform takes its time.
    world.change_all("eu", "usual").await;
    let mut known: BTreeSet<String> = ["GetAsyncRequest", "GetAccessToken"]
        .map(str::to_owned)
        .into();
    // The documentation has no names for the seven; these are the server's.
    let named = [
        "OrgGet",
        "OrgUpdate",
        "ProjectGet",
        "ProjectList",
        "ProjectCreate",
    ];
    known.extend(named.map(str::to_owned));
    known.extend(["ProjectUpdate", "ProjectDelete"].map(str::to_owned));
    assert_eq!(known.len(), TABLE.len() + 2);
    assert_eq!(world.reached().await, known);
}

#[tokio::test]
async fn what_is_said_in_other_words_is_understood() {
    let world = World::new(1).await;
    for shape in HARMLESS {
        world.shape(shape).await;
        world.ask_all().await;
        world.change_all("us", shape).await;
    }
}

#[tokio::test]
async fn every_seed_is_understood() {
    for seed in 2..6 {
        let world = World::of(seed, true).await;
        world.ask_all().await;
        world.change_all("eu", &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn a_missing_list_is_a_misunderstanding() {
    let world = World::new(1).await;
    world.shape("no_results").await;
    let failure = world.apps().await.unwrap_err();
    assert!(matches!(failure, Failure::Decode { .. }), "{failure:?}");
    world.shape("null_results").await;
    // What failed was not kept, and an empty list is an answer.
    assert_eq!(world.apps().await.map(|apps| apps.len()), Ok(0));
}
