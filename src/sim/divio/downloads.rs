//! Downloads of backups (contract section 7.3): prepared part by part, fetched without a token.

use serde_json::{Value, json};

use super::{
    backups,
    call::{Call, View},
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// A request to make parts of a backup available.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Download {
    backup: Key,
    pub(super) parts: Vec<Key>,
    created: Moment,
    /// Real seconds per part.
    seconds: f64,
    trigger: String,
}

/// Simulated seconds until a part is ready; parts follow one another.
const PART_SECONDS: f64 = 2.5;

impl Download {
    fn part_times(&self, part: usize) -> (Moment, Moment) {
        let place = f64::from(u32::try_from(part).unwrap_or(0));
        let at = |place: f64| self.created.plus(self.seconds * place);
        (at(place + 0.2), at(place + 1.0))
    }

    /// Whether the link of a part works.
    pub(super) fn ready(&self, part: usize, now: Moment) -> bool {
        self.part_times(part).1 <= now
    }
}

fn wire(world: &World, view: &View, ordinal: usize) -> Value {
    let download = &world.downloads[ordinal];
    json!({
        "uuid": world.root_id(Kind::Download, ordinal),
        "backup": download.backup.text(world.seed),
        "author": world.root_id(Kind::User, 0),
        "started_at": view.time(download.created),
        "trigger": download.trigger,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let backups = call.filter("backup", Kind::Backup);
    let items: Vec<usize> = (0..call.world.downloads.len())
        .rev()
        .filter(|n| Call::passes(backups.as_ref(), call.world.downloads[*n].backup))
        .collect();
    paging::page(call, &items, |n| wire(call.world, &call.view, *n))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Download)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let now = call.now();
    let mut form = call.form();
    let backup = form.reference("backup", Kind::Backup);
    let trigger = form.choice("trigger", true, &["MANUAL", "PULL"]);
    let parts = form.references("service_instance_backups", Kind::BackupPart);
    form.finish()?;
    let (backup, trigger, parts) = (present(backup)?, present(trigger)?, present(parts)?);
    check_parts(call.world, backup, &parts, now, "service_instance_backups")?;
    let ordinal = call.world.downloads.len();
    let seconds = PART_SECONDS / call.world.clock.speed();
    let download = Download {
        backup,
        parts,
        created: now,
        seconds,
        trigger: trigger.clone(),
    };
    call.world.downloads.push(download);
    if trigger == "MANUAL" {
        call.world
            .record(backup.parent, now, "ana", "download_link_mailed");
    }
    Ok(Reply::created(&json!({
        "uuid": call.world.root_id(Kind::Download, ordinal),
        "backup": backup.text(call.world.seed),
        "trigger": trigger,
    })))
}

/// Parts can be used if they belong to the backup and the backup is complete.
pub(super) fn check_parts(
    world: &World,
    backup: Key,
    parts: &[Key],
    now: Moment,
    field: &str,
) -> Result<(), Refusal> {
    let whole = backups::backup(world, backup.parent, backup.ordinal);
    if !whole.completed(now) {
        return Err(Refusal::field("backup", "This backup is not completed."));
    }
    let foreign = parts.iter().any(|part| {
        part.parent != backup.parent || backups::part_of(world, *part).0.ordinal != backup.ordinal
    });
    if foreign {
        return Err(Refusal::field(
            field,
            "This part belongs to another backup.",
        ));
    }
    Ok(())
}

fn part_wire(world: &World, view: &View, (ordinal, part): (usize, usize)) -> Value {
    let download = &world.downloads[ordinal];
    let (began, ended) = download.part_times(part);
    let at = |moment: Moment| view.maybe(Some(moment).filter(|moment| *moment <= view.now));
    let uuid = world.id(Kind::DownloadPart, ordinal, part);
    let ready = download.ready(part, view.now);
    let address = format!("{}/_storage/{uuid}?signature=sim", view.origin);
    json!({
        "uuid": uuid,
        "backup_download": world.root_id(Kind::Download, ordinal),
        "service_instance_backup": download.parts[part].text(world.seed),
        "download_url": ready.then_some(address),
        "queued_at": view.time(download.created),
        "started_at": at(began),
        "ended_at": at(ended),
        "errors": null,
    })
}

pub(super) fn list_parts(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let downloads = call.filter("backup_download", Kind::Download);
    let sources = call.filter("service_instance_backup", Kind::BackupPart);
    let mut items = Vec::new();
    for (ordinal, download) in world.downloads.iter().enumerate() {
        let wanted = Call::passes(downloads.as_ref(), Key::root(Kind::Download, ordinal));
        let parts = download.parts.iter().enumerate();
        let parts = parts.filter(|(_, key)| wanted && Call::passes(sources.as_ref(), **key));
        items.extend(parts.map(|(part, _)| (ordinal, part)));
    }
    paging::page(call, &items, |place| part_wire(world, &call.view, *place))
}

pub(super) fn get_part(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::DownloadPart)?;
    Ok(Reply::ok(&part_wire(
        call.world,
        &call.view,
        (key.parent, key.ordinal),
    )))
}
