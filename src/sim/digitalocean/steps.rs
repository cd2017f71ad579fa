//! The steps a deployment consists of: a tree, by the components of its specification.
//! Source: DigitalOcean contract, section 5.3.

use super::{
    component::{Component, Role, When},
    deployment::Deployment,
};

/// One step: a leaf, or a group of them.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) component: Option<String>,
    pub(super) base: String,
    /// When it begins and ends, as shares of the whole; a group has those of its members.
    pub(super) from: f64,
    pub(super) until: f64,
    /// Whether the platform tells when.
    pub(super) timed: bool,
    /// It is only for failures: it waits for ever in a good deployment.
    pub(super) waits: bool,
    pub(super) members: Vec<Step>,
}

fn leaf(name: &str, from: f64, until: f64) -> Step {
    Step {
        name: name.to_owned(),
        component: None,
        base: String::new(),
        from,
        until,
        timed: true,
        waits: false,
        members: Vec::new(),
    }
}

/// A step of a component. The platform tells nothing about when.
fn own(part: &Component, name: &str, base: &str, from: f64, until: f64) -> Step {
    Step {
        component: Some(part.name.clone()),
        base: format!("{base} {}", part.role.word()),
        timed: false,
        ..leaf(name, from, until)
    }
}

fn group(name: &str, timed: bool, members: Vec<Step>) -> Step {
    let from = members.first().map_or(0.0, |step| step.from);
    let until = members.iter().map(|step| step.until).fold(from, f64::max);
    Step {
        timed,
        waits: !members.is_empty() && members.iter().all(|step| step.waits),
        members,
        ..leaf(name, from, until)
    }
}

/// Fractions of the space from `from` to `until` for `count` steps that follow each other.
fn slots(from: f64, until: f64, count: usize) -> impl Iterator<Item = (f64, f64)> {
    let count = u32::try_from(count.max(1)).unwrap_or(1);
    let width = (until - from) / f64::from(count);
    (0..count).map(move |n| (from + width * f64::from(n), from + width * f64::from(n + 1)))
}

/// The half in which everything is built.
pub(super) fn build(deployment: &Deployment, parts: &[Component]) -> Step {
    let bounds = deployment.course.bounds();
    let (from, until) = (bounds.pending, bounds.build);
    let begun = from + (until - from) * 0.15;
    let built: Vec<&Component> = parts.iter().filter(|part| is_built(part.role)).collect();
    let places = slots(begun, until, built.len());
    let steps = built.iter().zip(places);
    let steps = steps.map(|(part, (from, until))| own(part, &part.name, "Building", from, until));
    let components = group("components", true, steps.collect());
    group(
        "build",
        true,
        vec![leaf("initialize", from, begun), components],
    )
}

/// Whether there is anything to build of it.
pub(super) fn is_built(role: Role) -> bool {
    !matches!(role, Role::Database)
}

/// The half in which it is rolled out.
pub(super) fn deploy(deployment: &Deployment, parts: &[Component]) -> Step {
    let from = deployment.course.bounds().queued;
    let (begun, ended) = (from + (1.0 - from) * 0.1, from + (1.0 - from) * 0.9);
    let mut rolled: Vec<&Component> = parts.iter().collect();
    rolled.sort_by_key(|part| turn(part.role));
    let places = slots(begun, ended, rolled.len());
    let steps = rolled
        .iter()
        .zip(places)
        .map(|(part, place)| rollout(part, place));
    let components = group("components", true, steps.collect());
    let members = vec![
        leaf("initialize", from, begun),
        components,
        leaf("finalize", ended, 1.0),
    ];
    group("deploy", true, members)
}

/// Jobs before the rest, then what serves, then the other jobs.
fn turn(role: Role) -> u8 {
    match role {
        Role::Database => 0,
        Role::Job(When::Before) => 1,
        Role::Service | Role::Worker | Role::StaticSite | Role::Functions => 2,
        Role::Job(When::After | When::Scheduled) => 3,
        Role::Job(When::OnFailure) => 4,
    }
}

fn rollout(part: &Component, (from, until): (f64, f64)) -> Step {
    let middle = f64::midpoint(from, until);
    let members = if part.role.runs() {
        vec![
            own(part, "deploy", "Deploying", from, middle),
            own(part, "wait", "Waiting for", middle, until),
        ]
    } else {
        let (name, base) = match part.role {
            Role::Job(_) => ("run", "Running"),
            Role::Database => ("provision", "Provisioning"),
            Role::Service | Role::Worker | Role::StaticSite | Role::Functions => {
                ("deploy", "Deploying")
            }
        };
        let waits = part.role == Role::Job(When::OnFailure);
        vec![Step {
            waits,
            ..own(part, name, base, from, until)
        }]
    };
    Step {
        component: Some(part.name.clone()),
        ..group(&part.name, false, members)
    }
}
