//! Which runs of flightdeck are still there.
//!
//! A run that has written an intent holds the lock of `runs/<run>.lock`, which the system takes
//! from it when it ends, however that happens. A file whose lock can be had belongs to a run that
//! is gone; it stays until all its operations are accounted for, so that a start without such
//! files needs to read nothing. All of this happens under the lock of the audit.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::folder;

const ENDING: &str = "lock";

/// A run, held by this process: its own, or a dead one whose operations it sees through.
#[derive(Debug)]
pub(super) struct Held {
    path: PathBuf,
    _file: File,
}

impl Held {
    /// Takes the file away: nothing of this run is left to find out.
    pub(super) fn forget(&self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(file = %self.path.display(), %error, "a run that is over stays listed");
        }
    }
}

/// What is known of a run.
#[derive(Debug)]
pub(super) enum Run {
    /// Some process holds it, or it cannot be told.
    Alive,
    /// Nobody holds it; now this process does.
    Dead(Held),
    /// It is not listed.
    Unlisted,
}

/// Lists a run as alive, for as long as what is given lives.
pub(super) fn begin(dir: &Path, run: &str) -> io::Result<Held> {
    let runs = dir.join("runs");
    folder::make(&runs)?;
    let path = file_of(dir, run);
    let file = folder::options().write(true).create(true).open(&path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::Error(error) => error,
        TryLockError::WouldBlock => io::ErrorKind::ResourceBusy.into(),
    })?;
    Ok(Held { path, _file: file })
}

/// Whether a run is alive; one that is not is held from now on.
pub(super) fn look(dir: &Path, run: &str) -> Run {
    let path = file_of(dir, run);
    let file = match folder::options().write(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Run::Unlisted,
        Err(_) => return Run::Alive,
    };
    match file.try_lock() {
        Ok(()) => Run::Dead(Held { path, _file: file }),
        Err(_) => Run::Alive,
    }
}

/// Every run that is listed.
pub(super) fn listed(dir: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(dir.join("runs")) else {
        return Vec::new();
    };
    let names = files.flatten().filter_map(|file| {
        let path = file.path();
        let is_run = path.extension().is_some_and(|it| it == ENDING);
        is_run.then(|| path.file_stem()?.to_str().map(str::to_owned))?
    });
    names.collect()
}

fn file_of(dir: &Path, run: &str) -> PathBuf {
    // A name out of a file: only what a run can be called leads to a path.
    let name: String = run.chars().filter(char::is_ascii_alphanumeric).collect();
    dir.join("runs").join(format!("{name}.{ENDING}"))
}
