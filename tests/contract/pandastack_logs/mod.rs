//! PandaStack: logs of projects, and what was seen of managed apps.

mod server;

use std::time::Duration;

use flightdeck::model::{
    AppId, DeploymentId, EnvId, Failure, Level, LineKind, LogLine, LogSource, PageRequest,
    TailRequest,
};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Tail, TailStep};
use serde_json::{Value, json};

use crate::pandastack_harness::later;

use self::server::{Answer, Server};
use crate::streaming::{Part, pieces, send};

const STREAM: &str = "GET /v1/deployments/u-2/logs/stream";
const OLDER: &str = "GET /v1/deployments/u-1/logs/stream";
const LIST: &str = "GET /v1/projects/shop/deployments";
const MANAGED: &str = "GET /api/v1/managed-apps/";

fn deployment(follow: bool) -> TailRequest {
    TailRequest {
        source: LogSource::Deployment {
            app: AppId::new("project:shop"),
            environment: Some(EnvId::new("project:shop")),
            deployment: DeploymentId::new("project:shop/u-2"),
        },
        lines: 200,
        since: None,
        until: None,
        follow,
    }
}

fn runtime(app: &str, follow: bool) -> TailRequest {
    TailRequest {
        source: LogSource::Runtime {
            app: AppId::new(app),
            environment: Some(EnvId::new(app)),
        },
        ..deployment(follow)
    }
}

/// A log line as an event.
fn event(at: u32, text: &str) -> String {
    let data = json!({"message": text, "timestamp": format!("2026-11-21T12:00:{at:02}Z")});
    format!("data: {data}\n\n")
}

fn events(numbers: impl IntoIterator<Item = u32>) -> String {
    numbers
        .into_iter()
        .map(|it| event(it, &format!("line {it}")))
        .collect()
}

fn lines(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(|it| format!("line {it}")).collect()
}

fn history(deployments: &[(&str, &str)]) -> Answer {
    let items: Vec<Value> = deployments
        .iter()
        .map(|(uuid, status)| json!({"uuid": uuid, "status": status}))
        .collect();
    let data = json!({"items": items, "total": deployments.len()});
    Answer::json(200, &json!({"success": true, "data": data}))
}

fn shown(line: &LogLine) -> String {
    match line.kind {
        LineKind::Output => line.text.clone(),
        LineKind::Mark => format!("- {}", line.text),
    }
}

/// Reads so many lines, whatever comes between them.
async fn read(tail: &mut dyn Tail, count: usize) -> Vec<String> {
    let mut read = Vec::new();
    while read.len() < count {
        match tail.next().await.unwrap() {
            TailStep::Lines(lines) => read.extend(lines.iter().map(shown)),
            TailStep::Quiet(_) => {}
            step @ (TailStep::Replaced(_) | TailStep::Ended) => panic!("{step:?} after {read:?}"),
        }
    }
    read
}

/// Reads to the end.
async fn all(tail: &mut dyn Tail) -> Vec<String> {
    let mut read = Vec::new();
    loop {
        match tail.next().await.unwrap() {
            TailStep::Lines(lines) => read.extend(lines.iter().map(shown)),
            TailStep::Quiet(_) => {}
            TailStep::Replaced(_) => panic!("replaced"),
            TailStep::Ended => return read,
        }
    }
}

#[tokio::test]
async fn a_stream_is_read_however_it_is_cut() {
    let body = format!(
        ": hello\n\ndata: plain é\u{1f680}\r\n\r\n{}event: done\ndata: {{}}\n\n{}",
        events([1, 2]),
        event(9, "after the end")
    );
    for size in [1, 2, 3, 7, 64, 10_000] {
        let server = Server::start().await;
        server.answers(STREAM, [Answer::of(pieces(&body, size))]);
        let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
        assert_eq!(server.asked(), [""; 0]);
        let read = all(tail.as_mut()).await;
        assert_eq!(read, ["plain é\u{1f680}", "line 1", "line 2"], "{size}");
        assert_eq!(server.asked(), [STREAM]);
    }
}

