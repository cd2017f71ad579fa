//! The logs and consoles of the simulated DigitalOcean, as a client meets them: over HTTP and
//! WebSocket.

use client::Client;
use own::{Ended, numbered, text, texts};
use reqwest::StatusCode;
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

    impl Client {
        pub(super) async fn of(options: SimOptions) -> Client {
            Client::on("digitalocean", "Bearer", options).await
        }

        /// A world in which nothing happens by itself.
        pub(super) async fn still() -> Client {
            Client::of(SimOptions {
                story: false,
                ..SimOptions::default()
            })
            .await
        }

        /// The same, with deployments that take two seconds.
        pub(super) async fn speedy() -> Client {
            Client::of(SimOptions {
                story: false,
                speed: 20.0,
                ..SimOptions::default()
            })
            .await
        }

        pub(super) async fn ask(&self, path: &str) -> (StatusCode, Value) {
            let answer = self.request(Method::GET, path).send().await.unwrap();
            let status = answer.status();
            (status, answer.json().await.unwrap_or_default())
        }

        pub(super) async fn get(&self, path: &str) -> Value {
            let (status, body) = self.ask(path).await;
            assert_eq!(status, StatusCode::OK, "{path}: {body}");
            body
        }

        /// Asks again until the answer is as wanted.
        pub(super) async fn until(
            &self,
            path: &str,
            wanted: impl Fn(StatusCode, &Value) -> bool,
        ) -> Value {
            let wanted = |(status, body): &(StatusCode, Value)| wanted(*status, body);
            until(async || self.ask(path).await, wanted).await.1
        }

        /// Reads an address as it is, with or without the token.
        pub(super) async fn fetch(&self, address: &str, with_token: bool) -> Response {
            let request = if with_token {
                self.request(Method::GET, address)
            } else {
                self.bare(Method::GET, address)
            };
            request.send().await.unwrap()
        }

        pub(super) async fn counts(&self) -> Value {
            self.control(Method::GET, "/_sim/requests").await
        }

        /// Waits until the control port counts what is wanted.
        pub(super) async fn counted(&self, wanted: impl Fn(&Value) -> bool) -> Value {
            until(async || self.counts().await, wanted).await
        }

        /// The app with this name: its identifier.
        pub(super) async fn app(&self, name: &str) -> String {
            let apps = self.get("/v2/apps?per_page=200").await;
            let mut apps = apps["apps"].as_array().unwrap().iter();
            let app = apps.find(|app| app["spec"]["name"] == name).unwrap();
            text(&app["id"])
        }

        /// Asks for a log and opens its stream.
        pub(super) async fn follow(&self, path: &str) -> Socket {
            let answer = self.get(path).await;
            self.open(&text(&answer["live_url"])).await
        }

        pub(super) async fn open(&self, url: &str) -> Socket {
            self.try_open(url, false).await.expect("a stream")
        }

        pub(super) async fn try_open(&self, url: &str, with_token: bool) -> Option<Socket> {
            let url = url.replacen("http", "ws", 1);
            let mut request = url.into_client_request().unwrap();
            if with_token {
                let token = HeaderValue::from_str(&format!("Bearer {}", self.token)).unwrap();
                request.headers_mut().insert("authorization", token);
            }
            let place = request.uri().authority().unwrap().as_str().to_owned();
            let stream = TcpStream::connect(place).await.unwrap();
            let (socket, _) = client_async(request, stream).await.ok()?;
            Some(Socket {
                socket,
                raw: Vec::new(),
            })
        }
    }

    /// How a stream ended.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Ended {
        Closed(u16),
        Lost,
    }

    pub(super) struct Socket {
        socket: WebSocketStream<TcpStream>,
        /// Frames that are no objects with data.
        pub(super) raw: Vec<String>,
    }

    impl Socket {
        /// The data of the next frame, or how it ended.
        pub(super) async fn next(&mut self) -> Result<String, Ended> {
            let next = tokio::time::timeout(PATIENCE, self.next_data());
            next.await.expect("silence")
        }

        async fn next_data(&mut self) -> Result<String, Ended> {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(frame))) => {
                        let frame = frame.to_string();
                        let data = serde_json::from_str::<Value>(&frame).ok();
                        match data.and_then(|data| data["data"].as_str().map(str::to_owned)) {
                            Some(data) => return Ok(data),
                            None => self.raw.push(frame),
                        }
                    }
                    Some(Ok(Message::Close(Some(frame)))) => {
                        return Err(Ended::Closed(frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(Ended::Lost),
                }
            }
        }

        /// Everything up to the end, and how it ended.
        pub(super) async fn rest(&mut self) -> (String, Ended) {
            let mut whole = String::new();
            loop {
                match self.next().await {
                    Ok(data) => whole.push_str(&data),
                    Err(ended) => return (whole, ended),
                }
            }
        }

        /// Everything up to a text.
        pub(super) async fn up_to(&mut self, wanted: &str) -> String {
            let mut whole = String::new();
            while !whole.contains(wanted) {
                whole.push_str(&self.next().await.expect("more"));
            }
            whole
        }

        pub(super) async fn say(&mut self, frame: Value) {
            let frame = Message::Text(frame.to_string().into());
            self.socket.send(frame).await.unwrap();
        }

        pub(super) async fn type_in(&mut self, keys: &str) {
            self.say(json!({ "op": "stdin", "data": keys })).await;
        }

        pub(super) async fn leave(mut self) {
            let code = tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode::Normal;
            let reason = "".into();
            let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code, reason };
            self.socket.close(Some(frame)).await.unwrap();
        }
    }

    pub(super) fn text(value: &Value) -> String {
        value.as_str().expect("a text").to_owned()
    }

    pub(super) fn texts(value: &Value) -> Vec<String> {
        let items = value.as_array().expect("a list").iter();
        items.map(text).collect()
    }

    pub(super) fn numbered(range: std::ops::RangeInclusive<u32>) -> Vec<String> {
        range.map(|number| format!("numbered {number}")).collect()
    }

    /// The numbered lines of a text that are whole, without what is in front of them.
    pub(super) fn found(whole: &str) -> Vec<String> {
        let (ended, _) = whole.rsplit_once('\n').unwrap_or_default();
        let lines = ended.lines();
        lines
            .filter_map(|line| Some(format!("numbered {}", line.split_once(" numbered ")?.1)))
            .collect()
    }
}

