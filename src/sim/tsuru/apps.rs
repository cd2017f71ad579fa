//! Lists and tells apps. Source: tsuru contract, section 5, "Apps".

use serde_json::json;

use super::{
    call::Call,
    reply::{Outcome, Reply},
};

/// The apps the token may read.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let apps = call.world.present_apps();
    Ok(Reply::list(
        apps.map(|app| json!({ "name": app.name })).collect(),
    ))
}

/// One app.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    Ok(Reply::ok(json!({ "name": call.world.apps[app].name })))
}
