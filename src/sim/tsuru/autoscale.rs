//! Scaling by itself. Source: tsuru contract, section 5, "Units and scaling".

use serde_json::{Value, json};

use super::{
    action::Plan,
    app::App,
    call::Call,
    errors::Refusal,
    power::no_process,
    reply::{Outcome, Reply},
};

/// What an app has that scales by itself from the start.
pub(super) fn example(app: &App) -> Value {
    json!({
        "process": "web",
        "minUnits": 2,
        "maxUnits": 8,
        "averageCPU": "600m",
        "schedules": [{
            "name": "office hours",
            "minReplicas": 4,
            "start": "0 8 * * 1-5",
            "end": "0 18 * * 1-5",
            "timezone": "UTC",
        }],
        "version": app.versions.last().map_or(1, |version| version.number),
        "behavior": { "scaleDown": { "stabilizationWindow": 300, "percentagePolicyValue": 10, "unitsPolicyValue": 3 } },
    })
}

/// What scales by itself; `null` if nothing does.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    let body = if app.autoscale.is_empty() {
        Value::Null
    } else {
        Value::Array(app.autoscale.clone())
    };
    Ok(Reply::ok(body))
}

/// Lets a process scale by itself, or changes how.
pub(super) fn set(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let app = &call.world.apps[place];
    let scale = read(app, call)?;
    let process = scale["process"].clone();
    let mut plan = Plan::of("app.update.unit.autoscale.add", &app.name)
        .custom(json!([{ "name": "process", "value": process }]));
    plan.then(move |app, _, _| {
        app.autoscale.retain(|it| it["process"] != scale["process"]);
        app.autoscale.push(scale);
    });
    call.world.begin(call.view.now, plan)?;
    Ok(Reply::done())
}

fn read(app: &App, call: &Call<'_>) -> Result<Value, Refusal> {
    let input = &call.input;
    let given = input.folded("process");
    let process = match (given, app.processes().as_slice()) {
        (Some(process), _) => process,
        (None, [only]) => (*only).to_owned(),
        (None, _) => return Err(Refusal::bad("you must provide a process")),
    };
    let number = |name: &str| -> Option<u64> { input.folded(name)?.parse().ok() };
    let (least, most) = (number("minUnits"), number("maxUnits"));
    let least = least.filter(|least| *least > 0);
    let least = least.ok_or_else(|| Refusal::bad("minimum units must be greater than 0"))?;
    let most = most.filter(|most| *most > least);
    let most =
        most.ok_or_else(|| Refusal::bad("maximum units must be greater than minimum units"))?;
    if app.quota >= 0 && i64::try_from(most).unwrap_or(i64::MAX) > app.quota {
        return Err(Refusal::bad(
            "maximum units cannot be greater than quota limit",
        ));
    }
    let mut slots = app.slots.iter().filter(|slot| slot.process == process);
    let slot = slots.next().ok_or_else(|| no_process(&process))?;
    if slots.next().is_some() && number("version").is_none_or(|version| version == 0) {
        return Err(Refusal::failed(
            "more than one version deployed, you must select one",
        ));
    }
    let or_empty = |name: &str, empty: Value| input.json(name).cloned().unwrap_or(empty);
    let mut scale = json!({
        "process": process,
        "minUnits": least,
        "maxUnits": most,
        "version": number("version").filter(|it| *it > 0).unwrap_or(u64::from(slot.version)),
        "behavior": or_empty("behavior", json!({})),
    });
    if let Some(cpu) = input.folded("averageCPU") {
        scale["averageCPU"] = json!(cpu);
    }
    for name in ["schedules", "prometheus"] {
        if let Some(given) = input.json(name).filter(|given| given.is_array()) {
            scale[name] = given.clone();
        }
    }
    if ["averageCPU", "schedules", "prometheus"]
        .iter()
        .all(|name| scale[name].is_null())
    {
        return Err(Refusal::bad(
            "you have to configure at least one trigger between cpu, schedule and prometheus",
        ));
    }
    Ok(scale)
}

/// Stops that; the number of units stays as it is.
pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let process = call.input.text("process");
    let app = &call.world.apps[place];
    if !app.processes().contains(&process.as_str()) {
        return Err(no_process(&process));
    }
    let mut plan = Plan::of("app.update.unit.autoscale.remove", &app.name)
        .custom(json!([{ "name": "process", "value": process }]));
    plan.then(move |app, _, _| app.autoscale.retain(|it| it["process"] != *process));
    call.world.begin(call.view.now, plan)?;
    Ok(Reply::done())
}
