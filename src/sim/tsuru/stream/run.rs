//! Running a command in the units of an app. Source: tsuru contract, section 5 (Apps).

use serde_json::json;

use super::{
    super::{
        action::Plan,
        call::Call,
        errors::Refusal,
        reply::{Outcome, Reply},
    },
    Play,
    pod::Pod,
    scene,
    shell::{self, Place},
};

/// Runs a command: in one unit, in all of them, or in a new one that is gone afterwards.
pub(super) fn run(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let command = call.input.text("command");
    if command.is_empty() {
        return Err(Refusal::bad("You must provide the command to run"));
    }
    let units = units(call, app)?;
    let name = call.world.apps[app].name.clone();
    let custom = json!([{ "name": "command", "value": command }]);
    let mut plan = Plan::of("app.run", &name).custom(custom);
    let mut code = 0;
    for unit in units {
        let place = Place {
            app: name.clone(),
            unit,
            size: None,
            term: String::new(),
        };
        let ran = shell::run(&place, &command);
        plan.wait(0.4).say(ran.printed);
        code = code.max(ran.code);
    }
    plan.wait(0.2).cancelable();
    if code != 0 {
        plan.fail(format!("command terminated with exit code {code}"));
    }
    let now = call.now();
    let event = call.world.begin(now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

/// Where the command runs.
fn units(call: &Call<'_>, app: usize) -> Result<Vec<String>, Refusal> {
    const ALONE: &str = "isolated-run";
    let app = &call.world.apps[app];
    if call.input.flag("isolated") {
        return Ok(vec![format!("{}-{ALONE}", app.name)]);
    }
    let pods = scene::pods(app, call.now()).into_iter();
    let mut units: Vec<String> = pods.filter(Pod::is_readable).map(|pod| pod.unit).collect();
    if units.is_empty() {
        return Err(Refusal::failed(
            "App must be available to run non-isolated commands",
        ));
    }
    if call.input.flag("once") {
        units.truncate(1);
    }
    Ok(units)
}
