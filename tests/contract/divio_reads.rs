//! Divio: what each read asks for and what becomes of the answer.

use std::time::Duration;

use flightdeck::model::{
    AppId, BackupId, BackupState, Badge, Class, DeploymentId, DeploymentScope, Detail, DetailValue,
    DownloadId, InvoiceId, MaintenanceState, OrgId, PageRequest, Phase, PlanKind, RepositoryId,
    Status,
};

use crate::harness::{APP, LIVE, TEST, TOKEN, at, fixture, live, ok, start, start_with, text};

fn first() -> PageRequest {
    PageRequest::first()
}

fn detail<'a>(details: &'a [Detail], label: &str) -> Option<&'a DetailValue> {
    details
        .iter()
        .find(|detail| detail.label == label)
        .map(|detail| &detail.value)
}

fn shown(details: &[Detail], label: &str) -> Option<String> {
    let value = detail(details, label)?;
    let (DetailValue::Text(text) | DetailValue::Url(text)) = value else {
        return Some(format!("{value:?}"));
    };
    Some(text.to_string())
}

#[tokio::test]
async fn requests_carry_token_version_and_language() {
    let divio = start().await;
    divio.get("/iam/v3/me/", "me/ok").await;
    let account = divio.platform.account().await.unwrap();
    assert_eq!(account.name, text("dash@example.org"));
    assert_eq!(
        shown(&account.details, "Name").as_deref(),
        Some("Dash Board")
    );
    let requests = divio.server.received_requests().await.unwrap();
    let headers = &requests[0].headers;
    assert_eq!(headers["authorization"], format!("Token {TOKEN}"));
    assert_eq!(
        headers["user-agent"],
        format!("flightdeck/{}", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(headers["accept"], "application/json");
    assert!(requests[0].body.is_empty());
    assert_eq!(divio.sent().await, ["GET /iam/v3/me/"]);
}

#[tokio::test]
async fn organisations_are_named_or_numbered() {
    let divio = start().await;
    divio
        .get("/iam/v3/organisations/", "organisations/list")
        .await;
    let page = divio.platform.organisations(first()).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|org| org.name.as_str()).collect();
    assert_eq!(names, ["Example Studio", "org2k2m5p7qrs3tuv4wxy5zab6"]);
    assert_eq!((page.total, page.next), (Some(2), None));
    assert_eq!(
        divio.sent().await,
        ["GET /iam/v3/organisations/?page_size=100"]
    );
}

#[tokio::test]
async fn applications_have_badges_and_no_state_of_their_own() {
    let divio = start().await;
    divio
        .get("/apps/v3/applications/", "applications/list")
        .await;
    let page = divio.platform.apps(first()).await.unwrap();
    let [shop, old] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!((shop.id.as_str(), shop.name.as_str()), (APP, "shop"));
    assert_eq!(shop.title, Some(text("The Shop")));
    assert_eq!(
        (&shop.status, &shop.reason),
        (&Status::Unknown, &Some(text("database upgrade")))
    );
    assert_eq!(
        shop.badges,
        [
            Badge::Maintenance,
            Badge::Mirror,
            Badge::Locked,
            Badge::MigrationNeeded
        ]
    );
    assert_eq!(
        shop.created_at,
        Some("2022-02-03T04:05:06.789Z".parse().unwrap())
    );
    assert_eq!(
        shown(&shop.details, "Release command").as_deref(),
        Some("migrate: python manage.py migrate")
    );
    assert_eq!(shown(&shop.details, "Tag").as_deref(), Some("team = web"));
    assert_eq!(
        detail(&shop.details, "Port"),
        Some(&DetailValue::Count(8000))
    );
    assert_eq!(detail(&shop.details, "Upcoming maintenance"), None);
    // An identifier of the other form, an unknown kind of copy, lists that are null.
    assert_eq!(old.id.as_str(), "2b22d485-f04e-492b-b364-e14f8506726a");
    assert_eq!(
        (&old.status, &old.reason),
        (&Status::Stopped, &Some(text("unpaid")))
    );
    assert_eq!(
        (old.title.as_ref(), old.badges.as_slice()),
        (None, &[Badge::Suspended][..])
    );
    assert_eq!(shown(&old.details, "Copy type").as_deref(), Some("TWIN"));
}

#[tokio::test]
async fn an_organisation_that_is_kept_to_is_a_filter() {
    let divio = start_with(|connection| connection.organisation = Some(OrgId::new("o 1"))).await;
    divio
        .get("/apps/v3/applications/", "applications/empty")
        .await;
    divio.get("/apps/v3/environments/", "lists/empty").await;
    divio
        .get("/apps/v3/application-activities/", "lists/empty")
        .await;
    divio.get("/apps/v3/invoices/", "lists/empty").await;
    let page = divio.platform.apps(first()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, Some(0)));
    divio.platform.all_environments(first()).await.unwrap();
    divio.platform.activity(None, first()).await.unwrap();
    divio.platform.invoices(None, first()).await.unwrap();
    divio
        .platform
        .invoices(Some(&OrgId::new("other")), first())
        .await
        .unwrap();
    assert_eq!(
        divio.sent().await,
        [
            "GET /apps/v3/applications/?organisation=o+1&page_size=100",
            "GET /apps/v3/environments/?organisation=o+1&page_size=100",
            "GET /apps/v3/application-activities/?organisation=o+1&page_size=100",
            "GET /apps/v3/invoices/?organisation=o+1&page_size=100",
            "GET /apps/v3/invoices/?organisation=other&page_size=100",
        ]
    );
}

