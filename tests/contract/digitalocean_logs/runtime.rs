//! What runs, and what runs after it.

use flightdeck::model::{Failure, TailRequest};
use flightdeck::platforms::TailStep;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::server::{Course, End, LINK, Server, World, live};
use super::{APP, WEB, check, later, running, told};
use crate::harness::TOKEN;

const AT: &str = "2026-05-29T20:14:0";

fn lines(messages: &[&str]) -> Vec<String> {
    let line = |(number, message): (usize, &&str)| format!("web {AT}{number}Z {message}");
    messages.iter().enumerate().map(line).collect()
}

fn with(messages: &[&str], courses: &[Course]) -> World {
    World {
        active: Some("d1-aa"),
        log: lines(messages),
        courses: courses.iter().cloned().collect(),
        answers: vec![("RUN", [live()].into())],
        ..World::default()
    }
}

#[tokio::test]
async fn lines_come_with_their_component_and_time() {
    let mut world = with(&["up"], &[Course::new(0, End::Hang)]);
    world.log.push("  at main".into());
    world
        .log
        .push("worker 2026-05-29T20:14:05.123456789Z \u{1b}[31mERROR\u{1b}[0m".into());
    let server = Server::start(world).await;
    let mut tail = server.platform().tail(running(Some(WEB))).unwrap();
    assert_eq!(server.world().asked, [""; 0]);
    let Ok(TailStep::Lines(lines)) = tail.next().await else {
        panic!("no lines");
    };
    let found: Vec<_> = lines
        .iter()
        .map(|line| (line.source.as_str(), line.at.unwrap()))
        .collect();
    let at = |time: &str| time.parse().unwrap();
    assert_eq!(
        found,
        [
            ("web", at("2026-05-29T20:14:00Z")),
            // A line without a prefix belongs to the one before.
            ("web", at("2026-05-29T20:14:00Z")),
            ("worker", at("2026-05-29T20:14:05.123456789Z")),
        ]
    );
    assert_eq!(lines[2].text, "ERROR");
    assert_eq!(
        server.world().asked,
        [
            format!("{APP}?"),
            format!(
                "{APP}/deployments/d1-aa/components/web/logs?\
                 type=RUN&follow=true&tail_lines=100&pod_connection_timeout=10s"
            ),
        ]
    );
    drop(tail);
    server.hears(|heard| heard == ["left 1000"]).await;
}

#[tokio::test]
async fn only_1000_is_an_end_and_all_else_a_failure() {
    let course = |end| Course::new(0, end);
    let ends = [End::Close(1001), End::Drop, End::Close(1000), End::Hang];
    let server = Server::start(with(&["up", "on"], &ends.map(course))).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    check(&mut tail, &["+ web|up / web|on"]).await;
    let closed = told(tail.next().await);
    assert!(
        closed.starts_with("! ") && !closed.contains(LINK),
        "{closed}"
    );
    assert!(told(tail.next().await).starts_with("! "));
    check(&mut tail, &["z 3"]).await;
    server
        .world()
        .log
        .extend(lines(&["", "", "more"]).split_off(2));
    let end = "── the platform ended the stream; going on";
    check(&mut tail, &[&format!("+ {end} / web|more")]).await;
}

#[tokio::test]
async fn a_silent_stream_is_lost() {
    let server = Server::start(with(&["up"], &[Course::new(0, End::Hang)])).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    check(&mut tail, &["+ web|up"]).await;
    later(61).await;
    check(&mut tail, &["! no answer in time"]).await;
}

#[tokio::test]
async fn a_stream_without_lines_is_live_soon() {
    let server = Server::start(with(&[], &[Course::new(0, End::Hang)])).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    check(&mut tail, &["+ "]).await;
}

fn redeployed(world: &mut World) {
    world.active = Some("d2-bb");
    world.log = lines(&["new"]);
}

#[tokio::test]
async fn a_new_deployment_is_followed_with_a_divider() {
    for end in [End::Close(1000), End::Drop, End::Hang] {
        let course = Course {
            then: redeployed,
            ..Course::new(0, end)
        };
        let server = Server::start(with(&["old"], &[course, Course::new(0, End::Hang)])).await;
        let mut tail = server.platform().tail(running(None)).unwrap();
        check(&mut tail, &["+ web|old"]).await;
        match end {
            End::Close(_) => check(&mut tail, &["z 3"]).await,
            End::Drop => assert!(told(tail.next().await).starts_with("! ")),
            // The old stream may stand for ever.
            End::Hang => later(21).await,
        }
        check(&mut tail, &["+ ── deployment d2 runs now", "+ web|new"]).await;
        let asked = server.world().asked.last().cloned().unwrap();
        assert!(
            asked.starts_with(&format!("{APP}/deployments/d2-bb/logs?")),
            "{asked}"
        );
        assert!(asked.contains("tail_lines=-1&"), "{asked}");
    }
}

#[tokio::test]
async fn where_nothing_runs_it_is_quiet() {
    let server = Server::start(World::default()).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    check(&mut tail, &["z 15", "z 15"]).await;
    server.world().active = Some("d1");
    // No instances yet, then no log at all.
    server.world().answers = vec![("RUN", [Value::Null, json!({})].into())];
    check(&mut tail, &["z 15", "z 15"]).await;
    server.world().answers = vec![("RUN", [live()].into())];
    server.world().log = lines(&["up"]);
    server.world().courses.push_back(Course::new(0, End::Hang));
    check(&mut tail, &["+ web|up"]).await;
}

