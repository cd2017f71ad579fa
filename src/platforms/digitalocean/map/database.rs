//! Databases and their backups.
//!
//! Source: DigitalOcean contract, section 5.7.

use crate::model::{Backup, BackupState, EnvId, Service, Status, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

/// The database component of that name.
pub(in crate::platforms::digitalocean) fn find_database<'a>(
    app: &'a wire::App,
    name: &str,
) -> Option<&'a wire::Database> {
    let databases = app.spec.as_ref()?.databases.as_ref()?;
    databases.iter().find(|it| it.name.as_deref() == Some(name))
}

/// A database component with the cluster behind it; without one where clusters cannot be read.
pub(in crate::platforms::digitalocean) fn service(
    app: &str,
    wire: &wire::Database,
    cluster: Option<&wire::Cluster>,
) -> Option<Service> {
    let name = text(&wire.name)?;
    let is_managed = *wire.production == Some(true);
    let state = cluster.and_then(|cluster| text(&cluster.status));
    let mut details = Details::default()
        .text(
            "Kind",
            (!is_managed).then(|| Text::clean("development database, no backups")),
        )
        .word("Version", &wire.version)
        .word("Cluster", &wire.cluster_name)
        .word("Database", &wire.db_name)
        .word("User", &wire.db_user);
    if let Some(cluster) = cluster {
        details = of_cluster(details, cluster);
    }
    Some(Service {
        id: ids::service(app, name.as_str()),
        kind: text(&wire.engine).unwrap_or_default(),
        kind_id: None,
        environment: Some(ids::environment(app, name.as_str())),
        status: status(state.as_ref()),
        state,
        can_back_up: if is_managed {
            can_back_up(wire.engine.as_deref())
        } else {
            Some(false)
        },
        details: details.done(),
        name,
    })
}

fn of_cluster(details: Details, cluster: &wire::Cluster) -> Details {
    let window = cluster.maintenance_window.as_ref();
    let window = window.and_then(|window| {
        let words = [text(&window.day), text(&window.hour)];
        let words: Vec<_> = words.iter().flatten().map(Text::as_str).collect();
        Text::non_empty(&words.join(" "))
    });
    let storage = cluster
        .storage_size_mib
        .and_then(|mib| mib.checked_mul(1 << 20));
    details
        .word("Exact version", &cluster.semantic_version)
        .word("Size", &cluster.size)
        .count("Nodes", *cluster.num_nodes)
        .bytes("Storage", storage)
        .word("Region", &cluster.region)
        .text("Maintenance", window)
        .time("Created", &cluster.created_at)
        .time("Version supported until", &cluster.version_end_of_life)
}

fn status(state: Option<&Text>) -> Status {
    match state.map(Text::as_str) {
        None => Status::Present,
        Some("online") => Status::Live,
        Some("creating" | "resizing" | "migrating" | "forking") => Status::Deploying,
        Some(word) => Status::Other(Text::clean(word)),
    }
}

/// Whether the platform backs an engine up, as app specs name engines; absent where it is not
/// documented.
pub(in crate::platforms::digitalocean) fn can_back_up(engine: Option<&str>) -> Option<bool> {
    match engine {
        Some("PG" | "MYSQL") => Some(true),
        Some("REDIS" | "VALKEY") => Some(false),
        _ => None,
    }
}

/// The word that stands for the time of a backup that is being taken.
const UNDER_WAY: &str = "under-way";

/// The backups of a cluster, newest first; the one that is being taken before them.
pub(in crate::platforms::digitalocean) fn backups(
    cluster: &str,
    of: Option<&EnvId>,
    wire: &wire::Backups,
) -> Vec<Backup> {
    let schedule = schedule(wire);
    let list = wire.backups.as_deref().unwrap_or_default();
    let mut backups: Vec<Backup> = list
        .iter()
        .filter_map(|it| backup(cluster, of, it, schedule.as_ref()))
        .collect();
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.taken_at));
    let under_way = text(&wire.backup_progress).map(|percent| Backup {
        state: BackupState::Working,
        percent: percent.as_str().parse().ok().filter(|it| *it <= 100),
        ..bare(cluster, of, UNDER_WAY)
    });
    under_way.into_iter().chain(backups).collect()
}

/// Absent without a time: that is what names it.
fn backup(
    cluster: &str,
    of: Option<&EnvId>,
    wire: &wire::Backup,
    schedule: Option<&Text>,
) -> Option<Backup> {
    let created_at = wire.created_at.as_deref()?;
    Some(Backup {
        state: BackupState::Done,
        taken_at: created_at.parse().ok(),
        size_bytes: wire.size_gigabytes.and_then(bytes),
        details: Details::default()
            .text("Schedule", schedule.cloned())
            .when("Incremental", &wire.incremental)
            .done(),
        ..bare(cluster, of, created_at)
    })
}

fn bare(cluster: &str, of: Option<&EnvId>, created_at: &str) -> Backup {
    Backup {
        id: ids::backup(cluster, created_at),
        environment: of.cloned(),
        state: BackupState::Waiting,
        taken_at: None,
        size_bytes: None,
        part_ids: Vec::new(),
        parts: Vec::new(),
        notes: None,
        trigger: Some(Text::clean("schedule")),
        expires_at: None,
        percent: None,
        details: Vec::new(),
    }
}

fn bytes(gigabytes: f64) -> Option<u64> {
    format!("{:.0}", gigabytes * 1e9).parse().ok()
}

/// "daily at 20:40 UTC", or "every 6 hours".
fn schedule(wire: &wire::Backups) -> Option<Text> {
    let time = wire.scheduled_backup_time.as_ref()?;
    let at = (
        time.backup_hour.unwrap_or(0),
        time.backup_minute.unwrap_or(0),
    );
    let at = format!("{:02}:{:02} UTC", at.0, at.1);
    Some(Text::clean(&match *time.backup_interval_hours {
        None | Some(0 | 24) => format!("daily at {at}"),
        Some(hours) => format!("every {hours} hours, from {at}"),
    }))
}
