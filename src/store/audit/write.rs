//! Writing: what one run of flightdeck says.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use thiserror::Error;

use super::chain::{GENESIS, digest, random};
use super::entry::{AuditContext, Entry};
use super::folder::{self, CURRENT, Folder, push};
use super::lines::{end_line, follow_line, intent_line};
use super::open::Unfinished;
use super::read;
use super::record::{AcceptedLine, By, Event};
use super::redact::Hidden;
use super::runs::{self, Held};
use crate::model::catalogue::secrets_of;
use crate::model::{Consent, Ended, Follow, IntentId, Operation, Safety, Secret, Witness};

/// Who runs flightdeck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The account on this machine.
    pub user: String,
    /// The machine.
    pub host: String,
}

/// What is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What.
    pub operation: &'a Operation,
    /// What happens when it is sent twice, on this platform.
    pub safety: Safety,
    /// How it was confirmed.
    pub consent: &'a Consent,
    /// What is newest before.
    pub witness: &'a Witness,
    /// Where.
    pub context: &'a AuditContext,
}

/// Why nothing could be written.
#[derive(Debug, Error)]
pub enum AuditError {
    /// There is no place for it.
    #[error("there is no home folder to keep the audit in")]
    Nowhere,
    /// The place does not take it.
    #[error("the audit {} cannot be written: {error}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// The audit, as this run of flightdeck writes it. Every call may wait for other processes and for
/// the disk.
#[derive(Debug)]
pub struct Audit {
    place: Place,
    by: By,
    clock: fn() -> Timestamp,
    begun: Mutex<Begun>,
    hidden: Hidden,
}

#[derive(Debug)]
enum Place {
    Folder { dir: PathBuf, limit: u64 },
    Memory(Mutex<Memory>),
    Nowhere,
}

#[derive(Debug)]
struct Memory {
    lines: String,
    last: (u64, String),
}

/// What this run has begun.
#[derive(Debug, Default)]
struct Begun {
    count: u64,
    /// What of it has not ended, and the secrets in it.
    open: HashMap<IntentId, Vec<Secret>>,
    held: Option<Held>,
}

impl Audit {
    /// Keeps the audit in `dir`, which is made when there is something to write.
    #[must_use]
    pub fn in_folder(dir: PathBuf, who: Who, clock: fn() -> Timestamp) -> Self {
        let limit = folder::LIMIT;
        Self::new(Place::Folder { dir, limit }, who, clock)
    }

    /// Keeps the audit for as long as it lives: for a world that is nobody's.
    #[must_use]
    pub fn in_memory(who: Who, clock: fn() -> Timestamp) -> Self {
        let memory = Memory {
            lines: String::new(),
            last: (0, GENESIS.to_owned()),
        };
        Self::new(Place::Memory(Mutex::new(memory)), who, clock)
    }

    /// Writes nothing and says so: where there is no place for an audit, nothing may be changed.
    #[must_use]
    pub fn nowhere(who: Who, clock: fn() -> Timestamp) -> Self {
        Self::new(Place::Nowhere, who, clock)
    }

    fn new(place: Place, who: Who, clock: fn() -> Timestamp) -> Self {
        let pid = std::process::id();
        // Without randomness the process and the time must do.
        let run = random().unwrap_or_else(|| {
            let all = digest(format!("{pid} {} {who:?}", clock()).as_bytes());
            all.chars().take(16).collect()
        });
        let by = By {
            at: clock(),
            run,
            pid,
            user: who.user,
            host: who.host,
        };
        Self {
            place,
            by,
            clock,
            begun: Mutex::default(),
            hidden: Hidden::default(),
        }
    }

    /// Writes none of these, whatever it is told.
    #[must_use]
    pub fn hiding(mut self, hidden: Hidden) -> Self {
        self.hidden = hidden;
        self
    }

    /// The same with files of another size.
    #[cfg(test)]
    pub(super) fn rotating_at(mut self, bytes: u64) -> Self {
        if let Place::Folder { limit, .. } = &mut self.place {
            *limit = bytes;
        }
        self
    }

