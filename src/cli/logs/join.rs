//! Deployments that concern a followed log: they are looked for again and again, in the list and not
//! in the log.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::place::{Origin, Place};
use super::source;
use super::weave::Strand;
use crate::engine::read_all;
use crate::model::{
    AppId, ContextId, Deployment, DeploymentId, DeploymentScope, EnvId, Failure, LogSource,
    Payload, Query, Stage, TailId,
};
use crate::platforms::Platform;
use crate::shell;

/// What somebody waits for beside lines.
pub(super) type Awaited = Pin<Box<dyn Future<Output = News>>>;

/// What came of it.
pub(super) enum News {
    /// The deployments of a site, newest first.
    Deployments {
        site: usize,
        result: Result<Vec<Deployment>, Failure>,
    },
    /// A deployment ended, or nobody can say how.
    Ended {
        strand: Strand,
        id: DeploymentId,
        stage: Stage,
        /// What the list says of it.
        known: Option<Box<Deployment>>,
    },
}

/// What is deployed as one: an environment, or a whole app.
pub(super) struct Site {
    pub(super) context: usize,
    id: ContextId,
    pub(super) scope: DeploymentScope,
    app: AppId,
    environment: Option<EnvId>,
    pub(super) origin: Origin,
    pub(super) platform: Arc<dyn Platform>,
    /// Those that are no news; absent before the first look.
    known: Option<Vec<DeploymentId>>,
    /// Deployments whose log was read, and whose verdict is not told yet.
    due: Vec<(Strand, DeploymentId)>,
    hurry: Arc<Notify>,
}

impl Site {
    pub(super) fn new(place: &Place, platform: Arc<dyn Platform>) -> Self {
        let environment = place.environment.clone();
        Self {
            context: place.context,
            id: place.id,
            scope: source::scope(platform.as_ref(), &place.app, environment.as_ref()),
            app: place.app.clone(),
            environment,
            origin: place.origin.clone(),
            platform,
            known: place.known.clone(),
            due: Vec::new(),
            hurry: Arc::default(),
        }
    }

    /// Whether its deployments were read once.
    pub(super) fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// The log of a deployment has ended: the list is soon to say how it went.
    pub(super) fn is_due(&mut self, strand: Strand, id: DeploymentId) {
        self.due.push((strand, id));
        self.hurry.notify_one();
    }

    /// Takes in another log if it is deployed together with this one; then a deployment concerns the
    /// app.
    pub(super) fn takes(&mut self, other: &Self) -> bool {
        let is_one = self.context == other.context && self.scope == other.scope;
        if is_one {
            self.environment = None;
            self.origin.environment = None;
            self.origin.label.clone_from(&self.origin.app);
        }
        is_one
    }

    /// The log of a deployment.
    pub(super) fn tail(&self, deployment: &DeploymentId) -> TailId {
        TailId {
            context: self.id,
            source: LogSource::Deployment {
                app: self.app.clone(),
                environment: self.environment.clone(),
                deployment: deployment.clone(),
            },
        }
    }

    /// The next look at its deployments.
    pub(super) fn look(&self, site: usize, wait: Duration) -> Awaited {
        let platform = Arc::clone(&self.platform);
        let scope = self.scope.clone();
        let hurry = Arc::clone(&self.hurry);
        Box::pin(async move {
            // Either is a reason to look.
            let _sooner = timeout(wait, hurry.notified()).await;
            let result = deployments(platform.as_ref(), scope).await;
            News::Deployments { site, result }
        })
    }

    /// How long until the next one.
    pub(super) fn pause(&self, is_awaited: bool) -> Duration {
        let poll = &self.platform.profile().poll;
        if is_awaited || !self.due.is_empty() {
            poll.running
        } else {
            poll.environments
        }
    }

    /// Those that began: at the first look those that run, then all that were not there before.
    /// Oldest first.
    pub(super) fn began(&mut self, list: &[Deployment]) -> Vec<DeploymentId> {
        let is_news = |it: &&Deployment| match &self.known {
            Some(known) => !known.contains(&it.id),
            None => !it.phase.is_final(),
        };
        let news = list.iter().rev().filter(is_news);
        let news = news.map(|it| it.id.clone()).collect();
        self.known = Some(list.iter().map(|it| it.id.clone()).collect());
        news
    }

    /// Of those whose verdict is due, the ones that the list says it of.
    pub(super) fn ended<'a>(&mut self, list: &'a [Deployment]) -> Vec<(Strand, &'a Deployment)> {
        let of = |id: &DeploymentId| list.iter().find(|it| it.id == *id && it.phase.is_final());
        let due = self.due.iter();
        let ended = due.filter_map(|(strand, id)| Some((*strand, of(id)?)));
        let ended = ended.collect();
        self.due.retain(|(_, id)| of(id).is_none());
        ended
    }
}

/// The newest deployments.
pub(super) async fn deployments(
    platform: &dyn Platform,
    scope: DeploymentScope,
) -> Result<Vec<Deployment>, Failure> {
    let query = Query::Deployments(scope);
    let Payload::Deployments(page) = read_all(platform, &query, shell::now).await? else {
        return Ok(Vec::new());
    };
    Ok(page.items)
}
