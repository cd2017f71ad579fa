//! How many instances of a component there are, of which size, and what they are built from.

use super::component::{self, Kind};
use super::edit::Problem;
use super::raw;

/// Source: DigitalOcean contract, section 5.6 (scale).
pub(super) const MOST_INSTANCES: u32 = 250;

/// When a component that scales by itself grows, unless it says otherwise: the platform's example.
const METRICS: &str = r#"{"cpu":{"percent":80}}"#;

/// Where a component's code may come from.
const SOURCES: [&str; 4] = ["github", "gitlab", "bitbucket", "git"];

pub(super) const COUNT: &str = "instance_count";
pub(super) const SIZE: &str = "instance_size_slug";
pub(super) const AUTOSCALING: &str = "autoscaling";

pub(super) fn count(spec: &str, name: &str, units: u32) -> Result<String, Problem> {
    scaled(spec, name, |component| {
        let component = raw::put(component, COUNT, Some(&units.to_string()))?;
        raw::put(&component, AUTOSCALING, None)
    })
}

pub(super) fn size(spec: &str, name: &str, slug: &str) -> Result<String, Problem> {
    scaled(spec, name, |component| {
        if raw::field_text(component, SIZE).as_deref() == Some(slug) {
            return Some(component.to_owned());
        }
        raw::put(component, SIZE, Some(&raw::quoted(slug)))
    })
}

pub(super) fn bounds(spec: &str, name: &str, least: u32, most: u32) -> Result<String, Problem> {
    scaled(spec, name, |component| {
        let new = format!(r#"{{"metrics":{METRICS}}}"#);
        let now = raw::field(component, AUTOSCALING).unwrap_or(&new);
        let bounds = raw::put(now, "min_instance_count", Some(&least.to_string()))?;
        let bounds = raw::put(&bounds, "max_instance_count", Some(&most.to_string()))?;
        let component = raw::put(component, AUTOSCALING, Some(&bounds))?;
        raw::put(&component, COUNT, None)
    })
}

pub(super) fn end_bounds(spec: &str, name: &str) -> Result<String, Problem> {
    let found = component::find(spec, name);
    let bounds = found.and_then(|(_, component)| raw::field(component, AUTOSCALING));
    if found.is_some() && bounds.is_none() {
        let text = format!("{name} does not scale by itself: there is nothing to end");
        return Err(Problem::new("process", text));
    }
    let least = bounds.and_then(|bounds| raw::field_number(bounds, "min_instance_count"));
    scaled(spec, name, |component| {
        let units = least.unwrap_or(1).max(1).to_string();
        let component = raw::put(component, AUTOSCALING, None)?;
        raw::put(&component, COUNT, Some(&units))
    })
}

pub(super) fn branch(spec: &str, name: &str, branch: &str) -> Result<String, Problem> {
    component::change(spec, name, |kind, component| {
        let source = SOURCES
            .iter()
            .find_map(|source| Some((*source, raw::field(component, source)?)));
        let Some((source, now)) = source else {
            return Err(Problem::new("branch", no_branch(name, kind, component)));
        };
        if raw::field_text(now, "branch").as_deref() == Some(branch) {
            return Ok(component.to_owned());
        }
        let new = raw::put(now, "branch", Some(&raw::quoted(branch)));
        new.and_then(|new| raw::put(component, source, Some(&new)))
            .ok_or_else(Problem::unreadable)
    })
}

/// The branch of a component's source.
pub(crate) fn branch_of(component: &str) -> Option<String> {
    let source = SOURCES.iter().find_map(|it| raw::field(component, it))?;
    raw::field_text(source, "branch")
}

fn no_branch(name: &str, kind: Kind, component: &str) -> String {
    if raw::field(component, "image").is_some() {
        return format!("{name} runs an image: it has no branch, deploy another tag");
    }
    format!(
        "{name} is {} without source: it has no branch",
        kind.words()
    )
}

pub(super) fn check_bounds(least: u32, most: u32) -> Result<(), Problem> {
    check_count("least", least)?;
    check_count("most", most)?;
    if least > most {
        return Err(Problem::new("most", "is less than the fewest"));
    }
    Ok(())
}

pub(super) fn check_count(field: &'static str, units: u32) -> Result<(), Problem> {
    match units {
        1..=MOST_INSTANCES => Ok(()),
        0 => Err(Problem::new(
            field,
            "DigitalOcean does not scale to 0: a component has 1 to 250 instances, \
             choose at least 1",
        )),
        _ => Err(Problem::new(
            field,
            "a component has at most 250 instances: choose fewer",
        )),
    }
}

fn scaled(
    spec: &str,
    name: &str,
    change: impl FnOnce(&str) -> Option<String>,
) -> Result<String, Problem> {
    component::change(spec, name, |kind, component| match kind {
        Kind::Service | Kind::Worker => change(component).ok_or_else(Problem::unreadable),
        Kind::Job | Kind::StaticSite | Kind::Functions | Kind::Database => {
            let what = kind.words();
            let text = format!("{name} is {what}, which has no scale: choose a service or worker");
            Err(Problem::new("process", text))
        }
    })
}
