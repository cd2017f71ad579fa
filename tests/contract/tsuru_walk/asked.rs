//! Every question that tsuru answers, and every log.

use std::time::Duration;

use flightdeck::model::{
    ActivityId, AppId, DeploymentId, DeploymentScope, EnvId, JobId, JobRunId, LogSource,
    PageRequest, Payload, Query, Support, TailRequest,
};
use flightdeck::platforms::tsuru::PROFILE;
use flightdeck::platforms::{ConsoleInput, Platform, TailStep, read};
use tokio::time::timeout;

use super::world::{APP, WEB, World};
use crate::tsuru_reads_old::count;

/// Much longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn app() -> AppId {
    AppId::new(APP)
}

pub(super) fn web() -> EnvId {
    EnvId::new(WEB)
}

/// The newest deploy: it is the name of its event as well.
pub(super) async fn newest(world: &World) -> DeploymentId {
    let scope = DeploymentScope::App(app());
    let page = world.platform.deployments(&scope, PageRequest::first());
    page.await.unwrap().items[0].id.clone()
}

/// A process of an app whose team has jobs.
async fn with_jobs(world: &World) -> EnvId {
    let page = world.platform.apps(PageRequest::first()).await.unwrap();
    let mut apps = page.items.iter();
    let is_meant = |team: &str| team == "web";
    let found = apps.find(|app| {
        app.organisation
            .as_ref()
            .is_some_and(|it| is_meant(it.as_str()))
    });
    EnvId::new(format!("{}/web", found.unwrap().id.as_str()))
}

/// Every question, and the operation that it cannot do without.
pub(super) async fn questions(world: &World) -> Vec<(Query, &'static str)> {
    let mut all = vec![
        (Query::Account, "UserGet"),
        (Query::Organisations, "TeamsList"),
        (Query::Apps, "AppList"),
        (Query::AllEnvironments, "AppList"),
        (Query::Environments(app()), "AppGet"),
        (Query::Environment(web()), "AppGet"),
        (
            Query::Deployments(DeploymentScope::App(app())),
            "DeployList",
        ),
        (
            Query::Deployments(DeploymentScope::Environment(web())),
            "DeployList",
        ),
        (Query::Deployment(newest(world).await), "DeployInfo"),
        (Query::Variables(web()), "EnvGet"),
        (Query::Domains(web()), "AppGet"),
        (Query::Services(web()), "InstancesList"),
        (Query::ServiceKinds(None), "ServicesList"),
        (Query::Jobs(with_jobs(world).await), "ListJob"),
        (Query::Activity(Some(app())), "EventList"),
        (Query::Activity(None), "EventList"),
        (Query::Maintenance(None), "EventBlocks"),
        (Query::Maintenance(Some(AppId::new("vault"))), "EventBlocks"),
        (Query::Metrics(web()), "AppGet"),
        (Query::Units(web()), "AppGet"),
        (Query::Sizes, "PlanList"),
        (Query::Regions, "PoolList"),
    ];
    let operations = [
        "PoolList",
        "PlatformList",
        "RouterList",
        "VolumeList",
        "ClusterList",
        "UsersList",
        "TeamTokensList",
        "PermissionList",
        "WebhookList",
        "EventKinds",
    ];
    assert_eq!(PROFILE.others.len(), operations.len());
    let others = PROFILE.others.iter().zip(operations);
    all.extend(others.map(|(kind, operation)| (Query::Others(kind.name), operation)));
    all
}

fn is_something(answer: &Payload) -> bool {
    matches!(
        answer,
        Payload::Account(_) | Payload::Environment(_) | Payload::Deployment(_)
    ) || count(answer) > 0
}

/// Asks everything; each has an answer, and something in it.
pub(super) async fn ask_all(world: &World) {
    for (query, _) in questions(world).await {
        assert_eq!(world.platform.support(query.capability()), Support::Yes);
        let answer = read(world.platform.as_ref(), &query, PageRequest::first()).await;
        let answer = answer.unwrap_or_else(|failure| panic!("{query:?}: {failure}"));
        assert!(is_something(&answer), "{query:?}: {answer:?}");
    }
}

/// Every log, and the operation that it cannot do without.
pub(super) async fn logs(world: &World) -> Vec<(LogSource, &'static str)> {
    let deployment = newest(world).await;
    let event = ActivityId::new(deployment.as_str());
    let runtime = |environment| LogSource::Runtime {
        app: app(),
        environment,
    };
    vec![
        (runtime(None), "AppLog"),
        (runtime(Some(web())), "AppLog"),
        (
            LogSource::Deployment {
                app: app(),
                environment: None,
                deployment,
            },
            // Its event only tells how it does.
            "DeployInfo",
        ),
        (LogSource::Event { app: app(), event }, "EventInfo"),
        (
            LogSource::JobRun {
                app: app(),
                job: JobId::new("vacuum"),
                run: JobRunId::new(""),
            },
            "JobLog",
        ),
    ]
}

pub(super) fn request(source: LogSource) -> TailRequest {
    TailRequest {
        source,
        lines: 20,
        since: None,
        until: None,
        follow: false,
    }
}

/// Reads every log to its end, and types into a session.
pub(super) async fn hear_all(world: &World) {
    for (source, _) in logs(world).await {
        let shown = format!("{source:?}");
        let mut tail = world.platform.tail(request(source)).unwrap();
        let mut lines = 0;
        loop {
            match tail.next().await {
                Ok(TailStep::Lines(more) | TailStep::Replaced(more)) => lines += more.len(),
                Ok(TailStep::Quiet(_)) => {}
                Ok(TailStep::Ended) => break,
                Err(failure) => panic!("{shown}: {failure}"),
            }
        }
        assert!(lines > 0, "{shown}");
    }
    timeout(PATIENCE, type_something(world)).await.unwrap();
}

async fn type_something(world: &World) {
    let mut session = world
        .platform
        .console(&web(), None, (80, 24))
        .await
        .unwrap();
    session.write(ConsoleInput::Size(80, 24)).await.unwrap();
    let typed = ConsoleInput::Typed(b"echo here\r".to_vec());
    session.write(typed).await.unwrap();
    let mut shown = Vec::new();
    while !String::from_utf8_lossy(&shown).contains("here\r\n") {
        shown.extend(session.read().await.unwrap().unwrap());
    }
}

/// Begins a log or a session: what the first step says.
pub(super) async fn first_step(
    platform: &dyn Platform,
    source: LogSource,
) -> Result<TailStep, flightdeck::model::Failure> {
    platform.tail(request(source))?.next().await
}
