//! Going back to an earlier deployment. Source: DigitalOcean contract, section 5.5.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    apps::{USER, failure},
    call::Call,
    cause::Cause,
    component::{Component, Role, components},
    deployment::{Course, Deployment, Phase},
    deployment_wire::answer,
    errors::Refusal,
    queue::Start,
    reply::{Outcome, Reply},
    wire::object,
    world::World,
};
use crate::sim::clock::Moment;

/// Only so many successful deployments can be gone back to.
const REVISIONS: usize = 10;

/// Why something is not possible, or has a price.
struct Condition {
    code: &'static str,
    message: &'static str,
    components: Vec<String>,
}

fn condition(code: &'static str, message: &'static str) -> Condition {
    Condition {
        code,
        message,
        components: Vec::new(),
    }
}

impl Condition {
    fn wire(&self) -> Value {
        object([
            ("code", json!(self.code)),
            ("message", json!(self.message)),
            ("components", json!(self.components)),
        ])
    }
}

/// What forbids to go back to a deployment.
fn obstacle(world: &World, app: usize, target: &Deployment, now: Moment) -> Option<Condition> {
    if world.apps[app].pinned.is_some() {
        return Some(condition("app_pinned", "the app is pinned to a rollback"));
    }
    match world.phase(target, now) {
        Phase::Superseded if target.live_since(now).is_some() => {}
        Phase::Superseded | Phase::Error | Phase::Canceled => {
            let message = "the deployment did not succeed";
            return Some(condition("incompatible_result", message));
        }
        Phase::Active
        | Phase::PendingBuild
        | Phase::Building
        | Phase::PendingDeploy
        | Phase::Deploying => {
            let message = "the deployment is not a previous one";
            return Some(condition("incompatible_phase", message));
        }
    }
    let mut good = world
        .deployments(app)
        .filter(|it| it.live_since(now).is_some());
    if !good
        .by_ref()
        .take(REVISIONS)
        .any(|it| it.ordinal == target.ordinal)
    {
        let message = "only the ten most recent successful deployments can be rolled back to";
        return Some(condition("exceeded_revision_limit", message));
    }
    let current = world.spec(app);
    if current["region"] != target.spec["region"] {
        return Some(condition("region_conflict", "the region has changed"));
    }
    if current["databases"] != target.spec["databases"] {
        let message = "the configuration of databases has changed";
        return Some(condition("database_config_conflict", message));
    }
    None
}

fn warnings(target: &Deployment) -> Vec<Condition> {
    let parts = components(&target.spec);
    let those = |wanted: fn(&Component) -> bool| -> Vec<String> {
        let found = parts.iter().filter(|part| wanted(part));
        found.map(|part| part.name.clone()).collect()
    };
    let all = [
        Condition {
            components: those(|part| part.role == Role::StaticSite),
            ..condition(
                "static_site_requires_rebuild",
                "static sites are built again",
            )
        },
        Condition {
            components: those(|part| part.prebuilt),
            ..condition(
                "image_source_missing_digest",
                "the image is named by its tag and may have changed",
            )
        },
    ];
    let told = all.into_iter().filter(|it| !it.components.is_empty());
    told.collect()
}

fn target(call: &Call<'_>, app: usize) -> Result<Deployment, Refusal> {
    let ordinal = call
        .world
        .find_deployment(app, call.text("deployment_id")?)?;
    Ok(call.world.deployment(app, ordinal))
}

pub(super) fn validate(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let target = target(call, app)?;
    let error = obstacle(call.world, app, &target, call.now());
    let warnings: Vec<Value> = warnings(&target).iter().map(Condition::wire).collect();
    Ok(Reply::ok(object([
        ("valid", json!(error.is_none())),
        ("error", error.map_or(Value::Null, |error| error.wire())),
        ("warnings", json!(warnings)),
    ])))
}

pub(super) fn begin(call: &mut Call<'_>) -> Outcome {
    let (app, now) = (call.app()?, call.now());
    let (target, skip_pin) = (target(call, app)?, call.flag("skip_pin")?);
    if let Some(obstacle) = obstacle(call.world, app, &target, now) {
        let message = format!("cannot roll back: {}", obstacle.message);
        return Err(match obstacle.code {
            "app_pinned" => Refusal::conflict(message),
            _ => Refusal::bad(message),
        });
    }
    let before = call.world.spec(app);
    let start = Start {
        failure: failure(call),
        spec: Some(Arc::clone(&target.spec)),
        cloned_from: Some(target.ordinal),
        commit: Some(target.commit),
        ..Start::of(Cause::Rollback(USER), Course::Reused)
    };
    let ordinal = call.world.start(app, now, start)?;
    call.world.write_spec(app, now, target.spec);
    if !skip_pin {
        call.world.apps[app].pinned = Some(ordinal);
        call.world.apps[app].before_rollback = Some(before);
    }
    Ok(Reply::ok(answer(call.world, &call.view, app, ordinal)))
}

