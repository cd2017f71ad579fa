//! tsuru: deploys, events and event blocks.

use flightdeck::model::{
    ActivityId, AppId, Deployment, DeploymentId, DeploymentScope, EnvId, Follow, MaintenanceState,
    OrgId, PageRequest, Phase,
};

use crate::harness::{Bench, at, text};
use crate::tsuru_harness::{ok, said, start, start_with};
use crate::tsuru_reads::{first, shown};

async fn with_deploys() -> Bench {
    let tsuru = start().await;
    tsuru.get("/1.0/deploys", "deploys/shop").await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    for (id, name) in [
        ("6740f0f0c2a9d3f4e5a6b7e1", "events/deploying"),
        ("6740f0e0c2a9d3f4e5a6b7d1", "events/cancelled"),
        ("6740f0d0c2a9d3f4e5a6b7d0", "events/lost"),
        ("6740f0c0c2a9d3f4e5a6b7c9", "events/failed"),
    ] {
        tsuru.get(&format!("/1.1/events/{id}"), name).await;
    }
    tsuru
}

fn shop() -> DeploymentScope {
    DeploymentScope::App(AppId::new("shop"))
}

fn phases(deploys: &[Deployment]) -> Vec<(&str, Phase, &str)> {
    deploys
        .iter()
        .map(|it| {
            let reason = it.reason.as_ref().map_or("", |reason| reason.as_str());
            (it.label.as_str(), it.phase.clone(), reason)
        })
        .collect()
}

#[tokio::test]
async fn deploys_say_how_they_ended() {
    let tsuru = with_deploys().await;
    let page = tsuru.platform.deployments(&shop(), first()).await.unwrap();
    assert_eq!(
        phases(&page.items),
        [
            ("6740f0f0", Phase::Deploying, ""),
            ("6740f0e0", Phase::Cancelled, "step 3 was interrupted"),
            (
                "6740f0d0",
                Phase::Failed,
                "lost: the server that did it is gone"
            ),
            ("v13", Phase::Failed, "step 3 image not found"),
            ("v12", Phase::Succeeded, ""),
            ("v11", Phase::Replaced, ""),
            ("v10", Phase::Replaced, ""),
        ]
    );
    let [running, _, _, failed, current, before, old] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!((running.duration, running.ended_at), (None, None));
    assert_eq!(running.message, Some(text("release 13")));
    assert_eq!((failed.can_roll_back_to, &failed.by), (Some(false), &None));
    // Of what is said to be possible, what runs already is left out.
    assert_eq!(
        (current.is_current, current.can_roll_back_to),
        (true, Some(false))
    );
    assert_eq!(
        (before.is_current, before.can_roll_back_to),
        (false, Some(true))
    );
    assert_eq!(old.can_roll_back_to, Some(false));
    assert_eq!(current.duration.unwrap().as_nanos(), 61_234_567_890);
    assert_eq!(before.cause, Some(text("git")));
    assert_eq!(
        before.commit,
        Some(text("0123456789abcdef0123456789abcdef01234567"))
    );
    let image = "registry.example.org/tsuru/app-shop:v12";
    assert_eq!(shown(&current.details, "Image").as_deref(), Some(image));
    assert!(!format!("{page:?}").contains("canary"));
    let sent = tsuru.sent().await;
    assert!(
        sent.contains(&"GET /1.0/deploys?app=shop&limit=20".to_owned()),
        "{sent:?}"
    );
}

#[tokio::test]
async fn how_a_deploy_ended_is_asked_once() {
    let tsuru = with_deploys().await;
    for _ in 0..3 {
        tsuru.platform.deployments(&shop(), first()).await.unwrap();
    }
    let sent = tsuru.sent().await;
    let asked = |id: &str| sent.iter().filter(|line| line.ends_with(id)).count();
    assert_eq!(asked("6740f0e0c2a9d3f4e5a6b7d1"), 1);
    assert_eq!(asked("6740f0c0c2a9d3f4e5a6b7c9"), 1);
    // What runs is asked each time.
    assert_eq!(asked("6740f0f0c2a9d3f4e5a6b7e1"), 3);
}

#[tokio::test]
async fn without_events_a_deploy_says_what_it_can() {
    let tsuru = start().await;
    tsuru.get("/1.0/deploys", "deploys/shop").await;
    let process = DeploymentScope::Environment(EnvId::new("shop/web"));
    let page = tsuru.platform.deployments(&process, first()).await.unwrap();
    let phases: Vec<_> = page.items.iter().map(|it| it.phase.clone()).collect();
    assert_eq!(
        phases,
        [
            Phase::Running(text("under way")),
            Phase::Failed,
            Phase::Failed,
            Phase::Failed,
            // Which version gets requests is not known: the newest that went well does.
            Phase::Succeeded,
            Phase::Replaced,
            Phase::Replaced,
        ]
    );
}

#[tokio::test]
async fn a_full_page_has_a_next_one() {
    let tsuru = with_deploys().await;
    let request = PageRequest {
        token: None,
        limit: Some(7),
    };
    let page = tsuru.platform.deployments(&shop(), request).await.unwrap();
    assert_eq!(page.total, None);
    let next = tsuru
        .platform
        .deployments(&shop(), at(&page))
        .await
        .unwrap();
    let asked = "GET /1.0/deploys?app=shop&limit=7&skip=7".to_owned();
    assert!(tsuru.sent().await.contains(&asked));
    assert!(next.items.iter().all(|it| !it.is_current));
}

