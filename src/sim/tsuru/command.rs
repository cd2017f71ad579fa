//! What the control port makes happen here.

use serde_json::{Value, json};

use super::{
    action::Plan,
    deploy::{Ask, Source},
    event::{Event, Owner},
    history::PEOPLE,
    lock::{Block, Throttle},
    make::variable,
    routes, stream,
    world::World,
};
use crate::sim::{
    clock::Moment,
    host::{Change, Command, Commanded, Guard},
    words,
};

/// The other user.
const SOMEBODY: &str = PEOPLE[1];

/// Carries out a command; `None` if it names nothing that is here.
pub(super) fn run(world: &mut World, now: Moment, command: &Command) -> Option<Commanded> {
    match command {
        Command::Deploy {
            environment,
            succeeds,
        } => {
            let app = named(world, environment)?;
            Some(deploy(world, now, app, *succeeds))
        }
        Command::Vanish { application } => {
            let app = world.find_app(application)?;
            world.apps[app].gone = true;
            Some(Ok(json!({ "application": application })))
        }
        Command::Variable {
            environment,
            name,
            change,
        } => {
            let app = named(world, environment)?;
            let was = set(world, app, name, change.as_ref());
            Some(Ok(json!({ "was": was })))
        }
        Command::Log {
            environment,
            lines,
            rate,
            floods,
        } => stream::write(world, now, environment, (lines, *rate, floods)),
        Command::Autoscale { environment, to } => scale(world, now, environment, *to),
        Command::Crash { environment } => crash(world, now, environment),
        Command::Guard(guard) => self::guard(world, now, guard),
        // Nothing is specified as a whole here, and requests are not counted.
        Command::Spec { .. } | Command::Limits(_) | Command::Tenant(_) => None,
    }
}

/// The app that `app`, `app/process` or the name of a unit leads to.
fn named(world: &World, text: &str) -> Option<usize> {
    let app = text.split_once('/').map_or(text, |(app, _)| app);
    world.find_app(app)
}

fn deploy(world: &mut World, now: Moment, app: usize, succeeds: bool) -> Commanded {
    let ask = Ask {
        owner: Owner::user(SOMEBODY),
        message: words::COMMITS[0].to_owned(),
        override_versions: world.apps[app].deployed().len() > 1,
        failure: (!succeeds).then(|| "build failed: exit status 1".to_owned()),
        ..Ask::of(Source::Build, "app-deploy")
    };
    let event = world.deploy(now, app, ask);
    let event = event.map_err(|refusal| refusal.message().to_owned())?;
    let id = &world.events[event].id;
    Ok(json!({ "application": world.apps[app].name, "deployment": id }))
}

/// Changes or reads a variable. Tells what it was.
fn set(world: &mut World, app: usize, name: &str, change: Option<&Change>) -> Option<String> {
    let variables = &mut world.apps[app].variables;
    let place = variables.iter().position(|it| it.name == name);
    let was = place.map(|place| variables[place].value.clone());
    match (change, place) {
        (None, _) | (Some(Change::Remove), None) => {}
        (Some(Change::Set(value)), Some(place)) => variables[place].value.clone_from(value),
        (Some(Change::Set(value)), None) => variables.push(variable(name, value, true, "")),
        (Some(Change::Remove), Some(place)) => {
            variables.remove(place);
        }
    }
    was
}

/// The number of units of a process changes by itself; no event tells of it.
fn scale(world: &mut World, now: Moment, environment: &str, to: u32) -> Option<Commanded> {
    let (app, process) = environment.split_once('/')?;
    let place = world.find_app(app)?;
    world.scaled(place, process, to, now);
    Some(Ok(json!({ "application": app, "units": to })))
}

/// The first unit of an app or of a process crashes, or the one that is named.
fn crash(world: &mut World, now: Moment, environment: &str) -> Option<Commanded> {
    let (app, part) = environment.split_once('/').unwrap_or((environment, ""));
    let place = world.find_app(app)?;
    let mut units = world.apps[place].units.iter_mut();
    let fits = |process: &str, name: &str| part.is_empty() || part == process || part == name;
    let unit = units.find(|unit| unit.is_there(now) && fits(&unit.process, &unit.name))?;
    unit.crashed = Some(now);
    Some(Ok(json!({ "application": app, "unit": unit.name })))
}

