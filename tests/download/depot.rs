//! A platform with one backup, and a folder to have it in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use flightdeck::engine::download;
use flightdeck::model::{
    Accepted, Backup, BackupId, BackupPart, BackupPartId, BackupState, Capability, Consent,
    ContextId, Destination, Download, DownloadId, DownloadPart, DownloadRequest, Failure, Follow,
    Followed, Keep, Operation, Profile, Progress, Revision, Saved, Secret, Support, TailRequest,
    Target, Text, TransferEvent, TransferFailure, Verdict,
};
use flightdeck::platforms::{Answer, Output, Platform, Tail, divio};
use flightdeck::store::download::Disk;
use jiff::Timestamp;
use tempfile::TempDir;

use super::nobody::Nobody;
use super::storage::{Object, Storage};

/// A platform with one backup.
pub(crate) struct Depot {
    pub(crate) storage: Storage,
    inner: Mutex<Inner>,
}

#[derive(Default)]
pub(crate) struct Inner {
    /// Services, and what went wrong with preparing each.
    pub(crate) services: Vec<(&'static str, Option<&'static str>)>,
    /// How often it was asked to prepare it.
    pub(crate) prepared: usize,
    /// How often it was asked for links.
    pub(crate) looked: usize,
    /// Whether links are new whenever one looks.
    pub(crate) signs_anew: bool,
    /// Another link than the storage's own.
    pub(crate) link: Option<String>,
}

impl Depot {
    pub(crate) fn with(object: Object, services: &[&'static str]) -> Arc<Self> {
        let inner = Inner {
            services: services.iter().map(|name| (*name, None)).collect(),
            ..Inner::default()
        };
        Arc::new(Self {
            storage: Storage::start(object),
            inner: Mutex::new(inner),
        })
    }

    /// A backup of one database.
    pub(crate) fn of(bytes: &[u8]) -> Arc<Self> {
        Self::with(Object::new(bytes.to_vec()), &["DATABASE"])
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(crate) fn prepared(&self) -> usize {
        self.inner().prepared
    }

    fn links(&self) -> Download {
        let mut inner = self.inner();
        inner.looked += 1;
        let number = if inner.signs_anew {
            inner.looked
        } else {
            inner.prepared
        };
        let part = |(name, error): &(&'static str, Option<&'static str>)| DownloadPart {
            part: Some(BackupPartId::new(name)),
            link: error.is_none().then(|| {
                let own = || self.storage.link(&format!("{name}/{number}"));
                Secret::new(inner.link.clone().unwrap_or_else(own))
            }),
            ended_at: Some(Timestamp::UNIX_EPOCH),
            errors: error.iter().map(|why| Text::clean(why)).collect(),
        };
        Download {
            id: DownloadId::new("d"),
            parts: inner.services.iter().map(part).collect(),
        }
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> Answer<'a, T> {
    Box::pin(async move { Ok(value) })
}

impl Platform for Depot {
    fn profile(&self) -> &'static Profile {
        &divio::PROFILE
    }

    fn support(&self, _capability: Capability) -> Support {
        Support::Yes
    }

    fn backup<'a>(&'a self, id: &'a BackupId) -> Answer<'a, Backup> {
        let parts = self.inner().services.clone().into_iter();
        let parts = parts.map(|(name, _)| BackupPart {
            id: BackupPartId::new(name),
            service: Text::clean(name),
            kind: Some(Text::clean(name)),
            of: None,
            size_bytes: None,
            errors: Vec::new(),
            ended_at: None,
        });
        ready(Backup {
            id: id.clone(),
            environment: None,
            state: BackupState::Done,
            taken_at: "2026-03-01T14:00:00Z".parse().ok(),
            size_bytes: None,
            part_ids: Vec::new(),
            parts: parts.collect(),
            notes: None,
            trigger: None,
            expires_at: None,
            percent: None,
            details: Vec::new(),
        })
    }

    fn download<'a>(&'a self, _id: &'a DownloadId) -> Answer<'a, Download> {
        ready(self.links())
    }

    fn tail(&self, _request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        Err(Failure::Cancelled)
    }

    fn operate<'a>(
        &'a self,
        _operation: &'a Operation,
        _seen: Option<&'a Revision>,
        _output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        self.inner().prepared += 1;
        ready(Accepted {
            follow: Some(Follow::Download(DownloadId::new("d"))),
            ..Accepted::default()
        })
    }

    fn follow<'a>(&'a self, _what: &'a Follow) -> Answer<'a, Followed> {
        ready(Followed {
            progress: Progress::default(),
            verdict: Some(Verdict::Done(None)),
            again_in: Duration::ZERO,
        })
    }
}

/// A folder to download into.
pub(crate) struct Here {
    folder: TempDir,
}

impl Here {
    pub(crate) fn new() -> Self {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What there is, and how large it is.
    pub(crate) fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn request(&self) -> DownloadRequest {
        DownloadRequest {
            target: target(),
            backup: BackupId::new("b1"),
            to: Destination::Folder(self.folder.path().to_owned()),
            overwrite: false,
            consent: Consent::default(),
        }
    }

    /// Downloads, with all that is said meanwhile.
    pub(crate) async fn download(
        &self,
        platform: &Arc<Depot>,
    ) -> (Result<Vec<Saved>, TransferFailure>, Vec<TransferEvent>) {
        run(platform, self.request(), Arc::new(Disk)).await
    }
}

/// The name of the one file of a backup of one database.
pub(crate) const FILE: &str = "shop-live-20260301T140000Z-DATABASE.dump";

pub(crate) async fn run(
    platform: &Arc<Depot>,
    request: DownloadRequest,
    keep: Arc<dyn Keep>,
) -> (Result<Vec<Saved>, TransferFailure>, Vec<TransferEvent>) {
    let mut events = Vec::new();
    let mut hear = |event: &TransferEvent| events.push(event.clone());
    let platform = Arc::clone(platform) as Arc<dyn Platform>;
    let (recorder, clock) = (Arc::new(Nobody), || Timestamp::UNIX_EPOCH);
    let result = download(platform, request, keep, recorder, clock, &mut hear).await;
    (result, events)
}

pub(crate) fn target() -> Target {
    Target {
        context: ContextId(0),
        app: None,
        environment: None,
        title: Text::clean("shop/live"),
        class: None,
    }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Bytes of which no two stretches are alike.
pub(crate) fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let byte = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..size).map(byte).collect()
}

/// What is said once, in order.
pub(crate) fn notes(events: &[TransferEvent]) -> Vec<String> {
    let notes = events.iter().filter_map(|event| event.note.as_ref());
    notes.map(ToString::to_string).collect()
}
