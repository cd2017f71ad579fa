//! What is written down for those who look for a mistake: only on request, only to a file.

use std::fs;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_error::ErrorLayer;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::terminal::tell;
use crate::config::Environment;

/// Writes a log below the state folder if `FLIGHTDECK_LOG` says what to write (`debug`,
/// `flightdeck=trace`). The guard must live as long as the program: dropping it ends the log.
pub(crate) fn start(environment: &Environment) -> Option<WorkerGuard> {
    let wanted = environment.variable("FLIGHTDECK_LOG")?;
    let filter = match EnvFilter::try_new(&wanted) {
        Ok(filter) => filter,
        Err(error) => {
            tell(format_args!("FLIGHTDECK_LOG is not understood: {error}"));
            return None;
        }
    };
    let folder = environment.state_dir()?;
    if let Err(error) = fs::create_dir_all(&folder) {
        tell(format_args!("no log: {}: {error}", folder.display()));
        return None;
    }
    let file = tracing_appender::rolling::never(&folder, "flightdeck.log");
    let (writer, guard) = tracing_appender::non_blocking(file);
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    let registry = tracing_subscriber::registry().with(filter).with(lines);
    // Nobody else in this process starts one.
    let _first = registry.with(ErrorLayer::default()).try_init();
    Some(guard)
}
