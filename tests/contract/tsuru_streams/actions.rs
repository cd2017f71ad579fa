//! Actions, and the deploys among them.

use std::sync::Arc;
use std::time::Duration;

use flightdeck::model::{
    Accepted, DeployMode, Failure, NetworkProblem, OperationKind, Text, Verdict,
};
use flightdeck::platforms::Platform;
use flightdeck::platforms::http::Patience;

use super::server::{Answer, Server};
use super::{EVENT, check, deploy, waiting};
use crate::streaming::{Part, pieces, send};
use crate::tsuru_harness::whole;

const RESTART: &str = "POST /1.0/apps/shop/restart";
const REBUILD: &str = "POST /1.3/apps/shop/deploy/rebuild";
const DEPLOY: &str = "POST /1.0/apps/shop/deploy";

const RESTARTING: &str = "{\"Message\":\"---- Restarting \\\"web\\\" é ----\\n\",\"Timestamp\":\
                          \"2026-11-21T12:00:00.1Z\"}\n\n{\"Message\":\" ---> 1 of 2\"}\n\n\n\
                          {\"Message\":\" new units\\n\\nready\\n\"}\n";

fn restart() -> OperationKind {
    OperationKind::Restart { process: None }
}

fn rebuild() -> OperationKind {
    OperationKind::Deploy {
        mode: DeployMode::Auto,
    }
}

fn image() -> OperationKind {
    OperationKind::DeployImage {
        image: "shop:v3".into(),
    }
}

/// Carries it out: the lines that came, and what came of it.
async fn operate(
    platform: &Arc<dyn Platform>,
    kind: OperationKind,
) -> (Vec<String>, Result<Accepted, Failure>) {
    let mut lines = Vec::new();
    let operation = whole(kind);
    let mut output = |line: Text| lines.push(line.to_string());
    let accepted = platform.operate(&operation, None, &mut output).await;
    (lines, accepted)
}

