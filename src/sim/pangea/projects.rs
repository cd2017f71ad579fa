//! The life of projects. Source: Pangea contract, section 7.

use serde_json::{Map, Value};

use super::{
    call::{Call, Done, Outcome},
    errors::{self, FieldError, Refusal},
    fields::wrong,
    project::{Project, REGIONS, email},
    world::World,
};
use crate::sim::clock::Moment;

/// `project/get`.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let place = call.project()?;
    done(call.world.project(place))
}

/// `project/create`.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.expect_organisation("org_id")?;
    let (name, geo) = (call.text("name").to_owned(), call.text("geo").to_owned());
    let region = call.text("region");
    let region = if region.is_empty() {
        usual_region(&geo).to_owned()
    } else {
        region.to_owned()
    };
    let made = made(call.world, call.now, name, geo, region);
    Ok(Done::Project(made))
}

/// Makes a project in a region.
fn made(world: &mut World, now: Moment, name: String, geo: String, region: String) -> Project {
    let project = Project {
        id: world.next_id(),
        name,
        organisation: world.organisation.id.clone(),
        owner_email: email(0),
        geo,
        region,
        created: now,
        updated: now,
    };
    world.add(project.clone());
    project
}

/// Another user makes a project.
pub(super) fn made_elsewhere(world: &mut World, now: Moment, name: &str, geo: &str) -> Project {
    let region = usual_region(geo).to_owned();
    made(world, now, name.to_owned(), geo.to_owned(), region)
}

fn usual_region(geo: &str) -> &'static str {
    let mut fitting = REGIONS.iter().filter(|(of, _)| *of == geo);
    fitting.next().map_or(REGIONS[0].1, |(_, region)| region)
}

/// A region lies in one geography.
pub(super) fn mismatched(body: &Map<String, Value>) -> Option<FieldError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (geo, region) = (text("geo")?, text("region")?);
    let fitting = REGIONS.iter().filter(|(of, _)| *of == geo);
    let fitting: Vec<&str> = fitting.map(|(_, region)| *region).collect();
    let is_known = REGIONS.iter().any(|(_, known)| *known == region);
    if fitting.is_empty() || !is_known || fitting.contains(&region) {
        return None;
    }
    let detail = format!("'{region}' is not one of ['{}']", fitting.join("', '"));
    Some(wrong("NotEnumMember", detail, "/region", "enum"))
}

/// `project/update`.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let place = call.project()?;
    let (name, now) = (call.text("name").to_owned(), call.now);
    done(call.world.rename(place, &name, now))
}

/// `project/delete`.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = call.project()?;
    let gone = call.world.remove(place).ok_or(errors::NOT_FOUND)?;
    Ok(Done::Deleted(gone))
}

fn done(project: Option<&Project>) -> Result<Done, Refusal> {
    let project = project.ok_or(errors::NOT_FOUND)?;
    Ok(Done::Project(project.clone()))
}
