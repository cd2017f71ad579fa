//! Backups and their parts (contract sections 5.6 and 7.2).

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    environment::Profile,
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    services::{SERVICES, State},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// A backup of some services of one environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Backup {
    pub(super) environment: usize,
    pub(super) ordinal: usize,
    pub(super) created: Moment,
    /// Real seconds it takes.
    seconds: f64,
    /// Ordinals of the service instances.
    pub(super) instances: Vec<usize>,
    notes: String,
    scheduled: bool,
    deletion: Option<Moment>,
    fate: Fate,
    size: u64,
}

/// How a backup ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Success,
    /// The last part fails.
    Partial,
    Failure,
    /// It is in a state nobody has documented.
    Odd,
}

/// Parts of a backup are numbered within the environment: so many for each backup.
const PARTS: usize = 16;
/// Simulated seconds of a backup.
const USUAL_SECONDS: f64 = 8.0;
/// Share of the whole after which it works, and after which `success` is already filled in.
const WORKING_FROM: f64 = 0.15;
const SUCCESS_FROM: f64 = 0.9;
const DAY: f64 = 86_400.0;

impl Backup {
    fn ended(&self, now: Moment) -> Option<Moment> {
        Some(self.created.plus(self.seconds)).filter(|end| *end <= now)
    }

    /// Whether it can be restored and downloaded.
    pub(super) fn completed(&self, now: Moment) -> bool {
        self.fate != Fate::Odd && self.ended(now).is_some()
    }

    fn state(&self, now: Moment) -> &'static str {
        match (self.fate, now.since(self.created) / self.seconds) {
            (Fate::Odd, _) => "VERIFYING",
            (_, share) if share < WORKING_FROM => "WAITING",
            (_, share) if share < 1.0 => "WORKING",
            _ => "COMPLETED",
        }
    }

    fn success(&self, now: Moment) -> Option<&'static str> {
        if now.since(self.created) / self.seconds < SUCCESS_FROM {
            return None;
        }
        match self.fate {
            Fate::Success => Some("SUCCESS"),
            Fate::Partial => Some("PARTIAL"),
            Fate::Failure => Some("FAILURE"),
            Fate::Odd => None,
        }
    }

    /// When a part begins and ends: one after another.
    fn part_times(&self, part: usize) -> (Moment, Moment) {
        let count = f64::from(u32::try_from(self.instances.len()).unwrap_or(1));
        let place = f64::from(u32::try_from(part).unwrap_or(0));
        let at = |place: f64| {
            let share = WORKING_FROM + (1.0 - WORKING_FROM) * place / count;
            self.created.plus(self.seconds * share)
        };
        (at(place), at(place + 1.0))
    }

    fn errors(&self, part: usize) -> Value {
        match self.fate {
            Fate::Partial if part + 1 == self.instances.len() => {
                json!([
                    "storage: 3 objects could not be read",
                    "media/2024/cover.jpg: timeout"
                ])
            }
            Fate::Failure => json!("connection to the database was refused"),
            Fate::Success => Value::Null,
            Fate::Partial | Fate::Odd => json!([]),
        }
    }

    /// Bytes of a part.
    pub(super) fn part_size(&self, part: usize) -> u64 {
        if part == 0 {
            self.size
        } else {
            self.size / 16 + 2_000
        }
    }
}

/// How many backups an environment has.
pub(super) fn count(world: &World, environment: usize) -> usize {
    past_count(world, environment) + world.environments[environment].taken.len()
}

fn past_count(world: &World, environment: usize) -> usize {
    let about = &world.environments[environment];
    match about.production {
        _ if about.past == 0 => 0,
        true => 14,
        false => Dice::new(world.seed, &[15, environment as u64]).below(4) as usize,
    }
}

/// Whether a part with this ordinal belongs to one of the backups.
pub(super) fn has_part(world: &World, environment: usize, ordinal: usize) -> bool {
    ordinal / PARTS < count(world, environment)
        && ordinal % PARTS < backup(world, environment, ordinal / PARTS).instances.len()
}

/// A backup by its ordinal, counted from the oldest.
pub(super) fn backup(world: &World, environment: usize, ordinal: usize) -> Backup {
    let past = past_count(world, environment);
    match ordinal.checked_sub(past) {
        Some(since) => world.environments[environment].taken[since].clone(),
        None => past_backup(world, environment, ordinal, past - 1 - ordinal),
    }
}