fn failure_of(accepted: Result<Accepted, Failure>) -> String {
    match accepted.unwrap().ended {
        Some(Verdict::Failed(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn lines_are_the_same_however_the_stream_is_cut() {
    let server = Server::start().await;
    let platform = server.platform();
    for size in [1, 2, 3, 7, 50, 10_000] {
        server.answers(RESTART, [Answer::of(pieces(RESTARTING, size))]);
        let (lines, accepted) = operate(&platform, restart()).await;
        let expected = [
            "---- Restarting \"web\" é ----",
            "---> 1 of 2 new units",
            "ready",
        ];
        assert_eq!(lines, expected, "{size}");
        assert_eq!(accepted.unwrap().ended, None);
    }
}

#[tokio::test]
async fn an_error_at_the_end_is_how_it_ended() {
    let server = Server::start().await;
    let platform = server.platform();
    let error = "{\"Message\":\"\",\"Timestamp\":\"0001-01-01T00:00:00Z\",\"Error\":\
                 \"\\n---- ERROR during restart: ----\\nno luck\"}\n";
    let body = format!("{RESTARTING}{error}");
    for size in [1, 5, 10_000] {
        server.answers(RESTART, [Answer::of(pieces(&body, size))]);
        let (lines, accepted) = operate(&platform, restart()).await;
        assert_eq!(failure_of(accepted), "no luck");
        assert_eq!(lines[3..], ["---- ERROR during restart: ----", "no luck"]);
    }
}

#[tokio::test]
async fn what_breaks_is_lost_and_sent_once() {
    for (end, detail) in [
        (
            vec![Part::Pause(Duration::from_millis(100)), Part::Break],
            None,
        ),
        (
            vec![send("{\"Message\":\"")],
            Some("the stream ended in the middle"),
        ),
        (
            vec![send("<html>504</html>\n")],
            Some("the stream has parts that are not understood"),
        ),
    ] {
        let server = Server::start().await;
        let platform = server.platform();
        let parts = pieces(RESTARTING, 11).into_iter().chain(end);
        server.answers(RESTART, [Answer::of(parts)]);
        let (lines, accepted) = operate(&platform, restart()).await;
        assert_eq!(
            lines[..2],
            ["---- Restarting \"web\" é ----", "---> 1 of 2 new units"]
        );
        let Err(Failure::Network {
            problem,
            sent,
            detail: told,
        }) = accepted
        else {
            panic!("{accepted:?}")
        };
        assert_eq!((problem, sent), (NetworkProblem::Reset, true));
        assert!(
            detail.is_none_or(|detail| told.as_str() == detail),
            "{told}"
        );
        assert_eq!(server.asked("POST").len(), 1);
    }
}

#[tokio::test]
async fn blank_lines_keep_a_slow_action_alive_and_silence_ends_it() {
    let server = Server::start().await;
    let slow =
        |count| (0..count).flat_map(|_| [Part::Pause(Duration::from_millis(500)), send("\n")]);
    let body = slow(6).chain([send(RESTARTING)]);
    server.answers(RESTART, [Answer::of(body)]);
    let patient = server.platform_with(waiting(Duration::from_secs(2)), |_| {});
    let (lines, accepted) = operate(&patient, restart()).await;
    assert_eq!((lines.len(), accepted.is_ok()), (3, true));
    server.answers(RESTART, [Answer::of([send(RESTARTING), Part::Hang])]);
    let short = server.platform_with(waiting(Duration::from_millis(300)), |_| {});
    let (lines, accepted) = operate(&short, restart()).await;
    assert_eq!(lines.len(), 3);
    let timeout = NetworkProblem::Timeout;
    assert!(
        matches!(&accepted, Err(Failure::Network { problem, sent: true, .. }) if *problem == timeout),
        "{accepted:?}"
    );
    assert_eq!(server.asked("POST").len(), 2);
}

#[tokio::test]
async fn a_refusal_before_the_stream_is_a_refusal() {
    let server = Server::start().await;
    let platform = server.platform();
    let locked = "event locked: app(shop) running \"app.deploy\" start by user ana@example.com at \
                  2026-11-21T12:00:00Z";
    server.answers(RESTART, [Answer::error(500, locked)]);
    let (lines, accepted) = operate(&platform, restart()).await;
    assert_eq!(lines, [""; 0]);
    assert!(
        matches!(accepted, Err(Failure::Conflict(_))),
        "{accepted:?}"
    );
    // A server that is too old is asked once.
    server.answers(REBUILD, [Answer::error(404, "404 page not found")]);
    for _ in 0..2 {
        let (_, accepted) = operate(&platform, rebuild()).await;
        assert!(
            matches!(accepted, Err(Failure::Unsupported { .. })),
            "{accepted:?}"
        );
    }
    assert_eq!(server.asked(REBUILD).len(), 1);
    let read_only = server.platform_with(Patience::default(), |it| it.read_only = true);
    let (_, accepted) = operate(&read_only, restart()).await;
    assert_eq!(accepted, Err(Failure::ReadOnly));
    assert_eq!(server.asked(RESTART).len(), 1);
}

#[tokio::test]
async fn a_deploy_has_succeeded_only_if_it_says_ok_at_the_very_end() {
    let server = Server::start().await;
    let platform = server.platform();
    let body = "Builder é called\nplease wait...\nOK\npushed\nOK\n";
    for size in [1, 2, 3, 10_000] {
        server.answers(DEPLOY, [Answer::of(pieces(body, size)).named("e1")]);
        let (lines, accepted) = operate(&platform, image()).await;
        assert_eq!(lines, ["Builder é called", "OK", "pushed"]);
        assert_eq!(accepted.unwrap().ended, None);
        let cut = body.split_at(body.len() - 3).0;
        server.answers(DEPLOY, [Answer::of(pieces(cut, size)).named("e1")]);
        let (lines, accepted) = operate(&platform, image()).await;
        assert_eq!(lines, ["Builder é called", "OK", "pushed"]);
        assert_eq!(failure_of(accepted), "Builder é called OK pushed");
    }
    let error = "Builder called\n\n---- ERROR during deploy: ----\ndeploy error\n\n\
                 ---- Last 1 log messages: ----\n    2026-11-21 12:00:00 +0000 [src1]: msg1\n";
    server.answers(DEPLOY, [Answer::of([send(error)])]);
    let (_, accepted) = operate(&platform, image()).await;
    assert_eq!(failure_of(accepted), "deploy error");
}

#[tokio::test]
async fn who_follows_a_deploy_of_ours_sees_what_it_prints() {
    let server = Server::start().await;
    let platform = server.platform();
    let (first, rest) = RESTARTING.split_at(RESTARTING.find("{\"Message\":\" --->").unwrap());
    let parts = [send(first), Part::Wait, send(rest)];
    server.answers(REBUILD, [Answer::of(parts.clone()).named("e1")]);
    let operation = whole(rebuild());
    let mut first_line = tokio::sync::mpsc::channel(8);
    let mut output = |_: Text| {
        let _heard = first_line.0.try_send(());
    };
    let acting = platform.operate(&operation, None, &mut output);
    let mut tail = platform.tail(deploy("e1")).unwrap();
    let following = async {
        first_line.1.recv().await.unwrap();
        check(&mut tail, &["+ ---- Restarting \"web\" é ----"]).await;
        server.goes_on();
        check(&mut tail, &["+  ---> 1 of 2 new units /  / ready", "."]).await;
    };
    let (accepted, ()) = tokio::join!(acting, following);
    accepted.unwrap();
    // Also when it is over, and by whoever comes then.
    let mut late = platform.tail(deploy("e1")).unwrap();
    let all = "+ ---- Restarting \"web\" é ---- /  ---> 1 of 2 new units /  / ready";
    check(&mut late, &[all, "."]).await;
    assert_eq!(server.asked("GET"), [""; 0]);
}

#[tokio::test]
async fn a_deploy_of_ours_is_known_among_those_that_run_without_its_name() {
    let server = Server::start().await;
    let platform = server.platform();
    let parts = [send(RESTARTING), Part::Wait];
    server.answers(REBUILD, [Answer::of(parts)]);
    server.answers(EVENT, [Answer::json(&super::events::event(true, &[]))]);
    let operation = whole(rebuild());
    let mut first_line = tokio::sync::mpsc::channel(8);
    let mut output = |_: Text| {
        let _heard = first_line.0.try_send(());
    };
    let acting = platform.operate(&operation, None, &mut output);
    let mut tail = platform.tail(deploy("e1")).unwrap();
    let following = async {
        first_line.1.recv().await.unwrap();
        let all = "+ ---- Restarting \"web\" é ---- /  ---> 1 of 2 new units /  / ready";
        check(&mut tail, &[all]).await;
        server.goes_on();
        check(&mut tail, &["."]).await;
    };
    let (accepted, ()) = tokio::join!(acting, following);
    accepted.unwrap();
    assert_eq!(server.asked("GET"), [EVENT]);
}
