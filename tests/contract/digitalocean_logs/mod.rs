//! `DigitalOcean`: following logs, and consoles.

mod blocked;
mod console;
mod cuts;
mod finite;
mod runtime;
mod server;
mod simulated;

use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use flightdeck::model::{AppId, EnvId, Failure, LineKind, LogLine, LogSource, TailRequest};
use flightdeck::platforms::{Tail, TailStep};

const APP: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf";
const WEB: &str = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf/web";

fn request(source: LogSource) -> TailRequest {
    TailRequest {
        source,
        lines: 100,
        since: None,
        until: None,
        follow: true,
    }
}

fn running(component: Option<&str>) -> TailRequest {
    request(LogSource::Runtime {
        app: AppId::new(APP),
        environment: component.map(EnvId::new),
    })
}

/// A line in short: who, when if not what the line before says, what.
fn short(line: &LogLine) -> String {
    match line.kind {
        LineKind::Mark => format!("── {}", line.text),
        LineKind::Output => format!("{}|{}", line.source, line.text),
    }
}

/// A step in short: `+` new lines, `z` a pause, `.` the end, `!` a failure.
fn told(step: Result<TailStep, Failure>) -> String {
    match step {
        Ok(TailStep::Lines(lines) | TailStep::Replaced(lines)) => {
            let lines: Vec<_> = lines.iter().map(short).collect();
            format!("+ {}", lines.join(" / "))
        }
        Ok(TailStep::Quiet(pause)) => format!("z {}", pause.as_secs()),
        Ok(TailStep::Ended) => ".".into(),
        Err(failure) => format!("! {failure}"),
    }
}

async fn check(tail: &mut Box<dyn Tail>, expected: &[&str]) {
    for expected in expected {
        let step = tail.next();
        let step = tokio::time::timeout(Duration::from_secs(20), step).await;
        assert_eq!(told(step.expect(expected)), *expected);
    }
}

/// Time passes at once, and then goes on as usual.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Everything that any test of this program traces.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl Traces {
    /// From now on. For all threads: while a subscriber is that of one thread only, another thread
    /// can have a place that traces switched off for all of them.
    fn begin() -> Self {
        static TRACES: OnceLock<Traces> = OnceLock::new();
        let begin = || {
            let traces = Self::default();
            let writer = traces.clone();
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_writer(move || writer.clone())
                .init();
            traces
        };
        TRACES.get_or_init(begin).clone()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
