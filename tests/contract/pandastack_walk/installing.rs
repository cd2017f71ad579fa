//! An app from its order to its end: installed, its domain verified, completed, tried again,
//! configured, deleted.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::model::{App, AppId, Follow, PageRequest, Stage, Status, Step, StepState, Text};
use flightdeck::platforms::Platform;
use serde_json::json;
use tokio::time::timeout;

use super::shapes::MUTE;
use super::world::{
    RETRY, World, apps, complete, configure, delete, environment, ids, install, on, run, verdict,
    verify,
};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_secs(20);

const DOMAIN: &str = "blog.example.com";

/// The app under way, and who asks for it.
struct Way<'a> {
    world: &'a World,
    platform: Arc<dyn Platform>,
    app: AppId,
    /// The shape of answers.
    shape: &'a str,
}

impl<'a> Way<'a> {
    /// Orders an app that wants a domain, and follows it until it waits for that.
    async fn ordered(world: &'a World, shape: &'a str) -> Self {
        world.shape(shape).await;
        let platform = world.connect();
        let before = ids(platform.as_ref()).await;
        let told = verdict(&run(&platform, install("ghost")).await);
        assert!(
            told.starts_with("partly: it awaits a domain"),
            "{shape}: {told}"
        );
        assert!(told.contains("verify-domain"), "{shape}: {told}");
        let after = ids(platform.as_ref()).await;
        let new: BTreeSet<_> = after.difference(&before).collect();
        // Of a list with one entry the new one takes the place of another.
        assert_eq!(new.len(), 1, "{shape}");
        let app = (*new.first().unwrap()).clone();
        Self {
            world,
            platform,
            app,
            shape,
        }
    }

    async fn seen(&self) -> App {
        let apps = apps(self.platform.as_ref()).await;
        let found = apps.into_iter().find(|app| app.id == self.app);
        found.unwrap_or_else(|| panic!("{}: it is not listed", self.shape))
    }

    async fn dns(&self, exists: bool) {
        let order = json!({"application": self.app.as_str(), "exists": exists});
        self.world.tell("dns", &order).await;
    }

    async fn done(&self, kind: flightdeck::model::OperationKind, expected: &str) {
        let operation = on(&self.app, "blog/production", kind);
        let told = verdict(&run(&self.platform, operation).await);
        assert!(told.starts_with(expected), "{}: {told}", self.shape);
    }

    /// What is still to be done is said, verbatim.
    async fn not_verified(&self) {
        self.dns(false).await;
        let operation = on(&self.app, "blog/production", verify(&self.app));
        let accepted = self.platform.operate(&operation, None, &mut |_| {}).await;
        let accepted = accepted.unwrap_or_else(|failure| panic!("{}: {failure}", self.shape));
        assert!(accepted.follow.is_some(), "{}", self.shape);
        let note = accepted.note.unwrap();
        assert!(note.as_str().starts_with("not verified"), "{note}");
        let environment = environment(&self.app);
        let page = self.platform.domains(&environment, PageRequest::first());
        let domain = page.await.unwrap().items.remove(0);
        assert_eq!(domain.status, Status::Degraded, "{}", self.shape);
        let tells_records = !["verdict_400", "verdict_404", "word"].contains(&self.shape);
        let is_told = |part: &str| {
            let mut lines = domain.instructions.iter();
            lines.any(|line| line.as_str().contains(part))
        };
        assert_eq!(is_told("CNAME"), tells_records, "{}", self.shape);
        assert_eq!(
            is_told("-edge.apps.example.com"),
            tells_records,
            "{}",
            self.shape
        );
    }

