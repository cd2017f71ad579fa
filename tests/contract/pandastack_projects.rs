//! PandaStack: projects, dialect `v1`.

use std::time::Duration;

use flightdeck::model::{
    AppId, DeployMode, DeploymentId, DeploymentScope, EnvId, Failure, Follow, OperationKind,
    PageRequest, Phase, Secret, Status, VariableChange, VariableId, VariableWish, Verdict, Witness,
};
use flightdeck::platforms::Found;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, TOKEN};
use crate::pandastack_harness::{
    HISTORY, PROJECTS, SHOP, WHOAMI, bad, good, keeping_to, later, list, on_shop, whoami,
};

const DEPLOY: &str = "/v1/projects/shop/deploy";
const CANARY: &str = "canary-value";

async fn v1() -> Bench {
    let bench = keeping_to("v1").await;
    bench.answer("GET", WHOAMI, whoami()).await;
    bench
}

fn shop() -> Value {
    json!({
        "name": "shop", "slug": "container", "branch": "main", "project_url": "shop.example.com",
        "repositoryName": "acme/shop", "status": "RUNNING", "region": "us",
        "updatedAt": "2026-11-21T12:00:00Z",
        "Deployments": [{"uuid": "3f2a9c1e-1", "status": "COMPLETED"}],
        "env": [{"name": "A", "value": CANARY}],
    })
}

fn deploy() -> OperationKind {
    OperationKind::Deploy {
        mode: DeployMode::Auto,
    }
}

fn set(name: &str, value: &str) -> OperationKind {
    OperationKind::SetVariable {
        id: Some(VariableId::new(name)),
        name: name.into(),
        value: Secret::new(value),
        is_sensitive: true,
    }
}

fn with_env(env: &Value) -> ResponseTemplate {
    good(&json!({"name": "shop", "status": "RUNNING", "env": env}))
}

fn deployments(all: &[(&str, &str)]) -> ResponseTemplate {
    let items: Vec<_> = all
        .iter()
        .map(|(uuid, status)| json!({"deploymentUuid": uuid, "status": status}))
        .collect();
    list(&items)
}

async fn looks_at_variables(bench: &Bench) -> Vec<(String, String)> {
    let env = EnvId::new("project:shop");
    let page = bench.platform.variables(&env, PageRequest::first()).await;
    let page = page.unwrap();
    assert!(!format!("{page:?}").contains("canary"));
    let told = page.items.iter().map(|it| {
        assert!(it.is_sensitive);
        let value = it.value.as_ref().map(Secret::expose).unwrap_or_default();
        (it.name.to_string(), value.to_owned())
    });
    told.collect()
}

#[tokio::test]
async fn a_project_is_an_app_with_an_environment_named_after_its_branch() {
    let bench = v1().await;
    let broken = json!({"name": "docs", "status": "FAILED", "error_message": "no Dockerfile",
                        "projectUrl": "http://docs.example.com/x"});
    let building = json!({"name": "api", "status": "RUNNING", "branch": "next",
                          "Deployments": [{"uuid": "u-9", "status": "building"}]});
    bench
        .answer("GET", PROJECTS, list(&[shop(), broken, building]))
        .await;
    let apps = bench.platform.apps(PageRequest::first()).await.unwrap();
    assert!(!format!("{apps:?}").contains("canary"));
    let app = &apps.items[0];
    assert_eq!(
        (app.id.as_str(), app.name.as_str()),
        ("project:shop", "shop")
    );
    assert_eq!(app.status, Status::Live);
    assert_eq!(
        app.url.as_ref().unwrap().as_str(),
        "https://shop.example.com"
    );
    assert_eq!(app.organisation.as_ref().unwrap().as_str(), "7312");
    let docs = &apps.items[1];
    assert_eq!(docs.status, Status::Failed);
    assert_eq!(docs.reason.as_ref().unwrap().as_str(), "no Dockerfile");
    assert_eq!(
        docs.url.as_ref().unwrap().as_str(),
        "http://docs.example.com/x"
    );
    let environments = bench
        .platform
        .all_environments(PageRequest::first())
        .await
        .unwrap();
    assert!(!format!("{environments:?}").contains("canary"));
    let names: Vec<_> = environments
        .items
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["main", "production", "next"]);
    let main = &environments.items[0];
    assert!(main.is_synthetic && main.has_runtime_log);
    assert_eq!(main.release.as_ref().unwrap().label.as_str(), "3f2a9c1e");
    let next = &environments.items[2];
    assert_eq!(next.status, Status::Building);
    assert_eq!(next.running, Some(DeploymentId::new("project:api/u-9")));
    assert_eq!(
        bench.sent().await,
        ["GET /v1/whoami", "GET /v1/projects?page=1&pageSize=100"]
    );
}

