//! Environments: deployed instances of an app.

use jiff::Timestamp;

use super::{AppId, Class, DeploymentId, Detail, EnvId, Progress, Query, Revision, Status, Text};

/// What runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The shortest name of it: a version, a tag, the first digits of a commit.
    pub label: Text,
    /// The deployment that released it.
    pub deployment: Option<DeploymentId>,
    /// When it went live.
    pub at: Option<Timestamp>,
    /// Who released it.
    pub by: Option<Text>,
}

/// How many of the wanted instances are up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Units {
    /// Up and ready; may exceed `wanted` during a roll-out.
    pub ready: u32,
    /// Wanted.
    pub wanted: u32,
}

/// What the next deployment would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pending {
    /// Commits not yet deployed; absent where the platform cannot count them.
    pub commits: Option<u32>,
    /// Whether configuration waits for a deployment.
    pub changes: bool,
}

/// A deployed instance of an app, or the nearest level a platform has.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// Id.
    pub id: EnvId,
    /// The app it belongs to.
    pub app: AppId,
    /// Its name: a slug, a component, a process, a region.
    pub name: Text,
    /// True where the platform has no environments and the adapter made this level.
    pub is_synthetic: bool,
    /// What kind of thing it is, where they differ ("service", "worker").
    pub kind: Option<Text>,
    /// The platform's own class, where it has one.
    pub class: Option<Class>,
    /// Its state.
    pub status: Status,
    /// Why, in a few words.
    pub reason: Option<Text>,
    /// What runs; absent when nothing was ever released.
    pub release: Option<Release>,
    /// The deployment under way.
    pub running: Option<DeploymentId>,
    /// How far that is.
    pub progress: Option<Progress>,
    /// When the state last changed, as far as the platform tells.
    pub changed_at: Option<Timestamp>,
    /// Instances.
    pub units: Option<Units>,
    /// CPU use in per cent of one instance's share.
    pub cpu_percent: Option<f32>,
    /// Memory use in per cent.
    pub memory_percent: Option<f32>,
    /// Where it answers.
    pub url: Option<Text>,
    /// The branch it is built from.
    pub branch: Option<Text>,
    /// What the next deployment would change.
    pub pending: Pending,
    /// Whether it has a runtime log at this moment.
    pub has_runtime_log: bool,
    /// When backups are taken, in the platform's words.
    pub backup_schedule: Option<Text>,
    /// When the next scheduled backup is due.
    pub next_backup_at: Option<Timestamp>,
    /// Whether it is asked for domains, services, jobs and their runs; not where another environment
    /// of its app tells the same.
    pub tells_lists: bool,
    /// Which version of its configuration this is; absent where the platform has no such thing.
    pub revision: Option<Revision>,
    /// More about it.
    pub details: Vec<Detail>,
}

impl Environment {
    /// An environment of which nothing is known but its name.
    #[must_use]
    pub fn new(id: EnvId, app: AppId, name: Text) -> Self {
        Self {
            id,
            app,
            name,
            is_synthetic: false,
            kind: None,
            class: None,
            status: Status::Unknown,
            reason: None,
            release: None,
            running: None,
            progress: None,
            changed_at: None,
            units: None,
            cpu_percent: None,
            memory_percent: None,
            url: None,
            branch: None,
            pending: Pending::default(),
            has_runtime_log: false,
            backup_schedule: None,
            next_backup_at: None,
            tells_lists: true,
            revision: None,
            details: Vec::new(),
        }
    }

    /// Whether it is asked something where no environment is named: not where another one of its app
    /// tells the same.
    #[must_use]
    pub fn tells(&self, query: &Query) -> bool {
        let by_app = matches!(
            query,
            Query::Domains(_) | Query::Services(_) | Query::Jobs(_) | Query::JobRuns(_)
        );
        // Environments that are made up share what only an app has.
        let shared = self.is_synthetic && matches!(query, Query::Variables(_));
        self.tells_lists || !(by_app || shared)
    }

    /// Its name among those of its app; where others are called the same, with what runs in it:
    /// `web/v12`.
    #[must_use]
    pub fn name_among<'a>(&self, all: impl IntoIterator<Item = &'a Self>) -> Text {
        let is_namesake =
            |it: &Self| it.id != self.id && it.app == self.app && it.name == self.name;
        let label = self.release.as_ref().map(|release| &release.label);
        match label.filter(|_| all.into_iter().any(is_namesake)) {
            Some(label) => Text::clean(&format!("{}/{label}", self.name)),
            None => self.name.clone(),
        }
    }
}
