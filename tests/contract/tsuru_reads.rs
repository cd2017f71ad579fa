//! tsuru: what is asked for apps, processes and units, and what becomes of the answer.

use std::time::Duration;

use flightdeck::model::{
    AppId, Badge, DeploymentId, Detail, DetailValue, EnvId, Environment, Failure, OrgId,
    PageRequest, Query, Status, Units,
};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, TOKEN, text};
use crate::tsuru_harness::{get_with, ok, said, start, start_with};

pub(crate) fn first() -> PageRequest {
    PageRequest::first()
}

pub(crate) fn shown(details: &[Detail], label: &str) -> Option<String> {
    let detail = details.iter().find(|detail| detail.label == label)?;
    let (DetailValue::Text(text) | DetailValue::Url(text)) = &detail.value else {
        return Some(format!("{:?}", detail.value));
    };
    Some(text.to_string())
}

/// The time is that of the server.
fn at_five(name: &str) -> ResponseTemplate {
    ok(name).insert_header("date", "Sat, 21 Nov 2026 12:05:30 GMT")
}

async fn with_apps() -> Bench {
    let tsuru = start().await;
    around(&tsuru).await;
    tsuru
}

async fn around(tsuru: &Bench) {
    tsuru.answer("GET", "/1.0/apps", at_five("apps/list")).await;
    tsuru
        .answer("GET", "/1.0/apps/shop", at_five("apps/shop"))
        .await;
    tsuru.get("/1.0/plans", "lists/plans").await;
    tsuru
        .answer("GET", "/1.0/deploys", at_five("deploys/all"))
        .await;
    let running = [("running", "true")];
    get_with(tsuru, "/1.1/events", &running, at_five("events/running")).await;
}

#[tokio::test]
async fn a_token_goes_as_a_bearer_and_any_answer_is_understood() {
    let tsuru = with_apps().await;
    tsuru.platform.apps(first()).await.unwrap();
    let requests = tsuru.server.received_requests().await.unwrap();
    for request in &requests {
        assert_eq!(request.headers["authorization"], format!("bearer {TOKEN}"));
        assert_eq!(request.headers["accept"], "*/*");
    }
}

#[tokio::test]
async fn apps_say_how_they_do() {
    let tsuru = with_apps().await;
    let page = tsuru.platform.apps(first()).await.unwrap();
    let states: Vec<_> = page
        .items
        .iter()
        .map(|app| {
            let reason = app.reason.as_ref().map_or("", |reason| reason.as_str());
            (app.name.as_str(), app.status.clone(), reason)
        })
        .collect();
    assert_eq!(
        states,
        [
            (
                "shop",
                Status::Degraded,
                "1 of 3 units failed: CrashLoopBackOff"
            ),
            ("blog", Status::Stopped, "stopped"),
            ("fresh", Status::Stopped, "no units"),
            (
                "lost",
                Status::Unknown,
                "units not known: timeout of cluster c2"
            ),
            ("busy", Status::Building, "deploy by ada@example.org, 5m"),
            (
                "held",
                Status::Live,
                "busy: service-instance update by token ci"
            ),
            ("old", Status::Asleep, ""),
            ("split", Status::Live, ""),
        ]
    );
    assert_eq!(page.total, Some(8));
    let [shop, blog, _, _, busy, held, old, split] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!(shop.organisation, Some(OrgId::new("web")));
    assert_eq!(shop.url, Some(text("http://www.shop.example.org")));
    let release = shop.release.as_ref().unwrap();
    assert_eq!(release.label, text("v12"));
    let deploy = DeploymentId::new("6740f0b1c2a9d3f4e5a6b7c8");
    assert_eq!(release.deployment, Some(deploy));
    assert_eq!(release.by, Some(text("ada@example.org")));
    assert_eq!(
        release.at.unwrap().to_string(),
        "2026-11-21T12:01:01.23456789Z"
    );
    assert_eq!(shown(&shop.details, "Tags").as_deref(), Some("front, eu"));
    assert_eq!(
        shown(&shop.details, "Platform").as_deref(),
        Some("python:v3")
    );
    let plan = "c0.1m0.2 (0.1 CPU, 256 MiB)";
    assert_eq!(shown(&shop.details, "Plan").as_deref(), Some(plan));
    assert_eq!(
        shown(&shop.details, "Router").as_deref(),
        Some("ingress: ready")
    );
    // Deployed once and stopped since.
    assert_eq!(blog.release.as_ref().unwrap().label, text("v3"));
    // Of a deploy under way nothing is released yet, and it is no lock of its own.
    assert_eq!(busy.release.as_ref().unwrap().at, None);
    assert_eq!(
        (busy.badges.as_slice(), held.badges.as_slice()),
        (&[][..], &[Badge::Locked][..])
    );
    assert_eq!(old.url, Some(text("http://old.example.org")));
    // What gets requests, not what is newest.
    assert_eq!(split.release.as_ref().unwrap().label, text("v10"));
}

