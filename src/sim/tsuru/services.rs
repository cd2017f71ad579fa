//! Services, their instances, and what is bound to them. Source: tsuru contract, section 5.

use serde_json::{Map, Value, json};

use super::{
    action::Plan,
    call::Call,
    env,
    errors::Refusal,
    input::Input,
    reply::{Outcome, Reply},
    service::{Instance, SERVICES, Service},
    stream::Play,
    world::World,
};
use axum::http::StatusCode;

/// All services with the names of their instances.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let told = SERVICES.iter().map(|service| grouped(call, service, None));
    Ok(Reply::list(told.collect()))
}

/// All services with their instances, those without any as well.
pub(super) fn list_instances(call: &mut Call<'_>) -> Outcome {
    let app = call.input.get("app");
    let told = SERVICES
        .iter()
        .map(|service| grouped(call, service, app.as_deref()));
    Ok(Reply::list(told.collect()))
}

fn grouped(call: &Call<'_>, service: &Service, app: Option<&str>) -> Value {
    let fits = |it: &&Instance| {
        it.service == service.name && app.is_none_or(|app| it.apps.iter().any(|it| it == app))
    };
    let instances: Vec<&Instance> = call.world.instances.iter().filter(fits).collect();
    let names: Vec<&str> = instances.iter().map(|it| it.name.as_str()).collect();
    let plans: Vec<&str> = service.plans.iter().map(|(name, _)| *name).collect();
    let told: Vec<Value> = instances.iter().map(|it| listed(it)).collect();
    json!({
        "service": service.name,
        "instances": names,
        "plans": plans,
        "service_instances": if told.is_empty() { Value::Null } else { json!(told) },
    })
}

fn listed(it: &Instance) -> Value {
    json!({
        "name": it.name,
        "service_name": it.service,
        "plan_name": it.plan,
        "apps": it.apps,
        "jobs": it.jobs,
        "teams": [it.team],
        "team_owner": it.team,
        "description": it.description,
        "tags": it.tags,
        "parameters": it.parameters,
    })
}

fn service(call: &Call<'_>) -> Result<&'static Service, Refusal> {
    World::service(call.given(0)).ok_or_else(|| Refusal::missing("service not found"))
}

fn instance(call: &Call<'_>) -> Result<usize, Refusal> {
    let service = service(call)?;
    let found = call.world.instance(service.name, call.given(1));
    found.ok_or_else(|| Refusal::missing("service instance not found"))
}

/// The plans of a service.
pub(super) fn list_plans(call: &mut Call<'_>) -> Outcome {
    let plans = service(call)?.plans.iter();
    let told = plans.map(|(name, description)| json!({ "Name": name, "Description": description }));
    Ok(Reply::ok(Value::Array(told.collect())))
}

/// One instance.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let service = service(call)?;
    let it = &call.world.instances[instance(call)?];
    let mut plans = service.plans.iter();
    let plan = plans.find(|(name, _)| *name == it.plan);
    Ok(Reply::ok(json!({
        "Apps": it.apps,
        "Jobs": it.jobs,
        "Teams": [it.team],
        "TeamOwner": it.team,
        "Description": it.description,
        "PlanName": it.plan,
        "PlanDescription": plan.map_or("", |(_, description)| description),
        "Pool": "",
        "Cluster": "",
        "CustomInfo": { "Address": format!("{}.{}.example.com", it.name, it.service) },
        "Tags": it.tags,
        "Parameters": it.parameters,
    })))
}

/// Whether an instance is up, in words.
pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let it = &call.world.instances[instance(call)?];
    let word = if it.is_up { "up" } else { "down" };
    let text = format!("Service instance \"{}\" is {word}", it.name);
    Ok(Reply::text(StatusCode::OK, text))
}

/// Creates an instance.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let service = service(call)?;
    let get = |names: &[&str]| names.iter().find_map(|name| call.input.folded(name));
    let name = get(&["name"]).unwrap_or_default();
    if name.is_empty() || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        let message = "Invalid service instance name, should have at most 40 characters, \
                       containing only lower case letters, numbers or dashes, starting with a \
                       letter.";
        return Err(Refusal::bad(message));
    }
    if call.world.instance(service.name, &name).is_some() {
        return Err(Refusal::conflict(
            "there is already a service instance with this name for the given service.",
        ));
    }
    let plan = get(&["plan", "plan_name"]).unwrap_or_else(|| service.plans[0].0.to_owned());
    if !service.plans.iter().any(|(known, _)| *known == plan) {
        return Err(Refusal::bad("plan not found"));
    }
    let made = Instance {
        service: service.name,
        plan,
        team: get(&["owner", "team_owner"]).unwrap_or_else(|| "web".to_owned()),
        description: get(&["description"]).unwrap_or_default(),
        tags: [call.input.all("tag"), call.input.all("tags")].concat(),
        apps: Vec::new(),
        jobs: Vec::new(),
        is_up: true,
        parameters: parameters(&call.input),
        name,
    };
    note(call, "service-instance.create", &made.path())?;
    call.world.instances.push(made);
    Ok(Reply::created(Value::Null))
}

