//! A simulator in this process, and the binary to run against it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use flightdeck::sim::{Served, SimOptions, Simulator, parse_faults};
use predicates::str::ContainsPredicate;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The variable in which the binary finds the token.
pub(crate) const TOKEN_VARIABLE: &str = "FLIGHTDECK_TEST_TOKEN";

/// A simulator, a folder for files, and a configuration that fits.
pub(crate) struct World {
    simulator: Simulator,
    folder: TempDir,
    // Last: the simulator's tasks end with it.
    _runtime: Runtime,
}

impl World {
    /// How many apps there are.
    pub(crate) const APPS: usize = 6;

    /// A world in which nothing happens but what is asked for, and that at once.
    pub(crate) fn still() -> Self {
        Self::start("[]", 200.0)
    }

    /// The same on another platform, whose context is named as it is.
    pub(crate) fn on(platform: &'static str) -> Self {
        Self::of("[]", 200.0, platform)
    }

    /// The same with faults.
    pub(crate) fn with_faults(script: &str) -> Self {
        Self::start(script, 200.0)
    }

    /// The same, and what is asked for takes its time.
    pub(crate) fn slow() -> Self {
        Self::start("[]", 1.0)
    }

    /// Several platforms in one world, each a context of its own.
    pub(crate) fn across(platforms: &[&'static str], speed: f64) -> Self {
        Self::serving("[]", speed, platforms)
    }

    fn start(faults: &str, speed: f64) -> Self {
        Self::of(faults, speed, "divio")
    }

    fn of(faults: &str, speed: f64, platform: &'static str) -> Self {
        Self::serving(faults, speed, &[platform])
    }

    fn serving(faults: &str, speed: f64, platforms: &[&'static str]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = SimOptions {
            apps: Self::APPS,
            faults: parse_faults(faults).unwrap(),
            story: false,
            speed,
            platforms: platforms.to_vec(),
            ..SimOptions::default()
        };
        let simulator = runtime.block_on(Simulator::start(options)).unwrap();
        Self {
            simulator,
            folder: tempfile::tempdir().unwrap(),
            _runtime: runtime,
        }
    }

    /// The token the simulator accepts.
    pub(crate) fn token(&self) -> String {
        self.simulator.platforms()[0].token.clone()
    }

    /// A context of the simulator, with a setting for its token.
    pub(crate) fn context(&self, name: &str, token: &str) -> String {
        Self::served(&self.simulator.platforms()[0], name, token)
    }

    fn served(served: &Served, name: &str, token: &str) -> String {
        let (platform, base_url) = (served.platform, &served.base_url);
        let organisation = served.organisation.as_ref();
        let organisation = organisation.map(|id| format!("organisation = \"{id}\"\n"));
        let organisation = organisation.unwrap_or_default();
        format!(
            "[contexts.{name}]\nplatform = \"{platform}\"\nbase_url = \"{base_url}\"\n\
             token = {token}\n{organisation}"
        )
    }

    /// Contexts that work, under the names of their platforms.
    pub(crate) fn good(&self) -> String {
        let contexts = self.simulator.platforms().iter().map(|served| {
            let token = format!("\"{}\"", served.token);
            Self::served(served, served.platform, &token)
        });
        contexts.collect()
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A new file that only its owner can read.
    pub(crate) fn config(&self, text: &str) -> String {
        let path = self.new_file(text);
        set_mode(Path::new(&path), 0o600);
        path
    }

    /// A new file that everybody can read.
    pub(crate) fn public_config(&self, text: &str) -> String {
        let path = self.new_file(text);
        set_mode(Path::new(&path), 0o644);
        path
    }

    fn new_file(&self, text: &str) -> String {
        let count = fs::read_dir(self.folder.path()).unwrap().count();
        let path = self.path(&format!("config-{count}.toml"));
        fs::write(&path, text).unwrap();
        path
    }

    /// The binary with nothing in its environment but what it needs.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.std_command(arguments))
    }

    /// The same for `spawn`.
    pub(crate) fn std_command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_flightdeck"));
        let config = self.config(&self.good());
        command
            .args(arguments)
            .env_clear()
            .env("PATH", option_env!("PATH").unwrap_or_default())
            .env("HOME", self.folder.path().join("home"))
            .env("FLIGHTDECK_STATE_DIR", self.folder.path().join("state"))
            .env("FLIGHTDECK_CONFIG", config)
            .env(TOKEN_VARIABLE, self.token());
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Assert {
        self.command(arguments).assert()
    }

    /// The name of an app that has a live and a test environment.
    pub(crate) fn app(&self) -> String {
        self.overview(|app| app["slug"].as_str().map(ToOwned::to_owned))
    }

    /// An environment of that app, as a target.
    pub(crate) fn target(&self, environment: &str) -> String {
        format!("{}/{environment}", self.app())
    }

    /// Writes runtime log lines of an environment of that app.
    pub(crate) fn write_log(&self, environment: &str, lines: &[&str]) {
        let id = self.overview(|app| {
            let all = app["environments"].as_array()?;
            let found = all.iter().find(|it| it["slug"] == environment)?;
            let id = found.get("uuid").or_else(|| found.get("id"))?;
            id.as_str().map(ToOwned::to_owned)
        });
        let body = json!({ "environment": id, "lines": lines });
        self.control("POST", "/_sim/log", &body.to_string());
    }

    fn overview(&self, take: impl Fn(&Value) -> Option<String>) -> String {
        let state = self.control("GET", "/_sim/state", "");
        let has = |app: &Value, slug: &str| {
            let environments = app["environments"].as_array();
            environments.is_some_and(|all| all.iter().any(|it| it["slug"] == slug))
        };
        let apps = state["apps"].as_array().unwrap().iter();
        let mut apps = apps.filter(|app| has(app, "live") && has(app, "test"));
        apps.find_map(take).unwrap_or_else(|| panic!("{state:#}"))
    }

    /// How many requests of an operation the simulator has received.
    pub(crate) fn requests(&self, operation: &str) -> u64 {
        let counts = self.control("GET", "/_sim/requests", "");
        counts["operations"][operation].as_u64().unwrap_or(0)
    }

    /// How many requests that change something it has received.
    pub(crate) fn changes(&self) -> u64 {
        let counts = self.control("GET", "/_sim/requests", "");
        counts["changing"].as_u64().unwrap()
    }

    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let address = self.simulator.control_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.0 2"), "{head}\n{body}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }
}

