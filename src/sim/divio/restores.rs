//! Restores of backups (contract section 7.4).

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    downloads::check_parts,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// A restore of parts of a backup into the environment they come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Restore {
    backup: Key,
    pub(super) parts: Vec<Key>,
    created: Moment,
    /// Real seconds it takes.
    seconds: f64,
    notes: String,
}

/// Simulated seconds of a restore.
const USUAL_SECONDS: f64 = 6.0;

impl Restore {
    fn part_times(&self, part: usize) -> (Moment, Moment) {
        let count = f64::from(u32::try_from(self.parts.len()).unwrap_or(1));
        let place = f64::from(u32::try_from(part).unwrap_or(0));
        let at = |place: f64| {
            self.created
                .plus(self.seconds * (0.1 + 0.9 * place / count))
        };
        (at(place), at(place + 1.0))
    }

    fn finished(&self, now: Moment) -> bool {
        self.created.plus(self.seconds) <= now
    }
}

fn wire(world: &World, view: &View, ordinal: usize) -> Value {
    let restore = &world.restores[ordinal];
    let finished = restore.finished(view.now);
    let parts = (0..restore.parts.len()).map(|part| world.id(Kind::RestorePart, ordinal, part));
    json!({
        "uuid": world.root_id(Kind::Restore, ordinal),
        "environment": world.root_id(Kind::Environment, restore.backup.parent),
        "backup": restore.backup.text(world.seed),
        "org_membership": world.root_id(Kind::User, 0),
        "started_at": view.time(restore.created),
        "trigger": 1,
        "finished": finished,
        "success": finished.then_some("SUCCESS"),
        "notes": restore.notes,
        "service_instance_backup_restores": parts.collect::<Vec<String>>(),
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let environments = call.filter("environment", Kind::Environment);
    let owner = |n: usize| Key::root(Kind::Environment, call.world.restores[n].backup.parent);
    let items: Vec<usize> = (0..call.world.restores.len())
        .rev()
        .filter(|n| Call::passes(environments.as_ref(), owner(*n)))
        .collect();
    paging::page(call, &items, |n| wire(call.world, &call.view, *n))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Restore)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    const FIELD: &str = "service_instance_restores";
    let now = call.now();
    let mut form = call.form();
    let backup = form.reference("backup", Kind::Backup);
    let items = form.list(FIELD).unwrap_or_default();
    let mut parts = Vec::new();
    for item in &items {
        let part = item.get("service_instance_backup").unwrap_or(&Value::Null);
        parts.extend(form.resolve(FIELD, part, Kind::BackupPart));
    }
    let notes = form.free_text("notes", 255).unwrap_or_default();
    form.finish()?;
    let backup = present(backup)?;
    call.world.may_change_environment(backup.parent)?;
    check_parts(call.world, backup, &parts, now, FIELD)?;
    let ordinal = call.world.restores.len();
    let seconds = USUAL_SECONDS / call.world.clock.speed();
    let restore = Restore {
        backup,
        parts,
        created: now,
        seconds,
        notes: notes.clone(),
    };
    call.world.restores.push(restore);
    call.world
        .announce(backup.parent, now, "restore of a backup started");
    call.world
        .record(backup.parent, now, "ana", "restore_started");
    Ok(Reply::created(&json!({
        "uuid": call.world.root_id(Kind::Restore, ordinal),
        "backup": backup.text(call.world.seed),
        "notes": notes,
    })))
}

fn part_wire(world: &World, view: &View, (ordinal, part): (usize, usize)) -> Value {
    let restore = &world.restores[ordinal];
    let (began, ended) = restore.part_times(part);
    let at = |moment: Moment| view.maybe(Some(moment).filter(|moment| *moment <= view.now));
    json!({
        "uuid": world.id(Kind::RestorePart, ordinal, part),
        "backup_restore": world.root_id(Kind::Restore, ordinal),
        "service_instance_backup": restore.parts[part].text(world.seed),
        "service_instance": null,
        "queued_at": view.time(restore.created),
        "started_at": at(began),
        "ended_at": at(ended),
        "errors": if ended <= view.now { json!([]) } else { Value::Null },
    })
}

pub(super) fn list_parts(call: &mut Call<'_>) -> Outcome {
    let restores = call.filter("backup_restore", Kind::Restore);
    let mut items = Vec::new();
    for (ordinal, restore) in call.world.restores.iter().enumerate() {
        if Call::passes(restores.as_ref(), Key::root(Kind::Restore, ordinal)) {
            items.extend((0..restore.parts.len()).map(|part| (ordinal, part)));
        }
    }
    paging::page(call, &items, |place| {
        part_wire(call.world, &call.view, *place)
    })
}

pub(super) fn get_part(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::RestorePart)?;
    Ok(Reply::ok(&part_wire(
        call.world,
        &call.view,
        (key.parent, key.ordinal),
    )))
}
