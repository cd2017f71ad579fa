//! Lists of what the platform has: pools, plans, platforms, routers, clusters, teams. Source: tsuru
//! contract, section 5, "Services, volumes and platform lists".

use serde_json::{Map, Value, json};

use super::{
    accounts, app_wire,
    call::Call,
    catalogue::{self, CLUSTERS, PLANS, PLATFORMS, POOLS, Pool, ROUTERS, TEAMS},
    errors::Refusal,
    reply::{Outcome, Reply},
};

/// Pools.
pub(super) fn list_pools(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::list(POOLS.iter().map(pool).collect()))
}

/// One pool.
pub(super) fn get_pool(call: &mut Call<'_>) -> Outcome {
    let found = catalogue::pool(call.given(0));
    let found = found.ok_or_else(|| Refusal::missing("Pool does not exist."))?;
    Ok(Reply::ok(pool(found)))
}

fn pool(it: &Pool) -> Value {
    let teams: Vec<&str> = TEAMS.iter().map(|team| team.name).collect();
    let plans: Vec<&str> = PLANS.iter().map(|plan| plan.name).collect();
    json!({
        "Name": it.name,
        "Default": it.is_default,
        "Provisioner": "kubernetes",
        "Labels": null,
        "public": it.is_public,
        "teams": teams,
        "allowed": {
            "router": it.routers,
            "team": teams,
            "plan": plans,
            "service": null,
            "volume-plan": ["nfs", "ssd"],
        },
    })
}

/// Plans.
pub(super) fn list_plans(_: &mut Call<'_>) -> Outcome {
    let plans = PLANS.iter().map(|plan| app_wire::plan(plan.name, None));
    Ok(Reply::list(plans.collect()))
}

/// Platforms.
pub(super) fn list_platforms(_: &mut Call<'_>) -> Outcome {
    let all = PLATFORMS.iter();
    let told = all.map(|(name, is_on)| json!({ "Name": name, "Disabled": !is_on }));
    Ok(Reply::list(told.collect()))
}

/// One platform with its images.
pub(super) fn get_platform(call: &mut Call<'_>) -> Outcome {
    let name = call.given(0);
    let mut all = PLATFORMS.iter();
    let Some((_, is_on)) = all.find(|(it, _)| *it == name) else {
        return Err(Refusal::missing("Platform doesn't exist."));
    };
    let image = format!("registry.example.com/tsuru/{name}");
    Ok(Reply::ok(json!({
        "Platform": { "Name": name, "Disabled": !is_on },
        "Images": [format!("{image}:v2"), format!("{image}:v3")],
    })))
}

/// Routers.
pub(super) fn list_routers(_: &mut Call<'_>) -> Outcome {
    let all = ROUTERS.iter().enumerate();
    let told = all.map(|(place, (name, kind))| {
        json!({
            "name": name,
            "type": kind,
            "config": { "api-url": format!("http://{name}.example.com") },
            "info": { "tls": (place == 0).to_string() },
            "default": place == 0,
            "dynamic": true,
            "readinessGates": null,
        })
    });
    Ok(Reply::list(told.collect()))
}

/// Clusters.
pub(super) fn list_clusters(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::list(
        CLUSTERS.iter().map(|name| cluster(name)).collect(),
    ))
}

/// One cluster.
pub(super) fn get_cluster(call: &mut Call<'_>) -> Outcome {
    let name = call.given(0);
    if !CLUSTERS.contains(&name) {
        return Err(Refusal::missing("cluster not found"));
    }
    Ok(Reply::ok(cluster(name)))
}

fn cluster(name: &str) -> Value {
    let pools = POOLS.iter().filter(|pool| pool.cluster == name);
    let pools: Vec<&str> = pools.map(|pool| pool.name).collect();
    json!({
        "name": name,
        "addresses": [format!("https://{name}.k8s.example.com")],
        "provisioner": "kubernetes",
        "cacert": null,
        "clientcert": null,
        "clientkey": null,
        "pools": pools,
        "custom_data": { "registry": "registry.example.com/tsuru" },
        "default": name == CLUSTERS[0],
        "local": false,
    })
}

/// Provisioners.
pub(super) fn list_provisioners(_: &mut Call<'_>) -> Outcome {
    let help = json!({ "custom_data_help": {}, "provisioner_help": "Kubernetes" });
    Ok(Reply::ok(
        json!([{ "name": "kubernetes", "cluster_help": help }]),
    ))
}

/// Teams.
pub(super) fn list_teams(_: &mut Call<'_>) -> Outcome {
    let told = TEAMS.iter().map(|team| {
        let permissions: &[&str] = if team.is_own {
            &["app", "team"]
        } else {
            &["app.read"]
        };
        json!({ "name": team.name, "tags": [], "permissions": permissions })
    });
    Ok(Reply::list(told.collect()))
}

/// One team with all that it has.
pub(super) fn get_team(call: &mut Call<'_>) -> Outcome {
    let name = call.given(0);
    if !TEAMS.iter().any(|team| team.name == name) {
        return Err(Refusal::missing("team not found"));
    }
    let (world, view) = (&*call.world, &call.view);
    let apps = world.present_apps().filter(|app| app.team == name);
    let apps: Vec<Value> = apps.map(|app| app_wire::info(world, app, view)).collect();
    Ok(Reply::ok(json!({
        "name": name,
        "tags": [],
        "users": [accounts::me()],
        "pools": POOLS.iter().map(pool).collect::<Vec<_>>(),
        "apps": apps,
    })))
}

/// What may be in which pool.
pub(super) fn list_constraints(_: &mut Call<'_>) -> Outcome {
    let mut told = Vec::new();
    for it in &POOLS {
        let of: Map<String, Value> = Map::from_iter([
            ("PoolExpr".to_owned(), json!(it.name)),
            ("Field".to_owned(), json!("router")),
            ("Values".to_owned(), json!(it.routers)),
            ("Blacklist".to_owned(), json!(false)),
        ]);
        told.push(Value::Object(of));
    }
    Ok(Reply::list(told))
}
