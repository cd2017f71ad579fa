//! `flightdeck simulate`: serves until interrupted.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::args::Simulate;
use super::exit::{CliError, Exit};
use super::terminal::{output, tell};
use crate::sim::{Fault, PLATFORMS, RateLimits, SimOptions, Simulator, parse_faults};

/// Serves the platforms.
pub(super) async fn run(args: &Simulate) -> Result<Exit, CliError> {
    if !(args.speed.is_finite() && args.speed > 0.0) {
        return Err(CliError::Usage("--speed is a number above 0".into()));
    }
    let options = SimOptions {
        listen: args.listen,
        seed: args.seed,
        apps: args.apps,
        faults: args.faults.as_deref().map_or(Ok(Vec::new()), faults)?,
        story: !args.still,
        speed: args.speed,
        second_account: false,
        platforms: platforms(&args.platforms),
        rate_limits: (!args.unlimited).then(RateLimits::default),
    };
    // Before anything is announced: whoever reads the announcement may end it at once.
    let interrupted = interrupted()?;
    let simulator = start(options).await?;
    if args.print_config {
        print(&simulator)?;
    } else {
        for served in simulator.platforms() {
            tell(format_args!("{} at {}", served.platform, served.base_url));
        }
        tell(format_args!("control port at {}", simulator.control_url()));
    }
    interrupted.await;
    simulator.stop().await;
    Ok(Exit::Done)
}

/// Starts a simulator.
pub(super) async fn start(options: SimOptions) -> Result<Simulator, CliError> {
    let address = options.listen;
    Simulator::start(options)
        .await
        .map_err(|error| CliError::Io {
            what: format!("cannot serve at {address}"),
            error,
        })
}

/// Those that are asked for, all if none is.
fn platforms(asked: &[String]) -> Vec<&'static str> {
    let wanted = |name: &&str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    PLATFORMS.iter().copied().filter(wanted).collect()
}

/// The configuration, ended by the only empty line in it: a script reads up to there and goes on.
fn print(simulator: &Simulator) -> Result<(), CliError> {
    let mut out = output();
    let text = simulator.config_toml();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

fn faults(path: &Path) -> Result<Vec<Fault>, CliError> {
    let file = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| CliError::Usage(format!("--faults {file}: {error}")))?;
    parse_faults(&text).map_err(|error| CliError::Usage(format!("{file}: {error}")))
}

/// Ends when somebody interrupts or ends the process; listens from now on.
#[cfg(unix)]
pub(super) fn interrupted() -> Result<impl Future<Output = ()>, CliError> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| {
        signal(kind).map_err(|error| CliError::Io {
            what: "cannot listen for signals".into(),
            error,
        })
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere listening can fail")]
pub(super) fn interrupted() -> Result<impl Future<Output = ()>, CliError> {
    Ok(async {
        // Without a way to be interrupted it serves until the process is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
