//! DigitalOcean: what each read asks for and what becomes of the answer.

use std::time::Duration;

use flightdeck::model::{
    AppId, BackupId, BackupState, Badge, Class, DeploymentId, DeploymentScope, Detail, DetailValue,
    EnvId, Failure, OrgId, PageRequest, Phase, Query, Secret, Status, StepState, Units,
};
use wiremock::ResponseTemplate;

use crate::digitalocean_harness::{error, fixture, ok, start, start_with};
use crate::harness::Bench;
use crate::harness::{TOKEN, at, text};

fn first() -> PageRequest {
    PageRequest::first()
}

fn env(name: &str) -> EnvId {
    EnvId::new(format!("a1/{name}"))
}

fn shown(details: &[Detail], label: &str) -> Option<String> {
    let detail = details.iter().find(|detail| detail.label == label)?;
    let (DetailValue::Text(text) | DetailValue::Url(text)) = &detail.value else {
        return Some(format!("{:?}", detail.value));
    };
    Some(text.to_string())
}

async fn with_apps() -> Bench {
    let cloud = start().await;
    cloud.get("/v2/apps", "apps/list").await;
    cloud.get("/v2/apps/a1", "apps/shop").await;
    cloud.get("/v2/projects", "projects/list").await;
    let newest = "deployments/newest_failed";
    cloud.get("/v2/apps/a4/deployments", newest).await;
    cloud
}

#[tokio::test]
async fn a_token_is_sent_without_what_was_pasted_around_it() {
    let cloud = start_with(|connection| {
        connection.credential = std::sync::Arc::new(|| Ok(Secret::new(format!(" '{TOKEN}' \n"))));
    })
    .await;
    cloud.get("/v2/account", "account/team").await;
    let account = cloud.platform.account().await.unwrap();
    assert_eq!(account.name, text("Example Team"));
    let requests = cloud.server.received_requests().await.unwrap();
    assert_eq!(
        requests[0].headers["authorization"],
        format!("Bearer {TOKEN}")
    );
    assert_eq!(requests[0].headers["accept"], "application/json");
}

#[tokio::test]
async fn apps_say_how_they_do() {
    let cloud = with_apps().await;
    let page = cloud.platform.apps(first()).await.unwrap();
    let states: Vec<_> = page
        .items
        .iter()
        .map(|app| {
            let reason = app.reason.as_ref().map_or("", |reason| reason.as_str());
            (app.name.as_str(), app.status.clone(), reason.to_owned())
        })
        .collect();
    assert_eq!(
        states,
        [
            ("shop", Status::Live, String::new()),
            ("pinned", Status::Degraded, "rolled back, pinned".into()),
            ("busy", Status::Building, String::new()),
            ("broken", Status::Failed, "live, last deploy failed".into()),
            ("fresh", Status::Stopped, "never deployed".into()),
        ]
    );
    let shop = &page.items[0];
    assert_eq!(shop.organisation, Some(OrgId::new("p-prod")));
    assert_eq!(shop.class, Some(Class::Production));
    assert_eq!(shop.url, Some(text("https://shop.example.org")));
    let release = shop.release.as_ref().unwrap();
    assert_eq!(release.label, text("0123456"));
    assert_eq!(release.deployment, Some(DeploymentId::new("a1/dep-1")));
    assert_eq!(release.by, Some(text("Ada Example")));
    // That of its spec: a deployment does not move it.
    let all = cloud.platform.all_environments(first()).await.unwrap();
    assert!(shop.revision.is_some());
    assert_eq!(all.items[0].revision, shop.revision);
    assert_eq!(shown(&shop.details, "Region").as_deref(), Some("Amsterdam"));
    let ip = shown(&shop.details, "Dedicated address");
    assert_eq!(ip.as_deref(), Some("192.0.2.7, assigned"));
    let pinned = &page.items[1];
    assert_eq!(pinned.badges, [Badge::Pinned, Badge::Maintenance]);
    assert_eq!((page.total, pinned.url.as_ref()), (Some(7), None));
}