#[tokio::test]
async fn apps_and_processes_of_one_round_are_one_request() {
    let tsuru = with_apps().await;
    let platform = &tsuru.platform;
    assert!(!platform.is_at_hand(&Query::AllEnvironments, &first()));
    let (apps, processes) =
        tokio::join!(platform.apps(first()), platform.all_environments(first()));
    assert_eq!(
        (apps.unwrap().items.len(), processes.unwrap().items.len()),
        (8, 10)
    );
    assert!(platform.is_at_hand(&Query::Apps, &first()));
    let mut sent = tsuru.sent().await;
    sent.sort();
    assert_eq!(
        sent,
        [
            "GET /1.0/apps?extended=true",
            "GET /1.0/deploys?limit=100",
            "GET /1.1/events?running=true&limit=20",
        ]
    );
}

#[tokio::test]
async fn what_only_adds_may_fail() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps", "apps/list").await;
    let forbidden = || said(403, "You don't have permission to do this action");
    tsuru.answer("GET", "/1.1/events", forbidden()).await;
    tsuru.answer("GET", "/1.0/deploys", said(500, "boom")).await;
    let page = tsuru.platform.apps(first()).await.unwrap();
    let busy = page
        .items
        .iter()
        .find(|app| app.name == text("busy"))
        .unwrap();
    assert_eq!((&busy.status, &busy.reason), (&Status::Live, &None));
    let release = busy.release.as_ref().unwrap();
    assert_eq!((&release.label, &release.by), (&text("v3"), &None));
    tsuru.platform.all_environments(first()).await.unwrap();
}

#[tokio::test]
async fn a_team_that_is_kept_to_leaves_the_others_out() {
    let tsuru = start_with(|it| it.organisation = Some(OrgId::new("press"))).await;
    around(&tsuru).await;
    let page = tsuru.platform.apps(first()).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].name, text("blog"));
    let sent = tsuru.sent().await;
    let asked = "GET /1.0/apps?extended=true&teamOwner=press".to_owned();
    assert!(sent.contains(&asked), "{sent:?}");
}

#[tokio::test]
async fn no_apps_are_no_failure() {
    for answer in [
        ResponseTemplate::new(204),
        ResponseTemplate::new(200).set_body_string("null\n"),
        ResponseTemplate::new(200).set_body_string("[]"),
    ] {
        let tsuru = start().await;
        tsuru.answer("GET", "/1.0/apps", answer).await;
        let page = tsuru.platform.apps(first()).await.unwrap();
        assert_eq!((page.items.len(), page.total), (0, Some(0)));
    }
}

/// Identifier, name, status, and how many units are ready of how many.
type Brief<'a> = (&'a str, &'a str, Status, Option<(u32, u32)>);

fn brief(processes: &[Environment]) -> Vec<Brief<'_>> {
    processes
        .iter()
        .map(|it| {
            let units = it.units.map(|units| (units.ready, units.wanted));
            (it.id.as_str(), it.name.as_str(), it.status.clone(), units)
        })
        .collect()
}