#[tokio::test]
async fn a_next_page_on_another_host_is_asked_of_ours() {
    let divio = start().await;
    divio
        .once("GET", "/apps/v3/applications/", ok("applications/page_one"))
        .await;
    divio
        .get("/apps/v3/applications/", "applications/page_two")
        .await;
    let one = divio
        .platform
        .apps(PageRequest {
            token: None,
            limit: Some(2),
        })
        .await
        .unwrap();
    assert_eq!((one.items.len(), one.total), (2, Some(3)));
    let two = divio.platform.apps(at(&one)).await.unwrap();
    assert_eq!((two.items[0].name.as_str(), two.next), ("three", None));
    assert_eq!(
        divio.sent().await,
        [
            "GET /apps/v3/applications/?page_size=2",
            "GET /apps/v3/applications/?page=2&page_size=2",
        ]
    );
}

#[tokio::test]
async fn one_unreadable_record_does_not_cost_the_list() {
    let divio = start().await;
    divio
        .get("/apps/v3/applications/", "applications/one_unreadable")
        .await;
    let page = divio.platform.apps(first()).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|app| app.name.as_str()).collect();
    assert_eq!(names, ["one", "three"]);
    // The list still says how many there are.
    assert_eq!(page.total, Some(3));
}

#[tokio::test]
async fn environments_say_what_they_do() {
    let divio = start().await;
    divio
        .get("/apps/v3/environments/", "environments/list")
        .await;
    let app = AppId::new(APP);
    let page = divio.platform.environments(&app, first()).await.unwrap();
    let [live, test, review, new] = page.items.as_slice() else {
        panic!("{page:?}")
    };

    assert_eq!(
        (live.id.as_str(), live.name.as_str(), &live.app),
        (LIVE, "live", &app)
    );
    assert_eq!((&live.status, &live.reason), (&Status::Live, &None));
    assert_eq!(
        (live.class, live.has_runtime_log),
        (Some(Class::Production), true)
    );
    let release = live.release.as_ref().unwrap();
    assert_eq!(release.label, text("0123456"));
    assert_eq!(release.at, Some("2024-03-02T10:00:00Z".parse().unwrap()));
    assert_eq!(live.changed_at, release.at);
    assert_eq!(
        (live.pending.commits, live.pending.changes),
        (Some(3), true)
    );
    assert_eq!(live.url, Some(text("https://shop.example.org")));
    assert_eq!(live.branch, Some(text("main")));
    assert_eq!(
        live.next_backup_at,
        Some("2024-03-03T03:00:00Z".parse().unwrap())
    );
    assert_eq!(live.backup_schedule, None);
    assert_eq!(
        shown(&live.details, "Backup schedule").as_deref(),
        Some("sch1")
    );
    assert_eq!(
        shown(&live.details, "SSH").as_deref(),
        Some("ssh -p 22022 shop-live@ssh.example.org")
    );

    assert_eq!((&test.status, test.class), (&Status::Deploying, None));
    assert_eq!(test.id.as_str(), TEST);
    let progress = test.progress.as_ref().unwrap();
    assert_eq!(
        (progress.percent, &progress.label),
        (Some(100), &Some(text("Building the image")))
    );
    assert_eq!(
        test.running.as_ref().map(DeploymentId::as_str),
        Some("dep3k2m5p7qrs3tuv4wxy5zab6")
    );
    assert_eq!(
        test.release.as_ref().map(|release| release.label.as_str()),
        Some("d-dep1k2m")
    );

    assert_eq!(
        (&review.status, review.running.as_ref()),
        (&Status::Failed, None)
    );
    assert_eq!(review.reason, Some(text("release command failed")));
    assert_eq!(
        (&new.status, &new.reason),
        (&Status::Stopped, &Some(text("never deployed")))
    );
    assert_eq!((new.release.as_ref(), new.has_runtime_log), (None, false));
    assert_eq!(
        divio.sent().await,
        [format!(
            "GET /apps/v3/environments/?application={APP}&page_size=100"
        )]
    );
}