#[tokio::test]
async fn apps_and_components_of_one_round_are_one_request() {
    let cloud = with_apps().await;
    let platform = &cloud.platform;
    assert!(!platform.is_at_hand(&Query::AllEnvironments, &first()));
    let (apps, components) =
        tokio::join!(platform.apps(first()), platform.all_environments(first()));
    let (apps, components) = (apps.unwrap(), components.unwrap());
    assert!(platform.is_at_hand(&Query::AllEnvironments, &first()));
    assert_eq!(apps.next, components.next);
    let asked = cloud.sent().await;
    let lists = asked
        .iter()
        .filter(|line| line.starts_with("GET /v2/apps?"));
    let lists: Vec<_> = lists.collect();
    assert_eq!(
        lists,
        ["GET /v2/apps?with_projects=true&page=1&per_page=50"]
    );
    // The next page by its number: the address of the answer leads elsewhere.
    platform.apps(at(&apps)).await.unwrap();
    let last = cloud.sent().await.pop();
    let page_two = "GET /v2/apps?with_projects=true&page=2&per_page=50";
    assert!(
        cloud.sent().await.contains(&page_two.to_owned()),
        "{last:?}"
    );
}

#[tokio::test]
async fn a_list_without_its_key_is_empty() {
    let cloud = start().await;
    cloud.get("/v2/apps", "apps/without_key").await;
    let page = cloud.platform.apps(first()).await.unwrap();
    assert_eq!(
        (page.items.len(), page.next, page.total),
        (0, None, Some(7))
    );
}

#[tokio::test]
async fn a_project_that_is_kept_to_leaves_the_others_out() {
    let cloud = start_with(|it| it.organisation = Some(OrgId::new("p-dev"))).await;
    cloud.get("/v2/apps", "apps/list").await;
    let page = cloud.platform.apps(first()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, None));
    // Without projects there is no class, and nothing fails.
    assert_eq!(page.items[0].class, None);
}

#[tokio::test]
async fn components_stand_where_environments_do() {
    let cloud = with_apps().await;
    let page = cloud.platform.all_environments(first()).await.unwrap();
    let of_shop = page.items.iter().filter(|env| env.app == AppId::new("a1"));
    let of_shop: Vec<_> = of_shop.collect();
    let names: Vec<_> = of_shop
        .iter()
        .map(|env| (env.name.to_string(), env.kind.clone().unwrap().to_string()))
        .collect();
    let names: Vec<_> = names
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("web", "service"),
            ("docs", "static site"),
            ("mailer", "worker"),
            ("nightly", "job"),
            ("migrate", "job"),
            ("db", "database"),
            ("cache", "database"),
            ("scratch", "dev database"),
        ]
    );
    let [web, docs, mailer, nightly, ..] = of_shop.as_slice() else {
        panic!()
    };
    assert_eq!((&web.status, web.units), (&Status::Live, None));
    assert_eq!(web.class, Some(Class::Production));
    assert_eq!(web.branch, Some(text("main")));
    assert_eq!(web.url, Some(text("https://shop.example.org")));
    assert_eq!(docs.url, Some(text("https://shop.example.org/docs")));
    assert_eq!(
        (mailer.url.as_ref(), &nightly.status),
        (None, &Status::Present)
    );
    let label = mailer.release.as_ref().map(|release| release.label.clone());
    assert_eq!(label, Some(text("feedfac")));
    let scaling = shown(&web.details, "Autoscaling");
    assert_eq!(scaling.as_deref(), Some("2 to 8 instances, CPU 80 %"));
    let source = shown(&mailer.details, "Source");
    assert_eq!(source.as_deref(), Some("docr: mailer:v3"));
    let source = shown(&nightly.details, "Source");
    assert_eq!(source.as_deref(), Some("https://git.example.org/a.git"));
    let runs = shown(&nightly.details, "Runs");
    assert_eq!(runs.as_deref(), Some("0 3 * * * (Europe/Paris)"));
    assert!(!format!("{page:?}").contains("canary-value"));
    let api = page.items.iter().find(|env| env.id == EnvId::new("a3/api"));
    let api = api.unwrap();
    assert_eq!(api.running, Some(DeploymentId::new("a3/dep-4")));
    let progress = api.progress.as_ref().unwrap();
    assert_eq!((progress.percent, progress.steps), (Some(33), Some((2, 6))));
    assert_eq!(progress.label, Some(text("Building service api")));
}

