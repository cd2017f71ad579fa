//! tsuru: what each operation sends, and when nothing is sent.

use flightdeck::model::{
    Accepted, ActivityId, DeployMode, Failure, Follow, OperationKind, OrgId, RunPlace, Safety,
    Text, Verdict,
};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::harness::Bench;
use crate::tsuru_harness::{failed_stream, operation, said, start, start_with, stream, writes};
use crate::tsuru_rows::{
    GOOD, at, autoscale, change, changes, create_app, done_to, every, nothing, one, own, pem,
    restart, roll_back, run, scale, set, unset, willing, word,
};

#[tokio::test]
async fn each_operation_is_one_request() {
    let tsuru = willing(nothing).await;
    for (number, (kind, expected)) in every().into_iter().enumerate() {
        let accepted = tsuru.operate(kind.clone()).await;
        let accepted = accepted.unwrap_or_else(|failure| panic!("{kind:?}: {failure}"));
        assert_eq!(accepted.ended, None, "{kind:?}");
        let sent = changes(&tsuru).await;
        assert_eq!(sent.len(), number + 1, "{kind:?}");
        assert_eq!(sent[number], expected, "{kind:?}");
    }
}

#[tokio::test]
async fn nothing_leaves_a_read_only_context() {
    let tsuru = willing(|connection| connection.read_only = true).await;
    for (kind, _) in every() {
        let failure = tsuru.operate(kind.clone()).await.unwrap_err();
        assert_eq!(failure, Failure::ReadOnly, "{kind:?}");
    }
    assert_eq!(tsuru.sent().await, [""; 0]);
}

#[tokio::test]
async fn all_of_an_app_is_named_by_nothing() {
    let tsuru = willing(nothing).await;
    done_to(&tsuru, &at("shop/", restart())).await.unwrap();
    assert_eq!(
        changes(&tsuru).await,
        ["POST /1.0/apps/shop/restart process=&version="]
    );
}

#[tokio::test]
async fn a_version_is_named_by_its_tag_and_by_its_number_where_that_is_not_known() {
    let unknown = "Invalid version: v12";
    for answer in [
        said(500, unknown),
        said(400, unknown),
        failed_stream(&["x\n"], unknown),
    ] {
        let tsuru = start().await;
        tsuru.once("POST", "/1.0/apps/shop/restart", answer).await;
        let printed = stream(&["done\n"]);
        tsuru
            .answer("POST", "/1.0/apps/shop/restart", printed)
            .await;
        let accepted = done_to(&tsuru, &at("shop/web/12", restart()))
            .await
            .unwrap();
        assert_eq!(accepted, Accepted::default());
        let sent = changes(&tsuru).await;
        let path = "POST /1.0/apps/shop/restart process=web&version=";
        assert_eq!(sent, [format!("{path}v12"), format!("{path}12")]);
    }
}

#[tokio::test]
async fn a_version_that_is_not_there_is_asked_for_twice_and_told() {
    let tsuru = start().await;
    let missing = said(404, "Invalid version: 3");
    let mock = Mock::given(method("DELETE")).respond_with(missing);
    mock.mount(&tsuru.server).await;
    let kind = own("delete-version", &[("version", word("3"))]);
    let failure = tsuru.operate(kind).await.unwrap_err();
    assert_eq!(failure.headline(), "version: there is no 3 of the app");
    assert_eq!(writes(&tsuru).await.len(), 2);
    let kind = own(
        "set-routable",
        &[("version", word("3")), ("routable", word("no"))],
    );
    let refused = said(500, "event throttled, limit for app \"shop\" is 1 every 1s");
    tsuru
        .answer("POST", "/1.8/apps/shop/routable", refused)
        .await;
    tsuru.operate(kind).await.unwrap_err();
    assert_eq!(writes(&tsuru).await.len(), 3);
}

