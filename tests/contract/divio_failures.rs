//! Divio: what its error answers mean.

use std::time::Duration;

use flightdeck::model::{
    AuthProblem, DeployMode, DeploymentId, Failure, FieldProblem, OperationKind, PageRequest,
};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::harness::{LIVE, fixture, ok, start, text};

const ME: &str = "/iam/v3/me/";

async fn failure(answer: ResponseTemplate) -> Failure {
    let divio = start().await;
    divio.answer("GET", ME, answer).await;
    divio.platform.account().await.unwrap_err()
}

fn error(status: u16, name: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(fixture(name))
}

fn problem(field: Option<&str>, problem: &str) -> FieldProblem {
    FieldProblem {
        field: field.map(text),
        problem: text(problem),
    }
}

#[tokio::test]
async fn bad_input_is_named_by_field() {
    assert_eq!(
        failure(error(400, "errors/fields")).await,
        Failure::Validation(vec![
            problem(Some("domain_config"), "tls.mode: Unknown mode."),
            problem(Some("name"), "This field is required."),
            problem(Some("name"), "Too short."),
        ])
    );
    let all = Failure::Validation(vec![problem(None, "Can not add another Environment.")]);
    assert_eq!(failure(error(400, "errors/non_field")).await, all);
    let list = Failure::Validation(vec![problem(None, "Bad, all of it.")]);
    assert_eq!(failure(error(400, "errors/list")).await, list);
    let words = Failure::Validation(vec![problem(None, "The words of the platform.")]);
    assert_eq!(failure(error(400, "errors/detail")).await, words);
    assert_eq!(
        failure(ResponseTemplate::new(400)).await,
        Failure::Validation(Vec::new())
    );
}

#[tokio::test]
async fn a_rejected_token_is_not_a_missing_permission() {
    let rejected = failure(error(401, "errors/detail")).await;
    assert_eq!(rejected, Failure::Auth(AuthProblem::Rejected));
    let forbidden = failure(error(403, "errors/detail")).await;
    let words = text("The words of the platform.");
    assert_eq!(
        forbidden,
        Failure::Auth(AuthProblem::Forbidden(Some(words)))
    );
    let silent = failure(ResponseTemplate::new(403)).await;
    assert_eq!(silent, Failure::Auth(AuthProblem::Forbidden(None)));
}

#[tokio::test]
async fn what_is_not_found_is_named() {
    let divio = start().await;
    divio
        .answer(
            "GET",
            "/apps/v3/deployments/d%201/",
            error(404, "errors/detail"),
        )
        .await;
    let missing = divio.platform.deployment(&DeploymentId::new("d 1")).await;
    let subject = text("deployment d 1");
    assert_eq!(missing.unwrap_err(), Failure::NotFound { subject });
}

#[tokio::test]
async fn a_wrong_method_names_the_operation() {
    let Failure::Server {
        status: 405,
        message: Some(message),
        ..
    } = failure(error(405, "errors/detail")).await
    else {
        panic!()
    };
    assert_eq!(message.as_str(), "GetCurrentUser is not GET /iam/v3/me/");
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    let limited = |wait: Option<u64>| Failure::RateLimited {
        retry_after: wait.map(Duration::from_secs),
        limit: None,
    };
    let answer = || error(429, "errors/detail");
    assert_eq!(failure(answer()).await, limited(None));
    assert_eq!(
        failure(answer().insert_header("retry-after", "31")).await,
        limited(Some(31))
    );
    let dated = answer()
        .insert_header("retry-after", "Sat, 02 Mar 2024 10:00:31 GMT")
        .insert_header("date", "Sat, 02 Mar 2024 10:00:00 GMT");
    assert_eq!(failure(dated).await, limited(Some(31)));
}

#[tokio::test]
async fn a_broken_platform_is_quoted_without_markup() {
    let page =
        "<html><head><title>502 Bad Gateway</title></head><body>\u{1b}[6nnginx</body></html>";
    let answer = ResponseTemplate::new(502)
        .set_body_string(page)
        .insert_header("x-request-id", "req-1");
    assert_eq!(
        failure(answer).await,
        Failure::Server {
            status: 502,
            message: Some(text("502 Bad Gateway nginx")),
            request_id: Some(text("req-1")),
        }
    );
    let long = ResponseTemplate::new(500).set_body_string("x".repeat(5000));
    let Failure::Server {
        message: Some(message),
        ..
    } = failure(long).await
    else {
        panic!()
    };
    assert_eq!(message.as_str().chars().count(), 301);
    let other =
        failure(ResponseTemplate::new(418).set_body_json(json!({"detail": "teapot"}))).await;
    assert!(
        matches!(other, Failure::Server { status: 418, .. }),
        "{other:?}"
    );
}

