//! Makes the apps of a world as they are when the simulator starts.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    app::{App, Flaw, Slot, Variable, Version},
    catalogue,
    plan::{Profile, plan},
    rollout::Share,
    unit::Condition,
};
use crate::sim::{
    clock::Moment,
    dice::{Dice, mix},
};

const DAY: f64 = 86_400.0;

/// Where images are kept.
pub(super) const REGISTRY: &str = "registry.example.com/tsuru";

/// The app with this ordinal, without a history.
pub(super) fn app(seed: u64, ordinal: usize, started: Moment) -> App {
    let (name, profile) = plan(seed, ordinal);
    let mut dice = Dice::new(seed, &[0x75, 4, ordinal as u64]);
    let created = started.plus(-DAY * f64::from(dice.between(120, 900)));
    let mut app = blank(seed, ordinal, &name, created);
    app.profile = profile;
    app.team = team(profile, &mut dice);
    app.teams = vec![app.team.clone()];
    app.plan = catalogue::PLANS[dice.below(3) as usize].name.to_owned();
    app.description = dice.pick(DESCRIPTIONS).to_owned();
    app.platform = platform(profile, &mut dice);
    app.pool = if profile == Profile::WorkerOnly {
        "batch"
    } else {
        "prod"
    }
    .to_owned();
    app.routers = routers(profile);
    app.variables = variables(seed, &app);
    if dice.chance(60) && !app.routers.is_empty() {
        app.cnames = vec![format!("{name}.example.com")];
    }
    app.tags = tags(&mut dice);
    app.metadata = metadata(profile);
    adorn(&mut app);
    app
}

/// An app that was just created.
pub(super) fn blank(seed: u64, ordinal: usize, name: &str, created: Moment) -> App {
    App {
        ordinal,
        seed,
        name: name.to_owned(),
        profile: Profile::NeverDeployed,
        created,
        description: String::new(),
        platform: String::new(),
        team: "web".to_owned(),
        teams: vec!["web".to_owned()],
        pool: "prod".to_owned(),
        plan: catalogue::PLANS[0].name.to_owned(),
        plan_override: None,
        owner: "dev@example.com".to_owned(),
        tags: Vec::new(),
        metadata: json!({ "labels": null, "annotations": null }),
        cnames: Vec::new(),
        certificates: BTreeMap::new(),
        issuers: BTreeMap::new(),
        variables: Vec::new(),
        quota: -1,
        autoscale: Vec::new(),
        versions: Vec::new(),
        slots: Vec::new(),
        units: Vec::new(),
        flaws: Vec::new(),
        deploys: Vec::new(),
        routers: vec!["ingress".to_owned()],
        trouble: None,
        made: 0,
        gone: false,
    }
}

const DESCRIPTIONS: &[&str] = &[
    "Shop front",
    "Prices and stock",
    "What partners call",
    "Internal tools",
    "",
];

fn team(profile: Profile, dice: &mut Dice) -> String {
    let team = if profile == Profile::ReadOnly {
        "payments"
    } else {
        dice.pick(&["web", "web", "data", "platform"])
    };
    team.to_owned()
}

fn platform(profile: Profile, dice: &mut Dice) -> String {
    let platform = if profile == Profile::Image {
        ""
    } else {
        dice.pick(&["python", "python:v3", "go", "nodejs", "java"])
    };
    platform.to_owned()
}

