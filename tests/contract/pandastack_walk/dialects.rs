//! A host that serves one dialect, the other, or both, and changes its mind.

use std::sync::Arc;

use flightdeck::model::{Failure, PageRequest};
use flightdeck::platforms::Platform;
use serde_json::json;

use super::world::{World, apps, install, run, verdict};

const MANAGED: usize = 24;
const PROJECTS: usize = 5;

/// How many managed apps and projects there are.
async fn both(platform: &dyn Platform) -> (usize, usize) {
    let apps = apps(platform).await;
    let is_project = |id: &str| id.starts_with("project:");
    let projects = apps.iter().filter(|app| is_project(app.id.as_str()));
    let projects = projects.count();
    (apps.len() - projects, projects)
}

async fn serving(world: &World, dialect: &str) -> Arc<dyn Platform> {
    world.tell("dialect", &json!(dialect)).await;
    world.connect()
}

fn set(world: &World, dialect: &'static str) -> Arc<dyn Platform> {
    world.connect_with(|connection| {
        connection.settings.0.insert("dialect", dialect.to_owned());
    })
}

#[tokio::test]
async fn what_is_served_is_found_out() {
    let world = World::new(1).await;
    for (dialect, expected) in [
        ("both", (MANAGED, PROJECTS)),
        ("api-v1", (MANAGED, 0)),
        ("v1", (0, PROJECTS)),
    ] {
        let platform = serving(&world, dialect).await;
        assert_eq!(both(platform.as_ref()).await, expected, "{dialect}");
        let account = platform.account().await.unwrap();
        let notice = format!("{:?}", account.details);
        let has_notice = notice.contains("no longer offers the managed-apps API");
        assert_eq!(has_notice, dialect == "v1", "{dialect}: {notice}");
        assert!(platform.organisations(PageRequest::first()).await.is_ok());
    }
}

/// What is found out is kept: nothing is asked for it again.
#[tokio::test]
async fn it_is_found_out_once() {
    for (dialect, gone) in [
        ("both", "none"),
        ("api-v1", "Whoami"),
        ("v1", "ListManagedApps"),
    ] {
        let world = World::new(1).await;
        let platform = serving(&world, dialect).await;
        for _ in 0..5 {
            both(platform.as_ref()).await;
            platform.account().await.unwrap();
            crate::pandastack_harness::later(15).await;
        }
        let counts = world.counts().await;
        let asked = |name: &str| counts.get(name).copied().unwrap_or(0);
        assert_eq!(asked("Whoami"), 1, "{dialect}: {counts:?}");
        let lists = if gone == "ListManagedApps" { 1 } else { 5 };
        assert_eq!(asked("ListManagedApps"), lists, "{dialect}: {counts:?}");
        let lists = if gone == "Whoami" { 0 } else { 5 };
        assert_eq!(asked("ListProjects"), lists, "{dialect}: {counts:?}");
    }
}

#[tokio::test]
async fn a_host_that_stops_serving_one_is_noticed() {
    let world = World::new(1).await;
    let platform = serving(&world, "both").await;
    assert_eq!(both(platform.as_ref()).await, (MANAGED, PROJECTS));
    world.tell("dialect", &json!("v1")).await;
    crate::pandastack_harness::later(15).await;
    assert_eq!(both(platform.as_ref()).await, (0, PROJECTS));
    // And that it serves it again, after a while.
    world.tell("dialect", &json!("both")).await;
    crate::pandastack_harness::later(601).await;
    assert_eq!(both(platform.as_ref()).await, (MANAGED, PROJECTS));
}

#[tokio::test]
async fn a_context_keeps_to_what_it_is_told() {
    let world = World::new(1).await;
    let platform = set(&world, "api-v1");
    assert_eq!(both(platform.as_ref()).await, (MANAGED, 0));
    platform.account().await.unwrap();
    let asked = world.counts().await;
    assert!(!asked.contains_key("Whoami"), "{asked:?}");

    let world = World::new(1).await;
    let platform = set(&world, "v1");
    assert_eq!(both(platform.as_ref()).await, (0, PROJECTS));
    platform.account().await.unwrap();
    let stage = run(&platform, install("ghost")).await;
    assert!(verdict(&stage).contains("dialect"), "{stage:?}");
    let asked = world.counts().await;
    assert!(!asked.contains_key("ListManagedApps"), "{asked:?}");
    assert!(!asked.contains_key("DeployManagedApp"), "{asked:?}");
}

/// The token tells which organisation it is, where nobody has configured one.
#[tokio::test]
async fn a_missing_organisation_is_found() {
    let world = World::new(1).await;
    let without = || world.connect_with(|connection| connection.organisation = None);
    assert_eq!(both(without().as_ref()).await, (MANAGED, PROJECTS));
    world.tell("dialect", &json!("api-v1")).await;
    let failure = without().apps(PageRequest::first()).await.unwrap_err();
    assert!(matches!(failure, Failure::Validation(_)), "{failure:?}");
    assert!(failure.to_string().contains("organisation"), "{failure}");
}

#[tokio::test]
async fn a_token_that_expired_is_told() {
    let world = World::new(1).await;
    let platform = world.connect();
    assert_eq!(both(platform.as_ref()).await, (MANAGED, PROJECTS));
    world.tell("expire", &json!(true)).await;
    crate::pandastack_harness::later(15).await;
    for platform in [platform, world.connect()] {
        let failure = platform.apps(PageRequest::first()).await.unwrap_err();
        assert!(matches!(failure, Failure::Auth(_)), "{failure:?}");
    }
}