#[tokio::test]
async fn health_is_read_with_an_app_and_kept_for_the_lists() {
    let cloud = with_apps().await;
    cloud.get("/v2/apps/a1/health", "health/shop").await;
    let web = cloud.platform.environment(&env("web")).await.unwrap();
    let units = Some(Units {
        ready: 2,
        wanted: 3,
    });
    assert_eq!(
        (web.units, web.cpu_percent, web.memory_percent),
        (units, Some(12.5), Some(40.0))
    );
    assert_eq!(
        (web.status, web.reason),
        (Status::Degraded, Some(text("2 of 3 ready")))
    );
    let all = cloud.platform.all_environments(first()).await.unwrap();
    let listed = all.items.iter().find(|it| it.id == env("web")).unwrap();
    assert_eq!(listed.units, units);
    let apps = cloud.platform.apps(first()).await.unwrap();
    assert_eq!(apps.items[0].status, Status::Degraded);
}

#[tokio::test]
async fn without_health_there_are_components_all_the_same() {
    let cloud = with_apps().await;
    let answer = error(403, "errors/forbidden");
    cloud.answer("GET", "/v2/apps/a1/health", answer).await;
    let page = cloud
        .platform
        .environments(&AppId::new("a1"), first())
        .await;
    assert_eq!(page.unwrap().items.len(), 8);
    let gone = cloud.platform.environment(&env("gone")).await;
    assert!(matches!(gone, Err(Failure::NotFound { .. })), "{gone:?}");
}

#[tokio::test]
async fn deployments_come_newest_first_without_autoscaling() {
    let cloud = start().await;
    let path = "/v2/apps/a1/deployments";
    cloud.get(path, "deployments/list").await;
    let scope = DeploymentScope::App(AppId::new("a1"));
    let page = cloud.platform.deployments(&scope, first()).await.unwrap();
    let phases: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.id.as_str(), it.phase.clone()))
        .collect();
    assert_eq!(
        phases,
        [
            ("a1/dep-new", Phase::Queued),
            ("a1/dep-1", Phase::Succeeded),
            ("a1/dep-fail", Phase::Failed),
            ("a1/dep-old", Phase::Replaced),
            ("a1/dep-odd", Phase::Other(text("HIBERNATING"))),
        ]
    );
    let [new, live, failed, old, odd] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!((new.started_at, new.progress.percent), (None, Some(0)));
    assert_eq!((&live.label, live.is_current), (&text("0123456"), true));
    assert_eq!(live.message, Some(text("Sell more")));
    assert_eq!(live.cause, Some(text("push example/shop@main")));
    assert_eq!(live.duration, Some(Duration::from_mins(8)));
    assert_eq!(live.can_roll_back_to, Some(false));
    let reason = "Waiting for service web: Your deploy failed its health checks.";
    assert_eq!(failed.reason, Some(text(reason)));
    assert!(failed.hint.is_some());
    assert_eq!(failed.by, Some(text("Ada Example")));
    assert_eq!(failed.cause, Some(text("change of the spec")));
    assert_eq!(
        (failed.progress.percent, failed.progress.tree.len()),
        (None, 2)
    );
    assert_eq!(failed.progress.tree[1].state, StepState::Failed);
    // What was replaced ended when its last step did, not when it was replaced.
    assert_eq!(old.ended_at, Some("2024-02-01T12:03:00Z".parse().unwrap()));
    assert_eq!(
        (old.can_roll_back_to, old.reason.as_ref()),
        (Some(true), None)
    );
    assert_eq!(shown(&old.details, "Repeats").as_deref(), Some("dep-0"));
    assert_eq!(
        (odd.cause.as_ref(), odd.ended_at),
        (Some(&text("manual")), None)
    );
    let asked = cloud.sent().await.remove(0);
    assert!(asked.ends_with("&page=1&per_page=10"), "{asked}");
    assert!(!asked.contains("AUTOSCALED"), "{asked}");
}

