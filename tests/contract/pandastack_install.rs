//! `PandaStack`: an installation, from its order to a domain of its own, as it is followed.

use flightdeck::model::{Follow, StepState, Text};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::Bench;
use crate::pandastack_doing::{
    COMPLETE, DEPLOY, INSTALLATION, RETRY, RETRYING, STATUS, VERIFY, carried_out, complete, create,
    delete, follow, json_answer, list, look, record, sent, start, start_with, told, verify,
};
use crate::pandastack_harness::{LIST, later};

fn deployment() -> Follow {
    Follow::Deployment(flightdeck::model::DeploymentId::new("4190/u-1"))
}

fn task(text: &str) -> Follow {
    Follow::Task(Text::clean(text))
}

/// From now on this is all that there is.
async fn now(panda: &Bench, path: &str, body: Value) {
    panda.server.reset().await;
    panda.json("GET", path, body).await;
}

async fn not_found(panda: &Bench, path: &str) {
    panda.answer("GET", path, ResponseTemplate::new(404)).await;
}

async fn check(panda: &Bench, what: &Follow, expected: &str) {
    assert_eq!(told(&look(panda, what).await), expected);
}

#[tokio::test]
async fn a_deployment_and_then_the_installation_are_followed() {
    let (panda, what) = (start().await, deployment());
    not_found(&panda, STATUS).await;
    check(&panda, &what, "deploying: waiting for it to begin [3]").await;
    now(&panda, STATUS, json!({"data": {"status": "BUILDING"}})).await;
    check(&panda, &what, "deploying: BUILDING [3]").await;
    later(61).await;
    check(&panda, &what, "deploying: BUILDING [10]").await;
    now(&panda, STATUS, json!({"status": "Rattling"})).await;
    check(&panda, &what, "deploying: Rattling [10]").await;
    now(&panda, STATUS, json!({"status": "COMPLETED"})).await;
    let installing = json!({"installation_status": "provisioning"});
    panda.json("GET", INSTALLATION, installing).await;
    check(&panda, &what, "installing: provisioning [5]").await;

    // The deployment is not asked about any more.
    now(
        &panda,
        INSTALLATION,
        json!({"installed": true, "ready": "false"}),
    )
    .await;
    check(&panda, &what, "installing: no word of its state [5]").await;
    now(
        &panda,
        INSTALLATION,
        json!({"installed": true, "url": "blog.pandastack.app"}),
    )
    .await;
    check(
        &panda,
        &what,
        "done: it answers at https://blog.pandastack.app",
    )
    .await;
    assert_eq!(sent(&panda).await, [format!("GET {INSTALLATION}")]);
}

