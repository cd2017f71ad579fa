//! Environments (contract section 5.2).

use serde_json::{Map, Value, json};

use super::{
    applications::can_grow,
    call::{Call, View, present},
    chatter, deployments, domains,
    environment::{Profile, born},
    errors::Refusal,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    services::State,
    variables,
    world::World,
};
use crate::sim::dice::Dice;

/// The single view shows the application as an object; lists sometimes do.
fn wire(world: &World, view: &View, ordinal: usize, whole: bool) -> Value {
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
fn pending_commits(world: &World, ordinal: usize) -> Option<u32> {
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

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (world, query, now) = (&*call.world, &call.query, call.now());
    let search = query.get("name_search").map(str::to_lowercase);
    let filtered = |n: &usize| {
        let environment = &world.environments[*n];
        let is = |name: &str, actual: &dyn Fn() -> bool| {
            query.flag(name).is_none_or(|flag| flag == actual())
        };
        query
            .get("slug")
            .is_none_or(|slug| environment.slug == slug)
            && search
                .as_deref()
                .is_none_or(|text| environment.slug.contains(text))
            && is("deployed", &|| world.deployment_count(*n) > 0)
            && is("deploying", &|| world.running(*n, now).is_some())
            && is("last_deployment_failed", &|| world.last_failed(*n, now))
            && is("with_pending_commits", &|| {
                pending_commits(world, *n).is_some_and(|n| n > 0)
            })
            && is("is_mirror", &|| {
                world.owner(*n).oddity == super::world::Oddity::Mirror
            })
    };
    let mut items: Vec<usize> = world.scope(call).into_iter().filter(filtered).collect();
    match query.get("o") {
        Some("application") => items.sort_by_key(|n| world.environments[*n].application),
        Some("-application") => {
            items.sort_by_key(|n| std::cmp::Reverse(world.environments[*n].application));
        }
        _ => {}
    }
    paging::page(call, &items, |n| wire(world, &call.view, *n, n % 3 == 0))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Environment)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal, true)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut form = call.form();
    let application = form.reference("application", Kind::Application);
    let slug = form.text("slug", 255);
    let branch = form.text("branch", 255);
    let dockerfile = form
        .nullable_text("alternative_dockerfile", 255)
        .unwrap_or_default();
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if slug.as_ref().is_some_and(|slug| !slug.chars().all(letters)) {
        let message =
            "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
        form.complain("slug", message);
    }
    form.finish()?;
    let application = present(application)?.ordinal;
    let (slug, branch) = (present(slug)?, present(branch)?);
    let ordinal = add(call, application, &slug, &branch)?;
    call.world.environments[ordinal].dockerfile = dockerfile.as_str().map(str::to_owned);
    Ok(Reply::created(&json!({
        "uuid": call.world.root_id(Kind::Environment, ordinal),
        "application": call.world.root_id(Kind::Application, application),
        "slug": slug,
        "branch": branch,
        "alternative_dockerfile": dockerfile,
    })))
}

/// Makes a new environment, if the plan allows one and the name is free.
fn add(
    call: &mut Call<'_>,
    application: usize,
    slug: &str,
    branch: &str,
) -> Result<usize, Refusal> {
    let now = call.now();
    let world = &mut *call.world;
    world.may_change(application)?;
    if world.environment_named(application, slug).is_some() {
        return Err(Refusal::whole(
            "The fields application, slug must make a unique set.",
        ));
    }
    if !can_grow(world, application) {
        return Err(Refusal::whole("Can not add another Environment."));
    }
    let ordinal = world.environments.len();
    let mut made = born(
        world,
        ordinal,
        application,
        (slug, branch),
        now,
        Profile::NeverDeployed,
    );
    made.production = false;
    world.environments.push(made);
    world.applications[application].environments.push(ordinal);
    Ok(ordinal)
}