#[tokio::test]
async fn an_environment_without_application_belongs_to_the_one_asked_for() {
    let divio = start().await;
    divio
        .get(
            "/apps/v3/environments/",
            "environments/list_without_application",
        )
        .await;
    let app = AppId::new(APP);
    let page = divio.platform.environments(&app, first()).await.unwrap();
    assert_eq!(
        (&page.items[0].app, page.items[0].has_runtime_log),
        (&app, true)
    );
    assert_eq!(page.items[0].status, Status::Live);
    // Nobody was asked for: it has no place.
    assert!(divio.platform.all_environments(first()).await.is_err());
}

#[tokio::test]
async fn names_of_backup_plans_are_used_once_they_are_known() {
    let divio = start().await;
    let (retentions, schedules) = (
        "/apps/v3/backup-retention-configurations/",
        "/apps/v3/scheduled-backup-configurations/",
    );
    divio
        .get(retentions, "backup-retention-configurations/list")
        .await;
    divio
        .get(schedules, "scheduled-backup-configurations/list")
        .await;
    divio
        .get(
            &format!("/apps/v3/environments/{LIVE}/"),
            "environments/live",
        )
        .await;
    let one = divio.platform.backup_plans(first()).await.unwrap();
    let two = divio.platform.backup_plans(at(&one)).await.unwrap();
    assert_eq!(
        (one.items[0].kind, one.items[0].name.as_str()),
        (PlanKind::Retention, "30 days")
    );
    assert_eq!(
        (two.items[0].kind, two.items[0].name.as_str()),
        (PlanKind::Schedule, "every night")
    );
    assert_eq!(two.next, None);
    let live = divio.platform.environment(&live()).await.unwrap();
    assert_eq!(live.backup_schedule, Some(text("every night")));
    assert_eq!(
        shown(&live.details, "Backup retention").as_deref(),
        Some("30 days")
    );
    assert_eq!(
        divio.sent().await[..2],
        [
            format!("GET {retentions}?page_size=100"),
            format!("GET {schedules}?page_size=100"),
        ]
    );
}

#[tokio::test]
async fn deployments_end_by_their_end_and_not_by_their_words() {
    let divio = start().await;
    divio.get("/apps/v3/deployments/", "deployments/list").await;
    let scope = DeploymentScope::Environment(live());
    let page = divio.platform.deployments(&scope, first()).await.unwrap();
    let [running, done, failed, older] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(running.phase, Phase::Deploying);
    assert_eq!(
        (running.progress.percent, running.duration),
        (Some(0), None)
    );
    assert_eq!(running.progress.label, Some(text("Release commands")));
    assert_eq!(running.environment, Some(live()));
    assert_eq!((&done.phase, done.is_current), (&Phase::Succeeded, true));
    assert_eq!(
        (done.label.as_str(), done.can_roll_back_to),
        ("0123456", Some(true))
    );
    assert_eq!(done.duration, Some(Duration::from_millis(600_500)));
    assert_eq!(
        detail(&done.details, "Variables"),
        Some(&DetailValue::Count(2))
    );
    assert_eq!(
        (&failed.phase, &failed.reason),
        (&Phase::Failed, &Some(text("docker build failed")))
    );
    assert_eq!(failed.can_roll_back_to, Some(false));
    assert!(!older.is_current);

    let of_app = DeploymentScope::App(AppId::new(APP));
    let page = divio.platform.deployments(&of_app, first()).await.unwrap();
    assert_eq!(page.items[0].app, Some(AppId::new(APP)));
    assert_eq!(
        divio.sent().await,
        [
            format!("GET /apps/v3/deployments/?environment={LIVE}&page_size=100"),
            format!("GET /apps/v3/deployments/?application={APP}&page_size=100"),
        ]
    );
}

