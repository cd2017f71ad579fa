//! tsuru: what an operation would come to, and what stands in its way.

use flightdeck::model::catalogue::Value as Answer;
use flightdeck::model::{DeploymentId, Failure, OperationKind, Preview, RunPlace, Text};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, facts, scale, warnings};
use crate::tsuru_harness::{operation, said, start, writes};
use crate::tsuru_rows::{app, deploy, one, own, restart, word};

const EVENTS: &str = "/1.1/events";
const BLOCKS: &str = "/1.3/events/blocks";

/// A server where nothing stands in the way.
async fn quiet() -> Bench {
    let tsuru = start().await;
    let none = || ResponseTemplate::new(204);
    tsuru.answer("GET", EVENTS, none()).await;
    tsuru.answer("GET", BLOCKS, none()).await;
    tsuru
}

async fn preview(tsuru: &Bench, kind: OperationKind) -> Preview {
    let operation = operation(kind);
    let preview = tsuru.platform.preview(&operation).await.unwrap().unwrap();
    assert_eq!(writes(tsuru).await, [""; 0]);
    assert!(tsuru.sent().await.len() <= 3);
    preview
}

fn refusal(preview: &Preview) -> Option<&str> {
    preview.refusal.as_ref().map(Text::as_str)
}

async fn scaled(app: Value, units: u32) -> Preview {
    let tsuru = quiet().await;
    tsuru.json("GET", "/1.0/apps/shop", app).await;
    preview(&tsuru, scale(units)).await
}

#[tokio::test]
async fn scaling_tells_process_version_units_and_quota() {
    let more = scaled(app(), 3).await;
    let expected = ["process: web v12", "units: 2 → 3", "quota: 3 of 4 in use"];
    assert_eq!(facts(&more), expected);
    assert_eq!((warnings(&more), refusal(&more)), (vec![], None));
    let same = scaled(app(), 2).await;
    assert_eq!(facts(&same)[1], "units: 2, as now");
    let expected = ["it has as many already: nothing will be sent"];
    assert_eq!(warnings(&same), expected);
    let fewer = scaled(app(), 0).await;
    assert_eq!(
        (facts(&fewer)[1].as_str(), refusal(&fewer)),
        ("units: 2 → 0", None)
    );
}

#[tokio::test]
async fn scaling_tells_what_would_be_refused() {
    let expected = "quota: 3 more asked for, 1 left: `set-quota` raises it";
    assert_eq!(refusal(&scaled(app(), 5).await), Some(expected));
    let mut unlimited = app();
    unlimited["quota"] = json!({"limit": -1, "inuse": 3});
    let told = scaled(unlimited, 50).await;
    assert_eq!((facts(&told).len(), refusal(&told)), (2, None));
    let mut automatic = app();
    automatic["autoscale"] = json!([{"process": "web", "minUnits": 1, "maxUnits": 3}]);
    let expected = "web scales automatically: change its bounds with `autoscale`";
    assert_eq!(refusal(&scaled(automatic, 3).await), Some(expected));
    let mut two = app();
    two["units"][0]["Version"] = json!(11);
    let expected = "process: web runs as v11 and v12: choose the one of a version";
    assert_eq!(refusal(&scaled(two, 3).await), Some(expected));
    let tsuru = quiet().await;
    let sized = OperationKind::Scale {
        process: None,
        units: 1,
        size: Some("big".into()),
    };
    let expected = "size: it is that of the whole app: `configure-app` changes its plan";
    assert_eq!(refusal(&preview(&tsuru, sized).await), Some(expected));
}

#[tokio::test]
async fn what_holds_the_app_is_told_with_its_owner() {
    let tsuru = start().await;
    let running = json!([
        {"UniqueID": "e1", "Kind": {"Name": "app.deploy"}, "Running": true,
            "Owner": {"Type": "user", "Name": "ann@example.com"},
            "StartTime": "2026-11-21T12:00:00.123-03:00"},
        {"UniqueID": "e2", "Kind": {"Name": "app.run.shell"}, "Running": true},
    ]);
    tsuru.json("GET", EVENTS, running).await;
    tsuru
        .answer("GET", BLOCKS, ResponseTemplate::new(204))
        .await;
    let told = preview(&tsuru, restart()).await;
    let expected = "app.deploy of ann@example.com, begun at 2026-11-21 15:00 UTC, holds the app: \
                    the server waits 10 s for it, then refuses";
    assert_eq!(warnings(&told), [expected]);
    let mut sent = tsuru.sent().await;
    sent.sort();
    let events = "GET /1.1/events?running=true&limit=20&target.type=app&target.value=shop";
    assert_eq!(sent, [events, "GET /1.3/events/blocks?active=true"]);
}

