//! Events as they are written. Source: tsuru contract, section 5, "Events".

use serde_json::{Value, json};

use super::{
    app::App,
    app_wire,
    call::View,
    event::{Event, Piece, Target},
    wire::ZERO,
    world::World,
};
use crate::sim::clock::Moment;

/// An event in a list. Nothing it has written is told while it runs.
pub(super) fn event(world: &World, event: &Event, view: &View) -> Value {
    let now = view.now;
    let is_running = event.is_running(now);
    let target = target(&event.target);
    let end = (!is_running).then_some(event.end);
    let lines = if is_running {
        Vec::new()
    } else {
        lines(&event.pieces())
    };
    json!({
        "UniqueID": event.id,
        "Lock": if is_running && event.locks { target.clone() } else { Value::Null },
        "StartTime": view.time(event.start),
        "EndTime": view.past(end),
        "ExpireAt": ZERO,
        "LockUpdateTime": view.time(event.end.min(now)),
        "Target": target,
        "ExtraTargets": null,
        "Kind": { "Type": event.kind.word(), "Name": event.kind.name() },
        "Owner": { "Type": event.owner.kind, "Name": event.owner.name },
        "SourceIP": if event.owner.kind == "internal" { "" } else { "10.0.0.9" },
        "Error": event.failure(now).unwrap_or_default(),
        "Log": text(&lines, view),
        "StructuredLog": structured(&lines, view),
        "CancelInfo": cancel_info(event, view),
        "Cancelable": event.is_cancelable(now),
        "Running": is_running,
        "Allowed": allowed(world, event, "app.read.events"),
        "AllowedCancel": allowed(world, event, "app.update.events"),
        "Instance": {
            "Name": "api-0",
            "Port": "8080",
            "TLSPort": "",
            "Addresses": ["10.0.0.2"],
            "LastUpdate": view.time(now),
        },
    })
}

fn target(target: &Target) -> Value {
    json!({ "Type": target.kind, "Value": target.value })
}

fn cancel_info(event: &Event, view: &View) -> Value {
    let Some(cancel) = &event.cancel else {
        return json!({
            "Owner": "", "StartTime": ZERO, "AckTime": ZERO, "Reason": "",
            "Asked": false, "Canceled": false,
        });
    };
    json!({
        "Owner": cancel.by,
        "StartTime": view.time(cancel.asked),
        "AckTime": view.past(Some(cancel.acknowledged)),
        "Reason": cancel.reason,
        "Asked": true,
        "Canceled": cancel.acknowledged <= view.now,
    })
}

fn allowed(world: &World, event: &Event, scheme: &str) -> Value {
    let context = |kind: &str, value: &str| json!({ "CtxType": kind, "Value": value });
    let app = (event.target.kind == "app").then(|| world.find_app(&event.target.value));
    let contexts = app.flatten().map(|app| {
        let app = &world.apps[app];
        json!([
            context("team", &app.team),
            context("app", &app.name),
            context("pool", &app.pool)
        ])
    });
    json!({ "Scheme": scheme, "Contexts": contexts })
}

/// Fragments put together and split again into lines, each with the time it was begun.
pub(super) fn lines(pieces: &[Piece]) -> Vec<(Moment, String)> {
    let mut lines: Vec<(Moment, String)> = Vec::new();
    let mut is_open = false;
    for piece in pieces {
        for part in piece.text.split_inclusive('\n') {
            match lines.last_mut().filter(|_| is_open) {
                Some((_, line)) => line.push_str(part),
                None => lines.push((piece.at, part.to_owned())),
            }
            is_open = !part.ends_with('\n');
        }
    }
    lines
}

/// Lines with the local time of the server before each.
pub(super) fn text(lines: &[(Moment, String)], view: &View) -> String {
    let dated = lines.iter().map(|(at, line)| {
        let at = view.tweaks.shifted(*at).whole_second();
        let at = at.replace('T', " ").replace('Z', " +0000");
        let end = if line.ends_with('\n') { "" } else { "\n" };
        format!("{at}: {line}{end}")
    });
    dated.collect()
}

fn structured(lines: &[(Moment, String)], view: &View) -> Value {
    if lines.is_empty() {
        return Value::Null;
    }
    let entries = lines
        .iter()
        .map(|(at, line)| json!({ "Date": view.time(*at), "Message": line }));
    Value::Array(entries.collect())
}

/// An event by itself: with what its request said and what came of it.
pub(super) fn info(world: &World, it: &Event, view: &View) -> Value {
    /// Kinds of BSON values: a document, an array, nothing.
    const DOCUMENT: u8 = 3;
    const ARRAY: u8 = 4;
    let mut body = event(world, it, view);
    let app = world.find_app(&it.target.value);
    let start = match (&it.deploy, app) {
        (Some(deploy), Some(app)) => deploy_data(world, &world.apps[app], &deploy.message, view),
        (Some(_), None) | (None, _) => it.custom.clone(),
    };
    let is_over = !it.is_running(view.now) && it.error.is_none();
    let end = it.deploy.as_ref().filter(|_| is_over);
    let end = end.map(|deploy| json!({ "image": deploy.image }));
    body["StartCustomData"] = match &start {
        Value::Null => blob(0),
        Value::Array(_) => blob(ARRAY),
        _ => blob(DOCUMENT),
    };
    body["EndCustomData"] = blob(end.as_ref().map_or(0, |_| DOCUMENT));
    body["OtherCustomData"] = blob(0);
    body["CustomData"] = json!({ "Start": start, "End": end, "Other": null });
    body
}

/// What is kept of custom data: base64 of BSON, of which nobody can make anything.
fn blob(kind: u8) -> Value {
    let data = (kind > 0).then_some("FQAAAAJuYW1lAAYAAAB1bml0cwAA");
    json!({ "Kind": kind, "Data": data })
}

/// The start of a deploy tells the whole app, private variables included.
fn deploy_data(world: &World, app: &App, message: &str, view: &View) -> Value {
    let env = app.variables.iter().map(|it| {
        let value = json!({ "name": it.name, "value": it.value, "public": it.is_public });
        (it.name.clone(), value)
    });
    let mut body = app_wire::resume(world, app, view, app_wire::Extent::Simplified);
    body["env"] = Value::Object(env.collect());
    json!({ "app": body, "message": message, "kind": "image" })
}
