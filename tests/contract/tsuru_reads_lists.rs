//! tsuru: whose token it is, what an app has, and the lists that only tsuru has.

use flightdeck::model::{EnvId, Failure, OrgId, ServiceId, ServiceKindId, Status, VariableId};

use crate::harness::{Bench, text};
use crate::tsuru_harness::{said, start};
use crate::tsuru_reads::{first, shown};

fn web() -> EnvId {
    EnvId::new("shop/web")
}

#[tokio::test]
async fn an_account_says_what_it_may() {
    let tsuru = start().await;
    tsuru.get("/1.0/users/info", "account/me").await;
    tsuru.get("/1.0/info", "account/info").await;
    let account = tsuru.platform.account().await.unwrap();
    assert_eq!(account.name, text("ada@example.org"));
    let server = shown(&account.details, "Server");
    assert_eq!(server.as_deref(), Some("tsuru 1.23.1 (git commit abc)"));
    assert_eq!(
        shown(&account.details, "Role").as_deref(),
        Some("dev (team web)")
    );
    let may: Vec<_> = account
        .details
        .iter()
        .filter(|it| it.label == "May")
        .collect();
    let may: Vec<_> = may
        .iter()
        .map(|it| shown(&[(*it).clone()], "May").unwrap())
        .collect();
    assert_eq!(may, ["everything (everywhere)", "app (team web)"]);
    tsuru.server.reset().await;
    tsuru.get("/1.0/users/info", "account/me").await;
    let account = tsuru.platform.account().await.unwrap();
    assert_eq!(shown(&account.details, "Server"), None);
}

#[tokio::test]
async fn teams_stand_where_organisations_do() {
    let tsuru = start().await;
    tsuru.get("/1.0/teams", "account/teams").await;
    let page = tsuru.platform.organisations(first()).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids, [OrgId::new("press"), OrgId::new("web")]);
    assert_eq!(shown(&page.items[1].details, "May").as_deref(), Some("app"));
}

#[tokio::test]
async fn private_variables_come_with_their_value_and_are_marked() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop/env", "env/shop").await;
    let page = tsuru.platform.variables(&web(), first()).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.name.as_str(), it.is_sensitive, it.is_read_only))
        .collect();
    assert_eq!(
        told,
        [
            ("COLOUR", false, false),
            ("DATABASE_PASSWORD", true, false),
            ("EMPTY", false, false),
            ("REDIS_HOST", false, true),
            ("TSURU_APPNAME", false, true),
            ("TSURU_SERVICES", true, true),
        ]
    );
    let password = &page.items[1];
    assert_eq!(password.id, Some(VariableId::new("DATABASE_PASSWORD")));
    assert_eq!(password.value.as_ref().unwrap().expose(), "canary-value");
    assert_eq!(page.items[2].value.as_ref().unwrap().expose(), "");
    let by = shown(&page.items[3].details, "Managed by");
    assert_eq!(by.as_deref(), Some("redis/cache"));
    assert!(!format!("{page:?}").contains("canary"));
    assert_eq!(tsuru.sent().await, ["GET /1.0/apps/shop/env"]);
}

async fn domains(tsuru: &Bench) -> Vec<(String, Status, Option<bool>)> {
    let page = tsuru.platform.domains(&web(), first()).await.unwrap();
    let told = page.items.iter();
    told.map(|it| (it.name.to_string(), it.status.clone(), it.tls))
        .collect()
}

#[tokio::test]
async fn domains_are_those_of_the_app_and_of_its_routers() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru
        .get("/1.24/apps/shop/certificate", "certificates/new")
        .await;
    let page = tsuru.platform.domains(&web(), first()).await.unwrap();
    let [own, generated] = page.items.as_slice() else {
        panic!()
    };
    assert_eq!(own.id.as_str(), "shop/www.shop.example.org");
    assert_eq!((&own.status, own.tls), (&Status::Live, Some(true)));
    let detail = |label| shown(&own.details, label);
    assert_eq!(detail("Kind").as_deref(), Some("custom"));
    assert_eq!(
        detail("Points to").as_deref(),
        Some("shop.apps.example.org")
    );
    assert_eq!(detail("Issuer").as_deref(), Some("letsencrypt"));
    assert_eq!(detail("Certificate").as_deref(), Some("installed"));
    assert_eq!(generated.tls, Some(false));
    let kind = shown(&generated.details, "Kind");
    assert_eq!(kind.as_deref(), Some("made by the router"));
    let waits = shown(&generated.details, "Certificate");
    assert_eq!(waits.as_deref(), Some("waits for its issuer"));
}

#[tokio::test]
async fn certificates_are_known_as_far_as_the_server_tells() {
    let host = |name: &str| format!("{name}.example.org");
    let expected = |own, generated| {
        vec![
            (host("www.shop"), Status::Live, own),
            (host("shop.apps"), Status::Live, generated),
        ]
    };
    let (new, old) = ("/1.24/apps/shop/certificate", "/1.2/apps/shop/certificate");
    // An older server says it in another way.
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru
        .answer("GET", new, said(404, "404 page not found"))
        .await;
    tsuru.get(old, "certificates/old").await;
    assert_eq!(domains(&tsuru).await, expected(Some(true), Some(false)));
    domains(&tsuru).await;
    let sent = tsuru.sent().await;
    assert_eq!(sent.iter().filter(|line| line.ends_with(new)).count(), 1);
    // No router does TLS.
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru
        .answer("GET", new, said(404, "no router with TLS"))
        .await;
    assert_eq!(domains(&tsuru).await, expected(Some(false), Some(false)));
    // They may not be read.
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru.answer("GET", new, said(403, "no")).await;
    assert_eq!(domains(&tsuru).await, expected(None, None));
}

