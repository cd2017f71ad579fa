//! Pangea: tokens. What a client is exchanged for, where, and what is never sent.

use std::sync::Arc;
use std::time::Duration;

use flightdeck::model::{AuthProblem, Failure, PageRequest, Secret};
use futures_util::future::join_all;
use serde_json::{Value, json};
use wiremock::matchers::{header, path};
use wiremock::{Mock, ResponseTemplate};

use crate::harness::Bench;
use crate::pangea_harness::{
    CREATE, Frozen, GET, GET_ORG, LIST, PROJECT, Stranger, TOKEN_PATH, create, envelope, listing,
    organisation, project, region, settings, start_with, success, told,
};

const SECRET: &str = "canary-secret";

/// A management client.
async fn client() -> Bench {
    client_with(&[]).await
}

async fn client_with(more: &[(&'static str, &str)]) -> Bench {
    let mut pairs = vec![("client_id", "psa_client")];
    pairs.extend(more);
    start_with(|connection| {
        connection.settings = settings(&pairs);
        connection.credential = Arc::new(|| Ok(Secret::new(SECRET)));
    })
    .await
}

fn granted(token: &str, expires_in: &Value) -> ResponseTemplate {
    let mut body = json!({"access_token": token, "token_type": "bearer"});
    if !expires_in.is_null() {
        body["expires_in"] = expires_in.clone();
    }
    ResponseTemplate::new(200).set_body_json(body)
}

async fn ask(pangea: &Bench) -> Result<(), Failure> {
    pangea.platform.account().await.map(|_| ())
}

/// Everything that was sent: `path header`.
async fn sent(pangea: &Bench) -> Vec<String> {
    let requests = pangea.server.received_requests().await.unwrap();
    let lines = requests.iter().map(|request| {
        let header = request.headers.get("authorization");
        let header = header.map_or("", |it| it.to_str().unwrap());
        let kind = header.split(' ').next().unwrap_or_default();
        let token = header.strip_prefix("Bearer ").unwrap_or(kind);
        let path = request.url.path().rsplit('/').next().unwrap_or_default();
        format!("{path} {token}").trim_end().to_owned()
    });
    lines.collect()
}

#[tokio::test]
async fn a_client_is_exchanged_for_a_token_once() {
    let pangea = client().await;
    let hour = json!(3600);
    pangea
        .answer("POST", TOKEN_PATH, granted("t-1", &hour))
        .await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    pangea.answer("POST", LIST, listing(&[])).await;
    ask(&pangea).await.unwrap();
    pangea.platform.apps(PageRequest::first()).await.unwrap();
    assert_eq!(sent(&pangea).await, ["token Basic", "get t-1", "list t-1"]);
    let requests = pangea.server.received_requests().await.unwrap();
    let form = std::str::from_utf8(&requests[0].body).unwrap();
    assert_eq!(form, "grant_type=client_credentials");
    let header = requests[0].headers["authorization"].to_str().unwrap();
    // psa_client:canary-secret
    assert_eq!(header, "Basic cHNhX2NsaWVudDpjYW5hcnktc2VjcmV0");
    assert!(requests[1..].iter().all(|it| {
        !format!("{:?} {}", it.headers, String::from_utf8_lossy(&it.body)).contains(SECRET)
    }));
}

#[tokio::test]
async fn the_form_is_tried_once_and_remembered_and_a_scope_goes_along() {
    let time = Frozen::start();
    let pangea = client_with(&[("scope", "pangea:platform:account:read")]).await;
    let unknown = ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"}));
    pangea.once("POST", TOKEN_PATH, unknown).await;
    let text = json!("120");
    pangea
        .answer("POST", TOKEN_PATH, granted("t-1", &text))
        .await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    ask(&pangea).await.unwrap();
    assert_eq!(sent(&pangea).await, ["token Basic", "token", "get t-1"]);
    let requests = pangea.server.received_requests().await.unwrap();
    let form = String::from_utf8(requests[1].body.clone()).unwrap();
    let expected = "grant_type=client_credentials&scope=pangea%3Aplatform%3Aaccount%3Aread&\
                    client_id=psa_client&client_secret=canary-secret";
    assert_eq!(form, expected);
    // Renewed a minute before its end, and in the way that is known by now.
    time.pass(Duration::from_secs(59)).await;
    ask(&pangea).await.unwrap();
    time.pass(Duration::from_secs(3)).await;
    ask(&pangea).await.unwrap();
    let expected = [
        "token Basic",
        "token",
        "get t-1",
        "get t-1",
        "token",
        "get t-1",
    ];
    assert_eq!(sent(&pangea).await, expected);
}

#[tokio::test]
async fn what_refuses_a_client_is_told_without_a_secret() {
    for (code, body) in [
        (
            401,
            json!({"error": "invalid_client", "error_description": SECRET}),
        ),
        (400, json!({"error": SECRET})),
        (200, json!({"error": "invalid_scope"})),
        (200, json!({})),
        (403, json!("canary-secret")),
    ] {
        let pangea = client().await;
        let answer = ResponseTemplate::new(code).set_body_json(&body);
        pangea.answer("POST", TOKEN_PATH, answer).await;
        let failure = ask(&pangea).await.unwrap_err();
        assert!(failure.is_bad_credential(), "{failure:?}");
        let told = told(&failure);
        assert!(
            told.contains("127.0.0.1 gives no token for this client"),
            "{told}"
        );
        assert!(told.contains("check `client_id`"), "{told}");
        assert!(!told.contains("canary"), "{told}");
        assert!(
            sent(&pangea)
                .await
                .iter()
                .all(|line| line.starts_with("token"))
        );
    }
    // What may pass is no verdict on the client.
    let pangea = client().await;
    pangea
        .answer("POST", TOKEN_PATH, ResponseTemplate::new(503))
        .await;
    let failure = ask(&pangea).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Network { sent: false, .. }),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_token_without_an_end_is_renewed_when_it_is_not_accepted() {
    for (code, status) in [
        (401, "Unauthorized"),
        (403, "UNAUTHORIZED"),
        (200, "unauthorized"),
    ] {
        let pangea = client().await;
        pangea
            .once("POST", TOKEN_PATH, granted("t-1", &Value::Null))
            .await;
        pangea
            .once("POST", TOKEN_PATH, granted("t-2", &json!(0)))
            .await;
        pangea.once("POST", GET_ORG, success(&organisation())).await;
        let no = envelope(code, status, "", &Value::Null);
        pangea.once("POST", CREATE, no.clone()).await;
        pangea
            .answer("POST", CREATE, success(&project(PROJECT, "shop")))
            .await;
        ask(&pangea).await.unwrap();
        pangea
            .operate(create("shop", &[("geo", "us")]))
            .await
            .unwrap();
        let expected = [
            "token Basic",
            "get t-1",
            "create t-1",
            "token Basic",
            "create t-2",
        ];
        assert_eq!(sent(&pangea).await, expected, "{code} {status}");
    }
}

#[tokio::test]
async fn a_renewed_token_that_is_not_accepted_either_is_the_end() {
    for (code, status) in [(401, "Unauthorized"), (200, "Unauthorized")] {
        let pangea = client().await;
        for token in ["t-1", "t-2", "t-3"] {
            pangea
                .once("POST", TOKEN_PATH, granted(token, &Value::Null))
                .await;
        }
        let no = envelope(
            code,
            status,
            "Not authorized to access this resource",
            &Value::Null,
        );
        pangea.answer("POST", GET_ORG, no).await;
        let failure = ask(&pangea).await.unwrap_err();
        assert!(failure.is_bad_credential(), "{failure:?}");
        let headline = failure.headline();
        assert!(
            headline.contains("Not authorized to access this resource"),
            "{headline}"
        );
        let expected = ["token Basic", "get t-1", "token Basic", "get t-2"];
        assert_eq!(sent(&pangea).await, expected);
    }
    // A token that somebody has is not asked about twice.
    let pangea = start_with(|_| {}).await;
    let no = envelope(401, "Unauthorized", "", &Value::Null);
    pangea.answer("POST", GET_ORG, no).await;
    ask(&pangea).await.unwrap_err();
    assert_eq!(pangea.sent().await.len(), 1);
}

#[tokio::test]
async fn twenty_that_need_a_token_wait_for_one_exchange() {
    let pangea = client().await;
    let slow = granted("t-1", &json!(3600)).set_delay(Duration::from_millis(50));
    pangea.answer("POST", TOKEN_PATH, slow).await;
    let slow = success(&project(PROJECT, "shop")).set_delay(Duration::from_millis(5));
    pangea.answer("POST", GET, slow).await;
    let id = region();
    let reads = (0..20).map(|_| pangea.platform.environment(&id));
    for answer in join_all(reads).await {
        answer.unwrap();
    }
    assert_eq!(exchanges(&pangea).await, 1);
    let sent = sent(&pangea).await;
    assert_eq!(sent.iter().filter(|it| *it == "get t-1").count(), 20);
}

/// How many tokens were asked for.
async fn exchanges(pangea: &Bench) -> usize {
    let sent = sent(pangea).await;
    sent.iter().filter(|it| it.starts_with("token")).count()
}

#[tokio::test]
async fn twenty_that_are_rejected_at_once_ask_for_one_new_token() {
    let unknown = ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"}));
    for (answer, expected) in [
        (granted("t-2", &Value::Null), "good"),
        (granted("t-1", &Value::Null), "rejected"),
        (unknown, "rejected"),
        (ResponseTemplate::new(503), "passing"),
    ] {
        let pangea = client().await;
        pangea
            .once("POST", TOKEN_PATH, granted("t-1", &Value::Null))
            .await;
        pangea.answer("POST", TOKEN_PATH, answer).await;
        pangea
            .answer("POST", GET_ORG, success(&organisation()))
            .await;
        let old = Mock::given(path(GET)).and(header("authorization", "Bearer t-1"));
        let no = envelope(401, "Unauthorized", "", &Value::Null);
        // All are on their way before the first is answered.
        let no = no.set_delay(Duration::from_millis(300));
        old.respond_with(no).mount(&pangea.server).await;
        pangea
            .answer("POST", GET, success(&project(PROJECT, "shop")))
            .await;
        ask(&pangea).await.unwrap();
        let id = region();
        let reads = (0..20).map(|_| pangea.platform.environment(&id));
        for answer in join_all(reads).await {
            let found = match &answer {
                Ok(_) => "good",
                Err(failure) if failure.is_bad_credential() => "rejected",
                Err(Failure::Network { sent: false, .. }) => "passing",
                Err(failure) => panic!("{failure:?}"),
            };
            assert_eq!(found, expected);
        }
        assert_eq!(exchanges(&pangea).await, 2, "{expected}");
    }
}

#[tokio::test]
async fn twenty_that_need_a_token_and_get_none_ask_once() {
    let pangea = client().await;
    let unknown = ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"}));
    pangea.answer("POST", TOKEN_PATH, unknown).await;
    let id = region();
    let reads = (0..20).map(|_| pangea.platform.environment(&id));
    for answer in join_all(reads).await {
        assert!(answer.unwrap_err().is_bad_credential());
    }
    // By the header, and in the form.
    assert_eq!(sent(&pangea).await, ["token Basic", "token"]);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_ahead_of_time_is_used_to_its_end() {
    let time = Frozen::start();
    let pangea = client().await;
    pangea
        .once("POST", TOKEN_PATH, granted("t-1", &json!(120)))
        .await;
    pangea
        .answer("POST", TOKEN_PATH, ResponseTemplate::new(503))
        .await;
    for _ in 0..2 {
        pangea.once("POST", GET_ORG, success(&organisation())).await;
    }
    let ended = envelope(401, "Unauthorized", "", &Value::Null);
    pangea.answer("POST", GET_ORG, ended).await;
    for _ in 0..2 {
        ask(&pangea).await.unwrap();
        time.pass(Duration::from_secs(61)).await;
    }
    let failure = ask(&pangea).await.unwrap_err();
    assert!(
        matches!(failure, Failure::Network { sent: false, .. }),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_login_server_that_sends_elsewhere_is_not_followed() {
    let stranger = Stranger::start().await;
    for code in [301, 302, 307, 308] {
        let pangea = client().await;
        let away = ResponseTemplate::new(code)
            .insert_header("location", format!("{}{TOKEN_PATH}", stranger.0.uri()));
        pangea.answer("POST", TOKEN_PATH, away).await;
        let failure = ask(&pangea).await.unwrap_err();
        assert!(!told(&failure).contains("canary"), "{failure:?}");
        stranger.heard_nothing().await;
        assert_eq!(sent(&pangea).await, ["token Basic"]);
    }
}

#[tokio::test]
async fn a_service_token_is_never_sent() {
    for pairs in [&[][..], &[("client_id", "psa_client")]] {
        let pangea = start_with(|connection| {
            connection.settings = settings(pairs);
            connection.credential = Arc::new(|| Ok(Secret::new("pts_canary")));
        })
        .await;
        let failure = ask(&pangea).await.unwrap_err();
        let Failure::Auth(AuthProblem::Unfit { what, advice }) = &failure else {
            panic!("{failure:?}")
        };
        assert_eq!(what.as_str(), "a service token (pts_…)");
        let expected =
            "create a management client under Organization Settings, Organization API Credentials";
        assert_eq!(advice.as_str(), expected);
        pangea
            .operate(create("shop", &[("geo", "us")]))
            .await
            .unwrap_err();
        assert!(!told(&failure).contains("canary"), "{failure:?}");
        assert_eq!(pangea.sent().await, [""; 0]);
    }
    // Nor one that a login server gives out.
    let pangea = client().await;
    pangea
        .answer("POST", TOKEN_PATH, granted("pts_canary", &Value::Null))
        .await;
    ask(&pangea).await.unwrap_err();
    assert_eq!(sent(&pangea).await, ["token Basic"]);
}
