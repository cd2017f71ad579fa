//! Accounts, organisations and apps.

use jiff::Timestamp;

use super::{AppId, Capability, Class, Detail, OrgId, Release, Revision, Status, Text};

/// Who a credential belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// A name to show: an e-mail address, a team, a label.
    pub name: Text,
    /// More about it.
    pub details: Vec<Detail>,
}

/// An organisation, team or project group.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// Id.
    pub id: OrgId,
    /// Name.
    pub name: Text,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A remarkable condition of an app, shown as a short word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Badge {
    /// Suspended by the platform.
    Suspended,
    /// Under maintenance.
    Maintenance,
    /// A copy that follows another app.
    Mirror,
    /// Locked against changes.
    Locked,
    /// Pinned to a rolled-back deployment.
    Pinned,
    /// Must be migrated.
    MigrationNeeded,
    /// A word of the platform's own.
    Other(Text),
}

/// An app: what a team calls one thing it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Id.
    pub id: AppId,
    /// The short name people type: a slug where there is one.
    pub name: Text,
    /// A longer title, if it differs from the name.
    pub title: Option<Text>,
    /// The organisation it belongs to.
    pub organisation: Option<OrgId>,
    /// What the platform says of the app as a whole; [`Status::Unknown`] where only its
    /// environments have a state.
    pub status: Status,
    /// Why, in a few words.
    pub reason: Option<Text>,
    /// The platform's own class, where it has one.
    pub class: Option<Class>,
    /// What is released, where the platform says so of the app.
    pub release: Option<Release>,
    /// Where it answers.
    pub url: Option<Text>,
    /// Remarkable conditions.
    pub badges: Vec<Badge>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Which version of its configuration this is; absent where the platform has no such thing.
    pub revision: Option<Revision>,
    /// What others of its platform have and this one has not, each with the reason.
    pub lacks: &'static [(Capability, &'static str)],
    /// More about it.
    pub details: Vec<Detail>,
}

impl App {
    /// An app of which nothing is known but its name.
    #[must_use]
    pub fn new(id: AppId, name: Text) -> Self {
        Self {
            id,
            name,
            title: None,
            organisation: None,
            status: Status::Unknown,
            reason: None,
            class: None,
            release: None,
            url: None,
            badges: Vec::new(),
            created_at: None,
            revision: None,
            lacks: &[],
            details: Vec::new(),
        }
    }

    /// Why this app has not what others of its platform have; absent where it does.
    #[must_use]
    pub fn refusal(&self, capability: Capability) -> Option<&'static str> {
        let mut lacks = self.lacks.iter();
        let found = lacks.find(|(lacked, _)| *lacked == capability);
        found.map(|(_, reason)| *reason)
    }

    /// Whether it is held at an earlier deployment until that is kept or undone.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.badges.contains(&Badge::Pinned)
    }

    /// The name that the platform shows, which is the one that it compares and that renaming
    /// changes.
    #[must_use]
    pub fn shown_name(&self) -> &Text {
        self.title.as_ref().unwrap_or(&self.name)
    }
}
