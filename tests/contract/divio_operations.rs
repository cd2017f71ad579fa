//! Divio: what each operation sends, how it is followed, and how a lost answer is found out.

use std::time::Duration;

use flightdeck::model::{
    Accepted, BackupId, DeployMode, DeploymentId, DomainId, DownloadId, Failure, Follow, JobSpec,
    OperationKind, RestoreId, Secret, ServiceId, Verdict, Witness,
};
use flightdeck::platforms::Found;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::harness::{APP, Bench, LIVE, ok, operation, start, text};

const DEPLOY: OperationKind = OperationKind::Deploy {
    mode: DeployMode::Auto,
};

async fn idle() -> Bench {
    let divio = start().await;
    divio
        .get(
            &format!("/apps/v3/environments/{LIVE}/"),
            "environments/live",
        )
        .await;
    divio
}

fn created(name: &str) -> ResponseTemplate {
    ok(name).set_body_json(crate::harness::fixture(name))
}

#[tokio::test]
async fn a_deployment_is_started_and_followed() {
    let divio = idle().await;
    divio
        .answer(
            "POST",
            "/apps/v3/deployments/",
            created("deployments/created"),
        )
        .await;
    for (mode, word) in [
        (DeployMode::Auto, "AUTO"),
        (DeployMode::Adopt, "ADOPT"),
        (DeployMode::Force, "FORCE"),
    ] {
        let accepted = divio.operate(OperationKind::Deploy { mode }).await.unwrap();
        let id = DeploymentId::new("dep3k2m5p7qrs3tuv4wxy5zab6");
        assert_eq!(accepted.follow, Some(Follow::Deployment(id)));
        assert_eq!(
            divio.last_body().await,
            json!({"environment": LIVE, "build_mode": word})
        );
    }
    let sent = divio.sent().await;
    assert_eq!(
        sent[..2],
        [
            format!("GET /apps/v3/environments/{LIVE}/"),
            "POST /apps/v3/deployments/".into()
        ]
    );
}

#[tokio::test]
async fn nothing_is_started_while_a_deployment_runs() {
    let divio = start().await;
    divio
        .get(
            &format!("/apps/v3/environments/{LIVE}/"),
            "environments/busy",
        )
        .await;
    let back = OperationKind::RollBack {
        to: DeploymentId::new("d"),
        pin: false,
    };
    for kind in [DEPLOY, back] {
        let refused = divio.operate(kind).await;
        assert_eq!(
            refused,
            Err(Failure::Conflict(text("a deployment is already running")))
        );
    }
    assert!(
        divio
            .sent()
            .await
            .iter()
            .all(|line| line.starts_with("GET"))
    );
}

#[tokio::test]
async fn rolling_back_adopts_a_usable_image() {
    let divio = idle().await;
    divio
        .get("/apps/v3/deployments/good/", "deployments/succeeded")
        .await;
    divio
        .get("/apps/v3/deployments/bad/", "deployments/failed")
        .await;
    divio
        .answer(
            "POST",
            "/apps/v3/deployments/",
            created("deployments/created"),
        )
        .await;
    let to = |id| OperationKind::RollBack {
        to: DeploymentId::new(id),
        pin: false,
    };
    assert!(matches!(
        divio.operate(to("bad")).await,
        Err(Failure::Conflict(_))
    ));
    assert!(
        divio
            .sent()
            .await
            .iter()
            .all(|line| line.starts_with("GET"))
    );
    divio.operate(to("good")).await.unwrap();
    assert_eq!(
        divio.last_body().await,
        json!({"environment": LIVE, "build_mode": "ADOPT", "adopt_deployment": "good"})
    );
}

#[tokio::test]
async fn a_backup_without_services_takes_all_that_have_data() {
    let divio = start().await;
    divio
        .get("/apps/v3/service-instances/", "service-instances/list")
        .await;
    divio.get("/apps/v3/services/", "services/list").await;
    divio
        .answer("POST", "/apps/v3/backups/", created("backups/created"))
        .await;
    let kind = OperationKind::CreateBackup {
        services: Vec::new(),
        notes: Some("before release".into()),
        keep_until: Some("2024-03-02T11:00:00Z".parse().unwrap()),
    };
    let accepted = divio.operate(kind).await.unwrap();
    let id = BackupId::new("bak2k2m5p7qrs3tuv4wxy5zab6");
    assert_eq!(accepted.follow, Some(Follow::Backup(id)));
    assert_eq!(
        divio.last_body().await,
        json!({
            "environment": LIVE,
            "services": ["si1", "si5"],
            "notes": "before release",
            "scheduled_for_deletion_at": "2024-03-02T11:00:00Z",
        })
    );
}

