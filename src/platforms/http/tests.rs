//! What only a server that misbehaves can show.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use reqwest::header::AUTHORIZATION;

use super::*;
use crate::model::{NetworkProblem, Secret};

const CANARY: &str = "canary-token";

/// Serves one connection after another with `answer`, and holds it open if told to.
fn serve(answer: &'static [u8], hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut kept: Vec<TcpStream> = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(answer);
            if hold {
                kept.push(stream);
            }
        }
    });
    format!("http://{address}")
}

/// Waits long, so that a busy machine changes nothing.
fn http(base: &str) -> Http {
    http_within(base, Duration::from_secs(20))
}

fn http_within(base: &str, limit: Duration) -> Http {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connection = Connection {
        base_url: Url::parse(base).unwrap(),
        credential: Arc::new(|| Ok(Secret::new(CANARY))),
        read_only: false,
        organisation: None,
        settings: crate::platforms::Settings::default(),
        notebook: std::sync::Arc::new(crate::model::Scratch::default()),
        allow_plain_http: false,
    };
    let dialect = Dialect {
        authorization: |token| (AUTHORIZATION, format!("Bearer {token}")),
        failure: |refusal| refusal.server(refusal.excerpt()),
    };
    let patience = Patience {
        connect: Duration::from_secs(5),
        read: limit,
        write: limit,
        idle: limit,
    };
    Http::with_patience(&connection, dialect, patience).unwrap()
}

/// Loses patience after a moment.
fn hasty(base: &str) -> Http {
    http_within(base, Duration::from_millis(400))
}

fn get() -> Call {
    let call = Call::new("GetThing", Method::GET, "/thing/".into(), Safety::Read);
    call.query([("key", "canary-query")])
}

async fn check(http: Http, problem: NetworkProblem, sent: bool) {
    let failure = http.send(get()).await.map(|_| ()).unwrap_err();
    let Failure::Network {
        problem: found,
        sent: was_sent,
        ..
    } = &failure
    else {
        panic!("{failure:?}")
    };
    assert_eq!((*found, *was_sent), (problem, sent), "{failure:?}");
    let shown = format!("{failure:?} {failure} {}", failure.advice());
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn silence_after_the_request_may_have_had_an_effect() {
    check(hasty(&serve(b"", true)), NetworkProblem::Timeout, true).await;
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    check(hasty(&serve(half, true)), NetworkProblem::Timeout, true).await;
}

#[tokio::test]
async fn a_connection_that_breaks_may_have_had_an_effect() {
    check(http(&serve(b"", false)), NetworkProblem::Reset, true).await;
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    check(http(&serve(half, false)), NetworkProblem::Reset, true).await;
    check(
        http(&serve(b"what?\r\n\r\n", false)),
        NetworkProblem::Reset,
        true,
    )
    .await;
    let garbled = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope";
    check(http(&serve(garbled, false)), NetworkProblem::Reset, true).await;
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    check(http("http://127.0.0.1:9"), NetworkProblem::Connect, false).await;
    let plain = serve(b"HTTP/1.1 200 OK\r\n\r\n", false);
    let base = plain.replace("http:", "https:");
    check(http(&base), NetworkProblem::Tls, false).await;
}

#[tokio::test]
async fn a_stream_comes_as_it_is_written_and_ends_when_it_is_silent() {
    let body = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n";
    let mut stream = hasty(&serve(body, true)).stream(get()).await.unwrap();
    let mut read = Vec::new();
    let end = loop {
        match stream.next().await {
            Ok(Some(bytes)) => read.extend_from_slice(&bytes),
            other => break other,
        }
    };
    assert_eq!(read, b"onetwo");
    let silent = NetworkProblem::Timeout;
    assert!(matches!(end, Err(Failure::Network { problem, sent: true, .. }) if problem == silent));
}

#[tokio::test]
async fn a_stream_that_is_refused_is_judged() {
    let body = b"HTTP/1.1 500 Oops\r\ncontent-length: 9\r\n\r\n<b>no</b>";
    let failure = http(&serve(body, false)).stream(get()).await.map(|_| ());
    let Err(Failure::Server {
        status: 500,
        message: Some(message),
        ..
    }) = failure
    else {
        panic!("{failure:?}")
    };
    assert_eq!(message.as_str(), "no");
}

#[tokio::test]
async fn a_read_by_post_passes_a_read_only_context() {
    let body = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let mut http = http(&serve(body, false));
    http.read_only = true;
    let call = |safety| {
        let call = Call::new("Ask", Method::POST, "/ask/".into(), safety);
        call.json(&serde_json::json!({}))
    };
    assert_eq!(http.send(call(Safety::Read)).await.unwrap().text(), "{}");
    for safety in [Safety::Repeatable, Safety::Once] {
        let refused = http.send(call(safety)).await.map(|_| ());
        assert_eq!(refused, Err(Failure::ReadOnly));
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_and_no_debug_output_shows_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let http = http(&serve(
        b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n",
        false,
    ));
    let call = get().json(&serde_json::json!({"value": "canary-value"}));
    let shown = format!("{http:?} {call:?}");
    http.send(call).await.map(|_| ()).unwrap_err();
    drop(guard);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("GetThing"), "{logged}");
    for line in shown.lines().chain(logged.lines()) {
        assert!(
            !line.contains("canary-token") && !line.contains("canary-value"),
            "{line}"
        );
    }
    // Other crates log addresses at their lowest levels; ours does not.
    let ours = logged.lines().filter(|line| line.contains("flightdeck"));
    assert!(
        ours.into_iter().all(|line| !line.contains("canary")),
        "{logged}"
    );
    assert!(!shown.contains("canary"), "{shown}");
}
