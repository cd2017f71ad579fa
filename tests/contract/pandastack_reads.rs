//! PandaStack: what is asked for managed apps, and what becomes of the answer.

use flightdeck::model::{
    AppId, Detail, DetailValue, EnvId, Environment, Failure, OrgId, PageRequest, Query, Status,
    StepState,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, TOKEN, text};
use crate::pandastack_harness::{
    APP, DEPLOYMENT, LIST, WHOAMI, fixture, refused, set, start, start_with, whoami, with_apps,
};

pub(crate) fn first() -> PageRequest {
    PageRequest::first()
}

pub(crate) fn shown(details: &[Detail], label: &str) -> Vec<String> {
    let told = details.iter().filter(|detail| detail.label == label);
    told.map(|detail| {
        if let DetailValue::Text(text) | DetailValue::Url(text) = &detail.value {
            return text.to_string();
        }
        format!("{:?}", detail.value)
    })
    .collect()
}

async fn names(panda: &Bench) -> Vec<String> {
    let page = panda.platform.apps(first()).await.unwrap();
    page.items.iter().map(|app| app.name.to_string()).collect()
}

async fn environment(panda: &Bench, id: &str) -> Environment {
    panda.platform.environment(&EnvId::new(id)).await.unwrap()
}

#[tokio::test]
async fn a_call_carries_the_token_and_the_organisation() {
    let panda = start_with(|it| it.organisation = Some(OrgId::new("7 3&x=é"))).await;
    panda.json("GET", LIST, json!([])).await;
    assert!(names(&panda).await.is_empty());
    let sent = panda.sent().await;
    assert_eq!(
        sent[0],
        format!("GET {LIST}?organization_id=7+3%26x%3D%C3%A9")
    );
    for request in panda.server.received_requests().await.unwrap() {
        assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}"));
        assert_eq!(request.headers["accept"], "application/json");
    }
    // The other API takes no organisation.
    assert_eq!(sent[1], format!("GET {WHOAMI}"));
}

#[tokio::test]
async fn apps_say_how_they_do() {
    let panda = with_apps().await;
    let page = panda.platform.apps(first()).await.unwrap();
    let states: Vec<_> = page
        .items
        .iter()
        .map(|app| {
            let reason = app.reason.as_ref().map_or("", |reason| reason.as_str());
            (app.name.as_str(), app.status.clone(), reason)
        })
        .collect();
    let awaits = "awaits its domain: create the DNS records, then verify it";
    assert_eq!(
        states,
        [
            ("ops-n8n", Status::Live, ""),
            ("blog", Status::Building, "installing"),
            ("wiki", Status::Degraded, awaits),
            ("metabase", Status::Failed, "image pull failed"),
            ("old", Status::Stopped, "paused"),
            ("gone", Status::Stopped, "is being deleted"),
            ("odd", Status::Other(text("SHARDING")), ""),
            ("quiet", Status::Present, ""),
        ]
    );
    assert_eq!(page.total, Some(8));
    assert_eq!(page.items[2].id, AppId::new("9007199254740993"));
    assert_eq!(page.items[4].organisation, Some(OrgId::new("7312")));
}

#[tokio::test]
async fn an_app_that_runs_tells_what_and_where() {
    let panda = with_apps().await;
    let page = panda.platform.apps(first()).await.unwrap();
    let app = &page.items[0];
    assert_eq!(app.url, Some(text("https://ops-n8n.pandastack.app")));
    let release = app.release.as_ref().unwrap();
    assert_eq!(release.label, text("6f0c1a52"));
    let deployment = release.deployment.as_ref().unwrap();
    assert_eq!(deployment.as_str(), format!("{APP}/{DEPLOYMENT}"));
    assert_eq!(app.created_at.unwrap().to_string(), "2026-08-14T09:12:44Z");
    for (label, expected) in [
        ("Kind", "managed app"),
        ("Slug", "n8n"),
        ("Id", "4182"),
        ("Organisation", "7312"),
        ("State", "RUNNING"),
        ("Domain", "n8n.example.com"),
    ] {
        assert_eq!(shown(&app.details, label), [expected], "{label}");
    }
    assert_eq!(
        shown(&app.details, "Also"),
        ["adminPassword: ••••", "region: us"]
    );
    assert!(!format!("{page:?}").contains("canary"));
}

