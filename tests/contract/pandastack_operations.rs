//! `PandaStack`: what is sent for an operation, and what is made of every answer.

use flightdeck::model::{
    AppId, AuthProblem, DeployMode, DomainId, Failure, OperationKind, Stage, Text,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::Bench;
use crate::pandastack_doing::{
    APP, COMPLETE, CONFIGURE, DELETE, DEPLOY, RETRY, RETRYING, VERIFY, carried_out, complaint,
    complete, configure, create, delete, follow, json_answer, list, operation, posted, record,
    sent, start, start_with, verify, writes,
};
use crate::pandastack_harness::LIST;

/// Method, path, and what is sent there.
type Row = (&'static str, &'static str, fn() -> OperationKind);

/// Where it goes, and how.
const ROWS: [Row; 6] = [
    ("POST", DEPLOY, || create("ghost", &[])),
    ("POST", RETRY, || RETRYING),
    ("POST", CONFIGURE, || configure(r#"{"plan": "small"}"#)),
    ("POST", COMPLETE, || complete("blog.example.com")),
    ("DELETE", DELETE, delete),
    ("GET", VERIFY, verify),
];

async fn with_app() -> Bench {
    let panda = start().await;
    list(
        &panda,
        &[record(
            &json!({"status": "FAILED", "deployment_uuid": "u-0"}),
        )],
    )
    .await;
    panda
}

#[tokio::test]
async fn an_app_is_ordered_by_its_slug_and_what_else_is_wished() {
    let panda = start().await;
    let answer = json!({"success": true, "data": {"id": 4201, "slug": "ghost", "status": "PENDING",
        "deployment_uuid": "u-1"}});
    panda
        .answer("POST", DEPLOY, json_answer(201, &answer))
        .await;
    let inputs = [
        ("region", "us"),
        ("plan", r#"{"size":1}"#),
        ("backup", "true"),
    ];
    let accepted = panda.operate(create(" ghost ", &inputs)).await.unwrap();
    assert_eq!(follow(&accepted), "deployment 4201/u-1");
    assert_eq!(sent(&panda).await, [format!("POST {DEPLOY}")]);
    let expected = json!({"organization_id": "7312", "slug": "ghost", "region": "us",
        "plan": {"size": 1}, "backup": true});
    assert_eq!(posted(&panda).await, expected);
    assert!(!panda.last_text().await.contains(' '), "it is compact");
}

#[tokio::test]
async fn what_is_followed_is_found_in_an_answer_of_any_shape() {
    let search = r#"{"search":{"slug":"ghost","not":null}}"#;
    let body = |value: Value| json_answer(201, &value);
    for (answer, expected) in [
        (
            body(
                json!({"message": "Deployment started", "appId": "4201", "deploymentUuid": "u-1"}),
            ),
            "deployment 4201/u-1",
        ),
        (
            body(json!({"app": {"id": 4201}, "deployment": {"uuid": "u-1"}})),
            "deployment 4201/u-1",
        ),
        (
            body(json!({"data": {"managed_app": {"_id": "x/y"}}})),
            r#"{"install":{"app":"x/y"}}"#,
        ),
        (
            json_answer(200, &json!({"id": 9_007_199_254_740_993_u64})),
            r#"{"install":{"app":"9007199254740993"}}"#,
        ),
        (
            body(json!({"deployment_uuid": "u-1"})),
            r#"{"search":{"slug":"ghost","not":null,"deployment":"u-1"}}"#,
        ),
        (body(json!({})), search),
        (body(json!({"success": true, "data": null})), search),
        (ResponseTemplate::new(204), search),
        (
            ResponseTemplate::new(202).set_body_string("Deployment has begun"),
            search,
        ),
    ] {
        let panda = start().await;
        panda.answer("POST", DEPLOY, answer).await;
        let accepted = panda.operate(create("ghost", &[])).await.unwrap();
        assert_eq!(follow(&accepted), expected);
        assert_eq!(accepted.ended, None);
    }
}

#[tokio::test]
async fn organisation_and_slug_are_not_left_to_inputs() {
    let panda = with_app().await;
    for (kind, expected) in [
        (
            create("ghost", &[("organization_id", "1")]),
            "set: organization_id is settled already: leave it out",
        ),
        (
            create("ghost", &[("slug", "n8n")]),
            "set: slug is settled already: leave it out",
        ),
        (
            configure(r#"{"organization_id": 1}"#),
            "settings: organization_id is settled already: leave it out",
        ),
        (
            configure(r#"{"slug": "n8n"}"#),
            "settings: slug is settled already: leave it out",
        ),
        (
            create(" ", &[]),
            "name: is missing: give the slug of an app in the catalogue, as in ghost",
        ),
    ] {
        let failure = panda.operate(kind).await.unwrap_err();
        assert_eq!(complaint(&failure), expected);
    }
    assert_eq!(writes(&panda).await, [""; 0]);

    // Said once more as they are, they are no contradiction.
    panda.json("POST", CONFIGURE, json!({})).await;
    let same = r#"{"organization_id": 7312, "slug": "ghost", "plan": 1}"#;
    panda.operate(configure(same)).await.unwrap();
    let expected = json!({"organization_id": "7312", "slug": "ghost", "plan": 1});
    assert_eq!(posted(&panda).await, expected);
}

#[tokio::test]
async fn a_length_is_sent_where_one_is_configured_and_a_body_knows_it() {
    for (length, expected) in [("3", json!(3)), ("any", json!("any"))] {
        for (verb, path, kind) in ROWS {
            let panda = start_with(|connection| {
                connection.settings.0.insert("length", length.to_owned());
            })
            .await;
            list(&panda, &[record(&json!({}))]).await;
            panda.json(verb, path, json!({})).await;
            panda.operate(kind()).await.unwrap();
            if verb == "POST" {
                let sent = posted(&panda).await.get("length").cloned();
                assert_eq!(
                    sent,
                    Some(expected.clone()).filter(|_| path != COMPLETE),
                    "{path}"
                );
            }
        }
    }
    let panda = start_with(|connection| {
        connection.settings.0.insert("length", "3".to_owned());
    })
    .await;
    panda.json("POST", DEPLOY, json!({})).await;
    panda
        .operate(create("ghost", &[("length", "4")]))
        .await
        .unwrap();
    assert_eq!(posted(&panda).await["length"], 4);
}

#[tokio::test]
async fn a_retry_names_the_slug_where_the_list_does() {
    let panda = with_app().await;
    let answer = json!({"success": true, "data": {"id": 4190, "deployment_uuid": "u-1"}});
    panda.json("POST", RETRY, answer).await;
    let accepted = panda.operate(RETRYING).await.unwrap();
    assert_eq!(follow(&accepted), "deployment 4190/u-1");
    assert_eq!(
        sent(&panda).await,
        [format!("GET {LIST}"), format!("POST {RETRY}")]
    );
    let expected = json!({"organization_id": "7312", "slug": "ghost"});
    assert_eq!(posted(&panda).await, expected);

    let blind = start().await;
    blind.answer("GET", LIST, ResponseTemplate::new(500)).await;
    blind
        .json("POST", RETRY, json!({"message": "Retry started"}))
        .await;
    let accepted = blind.operate(RETRYING).await.unwrap();
    assert_eq!(follow(&accepted), r#"{"retry":{"app":"4190"}}"#);
    assert_eq!(posted(&blind).await, json!({"organization_id": "7312"}));
}

#[tokio::test]
async fn a_deployment_that_is_known_is_no_new_one() {
    let panda = with_app().await;
    panda
        .json("POST", RETRY, json!({"deployment": {"id": "u-0"}}))
        .await;
    let accepted = panda.operate(RETRYING).await.unwrap();
    assert_eq!(
        follow(&accepted),
        r#"{"retry":{"app":"4190","deployment":"u-0"}}"#
    );
}

#[tokio::test]
async fn settings_are_checked_before_anything_is_sent() {
    let panda = with_app().await;
    for bad in ["plan=small", "[]", "7", "{"] {
        let failure = panda.operate(configure(bad)).await.unwrap_err();
        assert!(
            complaint(&failure).starts_with("settings: are no JSON"),
            "{failure:?}"
        );
    }
    assert_eq!(sent(&panda).await, [""; 0]);

    for (answer, note, expected) in [
        (
            json!({"success": true, "data": {"id": 4190, "status": "UPDATING"}}),
            "taken; PandaStack does not say when it takes effect",
            "nothing",
        ),
        (
            json!({"message": "Configuration updated"}),
            "Configuration updated",
            "nothing",
        ),
        (
            json!({"deployment_uuid": "u-0"}),
            "taken; PandaStack does not say when it takes effect",
            "nothing",
        ),
        (
            json!({"deployment_uuid": "u-2", "message": "Rolling out"}),
            "Rolling out",
            "deployment 4190/u-2",
        ),
    ] {
        let panda = with_app().await;
        panda.json("POST", CONFIGURE, answer).await;
        let accepted = panda
            .operate(configure(r#"{"plan": {"size": 2}}"#))
            .await
            .unwrap();
        assert_eq!(accepted.note.as_ref().map(Text::as_str), Some(note));
        assert_eq!(follow(&accepted), expected);
        let body = json!({"organization_id": "7312", "slug": "ghost", "plan": {"size": 2}});
        assert_eq!(posted(&panda).await, body);
    }
}

#[tokio::test]
async fn an_app_is_deleted_under_the_name_that_was_typed() {
    let named = |typed: &str| OperationKind::DeleteApp {
        typed_name: typed.into(),
    };
    let panda = with_app().await;
    for wrong in ["ghost", "4190", "Blog", ""] {
        let failure = panda.operate(named(wrong)).await.unwrap_err();
        assert_eq!(
            complaint(&failure),
            "app: the app is called blog: type that"
        );
    }
    assert_eq!(writes(&panda).await, [""; 0]);

    panda
        .json("DELETE", DELETE, json!({"message": "Managed app deleted"}))
        .await;
    let accepted = panda.operate(named("blog")).await.unwrap();
    assert_eq!(follow(&accepted), r#"{"delete":{"app":"4190"}}"#);
    assert_eq!(writes(&panda).await, [format!("DELETE {DELETE}")]);
    assert_eq!(panda.last_text().await, "", "it has no body");

    // One that is not listed goes by the name that was shown.
    let gone = start().await;
    list(&gone, &[]).await;
    gone.answer("DELETE", DELETE, ResponseTemplate::new(404))
        .await;
    let accepted = gone.operate(named("blog")).await.unwrap();
    assert_eq!(
        (follow(&accepted).as_str(), accepted.note),
        ("nothing", Some("it was gone already".into()))
    );

    let broken = start().await;
    broken.answer("GET", LIST, ResponseTemplate::new(503)).await;
    let failure = broken.operate(named("blog")).await.unwrap_err();
    assert!(
        failure.headline().starts_with("nothing was sent"),
        "{failure:?}"
    );
    assert_eq!(writes(&broken).await, [""; 0]);
}

/// What a verification makes of an answer: its note, and what to do next.
async fn verified(answer: ResponseTemplate) -> (String, String, Vec<String>) {
    let panda = start().await;
    panda.answer("GET", VERIFY, answer).await;
    let accepted = panda.operate(verify()).await.unwrap();
    assert_eq!(sent(&panda).await, [format!("GET {VERIFY}")]);
    let note = accepted.note.as_ref().map_or("-", Text::as_str).to_owned();
    let steps = accepted.next_steps.iter().map(Text::to_string).collect();
    (note, follow(&accepted), steps)
}

#[tokio::test]
async fn a_domain_is_verified_or_not_and_neither_is_a_failure() {
    let body = |value: Value| json_answer(200, &value);
    for good in [
        json!({"success": true, "data": {"domain": "blog.example.com", "verified": true}}),
        json!({"data": {"valid": "1"}}),
        json!({"status": "VERIFIED"}),
        json!({"data": {"success": true}}),
        json!({"success": true}),
    ] {
        let (note, follow, steps) = verified(body(good)).await;
        assert_eq!(
            (note.as_str(), follow.as_str()),
            ("the domain is verified", "nothing")
        );
        let next = "complete the installation with blog.example.com, if the app still waits";
        assert_eq!(steps, [next]);
    }
    for (bad, expected) in [
        (
            body(json!({"success": true, "data": {"verified": false, "reason": "no CNAME"}})),
            "not verified: no CNAME",
        ),
        (
            body(json!({"success": false, "message": "DNS is not there"})),
            "not verified: DNS is not there",
        ),
        (
            body(json!({"success": true, "data": {"success": false, "error": "wrong target"}})),
            "not verified: wrong target",
        ),
        (body(json!({"status": "PENDING_DNS"})), "not verified yet"),
        // The call went well, and what stands beside that says that the domain is not there yet.
        (
            body(json!({"success": true, "status": "pending"})),
            "not verified yet",
        ),
        (
            body(json!({"success": true, "data": {"domain": "blog.example.com"}})),
            "not verified yet",
        ),
        (body(json!({})), "not verified yet"),
        (
            json_answer(400, &json!({"error": {"message": "no domain yet"}})),
            "not verified: no domain yet",
        ),
        (
            json_answer(404, &json!({"message": ["no record", "no zone"]})),
            "not verified: no record; no zone",
        ),
        (
            ResponseTemplate::new(400).set_body_raw("<html><b>Not yet</b></html>", "text/html"),
            "not verified: Not yet",
        ),
    ] {
        let (note, follow, steps) = verified(bad).await;
        assert_eq!(
            (note.as_str(), follow.as_str()),
            (expected, r#"{"verify":{"app":"4190"}}"#)
        );
        let next = "while this is followed, it is asked again every 30 s for 30 minutes; then \
                    complete the installation";
        assert_eq!(steps, [next]);
    }
}

/// A success that stands beside the answer is that of the call, unless it told before that the domain
/// is not verified.
#[tokio::test]
async fn success_tells_what_its_absence_told() {
    let panda = start().await;
    let data = json!({"domain": "blog.example.com"});
    let answer = |success: bool| json_answer(200, &json!({"success": success, "data": data}));
    let told = async || {
        let accepted = panda.operate(verify()).await.unwrap();
        accepted.note.unwrap().to_string()
    };
    panda.once("GET", VERIFY, answer(true)).await;
    assert_eq!(told().await, "not verified yet");
    panda.once("GET", VERIFY, answer(false)).await;
    assert!(told().await.starts_with("not verified"));
    panda.once("GET", VERIFY, answer(true)).await;
    assert_eq!(told().await, "the domain is verified");
}

#[tokio::test]
async fn the_records_to_create_are_told_word_for_word() {
    let waiting = json!({"success": true, "data": {"verified": false, "expected":
        {"type": "CNAME", "host": "blog", "value": "ops.pandastack.app"}}});
    let (_, _, steps) = verified(json_answer(200, &waiting)).await;
    assert_eq!(
        steps[0],
        "create the DNS record CNAME blog ops.pandastack.app"
    );
    let record = |n: u32| json!({"type": "A", "name": format!("h{n}"), "target": "192.0.2.1"});
    let many: Vec<_> = (0..7).map(record).collect();
    for call in ["success", "status"] {
        let value = if call == "status" {
            json!("success")
        } else {
            json!(true)
        };
        let waiting = json!({call: value, "records": [record(1)]});
        let (note, _, steps) = verified(json_answer(200, &waiting)).await;
        assert_eq!((note.as_str(), steps.len()), ("not verified yet", 2));
    }
    let (note, _, steps) = verified(json_answer(200, &json!(many))).await;
    assert_eq!(note, "not verified yet");
    assert_eq!(steps.len(), 7);
    assert_eq!(steps[4], "create the DNS record A h4 192.0.2.1");
    assert_eq!(steps[5], "and 2 more, shown under Domains");
}

#[tokio::test]
async fn an_installation_is_completed_with_a_bare_host_name() {
    let panda = start().await;
    for bad in [
        "https://blog.example.com",
        "blog.example.com/x",
        "blog",
        "",
        "192.0.2.1",
    ] {
        let failure = panda.operate(complete(bad)).await.unwrap_err();
        assert!(complaint(&failure).starts_with("domain: "), "{failure:?}");
    }
    assert_eq!(sent(&panda).await, [""; 0]);
    panda
        .json(
            "POST",
            COMPLETE,
            json!({"message": "Installation completed"}),
        )
        .await;
    let accepted = panda.operate(complete("blog.example.com")).await.unwrap();
    assert_eq!(follow(&accepted), r#"{"complete":{"app":"4190"}}"#);
    assert_eq!(sent(&panda).await, [format!("POST {COMPLETE}")]);
    let expected = json!({"organization_id": "7312", "domain": "blog.example.com"});
    assert_eq!(posted(&panda).await, expected);
}

#[tokio::test]
async fn nothing_that_changes_anything_leaves_a_read_only_context() {
    for (_, _, kind) in ROWS {
        let panda = start_with(|connection| connection.read_only = true).await;
        let failure = panda.operate(kind()).await.unwrap_err();
        assert_eq!(failure, Failure::ReadOnly);
        assert_eq!(sent(&panda).await, [""; 0]);
    }
}

#[tokio::test]
async fn an_organisation_stands_in_every_query_as_it_is() {
    for (verb, path, kind) in ROWS {
        let panda = start_with(|connection| {
            connection.organisation = Some(flightdeck::model::OrgId::new("00 7&x"));
        })
        .await;
        list(&panda, &[record(&json!({}))]).await;
        panda.json(verb, path, json!({})).await;
        panda.operate(kind()).await.unwrap();
        for line in panda.sent().await {
            assert!(line.ends_with("?organization_id=00+7%26x"), "{line}");
        }
        if verb == "POST" {
            assert_eq!(posted(&panda).await["organization_id"], "00 7&x");
        }
    }
}

/// What a status means where it says nothing special.
fn meant(status: u16) -> fn(&Failure) -> bool {
    match status {
        400 | 422 => |it| matches!(it, Failure::Validation(_)),
        401 => |it| *it == Failure::Auth(AuthProblem::Rejected),
        402 | 403 => |it| matches!(it, Failure::Auth(AuthProblem::Forbidden(Some(_)))),
        404 => |it| matches!(it, Failure::NotFound { .. }),
        409 => |it| matches!(it, Failure::Conflict(_)),
        429 => |it| matches!(it, Failure::RateLimited { .. }),
        _ => |it| matches!(it, Failure::Server { .. }),
    }
}

#[tokio::test]
async fn every_error_of_every_operation_is_told_and_nothing_is_sent_twice() {
    for (verb, path, kind) in ROWS {
        for status in [400, 401, 402, 403, 404, 409, 422, 429, 500, 502, 503] {
            let json = json_answer(
                status,
                &json!({"success": false,
                "error": {"code": "X", "message": "said so"}}),
            );
            let page = "<!DOCTYPE html><title>Oops</title><p>said so</p>";
            let page = ResponseTemplate::new(status).set_body_raw(page, "text/html");
            for answer in [json, page] {
                let panda = with_app().await;
                panda.answer(verb, path, answer).await;
                let result = panda.operate(kind()).await;
                assert_eq!(writes(&panda).await, [format!("{verb} {path}")], "{status}");
                let is_fine = match (verb, status) {
                    // Gone already; not verified.
                    ("DELETE", 404) | ("GET", 400 | 404 | 422) => true,
                    _ => false,
                };
                match result {
                    Ok(_) => assert!(is_fine, "{path} {status}"),
                    Err(failure) => {
                        assert!(
                            !is_fine && meant(status)(&failure),
                            "{path} {status} {failure:?}"
                        );
                        let told = format!("{failure:?}");
                        assert!(!told.contains('<'), "{told}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_good_status_with_success_false_is_a_failure() {
    for (verb, path, kind) in ROWS.into_iter().filter(|(verb, _, _)| *verb != "GET") {
        let panda = with_app().await;
        let answer = json!({"success": false, "message": "the plan has no room"});
        panda.json(verb, path, answer).await;
        let failure = panda.operate(kind()).await.unwrap_err();
        assert_eq!(complaint(&failure), "-: the plan has no room", "{path}");
    }
}

#[tokio::test]
async fn what_is_posted_is_posted_once_whatever_comes_back() {
    let posts = ROWS.into_iter().filter(|(verb, _, _)| *verb == "POST");
    for (verb, path, kind) in posts {
        for status in [301, 307, 308, 401, 500, 502, 503, 504] {
            let panda = with_app().await;
            let answer = ResponseTemplate::new(status).insert_header("location", path);
            panda.answer(verb, path, answer).await;
            let ended = carried_out(&panda, kind()).await;
            assert!(
                matches!(ended, Stage::Refused(_) | Stage::Unresolved(_)),
                "{path}: {ended:?}"
            );
            assert_eq!(writes(&panda).await, [format!("{verb} {path}")], "{status}");
        }
    }
}

#[tokio::test]
async fn what_was_turned_away_before_it_was_done_is_posted_once_more_at_the_most() {
    let posts = ROWS.into_iter().filter(|(verb, _, _)| *verb == "POST");
    for (verb, path, kind) in posts {
        let panda = with_app().await;
        let busy = || ResponseTemplate::new(429).insert_header("retry-after", "1");
        panda.once(verb, path, busy()).await;
        panda.answer(verb, path, ResponseTemplate::new(500)).await;
        carried_out(&panda, kind()).await;
        assert_eq!(writes(&panda).await, vec![format!("{verb} {path}"); 2]);

        let panda = with_app().await;
        panda.answer(verb, path, busy()).await;
        carried_out(&panda, kind()).await;
        assert_eq!(writes(&panda).await, vec![format!("{verb} {path}"); 2]);
    }
}

#[tokio::test]
async fn that_a_request_went_well_does_not_mean_that_the_deployment_did() {
    use flightdeck::model::{DeploymentScope, PageRequest, Phase};

    for (answer, expected) in [
        (
            json!({"status": "success", "deployment_uuid": "u-1"}),
            Phase::Other("not told".into()),
        ),
        (
            json!({"deployment": {"uuid": "u-1", "status": "queued"}}),
            Phase::Queued,
        ),
    ] {
        let panda = with_app().await;
        panda.json("POST", RETRY, answer).await;
        panda.operate(RETRYING).await.unwrap();
        let of = DeploymentScope::App(AppId::new(APP));
        let page = panda.platform.deployments(&of, PageRequest::first()).await;
        let newest = &page.unwrap().items[0];
        assert_eq!((newest.label.as_str(), &newest.phase), ("u-1", &expected));
    }
}

#[tokio::test]
async fn what_is_deleted_or_verified_may_be_sent_again() {
    for (verb, path, kind) in ROWS.into_iter().filter(|(verb, _, _)| *verb != "POST") {
        let panda = with_app().await;
        panda.answer(verb, path, ResponseTemplate::new(503)).await;
        carried_out(&panda, kind()).await;
        assert_eq!(writes(&panda).await, vec![format!("{verb} {path}"); 3]);
    }
}

#[tokio::test]
async fn what_an_app_on_this_platform_does_not_do_is_refused_unsent() {
    let panda = with_app().await;
    for kind in [
        OperationKind::Deploy {
            mode: DeployMode::Auto,
        },
        OperationKind::Restart { process: None },
        OperationKind::UpdateApp { name: "x".into() },
        OperationKind::RemoveDomain {
            id: DomainId::new(APP),
            name: "x".into(),
        },
        OperationKind::UnsetVariable {
            id: None,
            name: "X".into(),
        },
    ] {
        let failure = panda.operate(kind).await.unwrap_err();
        assert!(
            matches!(failure, Failure::Unsupported { .. }),
            "{failure:?}"
        );
    }
    let mut homeless = operation(RETRYING);
    homeless.target.app = None;
    let failure = panda.platform.operate(&homeless, None, &mut |_| {}).await;
    assert!(
        matches!(failure, Err(Failure::NotFound { .. })),
        "{failure:?}"
    );
    homeless.target.app = Some(AppId::new(".."));
    let failure = panda.platform.operate(&homeless, None, &mut |_| {}).await;
    assert!(
        matches!(failure, Err(Failure::NotFound { .. })),
        "{failure:?}"
    );
    assert_eq!(writes(&panda).await, [""; 0]);
}

#[tokio::test]
async fn secrets_that_are_sent_are_in_no_answer() {
    let settings = r#"{"env": {"DB": "canary-password"}, "region": "us-east"}"#;
    let said = "bad: canary-password and canary-token in us-east";
    for answer in [
        json_answer(400, &json!({"message": said})),
        json_answer(200, &json!({"success": false, "message": said})),
        json_answer(200, &json!({"message": said})),
        json_answer(500, &json!({"error": said})),
    ] {
        let panda = with_app().await;
        panda.answer("POST", CONFIGURE, answer).await;
        let told = match panda.operate(configure(settings)).await {
            Ok(accepted) => format!("{accepted:?}"),
            Err(failure) => format!("{failure:?}"),
        };
        assert!(!told.contains("canary"), "{told}");
        assert!(told.contains("us-east"), "{told}");
    }
}
