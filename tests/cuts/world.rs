//! A simulated platform whose log is followed through the real adapter, the real engine and the
//! channel of an environment.

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::app::logs::Channel;
use flightdeck::app::logs::ring::LineNo;
use flightdeck::engine::{Engine, EngineEvent, Pace, read_all};
use flightdeck::model::{
    AppId, Capability, ContextId, EnvId, Follow, Followed, LineKind, LogSource, OrgId, Payload,
    Profile, Query, RatePolicy, Secret, Support, TailId, TailRequest, TailState,
};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Answer, Connection, Platform, Tail};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Pauses before a broken log is tried again pass as fast.
const FASTER: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// When nothing has come for so long, whoever waits for a time waits for that.
const STILL: Duration = Duration::from_millis(40);

/// By so much time passes at once then.
const HOP: Duration = Duration::from_secs(3);

/// So many hops in a row without a line are a log that has stopped.
const MOST_HOPS: usize = 400;

/// Which platform, and whose log.
pub(crate) struct Ground {
    pub(crate) platform: &'static str,
    pub(crate) connect: fn(Connection, Patience) -> Connected,
    pub(crate) app: &'static str,
    /// The environment's name; none where the whole app is followed.
    pub(crate) environment: Option<&'static str>,
    /// What the simulator calls it.
    pub(crate) place: &'static str,
    /// How fast what is under way goes.
    pub(crate) speed: f64,
}

type Connected = Result<Arc<dyn Platform>, flightdeck::model::Failure>;

