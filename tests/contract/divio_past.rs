//! Divio: what a runtime log had up to a moment.

use flightdeck::model::{AppId, Failure, LogLine, LogSource, TailRequest};
use flightdeck::platforms::{Tail, TailStep};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::{APP, Bench, LIVE, live, start};

const LOGS: &str = "/apps/v3/environments/livek2m5p7qrs3tuv4wxy5zab6/logs/";

fn request(lines: u32, since: Option<&str>, until: Option<&str>) -> TailRequest {
    let moment = |text: &str| text.parse().unwrap_or_default();
    TailRequest {
        source: LogSource::Runtime {
            app: AppId::new(APP),
            environment: Some(live()),
        },
        lines,
        since: since.map(moment),
        until: until.map(moment),
        follow: false,
    }
}

/// A page with lines of these seconds, and the cursor that leads back.
fn page(seconds: std::ops::Range<u32>, back: Option<&str>) -> ResponseTemplate {
    let record = |second: u32| {
        json!({
            "timestamp": format!("2024-03-02T10:{:02}:{:02}.500000+00:00", second / 60, second % 60),
            "service": "web",
            "message": format!("line {second}"),
        })
    };
    let link =
        |cursor: &str| format!("https://api.divio.com{LOGS}?limit=1000&search_before={cursor}");
    let results: Vec<Value> = seconds.map(record).collect();
    let body = json!({"next": null, "previous": back.map(link), "results": results});
    ResponseTemplate::new(200).set_body_json(body)
}

async fn deployed() -> Bench {
    let divio = start().await;
    let environment = format!("/apps/v3/environments/{LIVE}/");
    divio.get(&environment, "environments/live").await;
    divio
}

/// All lines of a tail that ends, as far as it does not fail.
async fn read(tail: &mut Box<dyn Tail>) -> Result<Vec<String>, Failure> {
    let text = |line: LogLine| line.text;
    let mut read = Vec::new();
    loop {
        match tail.next().await? {
            TailStep::Lines(lines) => read.extend(lines.into_iter().map(text)),
            TailStep::Ended => return Ok(read),
            step @ (TailStep::Replaced(_) | TailStep::Quiet(_)) => unreachable!("{step:?}"),
        }
    }
}

fn lines(seconds: std::ops::Range<u32>) -> Vec<String> {
    seconds.map(|second| format!("line {second}")).collect()
}

#[tokio::test]
async fn older_lines_are_read_back_page_by_page_and_told_in_order() {
    let divio = deployed().await;
    for (seconds, back) in [
        (20..31, Some("b1")),
        (10..20, Some("b2")),
        (5..10, Some("b2")),
    ] {
        divio.once("GET", LOGS, page(seconds, back)).await;
    }
    let wanted = request(100_000, None, Some("2024-03-02T10:00:29.500001Z"));
    let mut tail = divio.platform.tail(wanted).unwrap();
    assert_eq!(divio.sent().await, [""; 0]);
    // The page for the moment itself may hold lines from it on: they are left out.
    assert_eq!(read(&mut tail).await.unwrap(), lines(5..30));
    assert_eq!(
        divio.sent().await[1..],
        [
            format!("GET {LOGS}?limit=1000&to_ts=2024-03-02T10%3A00%3A29.501001Z"),
            format!("GET {LOGS}?limit=1000&search_before=b1"),
            // The link that leads to where one is is the last.
            format!("GET {LOGS}?limit=1000&search_before=b2"),
        ]
    );
}

#[tokio::test]
async fn no_more_is_read_than_is_wanted() {
    let divio = deployed().await;
    divio.once("GET", LOGS, page(20..30, Some("b1"))).await;
    divio.once("GET", LOGS, page(10..20, Some("b2"))).await;
    let until = Some("2024-03-02T11:00:00Z");
    let mut tail = divio.platform.tail(request(15, None, until)).unwrap();
    assert_eq!(read(&mut tail).await.unwrap(), lines(15..30));
    assert_eq!(divio.sent().await.len(), 3);

    let divio = deployed().await;
    divio.once("GET", LOGS, page(20..30, Some("b1"))).await;
    divio.once("GET", LOGS, page(10..20, Some("b2"))).await;
    let since = Some("2024-03-02T10:00:15Z");
    let mut tail = divio.platform.tail(request(1_000, since, until)).unwrap();
    assert_eq!(read(&mut tail).await.unwrap(), lines(15..30));
    assert_eq!(divio.sent().await.len(), 3);
}

#[tokio::test]
async fn a_page_without_lines_or_without_a_link_is_the_last() {
    for last in [page(0..0, Some("b2")), page(10..20, None)] {
        let divio = deployed().await;
        divio.once("GET", LOGS, page(20..30, Some("b1"))).await;
        divio.once("GET", LOGS, last).await;
        let until = Some("2024-03-02T11:00:00Z");
        let mut tail = divio.platform.tail(request(1_000, None, until)).unwrap();
        let read = read(&mut tail).await.unwrap();
        assert_eq!(read.last().unwrap(), "line 29");
        assert_eq!(divio.sent().await.len(), 3);
    }
}

#[tokio::test]
async fn a_page_that_fails_is_asked_for_again() {
    let divio = deployed().await;
    divio.once("GET", LOGS, page(20..30, Some("b1"))).await;
    divio.once("GET", LOGS, ResponseTemplate::new(502)).await;
    divio.once("GET", LOGS, page(10..20, None)).await;
    let until = Some("2024-03-02T11:00:00Z");
    let mut tail = divio.platform.tail(request(1_000, None, until)).unwrap();
    assert!(read(&mut tail).await.is_err());
    assert_eq!(read(&mut tail).await.unwrap(), lines(10..30));
}

#[tokio::test]
async fn more_lines_than_a_page_has_are_read_back_too() {
    let divio = deployed().await;
    divio.once("GET", LOGS, page(20..30, Some("b1"))).await;
    divio.once("GET", LOGS, page(10..20, None)).await;
    let mut tail = divio.platform.tail(request(5_000, None, None)).unwrap();
    assert_eq!(read(&mut tail).await.unwrap(), lines(10..30));
    assert_eq!(divio.sent().await[1], format!("GET {LOGS}?limit=1000"));
}