    /// Writes that something is about to be sent. It is on the disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written: then nothing may be sent.
    pub fn intent(&self, asked: Asked<'_>) -> Result<IntentId, AuditError> {
        let secrets = secrets_of(&asked.operation.kind);
        let redactor = self.hidden.redactor(&secrets);
        let id = {
            let mut begun = self.begun();
            begun.count += 1;
            IntentId(format!("{}-{}", self.by.run, begun.count))
        };
        let event = Event::Intent(Box::new(intent_line(&id, asked, &redactor)));
        self.append(event, true)?;
        self.begun().open.insert(id.clone(), secrets);
        Ok(id)
    }

    /// Writes that the platform took it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn accepted(&self, id: &IntentId, follow: &Follow) -> Result<(), AuditError> {
        let accepted = AcceptedLine {
            intent: id.0.clone(),
            follow: follow_line(follow),
        };
        self.append(Event::Accepted(accepted), false)
    }

    /// Writes how it ended.
    ///
    /// # Errors
    /// If it cannot be written; then a later run finds out how it ended.
    pub fn ended(&self, id: &IntentId, ended: &Ended) -> Result<(), AuditError> {
        let secrets = self.begun().open.get(id).cloned().unwrap_or_default();
        let redactor = self.hidden.redactor(&secrets);
        self.append(Event::End(end_line(id, ended, &redactor)), false)?;
        self.begun().open.remove(id);
        Ok(())
    }

    /// Writes what was found out about an operation of a run that is gone.
    ///
    /// # Errors
    /// If it cannot be written; then it stays open.
    pub fn resolved(&self, open: Unfinished, ended: &Ended) -> Result<(), AuditError> {
        let line = end_line(&open.entry.id, ended, &self.hidden.redactor(&[]));
        self.append(Event::Resolved(line), false)?;
        open.settle();
        Ok(())
    }

    /// The operations in it, as [`super::read()`] gives them.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn entries(&self, since: Option<Timestamp>) -> io::Result<Vec<Entry>> {
        match &self.place {
            Place::Folder { dir, .. } => read::read(dir, since),
            Place::Memory(memory) => {
                let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(read::of_lines(&memory.lines, since))
            }
            Place::Nowhere => Ok(Vec::new()),
        }
    }

    fn append(&self, event: Event, safely: bool) -> Result<(), AuditError> {
        let by = By {
            at: (self.clock)(),
            ..self.by.clone()
        };
        match &self.place {
            Place::Folder { dir, limit } => {
                let written = self.append_in(dir, *limit, by, event, safely);
                written.map_err(|error| AuditError::Io {
                    file: dir.join(CURRENT),
                    error,
                })
            }
            Place::Memory(memory) => {
                let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                let Memory { lines, last } = &mut *memory;
                *last = push(lines, last.clone(), by, event).map_err(|error| AuditError::Io {
                    file: CURRENT.into(),
                    error,
                })?;
                Ok(())
            }
            Place::Nowhere => Err(AuditError::Nowhere),
        }
    }

    fn append_in(
        &self,
        dir: &Path,
        limit: u64,
        by: By,
        event: Event,
        safely: bool,
    ) -> io::Result<()> {
        let folder = Folder::lock(dir, limit)?;
        // Listed as alive before its first intent can be read by anybody.
        let mut begun = self.begun();
        if begun.held.is_none() && matches!(event, Event::Intent(_)) {
            begun.held = Some(runs::begin(dir, &self.by.run)?);
        }
        drop(begun);
        folder.append(by, event, safely)
    }

    fn begun(&self) -> MutexGuard<'_, Begun> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Audit {
    /// A run that leaves something open stays listed, so that the next one finds out about it.
    fn drop(&mut self) {
        let mut begun = self.begun();
        let held = begun.held.take();
        if let Some(held) = held.filter(|_| begun.open.is_empty()) {
            held.forget();
        }
    }
}
