//! Repositories and webhooks (contract section 5.7): one repository per application.

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{dice::Dice, words};

/// A webhook of a repository.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Webhook {
    application: usize,
}

/// The webhooks there are: every third application has one.
pub(super) fn webhooks(applications: usize) -> Vec<Webhook> {
    (0..applications)
        .step_by(3)
        .map(|application| Webhook { application })
        .collect()
}

fn wire(world: &World, view: &View, ordinal: usize) -> Value {
    let application = &world.applications[ordinal];
    let mut dice = Dice::new(world.seed, &[18, ordinal as u64]);
    let pulled = world
        .clock
        .started()
        .plus(-f64::from(dice.between(600, 90_000)));
    let reachable = ordinal != 6;
    json!({
        "uuid": world.root_id(Kind::Repository, ordinal),
        "organisation": world.root_id(Kind::Organisation, application.organisation),
        "authentication_type": dice.pick(&["KEYPAIR", "USERPASS", "GITHUB_APP"]),
        "is_read_only": false,
        "authentication_config": {},
        "last_pull_success": reachable,
        "last_pulled_at": view.time(pulled),
        "last_push_success": null,
        "last_pushed_at": null,
        "state": view.word(if reachable { "ACTIVE" } else { "UNKNOWN" }),
        "state_message": (!reachable).then_some("The key was refused by the host."),
        "dsn": format!("git@git.example:harbour/{}.git", application.slug),
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let items: Vec<usize> = (0..world.applications.len())
        .filter(|n| !world.applications[*n].gone)
        .collect();
    paging::page(call, &items, |n| wire(world, &call.view, *n))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Repository)?.ordinal;
    Ok(Reply::ok(&wire(call.world, &call.view, ordinal)))
}

/// Whether the remote can be reached; the shape of the answer is not known.
pub(super) fn check(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Repository)?.ordinal;
    Ok(Reply::ok(&json!({
        "uuid": call.subject,
        "success": ordinal != 6,
        "branch": call.body.get("branch").cloned().unwrap_or_else(|| json!("main")),
    })))
}

/// Commits that are not deployed; the shape of the answer is not known.
pub(super) fn commits(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Repository)?.ordinal;
    let mut dice = Dice::new(call.world.seed, &[19, ordinal as u64]);
    let mut commit = |back: u32| {
        let at = call
            .world
            .clock
            .started()
            .plus(-7_000.0 * f64::from(back + 1));
        json!({
            "sha": dice.hex(40),
            "message": dice.pick(words::COMMITS),
            "author": dice.pick(words::PEOPLE),
            "date": call.view.time(at),
        })
    };
    let commits: Vec<Value> = (0..3).map(&mut commit).collect();
    Ok(Reply::ok(&json!({ "commits": commits })))
}

pub(super) fn pull(call: &mut Call<'_>) -> Outcome {
    call.subject(Kind::Repository)?;
    Ok(Reply::done())
}

fn webhook_wire(world: &World, view: &View, ordinal: usize) -> Value {
    let application = world.webhooks[ordinal].application;
    let created = world.applications[application].created;
    let uuid = world.root_id(Kind::Webhook, ordinal);
    json!({
        "uuid": uuid,
        "repository": world.root_id(Kind::Repository, application),
        "provider_class": if ordinal.is_multiple_of(2) { "GITLAB" } else { "GITHUB" },
        "provider_config": {},
        "trigger_url": format!("{}/apps/v3/webhooks/{uuid}/trigger/", view.origin),
        "last_dispatch_at": null,
        "last_dispatch_success": null,
        "last_dispatch_message": null,
        "date_created": view.time(created),
        "date_modified": view.time(created),
    })
}

pub(super) fn list_webhooks(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let repositories = call.filter("repository", Kind::Repository);
    let items: Vec<usize> = (0..world.webhooks.len())
        .filter(|n| {
            let application = world.webhooks[*n].application;
            let key = Key::root(Kind::Repository, application);
            !world.applications[application].gone && Call::passes(repositories.as_ref(), key)
        })
        .collect();
    paging::page(call, &items, |n| webhook_wire(world, &call.view, *n))
}

pub(super) fn get_webhook(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Webhook)?.ordinal;
    Ok(Reply::ok(&webhook_wire(call.world, &call.view, ordinal)))
}
