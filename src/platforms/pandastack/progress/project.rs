//! Seeing operations on projects through to their end. Source: PandaStack contract, sections 4 and
//! 7.1.

use std::time::Duration;

use super::history::{self, uuid};
use super::list;
use crate::model::{
    Capability, Deployment, DeploymentId, Failure, Follow, Followed, Phase, Progress, Text, Verdict,
};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::words::State;

/// How often a deployment is looked at: in its first minute, and afterwards.
const FIRST: Duration = Duration::from_secs(3);
const LATER: Duration = Duration::from_secs(10);
const FIRST_LASTS: Duration = Duration::from_mins(1);

/// After this long nobody waits for the end of a deployment any more.
const STALE: Duration = Duration::from_mins(30);

/// What was accepted may not be listed yet.
const UNLISTED: Duration = Duration::from_secs(30);

/// After this long nobody waits for a project to go any more.
const STAYS: Duration = Duration::from_mins(5);

/// What was newest before a deployment was asked for was seen by the witness, which is asked at
/// once before.
pub(super) const WITNESS_HOLDS: Duration = Duration::from_secs(30);

/// Tasks in the adapter's own notation: what is waited for, and of which project.
const NEW: &str = "project-deployment ";
const GONE: &str = "project-gone ";

/// A deployment that was accepted without a name: the first that is not the one before.
pub(super) fn new_one(project: &str, before: Option<&str>) -> Text {
    Text::clean(&format!("{NEW}{} {project}", before.unwrap_or("-")))
}

/// A project that was asked to go.
pub(super) fn gone(project: &str) -> Text {
    Text::clean(&format!("{GONE}{project}"))
}

/// The project that a task is about; absent for the tasks of managed apps.
pub(in crate::platforms::pandastack) fn of_task(task: &str) -> Option<&str> {
    let of_new = task.strip_prefix(NEW).and_then(|it| it.split_once(' '));
    let of_new = of_new.map(|(_, project)| project);
    of_new.or_else(|| task.strip_prefix(GONE))
}

/// Looks how an operation on a project is doing.
///
/// # Errors
/// As any read.
pub(in crate::platforms::pandastack) async fn follow(
    api: &Api,
    name: &str,
    what: &Follow,
) -> Result<Followed, Failure> {
    match what {
        Follow::Deployment(id) => {
            let looked = match history::deployment(api, id).await {
                Err(Failure::NotFound { .. }) => None,
                found => Some(found?),
            };
            following(api, id, looked.as_ref())
        }
        Follow::Task(task) => match task.as_str().strip_prefix(NEW) {
            Some(rest) => {
                let before = rest.split_once(' ').map(|(before, _)| before);
                following_new(api, name, before.unwrap_or_default(), task).await
            }
            None => following_gone(api, name, task).await,
        },
        Follow::Backup(_) | Follow::Restore(_) | Follow::Download(_) => Err(Failure::unsupported(
            Capability::CreateBackup,
            "PandaStack's API has no backups",
        )),
    }
}

fn following(
    api: &Api,
    id: &DeploymentId,
    looked: Option<&Deployment>,
) -> Result<Followed, Failure> {
    let since = api.projects.following(id.as_str());
    let Some(deployment) = looked else {
        if since < UNLISTED {
            return Ok(goes_on("accepted, not listed yet", FIRST));
        }
        return Err(Failure::NotFound {
            subject: Text::clean(&format!("deployment {}", id.as_str())),
        });
    };
    if let Some(verdict) = verdict(deployment) {
        return Ok(ended(verdict));
    }
    if since >= STALE {
        let text = "stale: no end of it was seen in 30 minutes; look at the project";
        return Ok(ended(Verdict::Partly(text.into())));
    }
    let again = if since < FIRST_LASTS { FIRST } else { LATER };
    Ok(goes_on(word(&deployment.phase), again))
}

async fn following_new(
    api: &Api,
    name: &str,
    before: &str,
    task: &Text,
) -> Result<Followed, Failure> {
    let all = history::all(api, name).await?;
    // They come newest first: of several that are new, ours was the first.
    let is_new = |it: &&Deployment| uuid(it).as_deref() != Some(before);
    let ours = all.iter().take_while(is_new).last();
    if let Some(ours) = ours {
        return following(api, &ours.id, Some(ours));
    }
    if api.projects.following(task.as_str()) < UNLISTED {
        return Ok(goes_on("accepted, not listed yet", FIRST));
    }
    let text = "accepted, and no new deployment has been listed since; look at the project";
    Ok(ended(Verdict::Partly(text.into())))
}

async fn following_gone(api: &Api, name: &str, task: &Text) -> Result<Followed, Failure> {
    let since = api.projects.following(task.as_str());
    let state = match list::project(api, name).await {
        Err(Failure::NotFound { .. }) => return Ok(ended(Verdict::Done(None))),
        found => found?.state,
    };
    if state == Some(State::Deleted) {
        return Ok(ended(Verdict::Done(None)));
    }
    if since >= STAYS {
        let text = "accepted, and the project is still listed after 5 minutes; look at it";
        return Ok(ended(Verdict::Partly(text.into())));
    }
    let again = if since < FIRST_LASTS { FIRST } else { LATER };
    Ok(goes_on("being deleted", again))
}

/// How a deployment ended.
fn verdict(deployment: &Deployment) -> Option<Verdict> {
    let why = |otherwise: &str| {
        deployment
            .reason
            .clone()
            .unwrap_or_else(|| otherwise.into())
    };
    match &deployment.phase {
        Phase::Succeeded | Phase::Replaced => Some(Verdict::Done(None)),
        Phase::Failed => Some(Verdict::Failed(why(
            "the platform does not say why: see its log",
        ))),
        Phase::Cancelled => Some(Verdict::Failed(why("it was stopped"))),
        Phase::Ended => Some(Verdict::Failed(why("it was deleted"))),
        Phase::ActionRequired(what) => Some(Verdict::Partly(what.clone())),
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::Other(_) => None,
    }
}

fn word(phase: &Phase) -> &str {
    match phase {
        Phase::Queued => "waits",
        Phase::Building => "building",
        Phase::Deploying => "rolling out",
        Phase::Running(word) | Phase::ActionRequired(word) | Phase::Other(word) => word.as_str(),
        Phase::Succeeded | Phase::Replaced | Phase::Failed | Phase::Cancelled | Phase::Ended => {
            "ended"
        }
    }
}

fn goes_on(label: &str, again_in: Duration) -> Followed {
    Followed {
        progress: Progress {
            label: Text::non_empty(label),
            ..Progress::default()
        },
        verdict: None,
        again_in,
    }
}

fn ended(verdict: Verdict) -> Followed {
    Followed {
        progress: Progress::default(),
        verdict: Some(verdict),
        again_in: FIRST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_name_their_project() {
        let task = new_one("a b", Some("u-1"));
        assert_eq!(of_task(task.as_str()), Some("a b"));
        assert_eq!(of_task(new_one("x", None).as_str()), Some("x"));
        assert_eq!(of_task(gone("a b").as_str()), Some("a b"));
        assert_eq!(of_task("domain 7"), None);
    }
}