#[tokio::test]
async fn a_backup_of_named_services_reads_nothing() {
    let divio = start().await;
    divio
        .answer("POST", "/apps/v3/backups/", created("backups/created"))
        .await;
    let kind = OperationKind::CreateBackup {
        services: vec![ServiceId::new("si1")],
        notes: None,
        keep_until: None,
    };
    divio.operate(kind).await.unwrap();
    assert_eq!(
        divio.last_body().await,
        json!({"environment": LIVE, "services": ["si1"]})
    );
    assert_eq!(divio.sent().await, ["POST /apps/v3/backups/"]);
}

#[tokio::test]
async fn an_environment_without_data_has_nothing_to_back_up() {
    let divio = start().await;
    divio
        .get("/apps/v3/service-instances/", "lists/empty")
        .await;
    divio.get("/apps/v3/services/", "lists/empty").await;
    let kind = OperationKind::CreateBackup {
        services: Vec::new(),
        notes: None,
        keep_until: None,
    };
    assert!(matches!(
        divio.operate(kind).await,
        Err(Failure::Validation(_))
    ));
    assert!(
        divio
            .sent()
            .await
            .iter()
            .all(|line| line.starts_with("GET"))
    );
}

#[tokio::test]
async fn a_restore_and_a_download_name_every_part() {
    let divio = start().await;
    divio.get("/apps/v3/backups/b/", "backups/completed").await;
    let body = json!({"uuid": "r9"});
    let answer = ResponseTemplate::new(201).set_body_json(body);
    divio
        .answer("POST", "/apps/v3/backup-restores/", answer)
        .await;
    divio
        .answer(
            "POST",
            "/apps/v3/backup-downloads/",
            created("backup-downloads/created"),
        )
        .await;
    let backup = BackupId::new("b");
    let restore = OperationKind::RestoreBackup {
        backup: backup.clone(),
        notes: None,
        into: None,
    };
    let accepted = divio.operate(restore).await.unwrap();
    assert_eq!(accepted.follow, Some(Follow::Restore(RestoreId::new("r9"))));
    assert_eq!(
        divio.last_body().await,
        json!({
            "backup": "b",
            "service_instance_restores": [
                {"service_instance_backup": "p1"},
                {"service_instance_backup": "p2"},
            ],
        })
    );
    let accepted = divio
        .operate(OperationKind::PrepareDownload { backup })
        .await
        .unwrap();
    assert_eq!(
        accepted.follow,
        Some(Follow::Download(DownloadId::new("dl1")))
    );
    assert_eq!(
        divio.last_body().await,
        json!({"backup": "b", "trigger": "PULL", "service_instance_backups": ["p1", "p2"]})
    );
}

#[tokio::test]
async fn a_backup_without_parts_is_not_restored() {
    let divio = start().await;
    divio
        .get("/apps/v3/backups/b/", "backups/without_parts")
        .await;
    let kind = OperationKind::RestoreBackup {
        backup: BackupId::new("b"),
        notes: None,
        into: None,
    };
    assert!(matches!(
        divio.operate(kind).await,
        Err(Failure::Validation(_))
    ));
    assert_eq!(divio.sent().await, ["GET /apps/v3/backups/b/"]);
}

