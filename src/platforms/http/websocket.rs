//! Streams (WebSocket) behind links that are secrets, on hosts that are no platform's API.
//!
//! A client of its own, like that of [`storage`](super::storage): it knows no token, so none can go
//! along, whatever the host. The link is the secret here: it is in no log, no failure, no debug
//! output. The connection is reqwest's, with its proxy and its TLS; only the frames are
//! tungstenite's. A stream on which nothing comes for too long, not even a ping, counts as lost.
//!
//! A stream of the API itself, on its own host and under its token, is another matter and another
//! way: [`Http::upgrade`](super::Http::upgrade).

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::sink::Sink as _;
use futures_util::stream::Stream as _;
use futures_util::task::noop_waker;
use reqwest::header::{
    ACCEPT_ENCODING, CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{ClientBuilder, Response, StatusCode};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use url::Url;

use super::client::is_loopback;
use super::link::{self, Clients};
use super::reply::Incoming;
use super::wire::{Reading, Wire};
use super::{problem, remark};
use crate::model::{Failure, NetworkProblem, Secret};

/// Waiting for the answer that opens the stream. A platform may wait for an instance first.
pub(super) const OPENING: Duration = Duration::from_secs(30);

/// Waiting for the next frame, pings included.
pub(super) const SILENCE: Duration = Duration::from_mins(1);

/// No message is longer; those of logs and consoles are a line or a screen.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// The way to streams behind links.
pub struct WebSockets {
    /// Whether links may lead to this machine: only where the API is here, too.
    may_be_here: bool,
    silence: Duration,
    clients: Clients,
}

/// An open stream. Closed when dropped, with a word of goodbye where the line takes it.
pub struct WebSocket {
    stream: WebSocketStream<Wire>,
    silence: Duration,
    /// When something came last.
    heard: Instant,
    is_unflushed: bool,
    is_over: bool,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A message of text.
    Text(String),
    /// A message of bytes.
    Binary(Bytes),
}

impl WebSockets {
    /// Prepares the way for an API at `base`. Sends nothing.
    #[must_use]
    pub fn new(base: &Url) -> Self {
        Self::within(base, SILENCE)
    }

    /// Like [`WebSockets::new`], for somebody who waits `idle` for what comes next, if that is less.
    #[must_use]
    pub fn within(base: &Url, idle: Duration) -> Self {
        Self {
            may_be_here: is_loopback(base),
            silence: idle.min(SILENCE),
            // The other protocol has no upgrade.
            clients: Clients::new(ClientBuilder::http1_only),
        }
    }

    /// Opens the stream behind a link, which is a secret: `wss`, or `https` meant for it.
    ///
    /// # Errors
    /// `Decode` for what is no such link; `Network`; `Server` for an answer that opens nothing.
    pub async fn open(&self, link: &Secret) -> Result<WebSocket, Failure> {
        let url = address(link.expose(), self.may_be_here)?;
        let handshake = Handshake::new();
        let request = self.clients.of(&url)?.get(url).headers(handshake.headers());
        let response = timeout(OPENING, request.send())
            .await
            .map_err(|_| problem::silent(OPENING))?
            .map_err(problem::network)?;
        tracing::debug!(
            status = response.status().as_u16(),
            "a stream was asked for"
        );
        handshake.check(&response)?;
        WebSocket::over(response, self.silence, Reading::Strict).await
    }

    /// Reads what a stream says without one: the same link, asked as a file is. For where streams
    /// are refused on the way; what is written comes late, and not all of it in one answer.
    ///
    /// # Errors
    /// As [`WebSockets::open`].
    pub async fn read(&self, link: &Secret) -> Result<Incoming, Failure> {
        let url = address(link.expose(), self.may_be_here)?;
        let request = self.clients.of(&url)?.get(url);
        // Packed lines would come later still.
        let request = request.header(ACCEPT_ENCODING, "identity");
        let response = timeout(OPENING, request.send())
            .await
            .map_err(|_| problem::silent(OPENING))?
            .map_err(problem::network)?;
        let status = response.status();
        tracing::debug!(status = status.as_u16(), "a stream was read as a file");
        if status.is_success() {
            return Ok(Incoming::new(response, self.silence));
        }
        Err(problem::redirect(
            status.as_u16(),
            "the stream was not opened",
        ))
    }
}

impl fmt::Debug for WebSockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebSockets")
    }
}