#[tokio::test]
async fn a_page_that_takes_too_long_is_asked_for_once_more_and_shorter() {
    let cloud = start().await;
    let slow = ResponseTemplate::new(524).set_body_string("a timeout occurred");
    let path = "/v2/apps/a1/deployments";
    let half = wiremock::Mock::given(wiremock::matchers::path(path))
        .and(wiremock::matchers::query_param("per_page", "5"))
        .respond_with(ok("deployments/list"))
        .with_priority(1);
    half.mount(&cloud.server).await;
    cloud.answer("GET", path, slow.clone()).await;
    let scope = DeploymentScope::App(AppId::new("a1"));
    let page = cloud.platform.deployments(&scope, first()).await.unwrap();
    assert_eq!(page.next.as_ref().map(|next| next.0.as_str()), Some("2/5"));
    assert_eq!(cloud.sent().await.len(), 2);
    let one = PageRequest {
        token: None,
        limit: Some(1),
    };
    let failed = cloud.platform.deployments(&scope, one).await;
    assert!(
        matches!(failed, Err(Failure::Server { status: 524, .. })),
        "{failed:?}"
    );
    assert_eq!(cloud.sent().await.len(), 3);
}

#[tokio::test]
async fn backups_are_those_of_the_cluster_behind_a_component() {
    let cloud = with_apps().await;
    cloud.get("/v2/databases", "databases/list").await;
    cloud.get("/v2/databases/c1/backups", "backups/list").await;
    let page = cloud.platform.backups(&env("db"), first()).await.unwrap();
    let [working, newest, _] = page.items.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(
        (&working.state, working.percent),
        (&BackupState::Working, Some(36))
    );
    assert_eq!(newest.id, BackupId::new("c1/2024-03-02T18:42:29Z"));
    assert_eq!(
        (newest.size_bytes, newest.environment.as_ref()),
        (Some(500_000_000), Some(&env("db")))
    );
    let schedule = shown(&newest.details, "Schedule");
    assert_eq!(schedule.as_deref(), Some("daily at 18:42 UTC"));
    let one = cloud.platform.backup(&newest.id).await.unwrap();
    assert_eq!(one.size_bytes, newest.size_bytes);
    assert!(!format!("{page:?}").contains("canary-value"));
}

#[tokio::test]
async fn what_has_no_backups_says_where_they_are() {
    let cloud = with_apps().await;
    for (component, word) in [
        ("web", "db, cache, scratch"),
        ("scratch", "development database"),
        ("cache", "REDIS"),
    ] {
        let refused = cloud.platform.backups(&env(component), first()).await;
        let Err(Failure::Unsupported { reason, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert!(reason.as_str().contains(word), "{reason}");
    }
    // The first is known from then on.
    let before = cloud.sent().await.len();
    let _ = cloud.platform.backups(&env("web"), first()).await;
    assert_eq!(cloud.sent().await.len(), before);
}

#[tokio::test]
async fn services_are_databases_with_their_cluster() {
    let cloud = with_apps().await;
    cloud.get("/v2/databases", "databases/list").await;
    let page = cloud.platform.services(&env("web"), first()).await.unwrap();
    let [db, cache, scratch] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!((&db.status, db.can_back_up), (&Status::Live, Some(true)));
    assert_eq!(
        (&cache.status, cache.can_back_up),
        (&Status::Present, Some(false))
    );
    assert_eq!(scratch.can_back_up, Some(false));
    assert!(!format!("{page:?}").contains("canary-value"));
}

#[tokio::test]
async fn variables_are_those_the_component_sees() {
    let cloud = with_apps().await;
    let page = cloud
        .platform
        .variables(&env("web"), first())
        .await
        .unwrap();
    let seen: Vec<_> = page
        .items
        .iter()
        .map(|it| {
            let value = it.value.as_ref().map(|value| value.expose().to_owned());
            let scope = it.scope.as_ref().map(ToString::to_string);
            let id = it.id.as_ref().map(|id| id.as_str().to_owned());
            (it.name.to_string(), value, scope, id.unwrap())
        })
        .collect();
    let row = |name: &str, value: Option<&str>, scope: Option<&str>, id: &str| {
        let own = |text: &str| text.to_owned();
        (own(name), value.map(own), scope.map(own), own(id))
    };
    assert_eq!(
        seen,
        [
            row("MODE", Some("web"), None, "a1/web/MODE"),
            row("KEY", None, None, "a1/web/KEY"),
            row("SHARED", Some("one"), Some("app"), "a1//SHARED"),
        ]
    );
    assert!(page.items[1].is_sensitive);
    assert!(!format!("{page:?}").contains("canary-value"));
}

#[tokio::test]
async fn domains_say_which_records_to_make() {
    let cloud = with_apps().await;
    let page = cloud.platform.domains(&env("web"), first()).await.unwrap();
    let [live, new, old] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!(
        (&live.status, live.is_primary, live.tls),
        (&Status::Live, true, Some(true))
    );
    assert!(live.instructions.is_empty());
    let lines: Vec<_> = new.instructions.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "CNAME new.example.org shop-abc12.ondigitalocean.app",
            "TXT _acme.new.example.org proof-1"
        ]
    );
    assert_eq!(old.status, Status::Degraded);
    assert_eq!(old.message, Some(text("make the validation records anew")));
}