#[tokio::test]
async fn a_status_ends_a_stream_and_levels_are_told() {
    let server = Server::start().await;
    let body = "data: {\"log\":\"boom\",\"stream\":\"stderr\"}\n\n\
                data: {\"text\":\"bye\",\"status\":\"FAILED\"}\n\n";
    server.answers(STREAM, [Answer::of([send(body), Part::Hang])]);
    let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
    let TailStep::Lines(lines) = tail.next().await.unwrap() else {
        panic!("no lines");
    };
    assert_eq!(lines[0].level, Some(Level::Error));
    assert_eq!(lines[1].text, "bye");
    assert_eq!(tail.next().await, Ok(TailStep::Ended));
}

#[tokio::test]
async fn after_a_cut_nothing_comes_twice_and_nothing_is_lost() {
    let server = Server::start().await;
    let half = "data: {\"message\":\"line 4\",\"timest";
    server.answers(
        STREAM,
        [
            Answer::of([send(events(1..=3)), send(half), Part::Wait, Part::Break]),
            Answer::of([send(events(1..=2)), Part::Wait, Part::Break]),
            Answer::of([
                send(events(1..=5)),
                send(event(5, "line 5")),
                send("event: done\n\n"),
            ]),
        ],
    );
    let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
    assert_eq!(read(tail.as_mut(), 3).await, lines(1..=3));
    for _cut in 0..2 {
        server.goes_on();
        let cut = loop {
            match tail.next().await {
                Ok(step) => assert_eq!(step, TailStep::Lines(Vec::new())),
                Err(failure) => break failure,
            }
        };
        assert!(matches!(cut, Failure::Network { .. }), "{cut:?}");
    }
    // Two equal lines of one moment are two lines.
    assert_eq!(all(tail.as_mut()).await, ["line 4", "line 5", "line 5"]);
}

#[tokio::test]
async fn lines_without_a_time_are_recognised_by_their_place() {
    let server = Server::start().await;
    let plain = |count: usize| "data: tick\n\n".repeat(count);
    server.answers(
        STREAM,
        [
            Answer::of([send(plain(12)), Part::Wait, Part::Break]),
            Answer::of([send(plain(14)), send("event: done\n\n")]),
        ],
    );
    let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
    assert_eq!(read(tail.as_mut(), 12).await.len(), 12);
    server.goes_on();
    while tail.next().await.is_ok() {}
    assert_eq!(all(tail.as_mut()).await, ["tick", "tick"]);
}

#[tokio::test]
async fn the_end_of_the_file_ends_a_log_unless_its_deployment_goes_on() {
    let server = Server::start().await;
    server.answers(
        STREAM,
        [
            Answer::of([send(events([1]))]),
            Answer::of([send(events(1..=2))]),
        ],
    );
    server.answers(
        LIST,
        [
            history(&[("u-2", "BUILDING")]),
            history(&[("u-2", "SUCCESS")]),
        ],
    );
    let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
    assert_eq!(all(tail.as_mut()).await, lines(1..=2));
    assert_eq!(server.asked(), [STREAM, LIST, STREAM, LIST]);
}

#[tokio::test]
async fn who_does_not_follow_gets_what_there_is() {
    let server = Server::start().await;
    server.answers(STREAM, [Answer::of([send(events(1..=2)), Part::Hang])]);
    let mut tail = server.platform("v1").tail(deployment(false)).unwrap();
    assert_eq!(all(tail.as_mut()).await, lines(1..=2));
    assert_eq!(server.asked(), [STREAM]);
}

#[tokio::test]
async fn silence_is_asked_for_again_without_a_word() {
    let server = Server::start().await;
    server.answers(
        STREAM,
        [
            Answer::of([send(events([1])), Part::Hang]),
            Answer::of([send(events(1..=2)), send("event: done\n\n")]),
        ],
    );
    let patience = Patience {
        idle: Duration::from_millis(200),
        ..Patience::default()
    };
    let platform = server.platform_with("v1", patience);
    let mut tail = platform.tail(deployment(true)).unwrap();
    assert_eq!(all(tail.as_mut()).await, lines(1..=2));
}

