//! A simulator, the binary that is run against it, and everything that is looked through.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use flightdeck::model::{Failure, OrgId, Secret};
use flightdeck::platforms::{Connection, Platform};
use flightdeck::sim::{SimOptions, Simulator};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::kit::{self, Launch, Shot};

/// The value of a variable that the platform tells.
pub(crate) const VALUE: &str = "canary-value-7f3a";
/// One that it does not.
pub(crate) const SENSITIVE: &str = "canary-sensitive-91bc";
/// What is set, with characters that JSON writes in another way.
pub(crate) const NEW: &str = "canary-\"new\"-55d0";
/// In an address.
pub(crate) const USER: &str = "canary-user-20c1";
pub(crate) const PASSWORD: &str = "canary-password-20c1";
pub(crate) const QUERY: &str = "canary-query-20c1";

/// How a platform is spoken to, and what else there may be found nowhere.
pub(crate) struct Site {
    pub(crate) name: &'static str,
    /// Before the token.
    pub(crate) scheme: &'static str,
    /// Before every path.
    pub(crate) root: &'static str,
    pub(crate) connect: fn(Connection) -> Result<Arc<dyn Platform>, Failure>,
    /// How the platform words a refusal.
    pub(crate) refusal: fn(&str) -> Value,
    /// What makes links work, passwords and the like.
    pub(crate) canaries: &'static [&'static str],
}

