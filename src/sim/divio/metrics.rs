//! Metrics (contract section 5.4). The shape of a series is not documented: every shape that a
//! client should expect occurs in one of them.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    chatter,
    environment::Profile,
    errors::Refusal,
    key::Kind,
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{
    clock::{Moment, SECOND},
    dice::mix,
};

struct Metric {
    identifier: &'static str,
    title: &'static str,
    unit: &'static str,
    denominator: Option<&'static str>,
    base: f64,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Numbers,
    Pairs,
    Objects,
    Wrapped,
    Named,
    Absent,
}

const fn metric(
    identifier: &'static str,
    title: &'static str,
    unit: &'static str,
    base: f64,
    shape: Shape,
) -> Metric {
    Metric {
        identifier,
        title,
        unit,
        denominator: None,
        base,
        shape,
    }
}

const METRICS: &[Metric] = &[
    metric("cpu", "CPU", "percent", 35.0, Shape::Numbers),
    metric("memory", "Memory", "bytes", 280e6, Shape::Pairs),
    Metric {
        denominator: Some("second"),
        ..metric("requests", "Requests", "requests", 12.0, Shape::Objects)
    },
    metric(
        "response-time",
        "Response time",
        "milliseconds",
        90.0,
        Shape::Wrapped,
    ),
    Metric {
        denominator: Some("second"),
        ..metric("network", "Network", "bytes", 40e3, Shape::Named)
    },
    metric("disk", "Disk", "bytes", 0.0, Shape::Absent),
];

pub(super) fn list_metadata(call: &mut Call<'_>) -> Outcome {
    let items: Vec<usize> = (0..METRICS.len()).collect();
    let world = &*call.world;
    paging::page(call, &items, |n| {
        let metric = &METRICS[*n];
        json!({
            "uuid": world.root_id(Kind::Metric, *n),
            "identifier": metric.identifier,
            "is_visible": metric.shape != Shape::Absent,
            "title": metric.title,
            "description": format!("{} of all instances together", metric.title),
            "chart_name": metric.identifier,
            "chart_display": "line",
            "unit": metric.unit,
            "unit_numerator": metric.denominator.map(|_| metric.unit),
            "unit_denominator": metric.denominator,
        })
    })
}

/// A stretch of time and the distance of its samples, in seconds.
struct Window {
    from: i64,
    to: i64,
    interval: i64,
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let environment = call.subject(Kind::Environment)?.ordinal;
    let names: Vec<&str> = call.query.all("metric").collect();
    if names.is_empty() {
        return Err(Refusal::field("metric", "This field is required."));
    }
    let window = window(call)?;
    let silent = call.world.environments[environment].voice.silent();
    let series = |name: &str| {
        let metric = METRICS
            .iter()
            .find(|metric| metric.identifier == name && !silent)?;
        Some(series(call, environment, metric, &window))
    };
    let metrics: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!(series(name))))
        .collect();
    Ok(Reply::ok(&json!({
        "metrics": metrics,
        "from_ts": call.view.time(Moment(window.from * SECOND)),
        "to_ts": call.view.time(Moment(window.to * SECOND)),
        "interval": window.interval,
    })))
}

fn window(call: &Call<'_>) -> Result<Window, Refusal> {
    let until = if call.world.story {
        call.now()
    } else {
        call.world.clock.started()
    }
    .second();
    let time = |name: &str| call.query.get(name).map(|text| (text, Moment::parse(text)));
    let (length, interval) = match call.query.get("time_window_preset") {
        Some("1h") | None => (3_600, 60),
        Some("6h") => (21_600, 300),
        Some("12h") => (43_200, 600),
        Some("24h") => (86_400, 900),
        Some("7d") => (604_800, 7_200),
        Some(other) => {
            let message = format!("\"{other}\" is not a valid choice.");
            return Err(Refusal::field("time_window_preset", message));
        }
    };
    let read = |name: &str, default: i64| match time(name) {
        Some((_, Some(moment))) => Ok(moment.second()),
        Some((text, None)) => Err(Refusal::field(name, format!("\"{text}\" is not a time."))),
        None => Ok(default),
    };
    let to = read("to_ts", until)?;
    let from = read("from_ts", to - length)?;
    let custom = call.query.get("from_ts").is_some();
    // About as many samples as the presets have.
    let interval = if custom {
        ((to - from) / 90).max(60)
    } else {
        interval
    };
    Ok(Window { from, to, interval })
}

fn series(call: &Call<'_>, environment: usize, metric: &Metric, window: &Window) -> Value {
    let slots = window.from.div_euclid(window.interval)..window.to.div_euclid(window.interval);
    let samples: Vec<(Moment, f64)> = slots
        .map(|slot| {
            let second = slot * window.interval;
            (
                Moment(second * SECOND),
                sample(call.world, environment, metric, second),
            )
        })
        .collect();
    let values = || {
        samples
            .iter()
            .map(|(_, value)| *value)
            .collect::<Vec<f64>>()
    };
    match metric.shape {
        Shape::Numbers => json!(values()),
        Shape::Pairs => samples
            .iter()
            .map(|(at, value)| json!([call.view.time(*at), value]))
            .collect(),
        Shape::Objects => samples
            .iter()
            .map(|(at, value)| json!({ "timestamp": call.view.time(*at), "value": value }))
            .collect(),
        Shape::Wrapped => json!({ "data": values() }),
        Shape::Named => {
            let out: Vec<f64> = values().iter().map(|value| value * 2.0).collect();
            json!({ "in": values(), "out": out })
        }
        Shape::Absent => Value::Null,
    }
}

/// A value that moves with the hour and trembles a little, the same whenever it is asked for.
fn sample(world: &World, environment: usize, metric: &Metric, second: i64) -> f64 {
    const HOUR: i64 = 3_600;
    let parts = [
        21,
        environment as u64,
        metric.identifier.len() as u64,
        second.cast_unsigned(),
    ];
    let tremble = f64::from(u32::try_from(mix(world.seed, &parts) % 1_000).unwrap_or(0)) / 1_000.0;
    let minute = u32::try_from(second.rem_euclid(HOUR)).unwrap_or(0);
    let wave = (f64::from(minute) / 3_600.0 * std::f64::consts::TAU).sin();
    let flapping = world.environments[environment].profile == Profile::Flapping;
    let unwell = if flapping && chatter::unwell(second) {
        2.2
    } else {
        1.0
    };
    let value = metric.base * unwell * (1.0 + 0.3 * wave + 0.2 * tremble);
    (value * 100.0).round() / 100.0
}
