//! The components of a spec: finding one, and putting a changed one back in its place.

use super::edit::Problem;
use super::raw;

/// What a component is, by the list it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Service,
    Worker,
    Job,
    StaticSite,
    Functions,
    Database,
}

/// The lists of components, and what one of them is called.
pub(crate) const LISTS: [(&str, Kind, &str); 6] = [
    ("services", Kind::Service, "a service"),
    ("workers", Kind::Worker, "a worker"),
    ("jobs", Kind::Job, "a job"),
    ("static_sites", Kind::StaticSite, "a static site"),
    ("functions", Kind::Functions, "a functions component"),
    ("databases", Kind::Database, "a database"),
];

impl Kind {
    /// "a service".
    pub(crate) fn words(self) -> &'static str {
        let row = LISTS.iter().find(|(_, kind, _)| *kind == self);
        row.map_or("a component", |(_, _, words)| words)
    }
}

/// A component and what it is.
pub(crate) fn find<'a>(spec: &'a str, name: &str) -> Option<(Kind, &'a str)> {
    LISTS.iter().find_map(|(list, kind, _)| {
        let found = raw::items(spec, list).into_iter().find(|it| is(it, name))?;
        Some((*kind, found))
    })
}

/// The spec with a changed component.
pub(super) fn change(
    spec: &str,
    name: &str,
    change: impl FnOnce(Kind, &str) -> Result<String, Problem>,
) -> Result<String, Problem> {
    for (list, kind, _) in LISTS {
        let mut items = raw::items(spec, list);
        let Some(at) = items.iter().position(|it| is(it, name)) else {
            continue;
        };
        let changed = change(kind, items[at])?;
        if changed == items[at] {
            return Ok(spec.to_owned());
        }
        items[at] = &changed;
        return raw::put_items(spec, list, &items).ok_or_else(Problem::unreadable);
    }
    Err(unknown(spec, name))
}

/// Refuses a component that is not there.
pub(crate) fn check_component(spec: &str, name: &str) -> Result<(), Problem> {
    match find(spec, name) {
        Some(_) => Ok(()),
        None => Err(unknown(spec, name)),
    }
}

/// The names of all components.
fn names(spec: &str) -> Vec<String> {
    LISTS
        .iter()
        .flat_map(|(list, _, _)| raw::items(spec, list))
        .filter_map(|it| raw::field_text(it, "name"))
        .collect()
}

fn is(component: &str, name: &str) -> bool {
    raw::field_text(component, "name").as_deref() == Some(name)
}

fn unknown(spec: &str, name: &str) -> Problem {
    if raw::object(spec).is_none() {
        return Problem::unreadable();
    }
    let there = match names(spec) {
        names if names.is_empty() => "no component".to_owned(),
        names => names.join(", "),
    };
    let text = format!("the app has no component {name}: it has {there}");
    Problem::new("component", text)
}
