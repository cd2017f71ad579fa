//! Following what was accepted: deployment, installation, domain. Source: PandaStack contract,
//! section 4.
//!
//! `task` is what is followed, in a text from which one can go on after a restart; `watches` is what is
//! remembered between two looks, and may be lost. `install` looks at deployments and installations,
//! `domain` at verifications, `removal` at what is to go, `search` for an app that no answer named,
//! `project` at projects; `way` has the steps that people see.

mod domain;
mod install;
mod project;
mod removal;
mod search;
mod task;
mod watches;
mod way;

use std::time::Duration;

use super::api::Api;
use super::ids;
use crate::model::{AppId, Capability, Failure, Follow, Followed, Progress, Text, Verdict};

pub(super) use self::task::Task;
pub(super) use self::watches::Watches;

use self::install::Install;
use self::watches::Watch;

/// What was accepted may not be known for so long: it counts as waiting.
const GRACE: Duration = Duration::from_secs(30);

/// Nothing is followed for longer.
const LONGEST: Duration = Duration::from_mins(30);

/// A deployment is looked at often for the first minute, then less often.
const DEPLOYMENT_EVERY: Duration = Duration::from_secs(3);
const DEPLOYMENT_LATER: Duration = Duration::from_secs(10);
const BEGINNING: Duration = Duration::from_mins(1);

pub(super) async fn follow(api: &Api, what: &Follow) -> Result<Followed, Failure> {
    let task = Task::of(what).ok_or_else(|| {
        let reason = "PandaStack has nothing of that kind to follow";
        Failure::unsupported(Capability::RetryDeployment, reason)
    })?;
    let mut watch = api.watches.of(what);
    let followed = Box::pin(looked(api, task, &mut watch)).await;
    match &followed {
        Ok(Followed {
            verdict: Some(_), ..
        }) => {
            api.watches.end(what);
            // What was read before it ended says nothing about how it is now.
            api.forget();
        }
        Ok(_) | Err(_) => api.watches.keep(what, watch),
    }
    followed
}

async fn looked(api: &Api, task: Task, watch: &mut Watch) -> Result<Followed, Failure> {
    match task {
        Task::Install { app, deployment } => {
            Install::new(AppId::new(app), deployment)
                .look(api, watch)
                .await
        }
        Task::Retry { app, deployment } => {
            let install = Install::retried(AppId::new(app), deployment);
            install.look(api, watch).await
        }
        Task::Complete { app } => Install::completed(AppId::new(app)).look(api, watch).await,
        Task::Verify { app } => domain::look(api, &AppId::new(app), watch).await,
        Task::Delete { app } => removal::look(api, &AppId::new(app), watch).await,
        Task::Project {
            project,
            deployment,
        } => project::deployed(api, &project, &deployment, watch).await,
        Task::ProjectAfter { project, before } => {
            project::deployed_after(api, &project, before.as_deref(), watch).await
        }
        Task::DeleteProject { project } => project::deleted(api, &project, watch).await,
        Task::Search {
            slug,
            not,
            deployment,
        } => search::look(api, (&slug, not.as_deref(), deployment), watch).await,
    }
}

/// It goes on.
fn running(progress: Progress, again_in: Duration) -> Followed {
    Followed {
        progress,
        verdict: None,
        again_in,
    }
}

/// It has ended.
fn ended(verdict: Verdict) -> Followed {
    Followed {
        progress: Progress::default(),
        verdict: Some(verdict),
        again_in: Duration::ZERO,
    }
}

fn failed(why: &str) -> Followed {
    ended(Verdict::Failed(Text::clean(why)))
}

fn partly(what: &str) -> Followed {
    ended(Verdict::Partly(Text::clean(what)))
}

/// How soon a deployment is looked at again.
fn pace(watch: &Watch) -> Duration {
    if watch.age() < BEGINNING {
        DEPLOYMENT_EVERY
    } else {
        DEPLOYMENT_LATER
    }
}

/// The id of a managed app, as the platform has it.
fn id(app: &AppId) -> &str {
    match ids::of_app(app) {
        ids::Which::Managed(id) | ids::Which::Project(id) => id,
    }
}
