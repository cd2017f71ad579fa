//! Against the simulator: another reading of the same contract.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use flightdeck::engine::{Engine, EngineEvent, Pace};
use flightdeck::model::{
    AppId, ContextId, DeploymentId, EnvId, LineKind, LogLine, LogSource, Secret, TailId,
    TailRequest, TailState,
};
use flightdeck::platforms::{Connection, ConsoleInput, Platform, TailStep, digitalocean};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{request, short};
use crate::harness::connection;

/// Longest a test waits for something that has to happen.
const PATIENCE: Duration = Duration::from_mins(1);

struct World {
    simulator: Simulator,
    http: reqwest::Client,
    platform: Arc<dyn Platform>,
    app: String,
}

impl World {
    async fn start() -> Self {
        let options = SimOptions {
            story: false,
            speed: 20.0,
            ..SimOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let mut platforms = simulator.platforms().iter();
        let served = platforms.find(|it| it.platform == "digitalocean").unwrap();
        let token = Secret::new(served.token.clone());
        let connection = Connection {
            credential: Arc::new(move || Ok(token.clone())),
            ..connection(&served.base_url)
        };
        let platform = digitalocean::connect(connection).unwrap();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let http = builder.build().unwrap();
        let apps = format!("{}/v2/apps?per_page=200", served.base_url);
        let apps = http
            .get(apps)
            .bearer_auth(&served.token)
            .send()
            .await
            .unwrap();
        let apps: Value = apps.json().await.unwrap();
        let mut apps = apps["apps"].as_array().unwrap().iter();
        let app = apps.find(|app| app["spec"]["name"] == "quotes").unwrap();
        Self {
            http,
            platform,
            app: app["id"].as_str().unwrap().to_owned(),
            simulator,
        }
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let address = format!("{}{path}", self.simulator.control_url());
        let request = self.http.post(address).body(body.to_string());
        let answer = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    async fn write(&self, range: std::ops::Range<usize>) {
        let lines: Vec<_> = range.map(|number| format!("numbered {number}")).collect();
        let body = json!({"environment": "quotes/web", "lines": lines});
        self.command("/_sim/log", body).await;
    }

    async fn deploy(&self) -> String {
        let body = json!({"environment": "quotes", "outcome": "success"});
        let answer = self.command("/_sim/deploy", body).await;
        answer["deployment"].as_str().unwrap().to_owned()
    }

    fn web(&self) -> EnvId {
        EnvId::new(format!("{}/web", self.app))
    }

    fn running(&self) -> TailRequest {
        request(LogSource::Runtime {
            app: AppId::new(&self.app),
            environment: Some(self.web()),
        })
    }

    fn follow(&self, request: TailRequest) -> Followed {
        let (sender, events) = mpsc::channel(256);
        let pace = Pace::times(NonZeroU32::new(100).unwrap());
        let clock = || Timestamp::UNIX_EPOCH;
        let platforms = vec![Arc::clone(&self.platform)];
        let mut engine = Engine::new(platforms, sender, clock).at_pace(pace);
        let id = TailId {
            context: ContextId(0),
            source: request.source.clone(),
        };
        engine.open_tail(id, request);
        Followed {
            events,
            _engine: engine,
        }
    }
}

struct Followed {
    events: mpsc::Receiver<EngineEvent>,
    _engine: Engine,
}

impl Followed {
    /// Lines until one `is` the last, or the log ends.
    async fn lines(&mut self, is: impl Fn(&LogLine) -> bool) -> Vec<LogLine> {
        let reading = async {
            let mut lines = Vec::new();
            loop {
                let Some(EngineEvent::Logs(batch)) = self.events.recv().await else {
                    panic!("{lines:?}");
                };
                assert!(!matches!(batch.state, TailState::Failed(_)), "{batch:?}");
                let is_last = batch.lines.iter().any(&is) || batch.state == TailState::Ended;
                lines.extend(batch.lines);
                if is_last {
                    return lines;
                }
            }
        };
        timeout(PATIENCE, reading).await.unwrap()
    }
}

#[tokio::test]
async fn what_exists_of_a_whole_app_ends_although_every_component_goes_on() {
    let simulated = World::start().await;
    simulated.write(1..4).await;
    let request = TailRequest {
        follow: false,
        ..request(LogSource::Runtime {
            app: AppId::new(&simulated.app),
            environment: None,
        })
    };
    let lines = simulated.follow(request).lines(|_| false).await;
    let of = |source: &str| lines.iter().any(|line| line.source.as_str() == source);
    assert!(of("web") && of("worker"), "{lines:?}");
}

#[tokio::test]
async fn cuts_while_lines_are_written_lose_none_and_show_none_twice() {
    const CUTS: usize = 30;
    let world = World::start().await;
    let mut random = fastrand::Rng::with_seed(3);
    let mut tail = world.platform.tail(world.running()).unwrap();
    let (mut written, mut shown, mut cuts) = (0, Vec::new(), 0);
    while cuts < CUTS {
        let new = random.usize(1..20);
        world.write(written..written + new).await;
        written += new;
        // Somewhere amid them.
        let until = shown.len() + random.usize(1..=written - shown.len());
        while shown.len() < until {
            read(&mut tail, &mut shown).await.unwrap();
        }
        let cut = world.command("/_sim/cut", Value::Null).await;
        assert_eq!(cut["cut"], 1);
        let broken = async { while read(&mut tail, &mut shown).await.is_ok() {} };
        timeout(PATIENCE, broken).await.unwrap();
        cuts += 1;
    }
    while shown.len() < written {
        read(&mut tail, &mut shown).await.unwrap();
    }
    let numbered = (0..written).map(|number| format!("numbered {number}"));
    assert_eq!(shown, numbered.collect::<Vec<_>>());
}

/// Reads a step, and keeps the numbered lines.
async fn read(
    tail: &mut Box<dyn flightdeck::platforms::Tail>,
    shown: &mut Vec<String>,
) -> Result<(), flightdeck::model::Failure> {
    let step = timeout(PATIENCE, tail.next()).await.unwrap()?;
    if let TailStep::Lines(lines) = step {
        let texts = lines.into_iter().map(|line| line.text);
        shown.extend(texts.filter(|text| text.starts_with("numbered ")));
    }
    Ok(())
}

#[tokio::test]
async fn a_deployment_is_followed_from_build_to_its_end_and_what_runs_moves_on() {
    let world = World::start().await;
    let mut running = world.follow(world.running());
    running.lines(|line| line.kind == LineKind::Output).await;
    let deployment = world.deploy().await;
    let source = LogSource::Deployment {
        app: AppId::new(&world.app),
        environment: None,
        deployment: DeploymentId::new(format!("{}/{deployment}", world.app)),
    };
    let whole = world.follow(request(source.clone())).lines(|_| false).await;
    let shown: Vec<_> = whole.iter().map(short).collect();
    let at = |part: &str| shown.iter().position(|line| line.contains(part)).unwrap();
    assert!(at("build finished") < at("── deploy log"), "{shown:?}");
    assert!(at("── deploy log") < at("component is live"), "{shown:?}");
    // The archives have the same lines: those of one component after the other.
    let kept = world.follow(request(source)).lines(|_| false).await;
    let sorted = |lines: &[LogLine]| {
        let mut texts: Vec<_> = lines.iter().map(|line| line.text.clone()).collect();
        texts.sort_unstable();
        texts
    };
    assert_eq!(sorted(&kept), sorted(&whole));
    let divider = format!(
        "deployment {} runs now",
        deployment.split('-').next().unwrap()
    );
    let lines = running.lines(|line| line.text == divider).await;
    assert!(lines.iter().any(|line| line.kind == LineKind::Mark));
    world.write(0..1).await;
    running.lines(|line| line.text == "numbered 0").await;
}

#[tokio::test]
async fn a_console_answers() {
    let world = World::start().await;
    let mut console = world
        .platform
        .console(&world.web(), None, (80, 24))
        .await
        .unwrap();
    console.write(ConsoleInput::Size(120, 40)).await.unwrap();
    let typed = b"size\rexit\r".to_vec();
    console.write(ConsoleInput::Typed(typed)).await.unwrap();
    let mut screen = Vec::new();
    while let Some(output) = timeout(PATIENCE, console.read()).await.unwrap().unwrap() {
        screen.extend(output);
    }
    let screen = String::from_utf8(screen).unwrap();
    assert!(
        screen.contains("120x40") && screen.contains("logout"),
        "{screen}"
    );
}
