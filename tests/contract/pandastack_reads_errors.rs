//! PandaStack: what error answers mean, and what they say.

use std::time::Duration;

use flightdeck::model::{AuthProblem, Failure, PageRequest};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{Bench, text};
use crate::pandastack_harness::{LIST, refused, set, start_with};

async fn only_managed() -> Bench {
    start_with(|it| set(it, "dialect", "api-v1")).await
}

async fn failure(answer: ResponseTemplate) -> Failure {
    let panda = only_managed().await;
    panda.answer("GET", LIST, answer).await;
    panda.platform.apps(PageRequest::first()).await.unwrap_err()
}

async fn check(status: u16, body: Value, expected: &str) {
    let failure = failure(refused(status, &body)).await;
    assert_eq!(failure.headline(), expected, "{status} {body}");
}

#[tokio::test]
async fn a_message_is_found_wherever_it_stands() {
    for (body, expected) in [
        (
            json!({"error": {"message": "a", "code": "X"}, "message": "b"}),
            "a",
        ),
        (json!({"error": "a", "message": "b"}), "a"),
        (json!({"message": "b", "errors": [{"msg": "c"}]}), "b"),
        (json!({"message": ["b", "c"]}), "b; c"),
        (
            json!({"errors": [{"msg": "c"}, {"detail": "d"}, "e"], "detail": "x"}),
            "c; d; e",
        ),
        (json!({"detail": "d", "title": "t"}), "d"),
        (json!({"error_description": "d", "title": "t"}), "d"),
        (json!({"title": "t"}), "t"),
        (json!("plain"), "plain"),
        (json!({}), "Internal Server Error"),
        (json!({"error": {"code": "X"}}), "Internal Server Error"),
    ] {
        check(500, body, &format!("server error 500: {expected}")).await;
    }
}

#[tokio::test]
async fn complaints_name_their_inputs() {
    let body = json!({"errors": [
        {"param": "slug", "msg": "is required"},
        {"path": "domain", "message": "is taken"},
        {"field": "plan", "detail": "is unknown"},
        "and more",
    ]});
    let expected = "slug: is required; domain: is taken; plan: is unknown; and more";
    check(422, body.clone(), expected).await;
    check(500, body, &format!("server error 500: {expected}")).await;
    check(
        400,
        json!({"message": "organization_id is required"}),
        "organization_id is required",
    )
    .await;
}

#[tokio::test]
async fn a_page_is_never_shown_raw() {
    let page = format!(
        "<html><head><style>p{{}}</style></head><h1>502 Bad</h1><p>{}</html>",
        "x".repeat(400)
    );
    let answer = ResponseTemplate::new(502).set_body_raw(page, "text/html");
    let headline = failure(answer).await.headline();
    assert!(
        headline.starts_with("server error 502: 502 Bad xxx"),
        "{headline}"
    );
    assert!(headline.ends_with("x…") && !headline.contains('<'));
    let said = headline.trim_start_matches("server error 502: ");
    assert_eq!(said.chars().count(), 201);
}

#[tokio::test]
async fn a_status_decides_what_to_do() {
    let said = json!({"message": "said"});
    assert_eq!(
        failure(refused(401, &said)).await,
        Failure::Auth(AuthProblem::Rejected)
    );
    let forbidden = Failure::Auth(AuthProblem::Forbidden(Some(text("said"))));
    assert_eq!(failure(refused(403, &said)).await, forbidden);
    check(
        403,
        json!({}),
        "not allowed: the token's organisation or role does not allow it",
    )
    .await;
    check(
        402,
        json!({}),
        "not allowed: the plan or the balance of the organisation is in the way",
    )
    .await;
    assert_eq!(
        failure(refused(409, &said)).await,
        Failure::Conflict(text("said"))
    );
    let again = refused(429, &said).insert_header("retry-after", "7");
    let limited = Failure::RateLimited {
        retry_after: Some(Duration::from_secs(7)),
        limit: None,
    };
    assert_eq!(failure(again).await, limited);
    for status in [500, 502, 503, 504] {
        let failure = failure(refused(status, &said)).await;
        assert!(matches!(failure, Failure::Server { status: it, .. } if it == status));
    }
    check(
        404,
        json!({"message": "Cannot GET"}),
        "the managed-apps API (which this host may no longer offer) does not exist or is not visible",
    )
    .await;
}

#[tokio::test]
async fn a_refusal_with_a_good_status_is_a_failure_too() {
    let refusal =
        |code: &str| json!({"success": false, "error": {"code": code, "message": "said"}});
    check(200, refusal("VALIDATION_ERROR"), "said").await;
    check(200, refusal("UNAUTHORIZED"), "token rejected").await;
    check(200, refusal("FORBIDDEN"), "not allowed: said").await;
    check(200, refusal("CONFLICT"), "said").await;
    check(200, refusal("INTERNAL_ERROR"), "server error 500: said").await;
    check(
        200,
        json!({"success": false, "statusCode": 503}),
        "server error 503: Service Unavailable",
    )
    .await;
    check(
        200,
        json!({"success": false}),
        "the platform does not accept this",
    )
    .await;
}

#[tokio::test]
async fn a_token_that_an_error_repeats_is_not_shown() {
    for body in [
        json!({"message": format!("bad token {}", crate::harness::TOKEN)}),
        json!({"error": {"message": crate::harness::TOKEN}}),
    ] {
        for status in [200, 400, 403, 500] {
            let mut body = body.clone();
            body["success"] = false.into();
            let failure = failure(refused(status, &body)).await;
            assert!(
                !format!("{failure:?} {failure}").contains("canary-token"),
                "{failure:?}"
            );
        }
    }
}
