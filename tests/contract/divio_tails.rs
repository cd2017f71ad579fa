//! Divio: following logs.

use std::time::Duration;

use flightdeck::model::{AppId, DeploymentId, Failure, LogSource, TailRequest};
use flightdeck::platforms::{Tail, TailStep};
use wiremock::ResponseTemplate;

use crate::harness::{APP, Bench, LIVE, live, ok, start};

const LOGS: &str = "/apps/v3/environments/livek2m5p7qrs3tuv4wxy5zab6/logs/";
const DEPLOYMENT: &str = "/apps/v3/deployments/d/";
const BUILD: &str = "/apps/v3/deployments/d/logs/";

fn runtime() -> TailRequest {
    TailRequest {
        source: LogSource::Runtime {
            app: AppId::new(APP),
            environment: Some(live()),
        },
        lines: 200,
        since: None,
        until: None,
        follow: true,
    }
}

fn build() -> TailRequest {
    TailRequest {
        source: LogSource::Deployment {
            app: AppId::new(APP),
            environment: None,
            deployment: DeploymentId::new("d"),
        },
        ..runtime()
    }
}

/// A step in short: `+` new lines, `!` all lines, `z` a pause, `.` the end.
fn short(step: Result<TailStep, Failure>) -> String {
    let lines = |sign: &str, lines: Vec<flightdeck::model::LogLine>| {
        let lines = lines
            .iter()
            .map(|line| format!("{}|{}", line.source, line.text));
        format!("{sign} {}", lines.collect::<Vec<_>>().join(" / "))
    };
    match step.unwrap() {
        TailStep::Lines(new) => lines("+", new),
        TailStep::Replaced(all) => lines("!", all),
        TailStep::Quiet(pause) => format!("z {}", pause.as_secs()),
        TailStep::Ended => ".".into(),
    }
}

async fn check(tail: &mut Box<dyn Tail>, expected: &[&str]) {
    for step in expected {
        assert_eq!(short(tail.next().await), *step);
    }
}

async fn deployed() -> Bench {
    let divio = start().await;
    divio
        .get(
            &format!("/apps/v3/environments/{LIVE}/"),
            "environments/live",
        )
        .await;
    divio
}

#[tokio::test]
async fn runtime_logs_are_followed_by_the_latest_link() {
    let divio = deployed().await;
    for name in ["first", "nothing", "nothing", "more", "nothing"] {
        divio
            .once("GET", LOGS, ok(&format!("environment-logs/{name}")))
            .await;
    }
    let mut tail = divio.platform.tail(runtime()).unwrap();
    assert_eq!(divio.sent().await, [""; 0]);
    check(
        &mut tail,
        &[
            "+ web|\"GET / HTTP/1.1\" 200 512 / cronjob|done",
            "z 2",
            "z 3",
            // Two equal lines are two lines.
            "+ shell|same / shell|same",
            "z 2",
        ],
    )
    .await;
    assert_eq!(
        divio.sent().await[1..],
        [
            format!("GET {LOGS}?limit=200"),
            format!("GET {LOGS}?limit=200&search_after=c1"),
            format!("GET {LOGS}?limit=200&search_after=c1"),
            format!("GET {LOGS}?limit=200&search_after=c1"),
            format!("GET {LOGS}?limit=200&search_after=c2"),
        ]
    );
}

#[tokio::test]
async fn without_a_link_logs_go_on_by_time() {
    let divio = deployed().await;
    divio
        .once("GET", LOGS, ok("environment-logs/without_next"))
        .await;
    divio
        .once("GET", LOGS, ok("environment-logs/without_next_again"))
        .await;
    divio
        .answer("GET", LOGS, ok("environment-logs/without_next_again"))
        .await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    // One of the two equal lines was there before, the other is new.
    check(
        &mut tail,
        &[
            "+ web|a / web|b",
            "+ web|b / web|c",
            "z 2",
            "z 3",
            "z 4",
            "z 5",
            "z 5",
        ],
    )
    .await;
    assert_eq!(
        divio.sent().await[2..4],
        [
            format!("GET {LOGS}?limit=1000&from_ts=2024-03-02T10%3A06%3A14%2B00%3A00"),
            format!("GET {LOGS}?limit=1000&from_ts=2024-03-02T10%3A06%3A15%2B00%3A00"),
        ]
    );
}

#[tokio::test]
async fn a_link_that_does_not_move_gives_its_lines_once() {
    let divio = deployed().await;
    divio.once("GET", LOGS, ok("environment-logs/first")).await;
    divio
        .answer("GET", LOGS, ok("environment-logs/stuck"))
        .await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    tail.next().await.unwrap();
    check(&mut tail, &["+ web|stuck", "z 2", "z 3"]).await;
}