#[tokio::test]
async fn the_whole_way_is_shown() {
    let panda = start().await;
    now(&panda, STATUS, json!({"status": "PENDING"})).await;
    let steps = |tree: &[flightdeck::model::Step]| {
        let each = tree.iter().map(|it| format!("{} {:?}", it.label, it.state));
        each.collect::<Vec<_>>().join(", ")
    };
    let tree = look(&panda, &deployment()).await.progress.tree;
    let expected = "Deploy Running, Install Pending, DNS records Pending, Verify Pending, \
                    Complete Pending";
    assert_eq!(steps(&tree), expected);

    let waiting = json!({"verified": false, "reason": "no CNAME", "expected":
        {"type": "CNAME", "host": "blog", "value": "ops.pandastack.app"}});
    now(&panda, VERIFY, waiting).await;
    let followed = look(&panda, &task(r#"{"verify":{"app":"4190"}}"#)).await;
    let label = "not verified (no CNAME); create CNAME blog ops.pandastack.app";
    assert_eq!(followed.progress.label, Some(label.into()));
    let tree = followed.progress.tree;
    let expected = "Deploy Done, Install Done, DNS records Running, Verify Running, \
                    Complete Pending";
    assert_eq!(steps(&tree), expected);
    assert_eq!(
        tree[2].steps[0].label.as_str(),
        "CNAME blog ops.pandastack.app"
    );
    assert_eq!(tree[2].steps[0].state, StepState::Pending);
    assert_eq!(tree[3].reason, Some("no CNAME".into()));
}

#[tokio::test]
async fn a_domain_that_is_awaited_ends_it_with_what_to_do() {
    let one = json!({"type": "CNAME", "name": "www", "value": "x.pandastack.app"});
    for (records, expected) in [
        (
            json!([]),
            "it awaits a domain: verify-domain says which DNS records to create, then \
            complete-installation",
        ),
        (
            json!([one]),
            "it awaits a domain: create CNAME www x.pandastack.app, verify-domain, then \
            complete-installation",
        ),
        (
            json!([one, one]),
            "it awaits a domain: create the records under Domains, verify-domain, \
            then complete-installation",
        ),
        (
            json!(["x".repeat(80)]),
            "it awaits a domain: create the record under Domains, \
            verify-domain, then complete-installation",
        ),
    ] {
        assert!(expected.len() <= 100, "{expected}");
        let panda = start().await;
        let body = json!({"data": {"status": "PENDING_DOMAIN", "records": records}});
        now(&panda, INSTALLATION, body).await;
        let what = task(r#"{"install":{"app":"4190"}}"#);
        check(&panda, &what, &format!("partly: {expected}")).await;
    }
}

#[tokio::test]
async fn what_fails_stops_or_goes_says_so() {
    for (body, expected) in [
        (
            json!({"data": {"status": "FAILED", "error_message": "image pull failed"}}),
            "failed: image pull failed: mend the cause, then retry",
        ),
        (
            json!({"status": "ERROR"}),
            "failed: the installation failed: mend the cause, then retry",
        ),
        (
            json!({"status": "paused"}),
            "failed: it stopped before it ran (paused): see PandaStack's dashboard",
        ),
        (
            json!({"status": "DELETING"}),
            "failed: the app is being deleted",
        ),
    ] {
        let panda = start().await;
        now(&panda, STATUS, body).await;
        check(&panda, &deployment(), expected).await;
    }
}

#[tokio::test]
async fn after_half_an_hour_it_is_stale() {
    let panda = start().await;
    now(&panda, STATUS, json!({"status": "BUILDING"})).await;
    check(&panda, &deployment(), "deploying: BUILDING [3]").await;
    later(30 * 60).await;
    let stale = "partly: stale after 30 minutes (BUILDING): the list of apps says how it goes on";
    check(&panda, &deployment(), stale).await;
    // Whoever asks once more begins anew.
    check(&panda, &deployment(), "deploying: BUILDING [3]").await;
}

#[tokio::test]
async fn where_nothing_else_tells_the_list_does() {
    let (panda, what) = (start().await, deployment());
    not_found(&panda, STATUS).await;
    not_found(&panda, INSTALLATION).await;
    list(&panda, &[record(&json!({"status": "DEPLOYING"}))]).await;
    check(&panda, &what, "deploying: waiting for it to begin [3]").await;
    later(31).await;
    check(&panda, &what, "installing: DEPLOYING [5]").await;
    panda.server.reset().await;
    not_found(&panda, STATUS).await;
    panda.json("GET", INSTALLATION, json!({})).await;
    list(&panda, &[]).await;
    check(
        &panda,
        &what,
        "failed: the app is not listed any more: somebody deleted it",
    )
    .await;
}

#[tokio::test]
async fn a_failure_from_before_a_retry_is_not_believed_at_once() {
    let what = task(r#"{"retry":{"app":"4190"}}"#);
    let panda = start().await;
    now(&panda, INSTALLATION, json!({"status": "FAILED"})).await;
    check(&panda, &what, "installing: waiting for it to begin [5]").await;
    later(31).await;
    let failed = "failed: the installation failed: mend the cause, then retry";
    check(&panda, &what, failed).await;

    // One after something else was seen is.
    check(&panda, &what, "installing: waiting for it to begin [5]").await;
    now(&panda, INSTALLATION, json!({"status": "BUILDING"})).await;
    check(&panda, &what, "installing: BUILDING [5]").await;
    now(&panda, INSTALLATION, json!({"status": "FAILED"})).await;
    check(&panda, &what, failed).await;
}

#[tokio::test]
async fn a_completion_is_followed_until_it_runs() {
    let what = task(r#"{"complete":{"app":"4190"}}"#);
    let panda = start().await;
    now(&panda, INSTALLATION, json!({"status": "PENDING_DOMAIN"})).await;
    check(&panda, &what, "completing: waiting for it to begin [5]").await;
    now(&panda, INSTALLATION, json!({"status": "CONFIGURING"})).await;
    check(&panda, &what, "completing: CONFIGURING [5]").await;
    now(&panda, INSTALLATION, json!({"status": "RUNNING"})).await;
    check(&panda, &what, "done: -").await;
}

#[tokio::test]
async fn a_verification_asks_every_half_minute_for_half_an_hour() {
    let panda = start().await;
    now(
        &panda,
        VERIFY,
        json!({"verified": false, "reason": "no CNAME"}),
    )
    .await;
    let accepted = panda.operate(verify()).await.unwrap();
    let what = task(&follow(&accepted));
    check(&panda, &what, "not verified (no CNAME) [30]").await;
    later(20).await;
    check(&panda, &what, "not verified (no CNAME) [10]").await;
    assert_eq!(sent(&panda).await.len(), 1);
    later(10).await;
    check(&panda, &what, "not verified (no CNAME) [30]").await;
    assert_eq!(sent(&panda).await.len(), 2);
    later(30 * 60).await;
    let late = "partly: not verified (no CNAME), after 30 minutes: mend the records, then \
                verify-domain";
    check(&panda, &what, late).await;

    later(31).await;
    now(&panda, VERIFY, json!({"verified": true})).await;
    let done = "done: the domain is verified: complete the installation next";
    check(&panda, &what, done).await;
}

#[tokio::test]
async fn a_verification_that_an_earlier_run_began_is_not_gone_on_with_read_only() {
    let panda = start_with(|connection| connection.read_only = true).await;
    let what = task(r#"{"verify":{"app":"4190"}}"#);
    let told = "partly: read-only: verify-domain again where changes are allowed";
    check(&panda, &what, told).await;
    assert_eq!(sent(&panda).await, [""; 0]);
}

#[tokio::test]
async fn an_app_that_nobody_named_is_the_newest_of_its_slug() {
    let what = task(r#"{"search":{"slug":"ghost","not":["4190"]}}"#);
    let panda = start().await;
    check(
        &panda,
        &what,
        "deploying: waiting for the app to be listed [2]",
    )
    .await;
    assert_eq!(sent(&panda).await, [""; 0]);
    later(2).await;
    list(&panda, &[record(&json!({}))]).await;
    check(
        &panda,
        &what,
        "deploying: waiting for the app to be listed [5]",
    )
    .await;
    panda.server.reset().await;
    let new = |id: u32, at: &str| json!({"id": id, "slug": "Ghost", "created_at": at});
    let other = json!({"id": 9, "slug": "n8n", "created_at": "2026-11-22T12:09:00Z"});
    let (first, last) = (
        new(4201, "2026-11-22T12:00:00Z"),
        new(4202, "2026-11-22T12:01:00Z"),
    );
    list(&panda, &[record(&json!({})), last, first, other]).await;
    let path = "/api/v1/managed-apps/installation-status/4202";
    panda
        .json("GET", path, json!({"status": "INSTALLING"}))
        .await;
    check(&panda, &what, "installing: INSTALLING [5]").await;
    check(&panda, &what, "installing: INSTALLING [5]").await;
    assert_eq!(
        sent(&panda)
            .await
            .iter()
            .filter(|it| it.contains(path))
            .count(),
        2
    );
    assert_eq!(sent(&panda).await.len(), 3, "the list is read once");

    let unlisted = start().await;
    list(&unlisted, &[]).await;
    check(
        &unlisted,
        &what,
        "deploying: waiting for the app to be listed [2]",
    )
    .await;
    later(121).await;
    let told = "partly: taken, but no new app from ghost is listed: refresh to look again";
    check(&unlisted, &what, told).await;
}

#[tokio::test]
async fn a_deletion_is_followed_until_the_app_is_gone() {
    let what = task(r#"{"delete":{"app":"4190"}}"#);
    let panda = start().await;
    list(&panda, &[record(&json!({"status": "RUNNING"}))]).await;
    check(&panda, &what, "deleting: RUNNING [5]").await;
    panda.server.reset().await;
    list(&panda, &[record(&json!({"status": "UNINSTALLING"}))]).await;
    check(&panda, &what, "deleting: UNINSTALLING [5]").await;
    panda.server.reset().await;
    panda
        .json("GET", LIST, json!({"total": 3, "data": [{"id": 1}]}))
        .await;
    // A part of the list does not tell, so that the app itself is asked for.
    let known = json!({"status": "DELETING"});
    panda
        .once("GET", INSTALLATION, json_answer(200, &known))
        .await;
    check(
        &panda,
        &what,
        "deleting: it is not among the apps that are listed [5]",
    )
    .await;
    not_found(&panda, INSTALLATION).await;
    let gone = look(&panda, &task(r#"{"delete":{"app":"4190"}}"#)).await;
    assert_eq!(told(&gone), "done: -");
    panda.server.reset().await;
    list(&panda, &[]).await;
    check(&panda, &what, "done: -").await;
}

#[tokio::test]
async fn operations_are_seen_through_to_their_end() {
    let panda = start().await;
    panda.once("GET", LIST, json_answer(200, &json!([]))).await;
    let made = json!({"id": 4190, "deployment_uuid": "u-1"});
    panda.answer("POST", DEPLOY, json_answer(201, &made)).await;
    panda
        .json("GET", STATUS, json!({"status": "COMPLETED"}))
        .await;
    panda
        .once(
            "GET",
            INSTALLATION,
            json_answer(200, &json!({"status": "INSTALLING"})),
        )
        .await;
    panda
        .json("GET", INSTALLATION, json!({"status": "DNS_REQUIRED"}))
        .await;
    let ended = format!("{:?}", carried_out(&panda, create("ghost", &[])).await);
    assert!(
        ended.contains("Partly") && ended.contains("it awaits a domain"),
        "{ended}"
    );

    for (verb, path, kind) in [
        ("POST", RETRY, RETRYING),
        ("POST", COMPLETE, complete("blog.example.com")),
        ("DELETE", "/api/v1/managed-apps/4190", delete()),
    ] {
        let panda = start().await;
        panda
            .once("GET", LIST, json_answer(200, &json!([record(&json!({}))])))
            .await;
        if verb == "POST" {
            list(&panda, &[record(&json!({}))]).await;
        }
        list(&panda, &[]).await;
        panda.json(verb, path, json!({})).await;
        panda
            .json("GET", INSTALLATION, json!({"status": "RUNNING"}))
            .await;
        let ended = format!("{:?}", carried_out(&panda, kind).await);
        assert!(ended.contains("Done"), "{path}: {ended}");
    }
}
