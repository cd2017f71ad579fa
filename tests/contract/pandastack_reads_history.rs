//! PandaStack: deployments of managed apps, of which the API has no list, and their domains.

use std::sync::Arc;

use flightdeck::model::{
    AppId, Deployment, DeploymentId, DeploymentScope, EnvId, Failure, Page, Phase, Scratch, Status,
};
use serde_json::{Value, json};

use crate::harness::{Bench, text};
use crate::pandastack_harness::{
    APP, DEPLOYMENT, LIST, at, fixture, refused, set, start, start_with, with_apps,
};
use crate::pandastack_reads::{first, shown};

const NOON: &str = "Thu, 03 Sep 2026 12:00:00 GMT";

/// Where only what is answered here tells the time.
async fn dated() -> Bench {
    start_with(|it| set(it, "dialect", "api-v1")).await
}

async fn deployments(panda: &Bench, app: &str) -> Page<Deployment> {
    let of = DeploymentScope::App(AppId::new(app));
    panda.platform.deployments(&of, first()).await.unwrap()
}

/// `label phase` of each.
async fn history(panda: &Bench, app: &str) -> Vec<String> {
    let page = deployments(panda, app).await;
    let lines = page.items.iter().map(|it| {
        let now = if it.is_current { " now" } else { "" };
        format!("{} {:?}{now}", it.label, it.phase)
    });
    lines.collect()
}

#[tokio::test]
async fn the_known_deployments_of_an_app_are_told_as_such() {
    let panda = dated().await;
    panda.answer("GET", LIST, at(NOON, &fixture("apps"))).await;
    assert_eq!(history(&panda, APP).await, ["6f0c1a52 Succeeded now"]);
    let page = deployments(&panda, APP).await;
    let only = &page.items[0];
    assert_eq!(only.cause, Some(text("known to flightdeck")));
    // It was there when the app changed last: that it is seen at noon is not when it began.
    assert_eq!(only.started_at.unwrap().to_string(), "2026-09-02T17:40:03Z");
    assert_eq!(shown(&only.details, "UUID"), [DEPLOYMENT]);
    assert_eq!(only.environment, Some(EnvId::new(APP)));

    // A record that carries several tells of all.
    assert_eq!(
        history(&panda, "5f1").await,
        ["dep-2 Failed", "dep-1 Replaced"]
    );
    let failed = &deployments(&panda, "5f1").await.items[0];
    assert_eq!(failed.reason, Some(text("image pull failed")));
    assert_eq!(history(&panda, "4203").await, [""; 0]);
}

#[tokio::test]
async fn deployments_are_known_between_runs() {
    let notebook = Arc::new(Scratch::default());
    let list = |uuid: &str, word: &str| json!([{"id": 7, "deployment_uuid": uuid, "status": word}]);
    for (uuid, word, expected) in [
        ("first", "BUILDING", vec!["first Building"]),
        (
            "second",
            "RUNNING",
            vec!["second Succeeded now", "first Ended"],
        ),
        (
            "third",
            "PAUSED",
            vec![
                "third Other(\"not told\")",
                "second Replaced",
                "first Ended",
            ],
        ),
    ] {
        let book = notebook.clone();
        let panda = start_with(move |it| it.notebook = book).await;
        panda.json("GET", LIST, list(uuid, word)).await;
        assert_eq!(history(&panda, "7").await, expected);
    }
}

async fn told(panda: &Bench, uuid: &str) -> Result<Deployment, Failure> {
    let id = DeploymentId::new(format!("{APP}/{uuid}"));
    panda.platform.deployment(&id).await
}

async fn phase_of(body: &Value) -> (Phase, Option<String>) {
    let panda = start().await;
    panda
        .json("GET", "/api/v1/managed-apps/status/u-1", body.clone())
        .await;
    let deployment = told(&panda, "u-1").await.unwrap();
    let sent = panda.sent().await;
    assert!(
        sent.contains(&"GET /api/v1/managed-apps/status/u-1?organization_id=7312".into()),
        "{sent:?}"
    );
    (deployment.phase, deployment.reason.map(|it| it.to_string()))
}

