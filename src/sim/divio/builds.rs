//! Builds (contract section 5.7): one for every deployment that did not adopt an image.

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    deployment::{Deployment, Mode},
    errors::Refusal,
    key::Kind,
    paging,
    reply::{Outcome, Reply},
    world::World,
};

fn wire(world: &World, view: &View, deployment: &Deployment) -> Value {
    let environment = deployment.environment;
    let application = world.environments[environment].application;
    let commit: String = deployment.commit.chars().take(8).collect();
    json!({
        "uuid": world.id(Kind::Build, environment, deployment.ordinal),
        "repository": world.root_id(Kind::Repository, application),
        "website": world.root_id(Kind::Application, application),
        "build_type": if deployment.mode == Mode::Force { "FORCE" } else { "AUTO" },
        "start": view.time(deployment.queued),
        "end": view.maybe(deployment.ended(view.now)),
        "git_commit": deployment.commit,
        "docker_image": format!("{}:{commit}", world.applications[application].slug),
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let scope = world.scope(call).into_iter();
    let mut items: Vec<Deployment> = scope.flat_map(|n| world.deployments(n)).collect();
    items.retain(|deployment| deployment.mode != Mode::Adopt);
    paging::page(call, &items, |deployment| {
        wire(world, &call.view, deployment)
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Build)?;
    let deployment = call.world.deployment(key.parent, key.ordinal);
    if deployment.mode == Mode::Adopt {
        return Err(Refusal::MISSING);
    }
    Ok(Reply::ok(&wire(call.world, &call.view, &deployment)))
}
