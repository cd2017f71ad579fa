//! Apps. Source: DigitalOcean contract, section 5.2.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    app_wire,
    call::Call,
    cause::Cause,
    check,
    component::LISTS,
    deployment::Course,
    deployment::Failure,
    deployment_wire,
    errors::Refusal,
    history::unhealthy,
    paging::{self, Empty},
    projects,
    queue::Start,
    reply::{Outcome, Reply},
    wire::object,
};
use crate::sim::words;

/// The user of the token.
pub(super) const USER: &str = words::PEOPLE[0];

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let with_projects = call.query.flag("with_projects").unwrap_or(false);
    let name = call.query.get("name");
    let apps = call.world.present_apps();
    let apps: Vec<usize> = apps
        .filter(|app| name.is_none_or(|name| app.name == name))
        .map(|app| app.ordinal)
        .collect();
    paging::page(call, ("apps", Empty::LeftOut), &apps, |app| {
        app_wire::app(call.world, &call.view, *app, with_projects)
    })
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    Ok(answer(call, app))
}

fn answer(call: &Call<'_>, app: usize) -> Reply {
    let written = app_wire::app(call.world, &call.view, app, true);
    Reply::ok(json!({ "app": written }))
}

/// The specification in the body: checked, its secrets still as they came.
fn submitted(call: &Call<'_>) -> Result<Value, Refusal> {
    let spec = call.body()?.get("spec").cloned().unwrap_or(Value::Null);
    check::price(&spec)?;
    Ok(spec)
}

/// Whether another app has the name.
fn is_taken(call: &Call<'_>, spec: &Value, own: Option<usize>) -> bool {
    let owner = spec["name"]
        .as_str()
        .and_then(|name| call.world.named_app(name));
    owner.is_some_and(|owner| own != Some(owner))
}

/// How a deployment the request starts is to fail, if it is.
pub(super) fn failure(call: &Call<'_>) -> Option<Failure> {
    let message = call.view.tweaks.fail_deployment.clone()?;
    Some(Failure {
        message,
        ..unhealthy()
    })
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut spec = submitted(call)?;
    if is_taken(call, &spec, None) {
        return Err(Refusal::conflict("App name already exists"));
    }
    let project = call.body()?.get("project_id").and_then(Value::as_str);
    let project = project.filter(|project| !project.is_empty());
    let project = project.map(|text| projects::find(call.world, text).ok_or_else(Refusal::missing));
    let project = project.transpose()?;
    call.world.seals.seal(&mut spec)?;
    let name = spec["name"].as_str().unwrap_or_default().to_owned();
    let (now, failure) = (call.now(), failure(call));
    let app = call.world.create_app(now, &name, spec);
    call.world.apps[app].project = project.unwrap_or(0);
    let start = Start {
        failure,
        ..Start::of(Cause::Manual(USER), Course::Built)
    };
    call.world.start(app, now, start)?;
    Ok(answer(call, app))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let mut spec = submitted(call)?;
    let refresh = call.flag("update_all_source_versions")?;
    if is_taken(call, &spec, Some(app)) {
        return Err(Refusal::conflict("App name already exists"));
    }
    call.world.seals.seal(&mut spec)?;
    let (now, before, spec) = (call.now(), call.world.spec(app), Arc::new(spec));
    let change = if refresh {
        Change::Source
    } else {
        change(&before, &spec)
    };
    let course = match change {
        Change::Nothing => None,
        Change::Configuration => Some(Course::Reused),
        Change::Source => Some(Course::Built),
    };
    if let Some(course) = course {
        let start = Start {
            failure: failure(call),
            spec: Some(Arc::clone(&spec)),
            ..Start::of(Cause::Spec(USER), course)
        };
        call.world.start(app, now, start)?;
    }
    call.world.write_spec(app, now, spec);
    Ok(answer(call, app))
}

/// What a new specification asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Nothing that is deployed: only alerts, or nothing at all.
    Nothing,
    /// What was built stays.
    Configuration,
    Source,
}

fn change(before: &Value, after: &Value) -> Change {
    const UNDEPLOYED: [&str; 1] = ["alerts"];
    const CONFIGURED: [&str; 10] = [
        "alerts",
        "envs",
        "instance_count",
        "instance_size_slug",
        "autoscaling",
        "health_check",
        "log_destinations",
        "termination",
        "domains",
        "ingress",
    ];
    if without(before, &UNDEPLOYED) == without(after, &UNDEPLOYED) {
        Change::Nothing
    } else if without(before, &CONFIGURED) == without(after, &CONFIGURED) {
        Change::Configuration
    } else {
        Change::Source
    }
}

