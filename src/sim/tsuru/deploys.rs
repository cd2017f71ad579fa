//! Lists deploys and goes back to what they have deployed. Source: tsuru contract, section 5,
//! "Deploys".

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    deploy::{Ask, Source},
    domains::at_once,
    errors::Refusal,
    event::{Deploy, Event, is_object_id},
    event_wire,
    input::Input,
    reply::{Outcome, Reply},
    stream::{self, Play},
    world::World,
};

/// What a duration is while there is no end.
const RUNNING: i64 = i64::MIN;
const MOST: usize = 100;

/// Deploys, newest first.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (world, view) = (&*call.world, &call.view);
    let app = call.input.get("app");
    let number = |name: &str| call.input.get(name)?.parse::<usize>().ok();
    let fits = |event: &&Event| {
        event.deploy.is_some()
            && app.as_ref().is_none_or(|app| *app == event.target.value)
            && world.find_app(&event.target.value).is_some()
    };
    let newest_first = world.events.iter().rev().filter(fits);
    let page = newest_first
        .skip(number("skip").unwrap_or(0))
        .take(number("limit").filter(|limit| *limit > 0).unwrap_or(MOST));
    let told = page.filter_map(|event| {
        let deploy = event.deploy.as_ref()?;
        let mut body = wire(event, deploy, view);
        body["CanRollback"] = json!(world.can_roll_back(event, deploy, view));
        Some(body)
    });
    Ok(Reply::list(told.collect()))
}

fn wire(event: &Event, deploy: &Deploy, view: &View) -> Value {
    let is_running = event.is_running(view.now);
    let failed = event.error.is_some();
    let image = if is_running || failed {
        ""
    } else {
        &deploy.image
    };
    json!({
        "ID": event.id,
        "App": event.target.value,
        "Timestamp": view.time(event.start),
        "Duration": if is_running { RUNNING } else { (event.end.0 - event.start.0) * 1_000 },
        "Commit": deploy.commit,
        "Error": event.failure(view.now).unwrap_or_default(),
        "Image": image,
        "Version": version(image),
        "Log": "",
        "User": event.owner.name,
        "Origin": deploy.origin,
        "CanRollback": false,
        "Diff": "",
        "Message": deploy.message,
    })
}

/// The version that an image ends with, or zero.
fn version(image: &str) -> u32 {
    let tail = image.rsplit_once(":v").map(|(_, tail)| tail);
    tail.and_then(|tail| tail.parse().ok()).unwrap_or(0)
}

/// One deploy with what it wrote, once it is over.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.given(0);
    if !is_object_id(id) {
        return Err(Refusal::failed(format!(
            "id parameter is not ObjectId: {id}"
        )));
    }
    let found = call
        .world
        .find_event(id)
        .map(|place| &call.world.events[place]);
    let found = found.and_then(|event| Some((event, event.deploy.as_ref()?)));
    let (event, deploy) = found.ok_or_else(|| Refusal::missing("Deploy not found."))?;
    let mut body = wire(event, deploy, &call.view);
    if !event.is_running(call.now()) {
        let lines = stream::lines(event, event.end);
        body["Log"] = json!(event_wire::text(&lines, &call.view));
    }
    Ok(Reply::ok(body))
}

/// Deploys an image that was there before.
pub(super) fn rollback(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let image = call.input.text("image");
    if image.is_empty() {
        return Err(Refusal::bad("you cannot rollback without an image name"));
    }
    let origin = call.input.text("origin");
    if !matches!(origin.as_str(), "" | "rollback") {
        return Err(Refusal::bad("Invalid deployment origin"));
    }
    let known = &call.world.apps[app];
    let number = known.numbered(&image)?;
    let forbidden = known.version(number).and_then(|it| it.forbidden.as_deref());
    if let Some(reason) = forbidden {
        return Err(Refusal::failed(format!(
            "Can't Rollback to version {number}: Version disabled. Reason: {reason}"
        )));
    }
    start(call, app, Ask::of(Source::Version(number), "rollback"))
}

/// Builds what was built last once more.
pub(super) fn rebuild(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    if call.input.text("origin") != "rebuild" {
        return Err(Refusal::bad("Invalid deployment origin"));
    }
    if call.world.apps[app].versions.is_empty() {
        return Err(Refusal::failed("no versions available for app"));
    }
    start(call, app, Ask::of(Source::Build, "rebuild"))
}

fn start(call: &mut Call<'_>, app: usize, ask: Ask) -> Outcome {
    let ask = flagged(ask, &call.input, &call.view);
    let event = call.world.deploy(call.view.now, app, ask)?;
    let id = call.world.events[event].id.clone();
    Ok(Reply::stream(Play::Action(event)).with("x-tsuru-eventid", &id))
}

/// What a request says besides its source, and what a fault makes of it.
pub(super) fn flagged(ask: Ask, input: &Input, view: &View) -> Ask {
    Ask {
        message: input.text("message"),
        new_version: input.flag("new-version"),
        override_versions: input.flag("override-versions"),
        failure: view.tweaks.fail_deployment.clone(),
        ..ask
    }
}

/// Allows or forbids to go back to an image.
pub(super) fn update_rollback(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let (image, reason) = (call.input.text("image"), call.input.text("reason"));
    let disable = match call.input.text("disable").as_str() {
        "true" => true,
        "false" => false,
        _ => {
            return Err(Refusal::bad(
                "Cannot set 'disable' status: it is true or false",
            ));
        }
    };
    if image.is_empty() {
        return Err(Refusal::bad("you must specify an image"));
    }
    if disable && reason.is_empty() {
        return Err(Refusal::bad("Reason cannot be empty"));
    }
    let number = call.world.apps[app].numbered(&image);
    let number = number.map_err(|refusal| Refusal::bad(refusal.message()))?;
    let fields = ["image", "disable", "reason"];
    at_once(
        call,
        app,
        "app.update.deploy.rollback",
        &fields,
        move |app, _, _| {
            let version = app.versions.iter_mut().find(|it| it.number == number);
            if let Some(version) = version {
                version.forbidden = disable.then_some(reason);
            }
        },
    )
}

impl World {
    /// Whether one can go back to what a deploy has deployed.
    fn can_roll_back(&self, event: &Event, deploy: &Deploy, view: &View) -> bool {
        if event.is_running(view.now) || event.error.is_some() {
            return false;
        }
        let app = self
            .find_app(&event.target.value)
            .map(|app| &self.apps[app]);
        let version = app.and_then(|app| app.version(deploy.version));
        version.is_some_and(|version| version.forbidden.is_none())
    }
}