/// A backup from before the start: daily ones for live environments, a few by hand for others.
fn past_backup(world: &World, environment: usize, ordinal: usize, rank: usize) -> Backup {
    let mut dice = Dice::new(world.seed, &[16, environment as u64, ordinal as u64]);
    let about = &world.environments[environment];
    let overdue = about.profile == Profile::Overdue;
    let days = f64::from(u32::try_from(rank).unwrap_or(0));
    let age = match (about.production, overdue) {
        // The newest failed, and the one before is the last good one.
        (true, true) => (8.0 + days) * DAY,
        (true, false) => (0.2 + days) * DAY,
        (false, _) => (3.0 + 11.0 * days) * DAY,
    };
    let live = about.production;
    let fate = match (about.application, rank) {
        (_, 0) if overdue => Fate::Failure,
        (_, 1) if overdue => Fate::Success,
        (0, 3) if live => Fate::Partial,
        (1, 2) if live => Fate::Failure,
        (8, 13) if live => Fate::Odd,
        (_, 0) => Fate::Success,
        _ => match dice.below(100) {
            0 => Fate::Partial,
            1 => Fate::Failure,
            _ => Fate::Success,
        },
    };
    let size = match (environment, rank) {
        // Larger than 32 bits hold.
        (1, 13) => 6_442_450_944,
        _ => u64::from(dice.between(900_000, 8_000_000)),
    };
    let created = world
        .clock
        .started()
        .plus(-age - f64::from(dice.below(300)));
    Backup {
        environment,
        ordinal,
        created,
        seconds: f64::from(dice.between(30, 400)),
        instances: vec![0, 1],
        notes: if live {
            String::new()
        } else {
            "before the upgrade".to_owned()
        },
        scheduled: live,
        deletion: live.then(|| created.plus(30.0 * DAY)),
        fate,
        size,
    }
}

fn id(world: &World, backup: &Backup) -> String {
    world.id(Kind::Backup, backup.environment, backup.ordinal)
}

/// The identifier of a part.
pub(super) fn part_id(world: &World, backup: &Backup, part: usize) -> String {
    world.id(
        Kind::BackupPart,
        backup.environment,
        backup.ordinal * PARTS + part,
    )
}

/// The backup and the number of the part that a key names.
pub(super) fn part_of(world: &World, key: Key) -> (Backup, usize) {
    (
        backup(world, key.parent, key.ordinal / PARTS),
        key.ordinal % PARTS,
    )
}

