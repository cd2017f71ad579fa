//! Applications (contract section 5.1).

use serde_json::{Map, Value, json};

use super::{
    call::{Call, View},
    catalogue::region_of,
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::{Application, Oddity, World},
};

/// How many environments a plan allows.
const MOST_ENVIRONMENTS: usize = 4;

/// Whether the plan of an application allows one more environment.
pub(super) fn can_grow(world: &World, application: usize) -> bool {
    world.environments_of(application).count() < MOST_ENVIRONMENTS
}

fn wire(world: &World, view: &View, ordinal: usize) -> Value {
    let application = &world.applications[ordinal];
    let mut fields = state(world, view, ordinal);
    fields.extend(settings(application));
    Value::Object(fields)
}

fn state(world: &World, view: &View, ordinal: usize) -> Map<String, Value> {
    let application = &world.applications[ordinal];
    let is = |oddity| application.oddity == oddity;
    let mirror = is(Oddity::Mirror);
    let trial = ordinal % 10 == 6;
    let identity = json!({
        "uuid": world.root_id(Kind::Application, ordinal),
        "slug": application.slug,
        "organisation": world.root_id(Kind::Organisation, application.organisation),
        "region": world.root_id(Kind::Region, region_of(ordinal)),
        "repository": world.root_id(Kind::Repository, ordinal),
        "screenshots": {},
        "custom_screenshots": {},
        "avatars": {},
        "has_annotations": false,
        "updates_available": ordinal.is_multiple_of(5),
        "created_at": view.time(application.created),
        "screenshot_taken_at": null,
        "features": [],
        "permissions": if is(Oddity::Locked) { vec!["view"] } else { vec!["view", "change", "deploy"] },
    });
    let condition = json!({
        "is_suspended": is(Oddity::Suspended),
        "suspended_reason": is(Oddity::Suspended).then_some("An invoice is overdue."),
        "is_undergoing_maintenance": is(Oddity::Maintenance),
        "maintenance_reason": is(Oddity::Maintenance).then_some("Database upgrade"),
        "copy_type": mirror.then_some("MIRROR"),
        "copied_from": mirror.then(|| world.root_id(Kind::Application, 0)),
        "mirrors_count": u32::from(ordinal == 0 && world.applications.len() > 11),
        "is_repository_read_only": mirror,
        "is_locked": is(Oddity::Locked),
        "requires_migration": is(Oddity::Migration),
        "requires_migration_to": is(Oddity::Migration).then(|| world.root_id(Kind::Region, 0)),
        "upcoming_maintenances_count": u32::from(matches!(ordinal, 2 | 5)),
        "can_add_environment": can_grow(world, ordinal),
    });
    let contract = json!({
        "active_subscription": (!trial).then(|| world.root_id(Kind::Subscription, ordinal)),
        "unconfirmed_subscription": null,
        "on_free_trial": trial,
        "free_trial_days_left": trial.then_some(9),
        "support_level": if ordinal.is_multiple_of(4) { Some("business") } else { None },
    });
    [identity, condition, contract]
        .into_iter()
        .filter_map(into_map)
        .flatten()
        .collect()
}

fn into_map(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}

/// The fields that can be written, with what was written.
fn settings(application: &Application) -> Map<String, Value> {
    let usual = json!({
        "name": application.name,
        "release_commands": [{ "label": "Migrate", "command": "python manage.py migrate" }],
        "maintenance_window_start": 2,
        "maintenance_window_duration": 4,
        "port": null,
        "startup_probe_max_retries": 30,
        "startup_probe_request_timeout": 5,
        "startup_probe_retry_timeout": 10,
        "tags": tags(&application.slug),
    });
    let mut fields = into_map(usual).unwrap_or_default();
    fields.extend(application.written.clone());
    fields
}

fn tags(slug: &str) -> Value {
    if slug.len().is_multiple_of(3) {
        json!([{ "name": "team", "value": "web" }])
    } else {
        json!([])
    }
}

