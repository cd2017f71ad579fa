//! What the control port makes happen here.

use serde_json::{Value, json};

use super::{
    cause::Cause,
    component::{components, item_mut},
    deployment::Course,
    errors::Refusal,
    history,
    queue::Start,
    world::World,
};
use crate::sim::{
    clock::Moment,
    host::{Change, Command, Commanded},
    words,
};
use std::sync::Arc;

/// The other user.
const SOMEBODY: &str = words::PEOPLE[1];

/// Carries out a command; `None` if it names nothing that is here.
pub(super) fn run(world: &mut World, now: Moment, command: &Command) -> Option<Commanded> {
    match command {
        Command::Deploy {
            environment,
            succeeds,
        } => {
            let (app, _) = named(world, environment)?;
            Some(deploy(world, now, app, *succeeds))
        }
        Command::Vanish { application } => {
            let app = world.named_app(application)?;
            world.apps[app].gone = true;
            Some(Ok(json!({ "application": world.apps[app].id })))
        }
        Command::Variable {
            environment,
            name,
            change,
        } => {
            let (app, component) = named(world, environment)?;
            Some(variable(
                world,
                now,
                (app, component),
                name,
                change.as_ref(),
            ))
        }
        Command::Spec { application, spec } => {
            let app = world.named_app(application)?;
            Some(submit(world, now, app, spec.clone()))
        }
        Command::Autoscale { environment, to } => {
            let (app, component) = named(world, environment)?;
            Some(autoscale(world, now, app, component?, *to))
        }
        Command::Crash { environment } => {
            let (app, component) = named(world, environment)?;
            let component = component?.to_owned();
            world.apps[app].crashed.push((component, now));
            Some(Ok(json!({ "application": world.apps[app].id })))
        }
        // Nothing of the kind stands in the way here.
        Command::Guard(_) | Command::Tenant(_) => None,
        Command::Limits(limits) => {
            world.limits.set(*limits);
            Some(Ok(json!({})))
        }
        Command::Log {
            environment,
            lines,
            rate,
            floods,
        } => {
            let (app, component) = named(world, environment)?;
            super::logs::write(world, now, (app, component), (lines, *rate, floods))
        }
    }
}

/// The app and the component that `app` or `app/component` names.
fn named<'a>(world: &World, text: &'a str) -> Option<(usize, Option<&'a str>)> {
    let (app, component) = match text.split_once('/') {
        Some((app, component)) => (app, Some(component)),
        None => (text, None),
    };
    let app = world.named_app(app)?;
    let known = |name: &str| world.components(app).iter().any(|part| part.name == name);
    component.is_none_or(known).then_some((app, component))
}

fn started(world: &World, app: usize, started: Result<usize, Refusal>) -> Commanded {
    let ordinal = started.map_err(|refusal| refusal.message().to_owned())?;
    Ok(json!({
        "application": world.apps[app].id,
        "deployment": world.deployment_id(app, ordinal),
    }))
}

fn deploy(world: &mut World, now: Moment, app: usize, succeeds: bool) -> Commanded {
    let cause = Cause::Push {
        by: SOMEBODY,
        message: words::COMMITS[0],
    };
    let start = Start {
        failure: (!succeeds).then(history::unhealthy),
        ..Start::of(cause, Course::Built)
    };
    let result = world.start(app, now, start);
    started(world, app, result)
}

/// Sets a specification as another user does it, and deploys it.
fn submit(world: &mut World, now: Moment, app: usize, mut spec: Value) -> Commanded {
    let sealed = world.seals.seal(&mut spec);
    sealed.map_err(|refusal| refusal.message().to_owned())?;
    world.write_spec(app, now, Arc::new(spec));
    let result = world.start(app, now, Start::of(Cause::Spec(SOMEBODY), Course::Reused));
    started(world, app, result)
}

/// Changes or reads a variable of the app or of a component. What it was is told in plain.
fn variable(
    world: &mut World,
    now: Moment,
    (app, component): (usize, Option<&str>),
    name: &str,
    change: Option<&Change>,
) -> Commanded {
    let mut spec = (*world.spec(app)).clone();
    let owner = match component {
        Some(component) => item_mut(&mut spec, component),
        None => Some(&mut spec),
    };
    let owner = owner.and_then(Value::as_object_mut);
    let envs = owner.map(|owner| owner.entry("envs").or_insert_with(|| json!([])));
    let Some(envs) = envs.and_then(Value::as_array_mut) else {
        return Err("no such component".to_owned());
    };
    let place = envs.iter().position(|variable| variable["key"] == name);
    let was = place.and_then(|place| envs[place]["value"].as_str().map(str::to_owned));
    match (change, place) {
        (None, _) | (Some(Change::Remove), None) => return Ok(json!({ "was": plain(world, was) })),
        (Some(Change::Set(value)), Some(place)) => envs[place]["value"] = json!(value),
        (Some(Change::Set(value)), None) => envs.push(json!({ "key": name, "value": value })),
        (Some(Change::Remove), Some(place)) => {
            envs.remove(place);
        }
    }
    let sealed = world.seals.seal(&mut spec);
    sealed.map_err(|refusal| refusal.message().to_owned())?;
    world.write_spec(app, now, Arc::new(spec));
    Ok(json!({ "was": plain(world, was) }))
}

fn plain(world: &World, was: Option<String>) -> Option<String> {
    let was = was?;
    let plain = world.seals.plain(&was).map(str::to_owned);
    Some(plain.unwrap_or(was))
}

fn autoscale(world: &mut World, now: Moment, app: usize, component: &str, to: u32) -> Commanded {
    let from = world.instances(app, component, now);
    let cause = Cause::Autoscaled {
        component: component.to_owned(),
        from,
        to,
    };
    let result = world.start(app, now, Start::of(cause, Course::Reused));
    started(world, app, result)
}

/// The apps with their components and newest deployments.
pub(super) fn overview(world: &World, now: Moment, most: usize) -> Vec<Value> {
    let apps = world.present_apps().take(most);
    let described = apps.map(|app| {
        let parts = components(&world.spec(app.ordinal));
        let names: Vec<Value> = parts
            .iter()
            .map(|part| json!({ "slug": part.name, "role": part.role.word() }))
            .collect();
        let newest = world.deployments(app.ordinal).next();
        let newest = newest.map(|it| {
            let phase = world.phase(&it, now).word();
            json!({ "uuid": world.deployment_id(app.ordinal, it.ordinal), "phase": phase })
        });
        json!({
            "uuid": app.id,
            "slug": app.name,
            "environments": names,
            "newest_deployment": newest,
            "pinned": app.pinned.is_some(),
        })
    });
    described.collect()
}