#[tokio::test]
async fn the_state_of_a_deployment_comes_in_any_shape() {
    let failed = Some("image pull failed".to_owned());
    for (body, phase, reason) in [
        (
            json!({"success": true, "data": {"deployment_uuid": "u-1", "status": "BUILDING"}}),
            Phase::Building,
            None,
        ),
        (
            json!({"status": "COMPLETED", "url": "https://x"}),
            Phase::Succeeded,
            None,
        ),
        (json!({"status": "success"}), Phase::Succeeded, None),
        (
            json!({"data": {"status": "FAILED", "error_message": "image pull failed"}}),
            Phase::Failed,
            failed.clone(),
        ),
        (
            json!({"deployment": {"state": "error", "error": {"message": "image pull failed"}}}),
            Phase::Failed,
            failed,
        ),
        (json!("PENDING"), Phase::Queued, None),
        (json!({"phase": "starting"}), Phase::Deploying, None),
        (json!({"status": "canceled"}), Phase::Cancelled, None),
        (
            json!({"status": "sharding"}),
            Phase::Other(text("sharding")),
            None,
        ),
        // That something is so does not say how the deployment does.
        (
            json!({"completed": true, "valid": 1}),
            Phase::Other(text("not told")),
            None,
        ),
        (json!({}), Phase::Other(text("not told")), None),
    ] {
        assert_eq!(phase_of(&body).await, (phase, reason), "{body}");
    }
    let (phase, _) = phase_of(&json!({"status": "AWAITING_DOMAIN"})).await;
    assert!(matches!(phase, Phase::ActionRequired(_)));
}

#[tokio::test]
async fn a_deployment_tells_how_long_it_took() {
    let panda = start().await;
    let body = json!({"status": "DONE", "createdAt": "2026-09-03 08:00:00", "updatedAt": 1_788_422_460_u64});
    panda
        .json("GET", "/api/v1/managed-apps/status/u-1", body)
        .await;
    let deployment = told(&panda, "u-1").await.unwrap();
    assert_eq!(
        deployment.started_at.unwrap().to_string(),
        "2026-09-03T08:00:00Z"
    );
    assert_eq!(deployment.duration.unwrap().as_secs(), 60);
}

#[tokio::test]
async fn a_deployment_that_just_began_may_not_be_known_to_the_platform() {
    let panda = dated().await;
    let list = json!([{"id": APP, "deployment_uuid": "new", "status": "PENDING"}]);
    panda.answer("GET", LIST, at(NOON, &list)).await;
    assert_eq!(history(&panda, APP).await, ["new Queued"]);
    let refusal = refused(404, &json!({"message": "not found"}));
    let path = "/api/v1/managed-apps/status/new";
    panda
        .once(
            "GET",
            path,
            refusal
                .clone()
                .insert_header("date", "Thu, 03 Sep 2026 12:00:20 GMT"),
        )
        .await;
    panda
        .answer(
            "GET",
            path,
            refusal.insert_header("date", "Thu, 03 Sep 2026 12:01:00 GMT"),
        )
        .await;
    assert_eq!(told(&panda, "new").await.unwrap().phase, Phase::Queued);
    let gone = told(&panda, "new").await.unwrap_err();
    assert!(matches!(gone, Failure::NotFound { .. }), "{gone:?}");
}

#[tokio::test]
async fn the_domain_of_an_app_comes_with_its_records() {
    let panda = with_apps().await;
    let domains = async |app: &str| panda.platform.domains(&EnvId::new(app), first()).await;
    let page = domains("9007199254740993").await.unwrap();
    let [domain] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(domain.name, text("wiki.example.com"));
    assert_eq!(domain.id.as_str(), "9007199254740993");
    assert_eq!(domain.status, Status::Queued);
    assert_eq!(
        domain.instructions,
        [text("CNAME wiki.example.com edge.pandastack.app")]
    );
    let awaits = "awaits its domain: create the DNS records, then verify it";
    assert_eq!(domain.message, Some(text(awaits)));

    let page = domains(APP).await.unwrap();
    assert_eq!(page.items[0].name, text("n8n.example.com"));
    assert_eq!(
        (page.items[0].status.clone(), page.items[0].message.clone()),
        (Status::Present, None)
    );
    assert!(domains("4200").await.unwrap().items.is_empty());
    assert!(matches!(domains("1").await, Err(Failure::NotFound { .. })));
    assert!(matches!(
        domains("project:x").await,
        Err(Failure::Unsupported { .. })
    ));
}
