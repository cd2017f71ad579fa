//! Starts, stops and restarts what is deployed. Source: tsuru contract, section 5, "Apps".

use serde_json::{Value, json};

use super::{
    action::Plan,
    app::{App, Slot},
    call::Call,
    errors::Refusal,
    input::Input,
    reply::{Outcome, Reply},
    rollout::{self, Share},
    stream::Play,
};

/// Restarts units.
pub(super) fn restart(call: &mut Call<'_>) -> Outcome {
    run(
        call,
        "app.update.restart",
        "restart",
        |plan, app, share, _| {
            rollout::replace(plan, app, share, &[share.version]);
        },
    )
}

/// Starts what is stopped.
pub(super) fn start(call: &mut Call<'_>) -> Outcome {
    run(
        call,
        "app.update.start",
        "start",
        |plan, app, share, is_stopped| {
            if is_stopped {
                rollout::replace(plan, app, share, &[]);
            }
        },
    )
}

/// Stops units: there are none then.
pub(super) fn stop(call: &mut Call<'_>) -> Outcome {
    run(call, "app.update.stop", "stop", |plan, _, share, _| {
        let part = share.clone();
        plan.then(move |app, at, pace| app.halt(&part, at, pace));
        plan.say(format!(" ---> Stopping the process [{}]\n", share.process));
        plan.wait(3.0);
    })
}

/// Plans what is done to one process of a version; the last tells whether that is stopped.
type Step = fn(&mut Plan, &App, &Share, bool);

fn run(call: &mut Call<'_>, kind: &'static str, verb: &str, step: Step) -> Outcome {
    let place = call.own_app()?;
    let app = &call.world.apps[place];
    let slots = chosen(app, &call.input)?;
    let mut plan = Plan::of(kind, &app.name).custom(form(&call.input, &["process", "version"]));
    plan.say(title(verb, app, &call.input)).wait(0.6);
    for slot in &slots {
        step(&mut plan, app, &Share::of(slot), slot.is_stopped);
        if plan.has_failed() {
            plan.wrap_failure(verb);
            break;
        }
    }
    plan.cancelable();
    let event = call.world.begin(call.view.now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

fn title(verb: &str, app: &App, input: &Input) -> String {
    let verb = match verb {
        "restart" => "Restarting",
        "start" => "Starting",
        _ => "Stopping",
    };
    match input.get("process") {
        Some(process) => format!("---- {verb} process \"{process}\" ----\n"),
        None => format!("---- {verb} the app \"{}\" ----\n", app.name),
    }
}

/// The slots that a request names by process and version; all if it names none.
pub(super) fn chosen(app: &App, input: &Input) -> Result<Vec<Slot>, Refusal> {
    let process = input.get("process");
    let version = input
        .get("version")
        .map(|text| app.numbered(&text))
        .transpose()?;
    let fits = |slot: &&Slot| {
        process.as_ref().is_none_or(|it| *it == slot.process)
            && version.is_none_or(|it| it == slot.version)
    };
    let slots: Vec<Slot> = app.slots.iter().filter(fits).cloned().collect();
    match (slots.is_empty(), process) {
        (true, Some(process)) => Err(no_process(&process)),
        (true, None) if version.is_some() => Err(Refusal::failed("no units for this version")),
        (_, _) => Ok(slots),
    }
}

/// There is no such process.
pub(super) fn no_process(process: &str) -> Refusal {
    Refusal::failed(format!("process error: no process name {process} found"))
}

/// The fields of a request as the custom data of an event has them.
pub(super) fn form(input: &Input, names: &[&str]) -> Value {
    let fields = names.iter().filter(|name| input.has(name));
    let fields = fields.map(|name| json!({ "name": name, "value": input.text(name) }));
    Value::Array(fields.collect())
}

impl App {
    /// The version that an argument means: the newest whose image *ends* with it.
    pub(super) fn numbered(&self, text: &str) -> Result<u32, Refusal> {
        let mut newest_first = self.versions.iter().rev();
        let found = newest_first.find(|version| version.image.ends_with(text));
        let invalid = || Refusal::failed(format!("Invalid version: {text}"));
        found.map(|version| version.number).ok_or_else(invalid)
    }
}