#[tokio::test]
async fn a_deployment_that_ended_without_a_result_has_failed() {
    let divio = start().await;
    divio
        .get(
            "/apps/v3/deployments/x/",
            "deployments/ended_without_result",
        )
        .await;
    let deployment = divio
        .platform
        .deployment(&DeploymentId::new("x"))
        .await
        .unwrap();
    assert_eq!(deployment.phase, Phase::Failed);
    assert_eq!(deployment.reason, Some(text("it ended without a result")));
}

#[tokio::test]
async fn values_of_variables_do_not_come_with_a_deployment() {
    let divio = start().await;
    divio
        .get("/apps/v3/deployments/x/", "deployments/with_values")
        .await;
    let deployment = divio
        .platform
        .deployment(&DeploymentId::new("x"))
        .await
        .unwrap();
    assert_eq!(
        detail(&deployment.details, "Variables"),
        Some(&DetailValue::Count(2))
    );
    assert!(!format!("{deployment:?}").contains("canary"));
}

#[tokio::test]
async fn backups_are_newest_first_and_good_only_when_they_say_so() {
    let divio = start().await;
    divio.get("/apps/v3/backups/", "backups/list").await;
    let page = divio.platform.backups(&live(), first()).await.unwrap();
    let states: Vec<_> = page
        .items
        .iter()
        .map(|backup| (backup.id.as_str(), &backup.state))
        .collect();
    assert_eq!(
        states,
        [
            ("bak4", &BackupState::Partial),
            ("bak3", &BackupState::Other(text("THINKING"))),
            ("bak2k2m5p7qrs3tuv4wxy5zab6", &BackupState::Working),
            ("bak1k2m5p7qrs3tuv4wxy5zab6", &BackupState::Done),
            ("bak0", &BackupState::Failed),
        ]
    );
    let done = &page.items[3];
    assert_eq!(
        (done.size_bytes, done.part_ids.len()),
        (Some(5_000_000_000), 2)
    );
    assert_eq!(
        (&done.notes, &done.trigger),
        (&Some(text("before release")), &Some(text("3")))
    );
    assert_eq!(
        done.expires_at,
        Some("2024-04-01T00:00:00Z".parse().unwrap())
    );
    assert_eq!(page.items[2].notes, None);
    // The parts could not be read: the list is still a good list.
    assert!(page.items.iter().all(|backup| backup.parts.is_empty()));
}

#[tokio::test]
async fn parts_of_listed_backups_are_read_until_they_have_ended() {
    let divio = start().await;
    divio.get("/apps/v3/backups/", "backups/list").await;
    divio
        .get(
            "/apps/v3/service-instance-backups/",
            "service-instance-backups/list",
        )
        .await;
    for _ in 0..2 {
        let page = divio.platform.backups(&live(), first()).await.unwrap();
        let named: Vec<_> = page.items[3]
            .parts
            .iter()
            .map(|part| part.service.as_str())
            .collect();
        assert_eq!(named, ["DEFAULT", "FILES"]);
    }
    let list = format!("GET /apps/v3/backups/?environment={LIVE}&page_size=100");
    let parts = "GET /apps/v3/service-instance-backups/?";
    assert_eq!(
        divio.sent().await,
        [
            list.clone(),
            format!("{parts}uuid=p1&uuid=p2&page_size=100"),
            list,
            format!("{parts}uuid=p2&page_size=100"),
        ]
    );
}