/// Takes the pin away; the specification from before the rollback.
fn unpin(call: &mut Call<'_>) -> Result<(usize, Option<Arc<Value>>), Refusal> {
    let app = call.app()?;
    let state = &mut call.world.apps[app];
    if state.pinned.take().is_none() {
        return Err(Refusal::bad("app is not pinned to a rollback"));
    }
    Ok((app, state.before_rollback.take()))
}

pub(super) fn commit(call: &mut Call<'_>) -> Outcome {
    unpin(call)?;
    Ok(Reply::done())
}

pub(super) fn revert(call: &mut Call<'_>) -> Outcome {
    let (app, before) = unpin(call)?;
    let now = call.now();
    let before = before.unwrap_or_else(|| call.world.spec(app));
    call.world.write_spec(app, now, before);
    let start = Start {
        failure: failure(call),
        ..Start::of(Cause::Revert(USER), Course::Reused)
    };
    let ordinal = call.world.start(app, now, start)?;
    Ok(Reply::ok(answer(call.world, &call.view, app, ordinal)))
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{still_world, submit},
        *,
    };

    /// What the validation says of the nth successful deployment, counted from the newest.
    fn check(world: &mut World, name: &str, nth: usize) -> Value {
        let (app, now) = (world.named_app(name).unwrap(), world.clock.started());
        let mut good = world
            .deployments(app)
            .filter(|it| it.live_since(now).is_some());
        let target = good.nth(nth).unwrap().ordinal;
        drop(good);
        let (id, target) = (world.apps[app].id.clone(), world.deployment_id(app, target));
        let body = json!({ "deployment_id": target });
        validate(&mut submit(world, &[&id], body))
            .unwrap()
            .body
            .unwrap()
    }

    #[test]
    fn only_recent_successful_ones_qualify() {
        let mut world = still_world(1, 24);
        assert_eq!(
            check(&mut world, "feeds", 0)["error"]["code"],
            "incompatible_phase"
        );
        assert_eq!(check(&mut world, "feeds", 9), json!({ "valid": true }));
        assert_eq!(
            check(&mut world, "feeds", 10)["error"]["code"],
            "exceeded_revision_limit"
        );
        assert_eq!(
            check(&mut world, "ledger", 2)["error"]["code"],
            "app_pinned"
        );
    }

    #[test]
    fn prices_are_told() {
        let mut world = still_world(1, 24);
        let told = check(&mut world, "brochure", 1);
        assert_eq!(told["warnings"][0]["code"], "static_site_requires_rebuild");
        assert_eq!(told["warnings"][0]["components"], json!(["site"]));
    }

    #[test]
    fn rollback_pins_and_revert_brings_back_the_specification() {
        let mut world = still_world(1, 24);
        let (app, now) = (world.named_app("quotes").unwrap(), world.clock.started());
        let mut changed = (*world.spec(app)).clone();
        changed["services"][0]["http_port"] = json!(9_000);
        world.write_spec(app, now, Arc::new(changed.clone()));
        let old = world
            .deployments(app)
            .filter(|it| it.live_since(now).is_some())
            .nth(1);
        let (id, old) = (
            world.apps[app].id.clone(),
            world.deployment_id(app, old.unwrap().ordinal),
        );
        let body = json!({ "deployment_id": old });
        let made = begin(&mut submit(&mut world, &[&id], body.clone()))
            .unwrap()
            .body
            .unwrap();
        assert_eq!(made["deployment"]["cloned_from"], json!(old));
        assert_eq!(world.spec(app)["services"][0]["http_port"], 8_080);
        assert_eq!(
            begin(&mut submit(&mut world, &[&id], body))
                .unwrap_err()
                .status(),
            409
        );
        revert(&mut submit(&mut world, &[&id], Value::Null)).unwrap();
        assert_eq!(*world.spec(app), changed);
        assert!(commit(&mut submit(&mut world, &[&id], Value::Null)).is_err());
    }
}