#[tokio::test]
async fn one_deploy_asks_its_event() {
    let tsuru = with_deploys().await;
    let id = "6740f0f0c2a9d3f4e5a6b7e1";
    tsuru
        .get(&format!("/1.0/deploys/{id}"), "deploys/running")
        .await;
    let one = tsuru
        .platform
        .deployment(&DeploymentId::new(id))
        .await
        .unwrap();
    assert_eq!(one.phase, Phase::Deploying);
    assert_eq!(one.app, Some(AppId::new("shop")));
    let id = "6740f0b1c2a9d3f4e5a6b7c8";
    tsuru
        .get(&format!("/1.0/deploys/{id}"), "deploys/one")
        .await;
    let one = tsuru
        .platform
        .deployment(&DeploymentId::new(id))
        .await
        .unwrap();
    // By itself a deploy says no to every roll-back: that is no answer.
    assert_eq!((one.phase, one.can_roll_back_to), (Phase::Succeeded, None));
}

#[tokio::test]
async fn events_say_what_was_done() {
    let tsuru = start().await;
    tsuru.get("/1.1/events", "events/list").await;
    let shop = AppId::new("shop");
    let page = tsuru.platform.activity(Some(&shop), first()).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.text.as_str(), it.failed, it.can_cancel))
        .collect();
    assert_eq!(
        told,
        [
            ("deploy of shop, under way", None, true),
            ("restart of shop, being cancelled", None, false),
            ("deploy of shop, cancelled", None, false),
            (
                "deploy of shop was lost: the server that did it is gone",
                Some(true),
                false
            ),
            ("deploy of shop failed: image not found", Some(true), false),
            ("setting variables of shop", Some(false), false),
            ("healing of node n1", Some(false), false),
            ("creation of elsewhere", Some(false), false),
        ]
    );
    let cancelled = &page.items[2];
    assert_eq!(cancelled.id, ActivityId::new("6740f0e0c2a9d3f4e5a6b7d1"));
    assert_eq!(
        (&cancelled.kind, &cancelled.app),
        (&text("app.deploy"), &Some(shop))
    );
    assert_eq!(cancelled.by, Some(text("ada@example.org")));
    // A deploy is its event: whoever knows both tells it once.
    let deploy = Follow::Deployment(DeploymentId::new(cancelled.id.as_str()));
    assert_eq!(cancelled.follow, Some(deploy));
    assert!(matches!(page.items[1].follow, Some(Follow::Task(_))));
    let detail = |label| shown(&cancelled.details, label);
    assert_eq!(detail("Cancelled by").as_deref(), Some("grace@example.org"));
    assert_eq!(detail("Cancelled because").as_deref(), Some("not now"));
    assert_eq!(detail("From").as_deref(), Some("192.0.2.9"));
    let healed = &page.items[6];
    assert_eq!((&healed.by, &healed.app), (&Some(text("tsuru")), &None));
    assert!(!format!("{page:?}").contains("canary"));
    let asked = "GET /1.1/events?limit=20&target.type=app&target.value=shop";
    assert_eq!(tsuru.sent().await, [asked]);
}

#[tokio::test]
async fn events_of_all_are_those_of_the_team_that_is_kept_to() {
    let tsuru = start_with(|it| it.organisation = Some(OrgId::new("web"))).await;
    tsuru.get("/1.0/apps", "apps/list").await;
    tsuru.get("/1.1/events", "events/list").await;
    tsuru.platform.apps(first()).await.unwrap();
    let page = tsuru.platform.activity(None, first()).await.unwrap();
    let apps: Vec<_> = page.items.iter().filter_map(|it| it.app.as_ref()).collect();
    assert!(
        apps.iter().all(|app| **app == AppId::new("shop")),
        "{apps:?}"
    );
    assert_eq!(page.items.len(), 7);
}

#[tokio::test]
async fn blocks_say_what_they_keep_out() {
    let tsuru = start().await;
    tsuru.get("/1.3/events/blocks", "events/blocks").await;
    let all = tsuru.platform.maintenance(None, first()).await.unwrap();
    let told: Vec<_> = all
        .items
        .iter()
        .map(|it| (it.title.as_str(), it.state.clone(), it.can_cancel))
        .collect();
    assert_eq!(
        told,
        [
            ("freeze: no deploy", MaintenanceState::Running, true),
            ("audit: no deploy", MaintenanceState::Running, true),
            ("no changes", MaintenanceState::Completed, false),
        ]
    );
    assert_eq!(all.items[1].app, Some(AppId::new("blog")));
    // Those of another app are left out, and of another pool once that is known.
    let shop = AppId::new("shop");
    let own = tsuru
        .platform
        .maintenance(Some(&shop), first())
        .await
        .unwrap();
    assert_eq!(own.items.len(), 2);
    assert!(own.items.iter().all(|it| it.app == Some(shop.clone())));
    tsuru.get("/1.0/apps", "apps/list").await;
    tsuru.platform.apps(first()).await.unwrap();
    let blog = AppId::new("blog");
    let own = tsuru
        .platform
        .maintenance(Some(&blog), first())
        .await
        .unwrap();
    let titles: Vec<_> = own.items.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["freeze: no deploy", "no changes"]);
}

#[tokio::test]
async fn a_deploy_that_is_gone_is_not_found() {
    let tsuru = start().await;
    let at = "/1.0/deploys/6740f0f0c2a9d3f4e5a6b7e1";
    tsuru
        .answer("GET", at, said(404, "Deploy not found."))
        .await;
    let events = "/1.1/events/6740f0f0c2a9d3f4e5a6b7e1";
    tsuru.answer("GET", events, ok("events/deploying")).await;
    let id = DeploymentId::new("6740f0f0c2a9d3f4e5a6b7e1");
    let failure = tsuru.platform.deployment(&id).await.unwrap_err();
    let gone = "deploy 6740f0f0c2a9d3f4e5a6b7e1 does not exist";
    assert!(failure.headline().starts_with(gone), "{failure:?}");
}