#[tokio::test]
async fn parts_of_a_backup_are_read_by_their_identifiers() {
    let divio = start().await;
    divio.get("/apps/v3/backups/b/", "backups/completed").await;
    divio
        .get(
            "/apps/v3/service-instance-backups/",
            "service-instance-backups/list",
        )
        .await;
    let backup = divio.platform.backup(&BackupId::new("b")).await.unwrap();
    let [database, files] = backup.parts.as_slice() else {
        panic!("{backup:?}")
    };
    assert_eq!(
        (database.service.as_str(), database.size_bytes),
        ("DEFAULT", Some(4_000_000_000))
    );
    assert_eq!(database.errors, []);
    assert_eq!(
        (files.errors.as_slice(), files.ended_at),
        (&[text("disk is full")][..], None)
    );
    assert_eq!(
        divio.sent().await,
        [
            "GET /apps/v3/backups/b/",
            "GET /apps/v3/service-instance-backups/?uuid=p1&uuid=p2&page_size=100",
        ]
    );
}

#[tokio::test]
async fn restores_and_downloads_are_read() {
    let divio = start().await;
    divio
        .get("/apps/v3/backup-restores/", "backup-restores/list")
        .await;
    let parts = "/apps/v3/backup-download-service-instances/";
    divio
        .get(parts, "backup-download-service-instances/preparing")
        .await;
    let page = divio.platform.restores(&live(), first()).await.unwrap();
    let states: Vec<_> = page
        .items
        .iter()
        .map(|restore| (restore.id.as_str(), &restore.state))
        .collect();
    assert_eq!(
        states,
        [
            ("r2", &BackupState::Working),
            ("r1", &BackupState::Done),
            ("r3", &BackupState::Failed)
        ]
    );
    let download = divio
        .platform
        .download(&DownloadId::new("dl1"))
        .await
        .unwrap();
    assert!(!download.is_ready());
    let link = download.parts[1].link.as_ref().unwrap();
    assert_eq!(link.expose(), "https://storage.example/canary-value");
    assert!(!format!("{download:?}").contains("canary"));
    assert_eq!(
        divio.sent().await,
        [
            format!("GET /apps/v3/backup-restores/?environment={LIVE}&page_size=100"),
            format!("GET {parts}?backup_download=dl1&page_size=100"),
        ]
    );
}

#[tokio::test]
async fn values_of_variables_are_hidden_when_the_platform_says_so() {
    let divio = start().await;
    divio
        .get(
            "/apps/v3/environment-variables/",
            "environment-variables/list",
        )
        .await;
    let page = divio.platform.variables(&live(), first()).await.unwrap();
    let [debug, key, token, database] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    let value = |index: usize| {
        page.items[index]
            .value
            .as_ref()
            .map(|value| value.expose().to_owned())
    };
    assert_eq!(value(0).as_deref(), Some("line one\nline two"));
    assert_eq!((debug.is_sensitive, debug.is_read_only), (false, false));
    assert_eq!((key.is_sensitive, value(1)), (true, None));
    assert_eq!((token.is_sensitive, value(2)), (true, None));
    assert_eq!(
        (database.is_read_only, value(3).as_deref()),
        (true, Some(""))
    );
    let dump = format!("{page:?}");
    assert!(!dump.contains("canary") && !dump.contains("line one"));
}

#[tokio::test]
async fn domains_say_how_their_check_went() {
    let divio = start().await;
    divio.get("/apps/v3/domains/", "domains/list").await;
    let page = divio.platform.domains(&live(), first()).await.unwrap();
    let [main, www, new] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (&main.status, main.is_primary, main.tls),
        (&Status::Live, true, Some(true))
    );
    assert_eq!((&www.status, www.redirects), (&Status::Degraded, true));
    assert_eq!(www.message, Some(text("dns: no record")));
    assert_eq!(www.instructions[0], text("Create a CNAME:"));
    assert_eq!((&new.status, new.tls), (&Status::Unknown, None));
}