#[tokio::test]
async fn a_variable_is_created_with_its_value_and_unset_by_its_name() {
    let divio = start().await;
    let at = "/apps/v3/environment-variables/";
    divio.answer("POST", at, ResponseTemplate::new(201)).await;
    let create = OperationKind::SetVariable {
        id: None,
        name: "KEY".into(),
        value: Secret::new("one\ntwo"),
        is_sensitive: true,
    };
    let accepted = divio.operate(create).await.unwrap();
    assert_eq!(
        accepted.note,
        Some(text("takes effect with the next deployment"))
    );
    assert_eq!(
        divio.last_body().await,
        json!({"name": "KEY", "environment": LIVE, "value": "one\ntwo", "is_sensitive": true})
    );
    divio.get(at, "environment-variables/list").await;
    divio
        .answer("DELETE", &format!("{at}v1/"), ResponseTemplate::new(204))
        .await;
    let remove = |name: &str| OperationKind::UnsetVariable {
        id: None,
        name: name.into(),
    };
    divio.operate(remove("DEBUG")).await.unwrap();
    let sent = divio.sent().await;
    assert_eq!(
        sent[1..],
        [
            format!("GET {at}?environment={LIVE}&name=DEBUG&page_size=100"),
            format!("DELETE {at}v1/"),
        ]
    );
    // Built in, and not there at all.
    for name in ["DATABASE_URL", "NONE"] {
        assert!(
            matches!(
                divio.operate(remove(name)).await,
                Err(Failure::NotFound { .. })
            ),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_new_domain_says_what_to_set_up() {
    let divio = start().await;
    divio
        .answer("POST", "/apps/v3/domains/", created("domains/created"))
        .await;
    let add = OperationKind::AddDomain {
        name: "new.example.org".into(),
    };
    let accepted = divio.operate(add).await.unwrap();
    assert_eq!(
        accepted.next_steps,
        [text("Create an A record"), text("Wait")]
    );
    assert_eq!(
        divio.last_body().await,
        json!({"name": "new.example.org", "environment": LIVE})
    );
}

#[tokio::test]
async fn a_job_is_written_in_the_platforms_notation() {
    let divio = start().await;
    divio
        .answer("POST", "/apps/v3/cronjobs/", ResponseTemplate::new(201))
        .await;
    let spec = JobSpec {
        command: "poll".into(),
        frequency: "EVERY10MIN".into(),
        time: None,
        timeout_minutes: Some(5),
    };
    divio.operate(OperationKind::CreateJob(spec)).await.unwrap();
    assert_eq!(
        divio.last_body().await,
        json!({
            "command": "poll",
            "frequency": "EVERY10MIN",
            "time": "",
            "custom_timeout": 300,
            "environment": LIVE,
        })
    );
}

#[tokio::test]
async fn an_answer_without_a_name_leaves_to_be_found_what_was_begun() {
    let divio = idle().await;
    for answer in [
        ResponseTemplate::new(204),
        ResponseTemplate::new(200).set_body_string("<html>ok</html>"),
        ResponseTemplate::new(201).set_body_json(json!({"uuid": null})),
    ] {
        divio.once("POST", "/apps/v3/deployments/", answer).await;
        // To the engine this is an outcome nobody knows: it looks, and never sends it again.
        let unclear = divio.operate(DEPLOY).await.unwrap_err();
        assert!(matches!(unclear, Failure::Decode { .. }), "{unclear:?}");
    }
}

#[tokio::test]
async fn an_operation_without_its_place_is_not_sent() {
    let divio = start().await;
    let mut nowhere = operation(OperationKind::Stop { process: None });
    nowhere.target.environment = None;
    let refused = divio.platform.operate(&nowhere, None, &mut |_| {}).await;
    assert!(
        matches!(refused, Err(Failure::Validation(_))),
        "{refused:?}"
    );
    let mut nothing = operation(OperationKind::UpdateApp { name: "x".into() });
    nothing.target.app = None;
    let refused = divio.platform.operate(&nothing, None, &mut |_| {}).await;
    assert!(
        matches!(refused, Err(Failure::Validation(_))),
        "{refused:?}"
    );
    assert_eq!(divio.sent().await, [""; 0]);
}

async fn verdict(at: &str, name: &str, what: Follow) -> (Option<Verdict>, Duration) {
    let divio = start().await;
    divio.get(at, name).await;
    divio
        .get(
            "/apps/v3/service-instance-backups/",
            "service-instance-backups/list",
        )
        .await;
    let restores = "/apps/v3/service-instance-backup-restores/";
    divio
        .get(restores, "service-instance-backup-restores/list")
        .await;
    let followed = divio.platform.follow(&what).await.unwrap();
    (followed.verdict, followed.again_in)
}

#[tokio::test]
async fn a_deployment_is_followed_to_its_end() {
    let look = |name| {
        verdict(
            "/apps/v3/deployments/d/",
            name,
            Follow::Deployment(DeploymentId::new("d")),
        )
    };
    let every = Duration::from_secs(3);
    assert_eq!(look("deployments/running").await, (None, every));
    assert_eq!(
        look("deployments/succeeded").await,
        (Some(Verdict::Done(None)), every)
    );
    let failed = Verdict::Failed(text("docker build failed"));
    assert_eq!(look("deployments/failed").await, (Some(failed), every));
    let unknown = Verdict::Failed(text("it ended without a result"));
    assert_eq!(
        look("deployments/ended_without_result").await,
        (Some(unknown), every)
    );
}

#[tokio::test]
async fn a_backup_is_followed_to_its_end() {
    let look = |name| {
        verdict(
            "/apps/v3/backups/b/",
            name,
            Follow::Backup(BackupId::new("b")),
        )
    };
    let every = Duration::from_secs(2);
    // The result is filled in before the end, and a new word is no end.
    assert_eq!(look("backups/working").await, (None, every));
    assert_eq!(look("backups/unknown_state").await, (None, every));
    assert_eq!(
        look("backups/completed").await,
        (Some(Verdict::Done(None)), every)
    );
    let partly = Verdict::Partly(text("disk is full"));
    assert_eq!(look("backups/partial").await, (Some(partly), every));
}

#[tokio::test]
async fn a_restore_is_followed_to_its_end() {
    let look = |name| {
        verdict(
            "/apps/v3/backup-restores/r/",
            name,
            Follow::Restore(RestoreId::new("r")),
        )
    };
    let every = Duration::from_secs(2);
    assert_eq!(look("backup-restores/running").await, (None, every));
    assert_eq!(
        look("backup-restores/succeeded").await,
        (Some(Verdict::Done(None)), every)
    );
    let failed = Verdict::Failed(text("role does not exist"));
    assert_eq!(look("backup-restores/failed").await, (Some(failed), every));
}

#[tokio::test]
async fn a_download_is_followed_until_every_part_has_ended() {
    let at = "/apps/v3/backup-download-service-instances/";
    let look = |name| verdict(at, name, Follow::Download(DownloadId::new("dl1")));
    let every = Duration::from_secs(2);
    assert_eq!(look("lists/empty").await, (None, every));
    assert_eq!(
        look("backup-download-service-instances/preparing").await,
        (None, every)
    );
    let partly = Verdict::Partly(text("no space"));
    assert_eq!(
        look("backup-download-service-instances/ready").await,
        (Some(partly), every)
    );
}

/// What is found when the list had `before` and has `after`.
async fn found(kind: OperationKind, at: &str, before: &[&str], after: &[&str]) -> Found {
    let divio = start().await;
    let list = |ids: &[&str]| {
        let records: Vec<_> = ids.iter().map(|id| json!({"uuid": id})).collect();
        let body = json!({"count": ids.len(), "results": records});
        ResponseTemplate::new(200).set_body_json(body)
    };
    divio.once("GET", at, list(before)).await;
    divio.answer("GET", at, list(after)).await;
    let operation = operation(kind);
    let witness = divio.platform.witness(&operation).await.unwrap();
    divio.platform.look_for(&operation, &witness).await.unwrap()
}

#[tokio::test]
async fn a_lost_answer_is_told_from_a_lost_request() {
    let deployment = |id| Found::Happened(Follow::Deployment(DeploymentId::new(id)));
    let at = "/apps/v3/deployments/";
    assert_eq!(
        found(DEPLOY, at, &["d1"], &["d2", "d1"]).await,
        deployment("d2")
    );
    assert_eq!(found(DEPLOY, at, &[], &["d1"]).await, deployment("d1"));
    assert_eq!(
        found(DEPLOY, at, &["d1"], &["d1"]).await,
        Found::DidNotHappen
    );
    assert_eq!(found(DEPLOY, at, &[], &[]).await, Found::DidNotHappen);

    let backup = OperationKind::CreateBackup {
        services: Vec::new(),
        notes: None,
        keep_until: None,
    };
    let new = Found::Happened(Follow::Backup(BackupId::new("b2")));
    assert_eq!(
        found(backup, "/apps/v3/backups/", &["b1"], &["b1", "b2"]).await,
        new
    );

    let restore = OperationKind::RestoreBackup {
        backup: BackupId::new("b"),
        notes: None,
        into: None,
    };
    let new = Found::Happened(Follow::Restore(RestoreId::new("r1")));
    assert_eq!(
        found(restore, "/apps/v3/backup-restores/", &[], &["r1"]).await,
        new
    );

    let domain = OperationKind::AddDomain {
        name: "new.example.org".into(),
    };
    let at = "/apps/v3/domains/";
    assert_eq!(
        found(domain, at, &[], &["x"]).await,
        Found::HappenedAndEnded
    );

    let copy = OperationKind::CopyEnvironment { slug: "two".into() };
    let at = "/apps/v3/environments/";
    assert_eq!(found(copy, at, &["e1"], &["e1"]).await, Found::DidNotHappen);
}

#[tokio::test]
async fn a_witness_asks_for_what_the_operation_makes() {
    let divio = start().await;
    divio
        .get("/apps/v3/environment-variables/", "lists/empty")
        .await;
    divio.get("/apps/v3/environments/", "lists/empty").await;
    let set = OperationKind::SetVariable {
        id: None,
        name: "KEY".into(),
        value: Secret::new("canary-value"),
        is_sensitive: true,
    };
    let copy = OperationKind::CopyEnvironment { slug: "two".into() };
    for kind in [set, copy] {
        let witness = divio.platform.witness(&operation(kind)).await.unwrap();
        assert_eq!(witness, Witness(Some(String::new())));
    }
    assert_eq!(
        divio.sent().await,
        [
            format!(
                "GET /apps/v3/environment-variables/?environment={LIVE}&name=KEY&page_size=100"
            ),
            format!("GET /apps/v3/environments/?application={APP}&slug=two&page_size=100"),
        ]
    );
}

#[tokio::test]
async fn what_leaves_no_trace_cannot_be_told() {
    let divio = start().await;
    let stop = operation(OperationKind::Stop { process: None });
    let witness = divio.platform.witness(&stop).await.unwrap();
    assert_eq!(witness, Witness(None));
    assert_eq!(
        divio.platform.look_for(&stop, &witness).await,
        Ok(Found::CannotTell)
    );
    // A witness that was never taken proves nothing.
    let deploy = operation(DEPLOY);
    assert_eq!(
        divio.platform.look_for(&deploy, &Witness(None)).await,
        Ok(Found::CannotTell)
    );
    assert_eq!(divio.sent().await, [""; 0]);
}

/// What is found where these records are new.
async fn found_among(kind: OperationKind, at: &str, new: serde_json::Value) -> Found {
    let divio = start().await;
    let list = |items: serde_json::Value| {
        ResponseTemplate::new(200).set_body_json(json!({"next": null, "results": items}))
    };
    divio.once("GET", at, list(json!([{"uuid": "old"}]))).await;
    divio.answer("GET", at, list(new)).await;
    let operation = operation(kind);
    let witness = divio.platform.witness(&operation).await.unwrap();
    divio.platform.look_for(&operation, &witness).await.unwrap()
}

#[tokio::test]
async fn what_somebody_else_made_is_not_taken_for_ours() {
    let job = || {
        OperationKind::CreateJob(JobSpec {
            command: "./ours".into(),
            frequency: "DAILY".into(),
            time: None,
            timeout_minutes: None,
        })
    };
    let at = "/apps/v3/cronjobs/";
    let theirs = json!({"uuid": "a", "command": "./theirs", "frequency": "DAILY"});
    let ours = json!({"uuid": "b", "command": "./ours", "frequency": "DAILY"});
    let both = json!([theirs, ours]);
    assert_eq!(found_among(job(), at, both).await, Found::HappenedAndEnded);
    // Another way to write ours, or another's: it is not known, and may show yet.
    assert_eq!(found_among(job(), at, json!([theirs])).await, Found::NotYet);
    let twins = json!([ours, {"uuid": "c", "command": "./ours"}]);
    assert_eq!(found_among(job(), at, twins).await, Found::CannotTell);

    let download = OperationKind::PrepareDownload {
        backup: BackupId::new("b1"),
    };
    let new = json!([
        {"uuid": "a", "backup": "b2", "trigger": "PULL"},
        {"uuid": "b", "backup": "b1", "trigger": "MANUAL"},
        {"uuid": "c", "backup": "b1", "trigger": "PULL"},
    ]);
    let found = found_among(download, "/apps/v3/backup-downloads/", new).await;
    let follow = Follow::Download(DownloadId::new("c"));
    assert_eq!(found, Found::Happened(follow));
}

#[tokio::test]
async fn a_deduced_path_that_is_wrong_keeps_nothing_from_being_sent() {
    let divio = start().await;
    let at = "/apps/v3/backup-downloads/";
    divio.answer("GET", at, ResponseTemplate::new(405)).await;
    let download = operation(OperationKind::PrepareDownload {
        backup: BackupId::new("b1"),
    });
    assert_eq!(divio.platform.witness(&download).await, Ok(Witness(None)));
}

/// A service before and after, and the deployment that was newest then.
async fn service_found(kind: OperationKind, before: [&str; 2], after: [&str; 2]) -> Found {
    let divio = start().await;
    let services = "/apps/v3/service-instances/";
    let environment = format!("/apps/v3/environments/{LIVE}/");
    let answer = |body| ResponseTemplate::new(200).set_body_json(body);
    for (is_first, [status, deployment]) in [(true, before), (false, after)] {
        let service = json!({"uuid": "s", "service_status": status});
        let list = answer(json!({"next": null, "results": [service]}));
        let newest = json!({"uuid": LIVE, "last_finished_deployment": {"uuid": deployment}});
        if is_first {
            divio.once("GET", services, list).await;
            divio.once("GET", &environment, answer(newest)).await;
        } else {
            divio.answer("GET", services, list).await;
            divio.answer("GET", &environment, answer(newest)).await;
        }
    }
    let operation = operation(kind);
    let witness = divio.platform.witness(&operation).await.unwrap();
    divio.platform.look_for(&operation, &witness).await.unwrap()
}

#[tokio::test]
async fn the_state_of_a_service_tells_what_became_of_it() {
    let id = || ServiceId::new("s");
    let detach = || OperationKind::DetachService { id: id() };
    let provision = || OperationKind::ProvisionService { id: id() };
    for (kind, before, after, expected) in [
        (detach(), ["A", "d1"], ["A", "d1"], Found::DidNotHappen),
        (detach(), ["A", "d1"], ["B", "d1"], Found::HappenedAndEnded),
        // A deployment changes states as well.
        (detach(), ["A", "d1"], ["B", "d2"], Found::CannotTell),
        (provision(), ["NEW", "d1"], ["NEW", "d1"], Found::NotYet),
        (
            provision(),
            ["NEW", "d1"],
            ["PROVISIONED", "d1"],
            Found::HappenedAndEnded,
        ),
        (
            provision(),
            ["NEW", "d1"],
            ["PROVISIONING_FAILED", "d1"],
            Found::CannotTell,
        ),
    ] {
        let found = service_found(kind.clone(), before, after).await;
        assert_eq!(found, expected, "{kind:?} {before:?} {after:?}");
    }
}

#[tokio::test]
async fn an_archived_application_is_gone() {
    let divio = start().await;
    let delete = operation(OperationKind::DeleteApp {
        typed_name: "shop".into(),
    });
    let at = format!("/apps/v3/applications/{APP}/");
    divio
        .once(
            "GET",
            &at,
            ResponseTemplate::new(200).set_body_json(json!({"uuid": APP})),
        )
        .await;
    divio.answer("GET", &at, ResponseTemplate::new(404)).await;
    let before = Witness(None);
    assert_eq!(
        divio.platform.look_for(&delete, &before).await,
        Ok(Found::NotYet)
    );
    assert_eq!(
        divio.platform.look_for(&delete, &before).await,
        Ok(Found::HappenedAndEnded)
    );
}

#[tokio::test]
async fn a_domain_is_redirected_by_a_state_and_not_by_a_toggle() {
    let divio = start().await;
    divio
        .answer("PATCH", "/apps/v3/domains/d/", ResponseTemplate::new(200))
        .await;
    let change = flightdeck::model::DomainChange::Redirect(true);
    let update = OperationKind::UpdateDomain {
        id: DomainId::new("d"),
        change,
    };
    assert_eq!(divio.operate(update).await, Ok(Accepted::default()));
    assert_eq!(
        divio.last_body().await,
        json!({"is_redirect_to_primary": true})
    );
}