const QUOTES: &str = "quotes/web";

async fn write(sim: &Client, lines: Vec<String>) {
    let body = json!({ "environment": QUOTES, "lines": lines });
    let written = sim.command("/_sim/log", &body).await;
    assert_eq!(written["appended"], lines.len());
}

#[tokio::test]
async fn followed_log_has_every_line_in_order() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    write(&sim, numbered(1..=5)).await;
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN&follow=true&tail_lines=3");
    let mut socket = sim.follow(&path).await;
    for batch in [6..=100, 101..=1_000] {
        write(&sim, numbered(batch)).await;
    }
    let whole = socket.up_to("numbered 1000\n").await;
    assert_eq!(own::found(&whole), numbered(3..=1_000));
    let first = whole.lines().next().unwrap();
    let mut pieces = first.splitn(3, ' ');
    assert_eq!(pieces.next(), Some("web"));
    assert_eq!(
        pieces.next().map(str::len),
        Some("2024-05-29T20:14:14.996999111Z".len())
    );
    assert_eq!(pieces.next(), Some("numbered 3"));
    socket.leave().await;
    let counts = sim.counted(|counts| counts["streams"]["open"] == 0).await;
    assert_eq!(counts["streams"]["left"], 1);
    assert_eq!(counts["streams"]["opened"], json!({ "FollowLog": 1 }));
}

#[tokio::test]
async fn cut_stream_is_replayed_by_the_next_one() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    let path = format!("/v2/apps/{app}/logs?type=RUN&follow=true&component_name=web&tail_lines=20");
    let mut socket = sim.follow(&path).await;
    write(&sim, numbered(1..=3)).await;
    socket.up_to("numbered 3\n").await;
    sim.counted(|counts| counts["streams"]["open"] == 1).await;
    assert_eq!(sim.command("/_sim/cut", &Value::Null).await["cut"], 1);
    write(&sim, numbered(4..=6)).await;
    let (missed, ended) = socket.rest().await;
    assert_eq!((missed.as_str(), ended), ("", Ended::Lost));
    let mut again = sim.follow(&path).await;
    write(&sim, numbered(7..=7)).await;
    let whole = again.up_to("numbered 7\n").await;
    assert_eq!(own::found(&whole), numbered(1..=7));
    // The app says something of its own now and then.
    assert!(whole.lines().count() > 20);
}

