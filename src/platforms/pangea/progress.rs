//! Following an operation whose answer comes later, to its end or to the end of the time for which it
//! is worth asking.
//!
//! Source: Pangea contract, section 6.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::api::{Api, Heard, No};
use super::envelope::{Later, Meaning};
use super::later::{asking, path, wait};
use super::memory::{Change, Subject};
use super::operate::done;
use super::paths::{Op, op_of};
use crate::model::{Accepted, Capability, Failure, Follow, Followed, Progress, Text, Verdict};

/// The waits grow to half a minute in all, and then stay like this.
const GROWING: u32 = 4;
const EVERY: Duration = Duration::from_secs(15);

/// How long it is worth asking where the platform does not say.
const TTL: Duration = Duration::from_mins(30);

/// Nobody knows how it ended.
const UNKNOWN: &str = "refresh the list to find out";

/// What is followed, in our own notation: whatever outlives the program.
#[derive(Deserialize, Serialize)]
struct Task {
    operation: String,
    /// The id of what it is about.
    about: String,
    request: String,
    /// Where the answer is, on the configured server.
    path: String,
    minutes: u64,
}

/// An operation was taken, and its answer comes later.
pub(super) fn begin(
    api: &Api,
    op: Op,
    about: &str,
    later: Later,
    subject: Option<Subject>,
) -> Accepted {
    let found = path(api.http.base(), &later).zip(later.request_id);
    let Some((path, request)) = found else {
        let text = format!("Pangea took it and does not say where to ask about it: {UNKNOWN}");
        return Accepted {
            ended: Some(Verdict::Partly(Text::clean(&text))),
            ..Accepted::default()
        };
    };
    let ttl = later.ttl.unwrap_or(TTL);
    if let Some(subject) = subject {
        let until = Instant::now() + ttl;
        let request = request.clone();
        api.memory.begin(Change {
            request,
            subject,
            until,
        });
    }
    let task = Task {
        operation: op.row().operation.to_owned(),
        about: about.to_owned(),
        request,
        path,
        minutes: ttl.as_secs() / 60,
    };
    let written = serde_json::to_string(&task).unwrap_or_default();
    Accepted::following(Follow::Task(Text::clean(&written)))
}

pub(super) async fn follow(api: &Api, what: &Follow) -> Result<Followed, Failure> {
    let Some((op, task)) = read(what) else {
        return Err(Failure::unsupported(
            Capability::CreateApp,
            "Pangea has nothing of that kind to follow",
        ));
    };
    let looks = api.memory.look(&task.request);
    if looks.count == 0 {
        return Ok(running(&task, wait(1)));
    }
    let subject = Text::clean(&format!("{} {}", op.row().noun, task.about));
    let heard = Box::pin(api.exchange(asking(&task.path, &subject))).await?;
    let verdict = match heard {
        Heard::Later(_) if looks.since.elapsed() < Duration::from_mins(task.minutes) => None,
        Heard::Later(_) => Some(unknown(&task, "takes longer than it said")),
        Heard::Done(answer) => Some(Verdict::Done(done(op, answer).note)),
        Heard::Refused(no) => Some(refused(api, op, &task, no).await?),
    };
    let Some(verdict) = verdict else {
        return Ok(running(&task, pause(looks.count)));
    };
    api.memory.end(&task.request);
    Ok(Followed {
        progress: Progress::default(),
        verdict: Some(verdict),
        again_in: EVERY,
    })
}

fn read(what: &Follow) -> Option<(Op, Task)> {
    let Follow::Task(written) = what else {
        return None;
    };
    let task: Task = serde_json::from_str(written.as_str()).ok()?;
    Some((op_of(&task.operation)?, task))
}

/// The wait after so many looks.
fn pause(looks: u32) -> Duration {
    if looks < GROWING {
        wait(looks + 1)
    } else {
        EVERY
    }
}

fn running(task: &Task, again_in: Duration) -> Followed {
    let label = format!("Pangea is at it (request {})", task.request);
    Followed {
        progress: Progress {
            label: Text::non_empty(&label),
            ..Progress::default()
        },
        verdict: None,
        again_in,
    }
}

fn unknown(task: &Task, why: &str) -> Verdict {
    let text = format!("request {} {why}: {UNKNOWN}", task.request);
    Verdict::Partly(Text::clean(&text))
}

/// What a no means: of the operation, or of asking about it.
///
/// # Errors
/// What may be over the next time.
async fn refused(api: &Api, op: Op, task: &Task, no: No) -> Result<Verdict, Failure> {
    match no.meaning {
        // Somebody else answered, or too soon.
        None | Some(Meaning::TooMany) => Err(no.failure),
        // Only the token that asked for it may ask about it, and that may have been renewed since.
        Some(Meaning::Unauthorized | Meaning::Forbidden) => {
            Ok(unknown(task, "may not be asked about any more"))
        }
        Some(Meaning::NotFound) if op == Op::DeleteProject => Ok(deleted(api, task).await),
        Some(Meaning::NotFound) => Ok(unknown(task, "is not known any more")),
        Some(
            Meaning::Validation
            | Meaning::Broken
            | Meaning::Success
            | Meaning::Accepted
            | Meaning::Other,
        ) => Ok(Verdict::Failed(Text::clean(&no.failure.headline()))),
    }
}

/// The project, or the request: what is not there is told by asking for the project.
async fn deleted(api: &Api, task: &Task) -> Verdict {
    match Box::pin(api.project(&task.about)).await {
        Err(Failure::NotFound { .. }) => Verdict::Done(None),
        Ok(_) | Err(_) => unknown(task, "is not known any more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_then_stay() {
        let waits: Vec<_> = (0..7).map(|looks| pause(looks).as_secs()).collect();
        assert_eq!(waits, [1, 4, 9, 16, 15, 15, 15]);
    }

    #[test]
    fn what_is_of_another_time_is_not_followed() {
        for written in ["", "{}", "deploy 7", r#"{"operation":"X"}"#] {
            assert!(read(&Follow::Task(Text::clean(written))).is_none());
        }
    }
}
