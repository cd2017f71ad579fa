//! Backups of clusters: made every day, and restored into new clusters.
//! Source: DigitalOcean contract, section 5.7.

use serde_json::{Map, Value, json};

use super::{
    call::{Call, View},
    databases::Cluster,
    errors::Refusal,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// How many are kept.
const KEPT: u32 = 7;
/// Hours before the start at which the newest was made.
const NEWEST: f64 = 5.0;

/// When the backups of a cluster were made, the newest first.
fn times(world: &World, cluster: &Cluster) -> Vec<Moment> {
    let newest = world.clock.started().plus(-3_600.0 * NEWEST);
    let days = (0..KEPT).map(|day| newest.plus(-86_400.0 * f64::from(day)));
    days.filter(|at| *at > cluster.created).collect()
}

fn has_backups(engine: &str) -> bool {
    !matches!(engine, "redis" | "valkey" | "kafka")
}

fn wire(world: &World, view: &View, cluster: &Cluster, at: Moment) -> Value {
    let slot = at.second().unsigned_abs() / 86_400;
    let size = Dice::new(world.seed, &[0xd0, 17, cluster.ordinal as u64, slot]).fraction();
    let mut backup = json!({
        "created_at": view.time(at),
        "size_gigabytes": (size * 100.0).round() / 100.0 + 0.03,
    });
    if cluster.engine == "mysql" {
        backup["incremental"] = json!(slot.is_multiple_of(2));
    }
    backup
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (world, view) = (&*call.world, &call.view);
    let cluster = world.find_cluster(call.given(0))?;
    if !has_backups(&cluster.engine) {
        let message = format!("backups are not supported for engine {}", cluster.engine);
        return Err(Refusal::unprocessable(message));
    }
    let times = times(world, &cluster);
    let backups: Vec<Value> = times
        .iter()
        .map(|at| wire(world, view, &cluster, *at))
        .collect();
    let mut answer = Map::new();
    answer.insert("backups".to_owned(), json!(backups));
    let hours = json!({ "backup_hour": 3, "backup_minute": 12, "backup_interval_hours": 24 });
    answer.insert("scheduled_backup_time".to_owned(), hours);
    // One is being made.
    if cluster.name == "warehouse" {
        answer.insert("backup_progress".to_owned(), json!("36"));
    }
    Ok(Reply::ok(Value::Object(answer)))
}

/// Whether a new cluster can be made from the backup it names.
pub(super) fn check_source(
    call: &Call<'_>,
    clusters: &[Cluster],
    source: &Value,
    engine: &str,
) -> Result<(), Refusal> {
    let name = source["database_name"].as_str().unwrap_or_default();
    let cluster = clusters.iter().find(|cluster| cluster.name == name);
    let cluster = cluster.ok_or_else(Refusal::missing)?;
    if !has_backups(engine) || cluster.engine != engine {
        let message = "engine must be that of the cluster to restore from";
        return Err(Refusal::unprocessable(message));
    }
    let times = times(call.world, cluster);
    let wanted = source["backup_created_at"].as_str();
    let wanted = wanted.filter(|wanted| !wanted.is_empty());
    let same = |wanted: &str| {
        let wanted = Moment::parse(wanted).map(Moment::second);
        times.iter().any(|at| Some(at.second()) == wanted)
    };
    let found = wanted.map_or(!times.is_empty(), same);
    let missing = || Refusal::unprocessable("there is no such backup");
    found.then_some(()).ok_or_else(missing)
}
