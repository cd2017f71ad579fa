//! What the control port makes happen here.

use serde_json::{Value, json};

use super::{
    app::Removal,
    catalogue,
    install::{End, Stage},
    project,
    world::World,
};
use crate::sim::{
    clock::Moment,
    host::{Change, Command, Commanded, Guard},
};

/// Carries out a command; `None` if it names nothing that is here.
pub(super) fn run(world: &mut World, now: Moment, command: &Command) -> Option<Commanded> {
    match command {
        Command::Deploy {
            environment,
            succeeds,
        } => deploy(world, now, environment, *succeeds),
        Command::Vanish { application } => vanish(world, now, application),
        Command::Variable {
            environment,
            name,
            change,
        } => variable(world, environment, name, change.as_ref()),
        Command::Log {
            environment,
            lines,
            floods,
            ..
        } => {
            let place = world.find_project(environment)?;
            if !floods.is_empty() {
                return Some(Err("what runs here has no log".to_owned()));
            }
            let runs = &mut world.projects[place].runs;
            let said = lines.iter().map(|line| (now, line.clone()));
            runs.last_mut()?.said.extend(said);
            Some(Ok(json!({ "written": lines.len() })))
        }
        Command::Guard(guard) => self::guard(world, now, guard),
        // Nothing is specified as a whole here, nothing has instances, and nobody counts requests.
        Command::Spec { .. }
        | Command::Autoscale { .. }
        | Command::Crash { .. }
        | Command::Limits(_)
        | Command::Tenant(_) => None,
    }
}

/// Another user deploys an app, a project, or installs an app of the catalogue that is named by
/// its slug and is no app's name.
fn deploy(world: &mut World, now: Moment, name: &str, succeeds: bool) -> Option<Commanded> {
    let doom = (!succeeds).then(|| catalogue::CAUSES[1].to_owned());
    if let Some(place) = world.find_named(name, now) {
        let app = &world.apps[place];
        if app.stage(now, world.pace()).is_moving() {
            return Some(Err("something is going on already".to_owned()));
        }
        let usual = app.next_end();
        let id = app.id;
        let uuid = world.begin(place, now, doom.map_or(usual, End::Fails));
        return Some(Ok(
            json!({ "application": id.to_string(), "deployment": uuid }),
        ));
    }
    if let Some(place) = world.find_project(name) {
        const BUILD_S: f64 = 15.0;
        let end = doom.map_or(End::Runs, End::Fails);
        let uuid = world.begin_project(place, now, BUILD_S, end);
        return Some(Ok(json!({ "application": name, "deployment": uuid })));
    }
    let entry = catalogue::find(name)?;
    let place = world.install(now, entry, None, doom);
    let app = &world.apps[place];
    let uuid = &app.run().uuid;
    Some(Ok(
        json!({ "application": app.id.to_string(), "deployment": uuid }),
    ))
}

/// An app or a project is gone at once.
fn vanish(world: &mut World, now: Moment, name: &str) -> Option<Commanded> {
    if let Some(place) = world.find_named(name, now) {
        world.apps[place].removal = Removal::Done;
    } else {
        let place = world.find_project(name)?;
        world.projects[place].gone = true;
    }
    Some(Ok(json!({ "application": name })))
}

/// Changes or reads a variable of a project. Tells what it was.
fn variable(
    world: &mut World,
    project: &str,
    name: &str,
    change: Option<&Change>,
) -> Option<Commanded> {
    let place = world.find_project(project)?;
    let env = &mut world.projects[place].env;
    let found = env.iter().position(|(it, _)| it == name);
    let was = found.map(|found| env[found].1.clone());
    match (change, found) {
        (None, _) | (Some(Change::Remove), None) => {}
        (Some(Change::Set(value)), Some(found)) => env[found].1.clone_from(value),
        (Some(Change::Set(value)), None) => env.push((name.to_owned(), value.clone())),
        (Some(Change::Remove), Some(found)) => {
            env.remove(found);
        }
    }
    Some(Ok(json!({ "was": was })))
}

fn guard(world: &mut World, now: Moment, guard: &Guard) -> Option<Commanded> {
    match guard {
        Guard::Dns {
            application,
            exists,
        } => {
            let place = world.find_named(application, now)?;
            let app = &mut world.apps[place];
            app.dns.told = Some(*exists);
            Some(Ok(json!({ "domain": app.domain, "exists": exists })))
        }
        Guard::Dialect(dialect) => {
            world.dialect = *dialect;
            Some(Ok(json!({ "dialect": format!("{dialect:?}") })))
        }
        Guard::Expire { expired } => {
            world.is_token_expired = *expired;
            Some(Ok(json!({ "expired": expired })))
        }
        // There are no versions, no locks and no limits here.
        Guard::Age { .. } | Guard::Lock { .. } | Guard::Throttle { .. } | Guard::Block { .. } => {
            None
        }
    }
}

/// The apps and the projects with their newest deployments.
pub(super) fn overview(world: &World, now: Moment, most: usize) -> Vec<Value> {
    let pace = world.pace();
    let apps = world.present_apps(now).map(|app| {
        let run = app.run();
        json!({
            "uuid": app.id.to_string(),
            "slug": app.name,
            "template": app.slug,
            "domain": app.domain,
            "stage": format!("{:?}", app.stage(now, pace)),
            "environments": [{ "slug": app.id.to_string() }],
            "newest_deployment": { "uuid": run.uuid, "phase": phase(run.stage(now, pace)) },
            "configuration": app.settings,
        })
    });
    let projects = world.projects.iter().filter(|project| !project.gone);
    let projects = projects.map(|project| {
        let run = project.run();
        json!({
            "uuid": format!("project:{}", project.name),
            "slug": project.name,
            "stage": project::word(run.stage(now, pace)),
            "environments": [{ "slug": project.name }],
            "newest_deployment": { "uuid": run.uuid, "phase": phase(run.stage(now, pace)) },
        })
    });
    apps.take(most).chain(projects).collect()
}

/// A phase in the words of the control port.
fn phase(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending | Stage::Building | Stage::Deploying | Stage::Deleting => "running",
        Stage::Failed => "failed",
        Stage::Awaiting | Stage::Running | Stage::Stopped | Stage::Done => "succeeded",
    }
}
