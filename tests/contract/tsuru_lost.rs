//! tsuru: what became of an operation whose answer was lost, and how one is followed.

use std::num::NonZeroU32;
use std::sync::Arc;

use flightdeck::engine::{Pace, Terms, run_operation};
use flightdeck::model::catalogue::Value as Answer;
use flightdeck::model::{
    ActivityId, BackupId, Consent, DeploymentId, DomainId, Failure, Follow, JobId, MaintenanceId,
    OperationEvent, OperationKind, Secret, ServiceId, ServiceKindId, Stage, VariableChange,
    VariableWish, Verdict, Witness,
};
use flightdeck::platforms::Found;
use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::harness::Bench;
use crate::nobody::Nobody;
use crate::tsuru_harness::{operation, said, start, writes};
use crate::tsuru_rows::{deploy, one, own, restart, word};

const ME: &str = "me@example.com";

fn event(id: &str, kind: &str, owner: &str) -> Value {
    json!({"UniqueID": id, "Kind": {"Name": kind}, "Owner": {"Type": "user", "Name": owner},
        "Running": true})
}

fn mine(kind: &str) -> Value {
    event("new", kind, ME)
}

fn old(kind: &str) -> Value {
    event("old", kind, ME)
}

/// What can be read: the newest events of the kinds that are asked for, and what holds the app.
#[derive(Default)]
struct World {
    events: Vec<Value>,
    holding: Vec<Value>,
}

async fn list(tsuru: &Bench, events: &[Value], running: bool) {
    let answer = if events.is_empty() {
        ResponseTemplate::new(204)
    } else {
        ResponseTemplate::new(200).set_body_json(events)
    };
    let mock = Mock::given(method("GET")).and(path("/1.1/events"));
    let mock = mock
        .and(query_param("target.type", "app"))
        .and(query_param("target.value", "shop"));
    let mock = if running {
        mock.and(query_param("running", "true"))
            .respond_with(answer)
            .with_priority(1)
    } else {
        mock.respond_with(answer)
    };
    mock.mount(&tsuru.server).await;
}

async fn show(tsuru: &Bench, world: &World) {
    tsuru.server.reset().await;
    list(tsuru, &world.events, false).await;
    list(tsuru, &world.holding, true).await;
    let me = json!({"Email": ME});
    tsuru.json("GET", "/1.0/users/info", me).await;
}

/// What is found if this was there before, and that is there now.
async fn found(kind: OperationKind, before: Vec<Value>, now: World) -> Found {
    let (tsuru, operation) = (start().await, operation(kind));
    let before = World {
        events: before,
        ..World::default()
    };
    show(&tsuru, &before).await;
    let witness = tsuru.platform.witness(&operation).await.unwrap();
    show(&tsuru, &now).await;
    let found = tsuru.platform.look_for(&operation, &witness).await;
    assert_eq!(writes(&tsuru).await, [""; 0]);
    found.unwrap()
}

fn task(id: &str) -> Found {
    Found::Happened(Follow::Task(format!("event {id}").into()))
}

fn events(events: Vec<Value>) -> World {
    World {
        events,
        ..World::default()
    }
}

const RESTART: &str = "app.update.restart";

#[tokio::test]
async fn what_is_done_to_an_app_is_found_among_its_events() {
    let token = json!({"UniqueID": "new", "Kind": {"Name": RESTART},
        "Owner": {"Type": "token", "Name": "me"}});
    let (mine, theirs) = (mine(RESTART), event("new", RESTART, "ann@example.com"));
    let second = event("newer", RESTART, ME);
    for (now, expected) in [
        (vec![old(RESTART)], Found::DidNotHappen),
        (vec![mine.clone(), old(RESTART)], task("new")),
        (vec![mine.clone()], task("new")),
        (vec![token, old(RESTART)], task("new")),
        (vec![theirs.clone(), old(RESTART)], Found::NotYet),
        (vec![mine.clone(), theirs, old(RESTART)], task("new")),
        (vec![second, mine, old(RESTART)], Found::CannotTell),
    ] {
        let told = format!("{now:?}");
        let found = found(restart(), vec![old(RESTART)], events(now)).await;
        assert_eq!(found, expected, "{told}");
    }
}