/// A server that is broken, and talks about what it should not.
pub(crate) fn indiscreet(secret: &str) -> String {
    let secret = secret.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            // The request is read first, or the answer might not be.
            let lines = BufReader::new(&stream).lines();
            let read = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty());
            let _read = read.count();
            let body = format!(r#"{{"detail": "password={secret} at https://u:{secret}@db"}}"#);
            let _gone = write!(
                stream,
                "HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    format!("http://{address}")
}

/// What the binary wrote.
pub(crate) fn text_of(output: &Assert) -> String {
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

/// What the binary wrote, as JSON.
pub(crate) fn json_of(output: &Assert) -> Value {
    serde_json::from_slice(&output.get_output().stdout).unwrap()
}

/// What the binary said beside its output.
pub(crate) fn stderr(output: &Assert) -> String {
    String::from_utf8(output.get_output().stderr.clone()).unwrap()
}

/// The predicate for a part of an output.
pub(crate) fn has(text: &str) -> ContainsPredicate {
    predicates::str::contains(text.to_owned())
}

/// The entries of a list: what `get` says.
pub(crate) fn items(world: &World, command: &[&str]) -> Vec<Value> {
    let command = [&["get"], command, &["-o", "json"]].concat();
    let document = json_of(&world.run(&command).success());
    document["items"].as_array().unwrap().clone()
}

/// An operation, confirmed and waited for.
pub(crate) fn done(world: &World, command: &[&str]) -> Assert {
    let command = [&["do"], command, &["--yes", "--wait"]].concat();
    world.run(&command)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}
