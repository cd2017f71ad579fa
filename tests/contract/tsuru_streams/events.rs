//! Logs of deploys and other events that somebody else has begun, or that are over.

use flightdeck::model::{ActivityId, AppId, LogSource};
use serde_json::{Value, json};

use super::server::{Answer, Server};
use super::{EVENT, LOG, check, deploy, next, request};
use crate::streaming::{Part, send};

const INFO: &str = "GET /1.0/deploys/e1";

pub(super) fn event(is_running: bool, log: &[&str]) -> Value {
    let entry =
        |line: &&str| json!({"Date": "2026-11-21T12:00:01Z", "Message": format!("{line}\n")});
    json!({
        "UniqueID": "e1",
        "StartTime": "2026-11-21T12:00:00Z",
        "EndTime": if is_running { "0001-01-01T00:00:00Z" } else { "2026-11-21T12:09:00Z" },
        "Target": {"Type": "app", "Value": "shop"},
        "Kind": {"Type": "permission", "Name": "app.deploy"},
        "Error": "",
        "Running": is_running,
        "StructuredLog": log.iter().map(entry).collect::<Vec<_>>(),
        "CustomData": {"Start": {"app": {"env": {"KEY": {"value": "canary"}}}}},
    })
}

/// Records of the platform, of these seconds after noon.
pub(super) fn records(lines: &[(i64, &str)]) -> String {
    let record = |(second, text): &(i64, &str)| {
        let at = format!("2026-11-21T12:{:02}:{:02}Z", second / 60, second % 60);
        json!({"Date": at, "Message": text, "Source": "tsuru", "Name": "shop", "Type": "", "Unit": "api"})
    };
    let records: Vec<Value> = lines.iter().map(record).collect();
    format!("{}\n", Value::from(records))
}

const ELSEWHERE: &str = "+ ── this deploy was started elsewhere: until it ends, lines come from the \
                         app's log and some may be missing";

#[tokio::test]
async fn a_deploy_of_somebody_else_is_read_from_the_log_of_the_app_and_replaced_at_its_end() {
    let server = Server::start().await;
    let platform = server.platform();
    let (runs, over) = (event(true, &[]), event(false, &["a", "b", "all of it"]));
    server.answers(EVENT, [&runs, &runs, &over].map(Answer::json));
    let old = r#"[{"Date":"2026-11-21T11:59:59Z","Message":"old","Source":"tsuru","Unit":"api"},"#;
    let first = records(&[(1, "a")]).replace("[{", &format!("{old}{{"));
    let news = records(&[(2, "b")]);
    let other = news.replace("tsuru", "web");
    server.answers(
        LOG,
        [Answer::of([
            send(first),
            send(other),
            send(news),
            Part::Hang,
        ])],
    );
    let mut tail = platform.tail(deploy("e1")).unwrap();
    check(
        &mut tail,
        &[ELSEWHERE, "+ a", "+ b", "= a / b / all of it", ".", "."],
    )
    .await;
    assert_eq!(server.asked(EVENT).len(), 3);
    assert_eq!(
        server.asked(LOG),
        [format!("{LOG}?lines=10000&source=tsuru&follow=1")]
    );
}

#[tokio::test]
async fn a_deploy_that_is_over_shows_its_log_at_once() {
    let server = Server::start().await;
    let platform = server.platform();
    server.answers(EVENT, [Answer::json(&event(false, &["a", "b"]))]);
    let mut tail = platform.tail(deploy("e1")).unwrap();
    check(&mut tail, &["+ a / b", "."]).await;
    assert_eq!(server.world().asked, [EVENT]);
}

#[tokio::test]
async fn the_log_may_be_with_the_deploy_alone() {
    let server = Server::start().await;
    let platform = server.platform();
    let log = "2026-11-21 13:00:00 +0100: a\n2026-11-21 13:00:01 +0100: b";
    let info = json!({"ID": "e1", "App": "shop", "Duration": 5, "Error": "", "Log": log});
    server.answers(INFO, [Answer::json(&info)]);
    // Nothing is kept with the event; the event may not be read; the server has no events.
    for answer in [
        Answer::json(&event(false, &[])),
        Answer::error(403, "You don't have permission to do this action"),
        Answer::error(404, "event not found"),
        Answer::error(404, "404 page not found"),
    ] {
        server.answers(EVENT, [answer]);
        let mut tail = platform.tail(deploy("e1")).unwrap();
        check(&mut tail, &["+ a / b", "."]).await;
    }
}

#[tokio::test]
async fn that_nothing_is_kept_is_said() {
    let server = Server::start().await;
    let platform = server.platform();
    let mut failed = event(false, &[]);
    failed["Error"] = "event expired, no update for 5m0s".into();
    server.answers(EVENT, [Answer::json(&failed)]);
    let mut tail = platform.tail(deploy("e1")).unwrap();
    let none =
        "+ ── tsuru kept no log of this deploy / ── failed: event expired, no update for 5m0s";
    check(&mut tail, &[none, "."]).await;
    let (runs, over) = (event(true, &[]), event(false, &[]));
    server.answers(EVENT, [&runs, &over].map(Answer::json));
    server.answers(LOG, [Answer::of([send(records(&[(1, "a")])), Part::Hang])]);
    let mut tail = platform.tail(deploy("e1")).unwrap();
    let lost = "+ ── tsuru kept no log of this deploy: some lines above may be missing";
    check(&mut tail, &[ELSEWHERE, "+ a", lost, "."]).await;
}

#[tokio::test]
async fn where_the_log_of_the_app_cannot_be_read_the_end_is_awaited() {
    let server = Server::start().await;
    let platform = server.platform();
    let (runs, over) = (event(true, &[]), event(false, &["a"]));
    server.answers(EVENT, [&runs, &over].map(Answer::json));
    server.answers(
        LOG,
        [Answer::error(500, "logs are elsewhere: see https://logs")],
    );
    let mut tail = platform.tail(deploy("e1")).unwrap();
    check(&mut tail, &[ELSEWHERE]).await;
    let told = next(&mut tail).await;
    assert!(told.contains("the app's log cannot be read") && told.contains("logs are elsewhere"));
    assert!(next(&mut tail).await.starts_with("z "));
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(4)).await;
    tokio::time::resume();
    check(&mut tail, &["= a", "."]).await;
}

#[tokio::test]
async fn an_event_that_is_no_deploy_has_a_log_like_one() {
    let server = Server::start().await;
    let platform = server.platform();
    let source = || {
        request(LogSource::Event {
            app: AppId::new("shop"),
            event: ActivityId::new("e1"),
        })
    };
    let mut of_service = event(true, &[]);
    of_service["Target"] = json!({"Type": "service-instance", "Value": "mysql/db"});
    let over = event(false, &["a"]);
    server.answers(EVENT, [&of_service, &over].map(Answer::json));
    let mut tail = platform.tail(source()).unwrap();
    let mark = "+ ── tsuru shows the log of this event when it has ended";
    check(&mut tail, &[mark]).await;
    assert!(next(&mut tail).await.starts_with("z "));
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(4)).await;
    tokio::time::resume();
    check(&mut tail, &["= a", "."]).await;
    server.answers(EVENT, [Answer::error(404, "event not found")]);
    let mut tail = platform.tail(source()).unwrap();
    assert!(
        next(&mut tail)
            .await
            .starts_with("! event e1 does not exist")
    );
}
