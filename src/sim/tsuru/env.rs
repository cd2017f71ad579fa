//! Environment variables. Source: tsuru contract, section 5, "Environment variables".

use serde_json::{Value, json};

use super::{
    action::Plan,
    app::{App, Variable},
    call::Call,
    errors::Refusal,
    input::Input,
    make::variable,
    reply::{Outcome, Reply},
    rollout::{self, Share},
    stream::Play,
    world::World,
};

/// Variables that the platform sets.
const PROTECTED: &[&str] = &["TSURU_APPNAME", "TSURU_APPDIR", "TSURU_SERVICES"];

/// The variables of an app, private ones in clear; `null` if a filter matches none.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    let names = call.input.all("env");
    let mut all: Vec<Variable> = app.variables.clone();
    if names.is_empty() {
        // Those of services are searched only when nothing is searched.
        all.extend(call.world.service_variables(app));
    } else {
        all.retain(|it| names.contains(&it.name));
    }
    if all.is_empty() {
        return Ok(Reply::ok(Value::Null));
    }
    Ok(Reply::ok(Value::Array(all.iter().map(wire).collect())))
}

fn wire(it: &Variable) -> Value {
    let mut body = json!({
        "name": it.name,
        "value": it.value,
        "alias": "",
        "public": it.is_public,
    });
    if !it.managed_by.is_empty() {
        body["managedBy"] = json!(it.managed_by);
    }
    body
}

impl World {
    /// What services give an app, and what tells of them.
    fn service_variables(&self, app: &App) -> Vec<Variable> {
        let bound = self
            .instances
            .iter()
            .filter(|it| it.apps.contains(&app.name));
        let mut all: Vec<Variable> = bound.flat_map(|it| it.variables(self.seed)).collect();
        let services = self.tsuru_services(&app.name);
        all.push(variable("TSURU_SERVICES", &services, false, ""));
        all
    }
}

/// Sets variables; without `norestart` the app is restarted.
pub(super) fn set(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let wish = Wish::read(&call.input)?;
    let app = &call.world.apps[place];
    let given = wish.variables.iter();
    let custom = given.map(|it| json!({ "name": it.name, "value": it.value }));
    let mut plan = Plan::of("app.update.env.set", &app.name).custom(Value::Array(custom.collect()));
    let count = wish.variables.len();
    plan.say(format!(
        "---- Setting {count} new environment variables ----\n"
    ));
    let pruned = wish.pruned(app);
    if !pruned.is_empty() {
        let names = pruned.join(", ");
        plan.say(format!(
            "---- Pruning {names} from environment variables ----\n"
        ));
    }
    let no_restart = wish.no_restart;
    plan.then(move |app, _, _| {
        app.variables.retain(|it| !pruned.contains(&it.name));
        app.set(wish.variables);
    });
    finish(call, place, plan, no_restart)
}

/// Removes variables. Everything is in the query, and `noRestart` is spelled exactly so.
pub(super) fn unset(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let names = call.input.all("env");
    if names.is_empty() {
        let message = "You must provide the list of environment variables.";
        return Err(Refusal::bad(message));
    }
    let app = &call.world.apps[place];
    let given = names
        .iter()
        .map(|name| json!({ "name": "env", "value": name }));
    let mut plan =
        Plan::of("app.update.env.unset", &app.name).custom(Value::Array(given.collect()));
    let count = names.len();
    plan.say(format!(
        "---- Unsetting {count} environment variables ----\n"
    ));
    plan.then(move |app, _, _| app.variables.retain(|it| !names.contains(&it.name)));
    let no_restart = call.input.flag("noRestart");
    finish(call, place, plan, no_restart)
}

