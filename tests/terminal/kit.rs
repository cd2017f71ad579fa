//! The real binary in a pseudo-terminal, and the simulator it talks to.
//!
//! Every wait is for a condition, on the parsed screen or on the simulator's control port, and has
//! a deadline. A screen is looked at between frames only: half a frame is no screen.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use flightdeck::sim::{SimOptions, Simulator};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Longest a test waits for something that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at something that does not tell by itself that it has changed.
const GLANCE: Duration = Duration::from_millis(25);
/// So many dashboards run at once: more would only make each other late.
const AT_ONCE: usize = 3;

const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

/// A simulator in this process.
pub(crate) struct Sim {
    runtime: Runtime,
    http: reqwest::Client,
    options: SimOptions,
    running: Option<Simulator>,
}

impl Sim {
    /// A world in which nothing happens by itself.
    pub(crate) fn still() -> Self {
        Self::still_on("divio", 20.0)
    }

    /// The same on another platform, where time passes as fast as is said.
    pub(crate) fn still_on(platform: &'static str, speed: f64) -> Self {
        Self::of(SimOptions {
            story: false,
            speed,
            platforms: vec![platform],
            ..SimOptions::default()
        })
    }

    pub(crate) fn of(options: SimOptions) -> Self {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .timeout(PATIENCE)
            .build()
            .unwrap();
        let mut sim = Self {
            runtime,
            http,
            options,
            running: None,
        };
        sim.start();
        sim
    }

    fn start(&mut self) {
        let options = self.options.clone();
        let begun = until("the simulator's port is free", || {
            self.runtime
                .block_on(Simulator::start(options.clone()))
                .ok()
        });
        self.running = Some(begun);
    }

    fn running(&self) -> &Simulator {
        self.running.as_ref().expect("the simulator runs")
    }

    /// Stops serving: every connection is cut.
    pub(crate) fn stop(&mut self) {
        let simulator = self.running.take().expect("the simulator runs");
        let address = simulator.platforms()[0]
            .base_url
            .trim_start_matches("http://");
        self.options.listen = address.parse::<SocketAddr>().unwrap();
        self.runtime.block_on(simulator.stop());
    }

    /// Serves the same world anew where it was served before.
    pub(crate) fn start_again(&mut self) {
        self.start();
    }

    fn config(&self) -> String {
        self.running().config_toml()
    }

    fn call(&self, method: reqwest::Method, path: &str, body: String) -> Value {
        let address = format!("{}/_sim/{path}", self.running().control_url());
        self.runtime.block_on(async {
            let request = self.http.request(method, address).body(body);
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
        })
    }

    /// Gives the control port an order.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::POST, path, body.to_string())
    }

    /// What the first platform answers to somebody else who has its token.
    pub(crate) fn read(&self, path: &str) -> String {
        let served = &self.running().platforms()[0];
        let request = self.http.get(format!("{}{path}", served.base_url));
        let request = request.bearer_auth(&served.token);
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.text().await.unwrap()
        })
    }

    /// The requests received so far.
    pub(crate) fn requests(&self) -> Value {
        self.call(reqwest::Method::GET, "requests", String::new())
    }

    /// How many requests of an operation were received.
    pub(crate) fn count(&self, operation: &str) -> u64 {
        self.requests()["operations"][operation]
            .as_u64()
            .unwrap_or(0)
    }

    /// How many requests were received that change anything.
    pub(crate) fn changing(&self) -> u64 {
        self.requests()["changing"].as_u64().unwrap()
    }

    /// Waits until an operation was asked for `more` times more than now.
    pub(crate) fn until_asked(&self, operation: &str, more: u64) {
        let from = self.count(operation);
        until(&format!("{more} more {operation}"), || {
            (self.count(operation) >= from + more).then_some(())
        });
    }

    /// Puts a fault into force.
    pub(crate) fn fault(&self, fault: &Value) {
        self.post("faults", fault);
    }

    /// Ends all faults.
    pub(crate) fn no_faults(&self) {
        self.call(reqwest::Method::DELETE, "faults", String::new());
    }

    /// The value of a variable on the platform.
    pub(crate) fn variable(&self, environment: &str, name: &str) -> Value {
        let look = json!({ "environment": environment, "name": name });
        self.post("variable", &look)["was"].clone()
    }

    /// Another user sets a variable.
    pub(crate) fn set_variable(&self, environment: &str, name: &str, value: &str) {
        let order = json!({ "environment": environment, "name": name, "value": value });
        self.post("variable", &order);
    }

    /// Lets an environment write these lines now.
    pub(crate) fn log(&self, environment: &str, lines: &[&str]) {
        self.post(
            "log",
            &json!({ "environment": environment, "lines": lines }),
        );
    }

    /// Lets an environment write so many lines a second from now on.
    pub(crate) fn flood(&self, environment: &str, rate: u32) {
        self.post("log", &json!({ "environment": environment, "rate": rate }));
    }

    /// Whether anybody reads a stream.
    pub(crate) fn are_streams_open(&self) -> bool {
        let open = self.requests()["streams"]["open"].as_u64();
        open.is_some_and(|open| open > 0)
    }

    /// Writes a configuration for who talks to it.
    pub(crate) fn write_config(&self, file: &Path) {
        fs::write(file, self.config()).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }

    /// Lets an environment write numbered lines in great number.
    pub(crate) fn numbered(&self, order: &Value) {
        self.post("flood", order);
    }

    /// How many numbered lines were written so far, and whether that is all.
    pub(crate) fn produced(&self) -> (u64, bool) {
        let told = self.call(reqwest::Method::GET, "flood", String::new());
        let floods = told["floods"].as_array().unwrap();
        let are_over = floods.iter().all(|flood| flood["over"] == true);
        (told["produced"].as_u64().unwrap(), are_over)
    }

    /// Waits until all numbered lines are written; tells how many there are.
    pub(crate) fn until_all_written(&self, patience: Duration) -> u64 {
        until_within(patience, "all lines are written", || {
            let (count, are_all) = self.produced();
            are_all.then_some(count)
        })
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        if let Some(simulator) = self.running.take() {
            self.runtime.block_on(simulator.stop());
        }
    }
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look)
}

