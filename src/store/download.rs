//! Files that come piece by piece: `NAME.part` until they are complete, `NAME` from then on.
//!
//! Beside the partial file is a small one, `NAME.part.json`, that says what it is the beginning of:
//! another run goes on with it only if that agrees. Neither holds a link or a secret. A file that
//! exists is never touched, unless that was asked for, and then in one step.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempPath};

use crate::model::{DiskProblem, DiskTrouble, Keep, Partial, Spot, Stored, Text};

/// Grows when an older flightdeck would misread the file beside a partial one.
const SCHEMA: u32 = 1;

/// What is read at once of a partial file.
const PIECE: usize = 256 * 1024;

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

/// What a partial file is the beginning of.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Label {
    schema: u32,
    backup: String,
    part: String,
    total: Option<u64>,
    etag: Option<String>,
    modified: Option<String>,
    gzip: bool,
}

struct Part {
    spot: Spot,
    file: File,
    path: PathBuf,
    bytes: u64,
    hash: Context,
    object: Option<Stored>,
    is_published: bool,
}

impl Keep for Disk {
    fn open(&self, spot: &Spot) -> Result<Box<dyn Partial>, DiskProblem> {
        let mut spot = spot.clone();
        spot.path = std::path::absolute(&spot.path).map_err(problem(&spot.path))?;
        refuse_what_is_there(&spot)?;
        let path = with(&spot.path, ".part");
        let file = open(&path)?;
        let mut part = Part {
            spot,
            file,
            path,
            bytes: 0,
            hash: Context::new(&SHA256),
            object: None,
            is_published: false,
        };
        if let Err(problem) = part.go_on() {
            // It is somebody else's, whatever it holds.
            part.is_published = true;
            return Err(problem);
        }
        Ok(Box::new(part))
    }
}

impl Part {
    /// Takes over what an earlier run has left.
    fn go_on(&mut self) -> Result<(), DiskProblem> {
        let length = self.file.metadata().map_err(problem(&self.path))?.len();
        if length == 0 {
            return Ok(());
        }
        let label = fs::read(self.label()).ok();
        let label = label.and_then(|text| serde_json::from_slice::<Label>(&text).ok());
        let label = label.filter(|label| {
            label.schema == SCHEMA
                && label.backup == self.spot.backup.as_str()
                && label.part == self.spot.part.as_str()
        });
        let Some(label) = label else {
            return Err(trouble(&self.path, DiskTrouble::Foreign));
        };
        self.object = Some(Stored {
            total: label.total,
            etag: label.etag,
            modified: label.modified,
            is_gzip: label.gzip,
        });
        private(&self.file).map_err(problem(&self.path))?;
        self.read_back().map_err(problem(&self.path))
    }

    /// The checksum is of all bytes: those that are there are read once more.
    fn read_back(&mut self) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            match self.file.read(&mut piece)? {
                0 => return Ok(()),
                count => {
                    let read = piece.get(..count).unwrap_or_default();
                    self.hash.update(read);
                    self.bytes += read.len() as u64;
                }
            }
        }
    }

    fn label(&self) -> PathBuf {
        with(&self.path, ".json")
    }

    fn write_label(&self, object: &Stored) -> io::Result<()> {
        let label = Label {
            schema: SCHEMA,
            backup: self.spot.backup.as_str().to_owned(),
            part: self.spot.part.as_str().to_owned(),
            total: object.total,
            etag: object.etag.clone(),
            modified: object.modified.clone(),
            gzip: object.is_gzip,
        };
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &label)?;
        file.write_all(b"\n")?;
        file.persist(self.label())?;
        Ok(())
    }

    fn target(&self) -> PathBuf {
        let is_gzip = self.object.as_ref().is_some_and(|object| object.is_gzip);
        if is_gzip {
            zipped(&self.spot.path)
        } else {
            self.spot.path.clone()
        }
    }

    /// In one step, so that nobody sees a half of it and no file of that name is lost.
    fn rename(&self, target: &Path) -> Result<(), DiskProblem> {
        if self.spot.overwrite {
            return fs::rename(&self.path, target).map_err(problem(target));
        }
        let path = TempPath::try_from_path(&self.path).map_err(problem(&self.path))?;
        path.persist_noclobber(target).map_err(|refused| {
            let error = refused.error;
            // Or it would be removed.
            let _kept = refused.path.keep();
            problem(target)(error)
        })
    }
}

impl Partial for Part {
    fn path(&self) -> &Path {
        &self.path
    }

    fn kept(&self) -> (u64, Option<Stored>) {
        (self.bytes, self.object.clone())
    }