    /// A deployment of somebody else fails, and it is tried again.
    async fn retried(&self) {
        let order = json!({"environment": self.app.as_str(), "outcome": "fail"});
        self.world.tell("deploy", &order).await;
        let failing = async {
            while self.stage().await != "Failed" {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, failing).await.unwrap();
        self.done(RETRY, "done").await;
    }

    /// What the server itself knows of it.
    async fn stage(&self) -> String {
        let state = self.world.look("state").await;
        let number = super::understood::small(self.app.as_str()).0;
        let mut apps = state["apps"].as_array().unwrap().iter();
        let app = apps.find(|app| app["uuid"] == number.as_str()).unwrap();
        app["stage"].as_str().unwrap().to_owned()
    }

    /// From the domain that is awaited to the end.
    async fn walked(&self) {
        let waiting = self.seen().await;
        assert_eq!(waiting.status, Status::Degraded, "{}", self.shape);
        assert!(waiting.reason.is_some(), "{}", self.shape);
        self.not_verified().await;
        self.dns(true).await;
        self.done(verify(&self.app), "done").await;
        self.done(complete(DOMAIN), "done").await;
        let live = self.seen().await;
        assert_eq!(live.status, Status::Live, "{}", self.shape);
        assert_eq!(live.url, Some(Text::from("https://blog.example.com")));
        assert_eq!(self.stage().await, "Running", "{}", self.shape);
        self.retried().await;
        self.done(configure(r#"{"plan": "small"}"#), "done").await;
        let name = self.seen().await.name;
        self.done(delete(name.as_str()), "done").await;
        let left = ids(self.world.connect().as_ref()).await;
        assert!(!left.contains(&self.app), "{}", self.shape);
    }
}

#[tokio::test]
async fn an_installation_is_walked_in_every_shape() {
    let world = World::new(1).await;
    for shape in world.shapes().await {
        if MUTE.contains(&shape.as_str()) {
            continue;
        }
        Way::ordered(&world, &shape).await.walked().await;
    }
}

#[tokio::test]
async fn an_installation_is_walked_on_every_seed() {
    for seed in 2..30 {
        let world = World::new(seed).await;
        let way = Way::ordered(&world, "").await;
        let waiting = way.seen().await;
        assert_eq!(waiting.status, Status::Degraded, "seed {seed}");
        way.dns(true).await;
        way.done(verify(&way.app), "done").await;
        way.done(complete(DOMAIN), "done").await;
        assert_eq!(
            way.seen().await.url,
            Some(Text::from("https://blog.example.com"))
        );
        way.retried().await;
        way.done(configure(r#"{"plan": "small"}"#), "done").await;
        let name = way.seen().await.name;
        way.done(delete(name.as_str()), "done").await;
    }
}

/// Steps by their names, as `Deploy Done`.
fn steps(tree: &[Step]) -> String {
    let lines = tree
        .iter()
        .map(|step| format!("{} {:?}", step.label, step.state));
    lines.collect::<Vec<_>>().join(", ")
}

/// A verification goes on by itself: it asks again after half a minute, and not before.
#[tokio::test]
async fn a_verification_is_followed_until_the_records_are_there() {
    let world = World::new(1).await;
    let way = Way::ordered(&world, "enveloped").await;
    way.dns(false).await;
    let operation = on(&way.app, "blog/production", verify(&way.app));
    let accepted = way
        .platform
        .operate(&operation, None, &mut |_| {})
        .await
        .unwrap();
    let what: Follow = accepted.follow.unwrap();
    let asked = async || world.counts().await["VerifyManagedAppDomain"];
    let look = async || way.platform.follow(&what).await.unwrap();

    let followed = look().await;
    let told = steps(&followed.progress.tree);
    assert!(
        told.contains("DNS records Running, Verify Running"),
        "{told}"
    );
    let records = &followed.progress.tree[2].steps;
    assert!(records.iter().all(|step| step.state == StepState::Pending));
    assert!(
        records[0].label.as_str().starts_with("CNAME "),
        "{records:?}"
    );
    assert!(followed.again_in > Duration::from_secs(20));
    assert_eq!(asked().await, 1);
    look().await;
    assert_eq!(asked().await, 1, "it was asked twice within half a minute");

    crate::pandastack_harness::later(31).await;
    assert_eq!(look().await.verdict, None);
    assert_eq!(asked().await, 2);
    way.dns(true).await;
    crate::pandastack_harness::later(31).await;
    let ended = look().await.verdict.unwrap();
    let told = verdict(&Stage::Ended(ended));
    assert!(told.starts_with("done: the domain is verified"), "{told}");
    assert_eq!(asked().await, 3);
}

#[tokio::test]
async fn an_installation_that_fails_says_why() {
    let world = World::new(1).await;
    let why = "Not enough memory: 512 MB are free";
    let fault = json!({"context": "pandastack", "fail_deployment": why});
    world.tell("faults", &fault).await;
    let platform = world.connect();
    let told = verdict(&run(&platform, install("n8n")).await);
    assert!(told.starts_with(&format!("failed: {why}")), "{told}");
}

/// An answer that says nothing is no failure: what it was about may have happened.
#[tokio::test]
async fn what_is_accepted_without_a_word_is_looked_for() {
    let world = World::new(1).await;
    for shape in MUTE {
        world.shape(shape).await;
        let platform = world.connect();
        let accepted = platform.operate(&install("n8n"), None, &mut |_| {}).await;
        let follow = accepted.unwrap().follow.unwrap();
        let followed = platform.follow(&follow).await.unwrap();
        assert_eq!(followed.verdict, None, "{shape}");
        let label = followed.progress.label.unwrap();
        assert!(label.as_str().contains("waiting"), "{label}");
    }
}
