//! Backups from the platform's storage to disk.
//!
//! A transfer is prepared as any other operation, once. Then each file is fetched by its link,
//! which is a secret of its own: no token goes along, and no event, failure or log shows it. What
//! is cut is gone on with; what cannot be proved to be the same file begins anew, and says so.
//! Files take their names together, when all of them are complete: until then the same request
//! finds what it has, in this run or another.

mod fetch;
mod judge;
mod names;
mod source;
mod teller;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use self::fetch::Fetch;
use self::source::{Source, Wanted, link};
use self::teller::{Ear, Teller};
use self::writer::Sealed;
use super::gate::Lane;
use super::record::Recorder;
use super::task::{Over, defect};
use super::{Clock, EngineEvent};
use crate::model::{
    Backup, Destination, DiskProblem, Download, DownloadRequest, Keep, Partial, Progress, Saved,
    Spot, Text, TransferEvent, TransferFailure, TransferPhase, TransferProblem, TransferTicket,
};
use crate::platforms::Platform;
use crate::platforms::http::storage::Storage;

/// Downloads a backup, and calls `progress` for every event, at most about ten times a second.
///
/// # Errors
/// Why not all of it is there, with what is: files that are complete, and files that the same
/// request goes on with.
pub async fn download(
    platform: Arc<dyn Platform>,
    request: DownloadRequest,
    keep: Arc<dyn Keep>,
    recorder: Arc<dyn Recorder>,
    clock: Clock,
    progress: &mut (dyn FnMut(&TransferEvent) + Send),
) -> Result<Vec<Saved>, TransferFailure> {
    let lane = Lane::alone(&platform.profile().rate);
    let mut run = Run {
        source: Source::new(platform, &lane, clock, &request, recorder),
        teller: Teller::new(TransferTicket(0), clock, Ear::Call(progress)),
        storage: Storage::default(),
        request,
        keep,
        kept: Vec::new(),
    };
    run.run().await
}

/// What a transfer of the dashboard needs.
pub(super) struct Carrying {
    pub(super) ticket: TransferTicket,
    pub(super) request: DownloadRequest,
    pub(super) keep: Arc<dyn Keep>,
    pub(super) recorder: Arc<dyn Recorder>,
    pub(super) platform: Arc<dyn Platform>,
    pub(super) lane: Lane,
    pub(super) events: mpsc::Sender<EngineEvent>,
    pub(super) clock: Clock,
    pub(super) over: Over,
}

/// Downloads a backup, telling the loop.
pub(super) async fn carry_out(carrying: Carrying) {
    let Carrying {
        ticket,
        request,
        keep,
        recorder,
        platform,
        lane,
        events,
        clock,
        over,
    } = carrying;
    let mut run = Run {
        source: Source::new(platform, &lane, clock, &request, recorder),
        teller: Teller::new(ticket, clock, Ear::Loop { events, over }),
        storage: Storage::default(),
        request,
        keep,
        kept: Vec::new(),
    };
    // It has told the loop.
    let _told = run.run().await;
}

/// What is reported of a transfer that panicked.
pub(super) fn broken(ticket: TransferTicket, clock: Clock) -> EngineEvent {
    let failure = TransferFailure {
        problem: broke(),
        saved: Vec::new(),
        kept: Vec::new(),
    };
    EngineEvent::Transfer(TransferEvent {
        ticket,
        at: clock(),
        phase: TransferPhase::Failed(Box::new(failure)),
        part: crate::model::PartProgress::default(),
        note: None,
    })
}

fn broke() -> TransferProblem {
    TransferProblem::Platform(defect("a download"))
}

struct Run<'a> {
    source: Source<'a>,
    teller: Teller<'a>,
    storage: Storage,
    request: DownloadRequest,
    keep: Arc<dyn Keep>,
    /// Partial files that hold something.
    kept: Vec<PathBuf>,
}