#[tokio::test]
async fn what_happened_and_what_is_watched_is_told_in_words() {
    let cloud = start().await;
    cloud.get("/v2/apps/a1/events", "events/list").await;
    cloud.get("/v2/apps/a1/alerts", "alerts/list").await;
    let app = AppId::new("a1");
    let events = cloud.platform.activity(Some(&app), first()).await.unwrap();
    let [deployed, scaled, never] = events.items.as_slice() else {
        panic!()
    };
    assert_eq!((deployed.failed, deployed.can_cancel), (Some(true), false));
    assert_eq!(
        scaled.text,
        text("web from 2 to 4 instances (cpu): in progress")
    );
    assert!(scaled.can_cancel);
    assert_eq!(never.at, None);
    let everywhere = cloud.platform.activity(None, first()).await;
    assert!(matches!(everywhere, Err(Failure::Unsupported { .. })));
    let alerts = cloud.platform.alerts(&app, first()).await.unwrap();
    let [cpu, deploys] = alerts.items.as_slice() else {
        panic!()
    };
    assert_eq!(cpu.rule, text("CPU above 85 % for 5 minutes"));
    assert_eq!(cpu.told, [text("ops@example.org"), text("Slack #ops")]);
    assert_eq!(
        (deploys.is_enabled, &deploys.status),
        (false, &Status::Failed)
    );
    assert!(!format!("{alerts:?}").contains("canary-value"));
}

#[tokio::test]
async fn jobs_know_their_last_run_and_instances_their_component() {
    let cloud = with_apps().await;
    let runs = "/v2/apps/a1/job-invocations";
    cloud.get(runs, "job-invocations/list").await;
    cloud.get("/v2/apps/a1/instances", "instances/list").await;
    let jobs = cloud.platform.jobs(&env("web"), first()).await.unwrap();
    let [nightly, migrate] = jobs.items.as_slice() else {
        panic!()
    };
    assert_eq!(
        nightly.last_run_at,
        Some("2024-03-02T02:00:05Z".parse().unwrap())
    );
    assert_eq!(migrate.schedule, text("before each deployment"));
    let runs = cloud
        .platform
        .job_runs(&env("nightly"), first())
        .await
        .unwrap();
    let [running, done] = runs.items.as_slice() else {
        panic!()
    };
    assert_eq!(
        (&running.phase, running.ended_at),
        (&Phase::Running(text("running")), None)
    );
    assert_eq!(done.cause, Some(text("schedule 0 3 * * * Europe/Paris")));
    let asked = cloud.sent().await.pop().unwrap();
    assert!(asked.contains("job_names=nightly"), "{asked}");
    let units = cloud.platform.units(&env("web"), first()).await.unwrap();
    let names: Vec<_> = units.items.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["web-0", "web-1"]);
    assert_eq!(units.items[0].id, text("web-7f-a"));
}

