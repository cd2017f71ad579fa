//! What a log has at this moment.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::super::exit::{CliError, told};
use super::super::terminal::tell;
use crate::model::{Failure, LogDelivery, LogLine, LogSource, TailRequest, Text};
use crate::platforms::{Platform, TailStep};

/// How often it is tried again, as for any read.
const ATTEMPTS: u32 = 3;

/// The wait before the second attempt; doubled before the third.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A longer wait than this is not sat out for a look.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A stream that is silent for so long has shown what it has.
const SILENCE: Duration = Duration::from_secs(2);

/// Reads until there is nothing new.
pub(super) async fn read(
    platform: &dyn Platform,
    request: TailRequest,
    context: &Text,
) -> Result<Vec<LogLine>, CliError> {
    let fail = |failure| CliError::Failure {
        context: context.to_string(),
        failure,
    };
    let is_stream = is_stream(platform, &request.source);
    let mut tail = platform.tail(request).map_err(fail)?;
    let mut lines = Vec::new();
    // Something came, if only word that the stream stands and has nothing to show.
    let mut stands = false;
    let mut attempt = 0;
    let mut wait = FIRST_WAIT;
    loop {
        let step = if is_stream && stands {
            let Ok(step) = timeout(SILENCE, tail.next()).await else {
                return Ok(lines);
            };
            step
        } else {
            tail.next().await
        };
        match step {
            Ok(TailStep::Lines(new)) => lines.extend(new),
            Ok(TailStep::Replaced(all)) => lines = all,
            Ok(TailStep::Quiet(_) | TailStep::Ended) => return Ok(lines),
            Err(failure) => {
                attempt += 1;
                let asked = pause(&failure).filter(|asked| *asked <= LONGEST_WAIT);
                let Some(asked) = asked.filter(|_| attempt < ATTEMPTS) else {
                    return Err(fail(failure));
                };
                let seconds = asked.max(wait).as_secs_f32();
                tell(format_args!(
                    "{context}: {}; asking again in {seconds} s",
                    told(&failure)
                ));
                sleep(asked.max(wait)).await;
                wait *= 2;
                continue;
            }
        }
        stands = true;
        attempt = 0;
        wait = FIRST_WAIT;
    }
}

fn is_stream(platform: &dyn Platform, source: &LogSource) -> bool {
    platform.profile().delivery(source) == LogDelivery::Stream
}

/// How long to wait at least before trying again; absent where that would not help.
fn pause(failure: &Failure) -> Option<Duration> {
    match failure {
        Failure::RateLimited { retry_after, .. } => Some(retry_after.unwrap_or_default()),
        Failure::Server { .. } | Failure::Network { .. } => Some(Duration::ZERO),
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => None,
    }
}