#[tokio::test]
async fn pages_are_read_to_the_last_and_never_round_in_a_circle() {
    let page = |from: usize, count: usize, total: Option<usize>| {
        let items: Vec<_> = (from..from + count)
            .map(|it| json!({"name": format!("p{it}")}))
            .collect();
        good(&json!({"items": items, "total": total}))
    };
    for (answers, apps, asked) in [
        // The server's pages are smaller than what was asked for.
        (
            vec![
                page(0, 50, Some(120)),
                page(50, 50, Some(120)),
                page(100, 20, Some(120)),
            ],
            120,
            3,
        ),
        (vec![page(0, 100, None), page(100, 5, None)], 105, 2),
        (vec![page(0, 100, None), page(100, 0, None)], 100, 2),
        // It sends the same page for ever, or says that there are more than there are.
        (vec![page(0, 100, None), page(0, 100, None)], 100, 2),
        (vec![page(0, 3, Some(9)), page(3, 0, Some(9))], 3, 2),
        (vec![page(0, 3, Some(3))], 3, 1),
    ] {
        let bench = v1().await;
        for answer in answers {
            bench.once("GET", PROJECTS, answer).await;
        }
        let found = bench.platform.apps(PageRequest::first()).await.unwrap();
        assert_eq!(found.items.len(), apps);
        assert_eq!(bench.sent().await.len(), asked + 1);
    }
}