#[tokio::test]
async fn an_app_has_one_environment_with_all_that_is_known_of_it() {
    let panda = with_apps().await;
    let all = panda.platform.all_environments(first()).await.unwrap();
    assert_eq!(all.items.len(), 8);
    assert!(
        all.items
            .iter()
            .all(|it| it.is_synthetic && it.name == text("production"))
    );

    let live = environment(&panda, APP).await;
    assert_eq!(live.app, AppId::new(APP));
    assert_eq!(
        (live.status, live.running, live.progress),
        (Status::Live, None, None)
    );
    assert_eq!(live.changed_at.unwrap().to_string(), "2026-09-02T17:40:03Z");
    assert!(live.has_runtime_log);

    let installing = environment(&panda, "4190").await;
    let running = installing.running.unwrap();
    assert_eq!(
        running.as_str(),
        "4190/b3a1f9de-3c8a-4a53-9a2e-51e0d5b7c902"
    );
    let progress = installing.progress.unwrap();
    assert_eq!(progress.label, Some(text("INSTALLING")));
    let steps: Vec<_> = progress.tree.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(
        steps,
        ["Deploy", "Install", "DNS records", "Verify", "Complete"]
    );
    assert_eq!(progress.tree[0].state, StepState::Running);

    let waiting = environment(&panda, "9007199254740993").await;
    assert_eq!(waiting.running, None);
    let tree = waiting.progress.unwrap().tree;
    assert_eq!(
        (tree[1].state, tree[2].state),
        (StepState::Done, StepState::Running)
    );
    assert_eq!(waiting.url, Some(text("https://wiki.example.com")));

    let gone = panda
        .platform
        .environment(&EnvId::new("1"))
        .await
        .unwrap_err();
    assert_eq!(gone.headline(), "app 1 does not exist or is not visible");
}

#[tokio::test]
async fn questions_of_one_round_have_one_answer() {
    let panda = with_apps().await;
    assert!(!panda.platform.is_at_hand(&Query::Apps, &first()));
    let (apps, environments) = tokio::join!(
        panda.platform.apps(first()),
        panda.platform.all_environments(first())
    );
    assert_eq!(apps.unwrap().items.len(), environments.unwrap().items.len());
    assert!(panda.platform.is_at_hand(&Query::AllEnvironments, &first()));
    environment(&panda, APP).await;
    let lists = panda.sent().await;
    let lists = lists.iter().filter(|line| line.contains(LIST));
    assert_eq!(lists.count(), 1);
}

/// The same apps as different servers would send them.
fn shapes() -> Vec<(&'static str, Value)> {
    let apps = json!([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]);
    vec![
        ("enveloped", json!({"success": true, "data": apps})),
        ("bare_array", apps.clone()),
        ("apps_key", json!({"apps": apps})),
        ("rows_count", json!({"count": 2, "rows": apps})),
        (
            "items_total",
            json!({"success": true, "data": {"items": apps, "total": 2}}),
        ),
        ("map", json!({"1": {"name": "a"}, "2": {"name": "b"}})),
        ("deep", json!({"result": {"payload": {"response": apps}}})),
        (
            "odd entries",
            json!({"data": [null, 7, {"id": 1, "name": "a"}, "x", {"id": 2, "name": "b", "status": []}]}),
        ),
    ]
}

#[tokio::test]
async fn every_shape_of_the_list_means_the_same() {
    for (shape, body) in shapes() {
        let panda = start().await;
        panda.json("GET", LIST, body).await;
        assert_eq!(names(&panda).await, ["a", "b"], "{shape}");
    }
    for (shape, body) in [
        ("empty_object", "{}"),
        ("null", "null"),
        ("nothing", ""),
        ("word", "ok"),
    ] {
        let panda = start().await;
        panda.text("GET", LIST, body).await;
        assert!(names(&panda).await.is_empty(), "{shape}");
    }
    let panda = start().await;
    panda.answer("GET", LIST, ResponseTemplate::new(204)).await;
    assert!(names(&panda).await.is_empty());
}

