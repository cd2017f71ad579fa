//! Deployments (contract section 5.3).

use serde_json::{Map, Value, json};

use super::{
    build_log,
    call::{Call, View},
    deployment::{ADOPT_SECONDS, Deployment, Mode, Start, USUAL_SECONDS},
    environments,
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    variables,
    world::World,
};
use crate::sim::{clock::Moment, words};

fn wire(world: &World, view: &View, deployment: &Deployment) -> Map<String, Value> {
    let (now, environment) = (view.now, deployment.environment);
    let ended = deployment.ended(now);
    let duration = ended.map(|end| end.since(deployment.queued));
    let names: Vec<String> = variables::values(world, environment)
        .into_iter()
        .map(|v| v.0)
        .collect();
    let copied = deployment
        .copy_from
        .map(|from| world.root_id(Kind::Environment, from));
    let author = words::PEOPLE
        .iter()
        .position(|name| *name == deployment.author);
    let fields = [
        ("uuid", json!(world.deployment_id(deployment))),
        (
            "environment",
            json!(world.root_id(Kind::Environment, environment)),
        ),
        ("region", json!(world.root_id(Kind::Region, 0))),
        (
            "org_membership",
            json!(author.map(|person| world.root_id(Kind::User, person))),
        ),
        ("started_at", view.maybe(deployment.begun(now))),
        ("ended_at", view.maybe(ended)),
        ("duration", json!(duration)),
        ("status", json!(view.word(deployment.status(now)))),
        ("is_usable", json!(usable(deployment, view))),
        ("success", json!(deployment.success(now))),
        ("git_commit", json!(deployment.commit)),
        (
            "alternative_dockerfile",
            json!(world.environments[environment].dockerfile),
        ),
        ("copy_from", json!(copied)),
        ("environment_variables", json!(names)),
        ("percent", json!(deployment.percent(now))),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn usable(deployment: &Deployment, view: &View) -> bool {
    deployment.image_kept && deployment.success(view.now) == Some(true)
}

/// A deployment as an environment refers to it.
pub(super) fn reference(world: &World, view: &View, deployment: &Deployment) -> Value {
    json!({
        "uuid": world.deployment_id(deployment),
        "started_at": view.maybe(deployment.begun(view.now)),
        "ended_at": view.maybe(deployment.ended(view.now)),
        "success": deployment.success(view.now),
        "status": view.word(deployment.status(view.now)),
        "git_commit": deployment.commit,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let success = call.query.flag("is_success");
    let scope = world.scope(call);
    // Only the deployments of the page are made: there may be hundreds of thousands.
    let mut items: Vec<(Moment, usize, usize)> = Vec::new();
    for environment in scope.iter().copied() {
        let ordinals = (0..world.deployment_count(environment)).rev();
        items.extend(ordinals.map(|n| (world.queued_at(environment, n), environment, n)));
    }
    items.retain(|(_, environment, n)| {
        success
            .is_none_or(|flag| world.deployment(*environment, *n).success(call.now()) == Some(flag))
    });
    if scope.len() > 1 {
        items.sort_unstable_by(|one, other| other.cmp(one));
    }
    paging::page(call, &items, |(_, environment, n)| {
        Value::Object(wire(world, &call.view, &world.deployment(*environment, *n)))
    })
}

fn subject(call: &Call<'_>) -> Result<Deployment, Refusal> {
    let Key {
        parent, ordinal, ..
    } = call.subject(Kind::Deployment)?;
    Ok(call.world.deployment(parent, ordinal))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let deployment = subject(call)?;
    Ok(Reply::ok(&Value::Object(wire(
        call.world,
        &call.view,
        &deployment,
    ))))
}

pub(super) fn logs(call: &mut Call<'_>) -> Outcome {
    let deployment = subject(call)?;
    let text = build_log::text(call.world, &deployment, call.now());
    Ok(Reply::ok(&json!({ "uuid": call.subject, "logs": text })))
}

/// The same object with the values of the variables, secrets included.
pub(super) fn with_values(call: &mut Call<'_>) -> Outcome {
    let deployment = subject(call)?;
    let mut fields = wire(call.world, &call.view, &deployment);
    let values = variables::values(call.world, deployment.environment);
    fields.insert("environment_variables".to_owned(), Value::Object(values));
    Ok(Reply::ok(&Value::Object(fields)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let now = call.now();
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let mode = form.choice("build_mode", false, &["AUTO", "ADOPT", "FORCE"]);
    let copied = form.optional_reference("copy_from", Kind::Environment);
    let adopted = form.optional_reference("adopt_deployment", Kind::Deployment);
    let provision = form.flag("provision_services").unwrap_or(true);
    form.finish()?;
    let environment = present(environment)?.ordinal;
    call.world.may_change_environment(environment)?;
    let word = mode.unwrap_or_else(|| "AUTO".to_owned());
    let mode = match word.as_str() {
        "ADOPT" => Mode::Adopt,
        "FORCE" => Mode::Force,
        _ => Mode::Auto,
    };
    let adopt = adopted
        .map(|key| adoptable(call, environment, key))
        .transpose()?;
    let failure = call.view.tweaks.fail_deployment.clone();
    let seconds = if mode == Mode::Adopt {
        ADOPT_SECONDS
    } else {
        USUAL_SECONDS
    };
    let start = Start {
        mode,
        author: words::PEOPLE[0],
        copy_from: copied.map(|key| key.ordinal),
        adopt,
        failure: failure.or_else(|| environments::wants_failure(call.world, environment)),
        seconds: seconds / call.world.clock.speed(),
    };
    let ordinal = call.world.start_deployment(environment, now, start)?;
    Ok(Reply::created(&json!({
        "uuid": call.world.id(Kind::Deployment, environment, ordinal),
        "environment": call.world.root_id(Kind::Environment, environment),
        "build_mode": word,
        "copy_from": copied.map(|key| key.text(call.world.seed)),
        "adopt_deployment": adopted.map(|key| key.text(call.world.seed)),
        "provision_services": provision,
    })))
}

fn adoptable(call: &Call<'_>, environment: usize, key: Key) -> Result<usize, Refusal> {
    let deployment = call.world.deployment(key.parent, key.ordinal);
    if key.parent != environment || !usable(&deployment, &call.view) {
        return Err(Refusal::field(
            "adopt_deployment",
            "This deployment cannot be adopted.",
        ));
    }
    Ok(key.ordinal)
}
