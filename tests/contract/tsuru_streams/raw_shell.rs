//! A shell that sends messages of text that are no text, as the platform's does: no library does.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::harness::TOKEN;

/// Takes one session, sends these messages in it and says goodbye.
pub(super) async fn start(messages: &'static [&'static [u8]]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "there is no engine here")]
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let head = head(&mut socket).await;
        assert!(
            head.contains(&format!("authorization: bearer {TOKEN}")),
            "{head}"
        );
        let key = head
            .lines()
            .find_map(|line| line.strip_prefix("sec-websocket-key: "));
        let accept = derive_accept_key(key.unwrap().as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        socket.write_all(answer.as_bytes()).await.unwrap();
        for message in messages {
            let length = u8::try_from(message.len()).unwrap();
            socket.write_all(&[0x81, length]).await.unwrap();
            socket.write_all(message).await.unwrap();
        }
        // 1000, and no more.
        socket.write_all(&[0x88, 2, 0x03, 0xe8]).await.unwrap();
        let mut rest = Vec::new();
        let _gone = socket.read_to_end(&mut rest).await;
    });
    base
}

/// The head of a request; names of headers in small letters, as the client sends them.
async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().replace('\r', "")
}