fn routers(profile: Profile) -> Vec<String> {
    let names: &[&str] = match profile {
        Profile::WorkerOnly => &[],
        Profile::Busy => &["ingress", "mesh"],
        Profile::Canary
        | Profile::Autoscaled
        | Profile::Cancelled
        | Profile::Held
        | Profile::Stopped
        | Profile::NeverDeployed
        | Profile::Crashing
        | Profile::Blocked
        | Profile::Mosaic
        | Profile::Partial
        | Profile::ReadOnly
        | Profile::Image
        | Profile::Ordinary => &["ingress"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn tags(dice: &mut Dice) -> Vec<String> {
    let tags = ["front", "critical", "internal"];
    tags.iter()
        .filter(|_| dice.chance(30))
        .map(|tag| (*tag).to_owned())
        .collect()
}

fn metadata(profile: Profile) -> Value {
    if profile == Profile::Busy {
        let labels = json!([{ "name": "tier", "value": "one" }]);
        return json!({ "labels": labels, "annotations": [] });
    }
    json!({ "labels": null, "annotations": null })
}

/// A variable with these properties.
pub(super) fn variable(name: &str, value: &str, is_public: bool, managed_by: &str) -> Variable {
    Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        is_public,
        managed_by: managed_by.to_owned(),
    }
}

fn variables(seed: u64, app: &App) -> Vec<Variable> {
    let secret = mix(seed, &[0x75, 5, app.ordinal as u64]);
    let database = format!("postgres://{}:{secret:016x}@db.example.com/{0}", app.name);
    let mut all = vec![
        variable("SECRET_KEY", &format!("sim-{secret:016x}"), false, ""),
        variable("LOG_LEVEL", "info", true, ""),
        variable("FEATURE_FLAGS", "cart,search", true, "terraform"),
    ];
    if app.ordinal.is_multiple_of(3) {
        all.insert(
            1,
            variable("DATABASE_URL", &database, false, "postgres/main"),
        );
    }
    all
}

/// What is special about some.
fn adorn(app: &mut App) {
    match app.profile {
        Profile::Busy => {
            app.quota = 12;
            app.cnames.push("www.example.com".to_owned());
            app.certificates = app
                .cnames
                .iter()
                .map(|cname| (cname.clone(), super::domains::pem(cname)))
                .collect();
            let cname = app.cnames[0].clone();
            app.issuers.insert(cname, "letsencrypt".to_owned());
        }
        Profile::Autoscaled => app.autoscale = vec![super::autoscale::example(app)],
        Profile::Partial => {
            app.trouble = Some(
                "unable to list app units: context deadline exceeded\nunable to get metrics: \
                 metrics API not available"
                    .to_owned(),
            );
        }
        Profile::Ordinary if app.ordinal.is_multiple_of(5) => app.quota = 6,
        Profile::Canary
        | Profile::Cancelled
        | Profile::Held
        | Profile::Stopped
        | Profile::NeverDeployed
        | Profile::Crashing
        | Profile::Blocked
        | Profile::Mosaic
        | Profile::ReadOnly
        | Profile::WorkerOnly
        | Profile::Image
        | Profile::Ordinary => {}
    }
}

/// The image of a version of an app.
pub(super) fn image(app: &str, version: u32) -> String {
    format!("{REGISTRY}/app-{app}:v{version}")
}

/// Puts the newest version in place, and the units that run of it.
pub(super) fn deployed(app: &mut App, started: Moment) {
    let Some(newest) = app.versions.last().cloned() else {
        return;
    };
    let mut dice = Dice::new(app.seed, &[0x75, 6, app.ordinal as u64]);
    let processes = app.profile.processes(&mut dice);
    for (process, wanted) in &processes {
        place(app, process, newest.number, *wanted);
    }
    if app.profile == Profile::Canary
        && let Some(before) = app.versions.iter().rev().nth(1).map(|it| it.number)
    {
        place(app, "web", before, 2);
    }
    if app.profile == Profile::Crashing {
        app.flaws.push(Flaw {
            process: "worker".to_owned(),
            version: newest.number,
            condition: Condition::CrashLoop,
        });
    }
    if app.profile == Profile::Stopped {
        app.slots.iter_mut().for_each(|slot| slot.is_stopped = true);
        return;
    }
    let born = newest.built.max(started.plus(-20.0 * DAY)).plus(60.0);
    for share in app.slots.iter().map(Share::of).collect::<Vec<_>>() {
        for number in 0..share.units {
            app.add_unit(&share, born.plus(3.0 * f64::from(number)), 1.0);
        }
    }
    wear(app);
}

/// Processes by version are kept in the order of processes.
fn place(app: &mut App, process: &str, version: u32, wanted: u32) {
    app.slots.push(Slot {
        process: process.to_owned(),
        version,
        wanted,
        is_stopped: false,
    });
}

/// Some units have been through something.
fn wear(app: &mut App) {
    const STATES: [(Condition, u32); 9] = [
        (Condition::Healthy, 0),
        (Condition::Unschedulable, 0),
        (Condition::Unready, 0),
        (Condition::CrashLoop, 41),
        (Condition::ImagePull, 0),
        (Condition::OutOfMemory, 7),
        (Condition::Exited(1), 3),
        (Condition::Evicted, 0),
        (Condition::Finished, 0),
    ];
    if app.profile == Profile::Mosaic {
        for (unit, (condition, restarts)) in app.units.iter_mut().zip(STATES) {
            (unit.condition, unit.restarts) = (condition, restarts);
        }
    }
    for unit in &mut app.units {
        if unit.condition == Condition::CrashLoop {
            unit.restarts = 41;
        }
    }
}

/// A version that was built at a moment.
pub(super) fn version(app: &str, number: u32, processes: &[String], built: Moment) -> Version {
    Version {
        number,
        image: image(app, number),
        processes: processes.to_vec(),
        built,
        forbidden: None,
        is_routable: true,
    }
}
