//! What is looked at: a log of the simulator in the dashboard, a file in a bare follower or a pager.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use flightdeck::sim::{SimOptions, Simulator};
use portable_pty::CommandBuilder;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::stage::{PATIENCE, Stage, has, ms};

/// The log that is written.
pub(crate) const LOG: &str = "lantern/web";

/// Microseconds since 1970.
pub(crate) fn wall() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(now.expect("a clock").as_micros()).expect("this century")
}

/// Who writes numbered lines, for which kind of reader.
pub(crate) trait Source {
    /// Starts a reader of what is written from now on.
    fn open(&self) -> Stage;
    /// Writes so many lines, so many a second.
    fn write(&mut self, rate: u32, lines: u64);
    /// How many were written so far, and when the first of the last order was.
    fn written(&self) -> u64;
}

/// The simulator and the dashboard.
pub(crate) struct Served {
    runtime: Runtime,
    simulator: Simulator,
    http: reqwest::Client,
    home: TempDir,
    first: u64,
}

impl Served {
    pub(crate) fn new() -> Served {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let options = SimOptions {
            story: false,
            platforms: vec!["tsuru"],
            ..SimOptions::default()
        };
        let simulator = runtime.block_on(Simulator::start(options)).expect("a port");
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        Served {
            runtime,
            simulator,
            http: http.build().expect("a client"),
            home: tempfile::tempdir().expect("a folder"),
            first: 0,
        }
    }

    fn call(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let address = format!("{}/_sim/{path}", self.simulator.control_url());
        self.runtime.block_on(async {
            let request = self.http.request(method, address).body(body.to_string());
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            serde_json::from_str(&answer.text().await.expect("text")).unwrap_or_default()
        })
    }

    /// Writes lines at once to who does nothing with them: from when they were written to the first
    /// and to the last of them, in milliseconds. Nobody who shows them is faster.
    pub(crate) fn received(&mut self, lines: u64) -> (f64, f64) {
        let platform = &self.simulator.platforms()[0];
        let path = "/1.0/apps/lantern/log?lines=1&source=web&follow=1";
        let request = self.http.get(format!("{}{path}", platform.base_url));
        let request = request.header("authorization", format!("bearer {}", platform.token));
        let mut answer = self.runtime.block_on(request.send()).expect("an answer");
        let (begin, end) = ("seq=000000 t=", format!("seq={:06}", lines - 1));
        self.write(100_000_000, lines);
        let (mut text, mut origin, mut looked) = (String::new(), None, 0);
        loop {
            let piece = self.runtime.block_on(answer.chunk()).expect("a stream");
            text.push_str(&String::from_utf8_lossy(&piece.expect("more of it")));
            let now = wall();
            if origin.is_none()
                && let Some(at) = text.find(begin).map(|at| at + begin.len())
                && let Some(at) = text.get(at..at + 16)
            {
                origin = Some((at.parse::<u64>().expect("a time"), now));
            }
            if let Some((at, first)) = origin
                && text[looked..].contains(&end)
            {
                let since = |now: u64| ms(Duration::from_micros(now.saturating_sub(at)));
                return (since(first), since(now));
            }
            looked = text.floor_char_boundary(text.len().saturating_sub(end.len()));
        }
    }

    /// One line of its own.
    pub(crate) fn say(&self, line: &str) {
        let order = json!({ "environment": LOG, "lines": [line] });
        self.call(reqwest::Method::POST, "log", &order);
    }
}

