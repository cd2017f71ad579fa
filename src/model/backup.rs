//! Backups, restores and prepared downloads.

use jiff::Timestamp;

use super::{
    BackupId, BackupPartId, Detail, DownloadId, EnvId, RestoreId, Secret, ServiceId, Text,
};

/// How far a backup is, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BackupState {
    /// Waits.
    Waiting,
    /// Is being taken.
    Working,
    /// Complete.
    Done,
    /// Ended with some parts missing.
    Partial,
    /// Ended with nothing usable.
    Failed,
    /// A word of the platform that flightdeck does not know: counted as in progress.
    Other(Text),
}

impl BackupState {
    /// Whether nothing more will happen. An unknown word is not an end.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Partial | Self::Failed)
    }
}

/// The part of a backup that belongs to one service.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupPart {
    /// Id.
    pub id: BackupPartId,
    /// Short name of the service.
    pub service: Text,
    /// Kind of the service, in the platform's words.
    pub kind: Option<Text>,
    /// The service it was taken from.
    pub of: Option<ServiceId>,
    /// Size in bytes.
    pub size_bytes: Option<u64>,
    /// What went wrong; empty when nothing did.
    pub errors: Vec<Text>,
    /// When it ended; absent while it runs.
    pub ended_at: Option<Timestamp>,
}

/// A restorable copy of an environment's data.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Id.
    pub id: BackupId,
    /// The environment it was taken from.
    pub environment: Option<EnvId>,
    /// State.
    pub state: BackupState,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
    /// Size in bytes; absent while unknown.
    pub size_bytes: Option<u64>,
    /// Ids of its parts, as the list names them.
    pub part_ids: Vec<BackupPartId>,
    /// Its parts, where they were read; empty before that.
    pub parts: Vec<BackupPart>,
    /// Notes of whoever took it.
    pub notes: Option<Text>,
    /// What started it, in the platform's words.
    pub trigger: Option<Text>,
    /// When the platform deletes it.
    pub expires_at: Option<Timestamp>,
    /// 0 to 100, where the platform tells.
    pub percent: Option<u8>,
    /// More about it.
    pub details: Vec<Detail>,
}

/// A restore under way or past.
#[derive(Clone, Debug, PartialEq)]
pub struct Restore {
    /// Id.
    pub id: RestoreId,
    /// What is restored.
    pub backup: Option<BackupId>,
    /// Where to.
    pub environment: Option<EnvId>,
    /// State.
    pub state: BackupState,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// What went wrong, by part.
    pub errors: Vec<Text>,
    /// Notes.
    pub notes: Option<Text>,
}

/// A download the platform prepares.
#[derive(Clone, Debug, PartialEq)]
pub struct Download {
    /// Id.
    pub id: DownloadId,
    /// One entry per part.
    pub parts: Vec<DownloadPart>,
}

impl Download {
    /// Whether every part has ended, well or badly.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| part.ended_at.is_some())
    }
}

/// One file of a prepared download.
#[derive(Clone, Debug, PartialEq)]
pub struct DownloadPart {
    /// The part of the backup.
    pub part: Option<BackupPartId>,
    /// Where to get it: a pre-signed link, which is a secret and expires.
    pub link: Option<Secret>,
    /// When preparing it ended; absent while it runs.
    pub ended_at: Option<Timestamp>,
    /// What went wrong.
    pub errors: Vec<Text>,
}

/// What a [`BackupPlan`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanKind {
    /// How long backups are kept.
    Retention,
    /// When backups are taken.
    Schedule,
}

/// A named retention or schedule that environments refer to by id.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupPlan {
    /// The platform's id.
    pub id: Text,
    /// Name.
    pub name: Text,
    /// Retention or schedule.
    pub kind: PlanKind,
    /// A sentence about it.
    pub description: Option<Text>,
}
