//! Neither the token nor a link goes where it does not belong.

use std::io::Write;
use std::sync::{Arc, Mutex};

use flightdeck::model::TransferProblem;

use super::depot::{Depot, FILE, Here, noise};
use super::storage::{Act, CANARY, Object, Storage};

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
async fn a_link_is_in_no_log_no_event_no_failure_and_no_file() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let here = Here::new();
    let depot = Depot::of(&noise(50_000));
    // A cut, an expired link, a redirect, and an end that is none.
    let elsewhere = depot.storage.link("elsewhere");
    depot.storage.act([
        Act::Cut(10_000),
        Act::Status(403),
        Act::Redirect(elsewhere),
        Act::Status(501),
    ]);
    let (result, events) = here.download(&depot).await;
    let failure = result.unwrap_err();
    depot.inner().link = Some(format!("http://storage.example.org/{CANARY}"));
    let (other, _) = here.download(&depot).await;
    drop(guard);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the storage answered"), "{logged}");
    let part = here.read(&format!("{FILE}.part.json"));
    let beside = String::from_utf8(part).unwrap();
    assert!(beside.contains("\"etag\""), "{beside}");
    let said = format!(
        "{events:?} {failure:?} {} {} {other:?}",
        failure.problem.headline(),
        failure.problem.advice()
    );
    for text in [logged, said, beside] {
        let line = text.lines().find(|line| line.contains(CANARY));
        assert_eq!(line, None);
    }
}

#[tokio::test]
async fn nothing_that_identifies_the_user_goes_to_a_storage() {
    let (here, bytes) = (Here::new(), noise(50_000));
    let depot = Depot::of(&bytes);
    let other = Storage::start(Object::new(bytes.clone()));
    // A name and a password in a link would be sent as credentials, too.
    let link = |host: &str| format!("http://user:canary-word@{host}/x?signature={CANARY}");
    depot.inner().link = Some(link(&depot.storage.address));
    depot.storage.act([Act::Redirect(link(&other.address))]);
    let (result, _) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    let asked = [depot.storage.asked(), other.asked()].concat();
    assert_eq!(asked.len(), 2);
    for request in asked {
        for header in ["authorization", "cookie", "proxy-authorization", "referer"] {
            assert_eq!(request.header(header), None, "{request:?}");
        }
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
}

#[tokio::test]
async fn a_link_that_would_show_the_file_to_the_network_is_not_followed() {
    for bad in [
        "http://storage.example.org/x",
        "ftp://storage.example.org/x",
        "file:///etc/passwd",
        "nonsense",
    ] {
        let here = Here::new();
        let depot = Depot::of(b"x");
        depot.inner().link = Some(bad.into());
        let (result, _) = here.download(&depot).await;
        let failure = result.unwrap_err();
        assert!(
            matches!(failure.problem, TransferProblem::Storage(_)),
            "{bad}"
        );
        assert!(here.names().is_empty());
    }
    let here = Here::new();
    let depot = Depot::of(b"x");
    let plain = "http://storage.example.org/x".to_owned();
    depot.storage.act([Act::Redirect(plain)]);
    let (result, _) = here.download(&depot).await;
    let problem = result.unwrap_err().problem;
    assert!(problem.headline().contains("302"), "{problem:?}");
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let here = Here::new();
    let depot = Depot::of(b"x");
    let round = depot.storage.link("round");
    depot
        .storage
        .act(std::iter::repeat_n(Act::Redirect(round), 50));
    let (result, _) = here.download(&depot).await;
    let problem = result.unwrap_err().problem;
    assert!(problem.headline().contains("circle"), "{problem:?}");
    assert_eq!(depot.storage.asked().len(), 4);
}
