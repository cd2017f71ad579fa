//! Managed database clusters. Source: DigitalOcean contract, section 5.7.

use serde_json::{Value, json};

use super::{
    backups,
    call::{Call, View},
    errors::Refusal,
    id::{Kind, id, ordinal},
    paging::{self, Empty},
    projects,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// A cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) ordinal: usize,
    pub(super) name: String,
    pub(super) engine: String,
    version: String,
    size: String,
    region: String,
    nodes: u64,
    pub(super) created: Moment,
    /// Whether it was made since the start: it is not ready at once.
    is_new: bool,
}

/// A cluster that was made since the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Restored {
    name: String,
    engine: String,
    size: String,
    region: String,
    nodes: u64,
    created: Moment,
}

/// Name, engine and version of those that are there from the start.
const CLUSTERS: [(&str, &str, &str); 5] = [
    ("storefront-db", "pg", "16"),
    ("ledger-db", "mysql", "8"),
    ("feeds-cache", "valkey", "8"),
    ("sessions", "redis", "7"),
    ("warehouse", "pg", "15"),
];

/// Simulated seconds until a new cluster is ready.
const READY_AFTER: f64 = 40.0;

impl World {
    /// All clusters, those from the start first.
    pub(super) fn clusters(&self) -> Vec<Cluster> {
        const AGE_DAYS: f64 = 400.0;
        let created = self.clock.started().plus(-86_400.0 * AGE_DAYS);
        let old = CLUSTERS.iter().map(|(name, engine, version)| Cluster {
            ordinal: 0,
            name: (*name).to_owned(),
            engine: (*engine).to_owned(),
            version: (*version).to_owned(),
            size: "db-s-1vcpu-1gb".to_owned(),
            region: "ams3".to_owned(),
            nodes: 1,
            created,
            is_new: false,
        });
        let new = self.restored.iter().map(|it| Cluster {
            ordinal: 0,
            name: it.name.clone(),
            engine: it.engine.clone(),
            version: "16".to_owned(),
            size: it.size.clone(),
            region: it.region.clone(),
            nodes: it.nodes,
            created: it.created,
            is_new: true,
        });
        let all = old.chain(new).enumerate();
        all.map(|(ordinal, cluster)| Cluster { ordinal, ..cluster })
            .collect()
    }

    /// The cluster with this identifier.
    pub(super) fn find_cluster(&self, text: &str) -> Result<Cluster, Refusal> {
        let ordinal = ordinal(self.seed, Kind::Cluster, 0, text).ok_or_else(Refusal::missing)?;
        let mut clusters = self.clusters().into_iter();
        clusters.nth(ordinal).ok_or_else(Refusal::missing)
    }
}

fn wire(world: &World, view: &View, cluster: &Cluster) -> Value {
    let ready = cluster.created.plus(READY_AFTER / world.clock.speed());
    let status = if cluster.is_new && view.now < ready {
        "creating"
    } else {
        "online"
    };
    let password = format!("sim-db-password-{}", cluster.name);
    let user = json!({ "name": "doadmin", "role": "primary", "password": password });
    json!({
        "id": id(world.seed, Kind::Cluster, 0, cluster.ordinal),
        "name": cluster.name,
        "engine": cluster.engine,
        "version": cluster.version,
        "semantic_version": format!("{}.4", cluster.version),
        "connection": connection(cluster, "", &password),
        "private_connection": connection(cluster, "private-", &password),
        "users": [user],
        "db_names": if cluster.engine == "valkey" { Value::Null } else { json!(["defaultdb", "app"]) },
        "num_nodes": cluster.nodes,
        "size": cluster.size,
        "region": cluster.region,
        "status": view.word(status),
        "created_at": view.time(cluster.created),
        "maintenance_window": { "day": "monday", "hour": "13:51:14", "pending": false, "description": described(cluster) },
        "tags": if cluster.ordinal.is_multiple_of(2) { json!(["production"]) } else { Value::Null },
        "private_network_uuid": id(world.seed, Kind::Network, 0, cluster.ordinal),
        "project_id": projects::id_of(world, 0),
        "storage_size_mib": 10_240,
        "version_end_of_life": "2028-11-09T00:00:00Z",
    })
}

/// What the next maintenance does; of many nothing is told.
fn described(cluster: &Cluster) -> Value {
    if cluster.ordinal.is_multiple_of(2) {
        return Value::Null;
    }
    json!([
        "Update of the operating system",
        "Update to the newest minor version"
    ])
}

/// How to connect; whoever reads it has the password.
fn connection(cluster: &Cluster, prefix: &str, password: &str) -> Value {
    let scheme = match cluster.engine.as_str() {
        "pg" => "postgresql",
        "redis" | "valkey" => "rediss",
        engine => engine,
    };
    let host = format!("{prefix}{}-do-user-1-0.db.example.com", cluster.name);
    let uri = format!("{scheme}://doadmin:{password}@{host}:25060/defaultdb?sslmode=require");
    json!({
        "protocol": scheme,
        "uri": uri,
        "database": "defaultdb",
        "host": host,
        "port": 25_060,
        "user": "doadmin",
        "password": password,
        "ssl": true,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let clusters = call.world.clusters();
    paging::page(call, ("databases", Empty::Written), &clusters, |cluster| {
        wire(call.world, &call.view, cluster)
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let cluster = call.world.find_cluster(call.given(0))?;
    let written = wire(call.world, &call.view, &cluster);
    Ok(Reply::ok(json!({ "database": written })))
}

pub(super) fn list_events(call: &mut Call<'_>) -> Outcome {
    const DAYS: [(&str, f64); 2] = [
        ("cluster_maintenance_perform", 3.0),
        ("cluster_create", 400.0),
    ];
    let cluster = call.world.find_cluster(call.given(0))?;
    let told = DAYS.iter().enumerate().filter(|_| !cluster.is_new);
    let told: Vec<Value> = told
        .map(|(place, (kind, days))| {
            let at = call.world.clock.started().plus(-86_400.0 * days);
            json!({
                "id": id(call.world.seed, Kind::ClusterEvent, cluster.ordinal, place),
                "cluster_name": cluster.name,
                "event_type": kind,
                "create_time": call.view.time(at),
            })
        })
        .collect();
    Ok(Reply::ok(json!({ "events": told })))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let body = call.body()?;
    let text = |name: &str| {
        let value = body.get(name).and_then(Value::as_str);
        let value = value.filter(|value| !value.is_empty()).map(str::to_owned);
        value.ok_or_else(|| Refusal::unprocessable(format!("{name} is required")))
    };
    let nodes = body.get("num_nodes").and_then(Value::as_u64);
    let nodes = nodes.filter(|nodes| *nodes > 0);
    let made = Restored {
        name: text("name")?,
        engine: text("engine")?,
        size: text("size")?,
        region: text("region")?,
        nodes: nodes.ok_or_else(|| Refusal::unprocessable("num_nodes is required"))?,
        created: call.now(),
    };
    let clusters = call.world.clusters();
    if clusters.iter().any(|cluster| cluster.name == made.name) {
        return Err(Refusal::unprocessable("cluster name is not available"));
    }
    if let Some(source) = body
        .get("backup_restore")
        .filter(|source| !source.is_null())
    {
        backups::check_source(call, &clusters, source, &made.engine)?;
    }
    call.world.restored.push(made);
    let clusters = call.world.clusters();
    let cluster = clusters.last().ok_or_else(Refusal::missing)?;
    let written = wire(call.world, &call.view, cluster);
    Ok(Reply::created(json!({ "database": written })))
}