#[tokio::test]
async fn what_could_wait_for_the_lock_is_not_said_not_to_have_happened() {
    let holding = |kind: &str| World {
        holding: vec![event("other", kind, "ann@example.com")],
        events: vec![old(RESTART)],
    };
    let waits = found(restart(), vec![old(RESTART)], holding("app.deploy")).await;
    assert_eq!(waits, Found::NotYet);
    let shell = found(restart(), vec![old(RESTART)], holding("app.run.shell")).await;
    assert_eq!(shell, Found::DidNotHappen);
}

#[tokio::test]
async fn a_deploy_is_followed_as_one() {
    let new = vec![mine("app.deploy"), old("app.deploy")];
    let expected = Found::Happened(Follow::Deployment(DeploymentId::new("new")));
    let image = OperationKind::DeployImage {
        image: "reg/x:1".into(),
    };
    let beside = own("release-version", &[("versions", word("beside"))]);
    for kind in [deploy(), image, beside] {
        let found = found(kind, vec![old("app.deploy")], events(new.clone())).await;
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn variables_that_are_set_and_removed_are_two_events() {
    let change = |name: &str, wish| VariableChange {
        id: None,
        name: name.into(),
        wish,
    };
    let value = VariableWish::Set {
        value: Secret::new("canary"),
        is_sensitive: false,
    };
    let kind =
        OperationKind::ChangeVariables(vec![change("A", value), change("B", VariableWish::Unset)]);
    let (set, unset) = ("app.update.env.set", "app.update.env.unset");
    let second = || event("second", unset, ME);
    for (now, expected) in [
        (vec![old(set)], Found::DidNotHappen),
        (vec![second(), mine(set), old(set)], task("second")),
        (vec![second(), old(set)], task("second")),
        // What was to be removed was not asked for any more.
        (vec![mine(set), old(set)], Found::CannotTell),
        (vec![mine(set), second(), old(set)], Found::CannotTell),
    ] {
        let found = found(kind.clone(), vec![old(set)], events(now)).await;
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn without_a_look_before_nothing_is_said_of_what_is_new() {
    let tsuru = start().await;
    show(&tsuru, &events(vec![mine(RESTART)])).await;
    let platform = &tsuru.platform;
    let found = platform
        .look_for(&operation(restart()), &Witness(None))
        .await;
    assert_eq!(found, Ok(Found::CannotTell));
}

/// Answers by path; what is not named is not there.
type Told = Vec<(&'static str, Value)>;

/// What is found of an operation that is told by how things are.
async fn state(kind: OperationKind, before: Told, now: Told) -> Found {
    let (tsuru, operation) = (start().await, operation(kind));
    let tell = async |told: Told| {
        show(&tsuru, &World::default()).await;
        for (at, answer) in told {
            tsuru.json("GET", at, answer).await;
        }
    };
    tell(before).await;
    let witness = tsuru.platform.witness(&operation).await.unwrap();
    tell(now).await;
    let found = tsuru.platform.look_for(&operation, &witness).await;
    assert_eq!(writes(&tsuru).await, [""; 0]);
    found.unwrap()
}

#[tokio::test]
async fn what_makes_no_event_is_told_by_how_things_are() {
    let app = |more: Value| -> Told {
        let mut app = json!({"name": "shop"});
        app.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        vec![("/1.0/apps/shop", app)]
    };
    let add = || OperationKind::AddDomain {
        name: "a.example.com".into(),
    };
    let remove = || OperationKind::RemoveDomain {
        id: DomainId::new("shop/a.example.com"),
        name: "a.example.com".into(),
    };
    let with = || app(json!({"cname": ["a.example.com"]}));
    let without = || app(json!({"cname": [""]}));
    let grant = || own("grant-team", &[("team", one("ops"))]);
    let revoke = || own("revoke-team", &[("team", one("ops"))]);
    let teams = |names: &[&str]| app(json!({"teams": names}));
    let quota = || own("set-quota", &[("limit", Answer::Count(8))]);
    let of_quota = |limit: i64| vec![("/1.0/apps/shop/quota", json!({"limit": limit, "inuse": 1}))];
    let routable = || {
        own(
            "set-routable",
            &[("version", word("v3")), ("routable", word("no"))],
        )
    };
    let unit = |routable: bool| json!({"ID": "u", "Version": 3, "Routable": routable});
    let units = |units: &[Value]| app(json!({"units": units}));
    for (kind, now, expected) in [
        (add(), with(), Found::HappenedAndEnded),
        (add(), without(), Found::DidNotHappen),
        (remove(), without(), Found::HappenedAndEnded),
        (remove(), with(), Found::DidNotHappen),
        (grant(), teams(&["web", "ops"]), Found::HappenedAndEnded),
        (grant(), teams(&["web"]), Found::DidNotHappen),
        (revoke(), teams(&["web"]), Found::HappenedAndEnded),
        (revoke(), teams(&["web", "ops"]), Found::DidNotHappen),
        (quota(), of_quota(8), Found::HappenedAndEnded),
        (quota(), of_quota(-1), Found::DidNotHappen),
        (routable(), units(&[unit(false)]), Found::HappenedAndEnded),
        (routable(), units(&[unit(true)]), Found::DidNotHappen),
        (
            routable(),
            units(&[unit(true), unit(false)]),
            Found::CannotTell,
        ),
        (routable(), units(&[]), Found::CannotTell),
        (own("rebuild-routes", &[]), vec![], Found::CannotTell),
        (
            own("trigger-job", &[("job", one("nightly"))]),
            vec![],
            Found::CannotTell,
        ),
    ] {
        let told = format!("{kind:?} {now:?}");
        assert_eq!(state(kind, vec![], now).await, expected, "{told}");
    }
}

#[tokio::test]
async fn automatic_scaling_is_told_by_its_bounds() {
    let kind = |limits| OperationKind::Autoscale {
        process: None,
        limits,
        cpu: None,
    };
    let told = |least: u32| -> Told {
        let web = json!({"process": "web", "minUnits": least, "maxUnits": 4});
        vec![("/1.9/apps/shop/units/autoscale", json!([web]))]
    };
    let none = || -> Told { vec![("/1.9/apps/shop/units/autoscale", Value::Null)] };
    for (limits, now, expected) in [
        (Some((2, 4)), told(2), Found::HappenedAndEnded),
        (Some((2, 4)), told(1), Found::DidNotHappen),
        (Some((2, 4)), none(), Found::DidNotHappen),
        (None, none(), Found::HappenedAndEnded),
        (None, told(1), Found::DidNotHappen),
    ] {
        assert_eq!(state(kind(limits), vec![], now).await, expected);
    }
}

#[tokio::test]
async fn what_is_made_was_not_there_before_and_what_is_removed_is_not_any_more() {
    let docs = || vec![("/1.0/apps/docs", json!({"name": "docs"}))];
    let create = || OperationKind::CreateApp {
        name: "docs".into(),
        inputs: vec![],
    };
    let at = "/1.0/services/mysql/instances/db";
    let db = move || vec![(at, json!({"Apps": []}))];
    let make = || OperationKind::CreateService {
        kind: ServiceKindId::new("mysql/small"),
        name: "db".into(),
    };
    let unmake = || OperationKind::RemoveService {
        id: ServiceId::new("mysql/db"),
    };
    let job = || vec![("/1.13/jobs/nightly", json!({"job": {"name": "nightly"}}))];
    let no_job = || OperationKind::RemoveJob {
        id: JobId::new("nightly"),
    };
    for (kind, before, now, expected) in [
        (create(), vec![], docs(), Found::HappenedAndEnded),
        (create(), vec![], vec![], Found::DidNotHappen),
        (create(), docs(), docs(), Found::CannotTell),
        (make(), vec![], db(), Found::HappenedAndEnded),
        (make(), vec![], vec![], Found::NotYet),
        (make(), db(), db(), Found::CannotTell),
        (unmake(), db(), vec![], Found::HappenedAndEnded),
        (unmake(), db(), db(), Found::NotYet),
        (no_job(), job(), vec![], Found::HappenedAndEnded),
        (no_job(), job(), job(), Found::DidNotHappen),
    ] {
        let told = format!("{kind:?} {now:?}");
        assert_eq!(state(kind, before, now).await, expected, "{told}");
    }
}

#[tokio::test]
async fn a_block_is_told_by_its_reason_and_by_being_new() {
    let at = "/1.3/events/blocks";
    let block = |id: &str, reason: &str| json!({"ID": id, "Reason": reason, "Target": {"Type": "app", "Value": "shop"}});
    let add = || own("block-events", &[("reason", word("freeze"))]);
    let remove = || OperationKind::CancelMaintenance {
        id: MaintenanceId::new("b1"),
    };
    let old = || block("b1", "freeze");
    for (kind, now, expected) in [
        (add(), vec![old()], Found::DidNotHappen),
        (
            add(),
            vec![block("b2", "freeze"), old()],
            Found::HappenedAndEnded,
        ),
        (
            add(),
            vec![block("b2", "other"), old()],
            Found::DidNotHappen,
        ),
        (remove(), vec![], Found::HappenedAndEnded),
        (remove(), vec![old()], Found::DidNotHappen),
    ] {
        let before = vec![(at, json!([old()]))];
        let found = state(kind, before, vec![(at, json!(now))]).await;
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn an_issuer_is_told_by_the_certificates() {
    let kind = |issuer: &str| {
        let answers = [
            ("domain", one("shop/a.example.com")),
            ("issuer", word(issuer)),
        ];
        own("set-issuer", &answers)
    };
    let told = |issuer: &str| {
        let cname = json!({"a.example.com": {"certificate": "", "issuer": issuer}});
        vec![(
            "/1.24/apps/shop/certificate",
            json!({"routers": {"ingress": {"cnames": cname}}}),
        )]
    };
    for (wanted, now, expected) in [
        ("ours", "ours", Found::HappenedAndEnded),
        ("ours", "", Found::DidNotHappen),
        ("", "", Found::HappenedAndEnded),
        ("", "ours", Found::DidNotHappen),
    ] {
        assert_eq!(state(kind(wanted), vec![], told(now)).await, expected);
    }
}

#[tokio::test]
async fn an_app_that_is_gone_was_deleted_and_one_that_is_there_may_be_about_to_go() {
    let kind = || OperationKind::DeleteApp {
        typed_name: "shop".into(),
    };
    assert_eq!(state(kind(), vec![], vec![]).await, Found::HappenedAndEnded);
    let shop = || vec![("/1.0/apps/shop", json!({"name": "shop"}))];
    assert_eq!(state(kind(), vec![], shop()).await, Found::DidNotHappen);
    let tsuru = start().await;
    show(&tsuru, &World::default()).await;
    let operation = operation(kind());
    let witness = tsuru.platform.witness(&operation).await.unwrap();
    show(&tsuru, &events(vec![mine("app.delete")])).await;
    tsuru
        .json("GET", "/1.0/apps/shop", json!({"name": "shop"}))
        .await;
    let found = tsuru.platform.look_for(&operation, &witness).await;
    assert_eq!(found, Ok(task("new")));
}

#[tokio::test]
async fn a_cancelling_that_was_asked_for_is_followed() {
    let kind = || OperationKind::CancelEvent {
        event: ActivityId::new("e1"),
        reason: None,
    };
    let told = |asked: bool| {
        let event = json!({"UniqueID": "e1", "Running": true, "CancelInfo": {"Asked": asked}});
        vec![("/1.1/events/e1", event)]
    };
    let expected = Found::Happened(Follow::Task("cancelling e1".into()));
    assert_eq!(state(kind(), vec![], told(true)).await, expected);
    assert_eq!(
        state(kind(), vec![], told(false)).await,
        Found::DidNotHappen
    );
}

#[tokio::test]
async fn a_lost_restart_is_found_and_followed_and_never_sent_again() {
    let tsuru = start().await;
    let at = Mock::given(method("GET")).and(path("/1.1/events"));
    let before = ResponseTemplate::new(200).set_body_json(json!([old(RESTART)]));
    let before = at.and(query_param("limit", "1")).respond_with(before);
    before.with_priority(1).mount(&tsuru.server).await;
    show_new(&tsuru).await;
    tsuru
        .answer("POST", "/1.0/apps/shop/restart", said(500, "boom"))
        .await;
    let failed = json!({"UniqueID": "new", "Running": false, "Error": "no node is left",
        "Kind": {"Name": RESTART}});
    tsuru.json("GET", "/1.1/events/new", failed).await;
    let terms = Terms {
        pace: Pace::times(NonZeroU32::new(1_000).unwrap()),
        ..Terms::new(Consent::default(), Arc::new(Nobody))
    };
    let ended = run_operation(
        Arc::clone(&tsuru.platform),
        operation(restart()),
        terms,
        || Timestamp::UNIX_EPOCH,
        true,
        &mut |_: &OperationEvent| {},
    )
    .await;
    let expected = Verdict::Failed("no node is left".into());
    assert_eq!(ended, Stage::Ended(expected));
    assert_eq!(writes(&tsuru).await.len(), 1);
}

async fn show_new(tsuru: &Bench) {
    list(tsuru, &[mine(RESTART), old(RESTART)], false).await;
    tsuru
        .json("GET", "/1.0/users/info", json!({"Email": ME}))
        .await;
}

/// What is told of an event that is followed: what goes on, and how it ended.
async fn followed(what: &Follow, event: Value) -> (Option<String>, Option<Verdict>) {
    let tsuru = start().await;
    tsuru.json("GET", "/1.1/events/e1", event).await;
    let followed = tsuru.platform.follow(what).await.unwrap();
    let label = followed.progress.label.map(|text| text.to_string());
    (label, followed.verdict)
}

fn running(kind: &str, cancelable: bool, asked: bool) -> Value {
    json!({"UniqueID": "e1", "Running": true, "Kind": {"Name": kind}, "Cancelable": cancelable,
        "CancelInfo": {"Asked": asked}})
}

fn over(error: &str, cancelled: bool) -> Value {
    json!({"UniqueID": "e1", "Running": false, "Error": error, "Kind": {"Name": "app.deploy"},
        "CancelInfo": {"Asked": cancelled, "Canceled": cancelled, "Owner": "ann@example.com",
            "Reason": "wrong one"}})
}

#[tokio::test]
async fn an_event_is_followed_to_its_end() {
    let failed = |text: &str| Verdict::Failed(text.into());
    for what in [
        Follow::Deployment(DeploymentId::new("e1")),
        Follow::Task("event e1".into()),
    ] {
        for (event, label) in [
            (running("app.deploy", true, false), "building"),
            (running("app.deploy", false, false), "rolling out"),
            (running("app.deploy", true, true), "being cancelled"),
            (running(RESTART, true, false), RESTART),
        ] {
            assert_eq!(followed(&what, event).await, (Some(label.into()), None));
        }
        for (event, verdict) in [
            (over("", false), Verdict::Done(None)),
            (over("no such image", false), failed("no such image")),
            (
                over("canceled by user request", true),
                failed("cancelled by ann@example.com: wrong one"),
            ),
            (
                over("event expired, no update for 5m0s", false),
                failed("lost: the server that did it has died, so look at what runs"),
            ),
            (
                over("\n---- ERROR during deploy: ----\nno space\n", false),
                failed("no space"),
            ),
        ] {
            assert_eq!(followed(&what, event).await, (None, Some(verdict)));
        }
    }
}

#[tokio::test]
async fn a_cancelling_is_over_when_the_event_is() {
    let what = Follow::Task("cancelling e1".into());
    let label = Some("being cancelled".to_owned());
    let event = running("app.deploy", true, true);
    assert_eq!(followed(&what, event).await, (label, None));
    for (event, verdict) in [
        (over("canceled by user request", true), Verdict::Done(None)),
        (
            over("no such image", false),
            Verdict::Done(Some("it failed by itself: no such image".into())),
        ),
        (
            over("", false),
            Verdict::Failed("too late: it was done before".into()),
        ),
    ] {
        assert_eq!(followed(&what, event).await, (None, Some(verdict)));
    }
    let tsuru = start().await;
    for strange in [
        Follow::Task("e1".into()),
        Follow::Backup(BackupId::new("b")),
    ] {
        let failure = tsuru.platform.follow(&strange).await.unwrap_err();
        assert!(matches!(failure, Failure::Unsupported { .. }));
    }
    assert_eq!(tsuru.sent().await, [""; 0]);
}
