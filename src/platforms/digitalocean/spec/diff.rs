//! What is different between two readings of a spec, in words that show no value of a variable.

use super::component::LISTS;
use super::same::{named, same};
use super::{domains, raw, scale, variables};

/// Something that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The component it belongs to; absent for the app.
    pub(crate) component: Option<String>,
    /// The field, variable or domain.
    pub(crate) what: String,
    /// How it is different.
    pub(crate) change: Change,
}

/// How something is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// What it was and is, where that is nobody's secret.
    Value { was: String, is: String },
    /// It is another than before.
    Other,
}

/// Fields whose values are nobody's secret.
const SHOWN: [&str; 8] = [
    scale::COUNT,
    scale::SIZE,
    "branch",
    "tag",
    "name",
    "region",
    "min_instance_count",
    "max_instance_count",
];

/// Fields that are looked into: what is different in them is said.
const OPENED: [&str; 6] = [
    scale::AUTOSCALING,
    "github",
    "gitlab",
    "bitbucket",
    "git",
    "image",
];

/// Everything that is different. Empty only if both say the same.
pub(crate) fn differences(was: &str, is: &str) -> Vec<Difference> {
    if same(was, is) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (name, was, is) in beside(was, is) {
        if LISTS.iter().any(|(list, _, _)| *list == name) {
            components(&name, was, is, &mut found);
        } else {
            field(None, &name, was, is, &mut found);
        }
    }
    if found.is_empty() {
        found.push(other(None, "the spec"));
    }
    found
}

/// The fields of both, side by side, in order.
fn beside<'a>(was: &'a str, is: &'a str) -> Vec<(String, Option<&'a str>, Option<&'a str>)> {
    let (was, is) = (
        named(was).unwrap_or_default(),
        named(is).unwrap_or_default(),
    );
    pairs(&was, &is)
}

fn pairs<'a>(
    was: &[(String, &'a str)],
    is: &[(String, &'a str)],
) -> Vec<(String, Option<&'a str>, Option<&'a str>)> {
    let value = |of: &[(String, &'a str)], name: &str| {
        let found = of.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| *value)
    };
    let new = is.iter().filter(|(name, _)| value(was, name).is_none());
    was.iter()
        .chain(new)
        .map(|(name, _)| (name.clone(), value(was, name), value(is, name)))
        .collect()
}

fn components(list: &str, was: Option<&str>, is: Option<&str>, found: &mut Vec<Difference>) {
    let before = found.len();
    for (name, was, is) in beside_by("name", was, is) {
        match (was, is) {
            (Some(was), Some(is)) => {
                for (field_name, was, is) in beside(was, is) {
                    field(Some(&name), &field_name, was, is, found);
                }
            }
            (None, _) => found.push(difference(None, &name, Change::Added)),
            (_, None) => found.push(difference(None, &name, Change::Removed)),
        }
    }
    unnamed(None, list, was, is, before, found);
}

fn field(
    component: Option<&str>,
    name: &str,
    was: Option<&str>,
    is: Option<&str>,
    found: &mut Vec<Difference>,
) {
    if (was.is_some() == is.is_some()) && same(was.unwrap_or_default(), is.unwrap_or_default()) {
        return;
    }
    if let Some(key) = [(variables::LIST, "key"), (domains::LIST, "domain")]
        .iter()
        .find_map(|(list, key)| (*list == name).then_some(*key))
    {
        let before = found.len();
        for (item, was, is) in beside_by(key, was, is) {
            found.extend(of_item(component, &item, was, is));
        }
        return unnamed(component, name, was, is, before, found);
    }
    if let (true, Some(was), Some(is)) = (OPENED.contains(&name), was, is) {
        return opened(component, name, was, is, found);
    }
    let change = match (was, is) {
        (_, _) if SHOWN.contains(&name) => Change::Value {
            was: shown(was),
            is: shown(is),
        },
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        (Some(_), Some(_)) => Change::Other,
    };
    found.push(difference(component, name, change));
}

fn opened(component: Option<&str>, name: &str, was: &str, is: &str, found: &mut Vec<Difference>) {
    let before = found.len();
    for (inner, was, is) in beside(was, is) {
        if SHOWN.contains(&inner.as_str()) {
            field(component, &inner, was, is, found);
        }
    }
    if found.len() == before {
        found.push(other(component, name));
    }
}

fn of_item(
    component: Option<&str>,
    name: &str,
    was: Option<&str>,
    is: Option<&str>,
) -> Option<Difference> {
    let change = match (was, is) {
        (Some(was), Some(is)) if same(was, is) => return None,
        (Some(_), Some(_)) => Change::Other,
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
    };
    Some(difference(component, name, change))
}

/// Items of two lists, side by side by what names them.
fn beside_by<'a>(
    key: &str,
    was: Option<&'a str>,
    is: Option<&'a str>,
) -> Vec<(String, Option<&'a str>, Option<&'a str>)> {
    let named = |list: Option<&'a str>| {
        let items = list.and_then(raw::list).unwrap_or_default();
        let named = items
            .into_iter()
            .filter_map(|item| Some((raw::field_text(item, key)?, item)));
        named.collect::<Vec<_>>()
    };
    pairs(&named(was), &named(is))
}

/// What is different and has no name, or is only in another order.
fn unnamed(
    component: Option<&str>,
    list: &str,
    was: Option<&str>,
    is: Option<&str>,
    before: usize,
    found: &mut Vec<Difference>,
) {
    let is_same = same(was.unwrap_or("[]"), is.unwrap_or("[]"));
    if found.len() == before && !is_same {
        found.push(other(component, list));
    }
}

fn shown(value: Option<&str>) -> String {
    match value {
        None => "not set".to_owned(),
        Some(value) => raw::text(value).unwrap_or_else(|| value.to_owned()),
    }
}

fn other(component: Option<&str>, what: &str) -> Difference {
    difference(component, what, Change::Other)
}

fn difference(component: Option<&str>, what: &str, change: Change) -> Difference {
    Difference {
        component: component.map(str::to_owned),
        what: what.to_owned(),
        change,
    }
}
