//! What is known to exist, by id, with its age.

use std::cmp::Reverse;
use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;

use super::loadable::{Load, Loadable};
use crate::model::{
    App, AppId, Backup, ContextId, Deployment, DeploymentId, DeploymentScope, EnvId, Environment,
    Page, Query, QueryKey, Scoped,
};

/// How many selections keep their deployments and backups; the least recently read go first.
const KEPT_SELECTIONS: usize = 64;

/// What is known of one context.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// Its apps.
    pub apps: Loadable<IndexMap<AppId, App>>,
    /// Their environments, as far as they were read.
    pub environments: IndexMap<EnvId, Environment>,
    /// Age and condition of the environments, where all are read at once.
    pub all_environments: Load,
    /// Age and condition of the environments of single apps.
    pub environments_of: HashMap<AppId, Load>,
    /// Age and condition of the names of backup schedules. The names themselves are kept by the
    /// adapter, which puts them into the environments it reads afterwards.
    pub backup_plans: Load,
    /// Environments by app, in the platform's order.
    by_app: HashMap<AppId, Vec<EnvId>>,
    arriving_apps: IndexMap<AppId, App>,
    arriving_environments: IndexMap<EnvId, Environment>,
}

impl Fleet {
    /// The environments of an app, in the platform's order.
    pub fn environments_of(&self, app: &AppId) -> impl Iterator<Item = &Environment> {
        let ids = self.by_app.get(app).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.environments.get(id))
    }

    /// One app.
    #[must_use]
    pub fn app(&self, id: &AppId) -> Option<&App> {
        self.apps.value.as_ref()?.get(id)
    }

    /// Whether a deployment is under way anywhere.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        self.environments
            .values()
            .any(|env| env.status.is_changing())
            || self
                .apps
                .value
                .iter()
                .flat_map(IndexMap::values)
                .any(|app| app.status.is_changing())
    }

    /// A page of the list of apps came. A first list is shown as it arrives; a later one replaces
    /// the old when it is whole. Says whether anything changed.
    pub fn take_apps(&mut self, page: Page<App>, last: bool, at: Timestamp) -> bool {
        let items = page.items.into_iter().map(|app| (app.id.clone(), app));
        if self.apps.load.fetched_at.is_none() && !last {
            self.apps.value.get_or_insert_default().extend(items);
            return true;
        }
        if self.apps.load.fetched_at.is_none() {
            let mut all = self.apps.value.take().unwrap_or_default();
            all.extend(items);
            return self.apps.succeed(all, at);
        }
        self.arriving_apps.extend(items);
        last && {
            let all = std::mem::take(&mut self.arriving_apps);
            self.apps.succeed(all, at)
        }
    }

    /// A page of all environments came; as [`Fleet::take_apps`].
    pub fn take_environments(
        &mut self,
        page: Page<Environment>,
        last: bool,
        at: Timestamp,
    ) -> bool {
        let items = page.items.into_iter().map(|env| (env.id.clone(), env));
        let first_time = self.all_environments.fetched_at.is_none();
        if first_time && !last {
            self.environments.extend(items);
            self.index();
            return true;
        }
        self.arriving_environments.extend(items);
        if !last {
            return false;
        }
        self.all_environments.succeed(at);
        let mut all = std::mem::take(&mut self.arriving_environments);
        if first_time {
            let mut earlier = std::mem::take(&mut self.environments);
            earlier.extend(all);
            all = earlier;
        }
        let differs = first_time || all != self.environments;
        self.environments = all;
        self.index();
        differs
    }

    /// The environments of one app came, as a whole list. Says whether anything changed.
    pub fn take_environments_of(
        &mut self,
        app: &AppId,
        list: Vec<Environment>,
        at: Timestamp,
    ) -> bool {
        self.environments_of
            .entry(app.clone())
            .or_default()
            .succeed(at);
        let same = self.environments_of(app).eq(list.iter());
        if !same {
            self.environments.retain(|_, env| env.app != *app);
            self.environments
                .extend(list.into_iter().map(|env| (env.id.clone(), env)));
            self.index();
        }
        !same
    }

    /// One environment was read. Says whether anything changed.
    pub fn take_environment(&mut self, env: Environment) -> bool {
        let differs = self.environments.get(&env.id) != Some(&env);
        self.environments.insert(env.id.clone(), env);
        self.index();
        differs
    }

    /// Pages that came of a list that will not be completed are forgotten.
    pub fn drop_arriving(&mut self, query: &Query) {
        if matches!(query, Query::Apps) {
            self.arriving_apps.clear();
        } else if matches!(query, Query::AllEnvironments) {
            self.arriving_environments.clear();
        }
    }

    fn index(&mut self) {
        self.by_app.clear();
        for env in self.environments.values() {
            self.by_app
                .entry(env.app.clone())
                .or_default()
                .push(env.id.clone());
        }
    }
}

/// What is known to exist.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    fleets: Vec<Fleet>,
    /// Deployments, newest first.
    pub deployments: IndexMap<Scoped<DeploymentScope>, Loadable<Vec<Deployment>>>,
    /// Backups, newest first.
    pub backups: IndexMap<Scoped<EnvId>, Loadable<Vec<Backup>>>,
}

impl Inventory {
    /// Room for that many contexts.
    #[must_use]
    pub fn new(contexts: usize) -> Self {
        Self {
            fleets: vec![Fleet::default(); contexts],
            ..Self::default()
        }
    }

