//! A deployment on the wire. Source: DigitalOcean contract, section 5.3.

use serde_json::{Value, json};

use super::{
    call::View,
    component::{Component, Role, components},
    deployment::{Course, Deployment},
    id::{Kind, id},
    progress::progress,
    wire::{duration, object},
    world::World,
};
use crate::sim::dice::Dice;

/// A deployment with everything.
pub(super) fn deployment(world: &World, view: &View, it: &Deployment) -> Value {
    let phase = world.phase(it, view.now);
    let previous = it.ordinal.checked_sub(1);
    let name = |ordinal: Option<usize>| ordinal.map(|n| world.deployment_id(it.app, n));
    let replaced = world.replaced_at(it, view.now);
    let changed = replaced.unwrap_or_else(|| it.last_change(view.now));
    let parts = components(&it.spec);
    object([
        ("id", json!(world.deployment_id(it.app, it.ordinal))),
        ("spec", (*it.spec).clone()),
        ("services", sources(it, &parts, "services")),
        ("workers", sources(it, &parts, "workers")),
        ("jobs", sources(it, &parts, "jobs")),
        ("static_sites", sources(it, &parts, "static_sites")),
        ("functions", sources(it, &parts, "functions")),
        ("phase", json!(view.word(phase.word()))),
        ("phase_last_updated_at", json!(view.time(changed))),
        ("created_at", json!(view.time(it.created))),
        ("updated_at", json!(view.time(changed))),
        ("cause", json!(it.cause.text(world, it.app, &it.commit))),
        ("cause_details", details(world, it)),
        ("progress", progress(view, it, phase)),
        ("cloned_from", json!(name(it.cloned_from))),
        ("previous_deployment_id", json!(name(previous))),
        ("tier_slug", json!("basic")),
        (
            "load_balancer_id",
            json!(id(world.seed, Kind::Network, it.app, 0)),
        ),
        ("timing", timing(view, it, &parts)),
    ])
}

/// Old deployments were made before the platform told so much.
fn details(world: &World, it: &Deployment) -> Value {
    const TOLD_OF: usize = 25;
    if it.ordinal + TOLD_OF < world.deployment_count(it.app) {
        return Value::Null;
    }
    it.cause.details(world, it.app, &it.commit)
}

fn sources(it: &Deployment, parts: &[Component], list: &str) -> Value {
    let found = parts.iter().filter(|part| list_of(part.role) == list);
    let written = found.map(|part| {
        if part.prebuilt {
            let digest = format!(
                "sha256:{}",
                Dice::new(7, &[it.app as u64, it.ordinal as u64]).hex(64)
            );
            return json!({ "name": part.name, "source_image_digest": digest });
        }
        json!({ "name": part.name, "source_commit_hash": it.commit })
    });
    written.collect()
}

fn list_of(role: Role) -> &'static str {
    match role {
        Role::Service => "services",
        Role::Worker => "workers",
        Role::Job(_) => "jobs",
        Role::StaticSite => "static_sites",
        Role::Functions => "functions",
        Role::Database => "databases",
    }
}

/// How long its parts took, as far as they are over.
fn timing(view: &View, it: &Deployment, parts: &[Component]) -> Value {
    let (share, bounds) = (it.share(view.now), it.course.bounds());
    let took = |from: f64, until: f64| {
        let reached = share.clamp(from, until);
        duration((reached - from) * it.seconds)
    };
    let billable = match it.course {
        Course::Built => took(bounds.pending, bounds.build),
        Course::Reused => duration(0.0),
    };
    let built = parts.iter().filter(|part| part.role != Role::Database);
    let each: Vec<Value> = built
        .map(|part| json!({ "name": part.name, "build_billable": billable }))
        .collect();
    object([
        ("pending", json!(took(0.0, bounds.pending))),
        ("build_total", json!(took(bounds.pending, bounds.build))),
        ("build_billable", json!(billable)),
        ("deploying", json!(took(bounds.queued, 1.0))),
        ("components", json!(each)),
    ])
}

/// The answer to what has started a deployment or changed one.
pub(super) fn answer(world: &World, view: &View, app: usize, ordinal: usize) -> Value {
    let it = world.deployment(app, ordinal);
    json!({ "deployment": deployment(world, view, &it) })
}
