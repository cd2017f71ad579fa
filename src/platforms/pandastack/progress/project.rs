//! Projects: their deployments, and those that are to go. Source: PandaStack contract, sections 4 and
//! 7.1.

use super::super::api::Api;
use super::super::ids;
use super::super::projects;
use super::super::words::State;
use super::watches::Watch;
use super::{GRACE, LONGEST, ended, failed, pace, partly, running};
use crate::model::{Deployment, Failure, Followed, Phase, Progress, Text, Verdict};

/// How far a deployment is.
pub(super) async fn deployed(
    api: &Api,
    project: &str,
    uuid: &str,
    watch: &Watch,
) -> Result<Followed, Failure> {
    let id = ids::deployment(&ids::project(project), uuid);
    let all = projects::history(api, project).await?.items;
    Ok(judged(all.iter().find(|it| it.id == id), watch))
}

/// How far the first deployment is that came after another one, or after none.
pub(super) async fn deployed_after(
    api: &Api,
    project: &str,
    before: Option<&str>,
    watch: &Watch,
) -> Result<Followed, Failure> {
    let all = projects::history(api, project).await?.items;
    Ok(judged(projects::first_after(&all, before), watch))
}

fn judged(deployment: Option<&Deployment>, watch: &Watch) -> Followed {
    let Some(deployment) = deployment else {
        return if watch.age() < GRACE {
            onward("accepted, not listed yet", watch)
        } else {
            partly("accepted, and not listed since: look at the project")
        };
    };
    if let Some(ended) = over(deployment) {
        return ended;
    }
    if watch.age() >= LONGEST {
        return partly("stale: no end of it was seen in 30 minutes; look at the project");
    }
    onward(word(&deployment.phase), watch)
}

/// How a project goes.
pub(super) async fn deleted(api: &Api, project: &str, watch: &Watch) -> Result<Followed, Failure> {
    let state = match projects::project(api, project).await {
        Err(Failure::NotFound { .. }) => Some(State::Deleted),
        found => found?.state,
    };
    Ok(if state == Some(State::Deleted) {
        ended(Verdict::Done(None))
    } else if watch.age() >= LONGEST {
        partly("still listed after 30 minutes: see PandaStack's dashboard")
    } else {
        onward("being deleted", watch)
    })
}

/// How a deployment ended.
fn over(deployment: &Deployment) -> Option<Followed> {
    let why = |otherwise: &str| {
        let reason = deployment.reason.as_ref();
        failed(reason.map_or(otherwise, Text::as_str))
    };
    match &deployment.phase {
        Phase::Succeeded | Phase::Replaced => Some(ended(Verdict::Done(None))),
        Phase::Failed => Some(why("the platform does not say why: see its log")),
        Phase::Cancelled => Some(why("it was stopped")),
        Phase::Ended => Some(why("it was deleted")),
        Phase::ActionRequired(what) => Some(partly(what.as_str())),
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

fn onward(label: &str, watch: &Watch) -> Followed {
    let progress = Progress {
        label: Text::non_empty(label),
        ..Progress::default()
    };
    running(progress, pace(watch))
}