/// The same with a patience of its own.
pub(crate) fn until_within<T>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> Option<T>,
) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < patience, "waited in vain: {what}");
        thread::sleep(GLANCE);
    }
}

/// How a dashboard is to be started.
pub(crate) struct Launch {
    size: (u16, u16),
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    config: Option<String>,
    shell: Option<String>,
}

impl Launch {
    fn new() -> Self {
        Self {
            size: (120, 40),
            arguments: Vec::new(),
            variables: Vec::new(),
            config: None,
            shell: None,
        }
    }

    /// A dashboard on a simulator of this process.
    pub(crate) fn on(sim: &Sim) -> Self {
        Self {
            config: Some(sim.config()),
            ..Self::new()
        }
    }

    /// A dashboard without any configuration.
    pub(crate) fn bare() -> Self {
        Self::new()
    }

    /// A dashboard on its own simulator.
    pub(crate) fn demo() -> Self {
        Self::new().with("--demo")
    }

    pub(crate) fn size(self, width: u16, height: u16) -> Self {
        Self {
            size: (width, height),
            ..self
        }
    }

    pub(crate) fn with(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds lines to the last context of the configuration.
    pub(crate) fn setting(mut self, lines: &str) -> Self {
        let config = self.config.take().unwrap_or_default();
        self.config = Some(format!("{}\n{lines}\n", config.trim_end()));
        self
    }

    /// Replaces text of the configuration.
    pub(crate) fn instead(mut self, old: &str, new: &str) -> Self {
        let config = self.config.take().unwrap_or_default();
        assert!(config.contains(old), "{old:?} is not in {config}");
        self.config = Some(config.replace(old, new));
        self
    }

    /// Starts it below a shell that runs `script`, in which `"$0" "$@"` is the dashboard.
    pub(crate) fn below(self, script: &str) -> Self {
        Self {
            shell: Some(script.to_owned()),
            ..self
        }
    }

    fn command(&self, home: &TempDir) -> CommandBuilder {
        let binary = env!("CARGO_BIN_EXE_flightdeck");
        let mut command = match &self.shell {
            Some(script) => {
                let mut shell = CommandBuilder::new("sh");
                shell.args(["-c", script, binary]);
                shell
            }
            None => CommandBuilder::new(binary),
        };
        command.env_clear();
        for name in ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let own = home.path();
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
        ] {
            command.env(name, own.join(folder));
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.cwd(own);
        if let Some(config) = &self.config {
            let file = own.join("flightdeck.toml");
            fs::write(&file, config).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            command.arg("--config");
            command.arg(file);
        }
        command.args(&self.arguments);
        command
    }

    /// Starts it.
    pub(crate) fn start(self) -> Terminal {
        let slot = Slot::take();
        let home = tempfile::tempdir().unwrap();
        let (width, height) = self.size;
        let pair = native_pty_system()
            .openpty(pty_size(width, height))
            .unwrap();
        let modes_before = modes(pair.master.as_ref());
        let seen = Arc::new(Seen::new(width, height));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(self.command(&home)).unwrap();
        // As long as anybody holds it, the end of the output is never seen.
        drop(pair.slave);
        let reading = Arc::clone(&seen);
        thread::spawn(move || reading.read_all(&mut reader));
        Terminal {
            child,
            master: pair.master,
            writer,
            seen,
            modes_before,
            home,
            _slot: slot,
        }
    }
}

fn pty_size(width: u16, height: u16) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The modes of the line discipline: echo, lines, signals.
fn modes(master: &dyn MasterPty) -> String {
    let modes = master.get_termios().expect("a terminal has modes");
    format!(
        "{:?} {:?} {:?}",
        modes.local_flags, modes.input_flags, modes.output_flags
    )
}

/// The right to run one more dashboard.
struct Slot;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

impl Slot {
    fn take() -> Self {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |taken: &mut usize| *taken >= AT_ONCE;
        let mut taken = FREED
            .wait_while(taken, full)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}

/// What came out so far.
struct Seen {
    output: Mutex<Output>,
    changed: Condvar,
}

struct Output {
    parser: vt100::Parser,
    raw: Vec<u8>,
    is_over: bool,
}

impl Output {
    /// Whether a frame has begun and not ended.
    fn is_amid_frame(&self) -> bool {
        let last = |what: &[u8]| self.raw.windows(what.len()).rposition(|part| part == what);
        last(FRAME_BEGINS) > last(FRAME_ENDS)
    }
}

impl Seen {
    fn new(width: u16, height: u16) -> Self {
        Self {
            output: Mutex::new(Output {
                parser: vt100::Parser::new(cells(height), cells(width), 0),
                raw: Vec::new(),
                is_over: false,
            }),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_all(&self, reader: &mut dyn Read) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            // An error is how the end of a pseudo-terminal shows on some systems.
            let length = reader.read(&mut buffer).unwrap_or(0);
            let mut output = self.lock();
            output.parser.process(&buffer[..length]);
            output.raw.extend_from_slice(&buffer[..length]);
            output.is_over = length == 0;
            self.changed.notify_all();
            if length == 0 {
                return;
            }
        }
    }
}

fn cells(count: u16) -> std::num::NonZeroU16 {
    count.try_into().unwrap()
}

/// A dashboard in a terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Seen>,
    modes_before: String,
    home: TempDir,
    _slot: Slot,
}

/// The screen at one moment.
pub(crate) struct Shot {
    screen: vt100::Screen,
    pub(crate) rows: Vec<String>,
    pub(crate) is_alternate: bool,
    pub(crate) hides_cursor: bool,
    pub(crate) pastes_bracketed: bool,
}

impl Shot {
    fn of(screen: &vt100::Screen) -> Self {
        let (_, width) = screen.size();
        Self {
            screen: screen.clone(),
            rows: screen.rows(0, width.get()).collect(),
            is_alternate: screen.alternate_screen(),
            hides_cursor: screen.hide_cursor(),
            pastes_bracketed: screen.bracketed_paste(),
        }
    }