impl Run<'_> {
    async fn run(&mut self) -> Result<Vec<Saved>, TransferFailure> {
        let result = match self.fetch_all().await {
            Ok((sealed, missing)) => self.publish(sealed, missing).await,
            Err(problem) => Err(self.failure(problem, Vec::new())),
        };
        let last = match &result {
            Ok(saved) => TransferPhase::Done(saved.clone()),
            Err(failure) => TransferPhase::Failed(Box::new(failure.clone())),
        };
        self.teller.say(last, None).await;
        result
    }

    /// Everything that can be had, and what cannot.
    async fn fetch_all(&mut self) -> Result<(Vec<Sealed>, Vec<String>), TransferProblem> {
        self.teller
            .say(TransferPhase::Preparing(Progress::default()), None)
            .await;
        let backup = self.source.backup(&self.request).await?;
        // Before anything is asked for: what is in the way here is no reason to trouble a platform.
        let partials = self.open(&backup).await?;
        let download = self.source.prepare(&mut self.teller).await?;
        self.teller.part.count = partials.len();
        let (mut sealed, mut missing) = (Vec::new(), Vec::new());
        for (place, partial) in partials.into_iter().enumerate() {
            let part = &backup.parts[place];
            self.teller.part.number = place + 1;
            self.teller.part.name = part.service.clone();
            match self.fetch(&download, Wanted { place, part }, partial).await {
                Ok(done) => sealed.push(done),
                Err(TransferProblem::NotPrepared(why)) => {
                    missing.push(format!("{}: {why}", part.service));
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok((sealed, missing))
    }

    /// Takes all places, or none.
    async fn open(&mut self, backup: &Backup) -> Result<Vec<Box<dyn Partial>>, TransferProblem> {
        let spots = spots(&self.request, backup)?;
        let keep = Arc::clone(&self.keep);
        let opening = spawn_blocking(move || {
            let opened: Result<Vec<_>, _> = spots.iter().map(|spot| keep.open(spot)).collect();
            opened
        });
        let partials = opening.await.map_err(|_| broke())?;
        let partials = partials.map_err(TransferProblem::Disk)?;
        let begun = partials.iter().filter(|partial| partial.kept().0 > 0);
        self.kept = begun.map(|partial| partial.path().to_owned()).collect();
        Ok(partials)
    }

    async fn fetch(
        &mut self,
        download: &Download,
        wanted: Wanted<'_>,
        partial: Box<dyn Partial>,
    ) -> Result<Sealed, TransferProblem> {
        let link = link(download, wanted)?;
        let path = partial.path().to_owned();
        let fetch = Fetch::new(
            &self.storage,
            &mut self.source,
            &mut self.teller,
            wanted,
            link,
        );
        let fetched = fetch.run(partial).await;
        self.kept.retain(|kept| *kept != path);
        if fetched.has_bytes {
            self.kept.push(path);
        }
        fetched.result
    }

    /// Gives the files their names.
    async fn publish(
        &mut self,
        sealed: Vec<Sealed>,
        missing: Vec<String>,
    ) -> Result<Vec<Saved>, TransferFailure> {
        let mut saved = Vec::new();
        for file in sealed {
            let path = file.partial.path().to_owned();
            match spawn_blocking(move || publish(file)).await {
                Ok(Ok(file)) => {
                    self.kept.retain(|kept| *kept != path);
                    saved.push(file);
                }
                Ok(Err(problem)) => {
                    return Err(self.failure(TransferProblem::Disk(problem), saved));
                }
                Err(_) => return Err(self.failure(broke(), saved)),
            }
        }
        if missing.is_empty() {
            return Ok(saved);
        }
        let what = Text::clean(&missing.join("; "));
        let problem = if saved.is_empty() {
            TransferProblem::NotPrepared(what)
        } else {
            TransferProblem::Incomplete(what)
        };
        Err(self.failure(problem, saved))
    }

    fn failure(&self, problem: TransferProblem, saved: Vec<Saved>) -> TransferFailure {
        TransferFailure {
            problem,
            saved,
            kept: self.kept.clone(),
        }
    }
}

fn publish(sealed: Sealed) -> Result<Saved, DiskProblem> {
    let Sealed { partial, sha256 } = sealed;
    let (bytes, _) = partial.kept();
    let path = partial.publish()?;
    Ok(Saved {
        path,
        bytes,
        sha256,
    })
}

/// Where each part goes.
fn spots(request: &DownloadRequest, backup: &Backup) -> Result<Vec<Spot>, TransferProblem> {
    let spot = |part: &crate::model::BackupPart, path| Spot {
        path,
        backup: request.backup.clone(),
        part: part.id.clone(),
        overwrite: request.overwrite,
    };
    match (&request.to, backup.parts.as_slice()) {
        (Destination::File(path), [part]) => Ok(vec![spot(part, path.clone())]),
        (Destination::File(_), parts) => Err(TransferProblem::SeveralFiles(parts.len())),
        (Destination::Folder(folder), parts) => {
            let names = names::names(request.target.title.as_str(), backup.taken_at, parts);
            let paths = names.into_iter().map(|name| folder.join(name));
            Ok(parts
                .iter()
                .zip(paths)
                .map(|(it, at)| spot(it, at))
                .collect())
        }
    }
}
