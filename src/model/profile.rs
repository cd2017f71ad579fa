//! What is true of a platform before it is asked: name, words, limits, rhythm.

use std::time::Duration;

use super::catalogue::{Field, FieldKind};
use super::special::Special;
use super::{AppId, Capability, DeploymentScope, EnvId, LogSource};

/// The words a platform uses for its own things, singular and plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// "app", "application", "project".
    pub app: (&'static str, &'static str),
    /// "environment", "component", "process", "region".
    pub environment: (&'static str, &'static str),
    /// "deployment", "deploy".
    pub deployment: (&'static str, &'static str),
    /// "backup".
    pub backup: (&'static str, &'static str),
    /// "organisation", "team", "project".
    pub organisation: (&'static str, &'static str),
}

/// How many requests a platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePolicy {
    /// Requests a minute flightdeck allows itself; half of what the platform documents, or a
    /// modest figure where it documents nothing.
    pub per_minute: u32,
    /// How many may go at once after a quiet time.
    pub burst: u32,
    /// Requests under way at the same time.
    pub concurrent: usize,
    /// How many of the requests a minute the lists of everything may take: a list of many pages
    /// must leave room for what somebody looks at.
    pub lists_per_minute: u32,
}

/// How often things are asked for while they are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollHints {
    /// The list of apps.
    pub apps: Duration,
    /// The environments of all apps, or of the selected one.
    pub environments: Duration,
    /// The environments of the selected app, where they tell more when they are read by
    /// themselves than in the list of all (health, instances); absent where they do not.
    pub selected: Option<Duration>,
    /// The lists, while something is changing.
    pub changing: Duration,
    /// A deployment under way, and the list it belongs to.
    pub running: Duration,
    /// Deployments that are not under way, and backups.
    pub history: Duration,
    /// A backup under way.
    pub backup_running: Duration,
    /// Everything else.
    pub slow: Duration,
}

/// How a platform delivers log lines; the pane names the delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogDelivery {
    /// A stream: at once.
    Stream,
    /// Asked for again and again: late by up to this.
    Polled(Duration),
    /// Not at all.
    None,
}

/// How far back a platform tells what a runtime log had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogHistory {
    /// Any time that the platform still keeps.
    ByTime,
    /// The newest lines, at most so many.
    Newest(u32),
    /// Nothing but what a tail begins with; why, in a sentence without a full stop.
    None(&'static str),
}

/// A list that only one platform has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherKind {
    /// Its name on the command line: "pools".
    pub name: &'static str,
    /// What is in it, in a few words.
    pub about: &'static str,
}

/// A setting of a context that only one platform knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key in the configuration: "dialect".
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// The values it can have; empty where any text does.
    pub allowed: &'static [&'static str],
}

/// What a platform wants to know of an app that is to be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creation {
    /// What the name is, as a sentence without a full stop: "The slug of an app in the catalogue".
    pub name: &'static str,
    /// What else is asked for. The answers are the `inputs` of [`OperationKind::CreateApp`] under the
    /// names of their fields; those to a field of pairs are under their own names. Texts, choices and
    /// pairs only.
    ///
    /// [`OperationKind::CreateApp`]: super::OperationKind::CreateApp
    pub fields: &'static [Field],
}

impl Creation {
    /// A name, and whatever else the platform takes.
    pub const PLAIN: Self = Self {
        name: "Its name",
        fields: &[Field::new(
            "set",
            FieldKind::Pairs,
            "What else the platform wants to know",
        )
        .optional()],
    };
}

/// What is true of a platform before it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name used in configuration and targets: lower case, no blanks.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The platform's words.
    pub vocabulary: Vocabulary,
    /// Its limits.
    pub rate: RatePolicy,
    /// Its rhythm.
    pub poll: PollHints,
    /// How many entries of a history (deployments, activity, runs) are read: what costs little.
    pub history: u32,
    /// Whether all changes to the variables of an environment are one operation, because each
    /// operation would begin a deployment of its own.
    pub changes_variables_together: bool,
    /// Whether a restore makes something new beside what is there, instead of replacing it.
    pub restores_beside: bool,
    /// What the platform can be asked about before it is done; see [`Preview`](super::Preview).
    pub previews: &'static [Capability],
    /// Operations that no other platform has, in the order of menus.
    pub specials: &'static [&'static Special],
    /// Lists that no other platform has.
    pub others: &'static [OtherKind],
    /// What it wants to know of an app that is to be created.
    pub creation: Creation,
    /// Settings of a context that no other platform has.
    pub settings: &'static [Setting],
    /// What a context may name by `client_id` and `client_secret` in place of a token, in words: "a
    /// management client". The adapter exchanges them for one; absent where there is no such thing.
    pub client: Option<&'static str>,
    /// What is to be said of its lists of deployments, where they are not whole: a sentence without a
    /// full stop.
    pub deployments_note: Option<&'static str>,
    /// Whether a deployment belongs to one environment; otherwise to the whole app.
    pub deploys_environments: bool,
    /// How the log of a deployment comes.
    pub deployment_log: LogDelivery,
    /// How runtime logs come.
    pub runtime_log: LogDelivery,
    /// How far back they can be asked for.
    pub runtime_history: LogHistory,
    /// Where its API is unless configured otherwise.
    pub base_url: &'static str,
    /// Environment variables in which people keep its token, most specific first.
    pub token_variables: &'static [&'static str],
}

impl Profile {
    /// The operation of that name, if only this platform has it.
    #[must_use]
    pub fn special(&self, name: &str) -> Option<&'static Special> {
        let mut own = self.specials.iter().copied();
        own.find(|special| special.recipe.name == name)
    }

    /// Whose deployments tell what is released to an environment: its own, or those of its app.
    #[must_use]
    pub fn deployments_of(&self, app: &AppId, environment: &EnvId) -> DeploymentScope {
        if self.deploys_environments {
            DeploymentScope::Environment(environment.clone())
        } else {
            DeploymentScope::App(app.clone())
        }
    }

    /// How the lines of a log come.
    #[must_use]
    pub fn delivery(&self, source: &LogSource) -> LogDelivery {
        match source {
            LogSource::Deployment { .. } | LogSource::JobRun { .. } | LogSource::Event { .. } => {
                self.deployment_log
            }
            LogSource::Runtime { .. } | LogSource::Previous { .. } => self.runtime_log,
        }
    }
}
