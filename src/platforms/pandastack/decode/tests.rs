//! Every shape gives the same, and nothing odd costs more than itself.

use bytes::Bytes;
use jiff::Timestamp;
use proptest::prelude::*;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

use super::*;
use crate::model::Failure;
use crate::platforms::http::Reply;
use crate::platforms::pandastack::paths::Op;

fn reply(op: Op, body: impl Into<Bytes>) -> Reply {
    Reply {
        operation: op.row().operation,
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: body.into(),
    }
}

fn payload(op: Op, body: &Value) -> Payload {
    Payload::of(&reply(op, body.to_string())).unwrap()
}

fn list(body: &Value) -> Records {
    payload(Op::ListManagedApps, body).records()
}

fn record(op: Op, body: &Value) -> Record {
    payload(op, body).record()
}

/// The ids of a list, and how many it says that there are.
fn ids(body: &Value) -> (Vec<String>, Option<u64>) {
    let found = list(body);
    let ids = found.items.iter().filter_map(Record::id);
    (ids.map(|id| id.to_string()).collect(), found.total)
}

fn text(text: Option<crate::model::Text>) -> Option<String> {
    text.map(|text| text.to_string())
}

#[test]
fn a_list_may_come_in_any_shape() {
    let apps = json!([{"id": 1}, {"id": "b"}]);
    let [one, two] = ["1".to_owned(), "b".to_owned()];
    let both = vec![one.clone(), two.clone()];
    for (body, expected, total) in [
        (apps.clone(), &both, None),
        (json!({"success": true, "data": apps}), &both, None),
        (json!({"apps": apps}), &both, None),
        (json!({"managedApps": apps}), &both, None),
        (json!({"managed_apps": apps}), &both, None),
        (json!({"count": 2, "rows": apps}), &both, Some(2)),
        (json!({"data": {"items": apps, "total": 9}}), &both, Some(9)),
        (
            json!({"data": apps, "pagination": {"total": 7}}),
            &both,
            Some(7),
        ),
        (
            json!({"data": apps, "meta": {"total": "7"}}),
            &both,
            Some(7),
        ),
        (json!({"result": apps, "totalCount": 3}), &both, Some(3)),
        (
            json!({"response": {"payload": {"data": apps}}}),
            &both,
            None,
        ),
        (
            json!({"status": "success", "data": {"docs": apps}}),
            &both,
            None,
        ),
        (
            json!({"apps": {"1": {"name": "x"}, "b": {"slug": "y"}}}),
            &both,
            None,
        ),
        (json!({"1": {"name": "x"}, "b": {"id": "b"}}), &both, None),
        (json!({"meta": {}, "1": {}, "b": {}}), &both, None),
        (json!({"id": 1, "name": "x"}), &vec![one.clone()], None),
        (json!({"data": {"app_id": 1}}), &vec![one.clone()], None),
        (
            json!({"data": {"id": 1, "deployments": [{"uuid": "u"}]}}),
            &vec![one],
            None,
        ),
        (
            json!({"data": [7, null, "x", [], {"id": "b"}]}),
            &vec![two],
            None,
        ),
    ] {
        assert_eq!(ids(&body), (expected.clone(), total), "{body}");
    }
}

#[test]
fn nothing_and_anything_else_is_an_empty_list() {
    for body in [
        "",
        "  ",
        "null",
        "{}",
        "[]",
        "true",
        "7",
        "\"x\"",
        "ok",
        "no apps here",
    ] {
        let payload = Payload::of(&reply(Op::ListManagedApps, body)).unwrap();
        assert!(payload.records().items.is_empty(), "{body}");
    }
    for body in [
        json!({"data": null}),
        json!({"success": true, "message": "none"}),
        json!({"total": 0}),
    ] {
        assert!(list(&body).items.is_empty(), "{body}");
    }
}

#[test]
fn entries_that_are_no_records_are_counted() {
    let found = list(&json!([{"id": 1}, 2, null, [{"id": 3}]]));
    assert_eq!((found.items.len(), found.skipped), (1, 3));
}

#[test]
fn a_page_or_half_an_answer_is_no_empty_list_but_the_end_of_an_operation() {
    for body in ["<html><p>502</p>", r#"{"data":[{"id":1},"#, "[{\"id\":1}"] {
        let read = Payload::of(&reply(Op::ListManagedApps, body));
        assert!(matches!(read, Err(Failure::Decode { .. })), "{body}");
        let wrote = Payload::of(&reply(Op::DeployManagedApp, body)).unwrap();
        assert_eq!(wrote.record().id(), None, "{body}");
    }
    let said = Payload::of(&reply(Op::DeployManagedApp, "<p>All <b>good</b></p>")).unwrap();
    assert_eq!(said.message().unwrap().as_str(), "All good");
}

