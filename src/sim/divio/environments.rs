//! Environments (contract section 5.2).

use serde_json::{Value, json};

use super::{
    applications::can_grow,
    call::Call,
    environment::{Profile, born},
    environment_wire::{pending_commits, wire},
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    services::State,
    variables,
    world::{Oddity, World},
};
use crate::sim::words;

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
            && is("is_mirror", &|| world.owner(*n).oddity == Oddity::Mirror)
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
pub(super) fn overview(world: &World, most: usize) -> Vec<Value> {
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
    there.take(most).map(describe).collect()
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
    let usual = words::RELEASE_FAILURES[0];
    Some(if cause.is_empty() { usual } else { cause }.to_owned())
}