impl Source for Served {
    fn open(&self) -> Stage {
        let home = self.home.path();
        let config = home.join("flightdeck.toml");
        write_private(&config, &self.simulator.config_toml());
        // Such as a packaged one.
        let other = std::env::var_os("FLIGHTDECK_BENCH_BIN");
        let own = env!("CARGO_BIN_EXE_flightdeck");
        let mut command = CommandBuilder::new(other.unwrap_or_else(|| own.into()));
        command.env_clear();
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
        ] {
            command.env(name, home);
        }
        command.env("TZ", "UTC");
        command.env("LANG", "C.UTF-8");
        command.arg("--config");
        command.arg(config);
        let mut stage = Stage::of(command);
        stage.when("the apps", |screen| {
            has(screen, "Apps 24") && has(screen, "FOLLOW")
        });
        stage.types("/app:lantern\r");
        stage.when("the app", |screen| has(screen, &format!("Logs  {LOG}")));
        stage.types("3");
        stage.when("the log alone", |screen| {
            has(screen, "Logs  ") && !has(screen, "Apps 1")
        });
        self.say("before all");
        stage.when("what there is", |screen| has(screen, "before all"));
        stage
    }

    fn write(&mut self, rate: u32, lines: u64) {
        let order = json!({
            "environment": LOG, "rate": rate, "lines": lines, "first": self.first,
        });
        self.first += lines;
        self.call(reqwest::Method::POST, "flood", &order);
    }

    fn written(&self) -> u64 {
        let told = self.call(reqwest::Method::GET, "flood", &Value::Null);
        told["produced"].as_u64().expect("a number")
    }
}

fn write_private(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a file of ours");
}

/// A growing file and the bare follower, or a pager.
pub(crate) struct Filed {
    home: TempDir,
    first: u64,
    written: Arc<AtomicU64>,
    writer: Option<JoinHandle<()>>,
}

impl Filed {
    pub(crate) fn new() -> Filed {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("log"), "before all\n").expect("a file");
        Filed {
            home,
            first: 0,
            written: Arc::default(),
            writer: None,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.home.path().join("log")
    }

    /// One line of its own.
    pub(crate) fn say(&self, line: &str) {
        let file = File::options().append(true).open(self.path());
        writeln!(file.expect("a file"), "{line}").expect("room");
    }

    /// Waits until everything is written.
    pub(crate) fn settle(&mut self) {
        if let Some(writer) = self.writer.take() {
            writer.join().expect("a writer");
        }
    }
}

impl Source for Filed {
    fn open(&self) -> Stage {
        let own = std::env::current_exe().expect("a program");
        let mut command = CommandBuilder::new(own);
        command.arg("--bare");
        command.arg(self.path());
        let stage = Stage::of(command);
        stage.when("what there is", |screen| has(screen, "before all"));
        stage
    }

    fn write(&mut self, rate: u32, lines: u64) {
        self.settle();
        let (path, written, first) = (self.path(), Arc::clone(&self.written), self.first);
        self.first += lines;
        self.writer = Some(thread::spawn(move || {
            write_paced(&path, rate, first..first + lines, &written);
        }));
    }

    fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }
}

/// Writes lines as the simulator does: exactly so many a second, each with its number and time.
fn write_paced(path: &Path, rate: u32, lines: std::ops::Range<u64>, written: &AtomicU64) {
    const BEAT: Duration = Duration::from_millis(20);
    let filler = "/static/app.css /favicon.ico /api/v1/items/ /cart/ /checkout/ /admin/ /";
    let mut file = File::options().append(true).open(path).expect("a file");
    let (begun, wall) = (Instant::now(), wall());
    let mut next = lines.start;
    while next < lines.end {
        let passed = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        // A millisecond ahead: what is written at once is one piece.
        let passed = passed + 1_000;
        let due = lines.start + passed * u64::from(rate) / 1_000_000 + 1;
        let mut chunk = String::new();
        for line in next..due.min(lines.end) {
            let at = wall + (line - lines.start) * 1_000_000 / u64::from(rate);
            let _written = writeln!(chunk, "seq={line:06} t={at} {filler}");
        }
        file.write_all(chunk.as_bytes()).expect("room");
        next = due.min(lines.end);
        written.store(next, Ordering::Relaxed);
        if next < lines.end {
            thread::sleep(BEAT);
        }
    }
}

/// A pager that shows a file, if there is one here.
pub(crate) fn pager(file: &Path) -> Option<Stage> {
    let folders = std::env::var_os("PATH")?;
    let less = std::env::split_paths(&folders).map(|folder| folder.join("less"));
    let less = less.into_iter().find(|less| less.is_file())?;
    let mut command = CommandBuilder::new(less);
    command.arg(file);
    let stage = Stage::of(command);
    stage.within(PATIENCE, |screen| has(screen, "seq="))?;
    Some(stage)
}
