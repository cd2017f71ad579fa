//! Adds, removes and kills units. Source: tsuru contract, section 5, "Units and scaling".

use super::{
    action::Plan,
    app::{App, Slot},
    call::Call,
    errors::Refusal,
    input::Input,
    power::{form, no_process},
    reply::{Outcome, Reply},
    rollout::{self, Share},
    stream::Play,
};

const FIELDS: &[&str] = &["units", "process", "version"];

/// Adds units to a process.
pub(super) fn add(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let by = number(&call.input)?;
    let app = &call.world.apps[place];
    let slot = slot(app, &call.input)?;
    if app.slots.iter().all(|slot| slot.is_stopped) || slot.is_stopped {
        let message = "Cannot add units to an app that has stopped units";
        return Err(Refusal::failed(message));
    }
    let mut plan = Plan::of("app.update.unit.add", &app.name).custom(form(&call.input, FIELDS));
    let free = app.quota - i64::from(app.in_use());
    if app.quota >= 0 && i64::from(by) > free {
        plan.wait(0.3);
        plan.fail(format!(
            "Quota exceeded. Available: {free}, Requested: {by}."
        ));
        plan.wrap_failure("add units");
    } else {
        rollout::grow(&mut plan, &Share::of(&slot), by);
    }
    play(call, plan)
}

/// Removes units of a process. The parameters are in the query.
pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let by = number(&call.input)?;
    let app = &call.world.apps[place];
    let slot = slot(app, &call.input)?;
    let mut plan = Plan::of("app.update.unit.remove", &app.name).custom(form(&call.input, FIELDS));
    if by > slot.wanted || slot.is_stopped {
        plan.wait(0.3).fail("cannot have less than 0 units");
        plan.wrap_failure("remove units");
    } else {
        rollout::shrink(&mut plan, &Share::of(&slot), by);
    }
    play(call, plan)
}

fn play(call: &mut Call<'_>, mut plan: Plan) -> Outcome {
    plan.cancelable();
    let event = call.world.begin(call.view.now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

fn number(input: &Input) -> Result<u32, Refusal> {
    let Some(text) = input.get("units") else {
        return Err(Refusal::bad("You must provide the number of units."));
    };
    let number: Option<u32> = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        Refusal::bad("Invalid number of units: the number must be an integer greater than 0.")
    })
}

/// The slot that a request means. Nothing is chosen for whoever leaves it open.
fn slot(app: &App, input: &Input) -> Result<Slot, Refusal> {
    let process = match (input.get("process"), app.processes().as_slice()) {
        (Some(process), names) if !names.contains(&process.as_str()) => {
            return Err(no_process(&process));
        }
        (Some(process), _) => process,
        (None, [only]) => (*only).to_owned(),
        (None, []) => {
            let message = "New units can only be added after the first deployment";
            return Err(Refusal::failed(message));
        }
        (None, _) => {
            return Err(Refusal::failed(
                "process error: no process name specified and more than one declared in Procfile",
            ));
        }
    };
    if app
        .autoscale
        .iter()
        .any(|scale| scale["process"] == *process)
    {
        return Err(Refusal::failed(
            "cannot add units to an app with autoscaler configured, please update autoscale \
             settings",
        ));
    }
    let version = input
        .get("version")
        .map(|text| app.numbered(&text))
        .transpose()?;
    let mut fitting = app.slots.iter().filter(|slot| {
        slot.process == process && version.is_none_or(|version| version == slot.version)
    });
    match (fitting.next(), fitting.next()) {
        (Some(slot), None) => Ok(slot.clone()),
        (Some(_), Some(_)) => Err(Refusal::failed(
            "more than one version deployed, you must select one",
        )),
        (None, _) => Err(Refusal::failed("no units for this version")),
    }
}

/// Kills a unit; another takes its place. Without force one that is the last of its process stays.
pub(super) fn kill(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let (name, now, pace) = (call.given(1).to_owned(), call.now(), call.world.pace());
    let app = &call.world.apps[place];
    let Some(unit) = app.units(now).find(|unit| unit.name == name).cloned() else {
        return Err(Refusal::missing(format!("unit \"{name}\" not found")));
    };
    let ready = app.units(now).filter(|other| {
        (&other.process, other.version) == (&unit.process, unit.version)
            && other.state(now, pace).is_ready
    });
    if ready.count() == 1 && unit.state(now, pace).is_ready && !call.input.flag("force") {
        return Err(Refusal::failed(
            "Cannot evict pod as it would violate the pod's disruption budget.",
        ));
    }
    let mut plan = Plan::of("app.update.unit.kill", &app.name);
    plan.then(move |app, at, pace| app.kill(&name, at, pace));
    call.world.begin(now, plan.unlocked())?;
    Ok(Reply::done())
}

impl App {
    fn kill(&mut self, name: &str, at: crate::sim::clock::Moment, pace: f64) {
        let Some(unit) = self.units.iter_mut().find(|unit| unit.name == name) else {
            return;
        };
        unit.gone = at;
        let share = Share {
            process: unit.process.clone(),
            version: unit.version,
            units: 1,
        };
        self.add_unit(&share, at, pace);
    }
}
