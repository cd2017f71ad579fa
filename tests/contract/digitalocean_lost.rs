//! `DigitalOcean`: what became of an operation whose answer was lost, and how one is followed.

use std::num::NonZeroU32;
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::{
    ActivityId, BackupId, Consent, DeployMode, DeploymentId, EnvId, Failure, Follow, JobId,
    OperationEvent, OperationKind, Progress, Secret, Stage, StepState, VariableId, Verdict,
    Witness,
};
use flightdeck::platforms::Found;
use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::digitalocean_harness::{APP, WEB, operation, start, writes};
use crate::harness::Bench;
use crate::harness::text;
use crate::nobody::Nobody;

const DEPLOY: OperationKind = OperationKind::Deploy {
    mode: DeployMode::Auto,
};

fn path(rest: &str) -> String {
    format!("/v2/apps/{APP}{rest}")
}

fn deployment(id: &str) -> DeploymentId {
    DeploymentId::new(format!("{APP}/{id}"))
}

fn happened(id: &str) -> Found {
    Found::Happened(Follow::Deployment(deployment(id)))
}

fn scale(units: u32) -> OperationKind {
    OperationKind::Scale {
        process: None,
        units,
        size: None,
    }
}

fn secret(value: &str) -> OperationKind {
    OperationKind::SetVariable {
        id: Some(VariableId::new(format!("{APP}/web/KEY"))),
        name: "KEY".into(),
        value: Secret::new(value),
        is_sensitive: true,
    }
}

/// A deployment by what began it.
fn by(id: &str, action: &str) -> Value {
    json!({"id": id, "cause_details": {"type": "MANUAL", "digitalocean_user_action": {"name": action}}})
}