fn finish(call: &mut Call<'_>, app: usize, mut plan: Plan, no_restart: bool) -> Outcome {
    restarted(&mut plan, &call.world.apps[app], no_restart);
    let event = call.world.begin(call.view.now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

/// Plans the restart that most changes end with.
pub(super) fn restarted(plan: &mut Plan, app: &App, no_restart: bool) {
    plan.wait(0.4);
    let running = app.slots.iter().filter(|slot| !slot.is_stopped);
    for slot in running.filter(|_| !no_restart) {
        rollout::replace(plan, app, &Share::of(slot), &[slot.version]);
    }
    plan.cancelable();
}

impl App {
    /// Sets variables, in place of those of the same name.
    pub(super) fn set(&mut self, variables: Vec<Variable>) {
        for it in variables {
            self.variables.retain(|old| old.name != it.name);
            self.variables.push(it);
        }
    }
}

/// What somebody wants to set.
struct Wish {
    variables: Vec<Variable>,
    no_restart: bool,
    managed_by: String,
    prunes: bool,
}

impl Wish {
    fn read(input: &Input) -> Result<Wish, Refusal> {
        let is_private = input.folded_flag("private");
        let managed_by = input.folded("managedBy").unwrap_or_default();
        let given = match input.json("envs") {
            Some(Value::Array(items)) => items.iter().map(of_json).collect(),
            Some(_) | None => of_form(input.form()),
        };
        let variables: Vec<Variable> = given
            .into_iter()
            .map(|(name, value, hidden)| {
                variable(&name, &value, !hidden && !is_private, &managed_by)
            })
            .collect();
        if variables.is_empty() {
            let message = "You must provide the list of environment variables";
            return Err(Refusal::bad(message));
        }
        for it in &variables {
            check(&it.name)?;
        }
        Ok(Wish {
            variables,
            no_restart: input.folded_flag("norestart"),
            prunes: input.folded_flag("pruneUnused"),
            managed_by,
        })
    }

    /// What the same manager set before and sets no longer.
    fn pruned(&self, app: &App) -> Vec<String> {
        if !self.prunes || self.managed_by.is_empty() {
            return Vec::new();
        }
        let kept = |name: &str| self.variables.iter().any(|it| it.name == name);
        let stale = app
            .variables
            .iter()
            .filter(|it| it.managed_by == self.managed_by && !kept(&it.name));
        stale.map(|it| it.name.clone()).collect()
    }
}

fn check(name: &str) -> Result<(), Refusal> {
    let mut letters = name.chars();
    let first = letters
        .next()
        .is_some_and(|it| it == '_' || it.is_ascii_alphabetic());
    let rest = letters.all(|it| it == '_' || it.is_ascii_alphanumeric());
    if !first || !rest {
        return Err(Refusal::bad(format!(
            "Invalid environment variable name: '{name}'"
        )));
    }
    if PROTECTED.contains(&name) {
        return Err(Refusal::bad(format!(
            "Environment variable name \"{name}\" is protected"
        )));
    }
    Ok(())
}

/// Name, value, and whether it is private.
type Given = (String, String, bool);

fn of_json(item: &Value) -> Given {
    let field = |name: &str| {
        let fields = item.as_object();
        let found = fields.and_then(|it| it.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| value)
    };
    let text = |name| field(name).and_then(Value::as_str).unwrap_or_default();
    let hidden = field("private").and_then(Value::as_bool);
    (
        text("name").to_owned(),
        text("value").to_owned(),
        hidden.unwrap_or(false),
    )
}

/// Fields such as `Envs.0.Name`.
fn of_form(form: &[(String, String)]) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for (key, value) in form {
        let key = key.to_ascii_lowercase();
        let mut parts = key.split('.');
        let (Some("envs"), Some(place), Some(field)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        // More than anybody sets at once is not believed.
        let Some(place) = place.parse::<usize>().ok().filter(|place| *place < 1_000) else {
            continue;
        };
        if given.len() <= place {
            given.resize(place + 1, Given::default());
        }
        let it = &mut given[place];
        match field {
            "name" => it.0.clone_from(value),
            "value" => it.1.clone_from(value),
            "private" => it.2 = value == "true",
            _ => {}
        }
    }
    given
}