fn wire(world: &World, view: &View, backup: &Backup) -> Value {
    let parts = (0..backup.instances.len()).map(|part| part_id(world, backup, part));
    let size: u64 = (0..backup.instances.len())
        .map(|part| backup.part_size(part))
        .sum();
    json!({
        "uuid": id(world, backup),
        "environment": world.root_id(Kind::Environment, backup.environment),
        "org_membership": (!backup.scheduled).then(|| world.root_id(Kind::User, 0)),
        "tags": if backup.scheduled { vec!["scheduled"] } else { Vec::new() },
        "created": view.time(backup.created),
        "notes": backup.notes,
        "state": view.word(backup.state(view.now)),
        "size": backup.completed(view.now).then_some(size),
        "meta_information": {},
        "service_instance_backups": parts.collect::<Vec<String>>(),
        "scheduled_for_deletion_at": view.maybe(backup.deletion),
        "success": backup.success(view.now),
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let mut items: Vec<Backup> = Vec::new();
    for environment in world.scope(call) {
        items.extend(
            (0..count(world, environment))
                .rev()
                .map(|n| backup(world, environment, n)),
        );
    }
    items.sort_by_key(|backup| std::cmp::Reverse(backup.created));
    paging::page(call, &items, |backup| wire(world, &call.view, backup))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Backup)?;
    let backup = backup(call.world, key.parent, key.ordinal);
    Ok(Reply::ok(&wire(call.world, &call.view, &backup)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let now = call.now();
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let services = form.references("services", Kind::Instance);
    let notes = form.free_text("notes", 255).unwrap_or_default();
    let deletion = form.nullable_text("scheduled_for_deletion_at", 64);
    let deletion = deletion.as_ref().and_then(Value::as_str);
    let deletion_at = deletion.and_then(Moment::parse);
    if deletion.is_some() && deletion_at.is_none() {
        form.complain("scheduled_for_deletion_at", "Datetime has wrong format.");
    }
    form.finish()?;
    let (environment, services) = (present(environment)?.ordinal, present(services)?);
    call.world.may_change_environment(environment)?;
    for key in &services {
        backupable(call.world, environment, *key, now)?;
    }
    let ordinal = count(call.world, environment);
    let mut dice = Dice::new(call.world.seed, &[16, environment as u64, ordinal as u64]);
    let backup = Backup {
        environment,
        ordinal,
        created: now,
        seconds: USUAL_SECONDS / call.world.clock.speed(),
        instances: services.iter().map(|key| key.ordinal).collect(),
        notes,
        scheduled: false,
        deletion: deletion_at,
        fate: Fate::Success,
        size: u64::from(dice.between(900_000, 8_000_000)),
    };
    let answer = json!({
        "uuid": id(call.world, &backup),
        "environment": call.world.root_id(Kind::Environment, environment),
        "trigger": "MANUAL",
        "notes": backup.notes,
        "scheduled_for_deletion_at": call.view.maybe(backup.deletion),
    });
    call.world.environments[environment].taken.push(backup);
    call.world.record(environment, now, "ana", "backup_started");
    Ok(Reply::created(&answer))
}

fn backupable(world: &World, environment: usize, key: Key, now: Moment) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::field("services", message));
    if key.parent != environment {
        return refuse("This service instance belongs to another environment.");
    }
    let instances = &world.detail(environment).instances;
    let instance = instances.iter().find(|instance| instance.n == key.ordinal);
    if !instance.is_some_and(|instance| SERVICES[instance.service].backupable) {
        return refuse("This service cannot be backed up.");
    }
    match world.instance_state(environment, key.ordinal, now) {
        State::New | State::ProvisioningFailed => refuse("This service is not provisioned."),
        State::Detached
        | State::Attaching
        | State::Attached
        | State::Detaching
        | State::Hibernated => Ok(()),
    }
}

fn part_wire(world: &World, view: &View, backup: &Backup, part: usize) -> Value {
    let environment = backup.environment;
    let n = backup.instances[part];
    let instance = world
        .detail(environment)
        .instances
        .iter()
        .find(|instance| instance.n == n);
    let service = instance.map_or(0, |instance| instance.service);
    let (began, ended) = backup.part_times(part);
    let at = |moment: Moment| view.maybe(Some(moment).filter(|moment| *moment <= view.now));
    let over = ended <= view.now;
    json!({
        "uuid": part_id(world, backup, part),
        "backup": id(world, backup),
        "service": world.root_id(Kind::Service, service),
        "service_instance": instance.map(|_| world.id(Kind::Instance, environment, n)),
        "service_type": SERVICES[service].kind,
        "service_prefix": instance.map_or("GONE", |instance| instance.prefix.as_str()),
        "size": over.then(|| backup.part_size(part)),
        "errors": if over { backup.errors(part) } else { Value::Null },
        "queued_at": view.time(backup.created),
        "started_at": at(began),
        "ended_at": at(ended),
        "taken_at": at(ended),
    })
}

pub(super) fn list_parts(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let named = call.filter("uuid", Kind::BackupPart);
    let keys = named.unwrap_or_else(|| all_parts(world, &world.scope(call)));
    paging::page(call, &keys, |key| {
        let (backup, part) = part_of(world, *key);
        part_wire(world, &call.view, &backup, part)
    })
}

fn all_parts(world: &World, environments: &[usize]) -> Vec<Key> {
    let mut keys = Vec::new();
    for environment in environments.iter().copied() {
        for ordinal in 0..count(world, environment) {
            let parts = backup(world, environment, ordinal).instances.len();
            let ordinals = (0..parts).map(|part| ordinal * PARTS + part);
            keys.extend(ordinals.map(|n| Key::within(Kind::BackupPart, environment, n)));
        }
    }
    keys
}

pub(super) fn get_part(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::BackupPart)?;
    let (backup, part) = part_of(call.world, key);
    Ok(Reply::ok(&part_wire(call.world, &call.view, &backup, part)))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::still_world, *};

    fn begun(world: &World, fate: Fate) -> Backup {
        let created = world.clock.started();
        let past = past_backup(world, 1, 0, 0);
        Backup {
            created,
            seconds: 8.0,
            fate,
            instances: vec![0, 1],
            ..past
        }
    }

    #[test]
    fn backup_waits_works_and_completes_part_by_part() {
        let world = still_world(1, 3);
        let backup = begun(&world, Fate::Success);
        let at = |seconds| backup.created.plus(seconds);
        let states: Vec<&str> = [0.0, 1.0, 1.5, 7.9, 8.0]
            .map(|s| backup.state(at(s)))
            .to_vec();
        assert_eq!(
            states,
            ["WAITING", "WAITING", "WORKING", "WORKING", "COMPLETED"]
        );
        assert_eq!(backup.success(at(5.0)), None);
        assert_eq!(
            backup.success(at(7.9)),
            Some("SUCCESS"),
            "filled in before the end"
        );
        assert!(!backup.completed(at(7.9)) && backup.completed(at(8.0)));
        let ((_, first), (second, last)) = (backup.part_times(0), backup.part_times(1));
        assert_eq!((first, last), (second, at(8.0)));
    }

    #[test]
    fn partial_backup_names_what_its_last_part_lacks() {
        let world = still_world(1, 3);
        let backup = begun(&world, Fate::Partial);
        assert_eq!(backup.errors(0), json!([]));
        assert_eq!(backup.errors(1).as_array().map(Vec::len), Some(2));
        assert!(begun(&world, Fate::Failure).errors(0).is_string());
    }

    #[test]
    fn overdue_environment_had_its_last_good_backup_nine_days_ago() {
        let world = still_world(1, 8);
        let now = world.clock.started();
        let overdue = world.environment_named(3, "live").unwrap_or_default();
        let newest_first = (0..count(&world, overdue))
            .rev()
            .map(|n| backup(&world, overdue, n));
        let good = newest_first
            .into_iter()
            .find(|b| b.success(now) == Some("SUCCESS"));
        let age = now.since(good.unwrap().created) / DAY;
        assert!((9.0..9.1).contains(&age), "{age}");
    }
}