/// A specification without these fields, neither of its own nor of its components.
fn without(spec: &Value, names: &[&str]) -> Value {
    let mut spec = spec.clone();
    let strip = |value: &mut Value| {
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|name, _| !names.contains(&name.as_str()));
        }
    };
    for list in LISTS {
        let items = spec.get_mut(list).and_then(Value::as_array_mut);
        items.into_iter().flatten().for_each(strip);
    }
    strip(&mut spec);
    spec
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    call.world.apps[app].gone = true;
    Ok(Reply::ok(json!({ "id": call.world.apps[app].id })))
}

pub(super) fn propose(call: &mut Call<'_>) -> Outcome {
    let mut spec = submitted(call)?;
    let cost = check::price(&spec)?;
    let own = call.body()?.get("app_id").and_then(Value::as_str);
    let own = own.filter(|id| !id.is_empty());
    let own = own.map(|id| call.world.find_app(id)).transpose()?;
    let taken = is_taken(call, &spec, own);
    call.world.seals.seal(&mut spec)?;
    let name = spec["name"].as_str().unwrap_or_default();
    let suggestion = taken.then(|| format!("{name}2"));
    Ok(Reply::ok(object([
        ("app_name_available", json!(!taken)),
        ("app_name_suggestion", json!(suggestion)),
        ("existing_starter_apps", json!("1")),
        ("max_free_starter_apps", json!("3")),
        ("spec", spec.clone()),
        ("app_cost", json!(cost)),
    ])))
}

pub(super) fn restart(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let names = call.body.as_ref().and_then(|body| body.get("components"));
    let names = names.and_then(Value::as_array).into_iter().flatten();
    let known = call.world.components(app);
    for name in names {
        if !known.iter().any(|part| *name == json!(part.name)) {
            return Err(Refusal::bad(format!("component {name} not found")));
        }
    }
    let now = call.now();
    let Some(active) = call.world.active(app, now) else {
        return Err(Refusal::bad("app has no active deployment to restart"));
    };
    let start = Start {
        failure: failure(call),
        commit: Some(active.commit.clone()),
        spec: Some(Arc::clone(&active.spec)),
        ..Start::of(Cause::Restart(USER), Course::Reused)
    };
    let ordinal = call.world.start(app, now, start)?;
    Ok(Reply::ok(deployment_wire::answer(
        call.world, &call.view, app, ordinal,
    )))
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{still_world, submit},
        *,
    };

    fn put(world: &mut super::super::world::World, app: usize, spec: &Value) -> Value {
        let id = world.apps[app].id.clone();
        let mut call = submit(world, &[&id], json!({ "spec": spec }));
        update(&mut call).unwrap().body.unwrap()["app"].clone()
    }

    #[test]
    fn submitted_specification_is_kept_with_what_nobody_knows() {
        let mut world = still_world(1, 24);
        let app = world.named_app("quotes").unwrap();
        let mut spec = (*world.spec(app)).clone();
        spec["services"][0]["x_placement"]["more"] = json!({ "none": null, "zero": 0 });
        assert_eq!(put(&mut world, app, &spec)["spec"], spec);
    }

    #[test]
    fn update_of_nothing_deploys_nothing_and_moves_the_time() {
        let mut world = still_world(1, 24);
        let app = world.named_app("quotes").unwrap();
        let (before, spec) = (world.apps[app].updated, (*world.spec(app)).clone());
        let written = put(&mut world, app, &spec);
        assert!(written.get("pending_deployment").is_none());
        assert!(world.apps[app].updated > before);
    }

    #[test]
    fn changed_variable_deploys_without_a_build() {
        let mut world = still_world(1, 24);
        let app = world.named_app("quotes").unwrap();
        let mut spec = (*world.spec(app)).clone();
        spec["envs"][1]["value"] = json!("hunter2");
        let written = put(&mut world, app, &spec);
        assert_eq!(written["pending_deployment"]["cause"], "app spec updated");
        let sealed = written["spec"]["envs"][1]["value"].as_str().unwrap();
        assert!(sealed.starts_with("EV[1:"));
        assert_eq!(
            world.deployments(app).next().unwrap().course,
            Course::Reused
        );
    }

    #[test]
    fn changed_source_is_built() {
        let before =
            json!({ "services": [{ "name": "web", "github": { "branch": "main" }, "envs": [] }] });
        let mut after = before.clone();
        after["services"][0]["github"]["branch"] = json!("next");
        assert_eq!(change(&before, &after), Change::Source);
    }
}
