//! Where something on the way lets no stream through.

use flightdeck::model::{AppId, DeploymentId, LogSource};

use super::server::{Server, World, live};
use super::{APP, check, request, running, told};

const REMARK: &str = "+ ── WebSocket is blocked on the way here: lines come late";

#[tokio::test]
async fn what_runs_is_read_as_a_file_and_no_half_line_is_shown() {
    for status in [200, 400, 403, 426] {
        let server = Server::start(World {
            active: Some("d1"),
            blocked: Some(status),
            files: [
                "web 2026-05-29T20:14:01Z one\nweb 2026-05-29T20:14:02Z t",
                "web 2026-05-29T20:14:01Z one\nweb 2026-05-29T20:14:02Z two\n",
            ]
            .into(),
            answers: vec![("RUN", [live()].into())],
            ..World::default()
        })
        .await;
        let mut tail = server.platform().tail(running(None)).unwrap();
        check(&mut tail, &[REMARK, "+ web|one", "z 3", "+ web|two", "z 3"]).await;
        assert_eq!(server.world().leaks, [""; 0]);
        // A link for the stream that is refused, and a fresh one for the file; three times, for the
        // second file begins with the last line that is known, and so may be too short.
        let links = |it: &&String| it.contains("type=RUN");
        assert_eq!(server.world().asked.iter().filter(links).count(), 6);
    }
}

#[tokio::test]
async fn what_ends_is_read_until_it_is_over() {
    let server = Server::start(World {
        phase: "BUILDING",
        blocked: Some(426),
        files: ["one\nt", "one\ntwo\n", "one\ntwo\nthree"].into(),
        answers: vec![("BUILD", [live()].into())],
        ..World::default()
    })
    .await;
    let source = LogSource::Deployment {
        app: AppId::new(APP),
        environment: None,
        deployment: DeploymentId::new(format!("{APP}/d1")),
    };
    let mut tail = server.platform().tail(request(source)).unwrap();
    check(&mut tail, &[REMARK, "+ |one", "z 3", "+ |two", "z 3"]).await;
    server.world().phase = "ERROR";
    check(&mut tail, &["+ |three", "."]).await;
}

#[tokio::test]
async fn what_is_down_or_spent_is_no_blocked_stream() {
    for status in [401, 404, 429, 500, 502, 503] {
        let server = Server::start(World {
            active: Some("d1"),
            blocked: Some(status),
            files: ["one\n"].into(),
            answers: vec![("RUN", [live()].into())],
            ..World::default()
        })
        .await;
        let mut tail = server.platform().tail(running(None)).unwrap();
        let step = told(tail.next().await);
        assert!(step.starts_with("! "), "{status}: {step}");
    }
}
