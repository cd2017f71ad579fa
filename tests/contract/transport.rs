//! The HTTP layer: credentials, redirects, read-only contexts, what is sent once and what leaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flightdeck::model::{
    AuthProblem, DeployMode, Failure, NetworkProblem, OperationKind, PageRequest, Secret,
};
use flightdeck::platforms::divio;
use serde_json::json;
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::harness::{LIVE, TOKEN, connection, ok, start, start_with, text};

const ME: &str = "/iam/v3/me/";

fn redirect(status: u16, to: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("location", to)
}

#[tokio::test]
async fn a_token_is_asked_for_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let divio = start_with(|connection| {
        connection.credential = Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
            // With the line break that a file or a command ends in.
            Ok(Secret::new(format!("{TOKEN}\n")))
        });
    })
    .await;
    divio.get(ME, "me/ok").await;
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    for _ in 0..3 {
        divio.platform.account().await.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let requests = divio.server.received_requests().await.unwrap();
    assert_eq!(
        requests[0].headers["authorization"],
        format!("Token {TOKEN}")
    );
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    for (credential, place) in [
        (Err(text("variable X is not set")), "variable X is not set"),
        (Ok(Secret::new(" \n")), "it is empty"),
        (
            Ok(Secret::new("a\u{1}b")),
            "it has characters that no token has",
        ),
    ] {
        let divio = start_with(|connection| {
            connection.credential = Arc::new(move || credential.clone());
        })
        .await;
        let missing = Failure::Auth(AuthProblem::Missing(text(place)));
        assert_eq!(divio.platform.account().await, Err(missing));
        assert_eq!(divio.sent().await, [""; 0]);
    }
}

#[tokio::test]
async fn a_rejected_token_is_read_again_and_the_request_repeated_once() {
    let turn = Arc::new(AtomicUsize::new(0));
    let divio = start_with(|connection| {
        connection.credential = Arc::new(move || {
            let turn = turn.fetch_add(1, Ordering::SeqCst);
            Ok(Secret::new(format!("token-{turn}")))
        });
    })
    .await;
    let fresh = Mock::given(header("authorization", "Token token-1"));
    fresh.respond_with(ok("me/ok")).mount(&divio.server).await;
    divio.answer("GET", ME, ResponseTemplate::new(401)).await;
    divio.platform.account().await.unwrap();
    assert_eq!(divio.sent().await.len(), 2);
    divio.platform.account().await.unwrap();
    assert_eq!(divio.sent().await.len(), 3);
}

