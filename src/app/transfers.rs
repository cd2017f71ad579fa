//! Downloads of backups, under way and past.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::age::{Long, since};
use super::message::{Effect, Outcome};
use super::notices::Tone;
use super::state::State;
use crate::model::{
    BackupId, Consent, Destination, DownloadRequest, PartProgress, Progress, Saved, Status, Target,
    TransferEvent, TransferFailure, TransferPhase, TransferTicket,
};

/// How many are kept.
const KEPT: usize = 50;

/// One download.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number.
    pub ticket: TransferTicket,
    /// What the backup is of.
    pub target: Target,
    /// The backup.
    pub backup: BackupId,
    /// Where it stands.
    pub phase: TransferPhase,
    /// The file it is at.
    pub part: PartProgress,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The newest fifty, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Transfers {
    list: VecDeque<Entry>,
    last: u64,
}

impl Transfers {
    /// Those under way, oldest first.
    #[must_use]
    pub fn running(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.list.iter().filter(|entry| !entry.phase.is_final())
    }

    /// Those that ended, newest first.
    pub fn finished(&self) -> impl Iterator<Item = &Entry> {
        let newest_first = self.list.iter().rev();
        newest_first.filter(|entry| entry.phase.is_final())
    }

    /// Whether one is under way.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running().next().is_some()
    }

    fn begin(&mut self, target: Target, backup: BackupId, now: Timestamp) -> TransferTicket {
        if self.list.len() == KEPT {
            // What runs is never forgotten: the oldest finished one makes room.
            let oldest = self.list.iter().position(|entry| entry.phase.is_final());
            self.list.remove(oldest.unwrap_or(0));
        }
        self.last += 1;
        let ticket = TransferTicket(self.last);
        self.list.push_back(Entry {
            ticket,
            target,
            backup,
            phase: TransferPhase::Preparing(Progress::default()),
            part: PartProgress::default(),
            started_at: now,
            ended_at: None,
        });
        ticket
    }

    /// Applies what the engine says; absent if it is unknown or over.
    fn apply(&mut self, event: TransferEvent) -> Option<&Entry> {
        let mut running = self.list.iter_mut().filter(|it| !it.phase.is_final());
        let entry = running.find(|entry| entry.ticket == event.ticket)?;
        if event.phase.is_final() {
            entry.ended_at = Some(event.at);
        }
        entry.phase = event.phase;
        entry.part = event.part;
        Some(entry)
    }
}

/// Begins to download a backup into the folder flightdeck was started in. Whether that may be done
/// was asked before: it is an operation of the context ([`OperationKind::PrepareDownload`]).
///
/// [`OperationKind::PrepareDownload`]: crate::model::OperationKind::PrepareDownload
#[must_use]
pub fn begin(state: &mut State, target: Target, backup: BackupId, consent: Consent) -> Vec<Effect> {
    let same = |entry: &Entry| entry.target.context == target.context && entry.backup == backup;
    if state.transfers.running().any(same) {
        let text = format!("download {} is already under way", target.title);
        state.notices.say(state.now, Tone::Bad, text);
        return Vec::new();
    }
    let now = state.now;
    let ticket = state.transfers.begin(target.clone(), backup.clone(), now);
    let request = DownloadRequest {
        target,
        backup,
        to: Destination::Folder(PathBuf::from(".")),
        overwrite: false,
        consent,
    };
    vec![Effect::Download(ticket, request)]
}

/// Stops a download. What has come stays: the same download goes on with it.
#[must_use]
pub fn cancel(state: &mut State, ticket: TransferTicket) -> Vec<Effect> {
    let same = |entry: &&Entry| entry.ticket == ticket;
    let running = state.transfers.running().find(same);
    let part = running.map(|entry| entry.part.clone()).unwrap_or_default();
    let event = TransferEvent {
        ticket,
        at: state.now,
        phase: TransferPhase::Cancelled,
        part,
        note: None,
    };
    match state.transfers.apply(event).cloned() {
        Some(entry) => {
            tell_end(state, &entry);
            vec![Effect::CancelDownload(ticket)]
        }
        None => Vec::new(),
    }
}

/// The engine says how a download goes on.
pub(super) fn event(state: &mut State, event: TransferEvent, outcome: &mut Outcome) {
    let note = event.note.clone();
    let Some(entry) = state.transfers.apply(event).cloned() else {
        return;
    };
    outcome.redraw = true;
    if entry.phase.is_final() {
        tell_end(state, &entry);
    } else if let Some(note) = note {
        let text = format!("download {}: {note}", entry.target.title);
        state.notices.say(state.now, Tone::Info, text);
    }
}

fn tell_end(state: &mut State, entry: &Entry) {
    let what = format!("download {}", entry.target.title);
    let at = entry.ended_at.unwrap_or(state.now);
    let took = Long(since(entry.started_at, at));
    let (tone, status, text) = match &entry.phase {
        TransferPhase::Done(saved) => (
            Tone::Good,
            Status::Live,
            format!("{what} done in {took}: {}", places(saved)),
        ),
        TransferPhase::Failed(failure) => (
            Tone::Bad,
            Status::Failed,
            format!("{what} FAILED: {}", told(failure)),
        ),
        TransferPhase::Cancelled => (
            Tone::Info,
            Status::Stopped,
            format!("{what} cancelled; what has come stays for the next time"),
        ),
        TransferPhase::Preparing(_)
        | TransferPhase::Fetching
        | TransferPhase::Waiting(_)
        | TransferPhase::Checking => return,
    };
    state.tell_end(at, tone, status, &text);
}

fn places(saved: &[Saved]) -> String {
    match saved {
        [one] => one.path.to_string_lossy().into_owned(),
        [first, ..] => {
            let folder = first.path.parent().unwrap_or(Path::new("."));
            format!("{} files in {}", saved.len(), folder.display())
        }
        [] => "nothing".into(),
    }
}

fn told(failure: &TransferFailure) -> String {
    let problem = &failure.problem;
    let mut text = format!("{}; {}", problem.headline(), problem.advice());
    if let Some(path) = failure.kept.first() {
        text = format!("{text} (so far: {})", path.display());
    }
    text
}