    /// Whether some row contains `text`.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.rows.iter().any(|row| row.contains(text))
    }

    /// The first row that contains `text`.
    pub(crate) fn row(&self, text: &str) -> Option<&str> {
        self.rows
            .iter()
            .find(|row| row.contains(text))
            .map(String::as_str)
    }

    /// The text of one cell.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let at = |number: usize| u16::try_from(number).unwrap();
        let cell = self.screen.cell(at(row), at(column));
        cell.map_or("", vt100::Cell::contents)
    }

    /// Whether `text` is somewhere and its first character is bold.
    pub(crate) fn is_bold(&self, text: &str) -> bool {
        let (rows, columns) = self.screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
        cells.into_iter().any(|(row, at)| {
            let same = (at..columns.get()).zip(text.chars()).all(|(at, wanted)| {
                let cell = self.screen.cell(row, at);
                let shown = cell.and_then(|cell| cell.contents().chars().next());
                shown.unwrap_or(' ') == wanted
            });
            same && self.screen.cell(row, at).is_some_and(vt100::Cell::bold)
        })
    }

    /// The name of the selected app.
    pub(crate) fn selected_app(&self) -> Option<String> {
        let marked = self
            .rows
            .iter()
            .find(|row| row.starts_with("┃ ▸") || row.starts_with("│ ▸"))?;
        marked.split_whitespace().nth(4).map(str::to_owned)
    }

    /// The names of the apps in sight, from the top.
    pub(crate) fn apps(&self) -> Vec<String> {
        let from = self.rows.iter().position(|row| row.contains("STATUS"));
        let rows = self.rows.iter().skip(from.map_or(usize::MAX, |at| at + 1));
        rows.map_while(|row| {
            let inside = row.strip_prefix(['┃', '│'])?;
            let words: Vec<_> = inside
                .split(['┃', '│'])
                .next()?
                .trim_start_matches([' ', '▸'])
                .split_whitespace()
                .collect();
            (words.len() > 3).then(|| words[2].to_owned())
        })
        .collect()
    }

    fn framed(&self) -> String {
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            let _written = writeln!(text, "{number:3} {row}");
        }
        text
    }
}