#[tokio::test]
async fn the_same_rejected_token_is_not_sent_again() {
    let divio = start().await;
    divio.answer("GET", ME, ResponseTemplate::new(401)).await;
    let rejected = divio.platform.account().await;
    assert_eq!(rejected, Err(Failure::Auth(AuthProblem::Rejected)));
    assert_eq!(divio.sent().await.len(), 1);
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_the_answer() {
    for status in [400, 404, 409, 429, 500, 502, 503, 504] {
        let divio = start().await;
        let at = format!("/apps/v3/environments/{LIVE}/stop/");
        divio
            .answer("POST", &at, ResponseTemplate::new(status))
            .await;
        divio
            .operate(OperationKind::Stop { process: None })
            .await
            .unwrap_err();
        assert_eq!(divio.sent().await.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_read_follows_redirects_on_the_same_origin() {
    for status in [301, 302, 307, 308] {
        let divio = start().await;
        divio
            .answer("GET", ME, redirect(status, "/iam/v3/me/there/?x=1"))
            .await;
        divio.get("/iam/v3/me/there/", "me/ok").await;
        divio.platform.account().await.unwrap();
        assert_eq!(
            divio.sent().await,
            ["GET /iam/v3/me/", "GET /iam/v3/me/there/?x=1"]
        );
    }
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_not_followed() {
    let elsewhere = MockServer::start().await;
    Mock::given(any())
        .respond_with(ok("me/ok"))
        .mount(&elsewhere)
        .await;
    let divio = start().await;
    divio
        .answer(
            "GET",
            ME,
            redirect(302, &format!("{}{ME}", elsewhere.uri())),
        )
        .await;
    let refused = divio.platform.account().await.unwrap_err();
    assert!(
        matches!(refused, Failure::Server { status: 302, .. }),
        "{refused:?}"
    );
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn redirects_in_a_circle_come_to_an_end() {
    let divio = start().await;
    divio.answer("GET", ME, redirect(301, ME)).await;
    let refused = divio.platform.account().await.unwrap_err();
    assert!(matches!(refused, Failure::Server { .. }), "{refused:?}");
    assert_eq!(divio.sent().await.len(), 6);
}

#[tokio::test]
async fn a_write_follows_no_redirect() {
    let divio = start().await;
    let at = format!("/apps/v3/environments/{LIVE}/stop/");
    divio
        .answer("POST", &at, redirect(308, "/apps/v3/elsewhere/"))
        .await;
    let refused = divio
        .operate(OperationKind::Stop { process: None })
        .await
        .unwrap_err();
    assert!(
        matches!(refused, Failure::Server { status: 308, .. }),
        "{refused:?}"
    );
    assert_eq!(divio.sent().await.len(), 1);
}

#[tokio::test]
async fn a_token_does_not_go_over_plain_http_to_another_machine() {
    let refuse = |allow| {
        let mut connection = connection("http://api.example.org");
        connection.allow_plain_http = allow;
        divio::connect(connection).map(|_| ())
    };
    assert!(matches!(refuse(false), Err(Failure::Validation(_))));
    // Where there are no certificates a client is not made either, for another reason.
    let allowed = refuse(true);
    assert!(
        !matches!(allowed, Err(Failure::Validation(_))),
        "{allowed:?}"
    );
}

#[tokio::test]
async fn a_read_only_context_reads() {
    let divio = start_with(|connection| connection.read_only = true).await;
    divio.get(ME, "me/ok").await;
    divio.platform.account().await.unwrap();
    let mode = DeployMode::Auto;
    let refused = divio.operate(OperationKind::Deploy { mode }).await;
    assert_eq!(refused, Err(Failure::ReadOnly));
    assert_eq!(divio.sent().await, ["GET /iam/v3/me/"]);
}

#[tokio::test]
async fn a_base_with_a_path_is_a_prefix() {
    let divio = start_with(|connection| {
        connection.base_url.set_path("/tunnel/");
    })
    .await;
    let mut one = crate::harness::fixture("applications/page_one");
    let answer = ResponseTemplate::new(200).set_body_json(one.take());
    divio
        .once("GET", "/tunnel/apps/v3/applications/", answer)
        .await;
    divio
        .get("/tunnel/apps/v3/applications/", "applications/page_two")
        .await;
    let one = divio.platform.apps(PageRequest::first()).await.unwrap();
    divio.platform.apps(crate::harness::at(&one)).await.unwrap();
    assert_eq!(divio.sent().await.len(), 2);
}

#[tokio::test]
async fn rate_headers_are_remembered() {
    let divio = start().await;
    let answer = ok("me/ok")
        .insert_header("ratelimit-limit", "5000")
        .insert_header("ratelimit-remaining", "412");
    divio.once("GET", ME, answer).await;
    divio.get(ME, "me/ok").await;
    assert_eq!(divio.platform.budget(), None);
    for _ in 0..2 {
        divio.platform.account().await.unwrap();
        let budget = divio.platform.budget().unwrap();
        assert_eq!((budget.remaining, budget.limit), (412, 5000));
    }
}

#[tokio::test]
async fn nothing_answers_where_nothing_listens() {
    let divio = start_with(|connection| {
        connection.base_url = "http://127.0.0.1:9".parse().unwrap();
    })
    .await;
    let failure = divio.platform.account().await.unwrap_err();
    let Failure::Network {
        problem,
        sent,
        detail,
    } = &failure
    else {
        panic!("{failure:?}")
    };
    assert_eq!((*problem, *sent), (NetworkProblem::Connect, false));
    assert!(detail.as_str().contains("refused"), "{detail}");
    assert!(!format!("{failure:?}").contains(TOKEN));
}

#[tokio::test]
async fn no_failure_shows_a_token() {
    for status in [400, 401, 403, 404, 429, 500] {
        let divio = start().await;
        let answer = ResponseTemplate::new(status).set_body_json(json!({"detail": "no"}));
        divio.answer("GET", ME, answer).await;
        let failure = divio.platform.account().await.unwrap_err();
        let shown = format!("{failure:?} {failure} {}", failure.advice());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
    assert!(!format!("{:?}", connection("http://localhost").base_url).contains(TOKEN));
}
