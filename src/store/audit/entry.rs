//! What the audit tells about one operation: how it was asked for, and how it ended.

use jiff::Timestamp;

use crate::model::catalogue::Value;
use crate::model::{
    AppId, BackupId, Class, DeploymentId, DownloadId, EnvId, Follow, IntentId, RestoreId, Safety,
    Text,
};

/// One operation, as the audit knows it. All words are cleaned and without secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number in the audit.
    pub id: IntentId,
    /// When it was asked for: just before it was sent.
    pub at: Timestamp,
    /// Who asked.
    pub by: Author,
    /// Where.
    pub context: AuditContext,
    /// What: the name of its row in the catalogue (`set-var`).
    pub operation: Text,
    /// Its inputs by field, in the order of the catalogue. A secret is there as a mark only.
    pub inputs: Vec<(Text, Value)>,
    /// On what.
    pub target: AuditTarget,
    /// How often it may be sent.
    pub safety: Safety,
    /// Which tier of confirmation it took.
    pub tier: u8,
    /// How it was confirmed: "y in the dialog".
    pub confirmed: Text,
    /// What was known before: label and value.
    pub before: Vec<(Text, Text)>,
    /// What was newest before, in the adapter's notation.
    pub witness: Option<String>,
    /// What is followed, once the platform took it.
    pub follow: Option<Follow>,
    /// How it ended; absent while it is under way, or when nobody wrote it down.
    pub end: Option<End>,
    /// Whether the process that asked for it is still there. Only meaningful without an end.
    pub is_running: bool,
    /// Whether something of the same group was asked for on the same target later: then reading
    /// cannot tell what became of this one.
    pub is_superseded: bool,
}

impl Entry {
    /// Whether nobody knows how it ended, and nobody is at it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.end.is_none() && !self.is_running
    }

    /// What became of it, in a word: that of its [`Outcome`], `running` or `open`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match &self.end {
            Some(end) => end.outcome.word(),
            None if self.is_running => "running",
            None => "open",
        }
    }

    /// The value of an input for people. Secrets were never there.
    #[must_use]
    pub fn input(value: &Value) -> Text {
        value.words()
    }
}

/// Who asked for an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account on this machine.
    pub user: Text,
    /// The machine.
    pub host: Text,
    /// The process.
    pub pid: u32,
    /// The run of flightdeck: unlike a process number never given twice.
    pub run: Text,
}

/// Where an operation was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditContext {
    /// The name of the context.
    pub name: Text,
    /// Its platform.
    pub platform: Text,
    /// Scheme, host and port of its API.
    pub base: Text,
}

/// What an operation acts on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditTarget {
    /// The app; absent for what concerns a whole context.
    pub app: Option<AppId>,
    /// The environment; absent for what concerns a whole app.
    pub environment: Option<EnvId>,
    /// `app/environment`, in names.
    pub title: Text,
    /// How much it mattered.
    pub class: Option<Class>,
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// When it was written down.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// The same in words.
    pub words: Text,
    /// The id under which the platform's support finds the request.
    pub request_id: Option<Text>,
    /// What was known after: label and value.
    pub after: Vec<(Text, Text)>,
    /// Who found out, if it was a later run of flightdeck.
    pub resolved_by: Option<Author>,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As wished.
    Done,
    /// Ended with some parts missing.
    Partly,
    /// Failed on the platform.
    Failed,
    /// It did not happen.
    Refused,
    /// The platform took it, and nobody waited for its end.
    Accepted,
    /// It was sent, and nobody knows what became of it.
    Unresolved,
    /// A word of a newer flightdeck.
    Other,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Done,
        Self::Partly,
        Self::Failed,
        Self::Refused,
        Self::Accepted,
        Self::Unresolved,
    ];

    /// Its word, in the file, in JSON and on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Unresolved => "unresolved",
            Self::Other => "other",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|it| it.word() == word);
        known.unwrap_or(Self::Other)
    }
}

/// What is followed, as two words: what kind of thing, and its id on the platform.
#[must_use]
pub fn follow_words(follow: &Follow) -> (&'static str, String) {
    match follow {
        Follow::Deployment(id) => ("deployment", id.as_str().to_owned()),
        Follow::Backup(id) => ("backup", id.as_str().to_owned()),
        Follow::Restore(id) => ("restore", id.as_str().to_owned()),
        Follow::Download(id) => ("download", id.as_str().to_owned()),
        Follow::Task(task) => ("task", task.to_string()),
    }
}

/// The reverse.
pub(super) fn follow_of(what: &str, id: &str) -> Option<Follow> {
    Some(match what {
        "deployment" => Follow::Deployment(DeploymentId::new(id)),
        "backup" => Follow::Backup(BackupId::new(id)),
        "restore" => Follow::Restore(RestoreId::new(id)),
        "download" => Follow::Download(DownloadId::new(id)),
        "task" => Follow::Task(Text::clean(id)),
        _ => return None,
    })
}
