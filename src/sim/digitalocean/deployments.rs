//! Deployments. Source: DigitalOcean contract, section 5.3.

use serde_json::Value;

use super::{
    apps::{USER, failure},
    call::Call,
    cause::Cause,
    deployment::Course,
    deployment_wire::{answer, deployment},
    errors::Refusal,
    paging::{self, Empty},
    queue::Start,
    reply::{Outcome, Reply},
};

/// From so many deployments on, long pages take longer than the edge waits.
const LONG_HISTORY: usize = 500;
const SHORT_PAGE: usize = 5;

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let world = &*call.world;
    if world.deployment_count(app) > LONG_HISTORY && paging::size(&call.query)? > SHORT_PAGE {
        return Err(Refusal::edge_timeout());
    }
    let wanted: Vec<&str> = call.query.all("deployment_types").collect();
    // Only the deployments of the page are made.
    let ordinals = (0..world.deployment_count(app)).rev();
    let ordinals: Vec<usize> = ordinals
        .filter(|ordinal| wanted.is_empty() || wanted.contains(&world.cause(app, *ordinal).kind()))
        .collect();
    paging::page(
        call,
        ("deployments", Empty::LeftOut),
        &ordinals,
        |ordinal| deployment(world, &call.view, &world.deployment(app, *ordinal)),
    )
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let ordinal = call.deployment(app, 1)?;
    Ok(Reply::ok(answer(call.world, &call.view, app, ordinal)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    call.body()?;
    // Without a cache it takes longer.
    let forced = if call.flag("force_build")? { 1.5 } else { 1.0 };
    let seconds = Course::Built.usual_seconds() * forced / call.world.clock.speed();
    let start = Start {
        failure: failure(call),
        seconds: (forced > 1.0).then_some(seconds),
        ..Start::of(Cause::Manual(USER), Course::Built)
    };
    let now = call.now();
    let ordinal = call.world.start(app, now, start)?;
    Ok(Reply::ok(answer(call.world, &call.view, app, ordinal)))
}

pub(super) fn cancel(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let ordinal = call.deployment(app, 1)?;
    let now = call.now();
    call.world.cancel(app, ordinal, now)?;
    let written: Value = answer(call.world, &call.view, app, ordinal);
    Ok(Reply::ok(written))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{ask, still_world, submit},
        *,
    };

    #[test]
    fn long_history_times_out_unless_the_page_is_short() {
        let mut world = still_world(1, 24);
        let id = world.apps[world.named_app("old-faithful").unwrap()]
            .id
            .clone();
        let mut status = |query: &str| {
            let mut call = ask(&mut world, "/", query);
            call.given = vec![&id];
            list(&mut call).map_or_else(|refusal| refusal.status(), |_| 200)
        };
        assert_eq!((status(""), status("per_page=6")), (524, 524));
        assert_eq!(status("per_page=5&page=40"), 200);
    }

    #[test]
    fn lists_are_filtered_by_type() {
        let mut world = still_world(1, 24);
        let id = world.apps[world.named_app("feeds").unwrap()].id.clone();
        let mut call = ask(
            &mut world,
            "/",
            "deployment_types=AUTO_ROLLBACK&deployment_types=MAINTENANCE",
        );
        call.given = vec![&id];
        let found = list(&mut call).unwrap().body.unwrap();
        let first = &found["deployments"][0];
        assert_eq!(first["cause_details"]["type"], "AUTO_ROLLBACK");
        assert!(first["cloned_from"].is_string());
        assert!(found["deployments"].as_array().unwrap().len() > 1);
    }

    #[test]
    fn deployment_needs_a_body() {
        let mut world = still_world(1, 24);
        let id = world.apps[0].id.clone();
        let mut status = |body: Value| {
            let made = create(&mut submit(&mut world, &[&id], body));
            made.map_or_else(|refusal| refusal.status(), |_| 200)
        };
        assert_eq!(status(Value::Null), 400);
        assert_eq!(status(json!({ "force_build": "yes" })), 400);
        assert_eq!(status(json!({})), 200);
    }
}
