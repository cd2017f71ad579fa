//! tsuru: actions that print, logs that are followed, terminals.

mod actions;
mod console;
mod events;
mod raw_shell;
mod runtime;
mod server;

use std::time::Duration;

use flightdeck::model::{
    AppId, DeploymentId, EnvId, Failure, LineKind, LogLine, LogSource, TailRequest,
};
use flightdeck::platforms::http::Patience;
use flightdeck::platforms::{Tail, TailStep};

const LOG: &str = "GET /1.0/apps/shop/log";
const EVENT: &str = "GET /1.1/events/e1";

fn request(source: LogSource) -> TailRequest {
    TailRequest {
        source,
        lines: 100,
        since: None,
        until: None,
        follow: true,
    }
}

fn running(environment: Option<&str>) -> TailRequest {
    request(LogSource::Runtime {
        app: AppId::new("shop"),
        environment: environment.map(EnvId::new),
    })
}

fn deploy(id: &str) -> TailRequest {
    request(LogSource::Deployment {
        app: AppId::new("shop"),
        environment: None,
        deployment: DeploymentId::new(id),
    })
}

/// Short for who says nothing.
fn waiting(idle: Duration) -> Patience {
    Patience {
        idle,
        ..Patience::default()
    }
}

/// A line in short: who, what.
fn short(line: &LogLine) -> String {
    match line.kind {
        LineKind::Mark => format!("── {}", line.text),
        LineKind::Output if line.source.is_empty() => line.text.clone(),
        LineKind::Output => format!("{}|{}", line.source, line.text),
    }
}

/// A step in short: `+` new lines, `=` instead of all before, `z` a pause, `.` the end, `!` a failure.
fn told(step: Result<TailStep, Failure>) -> String {
    let all = |lines: Vec<LogLine>| lines.iter().map(short).collect::<Vec<_>>().join(" / ");
    match step {
        Ok(TailStep::Lines(lines)) => format!("+ {}", all(lines)),
        Ok(TailStep::Replaced(lines)) => format!("= {}", all(lines)),
        Ok(TailStep::Quiet(pause)) => format!("z {}", pause.as_secs()),
        Ok(TailStep::Ended) => ".".into(),
        Err(failure) => format!("! {failure}"),
    }
}

async fn next(tail: &mut Box<dyn Tail>) -> String {
    let limit = Duration::from_secs(20);
    let step = tokio::time::timeout(limit, tail.next()).await;
    told(step.expect("nothing came"))
}

/// Steps that bring something, or end.
async fn check(tail: &mut Box<dyn Tail>, expected: &[&str]) {
    for expected in expected {
        let mut told = next(tail).await;
        while told == "+ " {
            told = next(tail).await;
        }
        assert_eq!(told, *expected);
    }
}
