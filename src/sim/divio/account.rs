//! The user, the organisations, and the self-description of the interface.

use serde_json::{Map, Value, json};

use super::{
    call::{Call, View},
    key::Kind,
    paging,
    reply::{Outcome, Reply},
    routes::{ROUTES, Route},
    world::World,
};
use crate::sim::words;

#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn me(call: &mut Call<'_>) -> Outcome {
    let name = words::PEOPLE[0];
    let joined = call.world.clock.started().plus(-900.0 * 86_400.0);
    Ok(Reply::ok(&json!({
        "uuid": call.world.root_id(Kind::User, 0),
        "email": format!("{name}@harbour.example"),
        "first_name": name,
        "last_name": "",
        "created_at": call.view.time(joined),
        "timezone": "Europe/Zurich",
    })))
}

fn organisation(world: &World, view: &View, ordinal: usize) -> Value {
    let days = 1_600.0 - 200.0 * f64::from(u32::try_from(ordinal).unwrap_or(0));
    json!({
        "uuid": world.root_id(Kind::Organisation, ordinal),
        "name": world.organisations[ordinal],
        "created_at": view.time(world.clock.started().plus(-86_400.0 * days)),
    })
}

pub(super) fn list_organisations(call: &mut Call<'_>) -> Outcome {
    const DEFAULT_SIZE: usize = 100;
    let items: Vec<usize> = (0..call.world.organisations.len()).collect();
    let (world, view) = (&*call.world, &call.view);
    paging::sized_page(call, &items, DEFAULT_SIZE, |n| {
        organisation(world, view, *n)
    })
}

pub(super) fn get_organisation(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Organisation)?.ordinal;
    Ok(Reply::ok(&organisation(call.world, &call.view, ordinal)))
}

const BASE: &str = "/apps/v3/";

/// The map of collections, for which no token is needed.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn root(call: &mut Call<'_>) -> Outcome {
    let lists = ROUTES
        .iter()
        .filter(|route| route.operation.name.starts_with("List"));
    let named = lists.filter_map(|route| {
        let name = route.path.strip_prefix(BASE)?.strip_suffix('/')?;
        Some((
            name.to_owned(),
            json!(format!("{}{}", call.view.origin, route.path)),
        ))
    });
    Ok(Reply::ok(&Value::Object(named.collect())))
}

/// The description of the paths with their operation names, and no more.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn schema(_call: &mut Call<'_>) -> Outcome {
    let mut paths: Map<String, Value> = Map::new();
    let described = |route: &&Route| route.path.starts_with(BASE) && route.path != BASE;
    for route in ROUTES.iter().filter(described) {
        let entry = paths
            .entry(route.path.to_owned())
            .or_insert_with(|| json!({}));
        entry[route.method.to_ascii_lowercase()] = json!({ "operationId": route.operation.name });
    }
    Ok(Reply::ok(&json!({
        "openapi": "3.0.3",
        "info": { "title": "Applications", "version": "3" },
        "paths": paths,
    })))
}

/// The older list that translates numeric identifiers of applications.
pub(super) fn legacy_applications(call: &mut Call<'_>) -> Outcome {
    let wanted = call
        .query
        .get("id")
        .and_then(|text| text.parse::<usize>().ok());
    let world = &*call.world;
    let items: Vec<usize> = (0..world.applications.len())
        .filter(|n| !world.applications[*n].gone && wanted.is_none_or(|id| id == 100 + n))
        .collect();
    paging::page(call, &items, |n| {
        json!({
            "id": 100 + n,
            "uuid": world.root_id(Kind::Application, *n),
            "slug": world.applications[*n].slug,
        })
    })
}
