//! An app on the wire, with its domains. Source: DigitalOcean contract, section 5.2.

use serde_json::{Value, json};

use super::{
    call::View,
    catalogue,
    component::{Role, components},
    deployment_wire::deployment,
    id::{Kind, id},
    projects,
    wire::object,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// An app with its deployments. The project is told only to who asks for it.
pub(super) fn app(world: &World, view: &View, ordinal: usize, with_project: bool) -> Value {
    let app = &world.apps[ordinal];
    let (spec, now) = (world.spec(ordinal), view.now);
    let active = world.active(ordinal, now);
    let newest = world.deployments(ordinal).next();
    let since = active.as_ref().and_then(|it| it.live_since(now));
    let write = |it: Option<&_>| it.map_or(Value::Null, |it| deployment(world, view, it));
    let pinned = app
        .pinned
        .map(|ordinal| world.deployment(app.ordinal, ordinal));
    let (live, ingress) = addresses(world, ordinal, &spec, since.is_some());
    let host = live.as_ref().and_then(|url| url.strip_prefix("https://"));
    let project = with_project.then(|| projects::id_of(world, app.project));
    let time = |at: Option<Moment>| at.map(|at| view.time(at));
    object([
        ("id", json!(app.id)),
        ("owner_uuid", json!(id(world.seed, Kind::Team, 0, 0))),
        ("spec", (*spec).clone()),
        ("last_deployment_active_at", json!(time(since))),
        ("default_ingress", json!(ingress)),
        ("created_at", json!(view.time(app.created))),
        ("updated_at", json!(view.time(app.updated))),
        ("active_deployment", write(active.as_ref())),
        (
            "in_progress_deployment",
            write(world.in_progress(ordinal, now)),
        ),
        ("pending_deployment", write(world.pending(ordinal, now))),
        ("pinned_deployment", write(pinned.as_ref())),
        (
            "last_deployment_created_at",
            json!(time(newest.map(|it| it.created))),
        ),
        ("live_url", json!(live)),
        ("live_url_base", json!(live)),
        ("live_domain", json!(host)),
        ("region", catalogue::region_wire(app.region)),
        ("tier_slug", json!("basic")),
        ("domains", domains(world, view, ordinal, &spec)),
        ("project_id", json!(project)),
        ("build_config", json!({})),
    ])
}

/// Where an app is reached, and its own address; nothing of workers and jobs is.
fn addresses(
    world: &World,
    app: usize,
    spec: &Value,
    is_live: bool,
) -> (Option<String>, Option<String>) {
    let reached = |role| matches!(role, Role::Service | Role::StaticSite | Role::Functions);
    let parts = components(spec);
    if !is_live || !parts.iter().any(|part| reached(part.role)) {
        return (None, None);
    }
    let app = &world.apps[app];
    let mark = Dice::new(world.seed, &[0xd0, 10, app.ordinal as u64]).hex(5);
    let own = format!("https://{}-{mark}.ondigitalocean.app", app.name);
    let domains = spec["domains"].as_array().into_iter().flatten();
    let mut primary = domains.filter(|domain| domain["type"] == "PRIMARY");
    let primary = primary.next().and_then(|domain| domain["domain"].as_str());
    let live = primary.map_or_else(|| own.clone(), |name| format!("https://{name}"));
    (Some(live), Some(own))
}

/// How the domains of an app are: the second has to be validated anew, the third waits.
fn domains(world: &World, view: &View, app: usize, spec: &Value) -> Value {
    const CERTIFICATE_DAYS: f64 = 61.0;
    let listed = spec["domains"].as_array().map_or(&[][..], Vec::as_slice);
    let expires = view.time(world.clock.started().plus(86_400.0 * CERTIFICATE_DAYS));
    let written = listed.iter().enumerate().map(|(place, spec)| {
        let (is_new, waits) = (place == 1, place >= 2);
        let name = spec["domain"].as_str().unwrap_or_default();
        let value = Dice::new(world.seed, &[0xd0, 11, app as u64, place as u64]).hex(32);
        let proof = json!([{ "txt_name": format!("_acme-challenge.{name}"), "txt_value": value }]);
        let phase = if waits { "PENDING" } else { "ACTIVE" };
        object([
            ("id", json!(id(world.seed, Kind::Domain, app, place))),
            ("phase", json!(view.word(phase))),
            ("spec", spec.clone()),
            ("progress", json!({ "steps": steps(waits) })),
            (
                "validations",
                if waits || is_new { proof } else { Value::Null },
            ),
            ("rotate_validation_records", json!(is_new)),
            (
                "certificate_expires_at",
                if waits { Value::Null } else { json!(expires) },
            ),
        ])
    });
    written.collect()
}

fn steps(waits: bool) -> Value {
    let second = if waits { "RUNNING" } else { "SUCCESS" };
    json!([
        { "name": "default-ingress-ready", "status": "SUCCESS" },
        { "name": "certificate-issued", "status": second },
    ])
}
