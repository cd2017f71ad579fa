//! How an environment is written, with what is nested in it (contract section 5.2).

use serde_json::{Map, Value, json};

use super::{
    call::View, chatter, deployments, domains, environment::Profile, key::Kind, world::World,
};
use crate::sim::dice::Dice;

/// The single view shows the application as an object; lists sometimes do.
pub(super) fn wire(world: &World, view: &View, ordinal: usize, whole: bool) -> Value {
    let mut fields = identity(world, ordinal, whole);
    fields.extend(condition(world, view, ordinal));
    Value::Object(fields)
}

fn identity(world: &World, ordinal: usize, whole: bool) -> Map<String, Value> {
    let environment = &world.environments[ordinal];
    let owner = world.owner(ordinal);
    let application = world.root_id(Kind::Application, environment.application);
    let reference = if whole {
        json!({ "uuid": application, "slug": owner.slug, "name": owner.name })
    } else {
        json!(application)
    };
    let primary = domains::primary(world, ordinal);
    let built_in: Vec<&str> = vec!["DATABASE_URL", "DOMAIN", "STAGE"];
    let deployed = !environment.voice.silent();
    let address = primary.as_ref().map(|(_, name)| format!("https://{name}"));
    map([
        ("uuid", json!(world.root_id(Kind::Environment, ordinal))),
        ("application", reference),
        ("slug", json!(environment.slug)),
        ("branch", json!(environment.branch)),
        ("is_production_grade", json!(environment.production)),
        ("alternative_dockerfile", json!(environment.dockerfile)),
        (
            "app_name",
            json!(format!("{}-{}", owner.slug, environment.slug)),
        ),
        ("application_config", Value::Null),
        ("built_in_environment_variables", json!(built_in)),
        (
            "primary_domain",
            json!(primary.map(|(n, _)| world.id(Kind::Domain, ordinal, n))),
        ),
        (
            "divio_domain",
            json!(deployed.then(|| domains::platform_name(world, ordinal))),
        ),
        ("deployed_url", json!(address.filter(|_| deployed))),
    ])
}

fn condition(world: &World, view: &View, ordinal: usize) -> Map<String, Value> {
    let environment = &world.environments[ordinal];
    let now = view.now;
    let deployed = !environment.voice.silent();
    let commits = pending_commits(world, ordinal);
    let changes = world.pending_changes(ordinal, now);
    let running = world.running(ordinal, now);
    let lookup = running
        .is_none()
        .then_some("released..head")
        .filter(|_| commits.is_some());
    let ssh = deployed.then(|| {
        let user = world.root_id(Kind::Environment, ordinal);
        json!({ "user": user, "host": "ssh.apps.example", "port": 22_022 })
    });
    let reference = |deployment| deployments::reference(world, view, deployment);
    map([
        (
            "last_finished_deployment",
            json!(world.last_finished(ordinal, now).as_ref().map(reference)),
        ),
        (
            "currently_running_deployment",
            json!(running.map(reference)),
        ),
        (
            "currently_released_deployment",
            json!(world.released(ordinal, now).as_ref().map(reference)),
        ),
        ("ssh_endpoint", json!(ssh)),
        ("pending_commits_lookup", json!(lookup)),
        ("has_pending_commits", json!(commits.map(|count| count > 0))),
        ("pending_commit_count", json!(commits)),
        ("has_pending_changes", json!(!changes.is_empty())),
        ("pending_changes", json!(changes)),
        ("running_tasks", running_tasks(world, view, ordinal)),
        (
            "ondemand_backup_retention_config",
            json!(world.root_id(Kind::Retention, 0)),
        ),
        (
            "scheduled_backup_config",
            json!(
                environment
                    .production
                    .then(|| world.root_id(Kind::Schedule, 0))
            ),
        ),
        (
            "next_scheduled_backup_occurence",
            next_backup(world, view, ordinal),
        ),
    ])
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Commits that are not deployed; unknown where nothing is deployed or the remote is silent.
pub(super) fn pending_commits(world: &World, ordinal: usize) -> Option<u32> {
    let environment = &world.environments[ordinal];
    let mut dice = Dice::new(world.seed, &[22, ordinal as u64]);
    let silent = environment.past == 0 || environment.application == 6;
    (!silent).then(|| dice.below(6).saturating_sub(3))
}

fn running_tasks(world: &World, view: &View, ordinal: usize) -> Value {
    if let Some(deployment) = world.running(ordinal, view.now) {
        return json!([{ "type": "deployment", "uuid": world.deployment_id(deployment) }]);
    }
    let flapping = world.environments[ordinal].profile == Profile::Flapping;
    if world.story && flapping && chatter::unwell(view.now.second()) {
        return json!([{ "type": "restart", "uuid": null, "service": "web" }]);
    }
    json!([])
}

/// A day after the newest backup; long ago where the schedule has stopped.
fn next_backup(world: &World, view: &View, ordinal: usize) -> Value {
    const HOUR: f64 = 3_600.0;
    let environment = &world.environments[ordinal];
    if !environment.production || environment.past == 0 {
        return Value::Null;
    }
    let hours = if environment.profile == Profile::Overdue {
        -7.0 * 24.0
    } else {
        19.2
    };
    json!(view.time(world.clock.started().plus(hours * HOUR)))
}
