//! Downloads of backups to disk: what is asked for, how it goes on, how it ends, and the words in
//! which whoever fetches talks to whoever keeps the bytes.
//!
//! No link and no secret is in any of these types.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{BackupId, BackupPartId, Consent, Failure, Progress, Target, Text};

/// The number of a transfer, unique for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferTicket(pub u64);

/// Where files go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// Into this folder, under names made from what they hold.
    Folder(PathBuf),
    /// To this file; only for a backup of one part.
    File(PathBuf),
}

/// A wish to have a backup on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct DownloadRequest {
    /// What the backup is of: for the operation that prepares it, and for the names of files.
    pub target: Target,
    /// The backup.
    pub backup: BackupId,
    /// Where to.
    pub to: Destination,
    /// Whether files of the same name are replaced, each in one step once the new one is complete.
    pub overwrite: bool,
    /// How somebody said yes to preparing it.
    pub consent: Consent,
}

/// A file of a backup, complete and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// How far the file is that is being fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartProgress {
    /// Which one it is, from 1; 0 before the first.
    pub number: usize,
    /// How many there are; 0 while that is not known.
    pub count: usize,
    /// The service it belongs to.
    pub name: Text,
    /// Bytes on this machine.
    pub done: u64,
    /// Bytes in all, where the storage says so.
    pub total: Option<u64>,
    /// Bytes a second, of late.
    pub rate: Option<u64>,
}

impl PartProgress {
    /// 0 to 100, where that is known.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        let total = self.total.filter(|total| *total > 0)?;
        let percent = u128::from(self.done.min(total)) * 100 / u128::from(total);
        u8::try_from(percent).ok()
    }
}

/// Where a transfer stands.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferPhase {
    /// The platform makes the files ready.
    Preparing(Progress),
    /// Bytes come.
    Fetching,
    /// Something went wrong on the way, and it goes on in a moment; why.
    Waiting(Text),
    /// All bytes are here; they are written out and compared with what the storage says of them.
    Checking,
    /// Every file is in its place.
    Done(Vec<Saved>),
    /// It ended without all of them.
    Failed(Box<TransferFailure>),
    /// Somebody changed their mind.
    Cancelled,
}

impl TransferPhase {
    /// Whether nothing more will be reported.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Done(_) | Self::Failed(_) | Self::Cancelled => true,
            Self::Preparing(_) | Self::Fetching | Self::Waiting(_) | Self::Checking => false,
        }
    }
}

/// What is said of a transfer. Every event repeats what is known, so the last one is enough.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferEvent {
    /// Which.
    pub ticket: TransferTicket,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub phase: TransferPhase,
    /// The file it is at.
    pub part: PartProgress,
    /// Something to know that is said once ("the file changed at the storage").
    pub note: Option<Text>,
}

/// Why a transfer ended without all files.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferFailure {
    /// What happened.
    pub problem: TransferProblem,
    /// Files that are complete all the same.
    pub saved: Vec<Saved>,
    /// Files with what has come so far. The same download goes on with them.
    pub kept: Vec<PathBuf>,
}

/// What happened to a transfer.
#[derive(Clone, Debug, PartialEq)]
pub enum TransferProblem {
    /// The platform did not answer, or refused.
    Platform(Failure),
    /// The platform could not prepare it; why.
    NotPrepared(Text),
    /// Preparing was asked for, and nobody knows what became of it.
    Unresolved(Text),
    /// A file was asked for by name, and the backup has so many.
    SeveralFiles(usize),
    /// The storage did not give the file, however often it was asked.
    Storage(Failure),
    /// The storage refuses the link, and a new one, too.
    LinkRefused(u16),
    /// What came is not what the storage said it has; what differs.
    Damaged(Text),
    /// Some files could not be prepared; which, and why.
    Incomplete(Text),
    /// This machine.
    Disk(DiskProblem),
}

impl TransferProblem {
    /// One line that says what happened.
    #[must_use]
    pub fn headline(&self) -> String {
        match self {
            Self::Platform(failure) => failure.headline(),
            Self::NotPrepared(why) => format!("the platform could not prepare it: {why}"),
            Self::Unresolved(why) => format!("outcome unknown: {why}"),
            Self::SeveralFiles(count) => {
                format!("the backup has {count} files, and one name was given")
            }
            Self::Storage(failure) => format!("the storage: {}", failure.headline()),
            Self::LinkRefused(status) => {
                format!("the storage refuses the link ({status}), and a fresh one, too")
            }
            Self::Damaged(what) => format!("the file is damaged: {what}"),
            Self::Incomplete(what) => format!("not all of it: {what}"),
            Self::Disk(problem) => problem.headline(),
        }
    }

    /// One line that says what to do.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Platform(failure) => failure.advice(),
            Self::NotPrepared(_) | Self::Incomplete(_) => {
                "look at the backup's parts on the platform, or take a new backup".into()
            }
            Self::Unresolved(_) => "download it again: a second preparation harms nothing".into(),
            Self::SeveralFiles(_) => "name a folder".into(),
            Self::Storage(_) => "download it again: it goes on where it ended".into(),
            Self::LinkRefused(_) => "download it again in a while".into(),
            Self::Damaged(_) => "move the partial file away and download it again".into(),
            Self::Disk(problem) => problem.advice().into(),
        }
    }
}

/// What is wrong with a place on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskProblem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub trouble: DiskTrouble,
}