#[tokio::test]
async fn processes_stand_where_environments_do() {
    let tsuru = with_apps().await;
    let page = tsuru.platform.all_environments(first()).await.unwrap();
    assert_eq!(
        brief(&page.items),
        [
            ("shop/web", "web", Status::Live, Some((2, 2))),
            ("shop/mailer", "mailer", Status::Failed, Some((0, 1))),
            ("blog/", "prod", Status::Stopped, Some((0, 0))),
            ("fresh/", "prod", Status::Stopped, Some((0, 0))),
            ("lost/", "prod", Status::Unknown, None),
            ("busy/web", "web", Status::Building, Some((2, 2))),
            ("held/web", "web", Status::Live, Some((1, 1))),
            ("old/", "prod", Status::Asleep, Some((0, 2))),
            ("split/web/11", "web-v11", Status::Live, Some((1, 1))),
            ("split/web/10", "web-v10", Status::Live, Some((2, 2))),
        ]
    );
    assert!(page.items.iter().all(|it| it.is_synthetic));
    let tellers: Vec<_> = page.items.iter().map(|it| it.tells_lists).collect();
    let yes = [true, false, true, true, true, true, true, true, true, false];
    assert_eq!(tellers, yes);
    let [web, mailer, blog, _, _, busy, .., aside, served] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!(web.url, Some(text("http://www.shop.example.org")));
    assert_eq!((&mailer.url, mailer.has_runtime_log), (&None, true));
    assert_eq!((&blog.url, blog.has_runtime_log), (&None, false));
    assert_eq!(
        busy.running,
        Some(DeploymentId::new("6740f0f0c2a9d3f4e5a6b7d9"))
    );
    assert_eq!(aside.reason, Some(text("gets no requests")));
    assert_eq!(aside.release.as_ref().unwrap().label, text("v11"));
    assert_eq!((&aside.url, &served.reason), (&None, &None));
    assert_eq!(served.release.as_ref().unwrap().label, text("v10"));
    assert_eq!(
        shown(&aside.details, "Gets requests").as_deref(),
        Some("Flag(false)")
    );
}

#[tokio::test]
async fn an_app_in_full_tells_more_of_its_processes() {
    let tsuru = with_apps().await;
    let shop = AppId::new("shop");
    let page = tsuru.platform.environments(&shop, first()).await.unwrap();
    assert_eq!(
        brief(&page.items),
        [
            ("shop/web", "web", Status::Live, Some((2, 2))),
            ("shop/mailer", "mailer", Status::Failed, Some((0, 1))),
            ("shop/nightly", "nightly", Status::Stopped, Some((0, 0))),
        ]
    );
    let [web, mailer, nightly] = page.items.as_slice() else {
        panic!()
    };
    // 40 of 100 thousandths, 96 of 256 MiB, on average.
    assert_eq!(
        (web.cpu_percent, web.memory_percent),
        (Some(40.0), Some(37.5))
    );
    // Of its own plan: 500 of 1000 thousandths, 512 of 1024 MiB.
    assert_eq!(
        (mailer.cpu_percent, mailer.memory_percent),
        (Some(50.0), Some(50.0))
    );
    assert_eq!(nightly.reason, Some(text("stopped")));
    let detail = |label| shown(&web.details, label);
    assert_eq!(
        detail("Autoscaling").as_deref(),
        Some("2 to 10 units, CPU 60 %")
    );
    let by_time = "at least 3 from `0 12 * * *` to `0 15 * * *` (UTC)";
    assert_eq!(detail("Scaled by time").as_deref(), Some(by_time));
    assert_eq!(detail("Scaled by").as_deref(), Some("queue above 5"));
    assert_eq!(detail("Cluster").as_deref(), Some("c1"));
    let internal = "shop-web.prod.svc.example:8888/TCP";
    assert_eq!(detail("Internal address").as_deref(), Some(internal));
    assert_eq!(
        shown(&mailer.details, "Restarts").as_deref(),
        Some("Count(14)")
    );
    let own = "c1m1 (1 CPU, 1 GiB)";
    assert_eq!(shown(&mailer.details, "Plan").as_deref(), Some(own));
    let asked = "GET /1.1/events?running=true&limit=20&target.type=app&target.value=shop";
    assert!(tsuru.sent().await.contains(&asked.to_owned()));
    // What a list does not carry stands in for a while.
    let all = tsuru.platform.all_environments(first()).await.unwrap();
    assert_eq!(all.items[2].id, EnvId::new("shop/nightly"));
    assert_eq!(all.items[0].cpu_percent, Some(40.0));
    assert!(!format!("{all:?}{page:?}").contains("canary"));
}

#[tokio::test]
async fn a_process_is_found_by_its_identifier() {
    let tsuru = with_apps().await;
    let split = ResponseTemplate::new(200);
    let split = split.set_body_json(crate::tsuru_harness::fixture("apps/split"));
    tsuru.answer("GET", "/1.0/apps/split", split).await;
    let id = EnvId::new("split/web/10");
    let found = tsuru.platform.environment(&id).await.unwrap();
    assert_eq!(
        found.units,
        Some(Units {
            ready: 2,
            wanted: 2
        })
    );
    for gone in ["split/web", "split/web/9", "shop/none"] {
        let failure = tsuru.platform.environment(&EnvId::new(gone)).await;
        assert!(matches!(failure, Err(Failure::NotFound { .. })), "{gone}");
    }
    tsuru
        .answer("GET", "/1.0/apps/none", said(404, "App none not found."))
        .await;
    let failure = tsuru.platform.environment(&EnvId::new("none/web")).await;
    assert_eq!(
        failure.unwrap_err(),
        Failure::NotFound {
            subject: text("app none")
        }
    );
}

