//! PandaStack: which of its two APIs a host serves.

use flightdeck::model::{Failure, OperationKind, PageRequest};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::harness::Bench;
use crate::pandastack_harness::{
    LIST, PROJECTS, WHOAMI, bad, good, keeping_to, later, list, start_with, whoami,
};

async fn apps(bench: &Bench) -> Result<Vec<String>, Failure> {
    let page = bench.platform.apps(PageRequest::first()).await?;
    Ok(page
        .items
        .iter()
        .map(|app| app.id.as_str().to_owned())
        .collect())
}

async fn serves(bench: &Bench, managed: ResponseTemplate, who: ResponseTemplate) {
    bench.answer("GET", LIST, managed).await;
    bench.answer("GET", WHOAMI, who).await;
    let shop = json!({"name": "shop", "status": "RUNNING"});
    bench.answer("GET", PROJECTS, list(&[shop])).await;
}

fn wiki() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!([{"app_id": 7, "name": "wiki"}]))
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

/// What was asked, without queries.
async fn paths(bench: &Bench) -> Vec<String> {
    let sent = bench.sent().await;
    let paths = sent
        .iter()
        .map(|it| it.split('?').next().unwrap().to_owned());
    paths.collect()
}

fn get(path: &str) -> String {
    format!("GET {path}")
}

#[tokio::test]
async fn both_are_served_and_asked_once() {
    let bench = keeping_to("auto").await;
    serves(&bench, wiki(), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["7", "project:shop"]);
    let mut first = paths(&bench).await;
    first.sort_unstable();
    assert_eq!(first, [get(LIST), get(PROJECTS), get(WHOAMI)]);
    bench
        .platform
        .organisations(PageRequest::first())
        .await
        .unwrap();
    assert_eq!(paths(&bench).await.len(), 3);
}

#[tokio::test]
async fn a_context_that_keeps_to_one_never_asks_the_other() {
    let bench = keeping_to("api-v1").await;
    serves(&bench, wiki(), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["7"]);
    assert_eq!(paths(&bench).await, [get(LIST)]);
    let deploy = OperationKind::Deploy {
        mode: flightdeck::model::DeployMode::Auto,
    };
    let refused = bench.operate(deploy).await.unwrap_err();
    assert!(
        refused.headline().contains("`dialect` is api-v1"),
        "{refused}"
    );
    assert_eq!(paths(&bench).await.len(), 1);

    let bench = keeping_to("v1").await;
    serves(&bench, wiki(), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["project:shop"]);
    assert_eq!(paths(&bench).await, [get(WHOAMI), get(PROJECTS)]);
}

#[tokio::test]
async fn the_organisation_of_the_token_fills_a_missing_one() {
    let bench = start_with(|it| it.organisation = None).await;
    serves(&bench, wiki(), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["7", "project:shop"]);
    let sent = bench.sent().await;
    assert_eq!(
        sent[..2],
        [get(WHOAMI), format!("GET {LIST}?organization_id=7312")]
    );
}

#[tokio::test]
async fn without_any_organisation_projects_are_shown_or_the_setting_is_named() {
    let bench = start_with(|it| it.organisation = None).await;
    serves(&bench, wiki(), good(&json!({"role": "owner"}))).await;
    assert_eq!(apps(&bench).await.unwrap(), ["project:shop"]);
    let bench = start_with(|it| it.organisation = None).await;
    serves(&bench, wiki(), status(404)).await;
    let failure = apps(&bench).await.unwrap_err();
    assert!(matches!(failure, Failure::Validation(_)), "{failure:?}");
    assert_eq!(paths(&bench).await, [get(WHOAMI)]);
}

