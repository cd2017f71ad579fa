//! What an app is to warn of, and where to. Source: DigitalOcean contract, section 5.4.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    component::LISTS,
    errors::Refusal,
    id::{Kind, id},
    reply::{Outcome, Reply},
    wire::object,
    world::World,
};

/// Where the alerts of the demo are sent; who has the address can write there.
const WEBHOOK: &str = "https://hooks.example.com/services/sim-slack-webhook";

/// An alert of a specification: of the app itself, or of a component.
struct Alert {
    component: Option<String>,
    spec: Value,
}

fn alerts(world: &World, app: usize) -> Vec<Alert> {
    let spec = world.spec(app);
    let of = |owner: &Value, component: Option<&str>| -> Vec<Alert> {
        let listed = owner["alerts"].as_array().into_iter().flatten();
        let made = listed.map(|spec| Alert {
            component: component.map(str::to_owned),
            spec: spec.clone(),
        });
        made.collect()
    };
    let mut found = of(&spec, None);
    let lists = LISTS.iter().filter_map(|list| spec[list].as_array());
    for item in lists.flatten() {
        found.extend(of(item, item["name"].as_str()));
    }
    found
}

fn wire(call: &Call<'_>, app: usize, place: usize, alert: &Alert) -> Value {
    let written = call.world.apps[app].destinations.get(&place);
    let destination = |name: &str, usual: Value| {
        let written = written.map(|written| written.get(name).cloned());
        written.map_or(usual, Option::unwrap_or_default)
    };
    let channel = json!([{ "url": WEBHOOK, "channel": "deployments" }]);
    let step = json!({ "name": "alert-rule", "status": "SUCCESS" });
    object([
        ("id", json!(id(call.world.seed, Kind::Alert, app, place))),
        ("component_name", json!(alert.component)),
        ("spec", alert.spec.clone()),
        ("emails", destination("emails", json!(["ana@example.com"]))),
        ("slack_webhooks", destination("slack_webhooks", channel)),
        ("phase", json!(call.view.word("ACTIVE"))),
        ("progress", json!({ "steps": [step] })),
    ])
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let found = alerts(call.world, app);
    let written = found.iter().enumerate();
    let written: Vec<Value> = written
        .map(|(place, alert)| wire(call, app, place, alert))
        .collect();
    Ok(Reply::ok(object([("alerts", json!(written))])))
}

pub(super) fn assign(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let place = call.ordinal(Kind::Alert, app, 1)?;
    let found = alerts(call.world, app);
    let alert = found.get(place).ok_or_else(Refusal::missing)?;
    let destinations: Map<String, Value> = call.body()?.clone();
    call.world.apps[app]
        .destinations
        .insert(place, destinations);
    Ok(Reply::ok(json!({ "alert": wire(call, app, place, alert) })))
}