pub(crate) struct Session {
    site: &'static Site,
    pub(crate) simulator: Simulator,
    http: reqwest::Client,
    folder: TempDir,
    /// Words of commands that stand for what there is.
    pub(crate) names: Vec<(&'static str, String)>,
    /// What else there may be found nowhere, of this world only.
    pub(crate) secrets: Vec<String>,
    /// What else the binary finds in its environment.
    pub(crate) more: Vec<(&'static str, String)>,
    runtime: Runtime,
}

impl Session {
    pub(crate) fn new(site: &'static Site) -> Self {
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
            platforms: vec![site.name],
            rate_limits: None,
            ..SimOptions::default()
        }));
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let session = Self {
            site,
            simulator: simulator.unwrap(),
            http: builder.build().unwrap(),
            folder: tempfile::tempdir().unwrap(),
            names: Vec::new(),
            secrets: Vec::new(),
            more: Vec::new(),
            runtime,
        };
        fs::create_dir(session.given()).unwrap();
        session
    }

    /// Where the user's own files are: they may hold a token.
    pub(crate) fn given(&self) -> PathBuf {
        self.folder.path().join("given")
    }

    pub(crate) fn token(&self) -> &str {
        &self.simulator.platforms()[0].token
    }

    fn send(&self, method: Method, address: &str, body: &Value) -> Value {
        self.runtime.block_on(async {
            let request = self.http.request(method, address).body(body.to_string());
            let authorization = format!("{} {}", self.site.scheme, self.token());
            let request = request
                .header("Authorization", authorization)
                .header("Content-Type", "application/json");
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{address}: {answer:?}");
            serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
        })
    }

    pub(crate) fn api(&self, method: Method, path: &str, body: &Value) -> Value {
        let base = &self.simulator.platforms()[0].base_url;
        self.send(method, &format!("{base}{}{path}", self.site.root), body)
    }

    /// Asks the simulator itself.
    pub(crate) fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let address = format!("{}/_sim/{path}", self.simulator.control_url());
        self.send(method, &address, body)
    }

    /// These faults, and no others.
    pub(crate) fn fault(&self, script: &Value) {
        self.control(Method::DELETE, "faults", &Value::Null);
        self.control(Method::POST, "faults", script);
    }

    /// A platform that repeats what it was sent: the token, and what was to be set.
    pub(crate) fn echo(&self, methods: &[&str], status: u16, value: &str) {
        let value = json!(value).to_string();
        let said = format!("{} and {} are bad", self.token(), value.trim_matches('"'));
        // As it is written on the wire: quotes are escaped already.
        let body = (self.site.refusal)("SAID")
            .to_string()
            .replace("SAID", &said);
        let fault = |method: &&str| json!({"method": method, "status": status, "body": body});
        self.fault(&methods.iter().map(fault).collect());
    }

    pub(crate) fn config(&self, name: &str, text: &str) -> PathBuf {
        let path = self.given().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The simulator's own configuration.
    pub(crate) fn good_config(&self) -> PathBuf {
        self.config("flightdeck.toml", &self.simulator.config_toml())
    }

    /// What the binary finds in its environment: the folders in which it keeps what it keeps, the
    /// most talkative log, and a value to set.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let folders = [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "runtime"),
        ];
        let kept = self.folder.path().join("kept");
        let path = |folder| kept.join(folder).to_str().unwrap().to_owned();
        let mut all: Vec<_> = folders.map(|(name, folder)| (name, path(folder))).into();
        for (name, value) in [
            ("FLIGHTDECK_LOG", "trace"),
            ("RUST_LOG", "trace"),
            ("RUST_BACKTRACE", "full"),
            ("CANARY", NEW),
        ] {
            all.push((name, value.to_owned()));
        }
        all.extend(self.more.iter().cloned());
        all
    }

    /// The binary, about to carry out a command.
    pub(crate) fn command(&self, config: &Path, command: &str) -> Command {
        let put = |text: String, (word, name): &(&str, String)| text.replace(word, name);
        let command = self.names.iter().fold(command.to_owned(), put);
        let mut process = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
        process
            .args(command.split(' '))
            .arg("--config")
            .arg(config)
            .env_clear()
            .envs(self.variables());
        process
    }

    pub(crate) fn run(&self, config: &Path, command: &str) -> Output {
        self.command(config, command).output().unwrap()
    }

    pub(crate) fn stdout(&self, config: &Path, command: &str) -> String {
        let output = self.run(config, command);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Fails unless each of these operations is in the audit as done.
    pub(crate) fn check_done(&self, config: &Path, operations: &[&str]) {
        let audit: Value = serde_json::from_str(&self.stdout(config, "audit -o json")).unwrap();
        let items = audit["items"].as_array().unwrap();
        for name in operations {
            let is_done = |it: &Value| it["operation"] == *name && it["outcome"] == "done";
            assert!(items.iter().any(is_done), "{name}: {audit}");
        }
    }

    /// Follows a log while its stream is cut so often, so that it is asked for again.
    pub(crate) fn check_cut_log(&self, config: &Path, stream: &str, cuts: u64) {
        let mut process = self.command(config, "logs APP/web -f");
        let process = process.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = process.spawn().unwrap();
        let opened = || {
            let counts = self.control(Method::GET, "requests", &Value::Null);
            counts["streams"]["opened"][stream].as_u64().unwrap_or(0)
        };
        for times in 1..=cuts {
            kit::until("the log is followed", || (opened() >= times).then_some(()));
            self.control(Method::POST, "cut", &Value::Null);
        }
        kit::until("it is followed once more", || {
            (opened() > cuts).then_some(())
        });
        process.kill().unwrap();
        self.check_output("a log that is cut", &process.wait_with_output().unwrap());
        assert!(self.check_files() > 1_000);
    }

    /// Types into the dashboard; then the platform refuses, which shows by one of these words.
    pub(crate) fn check_dashboard(
        &self,
        keys: &[(&str, &str)],
        refuse: impl FnOnce(),
        words: &[&str],
    ) {
        let mut tty = self.launch(&self.good_config()).start();
        tty.sees("Apps 2");
        for (keys, sight) in keys {
            tty.types(keys);
            tty.sees(sight);
        }
        let is_refused = |shot: &Shot| words.iter().any(|word| shot.has(word));
        tty.when("no refusal yet", |shot| !is_refused(shot));
        refuse();
        tty.types("r");
        tty.when("the refusal", is_refused);
        self.check("the terminal", &tty.raw());
        tty.quit();
        let kept = self.check_files();
        assert!(kept > 1_000, "a log was written, of {kept} bytes");
    }

    /// The same while answers to reads are damaged: what cannot be read is not repeated.
    pub(crate) fn check_damaged(&self, config: &Path, commands: &[&str]) {
        for effect in [
            json!({"malformed": true}),
            json!({"truncate": true}),
            json!({"cut": "after_headers"}),
        ] {
            let mut fault = effect.clone();
            fault["method"] = json!("GET");
            self.fault(&fault);
            self.check_all(config, &effect.to_string(), commands);
        }
    }

    /// Commands that change nothing, all at once; none may have said a secret.
    pub(crate) fn check_all<T: AsRef<str>>(&self, config: &Path, why: &str, commands: &[T]) {
        let begin = |command: &T| {
            let mut process = self.command(config, command.as_ref());
            let process = process.stdin(Stdio::null());
            let process = process.stdout(Stdio::piped()).stderr(Stdio::piped());
            process.spawn().unwrap()
        };
        // More at once would only make each other late.
        for commands in commands.chunks(8) {
            let running: Vec<_> = commands.iter().map(begin).collect();
            for (command, process) in commands.iter().zip(running) {
                let output = process.wait_with_output().unwrap();
                self.check_output(&format!("{} {why}", command.as_ref()), &output);
            }
        }
    }

    /// The same in a terminal.
    pub(crate) fn launch(&self, config: &Path) -> Launch {
        let launch = Launch::bare()
            .with("--config")
            .with(config.to_str().unwrap());
        let all = self.variables();
        all.iter()
            .fold(launch, |launch, (name, value)| launch.variable(name, value))
    }

    /// Fails if any canary is in it.
    pub(crate) fn check(&self, what: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let written = json!(NEW).to_string();
        let ours = [
            self.token(),
            VALUE,
            SENSITIVE,
            NEW,
            written.trim_matches('"'),
            USER,
            PASSWORD,
            QUERY,
        ];
        let theirs = self.secrets.iter().map(String::as_str);
        let all = ours.into_iter().chain(self.site.canaries.iter().copied());
        for canary in all.chain(theirs) {
            if let Some(at) = text.find(canary) {
                let before = text.get(at.saturating_sub(200)..at).unwrap_or_default();
                panic!("{canary} is in {what}: …{before}");
            }
        }
    }

    pub(crate) fn check_output(&self, what: &str, output: &Output) {
        self.check(what, &output.stdout);
        self.check(what, &output.stderr);
    }

    /// Looks through every file that was kept; gives how many bytes there were.
    pub(crate) fn check_files(&self) -> usize {
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

    pub(crate) fn platform(&self) -> Arc<dyn Platform> {
        let token = self.token().to_owned();
        let connection = Connection {
            base_url: self.simulator.platforms()[0].base_url.parse().unwrap(),
            credential: Arc::new(move || Ok(Secret::new(token.as_str()))),
            read_only: false,
            organisation: self.simulator.platforms()[0]
                .organisation
                .as_deref()
                .map(OrgId::new),
            settings: flightdeck::platforms::Settings::default(),
            notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
            allow_plain_http: false,
        };
        (self.site.connect)(connection).unwrap()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

pub(crate) fn clock() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// Each of these commands in each form it can be written in.
pub(crate) fn in_all_forms(commands: &[&str]) -> Vec<String> {
    let forms = ["table", "wide", "json", "csv"];
    let each = |command: &&str| forms.map(|form| format!("{command} -o {form}"));
    commands.iter().flat_map(each).collect()
}

/// What is logged, in memory.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn read(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.read().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
