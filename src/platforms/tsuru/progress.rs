//! Seeing accepted operations through to their end: all of them are events.
//!
//! Source: tsuru contract, sections 5 (events) and 6.

use std::time::Duration;

use super::api::Api;
use super::failure::explained;
use super::map::{self, Verdict as Way};
use super::wire::Event;
use crate::model::{Capability, DeploymentId, Failure, Follow, Followed, Progress, Text, Verdict};
use crate::platforms::http::hidden;

/// How often an event is looked at.
///
/// Source: tsuru contract, section 7.
const EVERY: Duration = Duration::from_secs(3);

/// Tasks in the adapter's own notation: what is waited for, and of what.
const EVENT: &str = "event ";
const CANCELLING: &str = "cancelling ";

/// What is followed of an event: a deploy has the same identifier as its event.
pub(super) fn of_event(event: &Event) -> Follow {
    if map::is_deploy(event) {
        return Follow::Deployment(DeploymentId::new(&event.unique_id));
    }
    Follow::Task(Text::clean(&format!("{EVENT}{}", event.unique_id)))
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
    let mut event = api.event(id).await?;
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

/// What goes on.
fn label(event: &Event) -> Text {
    match map::verdict(event) {
        Way::Cancelling => "being cancelled".into(),
        Way::Building if map::is_deploy(event) => "building".into(),
        Way::Deploying if map::is_deploy(event) => "rolling out".into(),
        Way::Building
        | Way::Deploying
        | Way::Succeeded
        | Way::Failed
        | Way::Cancelled
        | Way::Lost => match map::kind(event) {
            "" => "running".into(),
            kind => kind.into(),
        },
    }
}

fn ended(event: &Event) -> Verdict {
    match map::verdict(event) {
        Way::Succeeded => Verdict::Done(None),
        Way::Cancelled => Verdict::Failed(cancelled_by(event)),
        way @ (Way::Building | Way::Deploying | Way::Cancelling | Way::Failed | Way::Lost) => {
            Verdict::Failed(why(event, way))
        }
    }
}

fn cancelled(event: &Event) -> Verdict {
    match map::verdict(event) {
        Way::Cancelled => Verdict::Done(None),
        Way::Succeeded => Verdict::Failed("too late: it was done before".into()),
        way @ (Way::Building | Way::Deploying | Way::Cancelling | Way::Failed | Way::Lost) => {
            let text = format!("it failed by itself: {}", why(event, way));
            Verdict::Done(Some(text.into()))
        }
    }
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

fn why(event: &Event, way: Way) -> Text {
    if way == Way::Lost {
        return "lost: the server that did it has died, so look at what runs".into();
    }
    explained(event.error.as_deref().unwrap_or_default())
}

fn unknown(capability: Capability) -> Failure {
    Failure::unsupported(capability, "tsuru has nothing of that kind to follow")
}