#[tokio::test]
async fn services_are_backed_up_when_they_have_data() {
    let divio = start().await;
    divio
        .get("/apps/v3/service-instances/", "service-instances/list")
        .await;
    divio.get("/apps/v3/services/", "services/list").await;
    let app = AppId::new(APP);
    let before = divio.platform.services(&live(), first()).await.unwrap();
    assert_eq!(before.items[0].can_back_up, None);
    let kinds = divio
        .platform
        .service_kinds(Some(&app), first())
        .await
        .unwrap();
    assert_eq!(
        (kinds.items[0].name.as_str(), kinds.items[0].can_back_up),
        ("PostgreSQL 15", Some(true))
    );
    let page = divio.platform.services(&live(), first()).await.unwrap();
    let known: Vec<_> = page
        .items
        .iter()
        .map(|service| (service.name.as_str(), &service.status, service.can_back_up))
        .collect();
    assert_eq!(
        known,
        [
            ("DEFAULT", &Status::Present, Some(true)),
            ("MEDIA", &Status::Stopped, Some(false)),
            ("QUEUE", &Status::Failed, Some(false)),
            ("SEARCH", &Status::Present, Some(false)),
            ("FILES", &Status::Other(text("READY")), None),
        ]
    );
    assert!(divio.sent().await.contains(&format!(
        "GET /apps/v3/services/?website={APP}&page_size=100"
    )));
}

#[tokio::test]
async fn jobs_are_paged_by_offset() {
    let divio = start().await;
    divio
        .once("GET", "/apps/v3/cronjobs/", ok("cronjobs/page_one"))
        .await;
    divio.get("/apps/v3/cronjobs/", "cronjobs/page_two").await;
    let one = divio
        .platform
        .jobs(
            &live(),
            PageRequest {
                token: None,
                limit: Some(2),
            },
        )
        .await
        .unwrap();
    let two = divio.platform.jobs(&live(), at(&one)).await.unwrap();
    let jobs: Vec<_> = one
        .items
        .iter()
        .chain(&two.items)
        .map(|job| job.schedule.as_str())
        .collect();
    assert_eq!(
        jobs,
        ["daily at 02:30", "hourly at :42", "every 10 minutes"]
    );
    assert_eq!(one.items[0].timeout, Some(Duration::from_mins(30)));
    assert_eq!((two.next, two.total), (None, Some(3)));
    assert_eq!(
        divio.sent().await,
        [
            format!("GET /apps/v3/cronjobs/?environment={LIVE}&limit=2&offset=0"),
            format!("GET /apps/v3/cronjobs/?environment={LIVE}&limit=2&offset=2"),
        ]
    );
}

#[tokio::test]
async fn activity_is_newest_first_and_maintenance_is_asked_by_website() {
    let divio = start().await;
    divio
        .get(
            "/apps/v3/application-activities/",
            "application-activities/list",
        )
        .await;
    divio
        .get("/apps/v3/maintenance-runs/", "maintenance-runs/list")
        .await;
    let app = AppId::new(APP);
    let activity = divio.platform.activity(Some(&app), first()).await.unwrap();
    assert_eq!(activity.items[0].id.as_str(), "act2");
    assert_eq!(
        (activity.items[0].text.as_str(), &activity.items[0].by),
        ("tomorrow", &Some(text("dash@example.org")))
    );
    let runs = divio
        .platform
        .maintenance(Some(&app), first())
        .await
        .unwrap();
    let states: Vec<_> = runs
        .items
        .iter()
        .map(|run| (run.title.as_str(), &run.state))
        .collect();
    assert_eq!(
        states,
        [
            ("Upgrade PostgreSQL", &MaintenanceState::Upcoming),
            ("maintenance", &MaintenanceState::Running),
            ("maintenance", &MaintenanceState::Completed),
        ]
    );
    assert_eq!(
        runs.items[0].planned_for,
        Some("2024-03-10T02:00:00Z".parse().unwrap())
    );
    assert_eq!(
        runs.items[1].planned_for,
        Some("2024-03-09T02:00:00Z".parse().unwrap())
    );
    assert!(runs.items[0].can_run && runs.items[0].can_skip && !runs.items[0].can_cancel);
    assert_eq!(
        divio.sent().await,
        [
            format!("GET /apps/v3/application-activities/?application={APP}&page_size=100"),
            format!("GET /apps/v3/maintenance-runs/?website={APP}&page_size=100"),
        ]
    );
}

