//! The streams of the simulated tsuru, as a client meets them: over HTTP and WebSocket.

use client::Client;
use own::{Ended, Options, messages, numbered, records, text, texts};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

#[cfg(test)]
mod own {
    use flightdeck::sim::SimOptions;
    use futures_util::{SinkExt as _, StreamExt as _};
    use reqwest::{Method, Response, StatusCode};
    use serde_json::{Value, json};
    use tokio::net::TcpStream;
    use tokio_tungstenite::{
        WebSocketStream, client_async,
        tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
    };

    use crate::client::{Client, PATIENCE, until};

    pub(super) struct Options {
        /// Simulated seconds per real second.
        pub(super) speed: f64,
    }

    impl Client {
        /// A world in which nothing happens by itself.
        pub(super) async fn still(Options { speed }: Options) -> Client {
            let options = SimOptions {
                story: false,
                speed,
                platforms: vec!["tsuru"],
                ..SimOptions::default()
            };
            Client::on("tsuru", "bearer", options).await
        }

        /// Status and text of an answer.
        pub(super) async fn ask(&self, method: Method, path: &str) -> (StatusCode, String) {
            let answer = self.request(method, path).send().await.unwrap();
            let status = answer.status();
            (status, answer.text().await.unwrap())
        }

        pub(super) async fn get(&self, path: &str) -> Value {
            let (status, body) = self.ask(Method::GET, path).await;
            assert!(status.is_success(), "{path}: {status} {body}");
            serde_json::from_str(&body).unwrap_or_default()
        }

        /// Asks again until the answer is as wanted.
        pub(super) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
            until(async || self.get(path).await, wanted).await
        }

        /// Submits a form, and answers once there are headers.
        pub(super) async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Response {
            let request = self.request(Method::POST, path).form(form);
            request.send().await.unwrap()
        }

        /// Opens a stream.
        pub(super) async fn open(&self, path: &str) -> Stream {
            let request = self.request(Method::GET, path);
            Stream::of(request.send().await.unwrap())
        }

        /// Lets something go wrong.
        pub(super) async fn fault(&self, fault: Value) {
            let told = self.command("/_sim/faults", &fault).await;
            assert!(told["active"].as_u64().is_some(), "{told}");
        }

        /// Lets the first unit of a process write lines.
        pub(super) async fn write(&self, process: &str, lines: &[String]) {
            let body = json!({ "environment": process, "lines": lines });
            let written = self.command("/_sim/log", &body).await;
            assert_eq!(written["appended"], lines.len(), "{written}");
        }

        /// Waits until the control port counts what is wanted.
        pub(super) async fn counted(&self, wanted: impl Fn(&Value) -> bool) -> Value {
            let counts = async || self.control(Method::GET, "/_sim/requests").await;
            until(counts, wanted).await
        }

        /// The names of the units of an app.
        pub(super) async fn units(&self, app: &str) -> Vec<String> {
            let app = self.get(&format!("/1.0/apps/{app}")).await;
            let units = app["units"].as_array().into_iter().flatten();
            units.map(|unit| text(&unit["ID"])).collect()
        }