/// What a client says to open a stream, and what it must hear.
pub(super) struct Handshake {
    key: String,
}

impl Handshake {
    pub(super) fn new() -> Self {
        Self {
            key: generate_key(),
        }
    }

    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        // The key is base64.
        if let Ok(key) = HeaderValue::from_str(&self.key) {
            headers.insert(SEC_WEBSOCKET_KEY, key);
        }
        headers
    }

    /// Whether the other side speaks the protocol and answers this very request.
    pub(super) fn check(&self, response: &Response) -> Result<(), Failure> {
        check(response, &self.key)
    }
}

impl WebSocket {
    /// The stream that an answer has opened.
    pub(super) async fn over(
        response: Response,
        silence: Duration,
        reading: Reading,
    ) -> Result<Self, Failure> {
        let connection = response.upgrade().await.map_err(problem::network)?;
        let wire = Wire::new(connection, reading);
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        Ok(Self {
            stream: WebSocketStream::from_raw_socket(wire, Role::Client, Some(config)).await,
            silence,
            heard: Instant::now(),
            is_unflushed: false,
            is_over: false,
        })
    }

    /// The next message; absent when the other side has said that this is all. Cancel-safe.
    ///
    /// # Errors
    /// `Network` when the stream breaks, falls silent, or is closed for another reason.
    pub async fn next(&mut self) -> Result<Option<Frame>, Failure> {
        while !self.is_over {
            let limit = self.heard + self.silence;
            let came = timeout_at(limit, std::future::poll_fn(|cx| self.poll(cx))).await;
            let Ok(came) = came else {
                self.is_over = true;
                return Err(problem::silent(self.silence));
            };
            self.heard = Instant::now();
            match came {
                Some(Ok(Message::Text(text))) => return Ok(Some(Frame::Text(text.to_string()))),
                Some(Ok(Message::Binary(bytes))) => return Ok(Some(Frame::Binary(bytes))),
                Some(Ok(Message::Close(frame))) => {
                    self.is_over = true;
                    return closed(frame.as_ref());
                }
                // Pings are answered by tungstenite when it is asked for more.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(error)) => {
                    self.is_over = true;
                    return Err(broken(&error));
                }
                None => {
                    self.is_over = true;
                    return Err(lost("the stream ended without a word"));
                }
            }
        }
        Ok(None)
    }

    /// Sends a message of text. What was taken before the call is dropped still goes, with the next
    /// message or while the next one is awaited.
    ///
    /// # Errors
    /// `Network`.
    pub async fn send(&mut self, text: String) -> Result<(), Failure> {
        self.put(Message::Text(text.into())).await
    }

    /// Sends a message of text whose bytes are what they are: no server that takes them for what is
    /// typed at a terminal asks whether they are UTF-8.
    ///
    /// # Errors
    /// `Network`.
    pub async fn send_raw(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        let text = OpCode::Data(Data::Text);
        self.put(Message::Frame(frame::Frame::message(bytes, text, true)))
            .await
    }

    /// Asks the other side for a sign of life.
    ///
    /// # Errors
    /// `Network`.
    pub async fn ping(&mut self) -> Result<(), Failure> {
        self.put(Message::Ping(Bytes::new())).await
    }

    async fn put(&mut self, message: Message) -> Result<(), Failure> {
        if self.is_over {
            return Err(lost("the stream is closed"));
        }
        let mut message = Some(message);
        let sent = std::future::poll_fn(|cx| {
            let mut sink = std::pin::Pin::new(&mut self.stream);
            if message.is_some() {
                std::task::ready!(sink.as_mut().poll_ready(cx))?;
            }
            if let Some(message) = message.take() {
                self.is_unflushed = true;
                sink.as_mut().start_send(message)?;
            }
            sink.poll_flush(cx)
        });
        sent.await.map_err(|error| broken(&error))?;
        self.is_unflushed = false;
        Ok(())
    }

    /// Reads on, and brings on its way what a dropped call has left.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        if self.is_unflushed
            && std::pin::Pin::new(&mut self.stream)
                .poll_flush(cx)
                .is_ready()
        {
            self.is_unflushed = false;
        }
        std::pin::Pin::new(&mut self.stream).poll_next(cx)
    }
}

