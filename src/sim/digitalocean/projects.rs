//! Projects: groups of apps. Source: DigitalOcean contract, section 5.1.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    id::{Kind, id, ordinal},
    paging::{self, Empty},
    reply::{Outcome, Reply},
    world::World,
};

struct Project {
    name: &'static str,
    purpose: &'static str,
    environment: &'static str,
}

/// The first is the default.
const PROJECTS: [Project; 3] = [
    Project {
        name: "Harbour",
        purpose: "Web Application",
        environment: "Production",
    },
    Project {
        name: "Lantern",
        purpose: "Service or API",
        environment: "Staging",
    },
    Project {
        name: "Workbench",
        purpose: "Just trying out DigitalOcean",
        environment: "Development",
    },
];

/// The identifier of a project.
pub(super) fn id_of(world: &World, project: usize) -> String {
    id(world.seed, Kind::Project, 0, project)
}

/// The project with this identifier.
pub(super) fn find(world: &World, text: &str) -> Option<usize> {
    ordinal(world.seed, Kind::Project, 0, text).filter(|project| *project < PROJECTS.len())
}

fn wire(call: &Call<'_>, ordinal: usize) -> Value {
    const AGE_DAYS: f64 = 900.0;
    let project = &PROJECTS[ordinal];
    let created = call
        .view
        .time(call.world.clock.started().plus(-86_400.0 * AGE_DAYS));
    json!({
        "id": id_of(call.world, ordinal),
        "owner_uuid": id(call.world.seed, Kind::Team, 0, 0),
        "owner_id": 258_992,
        "name": project.name,
        "description": "",
        "purpose": project.purpose,
        "environment": project.environment,
        "is_default": ordinal == 0,
        "created_at": created,
        "updated_at": created,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let all: Vec<usize> = (0..PROJECTS.len()).collect();
    paging::page(call, ("projects", Empty::Written), &all, |project| {
        wire(call, *project)
    })
}

#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn get_default(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({ "project": wire(call, 0) })))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let project = find(call.world, call.given(0)).ok_or_else(Refusal::missing)?;
    Ok(Reply::ok(json!({ "project": wire(call, project) })))
}

pub(super) fn list_resources(call: &mut Call<'_>) -> Outcome {
    let project = find(call.world, call.given(0)).ok_or_else(Refusal::missing)?;
    let apps = call.world.present_apps();
    let within: Vec<usize> = apps
        .filter(|app| app.project == project)
        .map(|app| app.ordinal)
        .collect();
    paging::page(call, ("resources", Empty::Written), &within, |app| {
        let app = &call.world.apps[*app];
        json!({
            "urn": format!("do:app:{}", app.id),
            "assigned_at": call.view.time(app.created),
            "links": { "self": format!("{}/v2/apps/{}", call.view.origin, app.id) },
            "status": "ok",
        })
    })
}
