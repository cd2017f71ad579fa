//! Apps of both kinds and their environments: several questions, one list.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{
    App, AppId, AuthProblem, Capability, Domain, EnvId, Environment, Failure, Page, Text,
};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Records;
use crate::platforms::pandastack::ids::{self, Which};
use crate::platforms::pandastack::map::{self, Managed};
use crate::platforms::pandastack::projects::{self, Project};
use crate::platforms::pandastack::trail::Change;
use crate::platforms::rounds::Asked;

/// The apps of a round.
#[derive(Default)]
pub(in crate::platforms::pandastack) struct Fleet {
    pub(in crate::platforms::pandastack) managed: IndexMap<AppId, Managed>,
    pub(in crate::platforms::pandastack) projects: Vec<Project>,
    /// How many there are in all: more than are here where the platform lists a part of them.
    pub(in crate::platforms::pandastack) total: u64,
}

/// Managed apps and projects.
pub(in crate::platforms::pandastack) async fn apps(api: &Api) -> Result<Page<App>, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    let managed = fleet.managed.values();
    let of = api.organisation().await.ok();
    let said = |managed: &Managed| api.verdicts.of(&managed.id);
    let managed = managed.map(|it| map::app(it, said(it).as_ref(), of.as_ref()));
    let projects = fleet.projects.iter().map(|it| it.app(of.clone()));
    Ok(fleet.page(managed.chain(projects).collect()))
}

/// The environments of all apps.
pub(in crate::platforms::pandastack) async fn all_environments(
    api: &Api,
) -> Result<Page<Environment>, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    let managed = fleet.managed.values();
    let managed = managed.map(|it| map::environment(it, api.verdicts.of(&it.id).as_ref()));
    let projects = fleet.projects.iter().map(Project::environment);
    Ok(fleet.page(managed.chain(projects).collect()))
}

/// Whether the lists were just read, or are being read.
pub(in crate::platforms::pandastack) fn has_apps(api: &Api) -> bool {
    api.round.rounds.is_at_hand(&api.round.asked)
}

/// The environment of an app of either kind.
pub(in crate::platforms::pandastack) async fn environment(
    api: &Api,
    id: &EnvId,
) -> Result<Environment, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    if let Which::Project(_) = ids::of_environment(id) {
        let mut all = fleet.projects.iter().map(Project::environment);
        return all.find(|it| it.id == *id).ok_or_else(|| gone(id.as_str()));
    }
    let managed = fleet.find(&ids::app_of(id))?;
    api.looked_at(managed).await;
    Ok(map::environment(
        managed,
        api.verdicts.of(&managed.id).as_ref(),
    ))
}

/// The domain of a managed app, with the records that are to be created.
pub(in crate::platforms::pandastack) async fn domains(
    api: &Api,
    of: &EnvId,
) -> Result<Page<Domain>, Failure> {
    if let Which::Project(_) = ids::of_environment(of) {
        let reason = "PandaStack's API has no domains of projects, only their addresses";
        return Err(Failure::unsupported(Capability::ListDomains, reason));
    }
    let fleet = Box::pin(api.fleet()).await?;
    let managed = fleet.find(&ids::app_of(of))?;
    let domain = map::domain(managed, api.verdicts.of(&managed.id).as_ref());
    Ok(Page::whole(domain.into_iter().collect()))
}

impl Fleet {
    /// A managed app.
    ///
    /// # Errors
    /// `NotFound`.
    pub(in crate::platforms::pandastack) fn find(&self, app: &AppId) -> Result<&Managed, Failure> {
        self.managed.get(app).ok_or_else(|| gone(app.as_str()))
    }

    fn page<T>(&self, items: Vec<T>) -> Page<T> {
        Page {
            total: Some(self.total),
            ..Page::whole(items)
        }
    }
}

impl Api {
    /// The apps. Who asks at nearly the same time gets the same answer.
    pub(in crate::platforms::pandastack) async fn fleet(&self) -> Result<Arc<Fleet>, Failure> {
        let mut asked = self.round.asked.lock().await;
        if let Some(fleet) = self.round.rounds.of_round(asked.as_ref()) {
            return Ok(fleet);
        }
        let now = self.round.rounds.now();
        let (managed, projects) = tokio::join!(self.managed(), self.listed_projects());
        let (managed, projects) = (managed?, projects?);
        let said = managed.total.unwrap_or(0);
        let listed = managed.items.len() as u64;
        let fleet = Arc::new(Fleet {
            total: said.max(listed) + projects.len() as u64,
            managed: identified(managed),
            projects,
        });
        self.note(&fleet).await;
        *asked = Some(Asked::new(now, fleet.clone()));
        Ok(fleet)
    }

    /// The managed apps, as they are now.
    async fn managed(&self) -> Result<Records, Failure> {
        let list = self.managed_apps().await?;
        let found = list.map(|list| list.records()).unwrap_or_default();
        let listed = found.items.len() as u64;
        if let Some(total) = found.total.filter(|total| *total > listed) {
            tracing::warn!(listed, total, "PandaStack lists a part of its managed apps");
        }
        Ok(found)
    }

    /// The projects; none where they are not served to this token.
    async fn listed_projects(&self) -> Result<Vec<Project>, Failure> {
        if !self.served().await?.projects {
            return Ok(Vec::new());
        }
        match projects::list(self).await {
            Err(Failure::NotFound { .. } | Failure::Auth(AuthProblem::Forbidden(_))) => {
                tracing::debug!("projects may not be listed");
                Ok(Vec::new())
            }
            listed => listed,
        }
    }

    /// Remembers what a new list says.
    async fn note(&self, fleet: &Fleet) {
        for managed in self.round.changes(fleet) {
            self.looked_at(&managed).await;
        }
    }

    /// Remembers what is seen of an app: its state and its deployments.
    pub(in crate::platforms::pandastack) async fn looked_at(&self, managed: &Managed) {
        let now = self.http.now();
        if let (Some(word), Some(state)) = (&managed.word, &managed.state) {
            let change = Change {
                at: now,
                word: word.clone(),
                state: state.clone(),
                deployment: managed.record.deployment(),
            };
            self.trail.saw(&managed.id, change);
        }
        self.known.saw_all(map::sightings(managed, now)).await;
    }
}

/// Records by their ids. Without one, nothing can be asked of an app.
fn identified(records: Records) -> IndexMap<AppId, Managed> {
    let came = records.items.len();
    let all = records.items.into_iter().filter_map(Managed::of);
    let all: IndexMap<_, _> = all.map(|managed| (managed.id.clone(), managed)).collect();
    let without = came - all.len();
    if without > 0 {
        tracing::debug!(
            without,
            "managed apps without an id of their own are left out"
        );
    }
    all
}

fn gone(id: &str) -> Failure {
    Failure::NotFound {
        subject: Text::clean(&format!("app {id}")),
    }
}
