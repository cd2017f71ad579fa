//! Backups, restores, prepared downloads, and the catalogues of plans.
//!
//! Source: Divio contract, section 7.2 to 7.4.

use crate::model::{
    Backup, BackupId, BackupPart, BackupPartId, BackupPlan, BackupState, DownloadPart, EnvId,
    PlanKind, Restore, RestoreId, ServiceId, Text,
};
use crate::platforms::details::{Details, text};
use crate::platforms::divio::wire::{self, Lines, Loose};

pub(in crate::platforms::divio) fn backup(wire: &wire::Backup) -> Backup {
    Backup {
        id: BackupId::new(&wire.uuid),
        environment: wire.environment.as_deref().map(EnvId::new),
        state: backup_state(&wire.state, &wire.success),
        taken_at: *wire.created,
        size_bytes: *wire.size,
        part_ids: part_ids(wire),
        parts: Vec::new(),
        notes: text(&wire.notes),
        trigger: text(&wire.trigger),
        expires_at: *wire.scheduled_for_deletion_at,
        percent: None,
        details: Details::default()
            .word("Result", &wire.success)
            .word("Member", &wire.org_membership)
            .text(
                "Tags",
                wire.tags
                    .as_ref()
                    .and_then(|tags| Text::non_empty(&tags.join(", "))),
            )
            .done(),
    }
}

/// The result may be filled in before the end; it counts from `COMPLETED` on. An unknown state is
/// in progress.
fn backup_state(state: &Loose<String>, success: &Loose<String>) -> BackupState {
    match state.as_deref() {
        Some("COMPLETED") => result(success),
        Some("WAITING") | None => BackupState::Waiting,
        Some("WORKING") => BackupState::Working,
        Some(word) => BackupState::Other(Text::clean(word)),
    }
}

/// Good is only `SUCCESS`. What ended with a word nobody knows is not good, and not nothing.
fn result(success: &Loose<String>) -> BackupState {
    match success.as_deref() {
        Some("SUCCESS") => BackupState::Done,
        Some("FAILURE") | None => BackupState::Failed,
        Some(_) => BackupState::Partial,
    }
}

fn part_ids(wire: &wire::Backup) -> Vec<BackupPartId> {
    let ids = wire.service_instance_backups.iter().flatten();
    ids.map(BackupPartId::new).collect()
}

pub(in crate::platforms::divio) fn backup_part(wire: &wire::BackupPart) -> BackupPart {
    let kind = text(&wire.service_type);
    BackupPart {
        id: BackupPartId::new(&wire.uuid),
        service: text(&wire.service_prefix)
            .or_else(|| kind.clone())
            .unwrap_or_else(|| Text::clean(&wire.uuid)),
        kind,
        of: wire.service_instance.as_deref().map(ServiceId::new),
        size_bytes: *wire.size,
        errors: lines(&wire.errors),
        ended_at: *wire.ended_at,
    }
}

pub(in crate::platforms::divio) fn restore(wire: &wire::BackupRestore) -> Restore {
    Restore {
        id: RestoreId::new(&wire.uuid),
        backup: wire.backup.as_deref().map(BackupId::new),
        environment: wire.environment.as_deref().map(EnvId::new),
        state: match *wire.finished {
            Some(true) => result(&wire.success),
            Some(false) | None => BackupState::Working,
        },
        started_at: *wire.started_at,
        errors: Vec::new(),
        notes: text(&wire.notes),
    }
}

pub(in crate::platforms::divio) fn download_part(wire: wire::DownloadPart) -> DownloadPart {
    DownloadPart {
        part: wire
            .service_instance_backup
            .as_deref()
            .map(BackupPartId::new),
        errors: lines(&wire.errors),
        ended_at: *wire.ended_at,
        link: wire.download_url.0,
    }
}

pub(in crate::platforms::divio) fn plan(
    wire: &wire::BackupConfiguration,
    kind: PlanKind,
) -> BackupPlan {
    BackupPlan {
        id: Text::clean(&wire.uuid),
        name: text(&wire.name)
            .or_else(|| text(&wire.identifier))
            .unwrap_or_else(|| Text::clean(&wire.uuid)),
        kind,
        description: text(&wire.short_description),
    }
}

/// What went wrong.
pub(in crate::platforms::divio) fn lines(lines: &Loose<Lines>) -> Vec<Text> {
    let lines = lines.iter().flat_map(|lines| &lines.0);
    lines.filter_map(|line| Text::non_empty(line)).collect()
}