#[tokio::test]
async fn a_time_is_kept_to_here_because_the_platform_knows_none() {
    let course = Course::new(0, End::Hang);
    let server = Server::start(with(&["zero", "one", "two"], &[course])).await;
    let mut request = running(None);
    request.since = Some(format!("{AT}1Z").parse().unwrap());
    let mut tail = server.platform().tail(request).unwrap();
    check(&mut tail, &["+ web|one / web|two"]).await;
    assert!(server.world().asked[1].contains("tail_lines=-1&"));
}

#[tokio::test]
async fn what_is_no_piece_of_the_log_is_shown_as_it_is() {
    let noisy = |noise| Course {
        noise: Some(noise),
        ..Course::new(0, End::Drop)
    };
    let courses = [noisy("<busy>"), noisy("<busy>"), Course::new(0, End::Hang)];
    let server = Server::start(with(&["up", "on"], &courses)).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    check(&mut tail, &["+ |<busy>", "+ web|up / web|on"]).await;
    assert!(told(tail.next().await).starts_with("! "));
    assert!(told(tail.next().await).starts_with("! "));
    server
        .world()
        .log
        .extend(lines(&["", "", "more"]).split_off(2));
    check(&mut tail, &["+ web|more"]).await;
}

#[tokio::test]
async fn a_link_that_opens_nothing_is_a_failure_without_the_link() {
    let server = Server::start(with(&["up"], &[])).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    let refused = format!("{:?}", tail.next().await);
    assert!(refused.contains("401"), "{refused}");
    for link in [
        "wss://[canary-link",
        "ws://203.0.113.9/?canary-link",
        "ftp://127.0.0.1/canary-link",
    ] {
        server.world().answers = vec![("RUN", [json!({"live_url": link})].into())];
        let refused = format!("{:?}", tail.next().await);
        assert!(refused.contains("Decode"), "{refused}");
        assert!(
            !refused.contains(LINK) && !refused.contains(TOKEN),
            "{refused}"
        );
    }
}

/// An answer that was made for another request, by something between that remembers answers.
#[tokio::test]
async fn an_answer_to_somebody_else_opens_nothing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answering = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\
                      Upgrade: websocket\r\nSec-WebSocket-Accept: c29tZWJvZHkgZWxzZSdzISE=\r\n\r\n";
        socket.write_all(answer.as_bytes()).await.unwrap();
        socket
    };
    let link = format!("ws://{address}/?token={LINK}");
    let server = Server::start(World {
        answers: vec![("RUN", [json!({"live_url": link})].into())],
        ..with(&["up"], &[])
    })
    .await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    let (refused, _socket) = tokio::join!(tail.next(), answering);
    let refused = format!("{refused:?}");
    assert!(
        refused.contains("another kind of stream") && !refused.contains(LINK),
        "{refused}"
    );
}

#[tokio::test]
async fn a_dropped_call_loses_no_line() {
    let messages: Vec<_> = (0..500).map(|number| format!("number {number}")).collect();
    let mut world = with(&[], &[]);
    world.future = messages
        .iter()
        .map(|it| format!("web {AT}1Z {it}"))
        .collect();
    world.courses.push_back(Course {
        frame: 7,
        ..Course::new(500, End::Hang)
    });
    let server = Server::start(world).await;
    let mut tail = server.platform().tail(running(None)).unwrap();
    let mut shown = Vec::new();
    let mut keep = |step: Result<TailStep, Failure>| {
        let Ok(TailStep::Lines(lines)) = step else {
            panic!("{step:?}");
        };
        shown.extend(lines.into_iter().map(|line| line.text));
        shown.len()
    };
    let (mut count, mut dropped) = (keep(tail.next().await), 0);
    while count < messages.len() {
        tokio::select! {
            biased;
            step = tail.next() => count = keep(step),
            () = tokio::task::yield_now() => dropped += 1,
        }
    }
    assert_eq!(shown, messages);
    assert!(dropped > 0);
}

#[tokio::test]
async fn lines_up_to_a_moment_are_the_newest_less_what_is_later() {
    let messages = ["a", "b", "c", "d"];
    let server = Server::start(with(&messages, &[Course::new(0, End::Close(1000))])).await;
    let request = TailRequest {
        lines: 10_000,
        until: Some(format!("{AT}2Z").parse().unwrap()),
        follow: false,
        ..running(Some(WEB))
    };
    let mut tail = server.platform().tail(request).unwrap();
    let (mut shown, mut step) = (Vec::new(), tail.next().await.unwrap());
    while step != TailStep::Ended {
        if let TailStep::Lines(lines) = &step {
            shown.extend(lines.iter().map(|line| line.text.clone()));
        }
        step = tail.next().await.unwrap();
    }
    assert_eq!(shown, ["a", "b"]);
    let asked = server.world().asked.last().unwrap().clone();
    assert!(asked.contains("follow=false&tail_lines=10000&"), "{asked}");
}