    fn begin(&mut self, object: &Stored) -> Result<(), DiskProblem> {
        self.bytes = 0;
        self.hash = Context::new(&SHA256);
        self.object = Some(object.clone());
        // First the file: an empty one belongs to nobody, whatever the label says.
        let emptied = self.file.set_len(0);
        emptied
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .and_then(|_| self.write_label(object))
            .map_err(problem(&self.path))
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), DiskProblem> {
        if let Err(error) = self.file.write_all(bytes) {
            // A piece of a piece would not be in the checksum.
            let _best_effort = self.file.set_len(self.bytes);
            return Err(problem(&self.path)(error));
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    fn seal(&mut self) -> Result<String, DiskProblem> {
        self.file.sync_all().map_err(problem(&self.path))?;
        let digest = self.hash.clone().finish();
        let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
        Ok(digits.collect())
    }

    fn spoil(&mut self) {
        // Without its label it is the beginning of nothing.
        let _gone = fs::remove_file(self.label());
    }

    fn publish(mut self: Box<Self>) -> Result<PathBuf, DiskProblem> {
        let target = self.target();
        self.rename(&target)?;
        self.is_published = true;
        let _gone = fs::remove_file(self.label());
        // The name must outlive a power cut, too; not every system lets a folder be opened.
        let folder = target.parent().and_then(|folder| File::open(folder).ok());
        let _best_effort = folder.map(|folder| folder.sync_all());
        Ok(target)
    }
}

/// One that never began goes.
impl Drop for Part {
    fn drop(&mut self) {
        if self.bytes == 0 && !self.is_published {
            let _gone = (fs::remove_file(&self.path), fs::remove_file(self.label()));
        }
    }
}

/// A file of that name, or of the name it has if it turns out to be compressed.
fn refuse_what_is_there(spot: &Spot) -> Result<(), DiskProblem> {
    for path in [spot.path.clone(), zipped(&spot.path)] {
        if let Ok(found) = fs::symlink_metadata(&path)
            && !(spot.overwrite && found.is_file())
        {
            return Err(trouble(&path, DiskTrouble::Exists));
        }
    }
    Ok(())
}

/// Opens a partial file, new or not, for this process alone.
fn open(path: &Path) -> Result<File, DiskProblem> {
    // A link or a pipe of that name is not ours.
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(trouble(path, DiskTrouble::Foreign));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(problem(path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(trouble(path, DiskTrouble::Busy)),
        // Some network file systems have no locks.
        Err(TryLockError::Error(error)) => tracing::debug!(%error, "a partial file is not locked"),
    }
    // Between opening and locking another process may have completed it: then this is no partial
    // file any more.
    let (ours, there) = (file.metadata(), fs::symlink_metadata(path));
    match (ours, there) {
        (Ok(ours), Ok(there)) if is_same(&ours, &there) => Ok(file),
        _ => Err(trouble(path, DiskTrouble::Busy)),
    }
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    // An open file is not renamed there.
    true
}

/// Only its owner reads a backup.
#[cfg(unix)]
fn private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn private(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The same path with something at its end.
fn with(path: &Path, end: &str) -> PathBuf {
    let mut path = OsString::from(path);
    path.push(end);
    path.into()
}

fn zipped(path: &Path) -> PathBuf {
    let is_named_so = path.extension().is_some_and(|it| it == "gz" || it == "tgz");
    if is_named_so {
        path.to_owned()
    } else {
        with(path, ".gz")
    }
}

fn trouble(path: &Path, trouble: DiskTrouble) -> DiskProblem {
    DiskProblem {
        path: path.to_owned(),
        trouble,
    }
}

/// What errors mean.
const TROUBLES: &[(io::ErrorKind, DiskTrouble)] = &[
    (io::ErrorKind::AlreadyExists, DiskTrouble::Exists),
    (io::ErrorKind::NotFound, DiskTrouble::NoFolder),
    (io::ErrorKind::NotADirectory, DiskTrouble::NoFolder),
    (io::ErrorKind::PermissionDenied, DiskTrouble::Denied),
    (io::ErrorKind::ReadOnlyFilesystem, DiskTrouble::Denied),
    (io::ErrorKind::StorageFull, DiskTrouble::Full),
    (io::ErrorKind::QuotaExceeded, DiskTrouble::Full),
];

/// What an error means for a path.
fn problem(path: &Path) -> impl FnOnce(io::Error) -> DiskProblem {
    move |error| {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let known = TROUBLES.iter().find(|(kind, _)| *kind == error.kind());
        let other = || DiskTrouble::Other(Text::clean(&error.to_string()));
        let found = known.map_or_else(other, |(_, found)| found.clone());
        let is_folder = found == DiskTrouble::NoFolder;
        trouble(folder.filter(|_| is_folder).unwrap_or(path), found)
    }
}

#[cfg(test)]
mod tests;