fn guard(world: &mut World, now: Moment, guard: &Guard) -> Option<Commanded> {
    match guard {
        // Domains lead here without being verified, and there is one dialect.
        Guard::Dns { .. } | Guard::Dialect(_) => None,
        Guard::Age { minor } => {
            world.newest_minor = minor.unwrap_or(routes::NEWEST_MINOR);
            Some(Ok(json!({ "newest_minor": world.newest_minor })))
        }
        Guard::Expire { expired } => {
            world.is_token_expired = *expired;
            Some(Ok(json!({ "expired": expired })))
        }
        Guard::Lock {
            application,
            kind,
            seconds,
        } => {
            let app = world.find_app(application)?;
            Some(lock(world, now, app, kind.as_deref(), *seconds))
        }
        Guard::Throttle {
            application,
            kind,
            most,
            seconds,
        } => {
            world.find_app(application)?;
            world.throttles.push(Throttle {
                kind: kind.clone(),
                app: application.clone(),
                most: *most,
                seconds: *seconds,
            });
            Some(Ok(json!({ "application": application })))
        }
        Guard::Block {
            application,
            kind,
            reason,
        } => {
            world.find_app(application)?;
            let id = world.add_block(Block::of(now, kind, application, reason));
            Some(Ok(json!({ "block": id })))
        }
    }
}

/// Kinds of events that a test can hold a lock with.
const HOLDERS: &[&str] = &[
    "app.run",
    "app.deploy",
    "app.update",
    "app.update.env.set",
    "app.update.restart",
];

/// Somebody's event holds the lock for so many real seconds; without end if none are given. Without
/// a kind, those that hold it are over.
fn lock(
    world: &mut World,
    now: Moment,
    app: usize,
    kind: Option<&str>,
    seconds: Option<f64>,
) -> Commanded {
    let name = world.apps[app].name.clone();
    let Some(kind) = kind else {
        let held = |event: &&mut Event| event.target.value == name && event.is_running(now);
        let ended = world.events.iter_mut().filter(held).map(|it| it.end = now);
        let count = ended.count();
        world.settle(now);
        return Ok(json!({ "released": count }));
    };
    let known = HOLDERS.iter().find(|it| **it == kind);
    let kind = known.ok_or_else(|| format!("the kind is one of {}", HOLDERS.join(", ")))?;
    let mut plan = Plan::of(kind, &name).by(Owner::user(SOMEBODY));
    plan.say(format!("---- {kind} ----\n")).cancelable();
    let plan = match seconds {
        // The plan is in simulated seconds.
        Some(seconds) => {
            plan.wait(seconds / world.pace()).cancelable();
            plan
        }
        None => plan.endless(),
    };
    let event = world.begin(now, plan);
    let event = event.map_err(|refusal| refusal.message().to_owned())?;
    Ok(json!({ "event": world.events[event].id }))
}

/// The apps with their processes and newest deploys.
pub(super) fn overview(world: &World, now: Moment, most: usize) -> Vec<Value> {
    let apps = world.present_apps().take(most);
    let described = apps.map(|app| {
        let processes: Vec<Value> = app
            .processes()
            .into_iter()
            .map(|process| json!({ "slug": format!("{}/{process}", app.name), "role": process }))
            .collect();
        let newest = app.deploys.last().map(|place| &world.events[*place]);
        let newest = newest.map(|event| {
            let phase = match (event.is_running(now), &event.error) {
                (true, _) => "running",
                (false, None) => "succeeded",
                (false, Some(_)) => "failed",
            };
            json!({ "uuid": event.id, "phase": phase })
        });
        json!({
            "uuid": app.name,
            "slug": app.name,
            "environments": processes,
            "newest_deployment": newest,
            "units": app.units(now).count(),
        })
    });
    described.collect()
}
