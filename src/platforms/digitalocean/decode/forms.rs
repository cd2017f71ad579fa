//! What a record says does not depend on the form it is written in: zero may be left out, null or
//! there, numbers may stand in quotes, and nobody knows every field.

use std::collections::HashMap;
use std::fmt::Debug;

use bytes::Bytes;
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::{Map, Value, json};

use super::*;
use crate::platforms::digitalocean::{map, wire};

const APPS: &str = include_str!("../../../../tests/fixtures/digitalocean/apps/list.json");
const SHOP: &str = include_str!("../../../../tests/fixtures/digitalocean/apps/shop.json");
const DEPLOYMENTS: &str =
    include_str!("../../../../tests/fixtures/digitalocean/deployments/list.json");
const EVENTS: &str = include_str!("../../../../tests/fixtures/digitalocean/events/list.json");
const ALERTS: &str = include_str!("../../../../tests/fixtures/digitalocean/alerts/list.json");
const RUNS: &str =
    include_str!("../../../../tests/fixtures/digitalocean/job-invocations/list.json");
const HEALTH: &str = include_str!("../../../../tests/fixtures/digitalocean/health/shop.json");
const SIZES: &str = include_str!("../../../../tests/fixtures/digitalocean/sizes/list.json");

/// Fields that most records may have.
const KNOWN: [&str; 12] = [
    "autoscaling",
    "cause_details",
    "domains",
    "envs",
    "github",
    "image",
    "jobs",
    "pinned_deployment",
    "progress",
    "reason",
    "started_at",
    "timing",
];

/// What an answer holds, and what names a record: without it there is nothing to read.
const NEEDED: [&str; 9] = [
    "alerts",
    "app",
    "app_health",
    "apps",
    "deployments",
    "events",
    "id",
    "instance_sizes",
    "job_invocations",
];

fn another_kind(choice: u8) -> Value {
    match choice {
        3 => json!(-1.5),
        4 => json!("0001-01-01T00:00:00Z"),
        5 => json!([[], {}, 1, null]),
        6 => json!({"id": 7, "name": [], "spec": "x"}),
        _ => json!(true),
    }
}

/// Writes it in another form; `choices` says which, one after the other.
fn rewritten(value: &Value, choices: &mut impl Iterator<Item = u8>) -> Value {
    let choice = choices.next().unwrap_or(0);
    match value {
        Value::Number(number) if choice == 1 => number.to_string().into(),
        Value::Array(items) => items.iter().map(|it| rewritten(it, choices)).collect(),
        Value::Object(fields) => {
            let mut written = Map::new();
            for (name, value) in fields {
                match choices.next() {
                    Some(1) if is_zero(value) => {}
                    Some(2) if is_zero(value) => {
                        written.insert(name.clone(), Value::Null);
                    }
                    Some(odd @ 3..) if !NEEDED.contains(&name.as_str()) => {
                        written.insert(name.clone(), another_kind(odd));
                    }
                    _ => {
                        written.insert(name.clone(), rewritten(value, choices));
                    }
                }
            }
            let known = KNOWN[usize::from(choice) % KNOWN.len()];
            written.entry(known).or_insert(Value::Null);
            written.insert(format!("x-{choice}"), Value::from(choice));
            written.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(_) => false,
    }
}

fn reply(body: &Value) -> Reply {
    Reply {
        operation: "Test",
        status: StatusCode::OK,
        headers: reqwest::header::HeaderMap::new(),
        body: Bytes::from(body.to_string()),
    }
}

fn shown<W: DeserializeOwned, T: Debug>(
    op: Op,
    body: &Value,
    map: impl Fn(W) -> Option<T>,
) -> String {
    let found = listed(op, &reply(body)).unwrap();
    format!("{:#?}", readable(op, found, map).unwrap())
}

fn app(wire: wire::App) -> impl Debug {
    let around = map::Around {
        projects: &HashMap::new(),
        pulses: &HashMap::new(),
        newest: None,
        has_panel: true,
    };
    let (mut app, mut components) = (map::app(&wire, &around), map::components(&wire, &around));
    // Another text is another version.
    app.revision = None;
    for it in &mut components {
        it.revision = None;
    }
    let domains = components.iter().map(|it| map::domains(&wire, &it.id));
    let domains: Vec<_> = domains.collect();
    let names: Vec<_> = components.iter().map(|it| it.name.to_string()).collect();
    let first = names.into_iter().next().unwrap_or_default();
    (app, components, domains, map::variables(wire, &first))
}

/// What all of it says.
fn model(bodies: &[Value]) -> Vec<String> {
    let [apps, shop, deployments, events, alerts, runs, health, sizes] = bodies else {
        panic!("eight of them")
    };
    let shop: wire::App = record(Op::GetApp, &reply(shop)).unwrap();
    let health: wire::Health = record(Op::GetHealth, &reply(health)).unwrap();
    let pulses = health.components.iter().flatten().map(map::pulse);
    let deployment = |wire: wire::Deployment| Some(map::deployment("a", &wire));
    let event = |wire: wire::Event| Some(map::event("a", &wire));
    let alert = |wire: wire::Alert| Some(map::alert("a", &wire));
    vec![
        shown(Op::ListApps, apps, |wire| Some(app(wire))),
        format!("{:#?}", app(shop)),
        shown(Op::ListDeployments, deployments, deployment),
        shown(Op::ListEvents, events, event),
        shown(Op::ListAlerts, alerts, alert),
        shown(Op::ListJobInvocations, runs, |wire| {
            map::job_run("a", &wire)
        }),
        format!("{:#?}", pulses.collect::<Vec<_>>()),
        shown(Op::ListInstanceSizes, sizes, |wire| map::size(&wire)),
    ]
}

fn bodies() -> [Value; 8] {
    let all = [APPS, SHOP, DEPLOYMENTS, EVENTS, ALERTS, RUNS, HEALTH, SIZES];
    all.map(|text| serde_json::from_str(text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_field_of_another_kind_fails_nothing(
        choices in prop::collection::vec(0..8_u8, 1..400),
    ) {
        let mut choices = choices.into_iter().cycle();
        let other: Vec<_> = bodies().iter().map(|it| rewritten(it, &mut choices)).collect();
        prop_assert_eq!(model(&other).len(), 8);
    }

    #[test]
    fn a_record_says_the_same_in_every_form(
        choices in prop::collection::vec(0..3_u8, 1..400),
    ) {
        let plain = bodies();
        let mut choices = choices.into_iter().cycle();
        let other: Vec<_> = plain.iter().map(|it| rewritten(it, &mut choices)).collect();
        for (plain, other) in model(&plain).iter().zip(model(&other)) {
            prop_assert_eq!(plain, &other);
        }
    }
}
