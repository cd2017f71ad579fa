//! `PandaStack`: what became of an operation whose answer was lost.

use flightdeck::model::{Follow, OperationKind, Stage, Verdict, Witness};
use flightdeck::platforms::Found;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::pandastack_doing::{
    DEPLOY, INSTALLATION, RETRYING, STATUS, carried_out, complete, configure, create, delete,
    json_answer, list, operation, record, start, verify, writes,
};
use crate::pandastack_harness::LIST;

/// What is found, in short.
fn told(found: &Found) -> String {
    if let Found::Happened(Follow::Deployment(id)) = found {
        return format!("deployment {}", id.as_str());
    }
    if let Found::Happened(Follow::Task(task)) = found {
        return task.to_string();
    }
    format!("{found:?}")
}

/// What is found if the list, or the installation, was this before and is that now.
async fn found(kind: OperationKind, before: Value, now: Value) -> String {
    let panda = start().await;
    let operation = operation(kind);
    let show = |body: Value| async {
        panda.server.reset().await;
        panda.json("GET", LIST, body.clone()).await;
        panda.json("GET", INSTALLATION, body).await;
    };
    show(before).await;
    let witness = panda.platform.witness(&operation).await.unwrap();
    assert_eq!(writes(&panda).await, [""; 0]);
    show(now).await;
    let found = panda.platform.look_for(&operation, &witness).await.unwrap();
    assert_eq!(writes(&panda).await, [""; 0]);
    told(&found)
}

#[tokio::test]
async fn an_app_that_was_ordered_is_the_only_new_one_of_its_slug() {
    let ghost = |id: u32, more: Value| {
        let mut ghost = record(&more);
        ghost["id"] = id.into();
        ghost
    };
    let old = || ghost(1, json!({}));
    let new = || ghost(2, json!({"deployment_uuid": "u-2"}));
    let other = json!({"id": 3, "slug": "n8n"});
    for (before, now, expected) in [
        (
            json!([old()]),
            json!([new(), old(), other]),
            "deployment 2/u-2",
        ),
        (json!([]), json!([old()]), r#"{"install":{"app":"1"}}"#),
        (json!([old()]), json!([old(), other]), "DidNotHappen"),
        (
            json!([old()]),
            json!({"total": 9, "data": [old()]}),
            "NotYet",
        ),
        (json!([]), json!([old(), new()]), "CannotTell"),
    ] {
        assert_eq!(found(create("ghost", &[]), before, now).await, expected);
    }
}

#[tokio::test]
async fn a_retry_shows_by_a_new_deployment_or_another_state() {
    let app = |state: &str, uuid: &str| {
        json!([record(&json!({"status": state, "deployment_uuid": uuid}))])
    };
    for (now, expected) in [
        (app("FAILED", "u-2"), "deployment 4190/u-2"),
        (
            app("BUILDING", "u-1"),
            r#"{"retry":{"app":"4190","deployment":"u-1"}}"#,
        ),
        (app("FAILED", "u-1"), "NotYet"),
        (app("ERROR", "u-1"), "NotYet"),
        (json!([record(&json!({}))]), "CannotTell"),
        (json!([]), "CannotTell"),
    ] {
        assert_eq!(found(RETRYING, app("FAILED", "u-1"), now).await, expected);
    }
}

#[tokio::test]
async fn settings_are_found_where_the_record_shows_them() {
    let app = |more: Value| json!([record(&more)]);
    let kind = || configure(r#"{"plan_size": 2}"#);
    let ended = "HappenedAndEnded";
    for (before, now, expected) in [
        (json!({"planSize": 1}), json!({"planSize": 2}), ended),
        (json!({}), json!({"config": {"plan_size": 2}}), ended),
        (json!({"planSize": 2}), json!({"planSize": 2}), "CannotTell"),
        (json!({}), json!({}), "CannotTell"),
    ] {
        assert_eq!(found(kind(), app(before), app(now)).await, expected);
    }
}

#[tokio::test]
async fn a_completion_shows_by_the_domain_or_by_what_is_no_longer_awaited() {
    let told = |state: &str, domain: Option<&str>| json!({"status": state, "domain": domain});
    let waiting = || told("PENDING_DOMAIN", None);
    let (task, domain) = (r#"{"complete":{"app":"4190"}}"#, "blog.example.com");
    for (before, now, expected) in [
        (waiting(), told("DEPLOYING", None), task),
        (waiting(), told("RUNNING", Some(domain)), task),
        (waiting(), told("FAILED", None), task),
        (
            waiting(),
            told("PENDING_DOMAIN", Some("Blog.Example.com")),
            task,
        ),
        (waiting(), waiting(), "NotYet"),
        (told("RUNNING", None), told("RUNNING", Some(domain)), task),
        (
            told("RUNNING", Some(domain)),
            told("RUNNING", Some(domain)),
            "CannotTell",
        ),
        (waiting(), told("Rattling", None), "CannotTell"),
    ] {
        assert_eq!(found(complete(domain), before, now).await, expected);
    }
}

#[tokio::test]
async fn a_deletion_shows_by_what_is_gone_or_going() {
    let app = |state: &str| json!([record(&json!({"status": state}))]);
    let task = r#"{"delete":{"app":"4190"}}"#;
    for (now, expected) in [
        (json!([]), "HappenedAndEnded"),
        (app("DELETED"), "HappenedAndEnded"),
        (app("TERMINATING"), task),
        (app("RUNNING"), "NotYet"),
        (json!({"total": 9, "data": []}), "CannotTell"),
    ] {
        assert_eq!(found(delete(), app("RUNNING"), now).await, expected);
    }
}

#[tokio::test]
async fn nothing_is_told_without_what_was_there_before() {
    let panda = start().await;
    list(&panda, &[record(&json!({}))]).await;
    panda
        .json("GET", INSTALLATION, json!({"status": "RUNNING"}))
        .await;
    let settings = configure(r#"{"a": 1}"#);
    for kind in [
        create("ghost", &[]),
        RETRYING,
        settings,
        complete("a.example"),
        verify(),
    ] {
        let operation = operation(kind);
        for nothing in [Witness(None), Witness(Some("other words".into()))] {
            let found = panda.platform.look_for(&operation, &nothing).await;
            assert_eq!(found.unwrap(), Found::CannotTell);
        }
    }
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_found_and_followed_and_not_sent_again() {
    let panda = start().await;
    panda.once("GET", LIST, json_answer(200, &json!([]))).await;
    panda
        .answer("POST", DEPLOY, ResponseTemplate::new(500))
        .await;
    list(&panda, &[record(&json!({"deployment_uuid": "u-1"}))]).await;
    panda
        .json("GET", STATUS, json!({"status": "SUCCESS"}))
        .await;
    panda
        .json("GET", INSTALLATION, json!({"status": "INSTALLED"}))
        .await;
    let ended = carried_out(&panda, create("ghost", &[])).await;
    assert_eq!(ended, Stage::Ended(Verdict::Done(None)));
    assert_eq!(writes(&panda).await, [format!("POST {DEPLOY}")]);

    let empty = start().await;
    list(&empty, &[]).await;
    empty
        .answer("POST", DEPLOY, ResponseTemplate::new(500))
        .await;
    let ended = carried_out(&empty, create("ghost", &[])).await;
    assert!(matches!(ended, Stage::Refused(_)), "{ended:?}");
    assert_eq!(writes(&empty).await, [format!("POST {DEPLOY}")]);
}