/// What can be read of an app: its deployments, when it was changed, how many instances it has.
struct World(Vec<Value>, &'static str, u32);

async fn show(ocean: &Bench, World(deployments, updated_at, units): World) {
    ocean.server.reset().await;
    let list = json!({"deployments": deployments});
    ocean.json("GET", &path("/deployments"), list).await;
    let key = json!({"key": "KEY", "value": "EV[1:a]", "type": "SECRET"});
    let web = json!({"name": "web", "instance_count": units, "envs": [key]});
    let spec = json!({"name": "shop", "services": [web]});
    let app = json!({"app": {"id": APP, "updated_at": updated_at, "spec": spec}});
    ocean.json("GET", &path(""), app).await;
}

/// What is found if this was there before, and that is there now.
async fn found(kind: OperationKind, before: World, now: World) -> Found {
    let (ocean, operation) = (start().await, operation(kind));
    show(&ocean, before).await;
    let witness = ocean.platform.witness(&operation).await.unwrap();
    assert_eq!(writes(&ocean).await, [""; 0]);
    show(&ocean, now).await;
    let found = ocean.platform.look_for(&operation, &witness).await;
    assert_eq!(writes(&ocean).await, [""; 0]);
    found.unwrap()
}

#[tokio::test]
async fn what_begins_a_deployment_is_found_by_its_cause() {
    let old = || by("old", "CREATE_DEPLOYMENT");
    let back = OperationKind::RollBack {
        to: deployment("good"),
        pin: true,
    };
    let cloned = |from: &str| {
        let mut new = by("new", "ROLLBACK_APP");
        new["cloned_from"] = json!(from);
        new
    };
    let restart = OperationKind::Restart { process: None };
    let action = |action| by("new", action);
    let two = || vec![by("new", "RESTART"), by("newer", "RESTART"), old()];
    for (kind, now, expected) in [
        (DEPLOY, vec![old()], Found::DidNotHappen),
        (
            DEPLOY,
            vec![action("CREATE_DEPLOYMENT"), old()],
            happened("new"),
        ),
        (DEPLOY, vec![json!({"id": "new"}), old()], happened("new")),
        (DEPLOY, vec![action("UPDATE_SPEC"), old()], Found::NotYet),
        (
            DEPLOY,
            vec![
                json!({"id": "new", "cause_details": {"type": "DEPLOY_ON_PUSH"}}),
                old(),
            ],
            Found::NotYet,
        ),
        (
            restart.clone(),
            vec![action("RESTART"), old()],
            happened("new"),
        ),
        (restart, two(), Found::CannotTell),
        (back.clone(), vec![cloned("good"), old()], happened("new")),
        (back, vec![cloned("other"), old()], Found::NotYet),
        (
            OperationKind::RevertRollback,
            vec![action("REVERT_APP_ROLLBACK"), old()],
            happened("new"),
        ),
        (
            OperationKind::CommitRollback,
            vec![old()],
            Found::HappenedAndEnded,
        ),
        (
            OperationKind::CommitRollback,
            vec![action("REVERT_APP_ROLLBACK"), old()],
            Found::CannotTell,
        ),
    ] {
        let before = World(vec![old()], "t1", 1);
        let found = found(kind.clone(), before, World(now.clone(), "t1", 1)).await;
        assert_eq!(found, expected, "{kind:?} {now:?}");
    }
}

#[tokio::test]
async fn what_is_new_is_found_wherever_it_stands_in_the_list() {
    let at = |id, hour: u8| {
        let mut begun = by(id, "CREATE_DEPLOYMENT");
        begun["created_at"] = json!(format!("2024-05-29T{hour:02}:00:00.5Z"));
        begun
    };
    let before = World(vec![at("older", 1), at("old", 2)], "t1", 1);
    let now = World(vec![at("older", 1), at("old", 2), at("new", 3)], "t1", 1);
    assert_eq!(found(DEPLOY, before, now).await, happened("new"));
}

#[tokio::test]
async fn a_roll_back_that_is_still_pinned_was_not_kept() {
    let ocean = start().await;
    ocean.json("GET", &path("/deployments"), json!({})).await;
    let app = json!({"app": {"id": APP, "spec": {}, "pinned_deployment": {"id": "p"}}});
    ocean.json("GET", &path(""), app).await;
    let operation = operation(OperationKind::CommitRollback);
    let before = ocean.platform.witness(&operation).await.unwrap();
    let found = ocean.platform.look_for(&operation, &before).await;
    assert_eq!(found, Ok(Found::DidNotHappen));
}

#[tokio::test]
async fn a_change_is_found_in_the_spec_and_a_secret_by_its_deployment() {
    let old = || by("old", "CREATE_DEPLOYMENT");
    let new = || vec![by("new", "UPDATE_SPEC"), old()];
    let pushed = || vec![by("new", "DEPLOY_ON_PUSH"), old()];
    let twice = || vec![by("b", "UPDATE_SPEC"), by("a", "UPDATE_SPEC"), old()];
    for (kind, now, expected) in [
        (scale(3), World(new(), "t2", 3), happened("new")),
        (
            scale(3),
            World(vec![old()], "t2", 3),
            Found::HappenedAndEnded,
        ),
        (scale(3), World(twice(), "t2", 3), Found::HappenedAndEnded),
        (scale(3), World(vec![old()], "t1", 1), Found::DidNotHappen),
        // Somebody else's change, or a deployment: ours may come yet.
        (scale(3), World(vec![old()], "t2", 1), Found::NotYet),
        (scale(3), World(new(), "t2", 2), Found::NotYet),
        (secret("s"), World(new(), "t2", 1), happened("new")),
        (
            secret("s"),
            World(vec![old()], "t1", 1),
            Found::DidNotHappen,
        ),
        (secret("s"), World(pushed(), "t2", 1), Found::NotYet),
        (secret("s"), World(twice(), "t2", 1), Found::CannotTell),
    ] {
        let before = World(vec![old()], "t1", 1);
        let shown = format!("{kind:?} {:?} {} {}", now.0, now.1, now.2);
        assert_eq!(found(kind, before, now).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn a_change_that_is_found_to_be_made_is_no_somebody_elses() {
    let (ocean, three) = (start().await, operation(scale(3)));
    let old = || by("old", "CREATE_DEPLOYMENT");
    show(&ocean, World(vec![old()], "t1", 1)).await;
    let env = ocean.platform.environment(&EnvId::new(WEB)).await.unwrap();
    let seen = env.revision.unwrap();
    let witness = ocean.platform.witness(&three).await.unwrap();
    let lost = ResponseTemplate::new(502);
    ocean.answer("PUT", &path(""), lost).await;
    let sent = ocean.operate_on(scale(3), Some(seen.0.as_str())).await;
    assert!(matches!(sent, Err(Failure::Server { .. })), "{sent:?}");
    show(
        &ocean,
        World(vec![by("new", "UPDATE_SPEC"), old()], "t2", 3),
    )
    .await;
    let found = ocean.platform.look_for(&three, &witness).await;
    assert_eq!(found, Ok(happened("new")));
    // It goes on from what was seen before.
    let app = json!({"app": {"id": APP, "spec": {}, "pending_deployment": {"id": "next"}}});
    ocean.json("PUT", &path(""), app).await;
    let sent = ocean.operate_on(scale(4), Some(seen.0.as_str())).await;
    assert_eq!(
        sent.unwrap().follow,
        Some(Follow::Deployment(deployment("next")))
    );
}

#[tokio::test]
async fn without_a_witness_only_the_spec_tells() {
    for (kind, units, expected) in [
        (scale(3), 3, Found::HappenedAndEnded),
        (scale(3), 1, Found::CannotTell),
        (secret("s"), 1, Found::CannotTell),
        (DEPLOY, 1, Found::CannotTell),
        (OperationKind::CommitRollback, 1, Found::CannotTell),
    ] {
        let ocean = start().await;
        show(
            &ocean,
            World(vec![by("d", "CREATE_DEPLOYMENT")], "t", units),
        )
        .await;
        let operation = operation(kind.clone());
        let found = ocean.platform.look_for(&operation, &Witness(None)).await;
        assert_eq!(found, Ok(expected), "{kind:?}");
    }
}

#[tokio::test]
async fn a_witness_holds_no_secret_and_asks_for_few_deployments() {
    let ocean = start().await;
    let slow = ResponseTemplate::new(524);
    let mock = wiremock::Mock::given(wiremock::matchers::query_param("per_page", "10"));
    mock.respond_with(slow).mount(&ocean.server).await;
    let app = json!({"app": {"id": APP, "updated_at": "t", "spec": {"envs": [{"key": "KEY", "value": "canary"}]}}});
    ocean.json("GET", &path(""), app).await;
    let list = json!({"deployments": [{"id": "d", "spec": {"envs": [{"value": "canary"}]}}]});
    ocean.json("GET", &path("/deployments"), list).await;
    let witness = ocean.platform.witness(&operation(secret("canary"))).await;
    assert!(!format!("{witness:?}").contains("canary"), "{witness:?}");
    let sizes = [10, 5].map(|size| format!("GET {}?page=1&per_page={size}", path("/deployments")));
    assert_eq!(ocean.sent().await[..2], sizes);
}

/// Elsewhere a number of instances may be sent again: here every change begins a deployment.
#[tokio::test]
async fn a_change_whose_answer_is_lost_is_looked_for_and_not_sent_again() {
    let ocean = start().await;
    let shop = |units: u32| {
        let spec = json!({"name": "shop", "services": [{"name": "web", "instance_count": units}]});
        ResponseTemplate::new(200).set_body_json(json!({"app": {"id": APP, "spec": spec}}))
    };
    // Once before it is sent, to know what was there, and once to change it.
    let before = wiremock::Mock::given(wiremock::matchers::path(path("")))
        .and(wiremock::matchers::method("GET"))
        .respond_with(shop(1))
        .up_to_n_times(2);
    before.mount(&ocean.server).await;
    ocean.answer("GET", &path(""), shop(3)).await;
    ocean.json("GET", &path("/deployments"), json!({})).await;
    ocean
        .answer("PUT", &path(""), ResponseTemplate::new(502))
        .await;
    let terms = Terms {
        pace: Pace::times(NonZeroU32::new(1_000).unwrap()),
        ..Terms::new(Consent::default(), Arc::new(Nobody))
    };
    let (platform, operation) = (Arc::clone(&ocean.platform), operation(scale(3)));
    let ended = run_operation(
        platform,
        operation,
        terms,
        || Timestamp::UNIX_EPOCH,
        true,
        &mut |_: &OperationEvent| {},
    )
    .await;
    let remark = text("found by reading");
    assert_eq!(ended, Stage::Ended(Verdict::Done(Some(remark))));
    assert_eq!(writes(&ocean).await.len(), 1);
}

#[tokio::test]
async fn an_app_that_is_gone_was_deleted() {
    let kind = OperationKind::DeleteApp {
        typed_name: "shop".into(),
    };
    for (status, expected) in [(404, Found::HappenedAndEnded), (200, Found::NotYet)] {
        let ocean = start().await;
        let answer = ResponseTemplate::new(status).set_body_json(json!({"app": {"id": APP}}));
        ocean.answer("GET", &path(""), answer).await;
        let operation = operation(kind.clone());
        let before = ocean.platform.witness(&operation).await.unwrap();
        let found = ocean.platform.look_for(&operation, &before).await;
        assert_eq!(found, Ok(expected));
    }
}

#[tokio::test]
async fn what_is_made_is_found_by_its_name() {
    let create = OperationKind::CreateApp {
        name: "shop".into(),
        inputs: vec![("image".into(), "nginx".into())],
    };
    let app = |id: &str, name: &str| json!({"id": id, "spec": {"name": name}});
    let (other, shop) = (app("o", "other"), app(APP, "shop"));
    for (before, now, pending, expected) in [
        (vec![], vec![other.clone()], json!({}), Found::DidNotHappen),
        (
            vec![],
            vec![shop.clone()],
            json!({"id": "d"}),
            happened("d"),
        ),
        (
            vec![],
            vec![shop.clone()],
            Value::Null,
            Found::HappenedAndEnded,
        ),
        (
            vec![shop.clone()],
            vec![shop.clone()],
            Value::Null,
            Found::DidNotHappen,
        ),
    ] {
        let (ocean, operation) = (start().await, operation(create.clone()));
        let list = json!({"apps": before}).to_string();
        ocean.once_text("GET", "/v2/apps", list).await;
        let witness = ocean.platform.witness(&operation).await.unwrap();
        ocean.json("GET", "/v2/apps", json!({"apps": now})).await;
        let made = json!({"app": {"id": APP, "spec": {}, "pending_deployment": pending}});
        ocean.json("GET", &path(""), made).await;
        let found = ocean.platform.look_for(&operation, &witness).await;
        assert_eq!(found, Ok(expected));
    }
}

#[tokio::test]
async fn a_restored_cluster_is_found_by_its_name() {
    let restore = OperationKind::RestoreBackup {
        backup: BackupId::new("c/2024-05-29T03:04:05Z"),
        notes: None,
        into: None,
    };
    let copy = json!({"id": "c2", "name": "db-restored-20240529-0304"});
    for (now, expected) in [
        (json!([]), Found::DidNotHappen),
        (
            json!([{"id": "x"}, copy]),
            Found::Happened(Follow::Task(text("creating c2"))),
        ),
    ] {
        let (ocean, operation) = (start().await, operation(restore.clone()));
        let cluster = json!({"database": {"id": "c", "name": "db", "engine": "pg", "size": "s",
            "region": "ams3", "num_nodes": 1}});
        ocean.json("GET", "/v2/databases/c", cluster).await;
        let none = json!({"databases": []}).to_string();
        ocean.once_text("GET", "/v2/databases", none).await;
        let witness = ocean.platform.witness(&operation).await.unwrap();
        ocean
            .json("GET", "/v2/databases", json!({"databases": now}))
            .await;
        let found = ocean.platform.look_for(&operation, &witness).await;
        assert_eq!(found, Ok(expected));
    }
}

#[tokio::test]
async fn what_was_cancelled_has_ended_so() {
    let cancel = OperationKind::CancelDeployment {
        deployment: deployment("d"),
        reason: None,
    };
    let event = OperationKind::CancelEvent {
        event: ActivityId::new(format!("{APP}/e")),
        reason: None,
    };
    let run = OperationKind::CancelJobRun {
        id: JobId::new(format!("{APP}/tick")),
        run: format!("{APP}/r"),
    };
    for (phase, expected) in [
        ("CANCELED", Found::HappenedAndEnded),
        ("ACTIVE", Found::DidNotHappen),
        ("SUCCEEDED", Found::DidNotHappen),
        ("RUNNING", Found::NotYet),
        ("SOMETHING_NEW", Found::NotYet),
    ] {
        let ocean = start().await;
        let phased = json!({"phase": phase});
        let deployment = json!({"deployment": phased});
        ocean.json("GET", &path("/deployments/d"), deployment).await;
        let of_event = json!({"event": {"autoscaling": phased}});
        ocean.json("GET", &path("/events/e"), of_event).await;
        let of_run = json!({"job_invocation": phased});
        ocean.json("GET", &path("/job-invocations/r"), of_run).await;
        for kind in [&cancel, &event, &run] {
            let operation = operation(kind.clone());
            let before = ocean.platform.witness(&operation).await.unwrap();
            let found = ocean.platform.look_for(&operation, &before).await;
            assert_eq!(found, Ok(expected.clone()), "{kind:?} {phase}");
        }
    }
}

/// A deployment of one service in this phase, whose last step looks like this.
fn of_phase(phase: &str, last: &Value) -> Value {
    let leaf = json!({"name": "build", "status": "SUCCESS", "message_base": "Building service",
        "component_name": "web", "started_at": "2024-05-29T20:14:14Z", "ended_at": "0001-01-01T00:00:00Z"});
    let steps = json!([
        {"name": "build", "status": "SUCCESS", "steps": [leaf]},
        {"name": "deploy", "status": last["status"], "steps": [last]},
    ]);
    let progress = json!({"success_steps": 1, "total_steps": 2, "steps": steps});
    json!({"deployment": {"id": "d", "phase": phase, "progress": progress}})
}

async fn followed(follow: Follow, phase: &str, last: &Value) -> (Progress, Option<Verdict>) {
    let ocean = start().await;
    ocean
        .json("GET", &path("/deployments/d"), of_phase(phase, last))
        .await;
    let followed = ocean.platform.follow(&follow).await.unwrap();
    (followed.progress, followed.verdict)
}

fn last(status: &str) -> Value {
    json!({"name": "deploy", "status": status, "message_base": "Deploying service", "component_name": "web"})
}

fn failed(why: &str) -> Verdict {
    Verdict::Failed(text(why))
}

fn done(remark: &str) -> Verdict {
    Verdict::Done(Some(text(remark)))
}

#[tokio::test]
async fn the_phase_tells_how_a_deployment_ended_and_its_counters_do_not() {
    let follow = || Follow::Deployment(deployment("d"));
    for (phase, expected) in [
        ("PENDING_BUILD", None),
        ("BUILDING", None),
        ("DEPLOYING", None),
        ("UNKNOWN", None),
        ("NEW_WORD", None),
        ("ACTIVE", Some(Verdict::Done(None))),
        ("SUPERSEDED", Some(done("a newer deployment replaced it"))),
        ("CANCELED", Some(failed("cancelled"))),
        ("ERROR", Some(failed("the platform names no failed step"))),
    ] {
        let (_, verdict) = followed(follow(), phase, &last("PENDING")).await;
        assert_eq!(verdict, expected, "{phase}");
    }
}

#[tokio::test]
async fn progress_is_a_tree_with_what_happens_now() {
    let follow = Follow::Deployment(deployment("d"));
    let (progress, verdict) = followed(follow, "DEPLOYING", &last("RUNNING")).await;
    assert_eq!(verdict, None);
    assert_eq!(progress.steps, Some((1, 2)));
    assert_eq!(progress.label, Some(text("Deploying service web")));
    let [build, deploy] = progress.tree.as_slice() else {
        panic!("{:?}", progress.tree)
    };
    assert_eq!(build.steps[0].label, text("Building service web"));
    assert_eq!(build.steps[0].ended_at, None);
    assert_eq!(deploy.steps[0].state, StepState::Running);
}

#[tokio::test]
async fn a_failed_deployment_says_which_step_and_what_to_do() {
    let mut broken = last("ERROR");
    broken["reason"] =
        json!({"code": "DeployContainerHealthChecksFailed", "message": "Readiness probe failed"});
    let follow = Follow::Deployment(deployment("d"));
    let (_, verdict) = followed(follow, "ERROR", &broken).await;
    let Some(Verdict::Failed(why)) = verdict else {
        panic!("{verdict:?}")
    };
    assert!(why.as_str().contains("Readiness probe failed"), "{why}");
    assert!(why.as_str().contains("health check"), "{why}");
}

#[tokio::test]
async fn cancelling_is_done_when_the_deployment_has_ended() {
    let task = || Follow::Task(text(&format!("cancelling {APP}/d")));
    let late = "too late: it went live before it could be cancelled";
    for (phase, expected) in [
        ("BUILDING", None),
        ("CANCELED", Some(Verdict::Done(None))),
        ("ACTIVE", Some(failed(late))),
        ("SUPERSEDED", Some(done("a newer deployment replaced it"))),
        (
            "ERROR",
            Some(done(
                "it failed by itself: the platform names no failed step",
            )),
        ),
    ] {
        let (_, verdict) = followed(task(), phase, &last("PENDING")).await;
        assert_eq!(verdict, expected, "{phase}");
    }
}

#[tokio::test]
async fn a_new_cluster_is_followed_until_it_is_online() {
    for (status, label, expected) in [
        ("creating", Some(text("creating")), None),
        ("forking", Some(text("forking")), None),
        ("online", None, Some(done("the new cluster copy is online"))),
    ] {
        let ocean = start().await;
        let cluster = json!({"database": {"id": "c", "name": "copy", "status": status,
            "connection": {"password": "canary"}}});
        ocean.json("GET", "/v2/databases/c", cluster).await;
        let follow = Follow::Task(text("creating c"));
        let followed = ocean.platform.follow(&follow).await.unwrap();
        assert_eq!(
            (followed.progress.label, followed.verdict),
            (label, expected)
        );
    }
}

#[tokio::test]
async fn what_there_is_not_is_not_followed() {
    let ocean = start().await;
    for follow in [
        Follow::Backup(BackupId::new("c/t")),
        Follow::Task(text("something")),
    ] {
        let refused = ocean.platform.follow(&follow).await;
        assert!(matches!(refused, Err(Failure::Unsupported { .. })));
    }
    assert_eq!(ocean.sent().await, [""; 0]);
}