        /// Opens a shell; `None` if the handshake fails.
        pub(super) async fn shell(&self, path: &str, token: Option<&str>) -> Option<Shell> {
            let url = format!("{}{path}", self.base).replacen("http", "ws", 1);
            let mut request = url.into_client_request().unwrap();
            let token = token.unwrap_or(&self.token);
            let token = HeaderValue::from_str(&format!("bearer {token}")).unwrap();
            request.headers_mut().insert("authorization", token);
            let place = request.uri().authority().unwrap().as_str().to_owned();
            let stream = TcpStream::connect(place).await.unwrap();
            let (socket, _) = client_async(request, stream).await.ok()?;
            Some(Shell { socket, pings: 0 })
        }
    }

    /// A body that is read bit by bit.
    pub(super) struct Stream {
        pub(super) response: Response,
        pub(super) chunks: Vec<Vec<u8>>,
    }

    impl Stream {
        pub(super) fn of(response: Response) -> Stream {
            assert_eq!(response.status(), StatusCode::OK);
            Stream {
                response,
                chunks: Vec::new(),
            }
        }

        /// Everything that was read.
        pub(super) fn whole(&self) -> String {
            String::from_utf8(self.chunks.concat()).unwrap()
        }

        /// Reads on; whether there was more, or `Err` if it was cut.
        pub(super) async fn more(&mut self) -> Result<bool, ()> {
            let chunk = self.response.chunk();
            let chunk = tokio::time::timeout(PATIENCE, chunk)
                .await
                .expect("silence");
            let chunk = chunk.map_err(|_| ())?;
            let is_more = chunk.is_some();
            self.chunks.extend(chunk.map(|chunk| chunk.to_vec()));
            Ok(is_more)
        }

        /// Reads up to a text.
        pub(super) async fn up_to(&mut self, wanted: &str) -> String {
            while !self.whole().contains(wanted) {
                assert_eq!(self.more().await, Ok(true), "{}", self.whole());
            }
            self.whole()
        }

        /// Reads to the end, and how it ended.
        pub(super) async fn rest(&mut self) -> (String, Ended) {
            loop {
                match self.more().await {
                    Ok(true) => {}
                    Ok(false) => return (self.whole(), Ended::Closed),
                    Err(()) => {
                        let read = self.chunks.concat();
                        return (String::from_utf8_lossy(&read).into_owned(), Ended::Lost);
                    }
                }
            }
        }
    }

    /// How a stream ended.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Ended {
        Closed,
        Lost,
    }

    pub(super) struct Shell {
        socket: WebSocketStream<TcpStream>,
        pub(super) pings: u32,
    }

    impl Shell {
        /// The next text; `Err` with the code of a close, if there was one.
        pub(super) async fn next(&mut self) -> Result<String, Option<u16>> {
            let next = tokio::time::timeout(PATIENCE, async {
                loop {
                    match self.socket.next().await {
                        Some(Ok(Message::Text(frame))) => return Ok(frame.to_string()),
                        Some(Ok(Message::Close(frame))) => {
                            return Err(frame.map(|frame| frame.code.into()));
                        }
                        Some(Ok(Message::Ping(_))) => {
                            self.pings += 1;
                            return Ok(String::new());
                        }
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => return Err(None),
                    }
                }
            });
            next.await.expect("silence")
        }

        pub(super) async fn up_to(&mut self, wanted: &str) -> String {
            let mut whole = String::new();
            while !whole.contains(wanted) {
                whole.push_str(&self.next().await.expect("more"));
            }
            whole
        }

        pub(super) async fn type_in(&mut self, keys: &str) {
            let frame = Message::Text(keys.into());
            self.socket.send(frame).await.unwrap();
        }

        pub(super) async fn leave(mut self) {
            let code = tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode::Normal;
            let reason = "".into();
            let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code, reason };
            self.socket.close(Some(frame)).await.unwrap();
        }

        /// Everything up to the end, and its code.
        pub(super) async fn rest(&mut self) -> (String, Option<u16>) {
            let mut whole = String::new();
            loop {
                match self.next().await {
                    Ok(more) => whole.push_str(&more),
                    Err(code) => return (whole, code),
                }
            }
        }
    }

    pub(super) fn text(value: &Value) -> String {
        value.as_str().expect("a text").to_owned()
    }

    /// The lines of a stream that are values.
    fn values(whole: &str) -> Vec<Value> {
        let lines = whole.lines().filter(|line| !line.is_empty());
        let read = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        lines.map(read).collect()
    }

    /// The records of a log stream.
    pub(super) fn records(whole: &str) -> Vec<Value> {
        let arrays = values(whole).into_iter();
        arrays
            .flat_map(|array| array.as_array().cloned().unwrap())
            .collect()
    }

    /// What the records say.
    pub(super) fn texts(records: &[Value]) -> Vec<String> {
        records.iter().map(|it| text(&it["Message"])).collect()
    }

    /// What an action stream says as a whole, and its error.
    pub(super) fn messages(whole: &str) -> (String, Option<String>) {
        let values = values(whole);
        let said = values.iter().map(|value| text(&value["Message"])).collect();
        let error = values.last().and_then(|last| last.get("Error"));
        (said, error.map(text))
    }

    pub(super) fn numbered(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
        range
            .map(|number| format!("numbered {number} \u{e9}"))
            .collect()
    }
}

const APP: &str = "lantern";
const USUAL: Options = Options { speed: 1.0 };
const FAST: Options = Options { speed: 20.0 };
const VERY_FAST: Options = Options { speed: 200.0 };

