//! `DigitalOcean`: what it says an operation would do.

use flightdeck::model::{BackupId, DeploymentId, OperationKind, Preview, Secret, Text};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::digitalocean_harness::{APP, operation, start, writes};
use crate::harness::{Bench, facts, scale, warnings};

fn spec(units: u32) -> Value {
    let web = json!({"name": "web", "instance_count": units});
    json!({"name": "shop", "services": [web]})
}

async fn ocean(more: Value) -> Bench {
    let ocean = start().await;
    let mut app = json!({"id": APP, "updated_at": "t", "spec": spec(1)});
    if let (Some(app), Value::Object(more)) = (app.as_object_mut(), more) {
        app.extend(more);
    }
    let at = format!("/v2/apps/{APP}");
    ocean.json("GET", &at, json!({"app": app})).await;
    ocean
}

/// Answers a proposal of this spec.
async fn priced(ocean: &Bench, units: u32, answer: &str) {
    let body = json!({"spec": spec(units), "app_id": APP});
    let mock = wiremock::Mock::given(wiremock::matchers::path("/v2/apps/propose"))
        .and(wiremock::matchers::body_json(body));
    let answer = ResponseTemplate::new(200).set_body_raw(answer, "application/json");
    mock.respond_with(answer).mount(&ocean.server).await;
}

async fn preview(ocean: &Bench, kind: OperationKind) -> Preview {
    let operation = operation(kind);
    let preview = ocean.platform.preview(&operation).await.unwrap().unwrap();
    assert_eq!(writes(ocean).await, [""; 0]);
    preview
}

fn refusal(preview: &Preview) -> Option<&str> {
    preview.refusal.as_ref().map(Text::as_str)
}