#[tokio::test]
async fn stream_is_cut_where_the_fault_says() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    // More than the stretch within which a random place lies.
    let whole = numbered(1..=120);
    write(&sim, whole.clone()).await;
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN&follow=true&tail_lines=120");
    for place in [
        json!(0),
        json!(1),
        json!(700),
        json!("random"),
        json!("random"),
    ] {
        sim.control(reqwest::Method::DELETE, "/_sim/faults").await;
        let fault = json!({ "operation": "FollowLog", "cut_at": place });
        sim.command("/_sim/faults", &fault).await;
        let (some, ended) = sim.follow(&path).await.rest().await;
        assert_eq!(ended, Ended::Lost, "{place}");
        let found = own::found(&some);
        assert!(whole.starts_with(&found), "{place}: {some}");
        assert!(found.len() < whole.len(), "{place}");
    }
}

#[tokio::test]
async fn frames_go_wrong_as_told() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    write(&sim, numbered(1..=9)).await;
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN&follow=true&tail_lines=9");
    let fault = |effect: Value| {
        let sim = &sim;
        async move {
            sim.control(reqwest::Method::DELETE, "/_sim/faults").await;
            let answer = sim.command("/_sim/faults", &effect).await;
            assert!(answer["active"].is_number(), "{answer}");
        }
    };
    fault(json!({ "operation": "FollowLog", "close": 1001, "close_after": 4 })).await;
    let (some, ended) = sim.follow(&path).await.rest().await;
    assert_eq!(ended, Ended::Closed(1001));
    assert_eq!(own::found(&some), numbered(1..=4));
    fault(json!({ "operation": "FollowLog", "close": 1006, "close_after": 2 })).await;
    let (_, ended) = sim.follow(&path).await.rest().await;
    assert_eq!(ended, Ended::Lost);
    fault(json!([{ "operation": "FollowLog", "split": 1 }, { "malformed": true, "operation": "FollowLog" }])).await;
    let mut socket = sim.follow(&path).await;
    assert_eq!(socket.next().await.unwrap(), "w");
    assert_eq!(socket.next().await.unwrap(), "e");
    let whole = socket.up_to("numbered 9\n").await;
    assert_eq!(own::found(&whole), numbered(1..=9));
    assert_eq!(socket.raw, ["{\"data\": <unavailable>"]);
    fault(json!({ "operation": "FollowLog", "silence": 3 })).await;
    let mut socket = sim.follow(&path).await;
    for _ in 0..3 {
        socket.next().await.unwrap();
    }
    write(&sim, numbered(10..=10)).await;
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(300), socket.next());
    assert!(waiting.await.is_err(), "a silent stream has said something");
}

#[tokio::test]
async fn address_opens_one_stream_and_never_with_the_token() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    let path = format!("/v2/apps/{app}/logs?type=RUN&tail_lines=5");
    let answer = sim.get(&path).await;
    let url = text(&answer["live_url"]);
    let (whole, ended) = sim.open(&url).await.rest().await;
    assert_eq!(ended, Ended::Closed(1000));
    assert!(!whole.is_empty());
    assert!(sim.try_open(&url, false).await.is_none());
    assert!(
        sim.try_open(&url.replace("token=", "token=0"), false)
            .await
            .is_none()
    );
    assert_eq!(sim.counts().await["tokens_at_storage"], 0);
    let url = text(&sim.get(&path).await["live_url"]);
    let _opened = sim.try_open(&url, true).await;
    assert_eq!(sim.counts().await["tokens_at_storage"], 1);
}

