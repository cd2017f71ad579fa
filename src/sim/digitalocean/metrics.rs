//! Bandwidth by the day, and measurements over time. Source: DigitalOcean contract, section 5.4.

use serde_json::{Value, json};

use super::{
    call::Call,
    component::components,
    errors::Refusal,
    health::load,
    id::is_uuid,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{
    clock::{Moment, SECOND},
    dice::{Dice, scramble},
};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metric {
    Cpu,
    Memory,
    Restarts,
}

/// One series: an instance of a component.
struct Series {
    app: usize,
    component: String,
    place: u64,
    instance: u32,
}

/// Seconds from one point to the next.
const STEP: i64 = 120;
/// A longer range has its points further apart.
const MOST_POINTS: i64 = 720;

pub(super) fn cpu(call: &mut Call<'_>) -> Outcome {
    range(call, Metric::Cpu)
}

pub(super) fn memory(call: &mut Call<'_>) -> Outcome {
    range(call, Metric::Memory)
}

pub(super) fn restarts(call: &mut Call<'_>) -> Outcome {
    range(call, Metric::Restarts)
}

fn range(call: &Call<'_>, metric: Metric) -> Outcome {
    let required = |name: &str| {
        let value = call.query.get(name);
        value.ok_or_else(|| Refusal::bad(format!("{name} is required")))
    };
    let second = |name: &str| {
        let value = required(name)?.parse::<i64>();
        value.map_err(|_| Refusal::bad(format!("{name} must be a Unix time")))
    };
    let app = call.world.find_app(required("app_id")?)?;
    let (start, end) = (second("start")?, second("end")?);
    if end < start {
        return Err(Refusal::bad("end must not be before start"));
    }
    let end = end.min(call.now().second());
    let wanted = call.query.get("app_component");
    let series = series(call.world, app, call.now());
    let series = series
        .iter()
        .filter(|it| wanted.is_none_or(|name| it.component == name));
    let result: Vec<Value> = series
        .map(|it| {
            json!({
                "metric": {
                    "app_component": it.component,
                    "app_component_instance": format!("{}-{}", it.component, it.instance),
                    "app_uuid": call.world.apps[app].id,
                },
                "values": points(call.world, it, metric, start, end),
            })
        })
        .collect();
    let data = json!({ "resultType": "matrix", "result": result });
    Ok(Reply::ok(json!({ "status": "success", "data": data })))
}

/// Nothing is measured of what was never deployed.
fn series(world: &World, app: usize, now: Moment) -> Vec<Series> {
    let Some(active) = world.active(app, now) else {
        return Vec::new();
    };
    let parts = components(&active.spec).into_iter();
    let running = parts.filter(|part| part.role.runs());
    running
        .zip(0..)
        .flat_map(|(part, place)| {
            let count = world.wanted(app, &part, now);
            (0..count).map(move |instance| Series {
                app,
                component: part.name.clone(),
                place,
                instance,
            })
        })
        .collect()
}

fn points(world: &World, of: &Series, metric: Metric, start: i64, end: i64) -> Vec<Value> {
    let apart = end.saturating_sub(start) / MOST_POINTS;
    let step = (apart.saturating_add(STEP - 1) / STEP * STEP).max(STEP);
    let first = start.max(0).saturating_add(step - 1) / step * step;
    let seconds = (0..MOST_POINTS * 2).map(|n| first.saturating_add(n * step));
    let seconds = seconds.take_while(|second| *second <= end);
    seconds
        .filter_map(|second| {
            let value = value(world, of, metric, second)?;
            Some(json!([second, value]))
        })
        .collect()
}

/// A measurement as text. Some were lost, and some are no numbers.
fn value(world: &World, of: &Series, metric: Metric, second: i64) -> Option<String> {
    let at = Moment(second.saturating_mul(SECOND));
    let coordinates = [of.app as u64, of.place, u64::from(of.instance)];
    let slot = second.div_euclid(STEP).unsigned_abs();
    let luck = Dice::new(world.seed, &[0xd0, 15, of.app as u64, slot]).below(100);
    match (metric, luck) {
        (_, 0..3) => None,
        (Metric::Cpu | Metric::Memory, 3..5) => Some("NaN".to_owned()),
        (Metric::Cpu, _) => Some(format!("{:.15}", load(world, &coordinates, at, 30.0))),
        (Metric::Memory, _) => {
            let later = at.plus(7_200.0);
            Some(format!("{:.15}", load(world, &coordinates, later, 52.0)))
        }
        (Metric::Restarts, _) => {
            let crashes = world.crashes(of.app, &of.component, at);
            let own = crashes.len() / (of.instance as usize + 1);
            Some(own.to_string())
        }
    }
}

/// The day a request is about; yesterday if it names none.
fn day(call: &Call<'_>, asked: Option<&str>) -> Result<String, Refusal> {
    const DAY: f64 = 86_400.0;
    let day = match asked {
        None => call.now().plus(-DAY),
        Some(text) => Moment::parse(text).ok_or_else(|| Refusal::bad("date is not a time"))?,
    };
    Ok(format!("{}T00:00:00Z", day.date()))
}

fn usage(call: &Call<'_>, app: usize, day: &str) -> Value {
    let fold = |state: u64, byte| scramble(state ^ u64::from(byte));
    let of_day = day.bytes().fold(0, fold);
    let mut dice = Dice::new(call.world.seed, &[0xd0, 16, app as u64, of_day]);
    let bytes = u64::from(dice.between(400_000, 4_000_000)) * u64::from(dice.between(1, 900));
    json!({ "app_id": call.world.apps[app].id, "bandwidth_bytes": bytes.to_string() })
}

pub(super) fn bandwidth(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let day = day(call, call.query.get("date"))?;
    let usage = usage(call, app, &day);
    Ok(Reply::ok(
        json!({ "app_bandwidth_usage": [usage], "date": day }),
    ))
}

pub(super) fn bandwidth_of_many(call: &mut Call<'_>) -> Outcome {
    const MOST: usize = 100;
    let body = call.body()?;
    let ids = body.get("app_ids").and_then(Value::as_array);
    let ids = ids.filter(|ids| (1..=MOST).contains(&ids.len()));
    let ids = ids.ok_or_else(|| Refusal::bad("app_ids must have 1 to 100 entries"))?;
    let day = day(call, body.get("date").and_then(Value::as_str))?;
    let mut all = Vec::new();
    for text in ids.iter().map(|id| id.as_str().unwrap_or_default()) {
        if !is_uuid(text) {
            return Err(Refusal::invalid_uuid());
        }
        // Of apps that are not there nothing is told.
        if let Ok(app) = call.world.find_app(text) {
            all.push(usage(call, app, &day));
        }
    }
    Ok(Reply::ok(
        json!({ "app_bandwidth_usage": all, "date": day }),
    ))
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{ask, still_world},
        *,
    };

    #[test]
    fn measurements_have_gaps_and_what_is_no_number() {
        let mut world = still_world(1, 24);
        let (now, id) = (world.clock.started().second(), world.apps[0].id.clone());
        let query = format!(
            "app_id={id}&start={}&end={now}&app_component=web",
            now - 86_400
        );
        let answer = cpu(&mut ask(&mut world, "/", &query))
            .unwrap()
            .body
            .unwrap();
        let result = answer["data"]["result"].as_array().unwrap();
        assert_eq!(result.len(), 2);
        assert_eq!(result[1]["metric"]["app_component_instance"], "web-1");
        let values = result[0]["values"].as_array().unwrap();
        assert!((600..720).contains(&values.len()), "{}", values.len());
        assert!(values.iter().any(|point| point[1] == "NaN"));
    }

    #[test]
    fn nothing_is_measured_of_what_was_never_deployed() {
        let mut world = still_world(1, 24);
        let id = world.apps[world.named_app("greenhouse").unwrap()]
            .id
            .clone();
        let query = format!("app_id={id}&start=1&end=2000000000");
        let answer = memory(&mut ask(&mut world, "/", &query))
            .unwrap()
            .body
            .unwrap();
        assert_eq!(answer["data"]["result"], json!([]));
        assert!(memory(&mut ask(&mut world, "/", "start=1&end=2")).is_err());
    }
}
