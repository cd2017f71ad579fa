//! Terminal sessions.

use flightdeck::model::{EnvId, Failure};
use flightdeck::platforms::{ConsoleInput, digitalocean};

use super::server::{LINK, Server, World};
use super::{APP, Traces, WEB, later};
use crate::harness::{TOKEN, connection};

fn typed(text: &str) -> ConsoleInput {
    ConsoleInput::Typed(text.as_bytes().to_vec())
}

#[tokio::test]
async fn a_session_takes_keys_and_sizes_and_gives_what_is_written() {
    let traces = Traces::begin();
    let server = Server::start(World::default()).await;
    let (platform, web) = (server.platform(), EnvId::new(WEB));
    let mut console = platform
        .console(&web, Some("web-5f6"), (120, 40))
        .await
        .unwrap();
    assert_eq!(
        server.world().asked,
        [format!("{APP}/components/web/exec?instance_name=web-5f6")]
    );
    console.write(typed("ls\r")).await.unwrap();
    assert_eq!(
        console.read().await.unwrap(),
        Some(b"\x1b[32mls\r".to_vec())
    );
    // A character may be typed in halves.
    for half in [&b"\xc3"[..], &b"\xa9"[..]] {
        console
            .write(ConsoleInput::Typed(half.to_vec()))
            .await
            .unwrap();
    }
    let echo = console.read().await.unwrap().unwrap();
    assert_eq!(String::from_utf8(echo).unwrap(), "\u{1b}[32mé");
    later(31).await;
    // Nothing typed keeps the session; reading goes on.
    let heard = server.hears(|heard| heard.iter().any(|it| it.contains(r#""data":"""#)));
    tokio::select! {
        () = heard => {}
        read = console.read() => panic!("{read:?}"),
    }
    console.write(typed("exit\r")).await.unwrap();
    assert_eq!(console.read().await, Ok(None));
    assert_eq!(console.read().await, Ok(None));
    let world = server.world();
    assert_eq!(
        world.heard[..2],
        [
            r#"{"height":40,"op":"resize","width":120}"#.to_owned(),
            r#"{"data":"ls\r","op":"stdin"}"#.to_owned(),
        ]
    );
    assert_eq!(world.leaks, [""; 0]);
    assert!(!traces.text().contains(LINK) && !traces.text().contains(TOKEN));
}

#[tokio::test]
async fn where_nothing_may_change_no_session_is_opened() {
    let mut connection = connection("http://127.0.0.1:1");
    connection.read_only = true;
    let platform = digitalocean::connect(connection).unwrap();
    let refused = platform.console(&EnvId::new(WEB), None, (120, 40)).await;
    assert_eq!(refused.err(), Some(Failure::ReadOnly));
}
