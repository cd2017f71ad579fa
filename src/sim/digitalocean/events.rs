//! Events of an app: its deployments, and its scaling by itself.
//! Source: DigitalOcean contract, section 5.4.

use serde_json::{Value, json};

use super::{
    call::Call,
    cause::{Cause, scaled},
    deployment::{Deployment, Phase},
    deployment_wire::deployment,
    errors::Refusal,
    id::{Kind, id},
    paging::{self, Empty},
    reply::{Outcome, Reply},
    wire::object,
};

fn kind(cause: &Cause) -> &'static str {
    match cause.scaling() {
        Some(_) => "AUTOSCALING",
        None => "DEPLOYMENT",
    }
}

fn wire(call: &Call<'_>, it: &Deployment) -> Value {
    let (world, view) = (&*call.world, &call.view);
    let scaling = it.cause.scaling().map(|(component, from, to)| {
        json!({
            "phase": view.word(told(world.phase(it, view.now))),
            "components": { component: scaled(from, to) },
        })
    });
    let deployed = match scaling {
        Some(_) => Value::Null,
        None => deployment(world, view, it),
    };
    object([
        ("id", json!(id(world.seed, Kind::Event, it.app, it.ordinal))),
        ("type", json!(kind(&it.cause))),
        ("created_at", json!(view.time(it.created))),
        (
            "deployment_id",
            json!(world.deployment_id(it.app, it.ordinal)),
        ),
        ("deployment", deployed),
        ("autoscaling", json!(scaling)),
    ])
}

/// The phase of a scaling whose deployment is in this one.
fn told(phase: Phase) -> &'static str {
    match phase {
        Phase::PendingBuild => "PENDING",
        Phase::Building | Phase::PendingDeploy | Phase::Deploying => "IN_PROGRESS",
        Phase::Active | Phase::Superseded => "SUCCEEDED",
        Phase::Error => "FAILED",
        Phase::Canceled => "CANCELED",
    }
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let world = &*call.world;
    let wanted: Vec<&str> = call.query.all("event_types").collect();
    let ordinals = (0..world.deployment_count(app)).rev();
    let ordinals: Vec<usize> = ordinals
        .filter(|ordinal| wanted.is_empty() || wanted.contains(&kind(&world.cause(app, *ordinal))))
        .collect();
    paging::page(call, ("events", Empty::LeftOut), &ordinals, |ordinal| {
        wire(call, &world.deployment(app, *ordinal))
    })
}

/// The event that a path names: it has the ordinal of its deployment.
pub(super) fn subject(call: &Call<'_>) -> Result<Deployment, Refusal> {
    let app = call.app()?;
    let ordinal = call.ordinal(Kind::Event, app, 1)?;
    let known = ordinal < call.world.deployment_count(app);
    known
        .then(|| call.world.deployment(app, ordinal))
        .ok_or_else(Refusal::missing)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let it = subject(call)?;
    Ok(Reply::ok(json!({ "event": wire(call, &it) })))
}

/// Scaling that is under way can be cancelled, and with it its deployment.
pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    let (it, now) = (subject(call)?, call.now());
    if kind(&it.cause) != "AUTOSCALING" {
        return Err(Refusal::bad("only autoscaling events can be cancelled"));
    }
    let not_under_way = |_| Refusal::bad("event is not in progress");
    call.world
        .cancel(it.app, it.ordinal, now)
        .map_err(not_under_way)?;
    let it = call.world.deployment(it.app, it.ordinal);
    Ok(Reply::ok(json!({ "event": wire(call, &it) })))
}