async fn blocked(block: Value) -> Preview {
    let tsuru = start().await;
    tsuru
        .answer("GET", EVENTS, ResponseTemplate::new(204))
        .await;
    tsuru.json("GET", BLOCKS, json!([block])).await;
    preview(&tsuru, restart()).await
}

#[tokio::test]
async fn a_block_that_fits_refuses_and_one_that_may_fit_warns() {
    let block = |more: Value| {
        let mut block = json!({"ID": "b", "Reason": "freeze", "KindName": "", "OwnerName": "",
            "Target": {"Type": "", "Value": ""}, "Active": true});
        block
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        block
    };
    let target = |kind: &str, value: &str| json!({"Target": {"Type": kind, "Value": value}});
    for fits in [
        json!({}),
        json!({"KindName": "app.update"}),
        target("app", ""),
        target("app", "shop"),
    ] {
        let told = blocked(block(fits)).await;
        assert_eq!(refusal(&told), Some("blocked: freeze"));
    }
    for other in [
        json!({"KindName": "app.deploy"}),
        json!({"Active": false}),
        target("app", "docs"),
        target("job", ""),
    ] {
        let told = blocked(block(other)).await;
        assert_eq!((refusal(&told), warnings(&told)), (None, vec![]));
    }
    let owner = json!({"OwnerName": "ann@example.com"});
    let conditions = json!({"Conditions": {"pool": "prod"}, "KindName": "app"});
    for (may, expected) in [
        (
            owner,
            "a block may forbid it: freeze (for ann@example.com, everything)",
        ),
        (conditions, "a block may forbid it: freeze (pool prod, app)"),
    ] {
        let told = blocked(block(may)).await;
        assert_eq!((refusal(&told), warnings(&told)), (None, vec![expected]));
    }
}

#[tokio::test]
async fn who_may_not_see_events_and_blocks_is_told_the_rest() {
    let tsuru = start().await;
    let no = || said(403, "You don't have permission to do this action");
    tsuru.answer("GET", EVENTS, no()).await;
    tsuru.answer("GET", BLOCKS, no()).await;
    tsuru.json("GET", "/1.0/apps/shop", app()).await;
    let told = preview(&tsuru, scale(3)).await;
    assert_eq!((facts(&told).len(), refusal(&told)), (3, None));
}