#[tokio::test]
async fn what_scaling_costs_is_told_as_the_platform_writes_it() {
    for (now, new, told) in [
        (
            r#"{"app_cost":12.00}"#,
            r#"{"app_cost":24.00}"#,
            "12.00 → 24.00 USD",
        ),
        (
            r#"{"app_cost":12.10}"#,
            r#"{"app_cost":"24.20"}"#,
            "12.10 → 24.20 USD",
        ),
        (r#"{"app_cost":5}"#, r#"{"app_cost":5}"#, "5 USD, as now"),
        ("{}", r#"{"app_cost":5}"#, "0 → 5 USD"),
    ] {
        let ocean = ocean(json!({})).await;
        priced(&ocean, 1, now).await;
        priced(&ocean, 2, new).await;
        let preview = preview(&ocean, scale(2)).await;
        assert_eq!(facts(&preview), [format!("cost a month: {told}")]);
        assert_eq!(warnings(&preview), ["a deployment will start"]);
        assert_eq!(preview.refusal, None);
    }
}

#[tokio::test]
async fn what_it_costs_now_is_no_condition() {
    let ocean = ocean(json!({"in_progress_deployment": {"id": "d"}})).await;
    priced(&ocean, 2, r#"{"app_cost":24}"#).await;
    let preview = preview(&ocean, scale(2)).await;
    assert_eq!(facts(&preview), ["cost a month: 24 USD"]);
    let expected = ["a deployment will start", "another deployment is under way"];
    assert_eq!(warnings(&preview), expected);
}

#[tokio::test]
async fn what_would_be_refused_is_told() {
    let pinned = json!({"pinned_deployment": {"id": "p"}});
    for (more, kind, status, told) in [
        (json!({}), scale(2), 400, "no room for canary"),
        (
            json!({}),
            scale(0),
            200,
            "units: DigitalOcean does not scale to 0: a component has 1 to 250 instances, \
             choose at least 1",
        ),
        (
            pinned,
            scale(2),
            200,
            "a roll-back is pinned, so nothing is deployed: keep it or undo it first",
        ),
    ] {
        let ocean = ocean(more).await;
        let answer = json!({"id": "bad", "message": "no room for canary", "app_cost": 1});
        let answer = ResponseTemplate::new(status).set_body_json(answer);
        ocean.answer("POST", "/v2/apps/propose", answer).await;
        let preview = preview(&ocean, kind).await;
        assert_eq!(refusal(&preview), Some(told));
    }
}

#[tokio::test]
async fn a_variable_costs_nothing_and_one_that_is_so_is_not_asked_about() {
    let ocean = ocean(json!({})).await;
    let set = OperationKind::SetVariable {
        id: None,
        name: "A".into(),
        value: Secret::new("canary-value"),
        is_sensitive: true,
    };
    let message = json!({"message": "canary-value is bad"});
    let answer = ResponseTemplate::new(400).set_body_json(message);
    ocean.answer("POST", "/v2/apps/propose", answer).await;
    let refused = preview(&ocean, set).await;
    assert_eq!(refusal(&refused), Some("*** is bad"));
    let same = preview(&ocean, scale(1)).await;
    assert_eq!(warnings(&same), ["it is so already: nothing will be sent"]);
    let asked = ocean.sent().await;
    let asked = asked.iter().filter(|it| it.starts_with("POST"));
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn a_new_app_has_a_price_and_a_free_name() {
    let kind = || OperationKind::CreateApp {
        name: "shop".into(),
        inputs: vec![("image".into(), "nginx".into())],
    };
    for (answer, told) in [
        (json!({"app_cost": 5, "app_name_available": true}), None),
        (
            json!({"app_cost": 5, "app_name_suggestion": "shop-2"}),
            Some("the name is taken: shop-2 is free"),
        ),
        (
            json!({"app_cost": 5, "app_name_available": false}),
            Some("the name is taken: choose another"),
        ),
    ] {
        let ocean = start().await;
        ocean.json("POST", "/v2/apps/propose", answer).await;
        let preview = preview(&ocean, kind()).await;
        assert_eq!(facts(&preview), ["cost a month: 5 USD"]);
        assert_eq!(refusal(&preview), told);
        let body = ocean.last_body().await;
        assert_eq!(body["app_id"], Value::Null);
        assert_eq!(body["spec"]["name"], "shop");
    }
}

#[tokio::test]
async fn a_roll_back_is_validated() {
    let back = |pin| OperationKind::RollBack {
        to: DeploymentId::new(format!("{APP}/old")),
        pin,
    };
    let rebuild = json!({"code": "static_site_requires_rebuild", "message": "site is built anew", "components": ["site"]});
    let error = json!({"code": "app_pinned", "message": "the app is pinned"});
    let stays = "the app stays pinned there: nothing is deployed until you keep or undo it";
    for (pin, answer, told, warned) in [
        (
            true,
            json!({"valid": true, "warnings": [rebuild]}),
            None,
            vec!["site is built anew (site)", stays],
        ),
        (
            false,
            json!({"error": error}),
            Some("the app is pinned"),
            vec![],
        ),
        (
            false,
            json!({"error": {"code": "region_conflict"}}),
            Some("region_conflict"),
            vec![],
        ),
        (
            false,
            json!({}),
            Some("DigitalOcean would refuse it and does not say why"),
            vec![],
        ),
    ] {
        let ocean = start().await;
        let at = format!("/v2/apps/{APP}/rollback/validate");
        ocean.json("POST", &at, answer).await;
        let preview = preview(&ocean, back(pin)).await;
        assert_eq!(refusal(&preview), told);
        assert_eq!(warnings(&preview), warned);
        let body = json!({"deployment_id": "old", "skip_pin": !pin});
        assert_eq!(ocean.last_body().await, body);
    }
}

#[tokio::test]
async fn a_restore_says_what_it_makes() {
    let ocean = start().await;
    let cluster = json!({"database": {"id": "c", "name": "db", "engine": "pg", "version": "16",
        "size": "db-s-1vcpu-1gb", "region": "ams3", "num_nodes": 2}});
    ocean.json("GET", "/v2/databases/c", cluster).await;
    let kind = OperationKind::RestoreBackup {
        backup: BackupId::new("c/2024-05-29T03:04:05Z"),
        notes: None,
        into: None,
    };
    let preview = preview(&ocean, kind).await;
    let expected = [
        "new cluster: db-restored-20240529-0304",
        "engine: pg 16",
        "size: 2 × db-s-1vcpu-1gb, ams3",
    ];
    assert_eq!(facts(&preview), expected);
    assert!(warnings(&preview)[0].contains("costs money"));
}

#[tokio::test]
async fn what_has_no_preview_asks_nothing() {
    let ocean = start().await;
    let operation = operation(OperationKind::CommitRollback);
    assert_eq!(ocean.platform.preview(&operation).await, Ok(None));
    assert_eq!(ocean.sent().await, [""; 0]);
}
