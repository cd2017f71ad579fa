//! Terminal sessions.

use flightdeck::model::{AuthProblem, EnvId, Failure};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Console, ConsoleInput};
use serde_json::json;

use super::raw_shell;
use super::server::{Answer, Server, Shell};

const APP: &str = "GET /1.0/apps/shop";
const SIZE: (u16, u16) = (120, 40);
const SHELL: &str = "GET /1.0/apps/shop/shell";

fn typed(text: &[u8]) -> ConsoleInput {
    ConsoleInput::Typed(text.to_vec())
}

async fn server(first: &'static [&'static [u8]], ends: bool) -> Server {
    let server = Server::start().await;
    server.world().shell = Some(Shell { first, ends });
    let unit = |id: &str, process: &str, version: i64, status: &str| json!({"ID": id, "ProcessName": process, "Version": version, "Status": status});
    let units = [
        unit("w1", "worker", 1, "started"),
        unit("a1", "web", 1, "error"),
        unit("a2", "web", 2, "started"),
    ];
    server.answers(
        APP,
        [Answer::json(&json!({"name": "shop", "units": units}))],
    );
    server
}

async fn open(server: &Server, of: &str, unit: Option<&str>) -> Box<dyn Console> {
    let platform = server.platform();
    let of = EnvId::new(of);
    platform.console(&of, unit, SIZE).await.unwrap()
}

#[tokio::test]
async fn a_session_is_opened_with_the_size_and_takes_keys() {
    let server = server(&[b"$ ", b"\xc3", b"\xa9\xff"], false).await;
    let mut console = open(&server, "shop/web", None).await;
    let asked = format!("{SHELL}?unit=a2&width=120&height=40&term=xterm-256color");
    assert_eq!(server.asked(SHELL), [asked]);
    // Bytes, wherever the other side has cut them.
    for expected in [&b"$ "[..], b"\xc3", b"\xa9\xff"] {
        assert_eq!(console.read().await.unwrap().unwrap(), expected);
    }
    console.write(typed("ls é\r".as_bytes())).await.unwrap();
    assert_eq!(console.read().await.unwrap().unwrap(), "ls é\r".as_bytes());
    // There is no message for another size.
    console.write(ConsoleInput::Size(10, 10)).await.unwrap();
    console.write(typed(&[b'x'; 5000])).await.unwrap();
    console.write(typed(b"exit\r")).await.unwrap();
    for length in [4096, 904] {
        assert_eq!(console.read().await.unwrap().unwrap().len(), length);
    }
    assert_eq!(console.read().await, Ok(None));
    assert_eq!(console.read().await, Ok(None));
    let heard: Vec<usize> = server.world().heard.iter().map(Vec::len).collect();
    assert_eq!(heard, [6, 4096, 904, 5]);
}

#[tokio::test]
async fn the_unit_is_the_one_named_or_one_of_the_process() {
    let server = server(&[], false).await;
    for (of, unit, asked) in [
        ("shop/web/1", None, "unit=a1"),
        ("shop/", None, "unit=w1"),
        ("shop/web", Some("a1"), "unit=a1"),
        ("shop/web", Some("isolated"), "isolated=true"),
    ] {
        let _console = open(&server, of, unit).await;
        let expected = format!("{SHELL}?{asked}&width=120&height=40&term=xterm-256color");
        assert_eq!(server.asked(SHELL).last(), Some(&expected));
    }
    let refused = server
        .platform()
        .console(&EnvId::new("shop/clock"), None, SIZE)
        .await;
    let Err(Failure::Conflict(text)) = refused.map(drop) else {
        panic!("a session where nothing runs")
    };
    assert!(text.as_str().starts_with("no unit of clock runs"), "{text}");
}

#[tokio::test]
async fn an_error_that_comes_first_is_a_failure() {
    const EXPIRED: &[&[u8]] =
        &[b"Error: no token provided or session expired, please login again\n"];
    const FORBIDDEN: &[&[u8]] = &[b"Error: You don't have permission to do this action\n"];
    const NO_UNIT: &[&[u8]] = &[b"Error: unit not found\n"];
    let lacks = "the token lacks app.run.shell".into();
    for (first, expected) in [
        (EXPIRED, Failure::Auth(AuthProblem::Rejected)),
        (
            FORBIDDEN,
            Failure::Auth(AuthProblem::Forbidden(Some(lacks))),
        ),
        (NO_UNIT, Failure::Conflict("unit not found".into())),
    ] {
        let server = server(first, true).await;
        let mut console = open(&server, "shop/web", None).await;
        assert_eq!(console.read().await, Err(expected));
    }
    // Later it is something that a program wrote.
    let server = server(&[b"$ ", b"Error: no\n"], true).await;
    let mut console = open(&server, "shop/web", None).await;
    for expected in [Some(b"$ ".to_vec()), Some(b"Error: no\n".to_vec()), None] {
        assert_eq!(console.read().await, Ok(expected));
    }
}

#[tokio::test]
async fn a_refused_session_says_why() {
    let server = server(&[], false).await;
    server.world().shell = None;
    server.answers(
        SHELL,
        [Answer::error(
            403,
            "You don't have permission to do this action",
        )],
    );
    let platform = server.platform();
    let place = EnvId::new("shop/web");
    let refused = platform.console(&place, None, SIZE).await.map(drop);
    assert!(
        matches!(refused, Err(Failure::Auth(AuthProblem::Forbidden(_)))),
        "{refused:?}"
    );
    server.answers(SHELL, [Answer::of([])]);
    let refused = platform.console(&place, None, SIZE).await.map(drop);
    let Err(Failure::Server {
        status: 200,
        message,
        ..
    }) = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!(message.unwrap().as_str(), "the stream was not opened");
}

#[tokio::test]
async fn where_nothing_may_change_no_session_is_opened() {
    let server = server(&[], false).await;
    let platform = server.platform_with(Patience::default(), |it| it.read_only = true);
    let refused = platform
        .console(&EnvId::new("shop/web"), Some("a1"), SIZE)
        .await;
    assert_eq!(refused.err(), Some(Failure::ReadOnly));
    assert_eq!(server.world().asked, [""; 0]);
}

#[tokio::test]
async fn text_that_is_cut_in_the_middle_of_a_character_is_no_error() {
    let base = raw_shell::start(&[b"caf\xc3", b"\xa9 \xff\xfe", b"\x1b[0m"]).await;
    let connection = crate::harness::connection(&base);
    let platform = flightdeck::platforms::tsuru::connect(connection).unwrap();
    let mut console = platform
        .console(&EnvId::new("shop/web"), Some("a1"), SIZE)
        .await
        .unwrap();
    let mut written = Vec::new();
    while let Some(bytes) = console.read().await.unwrap() {
        written.extend(bytes);
    }
    assert_eq!(written, b"caf\xc3\xa9 \xff\xfe\x1b[0m");
}
