//! The audit trail of applications (contract section 5.1).

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    errors::Refusal,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, words};

/// Something somebody did.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Activity {
    key: Key,
    application: usize,
    at: Moment,
    user: &'static str,
    what: &'static str,
    environment: Option<usize>,
}

/// How many activities an application has from before the start.
const PAST: usize = 12;
/// The unfiltered list shows the history of so many applications only.
const MOST_APPLICATIONS: usize = 100;

impl World {
    /// Adds to the audit trail.
    pub(super) fn record(
        &mut self,
        environment: usize,
        at: Moment,
        user: &'static str,
        what: &'static str,
    ) {
        let application = self.environments[environment].application;
        let key = Key::within(Kind::Activity, application, PAST + self.activities.len());
        let environment = Some(environment);
        self.activities.push(Activity {
            key,
            application,
            at,
            user,
            what,
            environment,
        });
    }
}

fn past(world: &World, application: usize, ordinal: usize) -> Activity {
    const WHAT: [&str; 5] = [
        "deployment_started",
        "environment_variable_changed",
        "domain_added",
        "collaborator_invited",
        "backup_started",
    ];
    let mut dice = Dice::new(world.seed, &[17, application as u64, ordinal as u64]);
    let days = f64::from(u32::try_from(ordinal).unwrap_or(0)) * 2.5 + dice.fraction();
    Activity {
        key: Key::within(Kind::Activity, application, ordinal),
        application,
        at: world.clock.started().plus(-86_400.0 * days - 3_600.0),
        user: dice.pick(words::PEOPLE),
        what: dice.pick(&WHAT),
        environment: world.environments_of(application).next(),
    }
}

fn wire(world: &World, view: &View, activity: &Activity) -> Value {
    let application = &world.applications[activity.application];
    let person = words::PEOPLE
        .iter()
        .position(|name| *name == activity.user)
        .unwrap_or(0);
    let environment = activity
        .environment
        .map(|n| world.environments[n].slug.as_str());
    let text = activity.what.replace('_', " ");
    json!({
        "uuid": activity.key.text(world.seed),
        "application": world.root_id(Kind::Application, activity.application),
        "organisation": world.root_id(Kind::Organisation, application.organisation),
        "created_at": view.time(activity.at),
        "user": world.root_id(Kind::User, person),
        "impersonated": false,
        "description": format!("{text} on {}", environment.unwrap_or("the application")),
        "type": activity.what,
        "context": { "environment": environment },
        "user_name": activity.user,
        "user_email": format!("{}@harbour.example", activity.user),
        "user_avatar_images": {},
        "user_is_removed": false,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let query = &call.query;
    let applications = call.filter("application", Kind::Application);
    let organisations = call.filter("organisation", Kind::Organisation);
    let wanted = |n: usize| {
        let owner = Key::root(Kind::Organisation, world.applications[n].organisation);
        !world.applications[n].gone
            && Call::passes(applications.as_ref(), Key::root(Kind::Application, n))
            && Call::passes(organisations.as_ref(), owner)
    };
    let visible = (0..world.applications.len())
        .filter(|n| wanted(*n))
        .take(MOST_APPLICATIONS);
    let mut items: Vec<Activity> = visible
        .flat_map(|n| (0..PAST).map(move |ordinal| past(world, n, ordinal)))
        .collect();
    items.extend(
        world
            .activities
            .iter()
            .filter(|a| wanted(a.application))
            .cloned(),
    );
    items.retain(|activity| {
        query.get("type").is_none_or(|kind| kind == activity.what)
            && query
                .get("user_name")
                .is_none_or(|name| name == activity.user)
    });
    items.sort_by_key(|activity| std::cmp::Reverse(activity.at));
    paging::page(call, &items, |activity| wire(world, &call.view, activity))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Activity)?;
    let world = &*call.world;
    if key.parent >= world.applications.len() {
        return Err(Refusal::MISSING);
    }
    let activity = match key.ordinal.checked_sub(PAST) {
        None => past(world, key.parent, key.ordinal),
        Some(since) => world.activities.get(since).ok_or(Refusal::MISSING)?.clone(),
    };
    Ok(Reply::ok(&wire(world, &call.view, &activity)))
}
