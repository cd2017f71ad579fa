//! Pangea: what is asked, and what is made of the answers.

use std::time::Duration;

use flightdeck::model::{
    AuthProblem, Capability, DetailValue, EnvId, Failure, OrgId, PageRequest, Query, Status, Text,
};
use flightdeck::platforms::read;
use futures_util::future::join_all;
use proptest::prelude::*;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::harness::{Bench, TOKEN, at};
use crate::pangea_harness::{
    GET, GET_ORG, LIST, ORG, OTHER, PROJECT, REQUEST, app, envelope, listing, organisation,
    project, region, settings, start, start_with, success, told,
};

/// The projects, as one page.
async fn apps(pangea: &Bench) -> Result<Vec<String>, Failure> {
    let page = pangea.platform.apps(PageRequest::first()).await?;
    Ok(page.items.iter().map(|app| app.name.to_string()).collect())
}

#[tokio::test]
async fn the_organisation_is_the_account() {
    let pangea = start().await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    let account = pangea.platform.account().await.unwrap();
    assert_eq!(account.name.as_str(), "Example Ltd");
    let details: Vec<_> = account.details.iter().map(|it| it.label).collect();
    assert_eq!(
        details,
        ["Id", "Owner", "E-mail of the owner", "Cloud", "Created"]
    );
    let page = pangea.platform.organisations(PageRequest::first());
    let page = page.await.unwrap();
    assert_eq!(page.items[0].id.as_str(), ORG);
    // One question of one round.
    assert_eq!(pangea.sent().await, [format!("POST {GET_ORG}")]);
    assert_eq!(pangea.last_body().await, json!({"id": ORG}));
    let requests = pangea.server.received_requests().await.unwrap();
    let header = &requests[0].headers["authorization"];
    assert_eq!(header.to_str().unwrap(), format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn a_project_is_an_app_with_one_region() {
    let pangea = start().await;
    let mut odd = json!({"id": OTHER, "geo": "eu", "name": null, "updated_at": "soon"});
    let page = [project(PROJECT, "checkout"), odd.take()];
    pangea.answer("POST", LIST, listing(&page)).await;
    let apps = pangea.platform.apps(PageRequest::first()).await.unwrap();
    assert_eq!((apps.total, apps.next), (Some(2), None));
    let (first, second) = (&apps.items[0], &apps.items[1]);
    assert_eq!(
        (first.id.as_str(), first.name.as_str()),
        (PROJECT, "checkout")
    );
    assert_eq!((&first.status, &first.reason), (&Status::Present, &None));
    assert_eq!(first.revision, None);
    assert_eq!(first.organisation, Some(OrgId::new(ORG)));
    let details = first.details.iter();
    let words: Vec<_> = details
        .filter_map(|it| {
            let DetailValue::Text(text) = &it.value else {
                return None;
            };
            Some((it.label, text.as_str()))
        })
        .collect();
    let expected = [
        ("Id", PROJECT),
        ("Geo", "us"),
        ("Region", "us-west-1"),
        ("Organisation", ORG),
    ];
    assert_eq!(words, expected);
    assert_eq!((second.name.as_str(), second.created_at), (OTHER, None));
    let regions = pangea.platform.all_environments(PageRequest::first());
    let regions = regions.await.unwrap().items;
    let names: Vec<_> = regions.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["us-west-1", "eu"]);
    assert!(regions.iter().all(|it| it.is_synthetic && !it.tells_lists));
    assert_eq!((regions[0].id.as_str(), &regions[0].app), (PROJECT, &app()));
    // Both are one list.
    assert_eq!(pangea.sent().await.len(), 1);
    let expected = json!({"org_id": ORG, "offset": 0, "limit": 100});
    assert_eq!(pangea.last_body().await, expected);
}

#[tokio::test]
async fn one_project_is_asked_for_by_its_id() {
    let pangea = start().await;
    pangea
        .answer("POST", GET, success(&project(PROJECT, "checkout")))
        .await;
    let found = pangea.platform.environment(&region()).await.unwrap();
    assert_eq!(found.name.as_str(), "us-west-1");
    assert_eq!(pangea.last_body().await, json!({"id": PROJECT}));
    let app = app();
    let page = pangea.platform.environments(&app, PageRequest::first());
    assert_eq!(page.await.unwrap().items, [found]);
}

#[tokio::test]
async fn settings_say_which_projects() {
    let pangea = start_with(|connection| {
        connection.settings = settings(&[("search", "a,b"), ("geo", "eu")]);
    })
    .await;
    pangea.answer("POST", LIST, listing(&[])).await;
    assert_eq!(apps(&pangea).await, Ok(Vec::new()));
    let filter = json!({"search": "a,b", "geo": "eu"});
    assert_eq!(pangea.last_body().await["filter"], filter);
}

/// What becomes of an answer to a list.
async fn failed(answer: ResponseTemplate) -> Failure {
    let pangea = start().await;
    pangea.answer("POST", LIST, answer).await;
    apps(&pangea).await.unwrap_err()
}

#[tokio::test]
async fn every_status_means_what_it_says_under_any_code() {
    let own = |request: &str| format!("{request} (request {REQUEST})");
    for (code, status, expected) in [
        (
            401,
            "Unauthorized",
            own("token rejected: Unauthorized: why"),
        ),
        (
            200,
            "unauthorized",
            own("token rejected: unauthorized: why"),
        ),
        (
            404,
            "NotFound",
            format!("projects of {ORG} (request {REQUEST}) does not exist or is not visible"),
        ),
        (
            200,
            "not_found",
            format!("projects of {ORG} (request {REQUEST}) does not exist or is not visible"),
        ),
        (
            402,
            "NoCredit",
            "server error 402: NoCredit: why".to_owned(),
        ),
        (
            200,
            "ServiceNotEnabled",
            "server error 200: ServiceNotEnabled: why".to_owned(),
        ),
        (
            500,
            "InternalError",
            "server error 500: InternalError: why".to_owned(),
        ),
        (
            200,
            "InternalError",
            "server error 500: InternalError: why".to_owned(),
        ),
        (418, "Teapot", "server error 418: Teapot: why".to_owned()),
        (400, "Success", "server error 400: Success: why".to_owned()),
    ] {
        let failure = failed(envelope(code, status, "why", &Value::Null)).await;
        assert_eq!(failure.headline(), expected, "{code} {status}");
        // Support asks for it.
        assert!(told(&failure).contains(REQUEST), "{failure:?}");
    }
}

#[tokio::test]
async fn a_client_that_may_not_list_is_told_why() {
    for (code, status) in [(403, "Forbidden"), (200, "AccessForbiddenHere")] {
        let failure = failed(envelope(code, status, "role too small", &Value::Null)).await;
        let Failure::Auth(AuthProblem::Forbidden(Some(need))) = &failure else {
            panic!("{failure:?}")
        };
        let expected = format!(
            "{status}: role too small (request {REQUEST}); a management client of a project may not \
             do this, only one of the organisation"
        );
        assert_eq!(need.as_str(), expected);
        assert!(!failure.is_bad_credential());
    }
    // Of a project alone, nothing of the kind is said.
    let pangea = start().await;
    let answer = envelope(403, "Forbidden", "", &Value::Null);
    pangea.answer("POST", GET, answer).await;
    let failure = pangea.platform.environment(&region()).await.unwrap_err();
    let expected = format!("not allowed: Forbidden (request {REQUEST})");
    assert_eq!(failure.headline(), expected);
}

#[tokio::test]
async fn too_many_requests_say_when_to_come_again() {
    let pangea = start().await;
    let busy = || envelope(429, "TooManyRequests", "", &Value::Null);
    pangea
        .once("POST", LIST, busy().insert_header("retry-after", "31"))
        .await;
    for _ in 0..2 {
        pangea.once("POST", LIST, busy()).await;
    }
    pangea.once("POST", LIST, listing(&[])).await;
    pangea.answer("POST", LIST, busy()).await;
    let mut waits = Vec::new();
    for _ in 0..5 {
        match apps(&pangea).await {
            Err(Failure::RateLimited { retry_after, limit }) => {
                assert_eq!(limit, Some(Text::clean(&format!("request {REQUEST}"))));
                waits.push(retry_after.map(|wait| wait.as_secs()));
            }
            Err(failure) => panic!("{failure:?}"),
            // What was just read is not asked for again.
            Ok(_) => waits.push(None),
        }
        if waits.len() == 4 {
            break;
        }
    }
    assert_eq!(waits, [Some(31), Some(5), Some(10), None]);
}

#[tokio::test]
async fn complaints_stand_at_the_fields_of_the_form() {
    let errors = json!({"errors": [
        {"code": "AboveMaxLength", "detail": "is too long", "source": "/name"},
        {"code": "DoesNotExist", "detail": "", "source": "/org_id", "path": "/properties/org_id"},
        {"detail": "is odd", "source": "/filter/geo"},
        {},
    ]});
    let failure = failed(envelope(400, "ValidationError", "no", &errors)).await;
    let expected = format!(
        "name: is too long (AboveMaxLength); organisation: DoesNotExist; filter/geo: is odd; \
         is not accepted; request {REQUEST}"
    );
    assert_eq!(failure.headline(), expected);
    for empty in [json!({"errors": []}), json!({"errors": null}), Value::Null] {
        let failure = failed(envelope(400, "ValidationError", "no", &empty)).await;
        let expected = format!("ValidationError: no; request {REQUEST}");
        assert_eq!(failure.headline(), expected);
    }
}

#[tokio::test]
async fn what_is_no_envelope_is_not_believed() {
    for (code, body, expected) in [
        (
            503,
            "<h1>busy</h1>",
            "server error 503: temporarily unavailable: busy",
        ),
        (503, "", "server error 503: temporarily unavailable"),
        (
            502,
            "<p>bad gateway",
            "server error 502: not Pangea's form of an answer: bad gateway",
        ),
        (
            404,
            "{}",
            "server error 404: not Pangea's form of an answer: {}",
        ),
        (
            307,
            "",
            "server error 307: not Pangea's form of an answer: nothing",
        ),
        (
            200,
            "[1]",
            "flightdeck does not understand ListProjects at the top: expected an envelope \
                      with `status`, found HTTP 200 with: [1] (request r-1)",
        ),
        (
            202,
            "",
            "flightdeck does not understand ListProjects at the top: expected an envelope with \
                   `status`, found HTTP 202 with: nothing (request r-1)",
        ),
        (401, "no", "token rejected: HTTP 401 (request r-1)"),
        (429, "no", "rate limited, again in 5 s"),
    ] {
        let answer = ResponseTemplate::new(code)
            .set_body_string(body)
            .insert_header("x-request-id", "r-1");
        let failure = failed(answer).await;
        assert_eq!(failure.headline(), expected, "{code} {body}");
    }
    let long = failed(ResponseTemplate::new(200).set_body_string("é".repeat(500))).await;
    let Failure::Decode { found, .. } = long else {
        panic!("{long:?}")
    };
    assert_eq!(found.as_str().matches('é').count(), 200);
}

#[tokio::test]
async fn a_secret_that_is_repeated_is_not_shown() {
    for code in [200, 400, 500] {
        let summary = format!("bad token {TOKEN}");
        let failure = failed(envelope(code, "Failed", &summary, &Value::Null)).await;
        assert!(!told(&failure).contains("canary"), "{failure:?}");
        assert!(failure.headline().contains("bad token ***"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_list_may_be_null_and_not_missing() {
    let null = success(&json!({"results": null, "count": null}));
    let pangea = start().await;
    pangea.answer("POST", LIST, null).await;
    assert_eq!(apps(&pangea).await, Ok(Vec::new()));
    for (result, path) in [
        (json!({"count": 0}), "result"),
        (Value::Null, "result"),
        (json!({"results": {}}), "result.results"),
        (json!({"results": [{"name": "x"}]}), "result.results[0]"),
    ] {
        let failure = failed(success(&result)).await;
        let Failure::Decode { path: found, .. } = &failure else {
            panic!("{failure:?}")
        };
        assert_eq!(found.as_str(), path, "{result}");
        // Support asks for it.
        let is_whole = path.contains('[');
        assert!(is_whole || told(&failure).contains(REQUEST), "{failure:?}");
    }
    // One that is odd does not cost the others.
    let pangea = start().await;
    let page = [json!({"name": "x"}), project(PROJECT, "checkout")];
    pangea.answer("POST", LIST, listing(&page)).await;
    assert_eq!(apps(&pangea).await, Ok(vec!["checkout".to_owned()]));
}

/// A page of so many projects at an offset.
async fn mount_page(pangea: &Bench, offset: usize, names: std::ops::Range<usize>, count: u64) {
    let letter = |digit: usize| char::from(b"abcdefghij"[digit % 10]);
    let id = |n: usize| format!("ppi_{}{}{}", letter(n / 100), letter(n / 10), letter(n));
    let results: Vec<_> = names.map(|n| project(&id(n), &format!("p{n}"))).collect();
    let mock = Mock::given(method("POST"))
        .and(path(LIST))
        .and(body_partial_json(json!({"offset": offset})));
    let answer = success(&json!({"results": results, "count": count}));
    mock.respond_with(answer).mount(&pangea.server).await;
}

/// All projects, as the engine walks them.
async fn walk(pangea: &Bench) -> Vec<String> {
    let (mut names, mut request) = (Vec::new(), PageRequest::first());
    loop {
        let page = pangea.platform.apps(request).await.unwrap();
        names.extend(page.items.iter().map(|app| app.name.to_string()));
        if page.next.is_none() {
            return names;
        }
        request = at(&page);
    }
}

#[tokio::test]
async fn a_long_list_comes_page_by_page_for_both_questions() {
    let pangea = start().await;
    mount_page(&pangea, 0, 0..100, 130).await;
    // Somebody made a project meanwhile: the pages overlap.
    mount_page(&pangea, 100, 99..130, 131).await;
    mount_page(&pangea, 131, 130..131, 131).await;
    let names = walk(&pangea).await;
    assert_eq!(names.len(), 131);
    assert_eq!(pangea.sent().await.len(), 3);
    let first = pangea.platform.apps(PageRequest::first()).await.unwrap();
    assert_eq!((first.items.len(), first.total), (100, Some(130)));
    let second = pangea.platform.all_environments(at(&first)).await.unwrap();
    assert_eq!(second.items.len(), 30);
    assert_eq!(pangea.sent().await.len(), 3);
}

#[tokio::test]
async fn a_list_that_repeats_itself_ends() {
    let pangea = start().await;
    let page: Vec<_> = (0..100)
        .map(|n| project(&format!("ppi_a{}", "b".repeat(n)), &format!("p{n}")))
        .collect();
    let answer = success(&json!({"results": page, "count": 100_000}));
    pangea.answer("POST", LIST, answer).await;
    assert_eq!(walk(&pangea).await.len(), 100);
    assert_eq!(pangea.sent().await.len(), 2);
}

#[tokio::test]
async fn who_asks_at_the_same_time_gets_one_answer() {
    let pangea = start().await;
    let slow = listing(&[project(PROJECT, "checkout")]).set_delay(Duration::from_millis(50));
    pangea.answer("POST", LIST, slow).await;
    let reads = (0..20).map(|_| apps(&pangea));
    for answer in join_all(reads).await {
        assert_eq!(answer, Ok(vec!["checkout".to_owned()]));
    }
    assert_eq!(pangea.sent().await.len(), 1);
    let first = PageRequest::first();
    assert!(pangea.platform.is_at_hand(&Query::Apps, &first));
    assert!(!pangea.platform.is_at_hand(&Query::Account, &first));
}

#[tokio::test]
async fn a_repeated_read_names_the_requests_that_failed() {
    let pangea = start().await;
    for id in [Some("r-1"), None, Some("r-2")] {
        let broken = envelope(500, "InternalError", "", &Value::Null);
        let broken = match id {
            Some(id) => broken.insert_header("x-request-id", id),
            None => broken,
        };
        pangea.once("POST", LIST, broken).await;
    }
    pangea.answer("POST", LIST, listing(&[])).await;
    for is_good in [false, false, false, true] {
        assert_eq!(apps(&pangea).await.is_ok(), is_good);
    }
    let requests = pangea.server.received_requests().await.unwrap();
    let named: Vec<_> = requests
        .iter()
        .map(|it| {
            let header = it.headers.get("x-pangea-retried-request-ids");
            header.map_or("", |it| it.to_str().unwrap())
        })
        .collect();
    assert_eq!(named, ["", "r-1", "r-1", "r-1,r-2"]);
}

#[tokio::test]
async fn what_is_no_id_is_not_sent() {
    let pangea = start_with(|it| it.organisation = Some(OrgId::new("ppi_abc"))).await;
    let failure = apps(&pangea).await.unwrap_err();
    assert!(
        failure
            .headline()
            .starts_with("organisation: `ppi_abc` is no id")
    );
    let id = EnvId::new("ppi_../../x");
    let failure = pangea.platform.environment(&id).await.unwrap_err();
    assert!(failure.headline().starts_with("project: "), "{failure}");
    let nobody = start_with(|it| it.organisation = None).await;
    let failure = apps(&nobody).await.unwrap_err();
    assert!(matches!(failure, Failure::Local { .. }), "{failure:?}");
    for pangea in [pangea, nobody] {
        assert_eq!(pangea.sent().await, [""; 0]);
    }
}

#[tokio::test]
async fn an_id_of_another_length_is_asked_for_and_remarked_on() {
    let pangea = start_with(|it| it.organisation = Some(OrgId::new("poi_abc"))).await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    let account = pangea.platform.account().await.unwrap();
    let remark = account.details.iter().find(|it| it.label == "Remark");
    let Some(DetailValue::Text(text)) = remark.map(|it| &it.value) else {
        panic!("{account:?}")
    };
    assert!(
        text.as_str().contains("usually has 36 characters"),
        "{text}"
    );
}

#[tokio::test]
async fn what_does_not_exist_is_not_asked_for() {
    let pangea = start().await;
    for query in [
        Query::Backups(region()),
        Query::Variables(region()),
        Query::Domains(region()),
        Query::Services(region()),
        Query::Jobs(region()),
        Query::Regions,
        Query::Units(region()),
    ] {
        let answer = read(pangea.platform.as_ref(), &query, PageRequest::first()).await;
        assert!(
            matches!(answer, Err(Failure::Unsupported { .. })),
            "{query:?}"
        );
    }
    assert!(
        pangea
            .platform
            .support(Capability::ListApps)
            .refusal()
            .is_none()
    );
    assert_eq!(pangea.sent().await, [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The documentation itself writes "success" and "Success".
    #[test]
    fn success_is_success_however_it_is_written(
        upper in proptest::collection::vec(any::<bool>(), 7),
        filling in proptest::collection::vec("[ _-]{0,1}", 7),
    ) {
        let letters = "success".chars().zip(upper.iter().zip(&filling));
        let mut status = String::new();
        for (letter, (is_upper, filling)) in letters {
            status.push(if *is_upper { letter.to_ascii_uppercase() } else { letter });
            status.push_str(filling);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let found = runtime.block_on(async {
            let pangea = start().await;
            let result = json!({"results": [project(PROJECT, "checkout")]});
            pangea.answer("POST", LIST, envelope(200, &status, "", &result)).await;
            apps(&pangea).await
        });
        prop_assert_eq!(found, Ok(vec!["checkout".to_owned()]), "{}", status);
    }
}