#[tokio::test]
async fn json_is_read_whatever_it_is_called() {
    let panda = start().await;
    let body = ResponseTemplate::new(200).set_body_raw(r#"[{"id":1,"name":"a"}]"#, "text/html");
    panda.answer("GET", LIST, body).await;
    assert_eq!(names(&panda).await, ["a"]);
}

#[tokio::test]
async fn a_page_or_half_an_answer_is_no_empty_list() {
    for body in ["<!DOCTYPE html><p>hello", r#"{"data":[{"id":1},{"#] {
        let panda = start().await;
        panda.text("GET", LIST, body).await;
        let failure = panda.platform.apps(first()).await.unwrap_err();
        assert!(matches!(failure, Failure::Decode { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn nothing_is_live_by_accident() {
    for record in [
        json!({"id": 1, "name": "a"}),
        json!({"id": 1, "name": "a", "valid": true, "verified": "1"}),
        json!({"id": 1, "name": "a", "success": true, "ready": true}),
        json!({"id": 1, "name": "a", "status": 200}),
    ] {
        let panda = start().await;
        let body = json!({"status": "success", "success": true, "data": [record]});
        panda.json("GET", LIST, body).await;
        let page = panda.platform.apps(first()).await.unwrap();
        assert_eq!(page.items[0].status, Status::Present, "{record}");
    }
}

#[tokio::test]
async fn more_apps_than_are_listed_are_counted() {
    let panda = start().await;
    let body = json!({"data": [{"id": 1, "name": "a"}], "total": 45, "page": 1, "pageSize": 1});
    panda.json("GET", LIST, body).await;
    let page = panda.platform.apps(first()).await.unwrap();
    assert_eq!(
        (page.items.len(), page.total, page.next),
        (1, Some(45), None)
    );
    // No parameter is guessed.
    assert!(panda.sent().await.iter().all(|line| !line.contains("page")));
}

#[tokio::test]
async fn the_account_is_whoever_the_platform_says() {
    for (body, expected) in [
        (
            json!({"success": true, "data": {"email": "ada@example.org", "role": "OWNER"}}),
            "ada@example.org",
        ),
        (json!({"user": {"name": "Ada", "id": 4}}), "Ada"),
        (json!({"username": "ada"}), "ada"),
        (json!({}), "organisation 7312"),
    ] {
        let panda = with_apps().await;
        panda.json("GET", "/api/v1/user/me", body.clone()).await;
        let account = panda.platform.account().await.unwrap();
        assert_eq!(account.name, text(expected), "{body}");
        assert_eq!(shown(&account.details, "Organisation id"), ["7312"]);
        assert!(
            panda
                .sent()
                .await
                .contains(&"GET /api/v1/user/me?organization_id=7312".into())
        );
    }
}

#[tokio::test]
async fn that_the_user_is_not_told_is_no_failure_and_that_the_token_is_rejected_is_one() {
    for status in [404, 500, 400] {
        let panda = with_apps().await;
        panda.answer("GET", WHOAMI, whoami()).await;
        panda
            .json(
                "GET",
                "/v1/projects",
                json!({"success": true, "data": {"items": [], "total": 0}}),
            )
            .await;
        let answer = refused(status, &json!({"message": "no"}));
        panda.answer("GET", "/api/v1/user/me", answer).await;
        let account = panda.platform.account().await.unwrap();
        assert_eq!(account.name, text("Acme"), "{status}");
        assert_eq!(shown(&account.details, "Plan"), ["pro"]);
    }
    for (status, expected) in [(401, "token rejected"), (403, "not allowed: no")] {
        let panda = with_apps().await;
        let answer = refused(status, &json!({"message": "no"}));
        panda.answer("GET", "/api/v1/user/me", answer).await;
        let failure = panda.platform.account().await.unwrap_err();
        assert_eq!(failure.headline(), expected);
    }
}

#[tokio::test]
async fn the_organisation_is_the_configured_one_or_that_of_the_token() {
    let panda = with_apps().await;
    let page = panda.platform.organisations(first()).await.unwrap();
    assert_eq!(page.items[0].id, OrgId::new("7312"));
    assert_eq!(page.items[0].name, text("7312"));

    let panda = start_with(|it| it.organisation = None).await;
    panda.answer("GET", WHOAMI, whoami()).await;
    panda.get(LIST, "apps").await;
    panda
        .json(
            "GET",
            "/v1/projects",
            json!({"success": true, "data": {"items": [], "total": 0}}),
        )
        .await;
    let page = panda.platform.organisations(first()).await.unwrap();
    assert_eq!(page.items[0].id, OrgId::new("7312"));
    assert_eq!(page.items[0].name, text("Acme"));
    assert_eq!(names(&panda).await.len(), 8);
    let sent = panda.sent().await;
    assert!(
        sent.contains(&format!("GET {LIST}?organization_id=7312")),
        "{sent:?}"
    );

    let panda = start_with(|it| it.organisation = None).await;
    let failure = panda.platform.organisations(first()).await.unwrap_err();
    assert!(
        failure
            .headline()
            .contains("set `organisation` of the context")
    );
    let sent = panda.sent().await;
    assert!(sent.iter().all(|line| !line.contains(LIST)), "{sent:?}");
}

#[tokio::test]
async fn a_context_that_keeps_to_managed_apps_asks_for_nothing_else() {
    let panda = start_with(|it| set(it, "dialect", "api-v1")).await;
    panda.json("GET", LIST, fixture("apps")).await;
    assert_eq!(names(&panda).await.len(), 8);
    assert_eq!(
        panda.sent().await,
        [format!("GET {LIST}?organization_id=7312")]
    );
}
