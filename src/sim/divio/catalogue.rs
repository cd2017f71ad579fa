//! Catalogues that never change: regions, application templates, retention and schedules.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    key::Kind,
    paging,
    reply::{Outcome, Reply},
    world::World,
};

const REGIONS: [(&str, &str); 3] = [
    ("Europe (Alps)", "eu-alps"),
    ("Europe (North Sea)", "eu-north"),
    ("America (Lakes)", "us-lakes"),
];

/// The region of an application.
pub(super) fn region_of(application: usize) -> usize {
    application % REGIONS.len()
}

fn region(world: &World, n: usize) -> Option<Value> {
    let (name, short) = REGIONS.get(n)?;
    Some(json!({
        "uuid": world.root_id(Kind::Region, n),
        "name": name,
        "short_name": short,
        "short_description_html": format!("<p>Data centres in <em>{name}</em></p>"),
        "icon_dark_mode": null,
        "cloudspace_hash": format!("{short}-1"),
        "is_public": true,
        "is_default": n == 0,
        "ram_unit_size": 128,
        "ram_unit_price": "2.50",
        "disk_unit_size": 1,
        "disk_unit_price": "0.10",
        "transfer_unit_size": 1,
        "transfer_unit_price": "0.09",
    }))
}

fn template(world: &World, n: usize) -> Option<Value> {
    const TEMPLATES: [(&str, &str); 4] = [
        ("django", "Django"),
        ("wagtail", "Wagtail"),
        ("node", "Node"),
        ("empty", "Empty application"),
    ];
    let (identifier, name) = TEMPLATES.get(n)?;
    Some(json!({
        "uuid": world.root_id(Kind::Template, n),
        "identifier": identifier,
        "name": name,
        "short_description": if n == 3 { None } else { Some(format!("A new {name} project")) },
        "icon_dark_mode": null,
        "is_default": n == 0,
        "order": n,
    }))
}

fn retention(world: &World, n: usize) -> Option<Value> {
    const RETENTIONS: [(&str, &str); 3] = [
        ("Seven days", "7d"),
        ("Thirty days", "30d"),
        ("One year", "1y"),
    ];
    let (name, identifier) = RETENTIONS.get(n)?;
    Some(json!({
        "uuid": world.root_id(Kind::Retention, n),
        "name": name,
        "identifier": identifier,
        "short_description": null,
    }))
}

fn schedule(world: &World, n: usize) -> Option<Value> {
    const SCHEDULES: [(&str, &str); 2] = [("Daily", "daily"), ("Weekly", "weekly")];
    let (name, identifier) = SCHEDULES.get(n)?;
    Some(json!({
        "uuid": world.root_id(Kind::Schedule, n),
        "name": name,
        "identifier": identifier,
        "short_description": format!("{name} at night"),
        "retention_config": world.root_id(Kind::Retention, 1),
    }))
}

type Entry = fn(&World, usize) -> Option<Value>;

fn all(call: &Call<'_>, entry: Entry) -> Outcome {
    let items: Vec<Value> = (0..).map_while(|n| entry(call.world, n)).collect();
    paging::page(call, &items, Value::clone)
}

fn one(call: &Call<'_>, kind: Kind, entry: Entry) -> Outcome {
    let ordinal = call.subject(kind)?.ordinal;
    entry(call.world, ordinal)
        .map(|value| Reply::ok(&value))
        .ok_or(Refusal::MISSING)
}

pub(super) fn list_regions(call: &mut Call<'_>) -> Outcome {
    all(call, region)
}

pub(super) fn get_region(call: &mut Call<'_>) -> Outcome {
    one(call, Kind::Region, region)
}

pub(super) fn list_templates(call: &mut Call<'_>) -> Outcome {
    all(call, template)
}

/// The single view has what the list omits.
pub(super) fn get_template(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Template)?.ordinal;
    let mut found = template(call.world, ordinal).ok_or(Refusal::MISSING)?;
    found["release_commands"] =
        json!([{ "label": "Migrate", "command": "python manage.py migrate" }]);
    found["services"] = json!([{ "identifier": "postgres", "prefix": "DATABASE" }]);
    found["tags"] = json!([{ "name": "language", "value": "python" }]);
    Ok(Reply::ok(&found))
}

pub(super) fn list_retentions(call: &mut Call<'_>) -> Outcome {
    all(call, retention)
}

pub(super) fn get_retention(call: &mut Call<'_>) -> Outcome {
    one(call, Kind::Retention, retention)
}

pub(super) fn list_schedules(call: &mut Call<'_>) -> Outcome {
    all(call, schedule)
}

pub(super) fn get_schedule(call: &mut Call<'_>) -> Outcome {
    one(call, Kind::Schedule, schedule)
}
