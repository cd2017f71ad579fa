//! The platform's side of a download: what there is, and links that work for a while.

use std::sync::Arc;

use crate::engine::Clock;
use crate::engine::ask::{Asker, Silent};
use crate::engine::gate::Lane;
use crate::engine::operations::{Terms, run_in};
use crate::engine::record::Recorder;
use crate::model::{
    Backup, BackupPart, Download, DownloadId, DownloadPart, DownloadRequest, Failure, Follow,
    Operation, OperationKind, Progress, Secret, Stage, Text, TransferPhase, TransferProblem,
    Verdict,
};
use crate::platforms::{Answer, Platform};

use super::teller::Teller;

/// A part of a backup: where it stands among the others, and what the platform knows of it.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) place: usize,
    pub(super) part: &'a BackupPart,
}

/// Where links come from.
pub(super) struct Source<'a> {
    platform: Arc<dyn Platform>,
    lane: &'a Lane,
    clock: Clock,
    operation: Operation,
    terms: Terms,
    prepared: Option<DownloadId>,
    has_renewed: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        platform: Arc<dyn Platform>,
        lane: &'a Lane,
        clock: Clock,
        request: &DownloadRequest,
        recorder: Arc<dyn Recorder>,
    ) -> Self {
        let kind = OperationKind::PrepareDownload {
            backup: request.backup.clone(),
        };
        Self {
            platform,
            lane,
            clock,
            operation: Operation {
                target: request.target.clone(),
                kind,
            },
            terms: Terms::new(request.consent.clone(), recorder),
            prepared: None,
            has_renewed: false,
        }
    }

    /// The backup with its parts, once it is known that there is a way to them.
    pub(super) async fn backup(
        &self,
        request: &DownloadRequest,
    ) -> Result<Backup, TransferProblem> {
        let capability = self.operation.kind.capability();
        if let Some(reason) = self.platform.support(capability).refusal() {
            let failure = Failure::unsupported(capability, reason);
            return Err(TransferProblem::Platform(failure));
        }
        let backup = self
            .ask(|platform| platform.backup(&request.backup))
            .await?;
        if backup.parts.is_empty() {
            let why = Text::clean("the backup has no parts");
            return Err(TransferProblem::NotPrepared(why));
        }
        Ok(backup)
    }

    /// Has the platform make everything ready.
    pub(super) async fn prepare(
        &mut self,
        teller: &mut Teller<'_>,
    ) -> Result<Download, TransferProblem> {
        let mut follow = None;
        teller
            .say(TransferPhase::Preparing(Progress::default()), None)
            .await;
        let stage = run_in(
            self.lane,
            Arc::clone(&self.platform),
            self.operation.clone(),
            self.terms.clone(),
            self.clock,
            true,
            &mut |event| {
                follow.clone_from(&event.follow);
                if let Stage::Running(progress) = &event.stage {
                    teller.mention(TransferPhase::Preparing(progress.clone()));
                }
            },
        )
        .await;
        self.prepared = Some(prepared(stage, follow)?);
        self.look().await
    }

    /// A link for a part whose link `used` is refused: the platform is asked for its present one,
    /// and once, if that is no other, to prepare everything anew.
    pub(super) async fn renew(
        &mut self,
        wanted: Wanted<'_>,
        used: &Secret,
        may_look: bool,
        teller: &mut Teller<'_>,
    ) -> Result<Option<Secret>, TransferProblem> {
        if may_look {
            let link = link(&self.look().await?, wanted)?;
            if link != *used {
                return Ok(Some(link));
            }
        }
        if std::mem::replace(&mut self.has_renewed, true) {
            return Ok(None);
        }
        let download = self.prepare(teller).await?;
        link(&download, wanted).map(Some)
    }

    async fn look(&self) -> Result<Download, TransferProblem> {
        let Some(id) = &self.prepared else {
            let why = Text::clean("it was not prepared");
            return Err(TransferProblem::NotPrepared(why));
        };
        self.ask(|platform| platform.download(id)).await
    }

    async fn ask<'s, T>(
        &'s self,
        send: impl Fn(&'s dyn Platform) -> Answer<'s, T>,
    ) -> Result<T, TransferProblem> {
        let platform = self.platform.as_ref();
        let asker = Asker::visible(platform, self.lane, self.clock);
        let answer = asker.ask(&mut Silent, || send(platform)).await;
        answer.map_err(TransferProblem::Platform)
    }
}

/// What was prepared. Parts that could not be are seen in the download itself.
fn prepared(stage: Stage, follow: Option<Follow>) -> Result<DownloadId, TransferProblem> {
    match stage {
        Stage::Ended(Verdict::Done(_) | Verdict::Partly(_)) => {}
        Stage::Ended(Verdict::Failed(why)) => return Err(TransferProblem::NotPrepared(why)),
        Stage::Refused(failure) => return Err(TransferProblem::Platform(failure)),
        Stage::Unresolved(why) => return Err(TransferProblem::Unresolved(why)),
        Stage::Sending | Stage::Running(_) | Stage::Unknown(_) => {
            let why = Text::clean("preparing it did not end");
            return Err(TransferProblem::Unresolved(why));
        }
    }
    match follow {
        Some(Follow::Download(id)) => Ok(id),
        Some(Follow::Deployment(_) | Follow::Backup(_) | Follow::Restore(_) | Follow::Task(_))
        | None => {
            let why = Text::clean("the platform did not say under which name it prepared it");
            Err(TransferProblem::Unresolved(why))
        }
    }
}

/// The link of a part.
pub(super) fn link(download: &Download, wanted: Wanted<'_>) -> Result<Secret, TransferProblem> {
    let named = |it: &&DownloadPart| it.part.as_ref() == Some(&wanted.part.id);
    // Where the platform does not say which is which, they come in order.
    let in_order = || {
        download
            .parts
            .get(wanted.place)
            .filter(|it| it.part.is_none())
    };
    let found = download.parts.iter().find(named).or_else(in_order);
    let errors: Vec<&str> = found
        .iter()
        .flat_map(|it| it.errors.iter().map(Text::as_str))
        .collect();
    match found.and_then(|it| it.link.clone()) {
        Some(link) if errors.is_empty() => Ok(link),
        Some(_) | None => {
            let why = Text::non_empty(&errors.join("; "));
            let why = why.unwrap_or_else(|| Text::clean("the platform gives no link"));
            Err(TransferProblem::NotPrepared(why))
        }
    }
}
