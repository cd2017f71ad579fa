//! `DigitalOcean`: what each operation sends, and when nothing is sent.

use flightdeck::model::{
    ActivityId, BackupId, DeployMode, DeploymentId, DomainChange, DomainId, EnvId, Failure, Follow,
    JobId, OperationKind, Secret, VariableChange, VariableId, VariableWish,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;
use wiremock::matchers::any;

use crate::digitalocean_harness::{APP, WEB, begun, start, start_with, writes};
use crate::harness::Bench;
use crate::harness::text;

/// With what no typed record would keep.
const SPEC: &str = r#"{"x-odd":[1e400,1180591620717411303424,"\u0061"],"name":"shop","envs":[{"key":"ROOT","value":"EV[1:canary:x]","type":"SECRET"}],"services":[{"name":"web","instance_count":2,"instance_size_slug":"apps-s-1vcpu-1gb","github":{"repo":"acme/shop","branch":"main"},"envs":[{"key":"LEVEL","value":"info","scope":"RUN_TIME"}]}],"static_sites":[{"name":"site"}],"domains":[{"domain":"a.example.org","type":"PRIMARY"},{"domain":"b.example.org","type":"ALIAS"}]}"#;

const FIRST: &str = "2024-05-29T20:14:14.123Z";
const LATER: &str = "2024-05-29T20:20:00Z";

fn app_at(updated_at: &str, spec: &str, more: &str) -> String {
    format!(r#"{{"app":{{"id":"{APP}","updated_at":"{updated_at}","spec":{spec}{more}}}}}"#)
}

fn path(rest: &str) -> String {
    format!("/v2/apps/{APP}{rest}")
}

const PENDING: &str = r#","pending_deployment":{"id":"new"}"#;

/// An app whose every change begins a deployment.
async fn ocean() -> Bench {
    let ocean = start().await;
    ocean.text("GET", &path(""), app_at(FIRST, SPEC, "")).await;
    let answer = app_at(LATER, SPEC, PENDING);
    ocean.text("PUT", &path(""), answer).await;
    ocean
}

fn scale(units: u32) -> OperationKind {
    OperationKind::Scale {
        process: None,
        units,
        size: None,
    }
}

fn set(id: Option<&str>, name: &str, value: &str) -> OperationKind {
    OperationKind::SetVariable {
        id: id.map(|id| VariableId::new(format!("{APP}/{id}"))),
        name: name.into(),
        value: Secret::new(value),
        is_sensitive: false,
    }
}

fn deployment(id: &str) -> DeploymentId {
    DeploymentId::new(format!("{APP}/{id}"))
}

fn following(id: &str) -> Follow {
    Follow::Deployment(deployment(id))
}

#[tokio::test]
async fn a_change_replaces_the_whole_spec_and_nothing_else_in_it() {
    let ocean = ocean().await;
    let domain = |name: &str| DomainId::new(format!("{APP}/{name}"));
    let level = r#"{"key":"LEVEL","value":"info","scope":"RUN_TIME"}"#;
    for (kind, from, to) in [
        (scale(3), "\"instance_count\":2", "\"instance_count\":3"),
        (
            OperationKind::Scale {
                process: Some("web".into()),
                units: 4,
                size: Some("big".into()),
            },
            r#""instance_count":2,"instance_size_slug":"apps-s-1vcpu-1gb""#,
            r#""instance_count":4,"instance_size_slug":"big""#,
        ),
        (
            set(Some("web/LEVEL"), "LEVEL", "de\"bug"),
            "\"value\":\"info\"",
            "\"value\":\"de\\\"bug\"",
        ),
        (
            set(Some("/ROOT"), "ROOT", "plain"),
            "EV[1:canary:x]",
            "plain",
        ),
        (
            OperationKind::UnsetVariable {
                id: None,
                name: "LEVEL".into(),
            },
            level,
            "",
        ),
        (
            OperationKind::UpdateEnvironment {
                branch: "next".into(),
            },
            "\"branch\":\"main\"",
            "\"branch\":\"next\"",
        ),
        (
            OperationKind::AddDomain {
                name: "c.example.org".into(),
            },
            r#""type":"ALIAS"}]"#,
            r#""type":"ALIAS"},{"domain":"c.example.org","type":"ALIAS"}]"#,
        ),
        (
            OperationKind::RemoveDomain {
                id: domain("b.example.org"),
                name: "b.example.org".into(),
            },
            r#",{"domain":"b.example.org","type":"ALIAS"}"#,
            "",
        ),
        (
            OperationKind::UpdateDomain {
                id: domain("b.example.org"),
                change: DomainChange::MakePrimary,
            },
            r#""PRIMARY"},{"domain":"b.example.org","type":"ALIAS"}"#,
            r#""ALIAS"},{"domain":"b.example.org","type":"PRIMARY"}"#,
        ),
        (
            OperationKind::UpdateApp {
                name: "shop-two".into(),
            },
            "\"name\":\"shop\"",
            "\"name\":\"shop-two\"",
        ),
    ] {
        let accepted = ocean.operate(kind.clone()).await.unwrap();
        assert_eq!(accepted.follow, Some(following("new")), "{kind:?}");
        let expected = format!("{{\"spec\":{}}}", SPEC.replace(from, to));
        assert_eq!(ocean.last_text().await, expected, "{kind:?}");
    }
    let sent = ocean.sent().await;
    assert_eq!(
        sent[..2],
        [format!("GET {}", path("")), format!("PUT {}", path(""))]
    );
}

#[tokio::test]
async fn automatic_scaling_takes_the_place_of_a_number() {
    let ocean = ocean().await;
    let kind = OperationKind::Autoscale {
        cpu: None,
        process: None,
        limits: Some((2, 5)),
    };
    ocean.operate(kind).await.unwrap();
    let sent = ocean.last_text().await;
    let bounds = r#""autoscaling":{"metrics":{"cpu":{"percent":80}},"min_instance_count":2,"max_instance_count":5}"#;
    assert!(
        sent.contains(bounds) && !sent.contains("\"instance_count\""),
        "{sent}"
    );
}

#[tokio::test]
async fn all_changes_to_variables_are_one_request() {
    let ocean = ocean().await;
    let change = |id: Option<&str>, name: &str, wish| VariableChange {
        id: id.map(|id| VariableId::new(format!("{APP}/{id}"))),
        name: name.into(),
        wish,
    };
    let value = |value: &str, is_sensitive| VariableWish::Set {
        value: Secret::new(value),
        is_sensitive,
    };
    let kind = OperationKind::ChangeVariables(vec![
        change(Some("web/LEVEL"), "LEVEL", VariableWish::Unset),
        change(None, "TOKEN", value("t", true)),
        change(Some("/ROOT"), "ROOT", value("r", false)),
    ]);
    ocean.operate(kind).await.unwrap();
    let level = r#"{"key":"LEVEL","value":"info","scope":"RUN_TIME"}"#;
    let token = r#"{"key":"TOKEN","value":"t","scope":"RUN_AND_BUILD_TIME","type":"SECRET"}"#;
    let spec = SPEC.replace(level, token).replace("EV[1:canary:x]", "r");
    assert_eq!(ocean.last_text().await, format!("{{\"spec\":{spec}}}"));
    assert_eq!(writes(&ocean).await.len(), 1);
}

#[tokio::test]
async fn what_needs_no_deployment_is_done_at_once() {
    let ocean = start().await;
    let running = r#","in_progress_deployment":{"id":"theirs"}"#;
    ocean
        .text("GET", &path(""), app_at(FIRST, SPEC, running))
        .await;
    ocean
        .text("PUT", &path(""), app_at(LATER, SPEC, running))
        .await;
    let accepted = ocean.operate(scale(3)).await.unwrap();
    assert_eq!(accepted.follow, None);
    assert_eq!(accepted.note, Some(text("nothing had to be deployed")));
    let accepted = ocean.operate(scale(2)).await.unwrap();
    let note = "it is so already: nothing was sent";
    assert_eq!(accepted.note, Some(text(note)));
    assert_eq!(writes(&ocean).await.len(), 1);
}

/// The version of the spec that somebody sees who is shown this app.
async fn version(app: String) -> String {
    let ocean = start().await;
    ocean.text("GET", &path(""), app).await;
    let seen = ocean.platform.environment(&EnvId::new(WEB)).await.unwrap();
    seen.revision.unwrap().0.to_string()
}

#[tokio::test]
async fn a_deployment_leaves_the_version_as_it_is() {
    let seen = version(app_at(FIRST, SPEC, "")).await;
    let moved = app_at(LATER, &SPEC.replace(',', " , "), PENDING);
    assert_eq!(version(moved).await, seen);
    let changed = SPEC.replace("\"info\"", "\"debug\"");
    assert_ne!(version(app_at(FIRST, &changed, "")).await, seen);
}

#[tokio::test]
async fn what_nobody_else_changed_is_changed() {
    let ocean = start().await;
    ocean
        .once_text("GET", &path(""), app_at(FIRST, SPEC, ""))
        .await;
    let moved = app_at(LATER, &SPEC.replace(',', " , "), "");
    ocean.once_text("GET", &path(""), moved).await;
    let three = SPEC.replace("\"instance_count\":2", "\"instance_count\":3");
    let own = app_at("2024-05-29T20:30:00Z", &three, PENDING);
    ocean.text("PUT", &path(""), own.clone()).await;
    ocean.text("GET", &path(""), own).await;
    // As it was seen; then moved by a deployment alone; then by the change before.
    let seen = version(app_at(FIRST, SPEC, "")).await;
    ocean.operate_on(scale(2), Some(&seen)).await.unwrap();
    ocean.operate_on(scale(3), Some(&seen)).await.unwrap();
    ocean.operate_on(scale(4), Some(&seen)).await.unwrap();
    assert_eq!(writes(&ocean).await.len(), 2);
    assert!(ocean.last_text().await.contains("\"instance_count\":4"));
}

#[tokio::test]
async fn what_somebody_else_changed_is_told_and_left_alone() {
    let ocean = start().await;
    ocean
        .once_text("GET", &path(""), app_at(FIRST, SPEC, ""))
        .await;
    let theirs = SPEC
        .replace("\"instance_count\":2", "\"instance_count\":3")
        .replace("\"info\"", "\"canary\"");
    ocean
        .text("GET", &path(""), app_at(LATER, &theirs, ""))
        .await;
    let seen = version(app_at(FIRST, SPEC, "")).await;
    ocean.operate_on(scale(2), Some(&seen)).await.unwrap();
    let told = "web: instance_count was 2, is 3 now, you want 4; \
                web: LEVEL was changed by somebody else; look again";
    for (seen, told) in [
        (seen.as_str(), told),
        (
            "another",
            "the app's spec was changed since you looked: look again",
        ),
    ] {
        let refused = ocean.operate_on(scale(4), Some(seen)).await;
        assert_eq!(refused, Err(Failure::Conflict(text(told))));
    }
    assert_eq!(writes(&ocean).await, [""; 0]);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a row per operation")]
async fn every_other_operation_sends_one_request() {
    let ocean = start().await;
    let pinned = r#","pinned_deployment":{"id":"p"}"#;
    let on = |rest: &str| format!("POST {}", path(rest));
    let run = |run: &str| OperationKind::CancelJobRun {
        id: JobId::new(format!("{APP}/tick")),
        run: run.into(),
    };
    for (kind, is_pinned, request, body) in [
        (
            OperationKind::Deploy {
                mode: DeployMode::Auto,
            },
            false,
            on("/deployments"),
            json!({"force_build": false}),
        ),
        (
            OperationKind::Deploy {
                mode: DeployMode::Adopt,
            },
            false,
            on("/deployments"),
            json!({"force_build": false}),
        ),
        (
            OperationKind::Deploy {
                mode: DeployMode::Force,
            },
            false,
            on("/deployments"),
            json!({"force_build": true}),
        ),
        (
            OperationKind::Restart { process: None },
            false,
            on("/restart"),
            json!({"components": ["web"]}),
        ),
        (
            OperationKind::Restart {
                process: Some("site".into()),
            },
            false,
            on("/restart"),
            json!({"components": ["site"]}),
        ),
        (
            OperationKind::RollBack {
                to: deployment("old"),
                pin: true,
            },
            false,
            on("/rollback"),
            json!({"deployment_id": "old", "skip_pin": false}),
        ),
        (
            OperationKind::RollBack {
                to: deployment("old"),
                pin: false,
            },
            false,
            on("/rollback"),
            json!({"deployment_id": "old", "skip_pin": true}),
        ),
        (
            OperationKind::CommitRollback,
            true,
            on("/rollback/commit"),
            Value::Null,
        ),
        (
            OperationKind::RevertRollback,
            true,
            on("/rollback/revert"),
            Value::Null,
        ),
        (
            OperationKind::CancelDeployment {
                deployment: deployment("d"),
                reason: None,
            },
            false,
            on("/deployments/d/cancel"),
            Value::Null,
        ),
        (
            OperationKind::CancelEvent {
                event: ActivityId::new(format!("{APP}/e")),
                reason: None,
            },
            false,
            on("/events/e/cancel"),
            Value::Null,
        ),
        (
            run("r"),
            false,
            on("/job-invocations/r/cancel?job_name=tick"),
            Value::Null,
        ),
        (
            run(&format!("{APP}/r")),
            false,
            on("/job-invocations/r/cancel?job_name=tick"),
            Value::Null,
        ),
        (
            OperationKind::DeleteApp {
                typed_name: "shop".into(),
            },
            false,
            format!("DELETE {}", path("")),
            Value::Null,
        ),
    ] {
        ocean.server.reset().await;
        let more = if is_pinned { pinned } else { "" };
        ocean
            .text("GET", &path(""), app_at(FIRST, SPEC, more))
            .await;
        let answer = ResponseTemplate::new(200).set_body_json(begun("new"));
        wiremock::Mock::given(any())
            .respond_with(answer)
            .mount(&ocean.server)
            .await;
        let accepted = ocean.operate(kind.clone()).await;
        let follow = accepted
            .unwrap_or_else(|it| panic!("{kind:?}: {it}"))
            .follow;
        assert_eq!(writes(&ocean).await, [request], "{kind:?}");
        assert_eq!(ocean.last_body().await, body, "{kind:?}");
        let begins = matches!(
            kind,
            OperationKind::Deploy { .. }
                | OperationKind::Restart { .. }
                | OperationKind::RollBack { .. }
                | OperationKind::RevertRollback
        );
        assert_eq!(follow == Some(following("new")), begins, "{kind:?}");
    }
}

#[tokio::test]
async fn a_whole_app_is_restarted_where_no_component_is_chosen() {
    let ocean = ocean().await;
    ocean.json("POST", &path("/restart"), begun("new")).await;
    let mut operation =
        crate::digitalocean_harness::operation(OperationKind::Restart { process: None });
    operation.target.environment = None;
    let platform = &ocean.platform;
    platform
        .operate(&operation, None, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(ocean.last_body().await, json!({}));
}

#[tokio::test]
async fn an_app_is_created_from_what_was_answered() {
    let ocean = start().await;
    let made = app_at(FIRST, SPEC, PENDING);
    ocean.text("POST", "/v2/apps", made).await;
    let answers = [
        ("github", "acme/shop"),
        ("branch", "main"),
        ("instances", "2"),
        ("project", "p1"),
    ];
    let kind = OperationKind::CreateApp {
        name: "shop".into(),
        inputs: answers.map(|(k, v)| (k.into(), v.into())).to_vec(),
    };
    let accepted = ocean.operate(kind).await.unwrap();
    assert_eq!(accepted.follow, Some(following("new")));
    let web = json!({
        "name": "web",
        "github": {"repo": "acme/shop", "branch": "main"},
        "instance_count": 2,
    });
    let spec = json!({"name": "shop", "services": [web]});
    assert_eq!(
        ocean.last_body().await,
        json!({"spec": spec, "project_id": "p1"})
    );
    assert_eq!(ocean.sent().await, ["POST /v2/apps"]);
}

#[tokio::test]
async fn a_backup_is_restored_into_a_new_cluster_like_the_old_one() {
    let ocean = start().await;
    let cluster = json!({"database": {
        "id": "c1", "name": "shop-db", "engine": "pg", "version": "16", "size": "db-s-1vcpu-1gb",
        "region": "ams3", "num_nodes": 2, "project_id": "p1", "status": "online", "tags": null,
        "connection": {"password": "canary"},
    }});
    ocean.json("GET", "/v2/databases/c1", cluster).await;
    let made = ResponseTemplate::new(201).set_body_json(json!({"database": {"id": "c2"}}));
    ocean.answer("POST", "/v2/databases", made).await;
    let at = "2024-05-29T03:04:05Z";
    for (into, name) in [
        (None, "shop-db-restored-20240529-0304"),
        (Some("shop-copy"), "shop-copy"),
    ] {
        let kind = OperationKind::RestoreBackup {
            backup: BackupId::new(format!("c1/{at}")),
            notes: None,
            into: into.map(String::from),
        };
        let accepted = ocean.operate(kind).await.unwrap();
        assert_eq!(accepted.follow, Some(Follow::Task(text("creating c2"))));
        let expected = json!({
            "name": name, "engine": "pg", "version": "16", "size": "db-s-1vcpu-1gb",
            "region": "ams3", "num_nodes": 2, "project_id": "p1",
            "backup_restore": {"database_name": "shop-db", "backup_created_at": at},
        });
        assert_eq!(ocean.last_body().await, expected);
    }
}

#[tokio::test]
async fn nothing_is_deployed_while_a_roll_back_is_pinned() {
    let ocean = start().await;
    let pinned = r#","pinned_deployment":{"id":"p"}"#;
    ocean
        .text("GET", &path(""), app_at(FIRST, SPEC, pinned))
        .await;
    let told = "a roll-back is pinned, so nothing is deployed: keep it or undo it first";
    let deploy = OperationKind::Deploy {
        mode: DeployMode::Auto,
    };
    let restart = OperationKind::Restart { process: None };
    for kind in [deploy, restart, scale(3)] {
        let refused = ocean.operate(kind).await;
        assert_eq!(refused, Err(Failure::Conflict(text(told))));
    }
    assert_eq!(writes(&ocean).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_sent() {
    let ocean = ocean().await;
    let domain = DomainId::new(format!("{APP}/b.example.org"));
    let delete = |name: &str| OperationKind::DeleteApp {
        typed_name: name.into(),
    };
    let restart = OperationKind::Restart {
        process: Some("nope".into()),
    };
    let site = OperationKind::Scale {
        process: Some("site".into()),
        units: 2,
        size: None,
    };
    for (kind, told) in [
        (
            scale(0),
            "units: DigitalOcean does not scale to 0: a component has 1 to 250 instances, \
             choose at least 1",
        ),
        (
            site,
            "process: site is a static site, which has no scale: choose a service or worker",
        ),
        (
            OperationKind::Autoscale {
                cpu: None,
                process: None,
                limits: None,
            },
            "process: web does not scale by itself: there is nothing to end",
        ),
        (
            set(Some("web/NOPE"), "NOPE", "1"),
            "name: web has no variable NOPE: look again",
        ),
        (
            OperationKind::UpdateDomain {
                id: domain,
                change: DomainChange::Redirect(true),
            },
            "change: App Platform redirects by its ingress rules, not by domain: \
             change them in the control panel",
        ),
        (delete("Shop"), "app: the app is called shop: type that"),
        (
            restart,
            "component: the app has no component nope: it has web, site",
        ),
        (
            OperationKind::CancelDeployment {
                deployment: deployment("d"),
                reason: Some("x".into()),
            },
            "reason: DigitalOcean keeps none: leave it out",
        ),
        (
            OperationKind::CreateApp {
                name: "shop".into(),
                inputs: vec![("colour".into(), "red".into())],
            },
            "set: colour is not known: choose among github, gitlab, git, image, branch, \
             component, kind, size, instances, port, region, project",
        ),
    ] {
        match ocean.operate(kind.clone()).await {
            Err(failure @ Failure::Validation(_)) => assert_eq!(failure.headline(), told),
            other => panic!("{kind:?}: {other:?}"),
        }
    }
    let told = "no roll-back is pinned: there is nothing to keep or undo";
    for kind in [OperationKind::CommitRollback, OperationKind::RevertRollback] {
        assert_eq!(
            ocean.operate(kind).await,
            Err(Failure::Conflict(text(told)))
        );
    }
    assert_eq!(writes(&ocean).await, [""; 0]);
}

#[tokio::test]
async fn an_error_that_repeats_what_was_sent_shows_no_value() {
    let ocean = start().await;
    ocean.text("GET", &path(""), app_at(FIRST, SPEC, "")).await;
    let message = "bad values EV[1:canary:x] and canary-value";
    let answer = ResponseTemplate::new(400).set_body_json(json!({"id": "b", "message": message}));
    ocean.answer("PUT", &path(""), answer).await;
    let refused = ocean.operate(set(None, "NEW", "canary-value")).await;
    let told = refused.unwrap_err().headline();
    assert_eq!(told, "bad values *** and ***");
    assert_eq!(writes(&ocean).await.len(), 1);
}

#[tokio::test]
async fn a_write_is_never_sent_twice() {
    for status in [429, 500, 502, 503, 504, 524] {
        let ocean = start().await;
        ocean.text("GET", &path(""), app_at(FIRST, SPEC, "")).await;
        ocean
            .answer("PUT", &path(""), ResponseTemplate::new(status))
            .await;
        assert!(ocean.operate(scale(3)).await.is_err());
        assert_eq!(writes(&ocean).await.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_read_that_fails_says_that_nothing_was_sent() {
    let ocean = start().await;
    ocean
        .answer("GET", &path(""), ResponseTemplate::new(502))
        .await;
    let failure = ocean.operate(scale(3)).await.unwrap_err();
    assert!(matches!(failure, Failure::Local { .. }), "{failure:?}");
    assert_eq!(failure.headline(), "nothing was sent: server error 502");
    assert_eq!(writes(&ocean).await, [""; 0]);
}

#[tokio::test]
async fn a_read_only_context_sends_nothing_for_an_operation() {
    let ocean = start_with(|connection| connection.read_only = true).await;
    for kind in [
        scale(3),
        OperationKind::Restart { process: None },
        OperationKind::CommitRollback,
    ] {
        assert_eq!(ocean.operate(kind).await, Err(Failure::ReadOnly));
    }
    assert_eq!(ocean.sent().await, [""; 0]);
}