/// What can be wrong with a place on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskTrouble {
    /// It exists already.
    Exists,
    /// It is left from something else.
    Foreign,
    /// Another download writes to it.
    Busy,
    /// There is no such folder.
    NoFolder,
    /// It may not be written.
    Denied,
    /// There is no room left.
    Full,
    /// What the system says.
    Other(Text),
}

impl DiskProblem {
    /// One line that says what happened.
    #[must_use]
    pub fn headline(&self) -> String {
        let path = Text::clean(&self.path.to_string_lossy());
        match &self.trouble {
            DiskTrouble::Exists => format!("{path} exists"),
            DiskTrouble::Foreign => format!("{path} is left from another download"),
            DiskTrouble::Busy => format!("{path} is being written by another download"),
            DiskTrouble::NoFolder => format!("there is no folder {path}"),
            DiskTrouble::Denied => format!("{path} may not be written"),
            DiskTrouble::Full => format!("no room left for {path}"),
            DiskTrouble::Other(what) => format!("{path}: {what}"),
        }
    }

    /// One line that says what to do.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.trouble {
            DiskTrouble::Exists | DiskTrouble::Foreign => "move it away, or choose another place",
            DiskTrouble::Busy => "wait until that has ended",
            DiskTrouble::NoFolder => "make it, or choose another place",
            DiskTrouble::Denied => "choose a place that is yours",
            DiskTrouble::Full => "make room and download it again: it goes on where it ended",
            DiskTrouble::Other(_) => "mend that, or choose another place",
        }
    }
}

impl fmt::Display for DiskProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())
    }
}

/// What the storage says of an object: by it is seen whether a second answer is about the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its size.
    pub total: Option<u64>,
    /// Its version, as the storage writes it (`ETag`).
    pub etag: Option<String>,
    /// When it was changed, as the storage writes it (`Last-Modified`).
    pub modified: Option<String>,
    /// Whether its bytes are compressed (`Content-Encoding: gzip`); they are kept as they are.
    pub is_gzip: bool,
}

/// One file to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where it will be; `.gz` is added if it turns out to be compressed.
    pub path: PathBuf,
    /// The backup it is of.
    pub backup: BackupId,
    /// The part of the backup.
    pub part: BackupPartId,
    /// Whether it may replace a file.
    pub overwrite: bool,
}

/// Keeps files while they come. Its methods block.
pub trait Keep: Send + Sync {
    /// Takes the spot: refuses if a file is in the way, if the folder cannot be written, if another
    /// download is at it; finds what an earlier run has left.
    ///
    /// # Errors
    /// What is wrong with the place. Nothing is changed then.
    fn open(&self, spot: &Spot) -> Result<Box<dyn Partial>, DiskProblem>;
}

/// A file that is not complete. Its methods block. Dropped, it stays as it is; one that never
/// began goes.
pub trait Partial: Send {
    /// Where it is meanwhile.
    fn path(&self) -> &Path;

    /// How many bytes it has, and what they are the beginning of.
    fn kept(&self) -> (u64, Option<Stored>);

    /// Forgets what it has, and begins with this object.
    ///
    /// # Errors
    /// What is wrong with the place.
    fn begin(&mut self, object: &Stored) -> Result<(), DiskProblem>;

    /// Adds bytes.
    ///
    /// # Errors
    /// What is wrong with the place; what was added before stays.
    fn add(&mut self, bytes: &[u8]) -> Result<(), DiskProblem>;

    /// Makes sure that what it has outlives a power cut; gives its SHA-256 in hexadecimal digits.
    ///
    /// # Errors
    /// What is wrong with the place.
    fn seal(&mut self) -> Result<String, DiskProblem>;

    /// It is not what it should be: it stays where it is, and nobody goes on with it.
    fn spoil(&mut self);

    /// Moves it to its place in one step. Replaces nothing unless that was asked for.
    ///
    /// # Errors
    /// What is wrong with the place; the partial file is still there then.
    fn publish(self: Box<Self>) -> Result<PathBuf, DiskProblem>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_a_share_only_where_the_whole_is_known() {
        let part = |done, total| PartProgress {
            done,
            total,
            ..PartProgress::default()
        };
        assert_eq!(part(41, Some(100)).percent(), Some(41));
        assert_eq!(part(u64::MAX, Some(u64::MAX)).percent(), Some(100));
        assert_eq!(part(7, Some(5)).percent(), Some(100));
        assert_eq!(part(7, Some(0)).percent(), None);
        assert_eq!(part(7, None).percent(), None);
    }

    #[test]
    fn every_problem_says_what_happened_and_what_to_do() {
        let disk = [
            DiskTrouble::Exists,
            DiskTrouble::Foreign,
            DiskTrouble::Busy,
            DiskTrouble::NoFolder,
            DiskTrouble::Denied,
            DiskTrouble::Full,
            DiskTrouble::Other(Text::clean("odd")),
        ];
        let disk = disk.map(|trouble| {
            TransferProblem::Disk(DiskProblem {
                path: "/a\u{1b}[2J/b".into(),
                trouble,
            })
        });
        let others = [
            TransferProblem::Platform(Failure::ReadOnly),
            TransferProblem::SeveralFiles(2),
            TransferProblem::LinkRefused(403),
            TransferProblem::Damaged(Text::clean("x")),
        ];
        for problem in disk.into_iter().chain(others) {
            for line in [problem.headline(), problem.advice()] {
                assert!(!line.is_empty(), "{problem:?}");
                assert!(!line.contains(['\n', '\u{1b}']), "{problem:?}");
            }
        }
    }
}