#[tokio::test]
async fn stopped_and_never_deployed_are_told_apart() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/blog", "apps/stopped").await;
    tsuru.get("/1.0/apps/fresh", "apps/fresh").await;
    let of = |name| AppId::new(name);
    let blog = tsuru
        .platform
        .environments(&of("blog"), first())
        .await
        .unwrap();
    let reasons: Vec<_> = blog
        .items
        .iter()
        .map(|it| it.reason.clone().unwrap())
        .collect();
    assert_eq!(reasons, [text("stopped"), text("stopped")]);
    let fresh = tsuru
        .platform
        .environments(&of("fresh"), first())
        .await
        .unwrap();
    let [one] = fresh.items.as_slice() else {
        panic!()
    };
    assert_eq!((one.id.as_str(), one.name.as_str()), ("fresh/", "prod"));
    assert_eq!(
        (&one.reason, &one.release),
        (&Some(text("never deployed")), &None)
    );
}

#[tokio::test]
async fn units_say_what_they_do() {
    let tsuru = with_apps().await;
    let of = |id: &str| EnvId::new(id);
    let mailer = tsuru
        .platform
        .units(&of("shop/mailer"), first())
        .await
        .unwrap();
    let [unit] = mailer.items.as_slice() else {
        panic!()
    };
    assert_eq!(unit.id, text("shop-mailer-1"));
    assert_eq!(unit.environment, Some(of("shop/mailer")));
    assert_eq!(unit.status, Status::Failed);
    assert_eq!(unit.state, Some(text("error: CrashLoopBackOff")));
    assert_eq!(unit.started_at.unwrap().to_string(), "2026-11-20T09:00:00Z");
    let detail = |label| shown(&unit.details, label);
    assert_eq!(detail("Restarts").as_deref(), Some("Count(14)"));
    assert_eq!(detail("Version").as_deref(), Some("v12"));
    assert_eq!(detail("Uses").as_deref(), Some("0.50 CPU, 512 MiB"));
    assert_eq!(detail("Node").as_deref(), Some("192.0.2.3"));
    tsuru.get("/1.0/apps/split", "apps/split").await;
    for (id, count) in [
        ("split/web/11", 1),
        ("split/web/10", 2),
        ("split/web", 3),
        ("split/", 3),
    ] {
        let units = tsuru.platform.units(&of(id), first()).await.unwrap();
        assert_eq!(units.items.len(), count, "{id}");
    }
}

#[tokio::test]
async fn what_units_use_is_drawn_from_what_was_seen() {
    let tsuru = start().await;
    let at = |time: &str| ok("apps/shop").insert_header("date", time);
    tsuru
        .once("GET", "/1.0/apps/shop", at("Sat, 21 Nov 2026 12:00:00 GMT"))
        .await;
    tsuru
        .answer("GET", "/1.0/apps/shop", at("Sat, 21 Nov 2026 12:01:00 GMT"))
        .await;
    tsuru.get("/1.0/plans", "lists/plans").await;
    let web = EnvId::new("shop/web");
    let before = tsuru.platform.metrics(&web).await.unwrap();
    assert_eq!(before[0].series[0].points.len(), 1);
    let metrics = tsuru.platform.metrics(&web).await.unwrap();
    let [cpu, memory] = metrics.as_slice() else {
        panic!()
    };
    assert_eq!((&cpu.key, &cpu.unit), (&text("cpu"), &text("%")));
    let labels: Vec<_> = cpu.series.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(labels, ["shop-web-1", "shop-web-2"]);
    let [one, two] = cpu.series[0].points.as_slice() else {
        panic!("{:?}", cpu.series[0].points)
    };
    assert!((one.value - 50.0).abs() < 1e-9);
    let apart = Duration::try_from(two.at.duration_since(one.at)).unwrap();
    assert!((59..=61).contains(&apart.as_secs()), "{apart:?}");
    assert!((memory.series[1].points[0].value - 25.0).abs() < 1e-9);
}

#[tokio::test]
async fn without_a_metrics_server_there_is_a_reason() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/split", "apps/split").await;
    let metrics = tsuru
        .platform
        .metrics(&EnvId::new("split/web"))
        .await
        .unwrap();
    assert!(
        metrics
            .iter()
            .all(|it| it.series.is_empty() && it.problem.is_some())
    );
}