#[tokio::test]
async fn a_conflict_is_in_the_platforms_words() {
    let words = text("The words of the platform.");
    assert_eq!(
        failure(error(409, "errors/detail")).await,
        Failure::Conflict(words)
    );
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_located() {
    let located = |failure: Failure| {
        let Failure::Decode {
            endpoint,
            path,
            expected,
            found,
        } = failure
        else {
            panic!("{failure:?}")
        };
        format!("{endpoint} {path}: {expected} / {found}")
    };
    let html = ResponseTemplate::new(200).set_body_string("<html>log in</html>");
    assert_eq!(
        located(failure(html).await),
        "GetCurrentUser the top: JSON / an HTML page"
    );
    let empty = ResponseTemplate::new(200);
    assert_eq!(
        located(failure(empty).await),
        "GetCurrentUser the top: JSON / nothing"
    );
    let other = ResponseTemplate::new(200).set_body_json(json!({"uuid": ["canary"]}));
    assert_eq!(
        located(failure(other).await),
        "GetCurrentUser uuid: a string / sequence"
    );

    let divio = start().await;
    divio
        .get("/apps/v3/applications/", "applications/all_unreadable")
        .await;
    let none = divio.platform.apps(PageRequest::first()).await.unwrap_err();
    assert_eq!(
        located(none),
        "ListApplications results[0]: uuid / no such field"
    );
    let list = ResponseTemplate::new(200).set_body_json(json!({"detail": "no list"}));
    divio.answer("GET", "/apps/v3/regions/", list).await;
    let none = divio
        .platform
        .regions(PageRequest::first())
        .await
        .unwrap_err();
    assert_eq!(
        located(none),
        "ListRegions the top: results / no such field"
    );
}

#[tokio::test]
async fn a_failed_reading_before_a_write_sent_nothing() {
    // Nothing listens there.
    let divio = crate::harness::start_with(|connection| {
        connection.base_url = "http://127.0.0.1:9".parse().unwrap();
    })
    .await;
    let mode = DeployMode::Auto;
    let failure = divio
        .operate(OperationKind::Deploy { mode })
        .await
        .unwrap_err();
    assert!(
        matches!(failure, Failure::Network { sent: false, .. }),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_null_list_is_an_empty_one() {
    let divio = start().await;
    let null = ResponseTemplate::new(200).set_body_json(json!({"count": null, "results": null}));
    divio.answer("GET", "/apps/v3/regions/", null).await;
    let page = divio.platform.regions(PageRequest::first()).await.unwrap();
    assert_eq!((page.items.len(), page.next, page.total), (0, None, None));
}

#[tokio::test]
async fn a_link_out_of_the_api_does_not_end_a_list_silently() {
    let divio = start().await;
    let mut page = fixture("regions/list");
    page["next"] = json!("https://api.divio.com/admin/?page=2");
    let answer = ResponseTemplate::new(200).set_body_json(page);
    divio.answer("GET", "/apps/v3/regions/", answer).await;
    let failure = divio
        .platform
        .regions(PageRequest::first())
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Decode { .. }), "{failure:?}");
}

#[tokio::test]
async fn an_identifier_cannot_leave_its_path() {
    let divio = start().await;
    divio
        .answer(
            "GET",
            "/apps/v3/environments/..%2F..%2Fadmin/",
            ok("environments/live"),
        )
        .await;
    let id = flightdeck::model::EnvId::new("../../admin");
    assert_eq!(
        divio.platform.environment(&id).await.unwrap().id.as_str(),
        LIVE
    );
    for bad in ["", ".", ".."] {
        let id = flightdeck::model::EnvId::new(bad);
        let failure = divio.platform.environment(&id).await.unwrap_err();
        assert!(matches!(failure, Failure::NotFound { .. }), "{bad:?}");
    }
    assert_eq!(divio.sent().await.len(), 1);
}