#[test]
fn at_most_three_envelopes_are_opened_and_none_that_has_a_name() {
    let deep = |levels| (0..levels).fold(json!([{"id": 1}]), |inner, _| json!({"result": inner}));
    assert_eq!(ids(&deep(3)).0, ["1"]);
    assert!(ids(&deep(4)).0.is_empty());
    let named = json!({"id": 1, "data": {"id": 2}});
    assert_eq!(
        record(Op::RetryManagedApp, &named).id().unwrap().as_str(),
        "1"
    );
    let unnamed = json!({"id": null, "data": {"id": 2}});
    assert_eq!(
        record(Op::RetryManagedApp, &unnamed).id().unwrap().as_str(),
        "2"
    );
}

#[test]
fn the_status_beside_an_envelope_is_not_that_of_the_app() {
    let check = |body: Value, expected: Option<&str>| {
        let read = record(Op::GetDeploymentStatus, &body).status(Of::Deployment);
        assert_eq!(text(read).as_deref(), expected, "{body}");
    };
    check(
        json!({"status": "success", "data": {"status": "FAILED"}}),
        Some("FAILED"),
    );
    check(json!({"status": "success", "data": {"progress": 4}}), None);
    check(
        json!({"status": 200, "data": {"status": "BUILDING"}}),
        Some("BUILDING"),
    );
    check(json!({"status": 200}), None);
    check(json!({"status": "success"}), Some("success"));
    check(json!({"data": "BUILDING"}), Some("BUILDING"));
    check(json!("RUNNING"), Some("RUNNING"));
    check(json!({"status": {"state": "QUEUED"}}), Some("QUEUED"));
    check(json!({"status": null, "state": "QUEUED"}), Some("QUEUED"));
    check(
        json!({"deployment": {"status": "PULLING"}}),
        Some("PULLING"),
    );
    check(json!({"managedApp": {"State": "LIVE"}}), Some("LIVE"));
}

#[test]
fn text_is_a_word_or_a_message() {
    let of = |body: &str| Payload::of(&reply(Op::GetDeploymentStatus, body.to_owned())).unwrap();
    let word = of(" BUILDING\n").record().status(Of::Deployment);
    assert_eq!(text(word).as_deref(), Some("BUILDING"));
    let message = of("still at work");
    assert_eq!(message.record().status(Of::Deployment), None);
    assert_eq!(message.message().unwrap().as_str(), "still at work");
}

#[test]
fn a_refusal_with_a_good_status_is_a_failure_except_of_a_domain() {
    let body = json!({"success": false, "error": {"code": "X", "message": "no such slug"}});
    for op in [
        Op::ListManagedApps,
        Op::DeployManagedApp,
        Op::GetDeploymentStatus,
    ] {
        let failure = Payload::of(&reply(op, body.to_string())).unwrap_err();
        assert_eq!(failure.headline(), "no such slug");
    }
    let verdict = payload(Op::VerifyDomain, &body);
    assert_eq!(verdict.success(), Some(false));
    assert_eq!(verdict.reason().unwrap().as_str(), "no such slug");
    let inside = json!({"success": true, "data": {"success": false, "message": "no CNAME"}});
    let verdict = payload(Op::VerifyDomain, &inside);
    assert_eq!(verdict.success(), Some(false));
    assert_eq!(verdict.reason().unwrap().as_str(), "no CNAME");
    // Words and numbers are no verdict on the call.
    for odd in [json!({"success": "false"}), json!({"success": 0})] {
        assert!(Payload::of(&reply(Op::DeployManagedApp, odd.to_string())).is_ok());
    }
}