#[tokio::test]
async fn metrics_are_drawn_or_say_why_not() {
    let divio = start().await;
    divio
        .get(
            "/apps/v3/environment-metric-metadata/",
            "environment-metric-metadata/list",
        )
        .await;
    divio
        .get(
            &format!("/apps/v3/environments/{LIVE}/metrics/"),
            "metrics/hour",
        )
        .await;
    let metrics = divio.platform.metrics(&live()).await.unwrap();
    let [cpu, memory, odd] = metrics.as_slice() else {
        panic!("{metrics:?}")
    };
    assert_eq!((cpu.title.as_str(), cpu.unit.as_str()), ("CPU", "%"));
    assert_eq!(cpu.series[0].points.len(), 3);
    assert_eq!(
        cpu.series[0].points[2].at,
        "2024-03-02T09:03:00Z".parse().unwrap()
    );
    let names: Vec<_> = memory
        .series
        .iter()
        .map(|series| series.label.as_str())
        .collect();
    assert_eq!(names, ["web", "worker"]);
    assert_eq!(odd.problem, Some(text("metrics in an unknown format")));
    assert_eq!(
        divio.sent().await,
        [
            format!("GET /apps/v3/environment-metric-metadata/?environment={LIVE}&page_size=100"),
            format!(
                "GET /apps/v3/environments/{LIVE}/metrics/?time_window_preset=1h&metric=cpu&metric=memory&metric=odd"
            ),
        ]
    );
}

#[tokio::test]
async fn an_environment_without_metrics_is_not_asked_for_them() {
    let divio = start().await;
    divio
        .get("/apps/v3/environment-metric-metadata/", "lists/empty")
        .await;
    assert_eq!(divio.platform.metrics(&live()).await, Ok(Vec::new()));
    assert_eq!(divio.sent().await.len(), 1);
}

#[tokio::test]
async fn catalogues_are_read() {
    let divio = start().await;
    for (collection, name) in [
        ("regions", "regions/list"),
        ("repositories", "repositories/list"),
        ("webhooks", "webhooks/list"),
        ("invoices", "invoices/list"),
        ("invoice-items", "invoice-items/list"),
    ] {
        divio.get(&format!("/apps/v3/{collection}/"), name).await;
    }
    let regions = divio.platform.regions(first()).await.unwrap();
    assert_eq!(regions.items[0].name.as_str(), "Europe");
    let repositories = divio.platform.repositories(first()).await.unwrap();
    assert_eq!(
        repositories.items[0].address,
        Some(text("https://git.example.org/shop.git"))
    );
    assert_eq!(repositories.items[0].status, Status::Degraded);
    let hooks = divio
        .platform
        .webhooks(&RepositoryId::new("rep1"), first())
        .await
        .unwrap();
    assert_eq!(
        (hooks.items[0].provider.as_str(), hooks.items[0].last_ok),
        ("GITLAB", None)
    );
    let invoices = divio.platform.invoices(None, first()).await.unwrap();
    assert_eq!(
        (
            invoices.items[0].total.as_str(),
            invoices.items[0].currency.as_str()
        ),
        ("120.10", "CHF")
    );
    assert_eq!(
        invoices.items[0].charged_on,
        Some("2024-03-02".parse().unwrap())
    );
    let items = divio
        .platform
        .invoice_items(&InvoiceId::new("inv1"), first())
        .await
        .unwrap();
    let lines: Vec<_> = items
        .items
        .iter()
        .map(|item| (item.title.as_str(), item.total.as_str()))
        .collect();
    assert_eq!(lines, [("shop live", "60.05"), ("storage", "12")]);
    assert_eq!(
        divio.sent().await,
        [
            "GET /apps/v3/regions/?page_size=100",
            "GET /apps/v3/repositories/?page_size=100",
            "GET /apps/v3/webhooks/?repository=rep1&page_size=100",
            "GET /apps/v3/invoices/?page_size=100",
            "GET /apps/v3/invoice-items/?invoice=inv1&page_size=100",
        ]
    );
    assert!(!format!("{repositories:?}{hooks:?}").contains("canary"));
}

#[tokio::test]
async fn no_fixture_has_a_secret_that_is_not_a_canary() {
    for (name, field) in [
        ("environment-variables/list", "value"),
        ("repositories/list", "dsn"),
    ] {
        let list = fixture(name);
        for record in list["results"].as_array().unwrap() {
            let value = record[field].as_str().unwrap_or_default();
            let harmless =
                ["", "line one\nline two"].contains(&value) || value.contains("canary-value");
            assert!(harmless, "{name}: {value}");
        }
    }
}
