//! Creates, changes and deletes apps. Source: tsuru contract, section 5, "Apps".

use serde_json::{Value, json};

use super::{
    action::Plan,
    app::App,
    call::Call,
    catalogue,
    domains::at_once,
    env,
    errors::Refusal,
    input::Input,
    make,
    power::form,
    reply::{Outcome, Reply},
    stream::Play,
};

/// Creates an app.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let input = &call.input;
    let get = |name: &str| input.folded(name).unwrap_or_default();
    let name = get("name");
    if !is_name(&name) {
        return Err(Refusal::bad(
            "Invalid app name, your app should have at most 40 characters, containing only \
             lower case letters, numbers or dashes, starting with a letter.",
        ));
    }
    if call.world.find_app(&name).is_some() {
        let message = format!(
            "tsuru failed to create the app \"{name}\": there is already an app with this name"
        );
        return Err(Refusal::conflict(message));
    }
    let team = match get("teamOwner") {
        team if team.is_empty() => "web".to_owned(),
        team => team,
    };
    check_team(&team)?;
    let (plan, pool, platform) = (get("plan"), get("pool"), get("platform"));
    check(&plan, &pool, &platform)?;
    let now = call.now();
    let mut app = make::blank(call.world.seed, call.world.apps.len(), &name, now);
    (app.teams, app.team) = (vec![team.clone()], team);
    (app.description, app.platform) = (get("description"), platform);
    super::world::World::USER.clone_into(&mut app.owner);
    or_keep(&mut app.plan, plan);
    or_keep(&mut app.pool, pool);
    app.tags = input.all("tag");
    if app.tags.is_empty() {
        app.tags = input.all("tags");
    }
    let fields = [
        "name",
        "platform",
        "plan",
        "teamOwner",
        "pool",
        "description",
        "tag",
    ];
    let plan = Plan::of("app.create", &name).custom(form(input, &fields));
    call.world.begin(now, plan)?;
    call.world.add_app(app);
    let body = json!({ "status": "success", "ip": format!("{name}.ingress.apps.example.com") });
    Ok(Reply::created(body))
}

fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
}

fn or_keep(field: &mut String, given: String) {
    if !given.is_empty() {
        *field = given;
    }
}

/// A team of the user's.
fn check_team(name: &str) -> Result<(), Refusal> {
    let team = catalogue::TEAMS.iter().find(|team| team.name == name);
    match team {
        None => Err(Refusal::bad("team not found")),
        Some(team) if !team.is_own => Err(Refusal::no_permission()),
        Some(_) => Ok(()),
    }
}

/// Plan, pool and platform exist, where they are given.
fn check(plan: &str, pool: &str, platform: &str) -> Result<(), Refusal> {
    let bare = platform.split(':').next().unwrap_or_default();
    let platforms = catalogue::PLATFORMS.iter();
    if !plan.is_empty() && catalogue::plan(plan).is_none() {
        return Err(Refusal::bad("plan not found"));
    }
    if !pool.is_empty() && catalogue::pool(pool).is_none() {
        return Err(Refusal::bad("Pool does not exist."));
    }
    match platforms
        .filter(|(name, _)| *name == bare)
        .map(|(_, is_on)| *is_on)
        .next()
    {
        Some(false) => Err(Refusal::bad(
            "Disabled Platform, only admin users can create applications with the platform",
        )),
        None if !bare.is_empty() => Err(Refusal::bad("invalid platform")),
        Some(true) | None => Ok(()),
    }
}

const UPDATES: &[&str] = &[
    "description",
    "plan",
    "platform",
    "tag",
    "tags",
    "teamOwner",
    "imageReset",
    "metadata",
    "processes",
    "planoverride",
];

/// Changes what an app is; restarts it if its plan is another then.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let input = call.input.clone();
    let app = &call.world.apps[place];
    let get = |name: &str| input.folded(name).unwrap_or_default();
    if input.folded("pool").is_some_and(|pool| pool != app.pool) || input.has("router") {
        return Err(Refusal::bad("pool and router cannot be changed here"));
    }
    if !UPDATES
        .iter()
        .any(|name| input.folded(name).is_some() || input.json(name).is_some())
    {
        return Err(Refusal::bad(
            "Neither the description, tags, plan, pool, team owner or platform were set. You must \
             define at least one.",
        ));
    }
    check(&get("plan"), "", &get("platform"))?;
    if let Some(team) = input.folded("teamOwner") {
        check_team(&team)?;
    }
    let mut plan = Plan::of("app.update", &app.name).custom(form(&input, UPDATES));
    plan.say(format!("---- Updating app \"{}\" ----\n", app.name));
    let costs = input.folded("plan").is_some_and(|it| it != app.plan)
        || input.json("planoverride").is_some();
    let no_restart = input.flag("noRestart") || !costs;
    plan.then(move |app, _, _| app.take_over(&input));
    env::restarted(&mut plan, app, no_restart);
    let event = call.world.begin(call.view.now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

impl App {
    fn take_over(&mut self, input: &Input) {
        let get = |name: &str| input.folded(name).unwrap_or_default();
        or_keep(&mut self.description, get("description"));
        or_keep(&mut self.plan, get("plan"));
        or_keep(&mut self.platform, get("platform"));
        or_keep(&mut self.team, get("teamOwner"));
        if !self.teams.contains(&self.team) {
            self.teams.push(self.team.clone());
        }
        let tags = [input.all("tag"), input.all("tags")].concat();
        if !tags.is_empty() {
            self.tags = tags;
        }
        if let Some(metadata) = input.json("metadata").filter(|it| it.is_object()) {
            self.metadata = metadata.clone();
        }
        if let Some(changed) = input.json("planoverride").filter(|it| it.is_object()) {
            let field = |name: &str| changed.get(name).cloned().unwrap_or(Value::Null);
            self.plan_override = Some(json!({
                "memory": field("memory"),
                "cpumilli": field("cpumilli"),
                "cpuBurst": field("cpuBurst"),
            }));
        }
    }
}

/// Deletes an app with all that belongs to it; from services it is taken first.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let app = &call.world.apps[place];
    let name = app.name.clone();
    let mut plan = Plan::of("app.delete", &app.name);
    plan.say(format!("---- Removing application \"{}\"...\n", app.name));
    plan.wait(2.0).say(" ---> Removing units\n");
    plan.wait(2.0).say("Done removing application. ---- \n");
    plan.then(|app, _, _| app.gone = true);
    let event = call.world.begin(call.view.now, plan)?;
    for instance in &mut call.world.instances {
        instance.apps.retain(|app| *app != name);
    }
    Ok(Reply::stream(Play::Action(event)))
}

