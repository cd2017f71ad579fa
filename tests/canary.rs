//! No secret is anywhere it was not asked for: not on the screen, in the output of commands, in
//! JSON, in files, in the most talkative log, nor in what a failure says.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; deadlines need a clock"
)]

#[expect(
    dead_code,
    reason = "of the terminal's tools, only some are needed here"
)]
#[path = "terminal/kit.rs"]
mod kit;
#[path = "support/nobody.rs"]
mod nobody;

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use flightdeck::engine::{Terms, read_all, run_operation};
use flightdeck::model::{
    AppId, BackupId, Consent, ContextId, EnvId, Follow, Operation, OperationEvent, OperationKind,
    Query, Secret, Stage, Target, Text, VariableId,
};
use flightdeck::platforms::{Connection, Platform, divio};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use kit::Launch;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The value of a variable that the platform tells.
const VALUE: &str = "canary-value-7f3a";
/// One that it does not.
const SENSITIVE: &str = "canary-sensitive-91bc";
/// What is set, with characters that JSON writes in another way.
const NEW: &str = "canary-\"new\"-55d0";
/// In an address.
const USER: &str = "canary-user-20c1";
const PASSWORD: &str = "canary-password-20c1";
const QUERY: &str = "canary-query-20c1";
/// What makes a link to a file work.
const SIGNATURE: &str = "signature=sim";

/// Commands; `APP` is an app that has both environments.
const COMMANDS: &[&str] = &[
    "get contexts",
    "get orgs",
    "get apps",
    "get envs",
    "get deployments APP/live",
    "get backups APP/live",
    "get vars APP/live",
    "get domains APP/live",
    "get services APP/live",
    "get activity APP",
    "get metrics APP/live",
];

/// Commands without a choice of form.
const OTHERS: &[&str] = &[
    "logs APP/live",
    "logs APP/test --deployment latest",
    "do deploy APP/test",
    "do backup APP/test --wait",
    "do set-var APP/test --name CANARY --value-from-env CANARY --sensitive --wait",
    "do set-var APP/live --name CANARY --value-from-env CANARY",
    "vars import APP/test nowhere.env",
    "download APP/nowhere",
    "audit",
    "audit -o json --verify",
    "incident --since 2h",
    "get vars APP/nowhere",
    "get apps --context nowhere",
    "config check",
    "config path",
    "config show-default",
];

/// What is typed into the dashboard, and what is then on the screen.
const KEYS: &[(&str, &str)] = &[
    ("\r", "┏ Environments"),
    ("l", "┏ Logs"),
    ("b", "┏ Backups"),
    ("\u{1b}", "┏ Apps"),
    ("5", "┏ Variables"),
    ("4", "┏ All backups"),
    ("6", "┏ Activity"),
    ("T", "┏ Operations"),
    ("1", "┏ Apps"),
];

struct Session {
    simulator: Simulator,
    http: reqwest::Client,
    folder: TempDir,
    environment: String,
    app: String,
    slug: String,
    runtime: Runtime,
}

impl Session {
    fn new() -> Self {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let simulator = runtime.block_on(Simulator::start(SimOptions {
            story: false,
            speed: 200.0,
            platforms: vec!["divio"],
            ..SimOptions::default()
        }));
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let mut session = Self {
            simulator: simulator.unwrap(),
            http: builder.build().unwrap(),
            folder: tempfile::tempdir().unwrap(),
            environment: String::new(),
            app: String::new(),
            slug: "docs".into(),
            runtime,
        };
        let app = session.api(Method::GET, "applications/?slug=docs", &Value::Null);
        session.app = text(&app["results"][0]["uuid"]);
        let list = format!("environments/?application={}&slug=live", session.app);
        let live = session.api(Method::GET, &list, &Value::Null);
        session.environment = text(&live["results"][0]["uuid"]);
        for (name, value, is_sensitive) in [("OPEN", VALUE, false), ("HIDDEN", SENSITIVE, true)] {
            let body = json!({
                "environment": session.environment,
                "name": name,
                "value": value,
                "is_sensitive": is_sensitive,
            });
            session.api(Method::POST, "environment-variables/", &body);
        }
        fs::create_dir(session.given()).unwrap();
        session
    }

    /// Where the user's own files are: they may hold a token.
    fn given(&self) -> PathBuf {
        self.folder.path().join("given")
    }

    fn token(&self) -> &str {
        &self.simulator.platforms()[0].token
    }