#[tokio::test]
async fn plain_request_reads_the_same_text() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    write(&sim, numbered(1..=3)).await;
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN&tail_lines=3");
    let url = text(&sim.get(&path).await["url"]);
    let answer = sim.fetch(&url, false).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(own::found(&answer.text().await.unwrap()), numbered(1..=3));
    assert_eq!(
        sim.fetch(&url, false).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn archives_refuse_the_token_and_hold_what_was_written() {
    let sim = Client::still().await;
    let (mut zipped, mut invalid) = (0, 0);
    for name in ["quotes", "rides", "loyalty", "feeds"] {
        let app = sim.app(name).await;
        let path = format!("/v2/apps/{app}/deployments?per_page=20");
        let deployments = sim.get(&path).await;
        let built = deployments["deployments"].as_array().unwrap().iter();
        for deployment in built {
            let id = text(&deployment["id"]);
            let path = format!("/v2/apps/{app}/deployments/{id}/logs?type=BUILD");
            let (status, answer) = sim.ask(&path).await;
            if status == StatusCode::BAD_REQUEST {
                assert!(text(&answer["message"]).contains(&id), "{answer}");
                continue;
            }
            for link in texts(&answer["historic_urls"]) {
                assert!(link.contains("X-Amz-Expires=900"), "{link}");
                let file = sim.fetch(&link, false).await;
                assert_eq!(file.status(), StatusCode::OK);
                let kind = text(&json!(file.url().path()));
                let bytes = file.bytes().await.unwrap();
                let part = b"===> BUILDING";
                let built = bytes.windows(part.len()).any(|some| some == part);
                assert!(built, "{kind}");
                invalid += usize::from(std::str::from_utf8(&bytes).is_err());
                let raw = reqwest::Client::builder()
                    .no_proxy()
                    .no_gzip()
                    .tls_certs_only([]);
                let raw = raw.build().unwrap().get(&link).send().await.unwrap();
                zipped += usize::from(raw.headers().get("content-encoding").is_some());
                let before = sim.counts().await["tokens_at_storage"].as_u64().unwrap();
                let refused = sim.fetch(&link, true).await;
                assert_eq!(refused.status(), StatusCode::FORBIDDEN);
                assert_eq!(sim.counts().await["tokens_at_storage"], before + 1);
                let forged = sim.fetch(&link.replace("Date=2", "Date=3"), false).await;
                assert_eq!(forged.status(), StatusCode::FORBIDDEN);
            }
        }
    }
    assert!(
        zipped > 0 && invalid > 0,
        "{zipped} zipped, {invalid} invalid"
    );
}

#[tokio::test]
async fn deployment_is_followed_from_build_to_its_end() {
    let sim = Client::speedy().await;
    let app = sim.app("quotes").await;
    let deploy = |fail: bool| {
        let outcome = if fail { "fail" } else { "success" };
        let body = json!({ "environment": "quotes", "outcome": outcome });
        let sim = &sim;
        async move { text(&sim.command("/_sim/deploy", &body).await["deployment"]) }
    };
    let first = deploy(false).await;
    let logs = format!("/v2/apps/{app}/deployments/{first}/logs");
    let (status, early) = sim.ask(&format!("{logs}?type=RUN&follow=true")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        text(&early["message"]).contains("in phase pending_build"),
        "{early}"
    );
    for (kind, last) in [
        ("BUILD", "=> build finished"),
        ("DEPLOY", "=> component is live"),
    ] {
        let path = format!("{logs}?type={kind}&follow=true&tail_lines=-1");
        let is_live =
            |status, answer: &Value| status == StatusCode::OK && answer["live_url"].is_string();
        let answer = sim.until(&path, is_live).await;
        let (whole, ended) = sim.open(&text(&answer["live_url"])).await.rest().await;
        assert_eq!(ended, Ended::Closed(1000), "{kind}");
        assert!(whole.contains(last), "{kind}: {whole}");
        let archives = sim.get(&path).await;
        let mut kept = String::new();
        for link in texts(&archives["historic_urls"]) {
            let bytes = sim.fetch(&link, false).await.bytes().await.unwrap();
            kept.push_str(&String::from_utf8_lossy(&bytes));
        }
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(sorted(&whole), sorted(&kept), "{kind}");
    }
    let path = format!("{logs}?type=RUN&follow=true&tail_lines=10");
    let is_live = |status, _: &Value| status == StatusCode::OK;
    let answer = sim.until(&path, is_live).await;
    let mut running = sim.open(&text(&answer["live_url"])).await;
    deploy(true).await;
    write(&sim, numbered(1..=1)).await;
    running.up_to("numbered 1\n").await;
    sim.until(&format!("/v2/apps/{app}"), |_, app| {
        app["app"]["in_progress_deployment"].is_null() && app["app"]["pending_deployment"].is_null()
    })
    .await;
    deploy(false).await;
    let (_, ended) = running.rest().await;
    assert_eq!(ended, Ended::Closed(1000));
    let (status, late) = sim.ask(&path).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text(&late["message"]).contains("final_cleanup"), "{late}");
}

