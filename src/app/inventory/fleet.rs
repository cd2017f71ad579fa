//! The apps and environments of one context.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;

use super::pages::Arriving;
use crate::app::loadable::{Load, Loadable};
use crate::model::{App, AppId, EnvId, Environment, Page, Query, Text};

/// How many pages a list has.
#[derive(Clone, Copy, Debug, Default)]
struct Pages {
    /// When it was last read whole, or more if more came since.
    known: u32,
    so_far: u32,
}

impl Pages {
    fn count(&mut self, last: bool) {
        self.so_far += 1;
        self.known = self.known.max(self.so_far);
        if last {
            self.known = std::mem::take(&mut self.so_far);
        }
    }
}

/// What is known of one context.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// Its apps.
    pub apps: Loadable<IndexMap<AppId, App>>,
    /// How many apps there are besides, which the platform counts and does not list.
    pub unlisted: u64,
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
    /// Counted when the lists change: asked for after every message.
    is_app_changing: bool,
    is_environment_changing: bool,
    pages_of_apps: Pages,
    pages_of_environments: Pages,
    arriving_apps: Arriving<AppId, App>,
    arriving_environments: Arriving<EnvId, Environment>,
}

impl Fleet {
    /// The environments of an app, in the platform's order.
    pub fn environments_of(&self, app: &AppId) -> impl Iterator<Item = &Environment> {
        let ids = self.by_app.get(app).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.environments.get(id))
    }

    /// What an environment is called among those of its app.
    #[must_use]
    pub fn name_of(&self, env: &Environment) -> Text {
        env.name_among(self.environments_of(&env.app))
    }

    /// One app.
    #[must_use]
    pub fn app(&self, id: &AppId) -> Option<&App> {
        self.apps.value.as_ref()?.get(id)
    }

    /// Whether a deployment is under way anywhere.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        self.is_app_changing || self.is_environment_changing
    }

    /// How many pages the longer of the two lists has, as far as it was read.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.pages_of_apps
            .known
            .max(self.pages_of_environments.known)
    }

    /// A page of the list of apps came. A first list is shown as it arrives; a later one replaces
    /// the old when it is whole. Says whether anything changed.
    pub fn take_apps(&mut self, page: Page<App>, last: bool, at: Timestamp) -> bool {
        self.pages_of_apps.count(last);
        let total = page.total;
        let first_time = self.apps.load.fetched_at.is_none();
        let shown = self.apps.value.get_or_insert_default();
        let id = |app: &App| app.id.clone();
        let differs = if first_time {
            self.arriving_apps.extend(shown, page.items, last, id);
            true
        } else {
            self.arriving_apps.replace(shown, page.items, last, id)
        };
        if differs {
            self.is_app_changing = shown.values().any(|app| app.status.is_changing());
        }
        if !last {
            return differs;
        }
        let listed = shown.len() as u64;
        self.apps.load.succeed(at);
        if differs {
            self.forget_vanished();
        }
        let unlisted = total.map_or(0, |total| total.saturating_sub(listed));
        let is_news = std::mem::replace(&mut self.unlisted, unlisted) != unlisted;
        differs || is_news
    }

    /// A page of all environments came; as [`Fleet::take_apps`].
    pub fn take_environments(
        &mut self,
        page: Page<Environment>,
        last: bool,
        at: Timestamp,
    ) -> bool {
        self.pages_of_environments.count(last);
        let first_time = self.all_environments.fetched_at.is_none();
        let shown = &mut self.environments;
        let before = shown.len();
        let id = |env: &Environment| env.id.clone();
        let differs = if first_time {
            self.arriving_environments
                .extend(shown, page.items, last, id);
            true
        } else {
            self.arriving_environments
                .replace(shown, page.items, last, id)
        };
        if last {
            self.all_environments.succeed(at);
            if differs {
                self.index();
            }
        } else if differs {
            // Only what this page added: a first list of many pages is not indexed over and over.
            self.index_from(before);
        }
        differs
    }

    /// The environments of one app came, as a whole list. Says whether anything changed.
    pub fn take_environments_of(
        &mut self,
        app: &AppId,
        list: Vec<Environment>,
        at: Timestamp,
    ) -> bool {
        if self.apps.load.fetched_at.is_some() && self.app(app).is_none() {
            // It vanished while it was read.
            self.environments_of.remove(app);
            return false;
        }
        let load = self.environments_of.entry(app.clone()).or_default();
        let first_time = load.fetched_at.is_none();
        load.succeed(at);
        let same = self.environments_of(app).eq(list.iter());
        if !same {
            let ids = self.environments_of(app).map(|env| &env.id);
            // Where only their state changed, they keep their places among those of other apps.
            if !ids.eq(list.iter().map(|env| &env.id)) {
                self.environments.retain(|_, env| env.app != *app);
            }
            self.environments
                .extend(list.into_iter().map(|env| (env.id.clone(), env)));
            self.index();
        }
        !same || first_time
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
            self.pages_of_apps.so_far = 0;
            let is_first = self.apps.load.fetched_at.is_none();
            let shown = self.apps.value.as_ref().filter(|_| is_first);
            self.arriving_apps.drop(shown);
        } else if matches!(query, Query::AllEnvironments) {
            self.pages_of_environments.so_far = 0;
            let is_first = self.all_environments.fetched_at.is_none();
            let shown = is_first.then_some(&self.environments);
            self.arriving_environments.drop(shown);
        }
    }

    /// What was read of single apps that are no more would otherwise be kept for ever.
    fn forget_vanished(&mut self) {
        let Some(apps) = self
            .apps
            .value
            .as_ref()
            .filter(|_| !self.environments_of.is_empty())
        else {
            return;
        };
        // What is still being read is answered first; until then it must not be asked for again.
        self.environments_of
            .retain(|app, load| load.is_loading() || apps.contains_key(app));
        self.environments
            .retain(|_, env| apps.contains_key(&env.app));
        self.index();
    }

    fn index(&mut self) {
        self.by_app.clear();
        self.is_environment_changing = false;
        self.index_from(0);
    }

    fn index_from(&mut self, start: usize) {
        for env in self.environments.values().skip(start) {
            self.is_environment_changing |= env.status.is_changing();
            self.by_app
                .entry(env.app.clone())
                .or_default()
                .push(env.id.clone());
        }
    }
}
