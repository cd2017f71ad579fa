//! Apps and units as they are written: apps in lower case, units with the names of the server's own
//! types. Source: tsuru contract, section 5.

use serde_json::{Value, json};

use super::{
    app::App,
    call::View,
    catalogue,
    unit::{Condition, Unit},
    world::World,
};
use crate::sim::dice::Dice;

/// A unit.
pub(super) fn unit(world: &World, app: &App, unit: &Unit, view: &View) -> Value {
    let state = unit.state(view.now, world.pace());
    // What no node has room for has no address and was never ready.
    let has_node = unit.condition != Condition::Unschedulable;
    let address = |start: &str, last: u8| {
        let text = format!("{start}.{last}");
        if has_node { text } else { String::new() }
    };
    json!({
        "ID": unit.name,
        "Name": unit.name,
        "AppName": app.name,
        "ProcessName": unit.process,
        "Type": app.platform,
        "InternalIP": address("172.16.4", unit.address),
        "Status": view.tweaks.word(state.status),
        "StatusReason": state.reason,
        "Address": null,
        "Addresses": null,
        "Version": unit.version,
        "Routable": app.is_routable(unit.version) && !app.routers.is_empty(),
        "Restarts": has_node.then(|| unit.restarts(view.now)),
        "CreatedAt": view.time(unit.born),
        "Ready": has_node.then_some(state.is_ready),
        "HostAddr": "",
        "HostPort": "",
        "IP": address("10.1.0", unit.node),
    })
}

/// All units of an app; none if they cannot be read.
pub(super) fn units(world: &World, app: &App, view: &View) -> Vec<Value> {
    if app.trouble.is_some() {
        return Vec::new();
    }
    app.units(view.now)
        .map(|it| unit(world, app, it, view))
        .collect()
}

/// A plan, with what an app overrides of it.
pub(super) fn plan(name: &str, changed: Option<&Value>) -> Value {
    let plan = catalogue::plan(name).unwrap_or(&catalogue::PLANS[0]);
    let mut body = json!({
        "name": plan.name,
        "memory": plan.memory,
        "cpumilli": plan.cpu_milli,
    });
    if let Some((usual, most)) = plan.burst {
        body["cpuBurst"] = json!({ "default": usual, "maxAllowed": most });
    }
    if plan.is_default {
        body["default"] = json!(true);
    }
    if let Some(changed) = changed {
        body["override"] = changed.clone();
    }
    body
}

/// The routers of an app.
pub(super) fn routers(app: &App) -> Vec<Value> {
    let name = &app.name;
    let routers = app.routers.iter().map(|router| {
        let kind = catalogue::ROUTERS.iter().find(|(it, _)| it == router);
        let address = format!("{name}.{router}.apps.example.com");
        let is_ready = router == "ingress" || !app.ordinal.is_multiple_of(4);
        let mut body = json!({
            "name": router,
            "opts": null,
            "address": address,
            "addresses": [address],
            "type": kind.map_or("api", |(_, kind)| kind),
            "status": if is_ready { "ready" } else { "not ready" },
        });
        if !is_ready {
            body["status-detail"] = json!("waiting for a certificate");
        }
        body
    });
    routers.collect()
}

fn or_null<T: serde::Serialize>(items: &[T]) -> Value {
    if items.is_empty() {
        Value::Null
    } else {
        json!(items)
    }
}

/// How much a list tells of each app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Without units.
    Simplified,
    Usual,
    /// With platform, description and metadata.
    Extended,
}

/// An app in a list.
pub(super) fn resume(world: &World, app: &App, view: &View, extent: Extent) -> Value {
    let routers = routers(app);
    let units = match extent {
        Extent::Simplified => Vec::new(),
        Extent::Usual | Extent::Extended => units(world, app, view),
    };
    let mut body = json!({
        "name": app.name,
        "pool": app.pool,
        "teamowner": app.team,
        "plan": plan(&app.plan, app.plan_override.as_ref()),
        "units": units,
        "cname": or_null(&app.cnames),
        "ip": routers.first().map_or("", |router| router["address"].as_str().unwrap_or_default()),
        "routers": or_null(&routers),
        "tags": or_null(&app.tags),
        "metadata": { "labels": null, "annotations": null },
    });
    if extent == Extent::Extended {
        body["platform"] = json!(app.platform);
        body["description"] = json!(app.description);
        body["metadata"] = app.metadata.clone();
    }
    if extent != Extent::Simplified
        && let Some(trouble) = &app.trouble
    {
        body["error"] = json!(trouble);
    }
    body
}