fn parameters(input: &Input) -> Map<String, Value> {
    if let Some(Value::Object(given)) = input.json("parameters") {
        return given.clone();
    }
    let named = input.form().iter().filter_map(|(key, value)| {
        let name = key.strip_prefix("parameters.")?;
        Some((name.to_owned(), json!(value)))
    });
    named.collect()
}

/// Leaves an event for something that is done to an instance.
fn note(call: &mut Call<'_>, kind: &'static str, path: &str) -> Result<(), Refusal> {
    let plan = Plan::of(kind, "").at("service-instance", path);
    call.world.begin(call.view.now, plan).map(|_| ())
}

/// Changes what an instance is.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let place = instance(call)?;
    let path = call.world.instances[place].path();
    note(call, "service-instance.update", &path)?;
    let input = &call.input;
    let it = &mut call.world.instances[place];
    for (field, name) in [
        (&mut it.description, "description"),
        (&mut it.plan, "plan"),
        (&mut it.team, "teamowner"),
    ] {
        if let Some(given) = input.folded(name) {
            *field = given;
        }
    }
    let tags = [input.all("tag"), input.all("tags")].concat();
    if !tags.is_empty() {
        it.tags = tags;
    }
    Ok(Reply::done())
}

/// Deletes an instance; bound ones only if that is asked for.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = instance(call)?;
    let it = &call.world.instances[place];
    if !(it.apps.is_empty() && it.jobs.is_empty()) && !call.input.flag("unbindall") {
        let apps = it.apps.join(", ");
        return Err(Refusal::bad(format!(
            "This service instance is bound to at least one app. Unbind them before removing it: {apps}"
        )));
    }
    let (path, name) = (it.path(), it.name.clone());
    let mut plan = Plan::of("service-instance.delete", "").at("service-instance", &path);
    plan.say(format!("---- Removing service instance \"{name}\" ----\n"))
        .wait(1.5);
    plan.say("service instance successfully removed\n");
    let event = call.world.begin(call.view.now, plan)?;
    call.world.instances.remove(place);
    Ok(Reply::stream(Play::Action(event)))
}

/// Binds an app to an instance.
pub(super) fn bind(call: &mut Call<'_>) -> Outcome {
    let (place, app) = (instance(call)?, bound_app(call)?);
    let name = call.world.apps[app].name.clone();
    let it = &call.world.instances[place];
    if it.apps.contains(&name) {
        return Err(Refusal::conflict(
            "app is already bound to this service instance",
        ));
    }
    if !it.is_up {
        let message =
            "You cannot bind any app to this service instance because it is not ready yet.";
        return Err(Refusal::new(StatusCode::PRECONDITION_FAILED, message));
    }
    let variables = it.variables(call.world.seed);
    let mut plan = Plan::of("app.update.bind", &name);
    let count = variables.len() + 1;
    plan.say(format!(
        "---- Setting {count} new environment variables ----\n"
    ));
    let no_restart = call.input.folded_flag("noRestart");
    env::restarted(&mut plan, &call.world.apps[app], no_restart);
    let instance = &it.name;
    plan.say(format!(
        "\nInstance \"{instance}\" is now bound to the app \"{name}\".\n"
    ));
    plan.say("The following environment variables are available for use in your app:\n\n");
    for it in &variables {
        plan.say(format!("- {}\n", it.name));
    }
    plan.say("- TSURU_SERVICES\n");
    let event = call.world.begin(call.view.now, plan)?;
    call.world.instances[place].apps.push(name);
    Ok(Reply::stream(Play::Action(event)))
}

/// Ends that.
pub(super) fn unbind(call: &mut Call<'_>) -> Outcome {
    let (place, app) = (instance(call)?, bound_app(call)?);
    let name = call.world.apps[app].name.clone();
    let it = &call.world.instances[place];
    if !it.apps.contains(&name) {
        let message = "app is not bound to this service instance";
        return Err(Refusal::new(StatusCode::PRECONDITION_FAILED, message));
    }
    let mut plan = Plan::of("app.update.unbind", &name);
    let count = it.variables(call.world.seed).len();
    plan.say(format!(
        "---- Unsetting {count} environment variables ----\n"
    ));
    let no_restart = call.input.flag("noRestart");
    env::restarted(&mut plan, &call.world.apps[app], no_restart);
    let instance = &it.name;
    plan.say(format!(
        "\nInstance \"{instance}\" is not bound to the app \"{name}\" anymore.\n"
    ));
    let event = call.world.begin(call.view.now, plan)?;
    call.world.instances[place].apps.retain(|it| *it != name);
    Ok(Reply::stream(Play::Action(event)))
}

fn bound_app(call: &Call<'_>) -> Result<usize, Refusal> {
    let name = call.given(2);
    let app = call.world.find_app(name);
    let app = app.ok_or_else(|| Refusal::no_app(name))?;
    call.world.may_change(app)?;
    Ok(app)
}