fn has_tag(application: &Application, wanted: &str) -> bool {
    let tags = settings(application).remove("tags");
    let tags = tags
        .as_ref()
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    tags.iter()
        .any(|tag| tag["name"] == wanted || tag["value"] == wanted)
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (world, query) = (&*call.world, &call.query);
    let uuids = call.filter("uuid", Kind::Application);
    let organisations = call.filter("organisation", Kind::Organisation);
    let search = query.get("name_search").map(str::to_lowercase);
    let mut items: Vec<usize> = (0..world.applications.len())
        .filter(|n| {
            let application = &world.applications[*n];
            let is = |name, oddity| {
                query
                    .flag(name)
                    .is_none_or(|flag| flag == (application.oddity == oddity))
            };
            let owner = Key::root(Kind::Organisation, application.organisation);
            !application.gone
                && query
                    .get("slug")
                    .is_none_or(|slug| application.slug == slug)
                && search
                    .as_deref()
                    .is_none_or(|text| named_like(application, text))
                && is("is_suspended", Oddity::Suspended)
                && is("is_undergoing_maintenance", Oddity::Maintenance)
                && is("is_mirror", Oddity::Mirror)
                && is("requires_migration", Oddity::Migration)
                && query
                    .get("copy_type")
                    .is_none_or(|kind| kind == "MIRROR" && application.oddity == Oddity::Mirror)
                && query.all("tags").all(|tag| has_tag(application, tag))
                && Call::passes(organisations.as_ref(), owner)
                && Call::passes(uuids.as_ref(), Key::root(Kind::Application, *n))
        })
        .collect();
    sort(world, &mut items, query.get("o"));
    paging::page(call, &items, |n| wire(world, &call.view, *n))
}

fn named_like(application: &Application, text: &str) -> bool {
    application.name.to_lowercase().contains(text) || application.slug.contains(text)
}

fn sort(world: &World, items: &mut [usize], order: Option<&str>) {
    let application = |n: &usize| &world.applications[*n];
    let first = order
        .and_then(|order| order.split(',').next())
        .unwrap_or_default();
    match first.trim_start_matches('-') {
        "name" => items.sort_by(|a, b| application(a).name.cmp(&application(b).name)),
        "created_at" => items.sort_by_key(|n| application(n).created),
        _ => return,
    }
    if first.starts_with('-') {
        items.reverse();
    }
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Application)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal)))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    const LARGEST: i64 = i32::MAX as i64;
    const TAGS: usize = 50;
    let ordinal = call.subject(Kind::Application)?.ordinal;
    call.world.may_change(ordinal)?;
    let mut form = call.partial_form();
    let name = form.text("name", 255);
    let mut written = Map::new();
    let numbers = [
        ("port", 0, LARGEST),
        ("maintenance_window_start", 0, LARGEST),
        ("maintenance_window_duration", 0, LARGEST),
        ("startup_probe_max_retries", 1, 1_000),
        ("startup_probe_request_timeout", 1, 60),
        ("startup_probe_retry_timeout", 1, 600),
    ];
    for (field, low, high) in numbers {
        if let Some(value) = form.number(field, low, high, field == "port") {
            written.insert(field.to_owned(), value);
        }
    }
    if call
        .body
        .get("tags")
        .and_then(Value::as_array)
        .is_some_and(|tags| tags.len() > TAGS)
    {
        form.complain("tags", "Ensure this field has no more than 50 elements.");
    }
    form.finish()?;
    for field in ["release_commands", "tags"] {
        if let Some(value) = call.body.get(field) {
            written.insert(field.to_owned(), value.clone());
        }
    }
    let application = &mut call.world.applications[ordinal];
    if let Some(name) = name {
        application.name = name;
    }
    application.written.extend(written);
    Ok(Reply::ok(&Value::Object(settings(application))))
}

pub(super) fn archive(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Application)?.ordinal;
    call.world.may_change(ordinal)?;
    let mut form = call.form();
    let name = form.text("verify_name", 255);
    let _immediately = form.flag("delete_immediately");
    form.finish()?;
    if present(name)? != call.world.applications[ordinal].name {
        return Err(Refusal::field("verify_name", "The name does not match."));
    }
    call.world.applications[ordinal].gone = true;
    Ok(Reply::done())
}