#[tokio::test]
async fn units_are_counted_before_they_are_changed() {
    let tsuru = willing(nothing).await;
    let same = tsuru.operate(scale(None, 2)).await.unwrap();
    let note = same.note.unwrap();
    assert_eq!(note.as_str(), "web has 2 units already: nothing was sent");
    for (kind, expected) in [
        (
            OperationKind::Scale {
                process: None,
                units: 3,
                size: Some("big".into()),
            },
            "size: it is that of the whole app: `configure-app` changes its plan",
        ),
        (scale(None, 1), "process: say which: web, worker"),
    ] {
        let failure = done_to(&tsuru, &at("shop/", kind)).await.unwrap_err();
        assert_eq!(failure.headline(), expected);
    }
    assert_eq!(writes(&tsuru).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_counted_is_not_changed() {
    for (app, expected) in [
        (
            json!({"name": "shop", "units": [
                {"ID": "u1", "ProcessName": "web", "Version": 1},
                {"ID": "u2", "ProcessName": "web", "Version": 2},
            ]}),
            "process: web runs as v1 and v2: choose the one of a version",
        ),
        (
            json!({"name": "shop", "units": [{"ID": "u1", "ProcessName": "web"}],
                "autoscale": [{"process": "web", "minUnits": 1, "maxUnits": 3}]}),
            "web scales automatically: change its bounds with `autoscale`",
        ),
        (
            json!({"name": "shop", "units": null, "error": "cluster is down"}),
            "nothing was sent: its units cannot be counted: cluster is down",
        ),
    ] {
        let tsuru = start().await;
        tsuru.json("GET", "/1.0/apps/shop", app).await;
        let failure = tsuru.operate(scale(None, 5)).await.unwrap_err();
        assert_eq!(failure.headline(), expected);
        assert_eq!(writes(&tsuru).await, [""; 0]);
    }
    let tsuru = start().await;
    tsuru
        .answer("GET", "/1.0/apps/shop", said(500, "boom"))
        .await;
    let failure = tsuru.operate(scale(None, 5)).await.unwrap_err();
    assert_eq!(
        failure.headline(),
        "nothing was sent: server error 500: boom"
    );
}

#[tokio::test]
async fn units_of_a_version_are_changed_by_themselves() {
    let tsuru = start().await;
    let unit = |id: &str, version: u32| json!({"ID": id, "ProcessName": "web", "Version": version});
    let app = json!({"name": "shop", "units": [unit("a", 1), unit("b", 2), unit("c", 2)]});
    tsuru.json("GET", "/1.0/apps/shop", app).await;
    tsuru
        .answer("PUT", "/1.0/apps/shop/units", stream(&["added"]))
        .await;
    done_to(&tsuru, &at("shop/web/2", scale(None, 3)))
        .await
        .unwrap();
    let expected = "PUT /1.0/apps/shop/units units=1&process=web&version=v2";
    assert_eq!(changes(&tsuru).await, [expected]);
}

#[tokio::test]
async fn automatic_scaling_is_changed_only_where_it_has_to_be() {
    let tsuru = willing(nothing).await;
    let worker = |limits, cpu| at("shop/worker", autoscale(limits, cpu));
    let same = done_to(&tsuru, &worker(Some((1, 3)), Some(50)))
        .await
        .unwrap();
    assert_eq!(
        same.note.unwrap().as_str(),
        "it is so already: nothing was sent"
    );
    let none = tsuru.operate(autoscale(None, None)).await.unwrap();
    let expected = "web does not scale automatically: nothing was sent";
    assert_eq!(none.note.unwrap().as_str(), expected);
    let failure = tsuru
        .operate(autoscale(Some((1, 2)), None))
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Validation(_)), "{failure}");
    assert_eq!(writes(&tsuru).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_it_is_sent() {
    let tsuru = willing(nothing).await;
    let mode = |mode| OperationKind::Deploy { mode };
    for (kind, expected) in [
        (
            mode(DeployMode::Adopt),
            "mode: tsuru always builds anew: leave it out",
        ),
        (
            mode(DeployMode::Force),
            "a deploy on tsuru always builds anew: there is nothing to force",
        ),
        (
            roll_back(GOOD, true),
            "pin: a roll-back on tsuru is final: leave it out",
        ),
        (
            roll_back("gone", false),
            "tsuru does not let the app be rolled back to this deploy: it failed, its image is \
             gone, or somebody forbade it",
        ),
        (
            roll_back("old", false),
            "the deploy old among the newest 100 of shop does not exist or is not visible",
        ),
        (
            own(
                "forbid-rollback",
                &[("deployment", one("running")), ("reason", word("x"))],
            ),
            "nothing came of this deploy: it has no image",
        ),
        (
            change(vec![
                set("TSURU_APPNAME", "x", false),
                set("1A", "x", false),
            ]),
            "TSURU_APPNAME: is tsuru's own; 1A: is no name: letters, digits and _, and no digit \
             first",
        ),
        (
            OperationKind::DeleteApp {
                typed_name: "shop2".into(),
            },
            "app: it is called shop: type that",
        ),
        (
            create_app(&[("plan", "c1"), ("color", "red")]),
            "color: an app is made from platform, plan, team, teamOwner, pool, description, \
             router, tag",
        ),
        (
            OperationKind::UpdateApp { name: "x".into() },
            "tsuru cannot rename an app: create another and delete this one",
        ),
    ] {
        let failure = tsuru.operate(kind.clone()).await.unwrap_err();
        assert_eq!(failure.headline(), expected, "{kind:?}");
    }
    assert_eq!(writes(&tsuru).await, [""; 0]);
}

fn mix() -> OperationKind {
    change(vec![set("NEW", "canary-value", true), unset("OLD")])
}

const FIRST: &str = r#"POST /1.0/apps/shop/env {"envs":[{"name":"NEW","private":true,"value":"canary-value"}],"norestart":true,"private":false}"#;
const SECOND: &str = "DELETE /1.0/apps/shop/env?env=OLD";

async fn mixed(
    first: ResponseTemplate,
    second: ResponseTemplate,
) -> (Bench, Result<Accepted, Failure>) {
    let tsuru = start().await;
    tsuru.answer("POST", "/1.0/apps/shop/env", first).await;
    tsuru.answer("DELETE", "/1.0/apps/shop/env", second).await;
    let result = tsuru.operate(mix()).await;
    (tsuru, result)
}

#[tokio::test]
async fn variables_are_set_without_a_restart_and_then_removed_with_one() {
    let (tsuru, result) = mixed(stream(&["set\n"]), stream(&["unset\n"])).await;
    assert_eq!(result, Ok(Accepted::default()));
    assert_eq!(changes(&tsuru).await, [FIRST, SECOND]);
}

#[tokio::test]
async fn what_was_set_is_told_where_the_rest_was_refused() {
    let locked = "event locked: app(shop) running \"app.deploy\" start by user a@b.c at \
                  2026-11-21T12:00:31Z";
    for (second, why) in [
        (
            said(500, locked),
            "locked: app.deploy of a@b.c since 2026-11-21 12:00 UTC: wait, or cancel it",
        ),
        (failed_stream(&[], "no canary-value"), "no canary-value"),
    ] {
        let (tsuru, result) = mixed(stream(&[]), second).await;
        let told = "NEW set, and used from the next restart on; OLD not removed: ";
        let expected = Verdict::Partly(format!("{told}{why}").into());
        assert_eq!(result.unwrap().ended, Some(expected));
        assert_eq!(changes(&tsuru).await, [FIRST, SECOND]);
    }
}

#[tokio::test]
async fn nothing_is_removed_where_nothing_could_be_set() {
    let (tsuru, result) = mixed(said(400, "no"), stream(&[])).await;
    assert!(matches!(result, Err(Failure::Validation(_))));
    assert_eq!(changes(&tsuru).await, [FIRST]);
    let (tsuru, result) = mixed(failed_stream(&[], "canary-value is bad"), stream(&[])).await;
    let expected = Verdict::Failed("*** is bad".into());
    assert_eq!(result.unwrap().ended, Some(expected));
    assert_eq!(changes(&tsuru).await, [FIRST]);
    // What broke may have removed it: that is found out by reading.
    let (_, result) = mixed(stream(&[]), said(500, "boom")).await;
    assert!(matches!(result, Err(Failure::Server { status: 500, .. })));
}

#[tokio::test]
async fn what_a_value_is_repeated_in_is_hidden() {
    let tsuru = start().await;
    let printed = stream(&["setting KEY to canary-value\n"]);
    tsuru.answer("POST", "/1.0/apps/shop/env", printed).await;
    let kind = change(vec![set("KEY", "canary-value", false)]);
    let mut lines = Vec::new();
    let platform = &tsuru.platform;
    let mut output = |line: Text| lines.push(line.to_string());
    let operation = operation(kind);
    platform
        .operate(&operation, None, &mut output)
        .await
        .unwrap();
    assert_eq!(lines, ["setting KEY to ***"]);
}

async fn cancelled(answer: ResponseTemplate, event: Value) -> Result<Accepted, Failure> {
    let tsuru = start().await;
    tsuru.answer("POST", "/1.1/events/e1/cancel", answer).await;
    tsuru.json("GET", "/1.1/events/e1", event).await;
    let result = tsuru
        .operate(OperationKind::CancelEvent {
            event: ActivityId::new("e1"),
            reason: Some(" ".into()),
        })
        .await;
    let sent = changes(&tsuru).await;
    assert_eq!(
        sent,
        ["POST /1.1/events/e1/cancel reason=cancelled+with+flightdeck"]
    );
    result
}

#[tokio::test]
async fn a_cancelling_is_followed_whoever_asked_for_it() {
    let running = || json!({"UniqueID": "e1", "Running": true, "Kind": {"Name": "app.deploy"}});
    let follow = Some(Follow::Task("cancelling e1".into()));
    let accepted = cancelled(ResponseTemplate::new(204), running())
        .await
        .unwrap();
    assert_eq!((accepted.follow, accepted.note), (follow.clone(), None));
    let again = said(500, "event cancel already requested");
    let accepted = cancelled(again, running()).await.unwrap();
    assert_eq!(accepted.follow, follow);
    let note = accepted.note.unwrap();
    assert_eq!(note.as_str(), "somebody had asked for it before");
}

#[tokio::test]
async fn what_cannot_be_cancelled_says_why() {
    let event = |running: bool, kind: &str| json!({"UniqueID": "e1", "Running": running, "Kind": {"Name": kind}});
    for (event, expected) in [
        (
            event(true, "app.deploy"),
            "its roll-out has begun: it cannot be cancelled any more",
        ),
        (
            event(true, "app.create"),
            "app.create cannot be cancelled: it goes on to its end",
        ),
        (event(false, "app.deploy"), "it has ended already"),
    ] {
        let failure = cancelled(said(400, "event is not cancelable"), event).await;
        assert_eq!(failure, Err(Failure::Conflict(expected.into())));
    }
}

#[tokio::test]
async fn a_new_app_is_of_the_team_that_is_kept_to_and_tells_its_address() {
    let tsuru = start_with(|connection| {
        connection.organisation = Some(OrgId::new("ops"));
    })
    .await;
    let made = json!({"status": "success", "ip": "docs.apps.example.com"});
    let answer = ResponseTemplate::new(201).set_body_json(made);
    tsuru.answer("POST", "/1.0/apps", answer).await;
    let accepted = tsuru.operate(create_app(&[])).await.unwrap();
    let expected = "it will answer at docs.apps.example.com; nothing runs until it is deployed";
    assert_eq!(accepted.note.unwrap().as_str(), expected);
    assert_eq!(
        changes(&tsuru).await,
        ["POST /1.0/apps name=docs&teamOwner=ops"]
    );
}

#[tokio::test]
async fn a_log_in_takes_no_token_and_gives_one_for_what_follows() {
    let tsuru = start_with(|connection| {
        connection.credential = std::sync::Arc::new(|| Err(Text::clean("nowhere")));
        connection.read_only = true;
    })
    .await;
    let answer = ResponseTemplate::new(200).set_body_raw(r#"{"token":"canary-new"}"#, "text/plain");
    tsuru.answer("POST", "/1.0/auth/login", answer).await;
    let info = said(500, "no canary-new here");
    tsuru.answer("GET", "/1.1/events/e1", info).await;
    let kind = own(
        "log-in",
        &[("email", word("a@b.c")), ("password", pem("canary-word"))],
    );
    let operation = operation(kind);
    assert_eq!(tsuru.platform.safety(&operation), Safety::Read);
    let accepted = done_to(&tsuru, &operation).await.unwrap();
    assert!(!format!("{accepted:?}").contains("canary"), "{accepted:?}");
    let follow = Follow::Task("event e1".into());
    let failure = tsuru.platform.follow(&follow).await.unwrap_err();
    assert_eq!(failure.headline(), "server error 500: no *** here");
    let requests = tsuru.server.received_requests().await.unwrap();
    assert!(requests[0].headers.get("authorization").is_none());
    assert_eq!(requests[0].body, b"email=a%40b.c&password=canary-word");
    assert_eq!(requests[1].headers["authorization"], "bearer canary-new");
}

#[tokio::test]
async fn a_log_in_that_is_refused_says_nothing_of_the_token_that_there_is() {
    for (status, text, expected) in [
        (
            401,
            "Authentication failed, canary-word.",
            "password: is not the right one",
        ),
        (404, "user not found", "email: nobody has this address here"),
        (501, "", "this server takes no passwords: run `tsuru login`"),
        (400, "bad canary-word", "bad ***"),
    ] {
        let tsuru = start().await;
        tsuru
            .answer("POST", "/1.0/auth/login", said(status, text))
            .await;
        let answers = [("email", word("a@b.c")), ("password", pem("canary-word"))];
        let failure = tsuru.operate(own("log-in", &answers)).await.unwrap_err();
        assert_eq!(failure.headline(), expected, "{status}");
        assert!(!failure.is_bad_credential());
        assert_eq!(changes(&tsuru).await.len(), 1);
    }
}

#[tokio::test]
async fn a_key_is_in_no_refusal() {
    let tsuru = start().await;
    let key = "-----BEGIN PRIVATE KEY-----Y2FuYXJ5a2V5-----END PRIVATE KEY-----";
    let answer = said(400, "bad key: Y2FuYXJ5a2V5 in it");
    tsuru
        .answer("PUT", "/1.2/apps/shop/certificate", answer)
        .await;
    let answers = [
        ("domain", one("shop/a.example.com")),
        ("certificate", pem("canary-certificate")),
        ("key", pem(key)),
    ];
    let failure = tsuru
        .operate(own("set-certificate", &answers))
        .await
        .unwrap_err();
    assert_eq!(failure.headline(), "bad key: *** in it");
}

#[tokio::test]
async fn a_server_that_is_too_old_is_asked_once() {
    let tsuru = start().await;
    let kind = own(
        "set-routable",
        &[("version", word("3")), ("routable", word("yes"))],
    );
    let old = said(404, "404 page not found");
    tsuru.answer("POST", "/1.8/apps/shop/routable", old).await;
    for _ in 0..2 {
        let failure = tsuru.operate(kind.clone()).await.unwrap_err();
        assert!(matches!(failure, Failure::Unsupported { .. }), "{failure}");
    }
    assert_eq!(writes(&tsuru).await.len(), 1);
}

#[tokio::test]
async fn a_command_prints_while_it_runs() {
    let tsuru = start().await;
    let printed = failed_stream(&["one\ntw", "o\n"], "exit status 3");
    let mock = Mock::given(method("POST")).and(path("/1.0/apps/shop/run"));
    mock.respond_with(printed).mount(&tsuru.server).await;
    let mut lines = Vec::new();
    let operation = operation(run(RunPlace::One));
    let mut output = |line: Text| lines.push(line.to_string());
    let platform = &tsuru.platform;
    let accepted = platform
        .operate(&operation, None, &mut output)
        .await
        .unwrap();
    assert_eq!(
        accepted.ended,
        Some(Verdict::Failed("exit status 3".into()))
    );
    // The stream tells its error, too.
    assert_eq!(lines, ["one", "two", "exit status 3"]);
}
