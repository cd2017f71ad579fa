//! How the components run now. Source: DigitalOcean contract, section 5.4.

use serde_json::{Value, json};

use super::{
    call::Call,
    component::{Component, Role, components},
    deployment::Phase,
    plan::Profile,
    reply::{Outcome, Reply},
    wire::object,
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

impl World {
    /// How many instances of a component there are to be.
    pub(super) fn instances(&self, app: usize, component: &str, now: Moment) -> u32 {
        let parts = self.components(app);
        let part = parts.iter().find(|part| part.name == component);
        part.map_or(0, |part| self.wanted(app, part, now))
    }

    /// The number that was submitted, or the one the scaling has come to.
    pub(super) fn wanted(&self, app: usize, part: &Component, now: Moment) -> u32 {
        let Some((least, most)) = part.range else {
            return part.instances;
        };
        let live = self
            .deployments(app)
            .filter(|it| it.live_since(now).is_some());
        let scaled = live.take(200).find_map(|it| {
            let (component, _, to) = it.cause.scaling()?;
            (component == part.name).then_some(to)
        });
        scaled.unwrap_or(least).clamp(least, most)
    }
}

/// Load of a component or instance in percent: moves with the minutes.
pub(super) fn load(world: &World, of: &[u64], at: Moment, base: f64) -> f64 {
    const STEP: i64 = 60;
    let minute = at.second().div_euclid(STEP).unsigned_abs();
    let mut coordinates = vec![0xd0, 12, minute];
    coordinates.extend_from_slice(of);
    let noise = Dice::new(world.seed, &coordinates).fraction();
    #[expect(clippy::cast_precision_loss, reason = "minutes within a day")]
    let wave = ((minute % 1_440) as f64 / 40.0).sin();
    (base + 12.0 * wave + 10.0 * noise).clamp(0.0, 100.0)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let (app, now) = (call.app()?, call.now());
    let world = &*call.world;
    let Some(active) = world.active(app, now) else {
        return Ok(Reply::ok(json!({ "app_health": {} })));
    };
    let parts = components(&active.spec);
    let running = parts.iter().filter(|part| part.role.runs());
    let health: Vec<Value> = running
        .enumerate()
        .map(|(place, part)| component(call, app, place, part))
        .collect();
    let functions = parts.iter().filter(|part| part.role == Role::Functions);
    let functions: Vec<Value> = functions.map(|part| of_functions(call, part)).collect();
    let health = object([
        ("components", json!(health)),
        ("functions_components", json!(functions)),
    ]);
    Ok(Reply::ok(json!({ "app_health": health })))
}

fn component(call: &Call<'_>, app: usize, place: usize, part: &Component) -> Value {
    let (world, now) = (&*call.world, call.now());
    let desired = world.wanted(app, part, now);
    let broken = world.apps[app].profile == Profile::Degraded && place == 0;
    let rolls = world
        .in_progress(app, now)
        .is_some_and(|it| it.phase(now, None) == Phase::Deploying);
    // During a rollout there are old and new ones.
    let ready = match (broken, rolls) {
        (true, _) => desired.saturating_sub(2),
        (false, true) => desired + 1,
        (false, false) => desired,
    };
    let state = if broken { "UNHEALTHY" } else { "HEALTHY" };
    let of = [app as u64, place as u64];
    object([
        ("name", json!(part.name)),
        ("cpu_usage_percent", json!(load(world, &of, now, 35.0))),
        (
            "memory_usage_percent",
            json!(load(world, &of, now.plus(7_200.0), 50.0)),
        ),
        ("replicas_desired", json!(desired)),
        ("replicas_ready", json!(ready)),
        ("state", json!(call.view.word(state))),
    ])
}

fn of_functions(call: &Call<'_>, part: &Component) -> Value {
    let count = load(call.world, &[99], call.now(), 40.0).round();
    json!({
        "name": part.name,
        "functions_component_health_metrics": [
            { "metric_label": "activations_count", "metric_value": count, "time_window": "1h" },
            { "metric_label": "average_duration_ms", "metric_value": 42.5, "time_window": "1h" },
        ],
    })
}

/// What runs: one line for every instance that is ready.
pub(super) fn list_instances(call: &mut Call<'_>) -> Outcome {
    let (app, now) = (call.app()?, call.now());
    let world = &*call.world;
    let Some(active) = world.active(app, now) else {
        return Ok(Reply::ok(json!({})));
    };
    let parts = components(&active.spec);
    let mut instances = Vec::new();
    for part in parts.iter().filter(|part| part.role.runs()) {
        for n in 0..world.wanted(app, part, now) {
            // Names change with every rollout, the other name does not.
            let coordinates = [0xd0, 13, app as u64, active.ordinal as u64, u64::from(n)];
            let mut dice = Dice::new(world.seed, &coordinates);
            let kind = if part.role == Role::Service {
                "SERVICE"
            } else {
                "WORKER"
            };
            instances.push(json!({
                "component_name": part.name,
                "component_type": kind,
                "instance_name": format!("{}-{}-{}", part.name, dice.hex(10), dice.hex(5)),
                "instance_alias": format!("{}-{n}", part.name),
            }));
        }
    }
    Ok(Reply::ok(object([("instances", json!(instances))])))
}