    fn send(&self, method: Method, address: &str, body: &Value) -> Value {
        self.runtime.block_on(async {
            let request = self.http.request(method, address).body(body.to_string());
            let request = request
                .header("Authorization", format!("Token {}", self.token()))
                .header("Content-Type", "application/json");
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{address}: {answer:?}");
            serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
        })
    }

    fn api(&self, method: Method, path: &str, body: &Value) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        self.send(method, &format!("{base}/apps/v3/{path}"), body)
    }

    fn fault(&self, script: &Value) {
        let address = format!("{}/_sim/faults", self.simulator.control_url());
        self.send(Method::DELETE, &address, &Value::Null);
        self.send(Method::POST, &address, script);
    }

    /// A platform that repeats what it was sent: the token, and what was to be set.
    fn echo(&self, methods: [&str; 2], status: u16, value: &str) {
        let value = json!(value).to_string();
        let said = format!("{} and {} are bad", self.token(), value.trim_matches('"'));
        let body = format!(r#"{{"detail": "{said}", "value": ["{said}"]}}"#);
        let fault = |method| json!({"method": method, "status": status, "body": body});
        self.fault(&json!(methods.map(fault)));
    }

    fn config(&self, name: &str, text: &str) -> PathBuf {
        let path = self.given().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The folders in which the binary keeps what it keeps.
    fn folders(&self) -> [(&'static str, PathBuf); 6] {
        [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "runtime"),
        ]
        .map(|(name, folder)| (name, self.folder.path().join("kept").join(folder)))
    }

    fn run(&self, config: &Path, command: &str) -> Output {
        let command = command.replace("APP", &self.slug);
        let mut process = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
        process
            .args(command.split(' '))
            .arg("--config")
            .arg(config)
            .env_clear()
            .envs(self.folders())
            .env("FLIGHTDECK_LOG", "trace")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("CANARY", NEW);
        process.output().unwrap()
    }

    /// Fails if any canary is in it.
    fn check(&self, what: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let written = json!(NEW).to_string();
        let canaries = [
            self.token(),
            VALUE,
            SENSITIVE,
            NEW,
            written.trim_matches('"'),
            USER,
            PASSWORD,
            QUERY,
            SIGNATURE,
        ];
        for canary in canaries {
            if let Some(at) = text.find(canary) {
                let before = text.get(at.saturating_sub(200)..at).unwrap_or_default();
                panic!("{canary} is in {what}: …{before}");
            }
        }
    }

    fn check_output(&self, what: &str, output: &Output) {
        self.check(what, &output.stdout);
        self.check(what, &output.stderr);
    }

    /// Looks through every file that was kept; gives how many bytes there were.
    fn check_files(&self) -> usize {
        let mut folders = vec![self.folder.path().join("kept")];
        let mut bytes = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let content = fs::read(&path).unwrap();
                bytes += content.len();
                self.check(&path.display().to_string(), &content);
            }
        }
        bytes
    }

    fn platform(&self) -> Arc<dyn Platform> {
        let token = self.token().to_owned();
        let connection = Connection {
            base_url: self.simulator.platforms()[0].base_url.parse().unwrap(),
            credential: Arc::new(move || Ok(Secret::new(token.as_str()))),
            read_only: false,
            organisation: None,
            allow_plain_http: false,
        };
        divio::connect(connection).unwrap()
    }

    fn operation(&self, kind: OperationKind) -> Operation {
        Operation {
            target: Target {
                context: ContextId(0),
                app: Some(AppId::new(&self.app)),
                environment: Some(EnvId::new(&self.environment)),
                title: Text::clean("docs/live"),
                class: None,
            },
            kind,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn clock() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

#[test]
fn no_command_shows_or_keeps_a_secret() {
    let session = Session::new();
    let config = session.config("flightdeck.toml", &session.simulator.config_toml());
    // The value is there, for who asks.
    let asked = session.run(&config, "get vars APP/live -o json --reveal");
    assert!(String::from_utf8_lossy(&asked.stdout).contains(VALUE));

    let in_all_forms = || {
        let forms = ["table", "wide", "json", "csv"];
        let each = COMMANDS
            .iter()
            .flat_map(move |command| forms.map(|form| format!("{command} -o {form}")));
        each.chain(OTHERS.iter().map(ToString::to_string))
    };
    for command in in_all_forms() {
        session.check_output(&command, &session.run(&config, &command));
    }
    for status in [400, 401, 403, 409] {
        session.echo(["GET", "POST"], status, "nothing");
        for command in in_all_forms().filter(|command| !command.contains("-o wide")) {
            let output = session.run(&config, &command);
            session.check_output(&format!("{command} ({status})"), &output);
        }
    }
    let kept = session.check_files();
    assert!(kept > 10_000, "a log was written, of {kept} bytes");
}

#[test]
fn an_address_with_secrets_is_not_repeated() {
    let session = Session::new();
    let good = session.simulator.config_toml();
    let odd = good.replace(
        "base_url = \"http://",
        &format!("base_url = \"http://{USER}:{PASSWORD}@"),
    );
    let address = &session.simulator.platforms()[0].base_url;
    let query = good.replace(address, &format!("{address}/?key={QUERY}"));
    for (name, text) in [("user.toml", odd), ("query.toml", query)] {
        let config = session.config(name, &text);
        for command in ["config check", "get apps", "get contexts -o json"] {
            let output = session.run(&config, command);
            session.check_output(&format!("{command}, {name}"), &output);
        }
    }
    session.check_files();
}

#[test]
fn the_dashboard_shows_no_secret() {
    let session = Session::new();
    let config = session.config("flightdeck.toml", &session.simulator.config_toml());
    let launch = Launch::bare()
        .with("--config")
        .with(config.to_str().unwrap());
    let launch = session
        .folders()
        .iter()
        .fold(launch, |launch, (name, path)| {
            launch.variable(name, path.to_str().unwrap())
        });
    let mut tty = launch.variable("FLIGHTDECK_LOG", "trace").start();
    tty.sees("Apps 2");
    for (keys, sight) in KEYS {
        tty.types(keys);
        tty.sees(sight);
    }
    session.echo(["GET", "POST"], 401, "nothing");
    tty.types("r");
    tty.when("the refusal", |shot| {
        shot.has("oken") || shot.has("credential")
    });
    session.check("the terminal", &tty.raw());
    tty.quit();
    let kept = session.check_files();
    assert!(kept > 1_000, "a log was written, of {kept} bytes");
}

/// What is logged, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Operations that carry a secret, at a platform that repeats it, and links that work without a
/// token: nothing that the engine says has either.
#[test]
fn no_event_of_an_operation_has_a_secret() {
    let session = Session::new();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let backups = format!("backups/?environment={}", session.environment);
    let backups = session.api(Method::GET, &backups, &Value::Null);
    let done = |item: &&Value| item["state"] == "COMPLETED" && item["success"] == "SUCCESS";
    let backup = backups["results"].as_array().unwrap().iter().find(done);
    let backup = BackupId::new(text(&backup.unwrap()["uuid"]));
    let set = |id: Option<&str>| OperationKind::SetVariable {
        id: id.map(VariableId::new),
        name: "NEW".into(),
        value: Secret::new(NEW),
        is_sensitive: false,
    };
    let current = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut said, mut link) = (String::new(), None);
    let carry_out = |kind| {
        let operation = session.operation(kind);
        let mut events = format!("{operation:?}");
        let mut stages = Vec::new();
        let mut follow = None;
        let mut note = |event: &OperationEvent| {
            let _written = write!(events, "{event:?}");
            stages.push(event.stage.clone());
            follow = event.follow.clone().or(follow.take());
        };
        let platform = session.platform();
        let terms = Terms::new(Consent::default(), Arc::new(nobody::Nobody));
        let run = run_operation(platform, operation, terms, clock, true, &mut note);
        current.block_on(run);
        for stage in &stages {
            if let Stage::Refused(failure) = stage {
                let _written = write!(events, "{failure} {}", failure.advice());
            }
        }
        (events, follow)
    };
    tracing::subscriber::with_default(subscriber, || {
        let (events, follow) = carry_out(OperationKind::PrepareDownload { backup });
        said += &events;
        let Some(Follow::Download(id)) = follow else {
            panic!("it is followed: {events}");
        };
        let platform = session.platform();
        let query = Query::Download(id);
        let read = read_all(platform.as_ref(), &query, clock);
        link = Some(format!("{:?}", current.block_on(read).unwrap()));
        for status in [400, 403, 409, 422] {
            session.echo(["POST", "PATCH"], status, NEW);
            said += &carry_out(set(None)).0;
            said += &carry_out(set(Some("v"))).0;
        }
        session.fault(&json!([]));
        said += &carry_out(set(None)).0;
    });
    assert!(said.contains("*** and *** are bad"), "{said}");
    let link = link.unwrap();
    assert!(link.contains("link: Some(***)"), "{link}");
    session.check("events", said.as_bytes());
    session.check("a download", link.as_bytes());
    let log = log.0.lock().unwrap();
    assert!(log.len() > 1_000, "it was logged");
    session.check("the log", &log);
}