impl Drop for WebSocket {
    /// Says goodbye if the line takes it at once. A task that waits for that would outlive its
    /// owner for the sake of politeness.
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let waker = noop_waker();
        let mut cx = Context::from_waker(&waker);
        let mut sink = std::pin::Pin::new(&mut self.stream);
        let goodbye = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        if matches!(sink.as_mut().poll_ready(&mut cx), Poll::Ready(Ok(())))
            && sink
                .as_mut()
                .start_send(Message::Close(Some(goodbye)))
                .is_ok()
        {
            let _gone_or_not = sink.poll_flush(&mut cx);
        }
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebSocket")
    }
}

/// What a close frame means. Only 1000 says that everything was sent; the reason beside it is not
/// repeated, for it may name the link.
fn closed(frame: Option<&CloseFrame>) -> Result<Option<Frame>, Failure> {
    match frame.map(|frame| frame.code) {
        Some(CloseCode::Normal) => Ok(None),
        Some(code) => Err(lost(&format!(
            "the stream was closed ({})",
            u16::from(code)
        ))),
        None => Err(lost("the stream was closed without a reason")),
    }
}

/// The way broke. The errors of this library name no address.
fn broken(error: &Error) -> Failure {
    lost(&problem::chain(error))
}

fn lost(detail: &str) -> Failure {
    tracing::debug!(detail, "a stream was lost");
    Failure::Network {
        problem: NetworkProblem::Reset,
        sent: true,
        detail: remark(detail),
    }
}

/// Whether the other side speaks the protocol and answers this very request.
fn check(response: &Response, key: &str) -> Result<(), Failure> {
    let status = response.status();
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Err(problem::redirect(
            status.as_u16(),
            "the stream was not opened",
        ));
    }
    let text = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    let accepts = text(SEC_WEBSOCKET_ACCEPT) == Some(&derive_accept_key(key.as_bytes()));
    let is_websocket = text(UPGRADE).is_some_and(|it| it.eq_ignore_ascii_case("websocket"));
    if accepts && is_websocket {
        return Ok(());
    }
    Err(problem::redirect(
        status.as_u16(),
        "the answer opens another kind of stream",
    ))
}

/// The address to ask.
fn address(secret: &str, may_be_here: bool) -> Result<Url, Failure> {
    let asked = match secret.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("wss") => format!("https://{rest}"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => format!("http://{rest}"),
        _ => secret.to_owned(),
    };
    let url = Url::parse(&asked).map_err(|_| no_link("something else"))?;
    let plain = "no TLS, which would show everything to the network";
    link::check(&url, may_be_here, plain).map_err(no_link)?;
    Ok(link::bare(url))
}

/// What is wrong with a link, without the link.
fn no_link(found: &str) -> Failure {
    link::no_link("a stream", "a wss address", found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_goes_over_tls_or_stays_here() {
        let asked = |link: &str, here| address(link, here).map(String::from).ok();
        for (link, url) in [
            (
                "wss://logs.example.org/?token=x",
                "https://logs.example.org/?token=x",
            ),
            (
                "https://logs.example.org/a?b#c",
                "https://logs.example.org/a?b",
            ),
            ("ws://127.0.0.1:1/x", "http://127.0.0.1:1/x"),
            ("http://user:pw@localhost:1/x", "http://localhost:1/x"),
        ] {
            assert_eq!(asked(link, true).as_deref(), Some(url), "{link}");
        }
        for bad in [
            "ws://logs.example.org/x",
            "http://logs.example.org/x",
            "ftp://logs.example.org/x",
            "file:///etc/passwd",
            "logs.example.org",
        ] {
            assert_eq!(asked(bad, true), None, "{bad}");
        }
        for here in ["ws://127.0.0.1:1/x", "wss://localhost/x"] {
            assert_eq!(asked(here, false), None, "{here}");
        }
    }

    #[test]
    fn only_1000_is_an_end() {
        let close = |code: u16| {
            let frame = CloseFrame {
                code: code.into(),
                reason: "wss://canary".into(),
            };
            closed(Some(&frame))
        };
        assert_eq!(close(1000), Ok(None));
        for code in [1001, 1005, 1006, 1011, 4000] {
            let failure = close(code).unwrap_err();
            let text = format!("{failure:?}");
            assert!(
                text.contains(&code.to_string()) && !text.contains("canary"),
                "{text}"
            );
        }
        assert!(closed(None).is_err());
    }
}