#[tokio::test]
async fn what_ran_before_a_crash_is_read_again() {
    let sim = Client::still().await;
    let app = sim.app("img-proxy").await;
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN_RESTARTED&tail_lines=50");
    let mut socket = sim.follow(&path).await;
    let (whole, ended) = socket.rest().await;
    assert_eq!(ended, Ended::Closed(1000));
    assert!(whole.contains("FATAL"), "{whole}");
    let app = sim.app("quotes").await;
    let path = format!("/v2/apps/{app}/logs?type=RUN_RESTARTED");
    assert_eq!(sim.ask(&path).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn wrong_questions_are_refused() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    for query in [
        "",
        "type=",
        "type=ALL",
        "type=JOB_INVOCATION",
        "type=RUN&tail_lines=-2",
        "type=RUN&tail_lines=x",
        "type=RUN&follow=perhaps",
        "type=RUN&pod_connection_timeout=10",
        "type=RUN&component_name=nobody",
    ] {
        let (status, body) = sim.ask(&format!("/v2/apps/{app}/logs?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {body}");
        assert!(body["message"].is_string());
    }
    let never = sim.app("greenhouse").await;
    let (status, _) = sim.ask(&format!("/v2/apps/{never}/logs?type=RUN")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn console_echoes_and_ends() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    let answer = sim
        .get(&format!("/v2/apps/{app}/components/web/exec"))
        .await;
    let mut console = sim.open(&text(&answer["url"])).await;
    console.up_to("$ ").await;
    console
        .say(json!({ "op": "resize", "width": 120, "height": 40 }))
        .await;
    console.type_in("size\r").await;
    console.up_to("size\r\n120x40\r\n").await;
    console.type_in("").await;
    console.type_in("env\r").await;
    console.up_to("permission denied").await;
    console.type_in("ls\r").await;
    console.up_to("package.json").await;
    console.type_in("exit\r").await;
    let (rest, ended) = console.rest().await;
    assert!(rest.contains("logout"), "{rest}");
    assert_eq!(ended, Ended::Closed(1000));
    let missing = sim
        .ask(&format!("/v2/apps/{app}/components/nobody/exec"))
        .await;
    assert_eq!(missing.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn runs_of_jobs_and_scaling_have_logs() {
    let sim = Client::still().await;
    let app = sim.app("quotes").await;
    let runs = sim.get(&format!("/v2/apps/{app}/job-invocations")).await;
    let mut seen = Vec::new();
    for run in runs["job_invocations"].as_array().unwrap() {
        let (job, id) = (text(&run["job_name"]), text(&run["id"]));
        let path = format!("/v2/apps/{app}/jobs/{job}/invocations/{id}/logs");
        assert_eq!(sim.ask(&path).await.0, StatusCode::BAD_REQUEST);
        let (status, answer) = sim.ask(&format!("{path}?type=JOB_INVOCATION")).await;
        match run["phase"].as_str().unwrap() {
            "RUNNING" => {
                let (whole, _) = sim.open(&text(&answer["live_url"])).await.rest().await;
                assert!(whole.contains("=> job started"), "{whole}");
            }
            "SKIPPED" => assert_eq!(status, StatusCode::BAD_REQUEST),
            _ => {
                let link = &texts(&answer["historic_urls"])[0];
                let whole = sim.fetch(link, false).await.text().await.unwrap();
                assert!(whole.contains("=> job "), "{whole}");
            }
        }
        seen.push(text(&run["phase"]));
    }
    assert!(seen.iter().any(|phase| phase == "RUNNING"), "{seen:?}");
    assert!(seen.iter().any(|phase| phase == "SUCCEEDED"), "{seen:?}");
    let app = sim.app("feeds").await;
    let events = sim
        .get(&format!(
            "/v2/apps/{app}/events?event_types=AUTOSCALING&per_page=1"
        ))
        .await;
    let id = text(&events["events"][0]["id"]);
    let path = format!("/v2/apps/{app}/events/{id}/logs");
    assert_eq!(
        sim.ask(&format!("{path}?type=RUN")).await.0,
        StatusCode::BAD_REQUEST
    );
    let answer = sim.get(&format!("{path}?type=AUTOSCALE_EVENT")).await;
    let link = &texts(&answer["historic_urls"])[0];
    let whole = sim.fetch(link, false).await.text().await.unwrap();
    assert!(whole.contains("scaling from "), "{whole}");
}
