//! `get backups`.

use std::cmp::Reverse;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::BackupItem;
use super::super::table::{Cell, Column, column, wide};
use super::super::target::Target;
use super::super::words;
use super::Listed;
use super::select::{self, EnvPlace};
use crate::model::{Backup, Query};

impl Listed for BackupItem {
    const KIND: &'static str = "backups";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.state, it.platform_word.as_deref()),
                it.state.into(),
            )
        }),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("TAKEN", |it| Cell::Age(it.taken_at)),
        column("SIZE", |it| Cell::Bytes(it.size_bytes)),
        column("SERVICES", |it| Cell::Text(it.services.to_string())),
        column("TRIGGER", |it| Cell::maybe(it.trigger.as_deref())),
        column("EXPIRES", |it| Cell::Age(it.expires_at)),
        column("NOTES", |it| Cell::maybe(it.notes.as_deref())),
        column("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The backups of what a target means, newest first.
pub(super) async fn backups(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<BackupItem>, CliError> {
    let places = select::environments(fleet, target).await?;
    let question = |it: &EnvPlace| (it.place.context, Query::Backups(it.environment.id.clone()));
    let questions = places.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    let mut items = Vec::new();
    for (place, pages) in places.iter().zip(answers) {
        items.extend(pages.backups().iter().map(|it| item(fleet, place, it)));
    }
    items.sort_by_key(|it| Reverse((it.taken_at.is_none(), it.taken_at)));
    Ok(items)
}

fn item(fleet: &Fleet, place: &EnvPlace, backup: &Backup) -> BackupItem {
    let (state, platform_word) = words::backup(&backup.state);
    BackupItem {
        context: place.context(fleet),
        app: place.app(),
        environment: place.name(),
        id: backup.id.to_text().to_string(),
        state,
        platform_word,
        taken_at: backup.taken_at,
        size_bytes: backup.size_bytes,
        services: backup.parts.len().max(backup.part_ids.len()),
        notes: words::text(backup.notes.as_ref()),
        trigger: words::text(backup.trigger.as_ref()),
        expires_at: backup.expires_at,
        percent: backup.percent,
    }
}