/// An app by itself.
pub(super) fn info(world: &World, app: &App, view: &View) -> Value {
    let routers = routers(app);
    let units = units(world, app, view);
    let in_use = app.in_use();
    let mut body = json!({
        "name": app.name,
        "platform": app.platform,
        "teams": or_null(&app.teams),
        "plan": plan(&app.plan, app.plan_override.as_ref()),
        "cname": or_null(&app.cnames),
        "owner": app.owner,
        "pool": app.pool,
        "description": app.description,
        "deploys": world.successes(app, view.now),
        "teamowner": app.team,
        "tags": or_null(&app.tags),
        "metadata": app.metadata,
        "units": if app.trouble.is_some() { Value::Null } else { json!(units) },
        "routers": or_null(&routers),
        "routeropts": null,
        "serviceInstanceBinds": world.binds_of(&app.name),
        "provisioner": "kubernetes",
        "cluster": catalogue::pool(&app.pool).map_or("cluster-a", |pool| pool.cluster),
        "quota": { "limit": app.quota, "inuse": in_use },
    });
    if let Some(first) = routers.first() {
        body["ip"] = first["address"].clone();
        body["router"] = first["name"].clone();
    }
    let parts = [
        ("processes", processes(app)),
        ("autoscale", app.autoscale.clone()),
        ("unitsMetrics", metrics(world, app, view)),
        ("autoscaleRecommendation", recommendations(app)),
        ("internalAddresses", internal_addresses(app)),
        ("volumeBinds", world.volumes.binds_of(&app.name)),
    ];
    for (name, items) in parts {
        if !items.is_empty() {
            body[name] = Value::Array(items);
        }
    }
    if let Some(trouble) = &app.trouble {
        body["error"] = json!(trouble);
    }
    body
}

fn processes(app: &App) -> Vec<Value> {
    let metadata = json!({ "labels": null, "annotations": null });
    let named = app.processes().into_iter().map(|name| {
        let mut body = json!({ "name": name, "metadata": metadata });
        if name == "worker" && app.ordinal.is_multiple_of(2) {
            body["plan"] = json!("c1m1");
        }
        body
    });
    named.collect()
}

/// What units use right now: Kubernetes quantities.
fn metrics(world: &World, app: &App, view: &View) -> Vec<Value> {
    if app.trouble.is_some() {
        return Vec::new();
    }
    let running = app.units(view.now).filter(|unit| {
        let state = unit.state(view.now, world.pace());
        state.is_ready
    });
    let measured = running.map(|unit| {
        let name = unit.name.bytes().map(u64::from).sum();
        let at = view.now.second().div_euclid(10).cast_unsigned();
        let mut dice = Dice::new(app.seed, &[0x75, 8, name, at]);
        json!({
            "ID": unit.name,
            "CPU": format!("{}m", dice.between(4, 90)),
            "Memory": format!("{}Ki", dice.between(90_000, 210_000)),
        })
    });
    measured.collect()
}

fn recommendations(app: &App) -> Vec<Value> {
    if app.autoscale.is_empty() {
        return Vec::new();
    }
    let one =
        |kind: &str, cpu: &str, memory: &str| json!({ "type": kind, "cpu": cpu, "memory": memory });
    vec![json!({
        "process": "web",
        "recommendations": [
            one("target", "120m", "262144k"),
            one("lowerBound", "60m", "131072k"),
            one("upperBound", "700m", "524288k"),
        ],
    })]
}

/// Where processes are reached inside the cluster; versions beside others have their own.
fn internal_addresses(app: &App) -> Vec<Value> {
    let newest = app.deployed().last().copied();
    let addresses = app.slots.iter().map(|slot| {
        let (suffix, version) = if Some(slot.version) == newest {
            (String::new(), String::new())
        } else {
            (format!("-v{}", slot.version), slot.version.to_string())
        };
        json!({
            "Domain": format!("{}-{}{suffix}.{}.svc.cluster.local", app.name, slot.process, app.pool),
            "Protocol": "TCP",
            "Port": 80,
            "TargetPort": 8888,
            "Version": version,
            "Process": slot.process,
        })
    });
    addresses.collect()
}