#[tokio::test]
async fn metrics_are_of_the_last_hour_by_the_platforms_clock() {
    let cloud = start().await;
    let dated = ok("metrics/bandwidth").insert_header("date", "Sat, 02 Mar 2024 10:00:00 GMT");
    let traffic = "/v2/apps/a1/metrics/bandwidth_daily";
    cloud.answer("GET", traffic, dated).await;
    let at = |name: &str| format!("/v2/monitoring/metrics/apps/{name}");
    cloud.get(&at("cpu_percentage"), "metrics/cpu").await;
    cloud.get(&at("restart_count"), "metrics/empty").await;
    let refused = error(403, "errors/forbidden");
    cloud.answer("GET", &at("memory_percentage"), refused).await;
    let metrics = cloud.platform.metrics(&env("web")).await.unwrap();
    let [cpu, memory, restarts, traffic] = metrics.as_slice() else {
        panic!()
    };
    let values: Vec<_> = cpu.series[0]
        .points
        .iter()
        .map(|point| point.value)
        .collect();
    assert_eq!(
        (values, cpu.series[0].label.as_str()),
        (vec![5.25, 12.5], "web-0")
    );
    assert_eq!(
        memory.problem,
        Some(text("not allowed: the token lacks monitoring:read"))
    );
    assert_eq!(
        (restarts.series.len(), restarts.problem.as_ref()),
        (0, None)
    );
    assert!((traffic.series[0].points[0].value - 513_668.0).abs() < 1e-9);
    let sent = cloud.sent().await;
    let cpu = sent
        .iter()
        .find(|line| line.contains("cpu_percentage"))
        .unwrap();
    let number = |name: &str| {
        let rest = cpu.split(&format!("{name}=")).nth(1).unwrap();
        rest.split('&').next().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(number("end") - number("start"), 3600);
}

#[tokio::test]
async fn sizes_and_regions_are_chosen_by_their_word() {
    let cloud = start().await;
    let sizes = "/v2/apps/tiers/instance_sizes";
    cloud.get(sizes, "sizes/list").await;
    cloud.get("/v2/apps/regions", "regions/list").await;
    cloud.get("/v2/projects", "projects/list").await;
    let sizes = cloud.platform.sizes(first()).await.unwrap();
    let [small, big] = sizes.items.as_slice() else {
        panic!()
    };
    assert_eq!(
        (&small.slug, &small.cpus),
        (&text("small"), &text("1 shared"))
    );
    assert_eq!((small.can_scale, big.can_scale), (false, true));
    assert_eq!(big.price, Some(text("78.00 USD")));
    let regions = cloud.platform.regions(first()).await.unwrap();
    assert_eq!(regions.items.len(), 1);
    let projects = cloud.platform.organisations(first()).await.unwrap();
    assert_eq!(projects.items[0].name, text("Shops"));
}

#[tokio::test]
async fn zero_left_out_null_or_as_text_is_the_same() {
    let mut models = Vec::new();
    for form in ["left out", "null", "text"] {
        let mut list = fixture("deployments/list");
        for record in list["deployments"].as_array_mut().unwrap() {
            let progress = record.get_mut("progress").and_then(|it| it.as_object_mut());
            for (key, value) in progress.into_iter().flatten() {
                if form == "text" && value.is_u64() {
                    *value = value.to_string().into();
                }
                assert!(!key.is_empty());
            }
            if form == "null" {
                for key in ["cloned_from", "timing", "services", "workers", "cause"] {
                    record
                        .as_object_mut()
                        .unwrap()
                        .entry(key)
                        .or_insert(serde_json::Value::Null);
                }
            }
        }
        let cloud = start().await;
        let answer = ResponseTemplate::new(200).set_body_json(list);
        cloud.answer("GET", "/v2/apps/a1/deployments", answer).await;
        let scope = DeploymentScope::App(AppId::new("a1"));
        models.push(cloud.platform.deployments(&scope, first()).await.unwrap());
    }
    assert_eq!(models[0], models[1]);
    assert_eq!(models[0], models[2]);
}

#[tokio::test]
async fn what_one_record_holds_costs_no_other() {
    let cloud = start().await;
    let list = r#"{"apps": [
        {"id": "a", "spec": {"name": "one", "x-odd": [1e400, "1e400"]}},
        {"spec": {"name": "nobody"}},
        {"id": "b", "spec": {"name": "two"}, "tier_slug": -1E999}
    ], "meta": {"total": "3"}, "links": 1e400}"#;
    cloud.text("GET", "/v2/apps", list).await;
    let apps = cloud.platform.apps(first()).await.unwrap();
    let names: Vec<_> = apps.items.iter().map(|app| app.name.clone()).collect();
    assert_eq!(names, [text("one"), text("two")]);
    assert_eq!(apps.total, Some(3));
}
