//! DigitalOcean: what its error answers mean.

use std::time::Duration;

use flightdeck::model::{
    AppId, AuthProblem, DeploymentId, Failure, FieldProblem, PageRequest, Secret,
};
use wiremock::ResponseTemplate;

use crate::digitalocean_harness::{error, start, start_with};
use crate::harness::{TOKEN, text};

async fn failure(answer: ResponseTemplate) -> Failure {
    let cloud = start().await;
    cloud.answer("GET", "/v2/account", answer).await;
    cloud.platform.account().await.unwrap_err()
}

#[tokio::test]
async fn what_is_not_found_is_named_however_it_is_said() {
    for (status, name) in [(404, "errors/not_found"), (400, "errors/invalid_uuid")] {
        let cloud = start().await;
        let path = "/v2/apps/a1/deployments/d1";
        cloud.answer("GET", path, error(status, name)).await;
        let missing = cloud.platform.deployment(&DeploymentId::new("a1/d1")).await;
        let subject = text("deployment a1/d1");
        assert_eq!(missing.unwrap_err(), Failure::NotFound { subject });
    }
}

#[tokio::test]
async fn a_malformed_identifier_is_not_sent() {
    let cloud = start().await;
    for id in ["", "a1", "a1/", "/d1", "a1/d1/x"] {
        let missing = cloud.platform.deployment(&DeploymentId::new(id)).await;
        assert!(matches!(missing, Err(Failure::NotFound { .. })), "{id:?}");
    }
    let missing = cloud
        .platform
        .alerts(&AppId::new("a/b"), PageRequest::first())
        .await;
    assert!(matches!(missing, Err(Failure::NotFound { .. })));
    assert!(cloud.sent().await.is_empty());
}

#[tokio::test]
async fn refusals_keep_the_id_for_support() {
    for status in [400, 412, 422] {
        let problem = text("the name is too long (request req-body)");
        let field = None;
        assert_eq!(
            failure(error(status, "errors/refused")).await,
            Failure::Validation(vec![FieldProblem { field, problem }])
        );
    }
    let header = ResponseTemplate::new(409)
        .set_body_string("{}")
        .insert_header("x-request-id", "req-header");
    let Failure::Conflict(words) = failure(header).await else {
        panic!()
    };
    assert!(words.as_str().ends_with("(request req-header)"), "{words}");
    assert_eq!(
        failure(error(500, "errors/not_found")).await,
        Failure::Server {
            status: 500,
            message: Some(text("The resource you requested could not be found.")),
            request_id: Some(text("req-body")),
        }
    );
}

#[tokio::test]
async fn a_token_lacks_a_scope_or_is_rejected() {
    assert_eq!(
        failure(error(403, "errors/forbidden")).await,
        Failure::Auth(AuthProblem::Forbidden(Some(text(
            "the token lacks account:read"
        ))))
    );
    let rejected = failure(ResponseTemplate::new(401)).await;
    assert_eq!(rejected, Failure::Auth(AuthProblem::Rejected));
}

#[tokio::test]
async fn a_burst_and_the_hour_are_told_apart() {
    let limited = |seconds: Option<u64>, limit: Option<&str>| Failure::RateLimited {
        retry_after: seconds.map(Duration::from_secs),
        limit: limit.map(text),
    };
    let answer = || {
        ResponseTemplate::new(429)
            .insert_header("ratelimit-limit", "5000")
            .insert_header("ratelimit-remaining", "0")
            .insert_header("date", "Sat, 02 Mar 2024 10:00:00 GMT")
    };
    let burst = answer().insert_header("retry-after", "7");
    assert_eq!(
        failure(burst).await,
        limited(Some(7), Some("250 requests a minute"))
    );
    // 10:00:31 and 10:30:00 of that day.
    for (reset, wait) in [("1709373631", 31), ("1709375400", 60), ("1709370000", 1)] {
        let hour = answer().insert_header("ratelimit-reset", reset);
        assert_eq!(
            failure(hour).await,
            limited(Some(wait), Some("5000 requests an hour"))
        );
    }
    assert_eq!(
        failure(ResponseTemplate::new(429)).await,
        limited(None, None)
    );
}

#[tokio::test]
async fn an_edge_page_is_quoted_and_a_token_never() {
    let page = "<html><title>524</title><body>a timeout occurred</body></html>";
    let Failure::Server {
        status: 524,
        message: Some(message),
        ..
    } = failure(ResponseTemplate::new(524).set_body_string(page)).await
    else {
        panic!()
    };
    assert!(message.as_str().contains("a timeout occurred"), "{message}");
    let cloud = start_with(|connection| {
        connection.credential = std::sync::Arc::new(|| Ok(Secret::new(format!("'{TOKEN}'"))));
    })
    .await;
    let echo = ResponseTemplate::new(500).set_body_string(format!("bad token {TOKEN}"));
    cloud.answer("GET", "/v2/account", echo).await;
    let failure = cloud.platform.account().await.unwrap_err();
    assert!(!format!("{failure:?}").contains(TOKEN), "{failure:?}");
}