#[tokio::test]
async fn a_link_that_is_no_longer_good_is_replaced_by_a_time() {
    let divio = deployed().await;
    divio.once("GET", LOGS, ok("environment-logs/first")).await;
    divio.once("GET", LOGS, ResponseTemplate::new(400)).await;
    divio.answer("GET", LOGS, ok("environment-logs/more")).await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    tail.next().await.unwrap();
    check(&mut tail, &["+ shell|same / shell|same"]).await;
    let sent = divio.sent().await;
    assert!(
        sent[3].contains("from_ts=2024-03-02T10%3A06%3A12.000001%2B00%3A00"),
        "{sent:?}"
    );
}

#[tokio::test]
async fn an_error_loses_no_lines() {
    let divio = deployed().await;
    divio.once("GET", LOGS, ok("environment-logs/first")).await;
    divio.once("GET", LOGS, ResponseTemplate::new(502)).await;
    divio.once("GET", LOGS, ok("environment-logs/more")).await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    tail.next().await.unwrap();
    assert!(tail.next().await.is_err());
    check(&mut tail, &["+ shell|same / shell|same"]).await;
}

#[tokio::test]
async fn an_environment_never_deployed_is_not_asked_for_its_log() {
    let divio = start().await;
    let at = format!("/apps/v3/environments/{LIVE}/");
    divio
        .once("GET", &at, ok("environments/never_deployed"))
        .await;
    divio.get(&at, "environments/live").await;
    divio.get(LOGS, "environment-logs/first").await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    check(&mut tail, &["z 10"]).await;
    assert_eq!(divio.sent().await, [format!("GET {at}")]);
    assert!(short(tail.next().await).starts_with('+'));
}

#[tokio::test]
async fn a_time_to_begin_at_is_asked_for() {
    let divio = deployed().await;
    divio.get(LOGS, "environment-logs/first").await;
    let request = TailRequest {
        since: Some("2024-03-02T09:00:00Z".parse().unwrap()),
        until: None,
        follow: true,
        ..runtime()
    };
    divio.platform.tail(request).unwrap().next().await.unwrap();
    assert_eq!(
        divio.sent().await[1],
        format!("GET {LOGS}?limit=1000&from_ts=2024-03-02T09%3A00%3A00Z")
    );
}

#[tokio::test]
async fn a_log_of_a_whole_application_is_refused() {
    let divio = start().await;
    let request = TailRequest {
        source: LogSource::Runtime {
            app: AppId::new(APP),
            environment: None,
        },
        ..runtime()
    };
    let refused = divio.platform.tail(request).map(|_| ());
    assert!(
        matches!(refused, Err(Failure::Unsupported { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_growing_log_is_handed_over_bit_by_bit() {
    let divio = start().await;
    for name in ["running", "running", "running"] {
        divio
            .once("GET", DEPLOYMENT, ok(&format!("deployments/{name}")))
            .await;
    }
    divio.get(DEPLOYMENT, "deployments/succeeded").await;
    divio.once("GET", BUILD, ResponseTemplate::new(404)).await;
    divio.once("GET", BUILD, ok("deployment-logs/null")).await;
    divio.once("GET", BUILD, ok("deployment-logs/first")).await;
    divio.get(BUILD, "deployment-logs/more").await;
    let mut tail = divio.platform.tail(build()).unwrap();
    check(
        &mut tail,
        &[
            "z 3",
            "z 3",
            "+ docker build|===== docker build ===== / docker build|Step 1",
            "z 3",
            "+ docker build|Step 2 / docker build|100%",
            ".",
            ".",
        ],
    )
    .await;
    let sent = divio.sent().await;
    assert_eq!(
        (sent.len(), sent[0].as_str(), sent[1].as_str()),
        (
            8,
            "GET /apps/v3/deployments/d/",
            "GET /apps/v3/deployments/d/logs/"
        )
    );
}

#[tokio::test]
async fn a_log_that_changed_in_its_past_is_replaced() {
    let divio = start().await;
    divio.get(DEPLOYMENT, "deployments/running").await;
    divio.once("GET", BUILD, ok("deployment-logs/first")).await;
    divio.get(BUILD, "deployment-logs/changed").await;
    let mut tail = divio.platform.tail(build()).unwrap();
    tail.next().await.unwrap();
    check(&mut tail, &["z 3", "! |another text", "z 3", "z 3"]).await;
}

#[tokio::test]
async fn a_deployment_that_does_not_exist_has_no_log() {
    let divio = start().await;
    let mut tail = divio.platform.tail(build()).unwrap();
    let missing = tail.next().await;
    assert!(
        matches!(missing, Err(Failure::NotFound { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_dropped_call_loses_no_lines() {
    let divio = deployed().await;
    let slow = ok("environment-logs/first").set_delay(Duration::from_millis(300));
    divio.once("GET", LOGS, slow).await;
    divio.get(LOGS, "environment-logs/first").await;
    let mut tail = divio.platform.tail(runtime()).unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(100), tail.next()).await;
    assert!(dropped.is_err());
    assert!(short(tail.next().await).starts_with("+ web"));
}