/// Lets a team use an app.
pub(super) fn grant(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let team = team(call)?;
    if call.world.apps[app].teams.contains(&team) {
        return Err(Refusal::conflict("team already have access to this app"));
    }
    at_once(call, app, "app.update.grant", &[], |app, _, _| {
        app.teams.push(team);
    })
}

/// A team may no longer use an app; the last one must.
pub(super) fn revoke(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let team = team(call)?;
    let teams = &call.world.apps[app].teams;
    if !teams.contains(&team) {
        return Err(Refusal::missing("team does not have access to this app"));
    }
    if teams.len() == 1 {
        let message = "You can not revoke the access from this team, because it is the unique \
                       team with access to the app, and an app can not be orphaned";
        return Err(Refusal::forbidden(message));
    }
    at_once(call, app, "app.update.revoke", &[], move |app, _, _| {
        app.teams.retain(|it| *it != team);
    })
}

fn team(call: &Call<'_>) -> Result<String, Refusal> {
    let name = call.given(1);
    let known = catalogue::TEAMS.iter().any(|team| team.name == name);
    known
        .then(|| name.to_owned())
        .ok_or_else(|| Refusal::missing("team not found"))
}

/// Sets how many units an app may have; not below what it has.
pub(super) fn set_quota(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let limit: Option<i64> = call.input.text("limit").parse().ok();
    let limit = limit.ok_or_else(|| Refusal::bad("Invalid limit"))?;
    let in_use = call.world.apps[app].in_use();
    if limit >= 0 && limit < i64::from(in_use) {
        let message = "New limit is less than the current allocated value";
        return Err(Refusal::forbidden(message));
    }
    at_once(
        call,
        app,
        "app.admin.quota",
        &["limit"],
        move |app, _, _| {
            app.quota = limit.max(-1);
        },
    )
}

/// Makes the routes of an app anew.
pub(super) fn rebuild_routes(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    at_once(call, app, "app.admin.routes", &["dry"], |_, _, _| {})
}

/// Lets routers send traffic to a version, or not.
pub(super) fn set_routable(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let text = call.input.folded("version").unwrap_or_default();
    let number = call.world.apps[app].numbered(&text);
    let number = number.map_err(|refusal| Refusal::bad(refusal.message()))?;
    if !call.world.apps[app].deployed().contains(&number) {
        return Err(Refusal::bad(format!("Invalid version: {text}")));
    }
    let is_routable = call.input.folded_flag("isRoutable");
    let fields = ["version", "isRoutable"];
    at_once(
        call,
        app,
        "app.update.routable",
        &fields,
        move |app, _, _| {
            let version = app.versions.iter_mut().find(|it| it.number == number);
            if let Some(version) = version {
                version.is_routable = is_routable;
            }
        },
    )
}

/// Removes a version, with the units that run of it.
pub(super) fn delete_version(call: &mut Call<'_>) -> Outcome {
    let place = call.own_app()?;
    let text = call.given(1).to_owned();
    let app = &call.world.apps[place];
    let number = app.numbered(&text);
    let number = number.map_err(|_| Refusal::missing(format!("Invalid version: {text}")))?;
    if app.deployed() == [number] {
        return Err(Refusal::failed("cannot delete the only deployed version"));
    }
    let mut plan =
        Plan::of("app.update", &app.name).custom(json!([{ "name": "version", "value": text }]));
    plan.say(format!("---- Removing version {number} ----\n"))
        .wait(2.0);
    plan.then(move |app, at, _| app.forget(number, at));
    plan.say(" ---> Done\n");
    plan.cancelable();
    let event = call.world.begin(call.view.now, plan)?;
    Ok(Reply::stream(Play::Action(event)))
}

impl App {
    fn forget(&mut self, number: u32, at: crate::sim::clock::Moment) {
        self.versions.retain(|it| it.number != number);
        self.slots.retain(|slot| slot.version != number);
        for unit in self.units.iter_mut().filter(|unit| unit.version == number) {
            unit.gone = unit.gone.min(at);
        }
    }
}
