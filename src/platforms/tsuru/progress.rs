//! Seeing accepted operations through to their end: all of them are events.
//!
//! Source: tsuru contract, sections 5 (events) and 6.

use std::time::Duration;

use super::api::Api;
use super::failure::explained;
use super::paths::Op;
use super::wire::Event;
use crate::model::{Capability, Failure, Follow, Followed, Progress, Text, Verdict};
use crate::platforms::http::hidden;

/// How often an event is looked at.
///
/// Source: tsuru contract, section 7.
const EVERY: Duration = Duration::from_secs(3);

/// Tasks in the adapter's own notation: what is waited for, and of what.
const EVENT: &str = "event ";
const CANCELLING: &str = "cancelling ";

/// How an event ends whose server has died.
const EXPIRED: &str = "event expired, no update for";

/// An event that is to end.
pub(super) fn event(id: &str) -> Text {
    Text::clean(&format!("{EVENT}{id}"))
}

/// An event that was asked to end early.
pub(super) fn cancelling(id: &str) -> Text {
    Text::clean(&format!("{CANCELLING}{id}"))
}

pub(super) async fn follow(api: &Api, what: &Follow) -> Result<Followed, Failure> {
    match what {
        Follow::Deployment(id) => followed(api, id.as_str(), ended).await,
        Follow::Task(task) => followed_task(api, task.as_str()).await,
        Follow::Backup(_) | Follow::Restore(_) => Err(unknown(Capability::CreateBackup)),
        Follow::Download(_) => Err(unknown(Capability::DownloadBackup)),
    }
}

async fn followed_task(api: &Api, task: &str) -> Result<Followed, Failure> {
    if let Some(id) = task.strip_prefix(CANCELLING) {
        return followed(api, id, cancelled).await;
    }
    match task.strip_prefix(EVENT) {
        Some(id) => followed(api, id, ended).await,
        None => Err(unknown(Capability::CancelEvent)),
    }
}

async fn followed(
    api: &Api,
    id: &str,
    verdict: fn(&Event) -> Verdict,
) -> Result<Followed, Failure> {
    let mut event: Event = api.get(Op::EventInfo, &[id], &[]).await?;
    if let Some(error) = &mut event.error.0 {
        *error = hidden(error, &api.http.secrets(Vec::new()).await);
    }
    let is_running = *event.is_running == Some(true);
    let label = is_running.then(|| label(&event));
    Ok(Followed {
        progress: Progress {
            label,
            ..Progress::default()
        },
        verdict: (!is_running).then(|| verdict(&event)),
        again_in: EVERY,
    })
}

/// What goes on. Whether it can still be cancelled tells the two parts of a deploy apart.
fn label(event: &Event) -> Text {
    let kind = event.kind.as_ref().and_then(|kind| kind.name.as_deref());
    let is_asked = event.cancel_info.as_ref().and_then(|it| *it.is_asked);
    match (kind, *event.is_cancelable) {
        _ if is_asked == Some(true) => "being cancelled".into(),
        (Some("app.deploy"), Some(true)) => "building".into(),
        (Some("app.deploy"), _) => "rolling out".into(),
        (Some(kind), _) => kind.into(),
        (None, _) => "running".into(),
    }
}

fn ended(event: &Event) -> Verdict {
    match (error(event), is_cancelled(event)) {
        (None, _) => Verdict::Done(None),
        (Some(_), true) => Verdict::Failed(cancelled_by(event)),
        (Some(error), false) => Verdict::Failed(why(error)),
    }
}

fn cancelled(event: &Event) -> Verdict {
    match (error(event), is_cancelled(event)) {
        (_, true) => Verdict::Done(None),
        (Some(error), false) => {
            let text = format!("it failed by itself: {}", why(error));
            Verdict::Done(Some(text.into()))
        }
        (None, false) => Verdict::Failed("too late: it was done before".into()),
    }
}

fn error(event: &Event) -> Option<&str> {
    event.error.as_deref().filter(|it| !it.trim().is_empty())
}

fn is_cancelled(event: &Event) -> bool {
    let info = event.cancel_info.as_ref();
    info.and_then(|it| *it.is_canceled) == Some(true)
}

fn cancelled_by(event: &Event) -> Text {
    let info = event.cancel_info.as_ref();
    let owner = info.and_then(|it| it.owner.as_deref()).unwrap_or_default();
    let reason = info.and_then(|it| it.reason.as_deref()).unwrap_or_default();
    match (owner, reason) {
        ("", "") => "cancelled".into(),
        (owner, "") => format!("cancelled by {owner}").into(),
        ("", reason) => format!("cancelled: {reason}").into(),
        (owner, reason) => format!("cancelled by {owner}: {reason}").into(),
    }
}

fn why(error: &str) -> Text {
    if error.contains(EXPIRED) {
        return "lost: the server that did it has died, so look at what runs".into();
    }
    explained(error)
}

fn unknown(capability: Capability) -> Failure {
    Failure::unsupported(capability, "tsuru has nothing of that kind to follow")
}
