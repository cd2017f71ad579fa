//! Webhooks: who is told of events. Source: tsuru contract, section 5.

use serde_json::{Value, json};

use super::{
    action::Plan,
    call::Call,
    errors::Refusal,
    reply::{Outcome, Reply},
};

/// What there is from the start. The header is a secret.
pub(super) fn all() -> Vec<Value> {
    vec![json!({
        "name": "chat",
        "description": "deploys to the channel",
        "team_owner": "web",
        "event_filter": {
            "target_types": ["app"],
            "target_values": [],
            "kind_types": [],
            "kind_names": ["app.deploy"],
            "error_only": false,
            "success_only": false,
        },
        "url": "https://chat.example.com/hooks/deploys",
        "proxy_url": "",
        "headers": { "X-Hook-Secret": ["sim-hook-secret"] },
        "method": "POST",
        "body": "",
        "insecure": false,
    })]
}

/// All webhooks.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::list(call.world.webhooks.clone()))
}

fn named(call: &Call<'_>) -> Result<usize, Refusal> {
    let mut all = call.world.webhooks.iter();
    let found = all.position(|hook| hook["name"] == *call.given(0));
    found.ok_or_else(|| Refusal::missing("webhook not found"))
}

/// One webhook.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::ok(call.world.webhooks[named(call)?].clone()))
}

/// Creates one.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let hook = Value::Object(call.input.object().clone());
    let (Some(name), Some(_)) = (hook["name"].as_str(), hook["url"].as_str()) else {
        return Err(Refusal::bad("webhook name and url must not be empty"));
    };
    if call.world.webhooks.iter().any(|it| it["name"] == name) {
        return Err(Refusal::conflict(
            "webhook already exists with the same name",
        ));
    }
    let plan = Plan::of("webhook.create", "").at("webhook", name);
    call.world.begin(call.view.now, plan)?;
    call.world.webhooks.push(hook);
    Ok(Reply::done())
}

/// Deletes one.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = named(call)?;
    let plan = Plan::of("webhook.delete", "").at("webhook", call.given(0));
    call.world.begin(call.view.now, plan)?;
    call.world.webhooks.remove(place);
    Ok(Reply::done())
}