#[test]
fn fields_go_by_many_names() {
    let app = record(
        Op::ListManagedApps,
        &json!({
            "_id": 7, "display-name": "Ops", "appSlug": "n8n", "installStatus": "READY",
            "customDomain": "https://n8n.example.com/", "publicUrl": "ops.pandastack.app",
            "DeploymentUUID": "u-1", "org_id": 73, "failureReason": "x", "isVerified": "1",
        }),
    );
    assert_eq!(text(app.id()).as_deref(), Some("7"));
    assert_eq!(text(app.name()).as_deref(), Some("Ops"));
    assert_eq!(text(app.slug()).as_deref(), Some("n8n"));
    assert_eq!(text(app.status(Of::App)).as_deref(), Some("READY"));
    assert_eq!(text(app.domain()).as_deref(), Some("n8n.example.com"));
    assert_eq!(
        text(app.url()).as_deref(),
        Some("https://ops.pandastack.app")
    );
    assert_eq!(text(app.deployment()).as_deref(), Some("u-1"));
    assert_eq!(app.organisation().unwrap().as_str(), "73");
    assert_eq!(text(app.error()).as_deref(), Some("x"));
    assert_eq!(app.is_verified(), Some(true));
    assert_eq!(app.rest(), []);
    let bare = record(Op::ListManagedApps, &json!({"id": 7, "type": "ghost"}));
    assert_eq!(text(bare.name()).as_deref(), Some("ghost"));
    let bare = record(Op::ListManagedApps, &json!({"id": 7}));
    assert_eq!(text(bare.name()).as_deref(), Some("7"));
}

#[test]
fn each_question_asks_its_own_word_first() {
    let all = json!({
        "status": "a", "installation_status": "b", "deployment_status": "c", "state": "d",
    });
    let all = record(Op::ListManagedApps, &all);
    let word = |of| text(all.status(of)).unwrap();
    assert_eq!(word(Of::App), "a");
    assert_eq!(word(Of::Installation), "b");
    assert_eq!(word(Of::Deployment), "c");
}

#[test]
fn the_latest_deployment_speaks_where_the_app_does_not() {
    let check = |deployments: Value, uuid: &str, word: &str| {
        let app = record(
            Op::ListManagedApps,
            &json!({"id": 1, "Deployments": deployments}),
        );
        assert_eq!(
            text(app.deployment()).as_deref(),
            Some(uuid),
            "{deployments}"
        );
        assert_eq!(
            text(app.status(Of::App)).as_deref(),
            Some(word),
            "{deployments}"
        );
    };
    check(
        json!([{"uuid": "new", "status": "FAILED"}, {"uuid": "old", "status": "RUNNING"}]),
        "new",
        "FAILED",
    );
    check(
        json!([
            {"uuid": "old", "status": "RUNNING", "createdAt": "2026-01-01T00:00:00Z"},
            {"uuid": "new", "status": "FAILED", "createdAt": "2026-01-02T00:00:00Z"},
        ]),
        "new",
        "FAILED",
    );
}

#[test]
fn a_deploy_answer_may_tell_one_level_down() {
    let check = |body: Value, id: Option<&str>, uuid: Option<&str>| {
        let answer = record(Op::DeployManagedApp, &body);
        assert_eq!(text(answer.id()).as_deref(), id, "{body}");
        assert_eq!(text(answer.deployment()).as_deref(), uuid, "{body}");
    };
    check(
        json!({"appId": "42", "deploymentUuid": "u"}),
        Some("42"),
        Some("u"),
    );
    check(
        json!({"app": {"id": 42}, "deployment": {"uuid": "u"}}),
        Some("42"),
        Some("u"),
    );
    check(
        json!({"managed_app": {"_id": 42, "deployment_id": "u"}}),
        Some("42"),
        Some("u"),
    );
    // The id of a deployment is not that of the app.
    check(
        json!({"deployment": {"id": 9, "app_id": 42}}),
        Some("42"),
        Some("9"),
    );
    check(json!({"deployment": {"id": 9}}), None, Some("9"));
    check(json!({"deployment": "u"}), None, Some("u"));
    check(json!({"message": "Deployment started"}), None, None);
    check(json!({}), None, None);
    let listed = record(Op::GetInstallationStatus, &json!({"app": {"id": 42}}));
    assert_eq!(listed.id(), None);
}

