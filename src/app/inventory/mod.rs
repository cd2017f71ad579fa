//! What is known to exist, by id, with its age.

mod fleet;
mod ledger;
mod pages;
mod variables;

use std::cmp::Reverse;
use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

pub use fleet::Fleet;
pub use ledger::BackupSummary;
pub use variables::{Print, Prints, Vault};

use super::loadable::{Load, Loadable};
use crate::model::{
    Activity, App, AppId, Backup, BackupId, ContextId, Deployment, DeploymentId, DeploymentScope,
    EnvId, Environment, Payload, Query, QueryKey, Scoped, Text, Variable,
};

/// How many selections keep their deployments and backups; the least recently read go first.
const KEPT_SELECTIONS: usize = 64;

/// So many environments have their backups kept in short: more than one person looks after.
const KEPT_SUMMARIES: usize = 20_000;
/// So many entries of a trail are kept: as many as are asked for, of a platform that sends more.
const KEPT_ACTIVITY: usize = 200;

/// What is known to exist.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    fleets: Vec<Fleet>,
    /// Deployments, newest first.
    pub deployments: IndexMap<Scoped<DeploymentScope>, Loadable<Vec<Deployment>>>,
    /// Backups, newest first.
    pub backups: IndexMap<Scoped<EnvId>, Loadable<Vec<Backup>>>,
    /// The backups of every environment that was read, in short.
    pub backup_summaries: IndexMap<Scoped<EnvId>, BackupSummary>,
    /// Single backups with their parts.
    pub backup_details: IndexMap<Scoped<BackupId>, Loadable<Backup>>,
    /// Age and condition of lists of backups that are kept in short only.
    resting: IndexMap<Scoped<EnvId>, Load>,
    /// Entries of the platforms' own trails, newest first: of an app, or of all.
    pub activities: IndexMap<Scoped<Option<AppId>>, Loadable<Vec<Activity>>>,
    /// Short lists around an app that forms choose from, as they came.
    pub lists: IndexMap<QueryKey, Loadable<Payload>>,
    /// Variables: of few environments, and not for long.
    pub vault: Vault,
    /// The pages so far of short lists that are still arriving.
    arriving: HashMap<QueryKey, Payload>,
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

    /// What an environment is called among those of its app.
    #[must_use]
    pub fn environment_name(&self, id: &Scoped<EnvId>) -> Option<Text> {
        let fleet = self.fleet(id.context)?;
        fleet.environments.get(&id.id).map(|env| fleet.name_of(env))
    }

    /// Deployments of an environment, where they were read: its own, else those of its whole app,
    /// where the platform deploys apps.
    #[must_use]
    pub fn deployments_of(&self, env: &Scoped<EnvId>) -> Option<&Loadable<Vec<Deployment>>> {
        let of = |scope| self.deployments.get(&Scoped::new(env.context, scope));
        of(DeploymentScope::Environment(env.id.clone())).or_else(|| {
            let app = self.environment(env)?.app.clone();
            of(DeploymentScope::App(app))
        })
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
        } else if let Query::Activity(app) = &key.query {
            self.activities
                .get(&Scoped::new(key.context, app.clone()))
                .map(|l| &l.load)
        } else if let Query::Backups(env) = &key.query {
            let id = Scoped::new(key.context, env.clone());
            let kept = self.backups.get(&id).map(|l| &l.load);
            kept.or_else(|| self.resting.get(&id))
        } else if let Query::Backup(id) = &key.query {
            self.backup_details
                .get(&Scoped::new(key.context, id.clone()))
                .map(|l| &l.load)
        } else if let Query::Variables(env) = &key.query {
            self.vault.load(&Scoped::new(key.context, env.clone()))
        } else {
            self.lists.get(key).map(|list| &list.load)
        }
    }

    /// As [`Inventory::load`], to change; makes room where there is none yet.
    pub fn load_mut(&mut self, key: &QueryKey) -> Option<&mut Load> {
        if let Query::Backups(env) = &key.query {
            let id = Scoped::new(key.context, env.clone());
            self.fleet(key.context)?;
            return Some(&mut self.backup_slot(id).load);
        }
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
        } else if let Query::Variables(env) = &key.query {
            self.vault.load_mut(&Scoped::new(key.context, env.clone()))
        } else if let Query::Activity(app) = &key.query {
            let id = Scoped::new(key.context, app.clone());
            Some(&mut slot(&mut self.activities, id).load)
        } else if let Query::Backup(id) = &key.query {
            let id = Scoped::new(key.context, id.clone());
            Some(&mut slot(&mut self.backup_details, id).load)
        } else if pages::is_listed(&key.query) {
            Some(&mut slot(&mut self.lists, key.clone()).load)
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
        let activities = self.activities.iter_mut();
        let details = self.backup_details.iter_mut();
        let resting = self.resting.iter_mut();
        let lists = self.lists.iter_mut();
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
            .chain(
                activities
                    .filter(move |(id, _)| id.context == context)
                    .map(|(_, l)| &mut l.load),
            )
            .chain(
                details
                    .filter(move |(id, _)| id.context == context)
                    .map(|(_, l)| &mut l.load),
            )
            .chain(
                resting
                    .filter(move |(id, _)| id.context == context)
                    .map(|(_, load)| load),
            )
            .chain(
                lists
                    .filter(move |(key, _)| key.context == context)
                    .map(|(_, l)| &mut l.load),
            )
            .chain(self.vault.loads_of(context))
    }

    /// A page of a short list came: gives the whole list with the last page, and nothing before.
    pub(super) fn gather(
        &mut self,
        key: &QueryKey,
        payload: Payload,
        last: bool,
    ) -> Option<Payload> {
        let whole = match self.arriving.remove(key) {
            Some(earlier) => pages::joined(earlier, payload),
            None => payload,
        };
        if last {
            return Some(whole);
        }
        self.arriving.insert(key.clone(), whole);
        None
    }

    /// Pages that came of a list that will not be completed are forgotten.
    pub(super) fn drop_arriving(&mut self, key: &QueryKey) {
        self.arriving.remove(key);
        if let Some(fleet) = self.fleet_mut(key.context) {
            fleet.drop_arriving(&key.query);
        }
    }

    /// Every reading of a context was given up.
    pub(super) fn abandon(&mut self, context: ContextId) {
        self.loads_of(context).for_each(Load::abandon);
        self.arriving.retain(|key, _| key.context != context);
        if let Some(fleet) = self.fleet_mut(context) {
            fleet.drop_arriving(&Query::Apps);
            fleet.drop_arriving(&Query::AllEnvironments);
        }
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        for context in 0..u16::try_from(self.fleets.len()).unwrap_or(u16::MAX) {
            self.loads_of(ContextId(context))
                .for_each(|load| load.shift(by));
        }
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

    /// Entries of a trail came. Says whether anything changed.
    pub fn take_activity(
        &mut self,
        of: Scoped<Option<AppId>>,
        mut list: Vec<Activity>,
        at: Timestamp,
    ) -> bool {
        list.truncate(KEPT_ACTIVITY);
        slot(&mut self.activities, of).succeed(list, at)
    }

    /// A short list around an app came. Says whether it answers the question.
    pub fn take_list(&mut self, key: &QueryKey, list: Payload, at: Timestamp) -> bool {
        let is_answer = pages::is_answer(&key.query, &list);
        if is_answer {
            slot(&mut self.lists, key.clone()).succeed(list, at);
        }
        is_answer
    }

    /// Backups came. Says whether anything changed.
    pub fn take_backups(
        &mut self,
        of: Scoped<EnvId>,
        mut list: Vec<Backup>,
        at: Timestamp,
    ) -> bool {
        list.sort_by_key(|backup| Reverse(backup.taken_at));
        for backup in list.iter_mut().filter(|backup| backup.parts.is_empty()) {
            let id = Scoped::new(of.context, backup.id.clone());
            let known = self.backup_details.get(&id);
            if let Some(known) = known.and_then(|known| known.value.as_ref()) {
                backup.parts.clone_from(&known.parts);
            }
        }
        let summary = BackupSummary::of(&list, at);
        self.backup_summaries.insert(of.clone(), summary);
        while self.backup_summaries.len() > KEPT_SUMMARIES {
            self.backup_summaries.swap_remove_index(0);
        }
        self.backup_slot(of).succeed(list, at)
    }

    /// One backup came, with its parts. Says whether anything changed.
    pub fn take_backup(&mut self, context: ContextId, backup: Backup, at: Timestamp) -> bool {
        let lists = self.backups.iter_mut();
        let lists = lists.filter(|(env, _)| env.context == context);
        let listed = lists.flat_map(|(_, list)| list.value.iter_mut().flatten());
        for listed in listed.filter(|listed| listed.id == backup.id) {
            listed.parts.clone_from(&backup.parts);
        }
        let id = Scoped::new(context, backup.id.clone());
        slot(&mut self.backup_details, id).succeed(backup, at)
    }

    /// As [`slot`]; of a list that goes, age and condition stay: who reads all of them one after
    /// the other must not begin anew because of that, nor ask at once again where it failed.
    fn backup_slot(&mut self, id: Scoped<EnvId>) -> &mut Loadable<Vec<Backup>> {
        let kept = self.backups.shift_remove(&id);
        let rested = self.resting.swap_remove(&id);
        let entry = kept.or_else(|| rested.map(|load| Loadable { value: None, load }));
        while self.backups.len() >= KEPT_SELECTIONS {
            if let Some((id, gone)) = self.backups.shift_remove_index(0) {
                self.resting.insert(id, gone.load.without_value());
            }
        }
        while self.resting.len() > KEPT_SUMMARIES {
            self.resting.swap_remove_index(0);
        }
        self.backups.entry(id).or_insert(entry.unwrap_or_default())
    }

    /// Variables came. Says whether anything changed.
    pub fn take_variables(
        &mut self,
        of: &Scoped<EnvId>,
        list: Vec<Variable>,
        at: Timestamp,
    ) -> bool {
        self.vault.take(of, list, at)
    }

    /// Variables are forgotten. Pages on their way are not: their last one may be waited for again
    /// by then, and must not pass for the whole.
    pub(super) fn forget_variables(&mut self) {
        self.vault.clear();
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
