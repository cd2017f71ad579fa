//! What runs, and what runs after it.

use serde_json::{Value, json};

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
    let Ok(flightdeck::platforms::TailStep::Lines(lines)) = tail.next().await else {
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
