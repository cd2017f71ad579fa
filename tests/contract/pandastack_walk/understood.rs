//! What is understood of a server, in a form that two shapes of its answers can be compared in.

use std::collections::BTreeMap;

use flightdeck::model::{
    App, DeploymentScope, Domain, Environment, Page, PageRequest, Phase, Release, Status, Text,
};
use flightdeck::platforms::Platform;
use jiff::Timestamp;

use super::world::{environment, ids};

/// Identifiers begin above this where they are to be beyond what a float can tell apart.
const BIG: u64 = 1 << 53;

/// What can be said of one app.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) status: Status,
    /// Why it failed.
    pub(super) failure: Option<Text>,
    pub(super) release: Option<Text>,
    pub(super) url: Option<Text>,
    pub(super) organisation: Option<String>,
    pub(super) created: Option<i64>,
    pub(super) changed: Option<i64>,
    pub(super) slug: Option<Text>,
    pub(super) deployments: Vec<String>,
    pub(super) phases: Vec<Phase>,
    pub(super) domain: Option<String>,
}

/// All apps by their identifiers.
pub(super) type All = BTreeMap<String, Seen>;

/// The identifier as it would be if it were small; whether it is written as a large one.
pub(super) fn small(id: &str) -> (String, bool) {
    match id.parse::<u64>() {
        Ok(number) if number > BIG => ((number - BIG).to_string(), true),
        Ok(_) | Err(_) => (id.to_owned(), false),
    }
}

fn second(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_second)
}

fn seen(app: &App, environment: &Environment) -> Seen {
    // The environment is the app, whatever is asked for.
    let label = |release: &Option<Release>| release.as_ref().map(|it| it.label.clone());
    assert_eq!(app.status, environment.status, "{}", app.id.as_str());
    assert_eq!(app.url, environment.url, "{}", app.id.as_str());
    assert_eq!(app.reason, environment.reason, "{}", app.id.as_str());
    assert_eq!(label(&app.release), label(&environment.release));
    Seen {
        name: app.name.to_string(),
        failure: app.reason.clone().filter(|_| app.status == Status::Failed),
        status: app.status.clone(),
        release: label(&app.release),
        url: app.url.clone(),
        organisation: app.organisation.as_ref().map(|it| it.as_str().to_owned()),
        created: second(app.created_at),
        changed: second(environment.changed_at),
        slug: environment.kind.clone(),
        deployments: Vec::new(),
        phases: Vec::new(),
        domain: None,
    }
}

fn name_of(page: &Page<Domain>) -> Option<String> {
    assert!(page.items.len() < 2);
    page.items.first().map(|domain| domain.name.to_string())
}

/// Asks all that there is about managed apps.
pub(super) async fn managed(platform: &dyn Platform) -> All {
    let first = PageRequest::first;
    let apps = platform.apps(first()).await.unwrap().items;
    let environments = platform.all_environments(first()).await.unwrap().items;
    assert_eq!(apps.len(), environments.len());
    let mut all = All::new();
    for (app, of_app) in apps.iter().zip(&environments) {
        assert_eq!(of_app.app, app.id);
        if app.id.as_str().starts_with("project:") {
            continue;
        }
        let mut seen = seen(app, of_app);
        let scope = DeploymentScope::App(app.id.clone());
        let page = platform.deployments(&scope, first()).await.unwrap();
        for deployment in page.items {
            let uuid = deployment.id.as_str().rsplit('/').next().unwrap();
            seen.deployments.push(uuid.to_owned());
            seen.phases.push(deployment.phase);
        }
        let domains = platform.domains(&environment(&app.id), first()).await;
        seen.domain = name_of(&domains.unwrap());
        let before = all.insert(small(app.id.as_str()).0, seen);
        assert_eq!(before, None, "{} is there twice", app.id.as_str());
    }
    assert_eq!(ids(platform).await.len(), apps.len());
    all
}

/// The names and states of projects.
pub(super) async fn projects(platform: &dyn Platform) -> Vec<String> {
    let page = platform.all_environments(PageRequest::first()).await;
    let environments = page.unwrap().items.into_iter();
    let environments = environments.filter(|it| it.id.as_str().starts_with("project:"));
    let lines = environments.map(|it| {
        let url = it.url.as_ref().map_or("", Text::as_str).to_owned();
        format!("{} {} {:?} {url}", it.id.as_str(), it.name, it.status)
    });
    lines.collect()
}