#[tokio::test]
async fn deployments_come_newest_first_under_any_name_of_their_uuid() {
    let bench = v1().await;
    let items = [
        json!({"deploymentUuid": "aaaaaaaa-1", "status": "PROCESSING", "createdAt": "2026-11-21T12:00:00Z"}),
        json!({"deployment_uuid": "bbbbbbbb-1", "status": "SUCCESS", "createdAt": 1_795_262_400,
               "completedAt": 1_795_262_460}),
        json!({"uuid": "cccccccc-1", "status": "completed"}),
        json!({"uuid": "dddddddd-1", "status": "FAILED", "error_message": "no luck"}),
        json!({"status": "FAILED"}),
    ];
    bench.answer("GET", HISTORY, list(&items)).await;
    let scope = DeploymentScope::App(AppId::new("project:shop"));
    let page = bench
        .platform
        .deployments(&scope, PageRequest::first())
        .await
        .unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.label.as_str(), &it.phase))
        .collect();
    assert_eq!(
        told,
        [
            ("aaaaaaaa", &Phase::Building),
            ("bbbbbbbb", &Phase::Succeeded),
            ("cccccccc", &Phase::Replaced),
            ("dddddddd", &Phase::Failed),
        ]
    );
    assert!(page.items[1].is_current);
    assert_eq!(page.items[1].duration, Some(Duration::from_mins(1)));
    assert_eq!(page.items[3].reason.as_ref().unwrap().as_str(), "no luck");
    let one = bench.platform.deployment(&page.items[1].id).await.unwrap();
    assert_eq!(one, page.items[1]);
    let other = DeploymentId::new("project:shop/nobody");
    let missing = bench.platform.deployment(&other).await;
    assert!(
        matches!(missing, Err(Failure::NotFound { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_deployment_is_followed_to_its_end() {
    let bench = v1().await;
    let answer = good(&json!({"deployment_uuid": "u-2"}));
    bench.answer("POST", DEPLOY, answer).await;
    let accepted = bench.operate(deploy()).await.unwrap();
    assert_eq!(bench.last_body().await, json!({}));
    let follow = Follow::Deployment(DeploymentId::new("project:shop/u-2"));
    assert_eq!(accepted.follow, Some(follow.clone()));
    for all in [
        &[("u-1", "SUCCESS")][..],
        &[("u-2", "BUILDING"), ("u-1", "SUCCESS")],
    ] {
        bench.once("GET", HISTORY, deployments(all)).await;
        let looked = bench.platform.follow(&follow).await.unwrap();
        assert_eq!(
            (looked.verdict, looked.again_in),
            (None, Duration::from_secs(3))
        );
    }
    later(120).await;
    bench
        .once("GET", HISTORY, deployments(&[("u-2", "BUILDING")]))
        .await;
    let looked = bench.platform.follow(&follow).await.unwrap();
    assert_eq!(looked.again_in, Duration::from_secs(10));
    bench
        .answer("GET", HISTORY, deployments(&[("u-2", "FAILED")]))
        .await;
    let looked = bench.platform.follow(&follow).await.unwrap();
    assert!(
        matches!(looked.verdict, Some(Verdict::Failed(_))),
        "{looked:?}"
    );
}

#[tokio::test]
async fn a_deployment_without_an_end_is_stale_after_half_an_hour() {
    let bench = v1().await;
    bench
        .answer("GET", HISTORY, deployments(&[("u-2", "BUILDING")]))
        .await;
    let follow = Follow::Deployment(DeploymentId::new("project:shop/u-2"));
    assert_eq!(bench.platform.follow(&follow).await.unwrap().verdict, None);
    later(1800).await;
    let looked = bench.platform.follow(&follow).await.unwrap();
    let Some(Verdict::Partly(why)) = looked.verdict else {
        panic!("{looked:?}");
    };
    assert!(why.as_str().contains("stale"), "{why}");
}

#[tokio::test]
async fn a_deployment_without_a_name_is_the_first_that_is_new() {
    let bench = v1().await;
    bench
        .once("GET", HISTORY, deployments(&[("u-1", "SUCCESS")]))
        .await;
    let before = bench.platform.witness(&on_shop(deploy())).await.unwrap();
    assert!(before.0.is_some());
    bench.answer("POST", DEPLOY, good(&json!({}))).await;
    let accepted = bench.operate(deploy()).await.unwrap();
    let follow = accepted.follow.unwrap();
    bench
        .once("GET", HISTORY, deployments(&[("u-1", "SUCCESS")]))
        .await;
    assert_eq!(bench.platform.follow(&follow).await.unwrap().verdict, None);
    let three = [("u-3", "FAILED"), ("u-2", "SUCCESS"), ("u-1", "SUCCESS")];
    bench.answer("GET", HISTORY, deployments(&three)).await;
    let looked = bench.platform.follow(&follow).await.unwrap();
    assert_eq!(looked.verdict, Some(Verdict::Done(None)));
}

#[tokio::test]
async fn a_deployment_without_a_name_is_none_of_those_that_were_there() {
    let bench = v1().await;
    bench.answer("POST", DEPLOY, good(&json!({}))).await;
    // Nobody looked before, and now nobody can.
    let accepted = bench.operate(deploy()).await.unwrap();
    assert_eq!(accepted.follow, None);
    assert!(accepted.note.unwrap().as_str().contains("see Deployments"));
    // Where it can be looked, it is.
    let old = [("u-1", "SUCCESS")];
    bench.answer("GET", HISTORY, deployments(&old)).await;
    let follow = bench.operate(deploy()).await.unwrap().follow.unwrap();
    let looked = bench.platform.follow(&follow).await.unwrap();
    assert_eq!(looked.verdict, None);
    assert_eq!(
        looked.progress.label.unwrap().as_str(),
        "accepted, not listed yet"
    );

    // After a restart the text of the task is enough.
    let again = v1().await;
    let all = [("u-2", "FAILED"), ("u-1", "SUCCESS")];
    again.answer("GET", HISTORY, deployments(&all)).await;
    let looked = again.platform.follow(&follow).await.unwrap();
    assert!(
        matches!(looked.verdict, Some(Verdict::Failed(_))),
        "{looked:?}"
    );
}

#[tokio::test]
async fn more_deployments_than_are_listed_are_counted() {
    let bench = v1().await;
    let items = json!({"items": [{"uuid": "u-1", "status": "SUCCESS"}], "total": 40});
    bench.answer("GET", HISTORY, good(&items)).await;
    let of = DeploymentScope::App(AppId::new("project:shop"));
    let page = bench.platform.deployments(&of, PageRequest::first()).await;
    let page = page.unwrap();
    assert_eq!(
        (page.items.len(), page.total, page.next),
        (1, Some(40), None)
    );
}

#[tokio::test]
async fn a_token_among_the_variables_is_written_back_as_it_is() {
    let bench = v1().await;
    let env = json!([{"name": "PANDA", "value": TOKEN}]);
    bench.answer("GET", SHOP, with_env(&env)).await;
    bench.answer("PATCH", SHOP, good(&json!({}))).await;
    bench.operate(set("NEW", "1")).await.unwrap();
    let expected =
        json!({"env": [{"name": "PANDA", "value": TOKEN}, {"name": "NEW", "value": "1"}]});
    assert_eq!(bench.last_body().await, expected);
}

#[tokio::test]
async fn a_lost_deployment_is_found_by_what_was_newest() {
    let bench = v1().await;
    bench
        .once("GET", HISTORY, deployments(&[("u-1", "SUCCESS")]))
        .await;
    let before = bench.platform.witness(&on_shop(deploy())).await.unwrap();
    bench
        .once("GET", HISTORY, deployments(&[("u-1", "SUCCESS")]))
        .await;
    let found = bench.platform.look_for(&on_shop(deploy()), &before).await;
    assert_eq!(found, Ok(Found::DidNotHappen));
    bench
        .answer(
            "GET",
            HISTORY,
            deployments(&[("u-2", "PENDING"), ("u-1", "SUCCESS")]),
        )
        .await;
    let found = bench.platform.look_for(&on_shop(deploy()), &before).await;
    let id = DeploymentId::new("project:shop/u-2");
    assert_eq!(found, Ok(Found::Happened(Follow::Deployment(id))));
}

#[tokio::test]
async fn a_project_is_deleted_by_its_name_and_followed_until_it_is_gone() {
    let bench = v1().await;
    let delete = |name: &str| OperationKind::DeleteApp {
        typed_name: name.into(),
    };
    let wrong = bench.operate(delete("shoe")).await;
    assert!(matches!(wrong, Err(Failure::Validation(_))), "{wrong:?}");
    assert_eq!(bench.sent().await, [""; 0]);
    bench.once("DELETE", SHOP, good(&Value::Null)).await;
    let follow = bench.operate(delete("shop")).await.unwrap().follow.unwrap();
    bench
        .once(
            "GET",
            SHOP,
            good(&json!({"name": "shop", "status": "DELETING"})),
        )
        .await;
    assert_eq!(bench.platform.follow(&follow).await.unwrap().verdict, None);
    let (deleted, none) = (on_shop(delete("shop")), Witness(None));
    let found = bench.platform.look_for(&deleted, &none).await;
    assert_eq!(found, Ok(Found::HappenedAndEnded));
    let looked = bench.platform.follow(&follow).await.unwrap();
    assert_eq!(looked.verdict, Some(Verdict::Done(None)));
    // Gone already is as good.
    bench
        .answer("DELETE", SHOP, bad(404, "NOT_FOUND", "no such project"))
        .await;
    assert_eq!(bench.operate(delete("shop")).await.unwrap().follow, None);
}

#[tokio::test]
async fn variables_are_changed_in_the_list_as_it_is() {
    let bench = v1().await;
    let env = json!([{"name": "A", "value": CANARY, "id": 7}, {"name": "B", "value": 2}, {"name": "C", "value": "c"}]);
    bench.answer("GET", SHOP, with_env(&env)).await;
    bench
        .answer("PATCH", SHOP, good(&json!({"name": "shop"})))
        .await;
    let told = looks_at_variables(&bench).await;
    assert_eq!(told[0], ("A".into(), CANARY.into()));
    assert_eq!(told[1], ("B".into(), "2".into()));
    let change = |name: &str, wish| VariableChange {
        id: None,
        name: name.into(),
        wish,
    };
    let to = |value: &str| VariableWish::Set {
        value: Secret::new(value),
        is_sensitive: true,
    };
    let changes = vec![
        change("A", to("new")),
        change("C", VariableWish::Unset),
        change("D", to("d")),
    ];
    let accepted = bench
        .operate(OperationKind::ChangeVariables(changes))
        .await
        .unwrap();
    assert!(accepted.note.unwrap().as_str().contains("next deployment"));
    assert_eq!(
        bench.last_body().await,
        json!({"env": [{"name": "A", "value": "new", "id": 7}, {"name": "B", "value": 2},
                       {"name": "D", "value": "d"}]})
    );
}

#[tokio::test]
async fn what_somebody_else_changed_is_not_overwritten() {
    let bench = v1().await;
    let env =
        |a: &str, b: &str| with_env(&json!([{"name": "A", "value": a}, {"name": "B", "value": b}]));
    bench.once("GET", SHOP, env("1", "1")).await;
    looks_at_variables(&bench).await;
    bench.once("GET", SHOP, env("canary-theirs", "1")).await;
    let conflict = bench.operate(set("A", "canary-mine")).await.unwrap_err();
    assert!(matches!(conflict, Failure::Conflict(_)), "{conflict:?}");
    assert!(!format!("{conflict:?} {conflict}").contains("canary"));
    // What they changed beside it stays as they left it.
    bench.once("GET", SHOP, env("1", "theirs")).await;
    bench
        .answer("PATCH", SHOP, good(&json!({"name": "shop"})))
        .await;
    bench.operate(set("A", "mine")).await.unwrap();
    assert_eq!(
        bench.last_body().await,
        json!({"env": [{"name": "A", "value": "mine"}, {"name": "B", "value": "theirs"}]})
    );
    // Changed again without another look: what is there is ours.
    bench.once("GET", SHOP, env("mine", "theirs")).await;
    bench.operate(set("A", "again")).await.unwrap();
    // Sent again after its answer was lost: it is so already.
    let sent = bench.sent().await.len();
    bench.once("GET", SHOP, env("again", "theirs")).await;
    bench.operate(set("A", "again")).await.unwrap();
    assert_eq!(bench.sent().await.len(), sent + 1);
}

#[tokio::test]
async fn a_list_that_is_not_all_known_is_not_written_back() {
    for env in [
        json!([{"name": "A", "value": "1"}, {"name": "HIDDEN"}]),
        json!([{"name": "A", "value": "1"}, "else"]),
        json!({"A": "1"}),
        json!("A=1"),
    ] {
        let bench = v1().await;
        bench.answer("GET", SHOP, with_env(&env)).await;
        let refused = bench.operate(set("NEW", CANARY)).await.unwrap_err();
        assert!(matches!(refused, Failure::Local { .. }), "{refused:?}");
        assert_eq!(bench.sent().await.len(), 1, "{env}");
    }
    let bench = v1().await;
    bench
        .answer("GET", SHOP, good(&json!({"name": "shop"})))
        .await;
    assert!(bench.operate(set("NEW", "1")).await.is_err());
    for env in [json!(null), json!([])] {
        let bench = v1().await;
        bench.answer("GET", SHOP, with_env(&env)).await;
        bench.answer("PATCH", SHOP, good(&json!({}))).await;
        bench.operate(set("NEW", "1")).await.unwrap();
        assert_eq!(
            bench.last_body().await,
            json!({"env": [{"name": "NEW", "value": "1"}]})
        );
    }
}

#[tokio::test]
async fn values_are_in_no_failure() {
    for status in [200, 400, 409, 500] {
        let bench = v1().await;
        let env = json!([{"name": "A", "value": "canary-old"}]);
        bench.answer("GET", SHOP, with_env(&env)).await;
        let said = format!("A=canary-new B=canary-old {TOKEN} is bad");
        bench.answer("PATCH", SHOP, bad(status, "BAD", &said)).await;
        let failure = bench.operate(set("A", "canary-new")).await.unwrap_err();
        let told = format!("{failure:?} {failure} {}", failure.advice());
        assert!(!told.contains("canary"), "{status}: {told}");
        assert!(told.contains("is bad"), "{status}: {told}");
    }
}

#[tokio::test]
async fn a_lost_change_is_found_by_reading() {
    let bench = v1().await;
    let none = Witness(None);
    bench
        .answer("GET", SHOP, with_env(&json!([{"name": "A", "value": "1"}])))
        .await;
    for (kind, expected) in [
        (set("A", "1"), Found::HappenedAndEnded),
        (set("A", "2"), Found::DidNotHappen),
        (set("B", "1"), Found::DidNotHappen),
        (
            OperationKind::UnsetVariable {
                id: None,
                name: "B".into(),
            },
            Found::HappenedAndEnded,
        ),
        (
            OperationKind::UnsetVariable {
                id: None,
                name: "A".into(),
            },
            Found::DidNotHappen,
        ),
    ] {
        let found = bench.platform.look_for(&on_shop(kind), &none).await;
        assert_eq!(found, Ok(expected));
    }
}

#[tokio::test]
async fn what_only_managed_apps_have_is_refused_before_anything_is_sent() {
    let bench = v1().await;
    for kind in [
        OperationKind::RetryDeployment { deployment: None },
        OperationKind::CompleteInstallation {
            domain: "shop.example.com".into(),
        },
    ] {
        let refused = bench.operate(kind).await;
        assert!(
            matches!(refused, Err(Failure::Unsupported { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(bench.sent().await, [""; 0]);
}
