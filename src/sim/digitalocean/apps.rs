//! Apps. Source: DigitalOcean contract, section 5.2.

use serde_json::json;

use super::{
    app_wire,
    call::Call,
    paging::{self, Empty},
    reply::{Outcome, Reply},
};

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
    let written = app_wire::app(call.world, &call.view, app, true);
    Ok(Reply::ok(json!({ "app": written })))
}
