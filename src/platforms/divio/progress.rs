//! Seeing accepted operations through to their end.
//!
//! Source: Divio contract, sections 7 and 8.

use std::time::Duration;

use super::api::Api;
use super::paths::Op;
use super::{map, wire};
use crate::model::{
    BackupState, Capability, Download, DownloadId, Failure, Follow, Followed, Phase, Progress,
    Text, Verdict,
};

/// How often a deployment is looked at; the vendor's client does the same.
pub(super) const DEPLOYMENT_EVERY: Duration = Duration::from_secs(3);

/// How often backups, restores and downloads are looked at.
const BACKUP_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn follow(api: &Api, what: &Follow) -> Result<Followed, Failure> {
    match what {
        Follow::Deployment(id) => deployment(api, id.as_str()).await,
        Follow::Backup(id) => backup(api, id.as_str()).await,
        Follow::Restore(id) => restore(api, id.as_str()).await,
        Follow::Download(id) => Ok(prepared(&download(api, id).await?)),
        Follow::Task(_) => Err(Failure::unsupported(
            Capability::Deploy,
            "Divio has no tasks to follow",
        )),
    }
}

/// A prepared download with its parts, each with its link once it is ready.
pub(super) async fn download(api: &Api, id: &DownloadId) -> Result<Download, Failure> {
    let filters = [("backup_download", id.as_str())];
    let parts: Vec<wire::DownloadPart> = api
        .all(Op::ListBackupDownloadServiceInstances, &filters)
        .await?;
    Ok(Download {
        id: id.clone(),
        parts: parts.into_iter().map(map::download_part).collect(),
    })
}

async fn deployment(api: &Api, id: &str) -> Result<Followed, Failure> {
    let record: wire::Deployment = api.get(Op::GetDeployment, id).await?;
    let deployment = map::deployment(&record, None);
    let reason = deployment.reason;
    let verdict = deployment.phase.is_final().then(|| {
        if deployment.phase == Phase::Succeeded {
            return Verdict::Done(None);
        }
        Verdict::Failed(reason.unwrap_or_else(|| Text::clean("the deployment failed")))
    });
    Ok(Followed {
        progress: deployment.progress,
        verdict,
        again_in: DEPLOYMENT_EVERY,
    })
}

async fn backup(api: &Api, id: &str) -> Result<Followed, Failure> {
    let record: wire::Backup = api.get(Op::GetBackup, id).await?;
    let backup = map::backup(&record);
    let verdict = match backup.state {
        BackupState::Done => Some(Verdict::Done(None)),
        BackupState::Partial | BackupState::Failed => {
            let ids = record
                .service_instance_backups
                .as_deref()
                .unwrap_or_default();
            let parts: Vec<wire::BackupPart> =
                api.by_ids(Op::ListServiceInstanceBackups, ids).await?;
            let errors: Vec<_> = parts
                .iter()
                .flat_map(|part| map::lines(&part.errors))
                .collect();
            Some(bad(&backup.state, &errors, "the backup failed"))
        }
        BackupState::Waiting | BackupState::Working | BackupState::Other(_) => None,
    };
    Ok(looked(record.state.as_deref(), verdict))
}

async fn restore(api: &Api, id: &str) -> Result<Followed, Failure> {
    let record: wire::BackupRestore = api.get(Op::GetBackupRestore, id).await?;
    let restore = map::restore(&record);
    let verdict = match restore.state {
        BackupState::Done => Some(Verdict::Done(None)),
        BackupState::Partial | BackupState::Failed => {
            let ids = record
                .service_instance_backup_restores
                .as_deref()
                .unwrap_or_default();
            let parts: Vec<wire::RestorePart> = api
                .by_ids(Op::ListServiceInstanceBackupRestores, ids)
                .await?;
            let errors: Vec<_> = parts
                .iter()
                .flat_map(|part| map::lines(&part.errors))
                .collect();
            Some(bad(&restore.state, &errors, "the restore failed"))
        }
        BackupState::Waiting | BackupState::Working | BackupState::Other(_) => None,
    };
    Ok(looked(None, verdict))
}

/// A download is over when every part has ended; before its parts are listed it has just begun.
fn prepared(download: &Download) -> Followed {
    let all = download.parts.len();
    let ended = download
        .parts
        .iter()
        .filter(|part| part.ended_at.is_some())
        .count();
    let failed: Vec<_> = download
        .parts
        .iter()
        .filter(|part| !part.errors.is_empty())
        .collect();
    let errors: Vec<Text> = failed.iter().flat_map(|part| part.errors.clone()).collect();
    let verdict = download.is_ready().then(|| match failed.len() {
        0 => Verdict::Done(Some(Text::clean(&format!("{all} files are ready")))),
        bad_parts if bad_parts < all => bad(&BackupState::Partial, &errors, ""),
        _ => bad(&BackupState::Failed, &errors, ""),
    });
    let mut followed = looked(None, verdict);
    if let (Ok(ended), Ok(all)) = (u32::try_from(ended), u32::try_from(all))
        && all > 0
    {
        followed.progress.steps = Some((ended, all));
    }
    followed
}

fn bad(state: &BackupState, errors: &[Text], otherwise: &str) -> Verdict {
    let errors: Vec<&str> = errors.iter().map(Text::as_str).collect();
    let why = Text::non_empty(&errors.join("; "));
    if *state == BackupState::Partial {
        return Verdict::Partly(why.unwrap_or_else(|| Text::clean("some parts are missing")));
    }
    Verdict::Failed(why.unwrap_or_else(|| Text::clean(otherwise)))
}

fn looked(word: Option<&str>, verdict: Option<Verdict>) -> Followed {
    Followed {
        progress: Progress {
            label: word.and_then(Text::non_empty).filter(|_| verdict.is_none()),
            ..Progress::default()
        },
        verdict,
        again_in: BACKUP_EVERY,
    }
}