#[tokio::test]
async fn a_host_without_managed_apps_shows_projects_and_says_so() {
    let bench = keeping_to("auto").await;
    serves(&bench, status(404), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["project:shop"]);
    let account = bench.platform.account().await.unwrap();
    let told = format!("{account:?}");
    assert!(
        told.contains("no longer offers the managed-apps API"),
        "{told}"
    );
    // What is done to managed apps is refused with that, and not sent.
    let before = paths(&bench).await.len();
    let create = OperationKind::CreateApp {
        name: "wiki".into(),
        inputs: Vec::new(),
    };
    let refused = bench.operate(create).await.unwrap_err();
    assert!(
        matches!(refused, Failure::Unsupported { .. }),
        "{refused:?}"
    );
    assert!(refused.headline().contains("no longer offers"), "{refused}");
    assert_eq!(paths(&bench).await.len(), before);
}

#[tokio::test]
async fn neither_is_an_error_with_both_statuses() {
    for (who, expected) in [
        (status(404), "managed apps: 404, projects: 404"),
        (status(401), "managed apps: 404, projects: 401"),
        (bad(200, "X", "no"), "managed apps: 404, projects: 200"),
    ] {
        let bench = keeping_to("auto").await;
        serves(&bench, status(404), who).await;
        let failure = apps(&bench).await.unwrap_err();
        assert!(matches!(failure, Failure::Local { .. }), "{failure:?}");
        assert!(failure.headline().contains(expected), "{failure}");
    }
}

#[tokio::test]
async fn a_refused_whoami_only_means_that_there_are_no_projects() {
    for who in [
        status(401),
        status(403),
        status(404),
        status(500),
        bad(200, "X", "no"),
    ] {
        let bench = keeping_to("auto").await;
        serves(&bench, wiki(), who).await;
        assert_eq!(apps(&bench).await.unwrap(), ["7"]);
        assert!(!paths(&bench).await.contains(&get(PROJECTS)));
    }
}

#[tokio::test]
async fn an_error_of_the_list_is_no_word_on_what_is_served() {
    for (managed, is_rejected) in [
        (status(403), false),
        (status(400), false),
        (status(401), true),
    ] {
        let bench = keeping_to("auto").await;
        serves(&bench, managed, status(404)).await;
        let failure = apps(&bench).await.unwrap_err();
        assert_eq!(failure.is_bad_credential(), is_rejected, "{failure:?}");
        assert!(!matches!(failure, Failure::Local { .. }), "{failure:?}");
    }
    // A token of `v1` that the older API does not take has its projects.
    let bench = keeping_to("auto").await;
    serves(&bench, status(401), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["project:shop"]);
}

#[tokio::test]
async fn what_breaks_is_no_answer_and_is_not_remembered() {
    let bench = keeping_to("auto").await;
    bench.once("GET", LIST, status(502)).await;
    serves(&bench, wiki(), whoami()).await;
    let failure = apps(&bench).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Server { status: 502, .. }),
        "{failure:?}"
    );
    assert_eq!(apps(&bench).await.unwrap(), ["7", "project:shop"]);
}

#[tokio::test]
async fn a_list_that_goes_is_asked_about_again_and_comes_back_after_a_while() {
    let bench = keeping_to("auto").await;
    bench.once("GET", LIST, wiki()).await;
    // Once for the list, and once to find out.
    bench.once("GET", LIST, status(404)).await;
    bench.once("GET", LIST, status(404)).await;
    serves(&bench, wiki(), whoami()).await;
    assert_eq!(apps(&bench).await.unwrap(), ["7", "project:shop"]);
    for expected in [&["project:shop"][..], &["project:shop"]] {
        later(15).await;
        assert_eq!(apps(&bench).await.unwrap(), expected);
    }
    let managed = paths(&bench)
        .await
        .iter()
        .filter(|it| **it == get(LIST))
        .count();
    assert_eq!(managed, 3);
    later(600).await;
    assert_eq!(apps(&bench).await.unwrap(), ["7", "project:shop"]);
    let who = paths(&bench)
        .await
        .iter()
        .filter(|it| **it == get(WHOAMI))
        .count();
    assert_eq!(who, 1);
}