/// The same platform without a limit of rate: its hundred reconnects would take minutes.
struct Unhurried(Arc<dyn Platform>, &'static Profile);

impl Platform for Unhurried {
    fn profile(&self) -> &'static Profile {
        self.1
    }

    fn support(&self, capability: Capability) -> Support {
        self.0.support(capability)
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, flightdeck::model::Failure> {
        self.0.tail(request)
    }

    fn follow<'a>(&'a self, what: &'a Follow) -> Answer<'a, Followed> {
        self.0.follow(what)
    }
}

fn unhurried(platform: Arc<dyn Platform>) -> Arc<dyn Platform> {
    let rate = RatePolicy {
        per_minute: 1_000_000,
        burst: 10_000,
        ..platform.profile().rate
    };
    let profile = Profile {
        rate,
        ..*platform.profile()
    };
    Arc::new(Unhurried(platform, Box::leak(Box::new(profile))))
}

fn clock() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

pub(crate) struct World {
    simulator: Simulator,
    http: reqwest::Client,
    place: &'static str,
    pub(crate) channel: Channel,
    events: mpsc::Receiver<EngineEvent>,
    engine: Engine,
    tail: TailId,
    /// Lines of the ring that were looked at.
    seen: LineNo,
    /// What was written, and what of it was shown.
    pub(crate) written: Vec<String>,
    pub(crate) shown: Vec<String>,
    /// Remarks of cuts, and that lines may be missing.
    pub(crate) gaps: usize,
    pub(crate) doubts: usize,
}

impl World {
    pub(crate) async fn new(ground: &Ground) -> Self {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let options = SimOptions {
            story: false,
            speed: ground.speed,
            platforms: vec![ground.platform],
            rate_limits: None,
            ..SimOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let served = simulator.platforms()[0].clone();
        let token = served.token;
        let connection = Connection {
            base_url: served.base_url.parse().unwrap(),
            credential: Arc::new(move || Ok(Secret::new(token.as_str()))),
            read_only: false,
            organisation: served.organisation.as_deref().map(OrgId::new),
            settings: flightdeck::platforms::Settings::default(),
            notebook: Arc::new(flightdeck::model::Scratch::default()),
            allow_plain_http: false,
        };
        let platform = (ground.connect)(connection, Patience::default()).unwrap();
        let source = source(&platform, ground).await;
        let (sender, events) = mpsc::channel(256);
        let pace = Pace::times(FASTER);
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Self {
            http: builder.build().unwrap(),
            simulator,
            place: ground.place,
            channel: Channel::default(),
            events,
            engine: Engine::new(vec![unhurried(platform)], sender, clock).at_pace(pace),
            tail: TailId {
                context: ContextId(0),
                source,
            },
            seen: 0,
            written: Vec::new(),
            shown: Vec::new(),
            gaps: 0,
            doubts: 0,
        }
    }

    /// Opens the log as the dashboard does.
    pub(crate) fn open(&mut self) {
        let request = TailRequest {
            source: self.tail.source.clone(),
            lines: 200,
            since: self.channel.runtime_since(),
            until: None,
            follow: true,
        };
        self.channel.open(self.tail.clone(), clock());
        self.engine.open_tail(self.tail.clone(), request);
    }

    /// Closes it, as when another one is looked at.
    pub(crate) fn close(&mut self) {
        self.engine.close_tail(&self.tail);
        self.channel.close(clock());
    }

    /// Asks the simulator itself.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Value {
        let address = format!("{}/_sim/{path}", self.simulator.control_url());
        let answer = self.http.post(address).body(body.to_string()).send().await;
        let answer = answer.unwrap();
        let is_well = answer.status().is_success();
        let text = answer.text().await.unwrap();
        assert!(is_well, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn fault(&self, fault: &Value) {
        let told = self.control("faults", fault).await;
        assert!(told["active"].is_number(), "{told}");
    }

    /// Numbered lines are written, and between them some that are the same at the same instant.
    pub(crate) async fn write(&mut self, count: usize) {
        let from = self.written.len();
        let line = |at: usize| match at % 7 {
            3 | 4 => "again, and again".to_owned(),
            _ => format!("numbered {at}"),
        };
        let lines: Vec<_> = numbers(from, count).map(line).collect();
        let body = json!({"environment": self.place, "lines": lines});
        self.control("log", &body).await;
        self.written.extend(lines);
    }

    /// Reads on until so many of the written lines are shown.
    pub(crate) async fn shows(&mut self, count: usize) {
        let mut hops = 0;
        while self.shown.len() < count {
            let is_still = !self.turn().await;
            hops = if is_still { hops + 1 } else { 0 };
            assert!(
                hops < MOST_HOPS,
                "{} of {count} lines, then nothing: {:?}",
                self.shown.len(),
                self.channel.state
            );
        }
    }

    /// Cuts the stream, which must be open for that.
    pub(crate) async fn cut(&mut self) {
        for _ in 0..MOST_HOPS {
            let told = self.control("cut", &Value::Null).await;
            if told["cut"].as_u64() > Some(0) {
                return;
            }
            self.turn().await;
        }
        panic!("no stream is open");
    }

    /// Takes what comes next; where nothing does, time passes.
    async fn turn(&mut self) -> bool {
        match timeout(STILL, self.events.recv()).await {
            Ok(Some(EngineEvent::Logs(batch))) => {
                assert_eq!(batch.skipped, 0);
                let is_over = matches!(batch.state, TailState::Failed(_) | TailState::Ended);
                assert!(!is_over, "{:?}", batch.state);
                let has_lines = !batch.lines.is_empty();
                self.channel.take(batch, clock());
                self.look();
                has_lines
            }
            Ok(other) => panic!("{other:?}"),
            Err(_) => {
                tokio::time::pause();
                tokio::time::advance(HOP).await;
                tokio::time::resume();
                false
            }
        }
    }

    /// Looks at the lines that the channel has got.
    fn look(&mut self) {
        let ring = &self.channel.ring;
        for line in ring.window(self.seen, usize::MAX) {
            match line.kind {
                LineKind::Mark if line.text.starts_with("gap ") => self.gaps += 1,
                LineKind::Mark if line.text.contains("may be missing") => self.doubts += 1,
                LineKind::Output if is_written(line.text) => self.shown.push(line.text.to_owned()),
                LineKind::Mark | LineKind::Output => {}
            }
        }
        self.seen = ring.end();
    }
}

fn numbers(from: usize, count: usize) -> Range<usize> {
    from..from + count
}

fn is_written(text: &str) -> bool {
    text.starts_with("numbered ") || text == "again, and again"
}

/// Whose log is followed.
async fn source(platform: &Arc<dyn Platform>, ground: &Ground) -> LogSource {
    let platform = platform.as_ref();
    let Payload::Apps(apps) = read_all(platform, &Query::Apps, clock).await.unwrap() else {
        panic!("no apps");
    };
    let app = apps
        .items
        .iter()
        .find(|app| app.name.as_str() == ground.app);
    let app = app.expect("the app").id.clone();
    let environment = match ground.environment {
        Some(name) => Some(environment(platform, &app, name).await),
        None => None,
    };
    LogSource::Runtime { app, environment }
}

async fn environment(platform: &dyn Platform, app: &AppId, name: &str) -> EnvId {
    let query = Query::Environments(app.clone());
    let Payload::Environments(list) = read_all(platform, &query, clock).await.unwrap() else {
        panic!("no environments");
    };
    let names: Vec<_> = list.items.iter().map(|it| it.name.to_string()).collect();
    let found = list.items.iter().find(|it| it.name.as_str() == name);
    found.unwrap_or_else(|| panic!("{names:?}")).id.clone()
}
