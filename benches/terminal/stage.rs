//! A program in a pseudo-terminal, what is on its screen and when, and what it costs.

use std::fs;
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

pub(crate) const COLUMNS: u16 = 120;
pub(crate) const ROWS: u16 = 40;

/// Longest that anything is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

struct Output {
    parser: vt100::Parser,
    bytes: usize,
    /// Whether a frame has begun and not ended.
    is_amid: bool,
    /// The last bytes, in which a marker may be cut.
    tail: Vec<u8>,
    at: Instant,
    is_over: bool,
}

struct Seen {
    output: Mutex<Output>,
    changed: Condvar,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_all(&self, reader: &mut dyn Read) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = reader.read(&mut buffer).unwrap_or(0);
            let at = Instant::now();
            let mut output = self.lock();
            output.take(&buffer[..length], at);
            self.changed.notify_all();
            if length == 0 {
                return;
            }
        }
    }
}

impl Output {
    fn take(&mut self, bytes: &[u8], at: Instant) {
        self.parser.process(bytes);
        self.bytes += bytes.len();
        self.tail.extend_from_slice(bytes);
        let last = |what: &[u8]| self.tail.windows(8).rposition(|part| part == what);
        self.is_amid = match (last(FRAME_BEGINS), last(FRAME_ENDS)) {
            (None, None) => self.is_amid,
            (begun, ended) => begun > ended,
        };
        let kept = self.tail.len().saturating_sub(7);
        self.tail.drain(..kept);
        self.at = at;
        self.is_over = bytes.is_empty();
    }
}

/// A program in a terminal.
pub(crate) struct Stage {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    seen: Arc<Seen>,
}

/// The screen as lines of text.
pub(crate) fn rows(screen: &vt100::Screen) -> Vec<String> {
    screen.rows(0, COLUMNS).collect()
}

/// Whether some row has a text.
pub(crate) fn has(screen: &vt100::Screen, text: &str) -> bool {
    screen.rows(0, COLUMNS).any(|row| row.contains(text))
}

/// The newest numbered lines on a screen: their numbers, and when they were written in microseconds.
pub(crate) fn numbered(screen: &vt100::Screen) -> Vec<(u64, u64)> {
    let row = |row: String| {
        let (_, rest) = row.split_once("seq=")?;
        let (number, rest) = rest.split_once(" t=")?;
        let at = rest.get(..16)?;
        Some((number.parse().ok()?, at.parse().ok()?))
    };
    screen.rows(0, COLUMNS).filter_map(row).collect()
}

impl Stage {
    pub(crate) fn of(mut command: CommandBuilder) -> Stage {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        command.env("TERM", "xterm-256color");
        let cells = |count: u16| count.try_into().expect("a size");
        let seen = Arc::new(Seen {
            output: Mutex::new(Output {
                parser: vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0),
                bytes: 0,
                is_amid: false,
                tail: Vec::new(),
                at: Instant::now(),
                is_over: false,
            }),
            changed: Condvar::new(),
        });
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let child = pair.slave.spawn_command(command).expect("a program");
        drop(pair.slave);
        let reading = Arc::clone(&seen);
        thread::spawn(move || reading.read_all(&mut reader));
        Stage {
            child,
            _master: pair.master,
            writer,
            seen,
        }
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.writer
            .write_all(keys.as_bytes())
            .expect("a reader of keys");
        self.writer.flush().expect("a reader of keys");
    }

    /// Waits until a whole screen is as wanted; tells since when, or nothing if it never was.
    pub(crate) fn within(
        &self,
        patience: Duration,
        mut is_so: impl FnMut(&vt100::Screen) -> bool,
    ) -> Option<Instant> {
        let start = Instant::now();
        let mut output = self.seen.lock();
        loop {
            if !output.is_amid && is_so(output.parser.screen()) {
                return Some(output.at);
            }
            let left = patience.saturating_sub(start.elapsed());
            if left.is_zero() || output.is_over {
                return None;
            }
            let waited = self.seen.changed.wait_timeout(output, left);
            output = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The same, of what has to come.
    pub(crate) fn when(&self, what: &str, is_so: impl FnMut(&vt100::Screen) -> bool) -> Instant {
        self.within(PATIENCE, is_so).unwrap_or_else(|| {
            let screen = self.look(rows).join("\n");
            panic!("waited in vain: {what}\n{screen}")
        })
    }

    /// Looks at the screen as it is.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.seen.lock().parser.screen())
    }

    /// How many bytes came out so far.
    pub(crate) fn bytes(&self) -> usize {
        self.seen.lock().bytes
    }

    /// From a key to the screen that answers it, in milliseconds.
    pub(crate) fn answer(
        &mut self,
        key: &str,
        is_so: impl FnMut(&vt100::Screen) -> bool,
    ) -> Option<f64> {
        let pressed = Instant::now();
        self.types(key);
        let at = self.within(Duration::from_secs(2), is_so)?;
        Some(ms(at.saturating_duration_since(pressed)))
    }

    fn proc(&self, file: &str) -> String {
        let pid = self.child.process_id().expect("a process");
        fs::read_to_string(format!("/proc/{pid}/{file}")).expect("a process that runs")
    }

    /// What it has used of the processor, in milliseconds.
    pub(crate) fn cpu(&self) -> f64 {
        /// Of Linux, on every machine there is.
        const MS_A_TICK: f64 = 10.0;
        let stat = self.proc("stat");
        let (_, after) = stat.rsplit_once(')').expect("a name in brackets");
        let ticks = after.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(|ticks| ticks.parse::<f64>().expect("a number"));
        ticks.sum::<f64>() * MS_A_TICK
    }

    /// Memory of its own, in bytes.
    pub(crate) fn memory(&self) -> f64 {
        let status = self.proc("status");
        let row = status.lines().find(|row| row.starts_with("RssAnon:"));
        let kib = row.and_then(|row| row.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.expect("a size") * 1024.0
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
