//! Asking for a log, and letting units write one. Source: tsuru contract, section 5 (Logs).

use std::sync::Arc;

use serde_json::json;

use super::{
    super::{
        call::Call,
        errors::Refusal,
        jobs,
        reply::{Outcome, Reply},
        world::World,
    },
    Play,
    pod::Pod,
    reader::{Asked, Origin},
    scene,
};
use crate::sim::{clock::Moment, flood::Flood, host::Commanded};

/// The log of an app.
pub(super) fn of_app(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    if let Some(elsewhere) = scene::elsewhere(&call.world.apps[app]) {
        return Err(Refusal::failed(elsewhere));
    }
    answer(call, Origin::App)
}

/// What the answering instance keeps of it.
pub(super) fn of_instance(call: &mut Call<'_>) -> Outcome {
    call.app()?;
    answer(call, Origin::Instance)
}

/// What the runs of a job have written.
pub(super) fn of_job(call: &mut Call<'_>) -> Outcome {
    jobs::named(call)?;
    answer(call, Origin::Job)
}

fn answer(call: &Call<'_>, origin: Origin) -> Outcome {
    let asked = asked(call, origin)?;
    Ok(Reply::stream(Play::Log(asked)))
}

fn asked(call: &Call<'_>, origin: Origin) -> Result<Asked, Refusal> {
    let query = &call.input.query;
    let lines = match query.get("lines") {
        Some(lines) => lines
            .parse::<i64>()
            .map_err(|_| Refusal::bad("Parameter \"lines\" must be an integer."))?,
        // Of a job, all is told.
        None if origin == Origin::Job => 0,
        None => return Err(Refusal::bad("Parameter \"lines\" is mandatory.")),
    };
    Ok(Asked {
        name: call.given(0).to_owned(),
        lines: usize::try_from(lines).unwrap_or_default(),
        source: query.get("source").map(str::to_owned),
        inverts: query.flag("invert-source").unwrap_or_default(),
        units: query.all("unit").map(str::to_owned).collect(),
        follow: query.flag("follow").unwrap_or_default(),
        origin,
    })
}

/// A test lets the first unit of an app or of a process write: the app's name, a slash and the
/// process.
pub(in crate::sim::tsuru) fn write(
    world: &mut World,
    now: Moment,
    environment: &str,
    (lines, rate, floods): (&[String], Option<u32>, &[Arc<Flood>]),
) -> Option<Commanded> {
    let (app, process) = environment.split_once('/').unwrap_or((environment, ""));
    let app = world.find_app(app)?;
    let pods = scene::pods(&world.apps[app], now).into_iter();
    let fits = |pod: &Pod| pod.is_readable() && (process.is_empty() || pod.source == process);
    let Some(pod) = pods.into_iter().find(fits) else {
        return Some(Err(format!("{environment} has no unit that runs")));
    };
    world.logs.voices.append(&pod, now, lines);
    world.logs.voices.flood(&pod, floods);
    if let Some(rate) = rate {
        world.logs.voices.set_rate(&pod, now, rate);
    }
    Some(Ok(json!({ "appended": lines.len(), "unit": pod.unit })))
}
