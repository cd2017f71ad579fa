//! Rows that were marked, to be acted on together. Marks follow identity: they survive a refresh
//! and a filter, and go with what they mark.

use std::collections::BTreeSet;

use crate::model::{AppId, EnvId, Scoped};

/// What is marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    apps: BTreeSet<Scoped<AppId>>,
    environments: BTreeSet<Scoped<EnvId>>,
    /// Where a range begins, if one does.
    anchor: Option<Scoped<AppId>>,
}

impl Marks {
    /// Whether nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.apps.is_empty() && self.environments.is_empty()
    }

    /// The marked apps.
    pub fn apps(&self) -> impl Iterator<Item = &Scoped<AppId>> {
        self.apps.iter()
    }

    /// The marked environments.
    pub fn environments(&self) -> impl Iterator<Item = &Scoped<EnvId>> {
        self.environments.iter()
    }

    /// Whether an app is marked.
    #[must_use]
    pub fn has_app(&self, app: &Scoped<AppId>) -> bool {
        self.apps.contains(app)
    }

    /// Whether an environment is marked.
    #[must_use]
    pub fn has_environment(&self, env: &Scoped<EnvId>) -> bool {
        self.environments.contains(env)
    }

    /// Forgets them all.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Marks an app, or takes the mark away. The next range begins there.
    pub(super) fn toggle_app(&mut self, app: Scoped<AppId>) {
        self.anchor = Some(app.clone());
        if !self.apps.remove(&app) {
            self.apps.insert(app);
        }
    }

    /// Marks an environment, or takes the mark away.
    pub(super) fn toggle_environment(&mut self, env: Scoped<EnvId>) {
        if !self.environments.remove(&env) {
            self.environments.insert(env);
        }
    }

    /// Marks every app in `list` from where the last mark was made to `here`.
    pub(super) fn range(&mut self, list: &[Scoped<AppId>], here: &Scoped<AppId>) {
        let at = |app: &Scoped<AppId>| list.iter().position(|it| it == app);
        let Some(end) = at(here) else { return };
        let start = self.anchor.as_ref().and_then(at).unwrap_or(end);
        let (from, to) = (start.min(end), start.max(end));
        self.apps.extend(list[from..=to].iter().cloned());
        self.anchor = Some(here.clone());
    }

    /// Marks all of `list`, or none of them if all are marked.
    pub(super) fn toggle_all(&mut self, list: Vec<Scoped<AppId>>) {
        if list.iter().all(|app| self.apps.contains(app)) {
            for app in &list {
                self.apps.remove(app);
            }
        } else {
            self.apps.extend(list);
        }
    }

    /// What is gone is not marked any more.
    pub(super) fn keep(
        &mut self,
        app: impl Fn(&Scoped<AppId>) -> bool,
        env: impl Fn(&Scoped<EnvId>) -> bool,
    ) {
        self.apps.retain(app);
        self.environments.retain(env);
    }
}