#[tokio::test]
async fn log_needs_a_number_of_lines_an_app_and_a_token() {
    let sim = Client::still(USUAL).await;
    let check = async |path: &str, status: StatusCode, body: &str| {
        let (got, said) = sim.ask(Method::GET, path).await;
        assert_eq!((got, said.as_str()), (status, body), "{path}");
    };
    let mandatory = "Parameter \"lines\" is mandatory.\n";
    check("/1.0/apps/lantern/log", StatusCode::BAD_REQUEST, mandatory).await;
    check(
        "/apps/lantern/log?follow=1",
        StatusCode::BAD_REQUEST,
        mandatory,
    )
    .await;
    let integer = "Parameter \"lines\" must be an integer.\n";
    check(
        "/1.0/apps/lantern/log?lines=x",
        StatusCode::BAD_REQUEST,
        integer,
    )
    .await;
    check(
        "/1.0/apps/nobody/log?lines=1",
        StatusCode::NOT_FOUND,
        "App nobody not found.\n",
    )
    .await;
    let request = sim.bare(Method::GET, "/1.0/apps/lantern/log?lines=1");
    assert_eq!(
        request.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    let (status, said) = sim.ask(Method::GET, "/1.0/apps/outpost/log?lines=1").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(said.contains("https://logs."), "{said}");
}

#[tokio::test]
async fn log_is_one_array_with_so_many_lines_of_each_pod() {
    let sim = Client::still(USUAL).await;
    let units = sim.units(APP).await;
    let mut log = sim.open("/1.0/apps/lantern/log?lines=3").await;
    assert_eq!(
        log.response.headers()["content-type"],
        "application/x-json-stream"
    );
    assert_eq!(log.response.headers()["supported-tsuru"], "1.0.1");
    let (whole, ended) = log.rest().await;
    assert_eq!(ended, Ended::Closed);
    assert_eq!(whole.matches('\n').count(), 1, "{whole}");
    let records = records(&whole);
    for unit in &units {
        let of = records.iter().filter(|record| record["Unit"] == **unit);
        assert_eq!(of.count(), 3, "{unit}: {whole}");
    }
    let dates: Vec<String> = records.iter().map(|it| text(&it["Date"])).collect();
    let whole_seconds = |date: &String| date.split(['.', 'Z']).next().unwrap().to_owned();
    assert!(dates.iter().map(whole_seconds).is_sorted(), "{dates:?}");
    assert!(records.iter().all(|it| it["Name"] == APP));
}

#[tokio::test]
async fn followed_log_has_every_line_in_order_one_array_each() {
    let sim = Client::still(USUAL).await;
    sim.write("lantern/web", &numbered(1..=5)).await;
    let mut log = sim
        .open("/1.0/apps/lantern/log?lines=2&source=web&follow=1")
        .await;
    let first = log.up_to("\n").await;
    assert!(
        texts(&records(&first)).ends_with(&numbered(4..=5)),
        "{first}"
    );
    sim.write("lantern/web", &numbered(6..=700)).await;
    let whole = log.up_to("numbered 700 ").await;
    let found: Vec<String> = texts(&records(&whole))
        .into_iter()
        .filter(|text| text.starts_with("numbered"))
        .collect();
    assert_eq!(found, numbered(4..=700));
    let arrays = whole.lines().skip(1).filter(|line| !line.is_empty());
    assert!(arrays.clone().all(|line| records(line).len() == 1));
    let written = &records(arrays.last().unwrap())[0];
    assert_eq!(written["Source"], "web");
    assert_eq!(written["Type"], "app");
    assert!(sim.units(APP).await.contains(&text(&written["Unit"])));
    sim.counted(|counts| counts["streams"]["open"] == 1).await;
    drop(log);
    sim.counted(|counts| counts["streams"]["open"] == 0).await;
}

#[tokio::test]
async fn log_without_records_begins_with_an_empty_array_and_stays_alive() {
    let sim = Client::still(VERY_FAST).await;
    let mut log = sim
        .open("/1.0/apps/lantern/log?lines=9&source=nobody&follow=true")
        .await;
    let whole = log.up_to("[]\n\n\n\n").await;
    assert!(whole.trim_end_matches('\n') == "[]", "{whole:?}");
}

#[tokio::test]
async fn filters_have_the_oddities_of_two_origins() {
    let sim = Client::still(VERY_FAST).await;
    let form = [("process", ""), ("version", "")];
    let restarted = sim.submit("/1.0/apps/lantern/restart", &form).await;
    assert_eq!(own::Stream::of(restarted).rest().await.1, Ended::Closed);
    sim.write("lantern/web", &numbered(1..=4)).await;
    let sources = async |query: &str| {
        let path = format!("/1.0/apps/lantern/log?lines=0&{query}");
        let (whole, _) = sim.open(&path).await.rest().await;
        let mut sources: Vec<String> = records(&whole)
            .iter()
            .map(|record| text(&record["Source"]))
            .collect();
        sources.sort_unstable();
        sources.dedup();
        sources.join(" ")
    };
    assert_eq!(sources("source=web").await, "web");
    assert_eq!(sources("source=tsuru").await, "tsuru");
    assert_eq!(sources("source=web&invert-source=true").await, "tsuru web");
    assert_eq!(sources("source=tsuru&invert-source=1").await, "");
    assert_eq!(sources("unit=api").await, "tsuru");
    let unit = sim.units(APP).await.remove(0);
    assert_ne!(sources(&format!("unit={unit}")).await, "");
    let (whole, _) = sim
        .open("/1.8/apps/lantern/log-instance?lines=0")
        .await
        .rest()
        .await;
    let records = records(&whole);
    assert!(!records.is_empty());
    assert!(records.iter().all(|record| record["Unit"] == "api"));
}

#[tokio::test]
async fn action_is_told_in_its_stream_in_the_log_and_in_its_event() {
    let sim = Client::still(FAST).await;
    let mut log = sim
        .open("/1.0/apps/lantern/log?lines=1&source=tsuru&follow=1")
        .await;
    let mut action = own::Stream::of(
        sim.submit("/1.0/apps/lantern/restart", &[("process", "web")])
            .await,
    );
    assert_eq!(
        action.response.headers()["content-type"],
        "application/x-json-stream"
    );
    action.up_to("\n").await;
    let running = "/1.1/events?target.value=lantern&limit=1&kindname=app.update.restart";
    let event = sim.get(running).await;
    assert_eq!(event[0]["Running"], true, "{event}");
    assert_eq!(event[0]["Log"], "");
    // The log of the app has it while it runs.
    let live = log.up_to("Updating units").await;
    assert!(live.contains("\"Unit\":\"api\""), "{live}");
    let (whole, ended) = action.rest().await;
    assert_eq!(ended, Ended::Closed);
    let (said, error) = messages(&whole);
    assert_eq!(error, None);
    assert!(said.ends_with(" ---> Done updating units\n"), "{said}");
    log.up_to("Done updating units").await;
    let id = text(&event[0]["UniqueID"]);
    let ended = sim
        .until(&format!("/1.1/events/{id}"), |event| {
            event["Running"] == false
        })
        .await;
    let stored = texts(ended["StructuredLog"].as_array().unwrap());
    let lines: Vec<&str> = stored.iter().map(|line| line.trim_end()).collect();
    assert_eq!(lines, said.lines().collect::<Vec<_>>());
}

#[tokio::test]
async fn leaving_an_action_does_not_stop_it() {
    let sim = Client::still(FAST).await;
    let before = sim.units(APP).await;
    let mut action = own::Stream::of(sim.submit("/1.0/apps/lantern/restart", &[]).await);
    action.up_to("\n").await;
    drop(action);
    let replaced = |app: &Value| {
        let units = app["units"].as_array().unwrap();
        units.len() == before.len()
            && units
                .iter()
                .all(|unit| !before.contains(&text(&unit["ID"])))
            && units.iter().all(|unit| unit["Status"] == "started")
    };
    sim.until("/1.0/apps/lantern", replaced).await;
}

#[tokio::test]
async fn deploy_is_text_that_ends_in_ok() {
    let sim = Client::still(VERY_FAST).await;
    let form = [
        ("archive-url", "https://example.com/a.tar.gz"),
        ("origin", "app-deploy"),
    ];
    let mut deploy = own::Stream::of(sim.submit("/1.0/apps/lantern/deploy", &form).await);
    assert_eq!(deploy.response.headers()["content-type"], "text");
    let id = deploy.response.headers()["x-tsuru-eventid"]
        .to_str()
        .unwrap()
        .to_owned();
    let (whole, ended) = deploy.rest().await;
    assert_eq!(ended, Ended::Closed);
    assert!(whole.ends_with("\nOK\n"), "{whole}");
    assert!(whole.contains("please wait...\n"), "{whole}");
    assert!(
        whole.matches("\nOK\n").count() > 1,
        "one of them means nothing: {whole}"
    );
    let event = sim.get(&format!("/1.1/events/{id}")).await;
    assert_eq!(event["Running"], false);
    assert_eq!(event["Error"], "");
    let deployed = sim.get(&format!("/1.0/deploys/{id}")).await;
    assert!(
        text(&deployed["Log"]).contains("Updating units"),
        "{deployed}"
    );
}

#[tokio::test]
async fn deploy_takes_exactly_one_source() {
    let sim = Client::still(VERY_FAST).await;
    let check = async |form: &[(&str, &str)], status: StatusCode| {
        let answer = sim.submit("/1.0/apps/lantern/deploy", form).await;
        assert_eq!(answer.status(), status, "{form:?}");
        answer.text().await.unwrap()
    };
    check(&[], StatusCode::BAD_REQUEST).await;
    let both = [
        ("image", "example.com/a:1"),
        ("archive-url", "https://example.com/a"),
    ];
    check(&both, StatusCode::BAD_REQUEST).await;
    let strange = [("image", "example.com/a:1"), ("origin", "elsewhere")];
    let said = check(&strange, StatusCode::BAD_REQUEST).await;
    assert_eq!(said, "Invalid deployment origin\n");
    let image = [("image", "example.com/a:1"), ("origin", "image")];
    let said = check(&image, StatusCode::OK).await;
    assert!(said.ends_with("\nOK\n"), "{said}");
}

#[tokio::test]
async fn archive_can_be_sent_along() {
    let sim = Client::still(VERY_FAST).await;
    let body = b"--x1\r\nContent-Disposition: form-data; name=\"origin\"\r\n\r\ndrag-and-drop\r\n\
        --x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.tar.gz\"\r\n\
        Content-Type: application/gzip\r\n\r\n\x1f\x8b\xff\x00\r\n--x1--\r\n";
    let request = sim
        .request(Method::POST, "/1.0/apps/lantern/deploy")
        .header("content-type", "multipart/form-data; boundary=x1")
        .body(body.as_slice());
    let (whole, _) = own::Stream::of(request.send().await.unwrap()).rest().await;
    assert!(whole.ends_with("\nOK\n"), "{whole}");
    let deploys = sim.get("/1.0/deploys?app=lantern&limit=1").await;
    assert_eq!(deploys[0]["Origin"], "drag-and-drop");
}

#[tokio::test]
async fn deploy_that_fails_ends_with_its_error() {
    let sim = Client::still(VERY_FAST).await;
    sim.fault(json!({ "operation": "AppDeploy", "fail_deployment": "no space left on device" }))
        .await;
    let form = [("image", "example.com/a:1")];
    let deploy = sim.submit("/1.0/apps/lantern/deploy", &form).await;
    let (whole, ended) = own::Stream::of(deploy).rest().await;
    assert_eq!(ended, Ended::Closed);
    let tail = "---- ERROR during deploy: ----\nno space left on device\n";
    assert!(whole.ends_with(tail), "{whole}");
}

#[tokio::test]
async fn streams_end_early_where_a_fault_says_so() {
    let sim = Client::still(VERY_FAST).await;
    sim.fault(json!([
        { "operation": "AppDeploy", "times": 1, "close": 1000, "close_after": 3 },
        { "operation": "AppDeploy", "after": 1, "times": 1, "close": 1006, "close_after": 3 },
    ]))
    .await;
    let form = [("image", "example.com/a:1")];
    let mut ends = Vec::new();
    for _ in 0..2 {
        let deploy = sim.submit("/1.0/apps/lantern/deploy", &form).await;
        let (whole, ended) = own::Stream::of(deploy).rest().await;
        assert!(!whole.ends_with("\nOK\n"), "{whole}");
        assert!(!whole.is_empty());
        ends.push(ended);
        let idle = |events: &Value| events.as_array().is_none_or(Vec::is_empty);
        sim.until("/1.1/events?target.value=lantern&running=true", idle)
            .await;
    }
    assert_eq!(ends, [Ended::Closed, Ended::Lost]);
}

#[tokio::test]
async fn stream_can_be_cut_at_any_byte() {
    let sim = Client::still(VERY_FAST).await;
    for byte in [1, 40, 77] {
        sim.control(Method::DELETE, "/_sim/faults").await;
        sim.fault(json!({ "operation": "AppLog", "cut_at": byte }))
            .await;
        let mut log = sim.open("/1.0/apps/lantern/log?lines=5&follow=1").await;
        let (whole, ended) = log.rest().await;
        assert_eq!(ended, Ended::Lost);
        assert!(whole.len() <= byte, "{whole}");
    }
}

#[tokio::test]
async fn stream_comes_in_chunks_of_any_size() {
    let sim = Client::still(USUAL).await;
    sim.write("lantern/web", &numbered(1..=2)).await;
    sim.fault(json!({ "operation": "AppLog", "split": 1 }))
        .await;
    let mut log = sim.open("/1.0/apps/lantern/log?lines=2&source=web").await;
    let (whole, _) = log.rest().await;
    assert!(
        texts(&records(&whole)).ends_with(&numbered(1..=2)),
        "{whole}"
    );
    assert!(log.chunks.iter().all(|chunk| chunk.len() == 1));
    let halves = |chunk: &Vec<u8>| std::str::from_utf8(chunk).is_err();
    assert!(log.chunks.iter().any(halves), "a character in two chunks");
}

#[tokio::test]
async fn silent_stream_is_open_and_says_nothing_more() {
    let sim = Client::still(VERY_FAST).await;
    sim.fault(json!({ "operation": "AppLog", "silence": 1 }))
        .await;
    let mut log = sim.open("/1.0/apps/lantern/log?lines=1&follow=1").await;
    let first = log.up_to("\n").await;
    sim.write("lantern/web", &numbered(1..=3)).await;
    // Later than this nothing can come any more.
    let mut other = sim
        .open("/1.0/apps/lantern/log?lines=1&source=nobody&follow=1")
        .await;
    sim.control(Method::DELETE, "/_sim/faults").await;
    other.up_to("[]\n").await;
    assert_eq!(sim.command("/_sim/cut", &Value::Null).await["cut"], 2);
    let (whole, ended) = log.rest().await;
    assert_eq!((whole, ended), (first, Ended::Lost));
}

#[tokio::test]
async fn malformed_stream_begins_with_what_is_no_json() {
    let sim = Client::still(USUAL).await;
    sim.fault(json!({ "operation": "AppLog", "malformed": true }))
        .await;
    let mut log = sim.open("/1.0/apps/lantern/log?lines=1").await;
    let (whole, _) = log.rest().await;
    let first = whole.lines().next().unwrap();
    assert!(serde_json::from_str::<Value>(first).is_err(), "{whole}");
}

#[tokio::test]
async fn command_runs_in_one_unit_in_all_or_in_its_own() {
    let sim = Client::still(FAST).await;
    let units = sim.units("atlas").await;
    assert!(units.len() > 1);
    let run = async |form: &[(&str, &str)]| {
        let answer = sim.submit("/1.0/apps/atlas/run", form).await;
        let (whole, ended) = own::Stream::of(answer).rest().await;
        assert_eq!(ended, Ended::Closed);
        messages(&whole)
    };
    let (said, error) = run(&[("command", "hostname")]).await;
    assert_eq!(said.lines().collect::<Vec<_>>(), units);
    assert_eq!(error, None);
    let (said, _) = run(&[("command", "hostname"), ("once", "true")]).await;
    assert_eq!(said.lines().count(), 1);
    let (said, _) = run(&[("command", "hostname"), ("isolated", "true")]).await;
    assert!(!units.contains(&said.trim().to_owned()), "{said}");
    let (said, error) = run(&[("command", "nonsense"), ("once", "true")]).await;
    assert!(said.contains("not found"), "{said}");
    assert!(error.unwrap().contains("127"));
    let empty = sim.submit("/1.0/apps/atlas/run", &[]).await;
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn shell_echoes_answers_and_ends() {
    let sim = Client::still(VERY_FAST).await;
    let unit = sim.units(APP).await.remove(0);
    let path = format!("/1.0/apps/lantern/shell?unit={unit}&width=120&height=40&term=xterm");
    let mut shell = sim.shell(&path, None).await.unwrap();
    let prompt = shell.up_to("$ ").await;
    assert!(prompt.contains(&unit), "{prompt:?}");
    shell.type_in("stty size\r").await;
    shell.up_to("40 120\r\n").await;
    let running = "/1.1/events?target.value=lantern&running=true&kindname=app.run.shell";
    assert_eq!(sim.get(running).await.as_array().unwrap().len(), 1);
    while shell.pings == 0 {
        shell.next().await.unwrap();
    }
    shell.type_in("exit\r").await;
    let (said, code) = shell.rest().await;
    assert!(said.contains("exit"), "{said:?}");
    assert_eq!(code, Some(1000));
    sim.until(running, |events| {
        events.as_array().is_none_or(Vec::is_empty)
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_shell_is_told_after_the_upgrade() {
    let sim = Client::still(USUAL).await;
    let check = async |path: &str, token: Option<&str>, expected: &str| {
        let mut shell = sim.shell(path, token).await.unwrap();
        let (said, code) = shell.rest().await;
        assert!(
            said.starts_with("Error: ") && said.contains(expected),
            "{said:?}"
        );
        assert_eq!(code, Some(1000));
    };
    let path = "/1.0/apps/lantern/shell";
    check(path, Some("wrong"), "valid Authorization header").await;
    check("/1.0/apps/nobody/shell", None, "App nobody not found.").await;
    check("/1.0/apps/lantern/shell?unit=nobody", None, "nobody").await;
    let plain = sim.ask(Method::GET, path).await;
    assert_eq!(plain.0, StatusCode::BAD_REQUEST);
    assert!(sim.shell("/1.0/nothing", None).await.is_none());
}

#[tokio::test]
async fn job_tells_what_its_runs_have_written() {
    let sim = Client::still(VERY_FAST).await;
    let (status, _) = sim.ask(Method::POST, "/1.13/jobs/report/trigger").await;
    assert_eq!(status, StatusCode::OK);
    let mut log = sim.open("/1.13/jobs/report/log?lines=50&follow=true").await;
    let whole = log.up_to("\\\"done\\\"").await;
    let records = records(&whole);
    assert!(records.iter().all(|record| record["Type"] == "job"));
    assert!(records.iter().all(|record| record["Name"] == "report"));
    assert!(records.iter().all(|record| record["Source"] == ""));
    let missing = sim.ask(Method::GET, "/1.13/jobs/nothing/log?lines=1").await;
    assert_eq!(missing.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn action_that_fails_late_has_said_so_after_everything_else() {
    let sim = Client::still(VERY_FAST).await;
    sim.fault(json!({ "operation": "AppRestart", "fail_deployment": "units not ready" }))
        .await;
    let action = sim.submit("/1.0/apps/lantern/restart", &[]).await;
    let (whole, ended) = own::Stream::of(action).rest().await;
    assert_eq!(ended, Ended::Closed);
    let (said, error) = messages(&whole);
    assert!(said.contains("Updating units"), "{said}");
    assert_eq!(
        error.unwrap(),
        "\n---- ERROR during restart: ----\nunits not ready\n"
    );
}

#[tokio::test]
async fn unit_that_crashes_says_so_in_its_log() {
    let sim = Client::still(USUAL).await;
    let mut log = sim
        .open("/1.0/apps/lantern/log?lines=1&source=web&follow=1")
        .await;
    log.up_to("\n").await;
    let crash = json!({ "environment": "lantern/web" });
    sim.command("/_sim/crash", &crash).await;
    log.up_to("FATAL").await;
}

#[tokio::test]
async fn shell_suffers_what_a_fault_says() {
    let sim = Client::still(USUAL).await;
    sim.fault(json!([
        { "operation": "AppShell", "times": 1, "split": 1 },
        { "operation": "AppShell", "times": 1, "close": 1011, "close_after": 5 },
    ]))
    .await;
    let path = "/1.0/apps/lantern/shell?isolated=true";
    let mut shell = sim.shell(path, None).await.unwrap();
    assert_eq!(shell.next().await.unwrap().chars().count(), 1);
    let (said, code) = shell.rest().await;
    assert_eq!((said.chars().count(), code), (4, Some(1011)));
    let mut shell = sim.shell(path, None).await.unwrap();
    shell.up_to("$ ").await;
    shell.leave().await;
    sim.counted(|counts| counts["streams"]["left"] == 1).await;
    let mut shell = sim.shell(path, None).await.unwrap();
    shell.up_to("$ ").await;
    sim.command("/_sim/cut", &Value::Null).await;
    assert_eq!(shell.rest().await.1, None);
}