pub(super) fn copy(call: &mut Call<'_>) -> Outcome {
    let from = call.subject(Kind::Environment)?.ordinal;
    let mut form = call.form();
    let slug = form.text("new_slug", 255);
    if slug.as_ref().is_some_and(|slug| !is_copy_slug(slug)) {
        form.complain(
            "new_slug",
            "This value does not match the required pattern.",
        );
    }
    form.finish()?;
    let slug = present(slug)?;
    let application = call.world.environments[from].application;
    let branch = call.world.environments[from].branch.clone();
    let ordinal = add(call, application, &slug, &branch)?;
    let mut detail = call.world.detail(from).clone();
    for instance in &mut detail.instances {
        instance.state = State::New;
    }
    detail.domains.retain(|domain| domain.n == 0);
    *call.world.detail_mut(ordinal) = detail;
    Ok(Reply::created(&wire(call.world, &call.view, ordinal, true)))
}

/// Whether a text matches `^[0-9a-z](-*[0-9a-z])*$`.
fn is_copy_slug(slug: &str) -> bool {
    let letter = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    letter(slug.bytes().next())
        && letter(slug.bytes().last())
        && slug.bytes().all(|byte| byte == b'-' || letter(Some(byte)))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let ordinal = changeable(call)?;
    let mut form = call.partial_form();
    let branch = form.text("branch", 255);
    let dockerfile = form.nullable_text("alternative_dockerfile", 255);
    form.finish()?;
    let now = call.now();
    let environment = &mut call.world.environments[ordinal];
    environment.branch = branch.unwrap_or_else(|| environment.branch.clone());
    if let Some(dockerfile) = dockerfile {
        environment.dockerfile = dockerfile.as_str().map(str::to_owned);
    }
    let answer = json!({
        "branch": environment.branch, "alternative_dockerfile": environment.dockerfile,
    });
    call.world
        .note_change(ordinal, now, "branch changed".to_owned());
    Ok(Reply::ok(&answer))
}

pub(super) fn stop(call: &mut Call<'_>) -> Outcome {
    let ordinal = changeable(call)?;
    let now = call.now();
    if call.world.running(ordinal, now).is_some() {
        return Err(Refusal::whole("This environment is deploying."));
    }
    call.world.announce(ordinal, now, "all instances stopped");
    call.world.environments[ordinal].voice.hush(now);
    call.world
        .record(ordinal, now, "ana", "environment_stopped");
    Ok(Reply::done())
}

pub(super) fn destroy(call: &mut Call<'_>) -> Outcome {
    let ordinal = changeable(call)?;
    if call.world.running(ordinal, call.now()).is_some() {
        return Err(Refusal::whole("This environment is deploying."));
    }
    call.world.environments[ordinal].gone = true;
    Ok(Reply::deleted())
}

fn changeable(call: &Call<'_>) -> Result<usize, Refusal> {
    let ordinal = call.subject(Kind::Environment)?.ordinal;
    call.world.may_change_environment(ordinal)?;
    Ok(ordinal)
}

/// A short description for the control port.
pub(super) fn overview(world: &World) -> Vec<Value> {
    const MOST: usize = 100;
    let there = (0..world.applications.len()).filter(|n| !world.applications[*n].gone);
    let describe = |n: usize| {
        let environments = world.environments_of(n).map(|environment| {
            json!({
                "id": world.root_id(Kind::Environment, environment),
                "slug": world.environments[environment].slug,
            })
        });
        json!({
            "id": world.root_id(Kind::Application, n),
            "slug": world.applications[n].slug,
            "environments": environments.collect::<Vec<Value>>(),
        })
    };
    there.take(MOST).map(describe).collect()
}

/// The environment that a test names: by identifier, as `application/environment`, or by the slug
/// of the first that has it.
pub(super) fn named(world: &World, name: &str) -> Option<usize> {
    if let Ok(Key { ordinal, .. }) = world.find(name, Kind::Environment) {
        return Some(ordinal);
    }
    let all = (0..world.environments.len()).filter(|n| world.has_environment(*n));
    match name.split_once('/') {
        Some((owner, slug)) => all
            .into_iter()
            .find(|n| world.owner(*n).slug == owner && world.environments[*n].slug == slug),
        None => all
            .into_iter()
            .find(|n| world.environments[*n].slug == name),
    }
}

/// Whether a variable asks the next deployment to fail, and with which cause.
pub(super) fn wants_failure(world: &World, environment: usize) -> Option<String> {
    let cause = variables::value_of(world, environment, "SIM_FAIL_DEPLOY")?;
    let usual = crate::sim::words::RELEASE_FAILURES[0];
    Some(if cause.is_empty() { usual } else { cause }.to_owned())
}