#[test]
fn flags_have_four_ways_to_be_true() {
    for (value, expected) in [
        (json!(true), Some(true)),
        (json!("true"), Some(true)),
        (json!("TRUE"), Some(true)),
        (json!(1), Some(true)),
        (json!("1"), Some(true)),
        (json!(false), Some(false)),
        (json!("no"), Some(false)),
        (json!(0), Some(false)),
        (json!(2), Some(false)),
        (json!(null), None),
        (json!([]), None),
        (json!({}), None),
    ] {
        let answer = record(Op::VerifyDomain, &json!({"is_verified": value}));
        assert_eq!(answer.is_verified(), expected, "{value}");
        assert_eq!(answer.flags(), expected.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn ids_are_digits_as_they_are_written() {
    let id = |written: &str| {
        let body = format!(r#"{{"id":{written}}}"#);
        let read = Payload::of(&reply(Op::ListManagedApps, body)).unwrap();
        text(read.record().id())
    };
    assert_eq!(id("9007199254740993").as_deref(), Some("9007199254740993"));
    assert_eq!(
        id("18446744073709551615").as_deref(),
        Some("18446744073709551615")
    );
    assert_eq!(id("-3").as_deref(), Some("-3"));
    assert_eq!(id("\"007\"").as_deref(), Some("007"));
    for none in [
        "1.5",
        "1e3",
        "184467440737095516160",
        "true",
        "null",
        "[]",
        "\" \"",
    ] {
        assert_eq!(id(none), None, "{none}");
    }
    assert_eq!(
        text(list(&json!([{"id": 1.5, "uuid": "u"}])).items[0].id()).as_deref(),
        Some("u")
    );
}

#[test]
fn times_come_in_four_forms() {
    let at: Timestamp = "2026-08-14T09:12:44Z".parse().unwrap();
    for written in [
        json!("2026-08-14T09:12:44.000Z"),
        json!("2026-08-14T11:12:44+02:00"),
        json!("2026-08-14 09:12:44"),
        json!(at.as_second()),
        json!(at.as_millisecond()),
        json!(at.as_second().to_string()),
    ] {
        let app = record(
            Op::ListManagedApps,
            &json!({"created": written, "updatedAt": written}),
        );
        assert_eq!(app.created_at(), Some(at), "{written}");
        assert_eq!(app.updated_at(), Some(at), "{written}");
        assert_eq!(app.deployed_at(), None);
    }
    for odd in [
        json!("yesterday"),
        json!(""),
        json!(1.5),
        json!([]),
        json!(i64::MAX),
    ] {
        let app = record(Op::ListManagedApps, &json!({"id": 1, "created_at": odd}));
        assert_eq!(app.created_at(), None, "{odd}");
        assert!(app.id().is_some());
    }
    let epoch = |number: i64| moment(&json!(number)).unwrap().to_string();
    assert_eq!(epoch(99_999_999_999), "5138-11-16T09:46:39Z");
    assert_eq!(epoch(100_000_000_000), "1973-03-03T09:46:40Z");
}

#[test]
fn dns_records_are_told_as_they_are() {
    let check = |body: Value, expected: &[&str]| {
        let told = record(Op::VerifyDomain, &body).dns_records();
        let told: Vec<_> = told.iter().map(crate::model::Text::as_str).collect();
        assert_eq!(told, expected, "{body}");
    };
    let cname = json!({"type": "CNAME", "name": "n8n.example.com", "value": "x.pandastack.app"});
    let line = "CNAME n8n.example.com x.pandastack.app";
    check(json!({"records": [cname]}), &[line]);
    check(json!({"dnsRecords": cname}), &[line]);
    check(
        json!({"verified": false, "required_records": {"cname": cname}}),
        &[line],
    );
    check(json!([cname, cname]), &[line, line]);
    check(
        json!({"expected": {"type": "TXT", "host": "_x", "target": "v=1", "ttl": 300}}),
        &["TXT _x v=1 ttl=300"],
    );
    check(json!({"expected": "point it at x"}), &["point it at x"]);
    check(json!({"records": [], "verified": true}), &[]);
    check(json!({}), &[]);
}

#[test]
fn what_nobody_asks_for_is_kept_and_secrets_are_not_shown() {
    let app = record(
        Op::ListManagedApps,
        &json!({
            "id": 1, "region": "us", "replicas": 2, "plan": {"size": "s"}, "nothing": null,
            "empty": {}, "adminPassword": "canary", "env": {"KEY": "canary"},
            "settings": {"api_key": "canary", "deep": [{"token": "canary"}], "theme": "dark"},
            "variables": [{"name": "x", "value": "canary"}],
            "extra": [{"name": "SMTP_PASSWORD", "value": "canary"}],
            "database": "postgres://ada:canary@db/x", "environment": "production",
        }),
    );
    let rest = app.rest();
    let rest: Vec<_> = rest
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        rest,
        [
            ("adminPassword", "••••"),
            ("database", "••••"),
            ("env", "••••"),
            ("environment", "production"),
            ("extra", r#"[{"name":"SMTP_PASSWORD","value":"••••"}]"#),
            ("plan", r#"{"size":"s"}"#),
            ("region", "us"),
            ("replicas", "2"),
            (
                "settings",
                r#"{"api_key":"••••","deep":[{"token":"••••"}],"theme":"dark"}"#
            ),
            ("variables", "••••"),
        ]
    );
}

/// Any JSON at all, with names that mean something among others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|it| json!(it)),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["RUNNING", "2026-01-01 00:00:00", "true", "7"])
            .prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "id",
            "_id",
            "app_id",
            "data",
            "result",
            "items",
            "apps",
            "deployments",
            "deployment",
            "app",
            "managedApp",
            "status",
            "success",
            "error",
            "message",
            "errors",
            "records",
            "created_at",
            "total",
            "pagination",
            "domain",
            "url",
            "slug",
            "env",
            "verified",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

/// Everything that can be asked of a record.
fn ask_all(record: &Record) {
    let _ = (
        record.id(),
        record.name(),
        record.slug(),
        record.deployment(),
    );
    let _ = (
        record.domain(),
        record.url(),
        record.error(),
        record.organisation(),
    );
    let _ = (
        record.created_at(),
        record.updated_at(),
        record.deployed_at(),
    );
    let _ = (
        record.flags(),
        record.rest(),
        record.dns_records(),
        record.deployments(),
    );
    for of in [Of::App, Of::Deployment, Of::Installation] {
        let _ = record.status(of);
    }
}

/// Wraps a list as servers do.
fn wrapped(list: Value, shape: usize) -> Value {
    match shape {
        0 => list,
        1 => json!({"success": true, "data": list}),
        2 => json!({"apps": list}),
        3 => json!({"count": 1, "rows": list}),
        4 => json!({"status": "ok", "result": {"items": list, "page": 1}}),
        5 => json!({"data": {"response": {"payload": list}}}),
        6 => json!({"code": 200, "data": {"data": {"managed-apps": list}}}),
        _ => json!({"Payload": {"Results": list, "total_count": 3}, "message": "ok"}),
    }
}

proptest! {
    #[test]
    fn nothing_breaks_it(body in any_json(), status in 0..9_usize) {
        let op = crate::platforms::pandastack::paths::TABLE.len().min(9);
        let ops = [
            Op::ListManagedApps, Op::GetDeploymentStatus, Op::GetInstallationStatus,
            Op::DeployManagedApp, Op::RetryManagedApp, Op::ConfigureManagedApp,
            Op::DeleteManagedApp, Op::VerifyDomain, Op::CompleteInstallation,
        ];
        prop_assert_eq!(op, ops.len());
        if let Ok(payload) = Payload::of(&reply(ops[status], body.to_string())) {
            payload.records().items.iter().for_each(ask_all);
            ask_all(&payload.record());
        }
    }

    #[test]
    fn no_bytes_break_it(body in prop::collection::vec(any::<u8>(), 0..60)) {
        for op in [Op::ListManagedApps, Op::DeployManagedApp] {
            if let Ok(payload) = Payload::of(&reply(op, body.clone())) {
                payload.records().items.iter().for_each(ask_all);
                ask_all(&payload.record());
            }
        }
    }

    #[test]
    fn one_odd_record_costs_no_other(odd in any_json(), at in 0..3_usize, shape in 0..8_usize) {
        let mut apps = vec![json!({"id": "a"}), json!({"id": "b"})];
        apps.insert(at.min(2), json!({"id": odd, "name": odd, "status": odd, "created_at": odd}));
        let found = list(&wrapped(Value::Array(apps), shape));
        let ids: Vec<_> = found.items.iter().filter_map(|it| text(it.id())).collect();
        prop_assert!(["a", "b"].iter().all(|id| ids.iter().any(|it| it == id)), "{:?}", ids);
        found.items.iter().for_each(ask_all);
    }

    #[test]
    fn every_nesting_means_the_same(
        ids in prop::collection::vec(any::<u64>(), 0..6),
        shape in 0..8_usize,
    ) {
        let apps = ids.iter().map(|id| json!({"managedAppId": id, "status": "RUNNING"}));
        let found = list(&wrapped(apps.collect(), shape));
        let read: Vec<_> = found.items.iter().filter_map(|it| text(it.id())).collect();
        let expected: Vec<_> = ids.iter().map(u64::to_string).collect();
        prop_assert_eq!(read, expected);
        let are_running = found.items.iter().all(|it| text(it.status(Of::App)).as_deref() == Some("RUNNING"));
        prop_assert!(are_running);
    }

    #[test]
    fn every_moment_survives_each_form(second in 0..99_999_999_999_i64) {
        let at = Timestamp::from_second(second).unwrap();
        let plain = at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        for written in [json!(at.to_string()), json!(second), json!(plain)] {
            prop_assert_eq!(moment(&written), Some(at));
        }
    }
}