#[tokio::test]
async fn services_are_bound_ones_first_then_others_then_volumes() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru
        .get("/1.0/services/instances", "services/instances")
        .await;
    let page = tsuru.platform.services(&web(), first()).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| {
            (
                it.id.as_str(),
                it.state.as_ref().unwrap().as_str(),
                it.environment.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("mysql/db", "bound", true),
            ("redis/cache", "bound", true),
            ("rabbit/queue", "not bound", false),
            ("redis/spare", "not bound", false),
            ("media", "bound", true),
        ]
    );
    let cache = &page.items[1];
    assert_eq!((&cache.name, &cache.kind), (&text("cache"), &text("redis")));
    assert_eq!(cache.kind_id, Some(ServiceKindId::new("redis/small")));
    assert_eq!(shown(&cache.details, "Plan").as_deref(), Some("small"));
    let media = &page.items[4];
    assert_eq!(
        (&media.id, &media.kind),
        (&ServiceId::new("media"), &text("volume"))
    );
    let mounted = shown(&media.details, "Mounted at");
    assert_eq!(mounted.as_deref(), Some("/media, /backup (read-only)"));
    assert!(!format!("{page:?}").contains("canary"));
}

#[tokio::test]
async fn kinds_of_services_are_their_plans() {
    let tsuru = start().await;
    tsuru.get("/1.0/services", "services/list").await;
    tsuru
        .get("/1.0/services/redis/plans", "services/plans")
        .await;
    let page = tsuru.platform.service_kinds(None, first()).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| (it.id.as_str(), it.name.as_str()))
        .collect();
    let expected = [
        ("redis/small", "redis small"),
        ("redis/big", "redis big"),
        ("mysql/", "mysql"),
    ];
    assert_eq!(told, expected);
    assert_eq!(page.items[0].description, Some(text("256 MiB")));
}

#[tokio::test]
async fn jobs_are_those_of_the_team() {
    let tsuru = start().await;
    tsuru.get("/1.0/apps/shop", "apps/shop").await;
    tsuru.get("/1.13/jobs", "jobs/list").await;
    let page = tsuru.platform.jobs(&web(), first()).await.unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|it| {
            (
                it.command.as_str(),
                it.schedule.as_str(),
                it.timeout.map(|it| it.as_secs()),
            )
        })
        .collect();
    let expected = [
        ("import", "by hand", None),
        ("report", "0 3 * * * (UTC)", Some(600)),
    ];
    assert_eq!(told, expected);
    let command = shown(&page.items[1].details, "Command");
    assert_eq!(command.as_deref(), Some("/bin/report --all"));
    assert!(!format!("{page:?}").contains("canary"));
}

#[tokio::test]
async fn plans_are_sizes_and_pools_are_regions() {
    let tsuru = start().await;
    tsuru.get("/1.0/plans", "lists/plans").await;
    tsuru.get("/1.0/pools", "lists/pools").await;
    let sizes = tsuru.platform.sizes(first()).await.unwrap();
    let told: Vec<_> = sizes
        .items
        .iter()
        .map(|it| (it.slug.as_str(), it.cpus.as_str(), it.memory_bytes))
        .collect();
    let expected = [
        ("c0.1m0.2", "0.1", Some(268_435_456)),
        ("c1m1", "1", Some(1_073_741_824)),
    ];
    assert_eq!(told, expected);
    let pools = tsuru.platform.regions(first()).await.unwrap();
    assert_eq!(pools.items[0].name, text("prod"));
    assert_eq!(
        shown(&pools.items[0].details, "Allowed").as_deref(),
        Some("router: ingress")
    );
}

/// Each list of tsuru's own: its path, the fixture, and the first entry.
const OTHERS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "pools",
        "/1.0/pools",
        "lists/pools",
        "prod",
        "kubernetes, default",
    ),
    (
        "platforms",
        "/1.0/platforms",
        "lists/platforms",
        "python",
        "",
    ),
    ("routers", "/1.3/routers", "lists/routers", "ingress", "api"),
    (
        "volumes",
        "/1.4/volumes",
        "lists/volumes",
        "media",
        "nfs, mounted",
    ),
    (
        "clusters",
        "/1.3/provisioner/clusters",
        "lists/clusters",
        "c1",
        "kubernetes",
    ),
    (
        "users",
        "/1.0/users",
        "lists/users",
        "ada@example.org",
        "dev, admin",
    ),
    (
        "tokens",
        "/1.6/tokens",
        "lists/tokens",
        "ci-1",
        "team web, never expires",
    ),
    (
        "roles",
        "/1.0/permissions",
        "lists/permissions",
        "everything",
        "for global",
    ),
    (
        "webhooks",
        "/1.6/events/webhooks",
        "lists/webhooks",
        "chat",
        "chat.example.org",
    ),
    (
        "kinds",
        "/1.1/events/kinds",
        "events/kinds",
        "app.deploy",
        "deploy",
    ),
];

#[tokio::test]
async fn lists_of_its_own_have_no_secrets() {
    let tsuru = start().await;
    for &(kind, at, fixture, name, about) in OTHERS {
        tsuru.get(at, fixture).await;
        let page = tsuru.platform.others(kind, first()).await.unwrap();
        let one = &page.items[0];
        let said = one.about.as_ref().map_or("", |it| it.as_str());
        assert_eq!((one.name.as_str(), said), (name, about), "{kind}");
        assert!(!format!("{page:?}").contains("canary"), "{kind}: {page:?}");
    }
    let named: Vec<_> = tsuru
        .platform
        .profile()
        .others
        .iter()
        .map(|it| it.name)
        .collect();
    let tested: Vec<_> = OTHERS.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(named, tested);
    let unknown = tsuru.platform.others("moons", first()).await;
    assert!(matches!(unknown, Err(Failure::Unsupported { .. })));
}