impl Terminal {
    /// The screen as it is, between frames.
    pub(crate) fn shot(&self) -> Shot {
        self.when("a whole frame", |_| true)
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn when(&self, what: &str, is_so: impl Fn(&Shot) -> bool) -> Shot {
        self.within(PATIENCE, what, is_so)
    }

    /// The same with a patience of its own.
    pub(crate) fn within(
        &self,
        patience: Duration,
        what: &str,
        is_so: impl Fn(&Shot) -> bool,
    ) -> Shot {
        let start = Instant::now();
        let mut output = self.seen.lock();
        loop {
            let shot = Shot::of(output.parser.screen());
            if (!output.is_amid_frame() || output.is_over) && is_so(&shot) {
                return shot;
            }
            let left = patience.saturating_sub(start.elapsed());
            if left.is_zero() || output.is_over {
                let end = output.raw.len().saturating_sub(400);
                let last = String::from_utf8_lossy(&output.raw[end..]).into_owned();
                let why = if output.is_over {
                    "it ended"
                } else {
                    "in vain"
                };
                drop(output);
                panic!(
                    "waited ({why}) for: {what}\n{}last bytes: {last:?}",
                    shot.framed()
                );
            }
            output = self
                .seen
                .changed
                .wait_timeout(output, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until some row contains `text`.
    pub(crate) fn sees(&self, text: &str) -> Shot {
        self.when(&format!("{text:?} on screen"), |shot| shot.has(text))
    }

    /// Waits until no row contains `text`.
    pub(crate) fn sees_no(&self, text: &str) -> Shot {
        self.when(&format!("no {text:?} on screen"), |shot| !shot.has(text))
    }

    /// Types.
    pub(crate) fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Presses a key until it is answered: one that comes before a question could be read counts
    /// for nothing, and only a pause makes the next one count.
    pub(crate) fn insists(&mut self, key: &str, answer: &str) {
        let mut pressed: Option<Instant> = None;
        until(answer, || {
            if pressed.is_none_or(|at| at.elapsed() > Duration::from_secs(1)) {
                self.types(key);
                pressed = Some(Instant::now());
            }
            let shot = self.shot();
            let mut rows = shot.rows.iter();
            rows.any(|row| row.starts_with(answer)).then_some(())
        });
    }

    /// The folder in which everything is that it writes.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.seen
            .lock()
            .parser
            .set_size(cells(height), cells(width));
        self.master.resize(pty_size(width, height)).unwrap();
    }

    /// Everything that was written so far.
    pub(crate) fn raw(&self) -> Vec<u8> {
        self.seen.lock().raw.clone()
    }

    /// How many bytes were written so far.
    pub(crate) fn written(&self) -> usize {
        self.seen.lock().raw.len()
    }

    /// Whether the line discipline is as it was before the start.
    pub(crate) fn is_cooked(&self) -> bool {
        modes(self.master.as_ref()) == self.modes_before
    }

    /// The memory of the process that is its own, in bytes, where the system tells.
    pub(crate) fn memory(&self) -> Option<u64> {
        let pid = self.child.process_id()?;
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let row = status.lines().find(|row| row.starts_with("RssAnon:"))?;
        let kib: u64 = row.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    fn pid(&self) -> Pid {
        let id = self.child.process_id().unwrap();
        Pid::from_raw(id.try_into().unwrap()).unwrap()
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).unwrap();
    }

    /// Waits for the end of the process and of its output; gives the exit code and what is on the
    /// screen.
    pub(crate) fn end(&mut self) -> (u32, Shot) {
        let status = {
            let child = &mut self.child;
            let start = Instant::now();
            loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break status;
                }
                if start.elapsed() > PATIENCE {
                    let shot = Shot::of(self.seen.lock().parser.screen());
                    panic!("it does not end\n{}", shot.framed());
                }
                thread::sleep(GLANCE);
            }
        };
        let output = self.seen.lock();
        let (output, _) = self
            .seen
            .changed
            .wait_timeout_while(output, PATIENCE, |output| !output.is_over)
            .unwrap_or_else(PoisonError::into_inner);
        (status.exit_code(), Shot::of(output.parser.screen()))
    }

    /// Quits by key and checks that all went well.
    pub(crate) fn quit(mut self) {
        self.types("q");
        let (code, _) = self.end();
        assert_eq!(code, 0);
        assert_eq!(queries(&self.raw()), Vec::<String>::new());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only what this test started; it may have ended long ago.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Sequences that make a terminal answer: nothing reads the answers.
fn queries(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    [
        "\u{1b}[6n",
        "\u{1b}[c",
        "\u{1b}[0c",
        "\u{1b}[>c",
        "\u{1b}]11;?",
        "\u{1b}[?u",
    ]
    .into_iter()
    .filter(|query| text.contains(query))
    .map(|query| format!("{query:?}"))
    .collect()
}
