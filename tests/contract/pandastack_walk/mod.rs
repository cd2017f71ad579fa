//! PandaStack, simulated: every question, every operation and every log, in every shape of the
//! answers that the contract leaves open, against a server that knows nothing of the adapter.

mod dialects;
mod installing;
mod refused;
mod shapes;
mod understood;
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use flightdeck::model::{
    AppId, Capability, DeployMode, DeploymentScope, EnvId, LogSource, OperationKind, PageRequest,
    Query, Secret, Status,
};
use flightdeck::platforms::pandastack::paths::TABLE;
use flightdeck::platforms::{Platform, read};
use serde_json::json;

use self::shapes::lines;
use self::world::{
    RETRY, World, apps, complete, configure, delete, environment, ids, install, on, run, verdict,
    verify,
};

fn of_what_is_done() -> Vec<Capability> {
    let app = AppId::new("1");
    let kinds = [RETRY, verify(&app), complete("a.example.com"), delete("x")];
    let mut all: Vec<_> = kinds.iter().map(OperationKind::capability).collect();
    all.extend([install("x").kind.capability(), configure("{}").capability()]);
    all.extend(of_projects().iter().map(OperationKind::capability));
    all
}

/// What is done to a project, in this order.
fn of_projects() -> Vec<OperationKind> {
    vec![
        OperationKind::Deploy {
            mode: DeployMode::Auto,
        },
        OperationKind::SetVariable {
            id: None,
            name: "WALK".into(),
            value: Secret::new("canary"),
            is_sensitive: true,
        },
        OperationKind::UnsetVariable {
            id: None,
            name: "WALK".into(),
        },
    ]
}

fn questions(app: &AppId) -> Vec<Query> {
    vec![
        Query::Account,
        Query::Organisations,
        Query::Apps,
        Query::AllEnvironments,
        Query::Environments(app.clone()),
        Query::Environment(environment(app)),
        Query::Deployments(DeploymentScope::App(app.clone())),
        Query::Deployments(DeploymentScope::Environment(environment(app))),
    ]
}

#[test]
fn every_capability_is_asked_for_done_or_refused() {
    let mut passed: BTreeSet<Capability> = refused::LOGS.iter().map(|(what, _)| *what).collect();
    let app = AppId::new("1");
    passed.extend(questions(&app).iter().map(Query::capability));
    passed.extend([Capability::ListVariables, Capability::ListDomains]);
    passed.extend(of_what_is_done());
    passed.extend(refused::questions().iter().map(Query::capability));
    passed.extend(refused::operations().iter().map(OperationKind::capability));
    let all: BTreeSet<Capability> = Capability::ALL.iter().copied().collect();
    assert_eq!(passed, all);
}

async fn asks(platform: &dyn Platform, query: &Query) {
    let answer = read(platform, query, PageRequest::first()).await;
    answer.unwrap_or_else(|failure| panic!("{query:?}: {failure}"));
}

async fn done(platform: &Arc<dyn Platform>, app: &AppId, title: &str, kind: OperationKind) {
    let stage = run(platform, on(app, title, kind.clone())).await;
    let told = verdict(&stage);
    assert!(told.starts_with("done"), "{kind:?}: {told}");
}

/// Asks everything about an app, and for its newest deployment.
async fn ask_all(platform: &dyn Platform, app: &AppId) {
    for query in questions(app) {
        asks(platform, &query).await;
    }
    let scope = DeploymentScope::App(app.clone());
    let page = platform.deployments(&scope, PageRequest::first()).await;
    let newest = page.unwrap().items[0].id.clone();
    asks(platform, &Query::Deployment(newest.clone())).await;
    let environment = Some(environment(app));
    let runtime = LogSource::Runtime {
        app: app.clone(),
        environment: environment.clone(),
    };
    let of_deployment = LogSource::Deployment {
        app: app.clone(),
        environment,
        deployment: newest,
    };
    for source in [runtime, of_deployment] {
        let shown = format!("{source:?}");
        assert!(!lines(platform, source).await.is_empty(), "{shown}");
    }
}

/// Installs an app, walks it to its end, and deletes it.
async fn do_all_to_managed(world: &World, platform: &Arc<dyn Platform>) {
    let before = ids(platform.as_ref()).await;
    run(platform, install("ghost")).await;
    let after = ids(platform.as_ref()).await;
    let app = after.difference(&before).next().unwrap().clone();
    let order = json!({"application": app.as_str(), "exists": true});
    world.tell("dns", &order).await;
    for kind in [
        verify(&app),
        complete("blog.example.com"),
        configure(r#"{"plan": "small"}"#),
    ] {
        done(platform, &app, "ghost/production", kind).await;
    }
    let all = apps(platform.as_ref()).await;
    let failed = all.iter().find(|app| app.status == Status::Failed).unwrap();
    done(platform, &failed.id, failed.name.as_str(), RETRY).await;
    let name = all.iter().find(|it| it.id == app).unwrap().name.clone();
    done(platform, &app, name.as_str(), delete(name.as_str())).await;
}

#[tokio::test]
async fn every_operation_of_the_table_is_reached_and_no_other() {
    let world = World::new(1).await;
    let platform = world.connect();
    let all = ids(platform.as_ref()).await;
    let is_project = |id: &&AppId| id.as_str().starts_with("project:");
    let project = all.iter().find(is_project).unwrap();
    let managed = all.iter().find(|id| !is_project(id)).unwrap();
    for app in [managed, project] {
        ask_all(platform.as_ref(), app).await;
    }
    asks(platform.as_ref(), &Query::Domains(environment(managed))).await;
    asks(platform.as_ref(), &Query::Variables(environment(project))).await;
    do_all_to_managed(&world, &platform).await;
    for kind in of_projects() {
        done(&platform, project, "a project", kind).await;
    }
    let name = project.as_str().trim_start_matches("project:");
    done(&platform, project, name, delete(name)).await;

    let reached: Vec<String> = world.counts().await.into_keys().collect();
    // The documentation has no names for them; these are the server's.
    assert_eq!(reached.len(), TABLE.len(), "{reached:?}");
    for strange in ["ListManagedAppsWithoutSlash", "Unknown"] {
        assert!(!reached.iter().any(|name| name == strange), "{strange}");
    }
}

#[tokio::test]
async fn the_log_of_a_managed_app_says_that_it_is_none() {
    let world = World::new(1).await;
    let platform = world.connect();
    let all = apps(platform.as_ref()).await;
    let app = all[0].id.clone();
    let environment = Some(EnvId::new(app.as_str()));
    let source = LogSource::Runtime { app, environment };
    let lines = lines(platform.as_ref(), source).await;
    assert!(lines[0].contains("no logs of managed apps"), "{lines:?}");
}