#[tokio::test]
async fn a_call_that_is_dropped_loses_nothing() {
    let server = Server::start().await;
    let body: Vec<Part> = (1..=9)
        .flat_map(|it| [send(event(it, &format!("line {it}"))), Part::Wait])
        .chain([send("event: done\n\n")])
        .collect();
    server.answers(STREAM, [Answer::of(body)]);
    let mut tail = server.platform("v1").tail(deployment(true)).unwrap();
    let mut told = Vec::new();
    loop {
        let patience = Duration::from_millis(3);
        match tokio::time::timeout(patience, tail.next()).await {
            Err(_) => server.goes_on(),
            Ok(Ok(TailStep::Lines(lines))) => told.extend(lines.iter().map(shown)),
            Ok(Ok(TailStep::Ended)) => break,
            Ok(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(told, lines(1..=9));
}

#[tokio::test]
async fn what_is_no_stream_is_an_error() {
    let server = Server::start().await;
    let refused = json!({"success": false, "error": {"code": "NOT_FOUND", "message": "no such"}});
    server.answers(STREAM, [Answer::json(200, &refused)]);
    let mut tail = server.platform("v1").tail(deployment(false)).unwrap();
    let failure = tail.next().await.unwrap_err();
    assert!(matches!(failure, Failure::NotFound { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_project_shows_its_newest_deployment_and_then_the_next_one() {
    let server = Server::start().await;
    server.answers(OLDER, [Answer::of([send(events([1])), Part::Hang])]);
    server.answers(STREAM, [Answer::of([send(events([2])), Part::Hang])]);
    server.answers(LIST, [history(&[("u-1", "SUCCESS")])]);
    let platform = server.platform("v1");
    let mut tail = platform.tail(runtime("project:shop", true)).unwrap();
    assert_eq!(
        read(tail.as_mut(), 2).await,
        ["- log of deployment u-1", "line 1"]
    );
    // The history is read for whoever looks at it, and the log moves on by itself.
    server.answers(LIST, [history(&[("u-2", "BUILDING"), ("u-1", "SUCCESS")])]);
    let scope = flightdeck::model::DeploymentScope::App(AppId::new("project:shop"));
    let page = platform.deployments(&scope, PageRequest::first()).await;
    assert_eq!(page.unwrap().items.len(), 2);
    assert_eq!(
        read(tail.as_mut(), 2).await,
        ["- log of deployment u-2", "line 2"]
    );
    assert_eq!(server.asked(), [LIST, OLDER, LIST, STREAM]);
}

#[tokio::test]
async fn a_project_without_follow_ends_and_one_without_deployments_says_so() {
    let server = Server::start().await;
    server.answers(OLDER, [Answer::of([send(events([1]))])]);
    server.answers(LIST, [history(&[("u-1", "SUCCESS")])]);
    let platform = server.platform("v1");
    let mut tail = platform.tail(runtime("project:shop", false)).unwrap();
    assert_eq!(
        all(tail.as_mut()).await,
        ["- log of deployment u-1", "line 1"]
    );
    let other = Server::start().await;
    other.answers(LIST, [history(&[])]);
    let mut tail = other
        .platform("v1")
        .tail(runtime("project:shop", false))
        .unwrap();
    assert_eq!(all(tail.as_mut()).await, ["- nothing was deployed yet"]);
}

fn managed(status: &str) -> Answer {
    Answer::json(
        200,
        &json!([{"app_id": 7, "name": "wiki", "status": status}]),
    )
}

#[tokio::test]
async fn of_a_managed_app_it_is_told_what_was_seen_and_nothing_is_asked() {
    let server = Server::start().await;
    server.answers(
        MANAGED,
        [
            managed("PENDING"),
            managed("INSTALLING"),
            managed("CRASHED"),
        ],
    );
    let platform = server.platform("api-v1");
    let mut tail = platform.tail(runtime("7", true)).unwrap();
    let mark = "- no logs of managed apps in PandaStack's API: what flightdeck saw";
    assert_eq!(read(tail.as_mut(), 1).await, [mark]);
    assert_eq!(server.asked(), [""; 0]);
    for _round in 0..3 {
        platform.apps(PageRequest::first()).await.unwrap();
        later(15).await;
    }
    assert_eq!(
        read(tail.as_mut(), 3).await,
        ["pending", "building (INSTALLING)", "failed (CRASHED)"]
    );
    assert_eq!(server.asked().len(), 3);
    // Another tail tells all of it, and ends when it is not followed.
    let mut again = platform.tail(runtime("7", false)).unwrap();
    let TailStep::Lines(told) = again.next().await.unwrap() else {
        panic!("no lines");
    };
    assert_eq!(told.len(), 4);
    assert_eq!(told[3].level, Some(Level::Error));
    assert!(told[3].at.is_some(), "when it was seen");
    assert_eq!(again.next().await, Ok(TailStep::Ended));
    assert!(matches!(tail.next().await, Ok(TailStep::Quiet(_))));
}

fn of_wiki(uuid: &str) -> TailRequest {
    TailRequest {
        source: LogSource::Deployment {
            app: AppId::new("7"),
            environment: None,
            deployment: DeploymentId::new(format!("7/{uuid}")),
        },
        ..deployment(true)
    }
}

#[tokio::test]
async fn the_log_of_one_deployment_of_a_managed_app_has_what_belongs_to_it() {
    let server = Server::start().await;
    let app = |uuid: &str, status: &str| {
        let app = json!([{"app_id": 7, "deployment_uuid": uuid, "status": status}]);
        Answer::json(200, &app)
    };
    server.answers(
        MANAGED,
        [
            app("u-1", "BUILDING"),
            app("u-1", "FAILED"),
            app("u-2", "FAILED"),
            app("u-2", "RUNNING"),
        ],
    );
    let platform = server.platform("api-v1");
    let mut first = platform.tail(of_wiki("u-1")).unwrap();
    let mut second = platform.tail(of_wiki("u-2")).unwrap();
    for _round in 0..4 {
        platform.apps(PageRequest::first()).await.unwrap();
        later(15).await;
    }
    let mark = "- no logs of managed apps in PandaStack's API: what flightdeck saw";
    let told = all(first.as_mut()).await;
    assert_eq!(told, [mark, "building", "failed"]);
    assert_eq!(all(second.as_mut()).await, [mark, "failed", "running"]);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_deployment_that_was_seen_by_an_earlier_run_only_is_told_as_it_was_last() {
    let notebook = std::sync::Arc::new(flightdeck::model::Scratch::default());
    let of_run = |status: Answer| {
        let notebook = std::sync::Arc::clone(&notebook);
        async {
            let server = Server::start().await;
            server.answers(MANAGED, [status]);
            let platform = server.noting("api-v1", notebook);
            platform.apps(PageRequest::first()).await.unwrap();
            platform
        }
    };
    let app = |uuid: &str| {
        let app = json!([{"app_id": 7, "deployment_uuid": uuid, "status": "CRASHED"}]);
        Answer::json(200, &app)
    };
    of_run(app("u-1")).await;
    let later_run = of_run(app("u-2")).await;
    let mut tail = later_run.tail(of_wiki("u-1")).unwrap();
    assert_eq!(all(tail.as_mut()).await[1..], ["failed (CRASHED)"]);
    // Of one that nobody saw there is nothing to wait for: another is the latest.
    let mut unseen = later_run.tail(of_wiki("u-0")).unwrap();
    assert_eq!(all(unseen.as_mut()).await.len(), 1);
}

#[tokio::test]
async fn lines_from_a_moment_on_are_left_out_where_they_end_there() {
    let server = Server::start().await;
    let body = format!("{}event: done\ndata: {{}}\n\n", events([1, 2, 3, 4]));
    server.answers(STREAM, [Answer::of([send(body)])]);
    let request = TailRequest {
        until: Some("2026-11-21T12:00:03Z".parse().unwrap()),
        ..deployment(false)
    };
    let mut tail = server.platform("v1").tail(request).unwrap();
    assert_eq!(all(tail.as_mut()).await, lines([1, 2]));
}
