//! Apps that are to go. Source: PandaStack contract, section 3.7.

use std::time::Duration;

use super::super::api::Api;
use super::super::decode::{Of, Record};
use super::super::fresh;
use super::super::paths::Op;
use super::super::words::State;
use super::watches::Watch;
use super::{LONGEST, ended, failed, id, partly, running};
use crate::model::{AppId, Failure, Followed, Progress, Text, Verdict};

const EVERY: Duration = Duration::from_secs(5);

pub(super) async fn look(api: &Api, app: &AppId, watch: &mut Watch) -> Result<Followed, Failure> {
    let apps = fresh::apps(api).await?;
    let Some(record) = apps.find(id(app)) else {
        if apps.is_whole() || is_unknown(api, app).await? {
            return Ok(ended(Verdict::Done(None)));
        }
        return Ok(onward("it is not among the apps that are listed", watch));
    };
    Ok(judged(record, watch))
}

/// Whether the platform knows it no more: a list that goes on elsewhere, or has an entry that cannot
/// be read, does not tell.
async fn is_unknown(api: &Api, app: &AppId) -> Result<bool, Failure> {
    match api.ask(Op::GetInstallationStatus, &[id(app)]).await {
        Err(Failure::NotFound { .. }) => Ok(true),
        answer => answer.map(|_| false),
    }
}

/// The record of an app may show for a while what is done to it.
fn judged(record: &Record, watch: &mut Watch) -> Followed {
    let word = record.status(Of::App);
    let word = word.as_ref().map_or("still listed", Text::as_str);
    match State::told(record, Of::App) {
        Some(State::Deleted) => ended(Verdict::Done(None)),
        Some(State::Deleting) => {
            watch.has_moved = true;
            onward(word, watch)
        }
        Some(State::Failed) if watch.has_moved => {
            let why = record.error();
            failed(why.as_ref().map_or("deleting it failed", Text::as_str))
        }
        Some(
            State::Pending
            | State::Building
            | State::Deploying
            | State::ActionRequired
            | State::Running
            | State::Failed
            | State::Stopped
            | State::Unknown(_),
        )
        | None => onward(word, watch),
    }
}

fn onward(word: &str, watch: &Watch) -> Followed {
    if watch.age() >= LONGEST {
        return partly("still listed after 30 minutes: see PandaStack's dashboard");
    }
    let progress = Progress {
        label: Text::non_empty(&format!("deleting: {word}")),
        ..Progress::default()
    };
    running(progress, EVERY)
}