#[tokio::test]
async fn what_could_not_be_asked_is_not_nothing() {
    for (broken, whole) in [(EVENTS, BLOCKS), (BLOCKS, EVENTS)] {
        let tsuru = start().await;
        tsuru.answer("GET", whole, ResponseTemplate::new(204)).await;
        tsuru
            .answer("GET", broken, ResponseTemplate::new(503))
            .await;
        let preview = tsuru.platform.preview(&operation(restart())).await;
        let failure = preview.unwrap_err();
        assert!(
            matches!(failure, Failure::Server { status: 503, .. }),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn a_roll_back_tells_its_image_and_what_runs() {
    let deploy = |id: &str, version: u32, may: bool| {
        json!({"ID": id, "App": "shop", "Image": format!("reg/app-shop:v{version}"),
            "Version": version, "CanRollback": may})
    };
    let tsuru = quiet().await;
    let deploys = json!([
        {"ID": "running", "App": "shop", "Image": ""},
        {"ID": "bad", "App": "shop", "Image": "reg/app-shop:v13", "Error": "no"},
        deploy("now", 12, true), deploy("good", 11, true), deploy("gone", 3, false),
    ]);
    tsuru.json("GET", "/1.0/deploys", deploys).await;
    let to = |id: &str, pin| OperationKind::RollBack {
        to: DeploymentId::new(id),
        pin,
    };
    let operated = async |kind| {
        let operation = operation(kind);
        tsuru.platform.preview(&operation).await.unwrap().unwrap()
    };
    let good = operated(to("good", false)).await;
    let expected = ["image: reg/app-shop:v11", "version: v12 → v11"];
    assert_eq!(
        (facts(&good), refusal(&good)),
        (expected.map(str::to_owned).to_vec(), None)
    );
    let same = operated(to("now", false)).await;
    assert_eq!(warnings(&same), ["it is what runs already"]);
    for (kind, expected) in [
        (to("gone", false), "tsuru does not let the app"),
        (to("good", true), "pin: a roll-back on tsuru is final"),
    ] {
        let told = operated(kind).await;
        assert!(refusal(&told).unwrap().starts_with(expected), "{told:?}");
    }
}

#[tokio::test]
async fn a_deploy_beside_several_versions_is_refused_with_the_way_to_do_it() {
    let tsuru = quiet().await;
    tsuru.json("GET", "/1.0/apps/shop", app()).await;
    let told = preview(&tsuru, deploy()).await;
    assert_eq!(
        (facts(&told), refusal(&told)),
        (vec!["runs now: v12".into()], None)
    );
    let tsuru = quiet().await;
    let mut two = app();
    two["units"][0]["Version"] = json!(11);
    tsuru.json("GET", "/1.0/apps/shop", two).await;
    let told = preview(&tsuru, deploy()).await;
    assert_eq!(facts(&told), ["runs now: v11 and v12"]);
    assert!(refusal(&told).unwrap().contains("release-version"));
}

#[tokio::test]
async fn deleting_an_app_tells_what_hangs_on_it() {
    let tsuru = quiet().await;
    let mut bound = app();
    bound["serviceInstanceBinds"] = json!([{"service": "mysql", "instance": "db", "plan": "s"}]);
    bound["volumeBinds"] = json!([{"ID": {"App": "shop", "MountPoint": "/d", "Volume": "data"}}]);
    tsuru.json("GET", "/1.0/apps/shop", bound).await;
    let kind = OperationKind::DeleteApp {
        typed_name: "shop".into(),
    };
    let expected = [
        "units: 3",
        "bound to: mysql/db",
        "volumes: data",
        "domains: a.example.com",
    ];
    assert_eq!(facts(&preview(&tsuru, kind).await), expected);
}

#[tokio::test]
async fn bounds_quotas_versions_and_commands_are_told_as_they_would_be() {
    let tsuru = quiet().await;
    let web = json!([{"process": "web", "minUnits": 1, "maxUnits": 4, "averageCPU": "600m"}]);
    tsuru
        .json("GET", "/1.9/apps/shop/units/autoscale", web)
        .await;
    let quota = json!({"limit": 4, "inuse": 3});
    tsuru.json("GET", "/1.0/apps/shop/quota", quota).await;
    tsuru.json("GET", "/1.0/apps/shop", app()).await;
    let bounds = |limits| OperationKind::Autoscale {
        process: None,
        limits,
        cpu: None,
    };
    let run = OperationKind::RunCommand {
        command: "ls".into(),
        place: RunPlace::One,
    };
    let more = own("set-quota", &[("limit", Answer::Count(8))]);
    let gone = own("delete-version", &[("version", word("12"))]);
    for (kind, expected) in [
        (
            bounds(Some((2, 8))),
            vec!["process: web", "units: 1 to 4 → 2 to 8"],
        ),
        (
            bounds(None),
            vec!["process: web", "units: 1 to 4 → not automatic"],
        ),
        (more, vec!["quota: 3 of 4 in use → 8"]),
        (gone, vec!["units of it: 3"]),
        (run, vec![]),
    ] {
        let operation = operation(kind);
        let told = tsuru.platform.preview(&operation).await.unwrap().unwrap();
        assert_eq!(facts(&told), expected);
    }
}

#[tokio::test]
async fn what_takes_no_lock_is_asked_nothing_about() {
    let tsuru = start().await;
    for kind in [
        own("trigger-job", &[("job", one("nightly"))]),
        own(
            "log-in",
            &[
                ("email", word("a@b.c")),
                (
                    "password",
                    Answer::Secret(flightdeck::model::Secret::new("x")),
                ),
            ],
        ),
    ] {
        let preview = tsuru.platform.preview(&operation(kind)).await;
        assert_eq!(preview, Ok(None));
    }
    assert_eq!(tsuru.sent().await, [""; 0]);
}