    /// What is known of a context.
    #[must_use]
    pub fn fleet(&self, context: ContextId) -> Option<&Fleet> {
        self.fleets.get(usize::from(context.0))
    }

    /// What is known of a context, to change.
    pub fn fleet_mut(&mut self, context: ContextId) -> Option<&mut Fleet> {
        self.fleets.get_mut(usize::from(context.0))
    }

    /// One app.
    #[must_use]
    pub fn app(&self, id: &Scoped<AppId>) -> Option<&App> {
        self.fleet(id.context)?.app(&id.id)
    }

    /// One environment.
    #[must_use]
    pub fn environment(&self, id: &Scoped<EnvId>) -> Option<&Environment> {
        self.fleet(id.context)?.environments.get(&id.id)
    }

    /// Deployments of an environment, where they were read.
    #[must_use]
    pub fn deployments_of(&self, env: &Scoped<EnvId>) -> Option<&Loadable<Vec<Deployment>>> {
        let scope = DeploymentScope::Environment(env.id.clone());
        self.deployments.get(&Scoped::new(env.context, scope))
    }

    /// One deployment of an environment, where it was read.
    #[must_use]
    pub fn deployment(&self, env: &Scoped<EnvId>, id: &DeploymentId) -> Option<&Deployment> {
        self.deployments_of(env)?
            .value
            .as_ref()?
            .iter()
            .find(|deployment| deployment.id == *id)
    }

    /// Age and condition of the answer to a query; absent for queries whose answers are not kept.
    #[must_use]
    pub fn load(&self, key: &QueryKey) -> Option<&Load> {
        let fleet = self.fleet(key.context)?;
        if let Query::Apps = key.query {
            Some(&fleet.apps.load)
        } else if let Query::AllEnvironments = key.query {
            Some(&fleet.all_environments)
        } else if let Query::BackupPlans = key.query {
            Some(&fleet.backup_plans)
        } else if let Query::Environments(app) = &key.query {
            fleet.environments_of.get(app)
        } else if let Query::Deployments(scope) = &key.query {
            self.deployments
                .get(&Scoped::new(key.context, scope.clone()))
                .map(|l| &l.load)
        } else if let Query::Backups(env) = &key.query {
            self.backups
                .get(&Scoped::new(key.context, env.clone()))
                .map(|l| &l.load)
        } else {
            None
        }
    }

    /// As [`Inventory::load`], to change; makes room where there is none yet.
    pub fn load_mut(&mut self, key: &QueryKey) -> Option<&mut Load> {
        let fleet = self.fleets.get_mut(usize::from(key.context.0))?;
        if let Query::Apps = key.query {
            Some(&mut fleet.apps.load)
        } else if let Query::AllEnvironments = key.query {
            Some(&mut fleet.all_environments)
        } else if let Query::BackupPlans = key.query {
            Some(&mut fleet.backup_plans)
        } else if let Query::Environments(app) = &key.query {
            Some(fleet.environments_of.entry(app.clone()).or_default())
        } else if let Query::Deployments(scope) = &key.query {
            let id = Scoped::new(key.context, scope.clone());
            Some(&mut slot(&mut self.deployments, id).load)
        } else if let Query::Backups(env) = &key.query {
            Some(&mut slot(&mut self.backups, Scoped::new(key.context, env.clone())).load)
        } else {
            None
        }
    }

    /// Every load of a context, to change.
    pub fn loads_of(&mut self, context: ContextId) -> impl Iterator<Item = &mut Load> {
        let fleet = self.fleets.get_mut(usize::from(context.0)).into_iter();
        let fleet = fleet.flat_map(|fleet| {
            [
                &mut fleet.apps.load,
                &mut fleet.all_environments,
                &mut fleet.backup_plans,
            ]
            .into_iter()
            .chain(fleet.environments_of.values_mut())
        });
        let deployments = self.deployments.iter_mut();
        let backups = self.backups.iter_mut();
        fleet
            .chain(
                deployments
                    .filter(move |(id, _)| id.context == context)
                    .map(|(_, l)| &mut l.load),
            )
            .chain(
                backups
                    .filter(move |(id, _)| id.context == context)
                    .map(|(_, l)| &mut l.load),
            )
    }

    /// Deployments came. Says whether anything changed.
    pub fn take_deployments(
        &mut self,
        of: Scoped<DeploymentScope>,
        list: Vec<Deployment>,
        at: Timestamp,
    ) -> bool {
        slot(&mut self.deployments, of).succeed(list, at)
    }

    /// Backups came. Says whether anything changed.
    pub fn take_backups(
        &mut self,
        of: Scoped<EnvId>,
        mut list: Vec<Backup>,
        at: Timestamp,
    ) -> bool {
        list.sort_by_key(|backup| Reverse(backup.taken_at));
        slot(&mut self.backups, of).succeed(list, at)
    }
}

/// The entry of `id`, moved to the end as the most recently used; the least recently used go.
fn slot<Id: Clone + Eq + std::hash::Hash, T>(
    map: &mut IndexMap<Id, Loadable<T>>,
    id: Id,
) -> &mut Loadable<T> {
    let entry = map.shift_remove(&id).unwrap_or_default();
    while map.len() >= KEPT_SELECTIONS {
        map.shift_remove_index(0);
    }
    map.entry(id).or_insert(entry)
}
