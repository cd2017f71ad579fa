//! What the control port makes happen here.

use serde_json::{Value, json};

use super::{project::GEOS, projects, world::World};
use crate::sim::{
    clock::Moment,
    control::Tenant,
    host::{Command, Commanded, Guard},
};

/// Carries out a command; `None` if it names nothing that is here.
pub(super) fn run(world: &mut World, now: Moment, command: &Command) -> Option<Commanded> {
    match command {
        Command::Vanish { application } => {
            let place = world.find_named(application)?;
            let gone = world.remove(place)?;
            Some(Ok(json!({ "application": gone.id })))
        }
        Command::Guard(Guard::Expire { expired }) => {
            world.tokens.expire(*expired);
            Some(Ok(json!({ "expired": expired })))
        }
        Command::Tenant(tenant) => self::tenant(world, now, tenant),
        // Nothing runs here, and nothing is locked or counted.
        Command::Guard(_)
        | Command::Deploy { .. }
        | Command::Variable { .. }
        | Command::Log { .. }
        | Command::Spec { .. }
        | Command::Autoscale { .. }
        | Command::Crash { .. }
        | Command::Limits(_) => None,
    }
}

fn tenant(world: &mut World, now: Moment, tenant: &Tenant) -> Option<Commanded> {
    match tenant {
        Tenant::Create { name, geo } => {
            if !GEOS.contains(&geo.as_str()) {
                return Some(Err(format!("geo is one of {}", GEOS.join(", "))));
            }
            let made = projects::made_elsewhere(world, now, name, geo);
            Some(Ok(json!({ "application": made.id })))
        }
        Tenant::Rename { application, name } => {
            if *application == world.organisation.id {
                world.organisation.name.clone_from(name);
                return Some(Ok(json!({ "organisation": application })));
            }
            let place = world.find_named(application)?;
            let renamed = world.rename(place, name, now)?;
            Some(Ok(json!({ "application": renamed.id })))
        }
        Tenant::Lifetime { seconds } => {
            world.tokens.lifetime = *seconds;
            Some(Ok(json!({ "seconds": seconds })))
        }
        Tenant::Location { address } => {
            address
                .trim_end_matches('/')
                .clone_into(&mut world.elsewhere);
            Some(Ok(json!({ "address": address })))
        }
    }
}

/// The projects, each with its region as the only environment.
pub(super) fn overview(world: &World, most: usize) -> Vec<Value> {
    let projects = world.present().take(most);
    let described = projects.map(|project| {
        json!({
            "uuid": project.id,
            "slug": project.name,
            "environments": [{ "slug": project.region, "role": project.geo }],
        })
    });
    described.collect()
}
