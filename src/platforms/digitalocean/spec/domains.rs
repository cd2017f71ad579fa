//! The domains of an app.

use super::edit::Problem;
use super::raw;

pub(super) const LIST: &str = "domains";
const PRIMARY: &str = "PRIMARY";
const ALIAS: &str = "ALIAS";

/// As an alias: what is the main domain stays so.
pub(super) fn add(spec: &str, name: &str) -> Result<String, Problem> {
    let mut items = owned(spec);
    if items.iter().any(|it| is(it, name)) {
        let text = format!("{name} is there already: nothing to add");
        return Err(Problem::new("name", text));
    }
    let domain = raw::quoted(name);
    items.push(format!(r#"{{"domain":{domain},"type":"{ALIAS}"}}"#));
    back(spec, &items)
}

pub(super) fn remove(spec: &str, name: &str) -> Result<String, Problem> {
    let (gone, kept): (Vec<_>, Vec<_>) = owned(spec).into_iter().partition(|it| is(it, name));
    if gone.is_empty() {
        return Err(none(name));
    }
    back(spec, &kept)
}

pub(super) fn make_primary(spec: &str, name: &str) -> Result<String, Problem> {
    let mut items = owned(spec);
    if !items.iter().any(|it| is(it, name)) {
        return Err(none(name));
    }
    for item in &mut items {
        let now = raw::field_text(item, "type");
        let wished = match now.as_deref() {
            _ if is(item, name) => PRIMARY,
            Some(PRIMARY) => ALIAS,
            _ => continue,
        };
        if now.as_deref() != Some(wished) {
            let value = raw::quoted(wished);
            *item = raw::put(item, "type", Some(&value)).ok_or_else(Problem::unreadable)?;
        }
    }
    back(spec, &items)
}

/// Whether the app has a domain, and whether it is the main one.
pub(crate) fn find(spec: &str, name: &str) -> Option<bool> {
    let items = raw::items(spec, LIST);
    let found = items.into_iter().find(|it| is(it, name))?;
    Some(raw::field_text(found, "type").as_deref() == Some(PRIMARY))
}

fn owned(spec: &str) -> Vec<String> {
    let items = raw::items(spec, LIST);
    items.into_iter().map(str::to_owned).collect()
}

fn back(spec: &str, items: &[String]) -> Result<String, Problem> {
    if items == owned(spec).as_slice() {
        return Ok(spec.to_owned());
    }
    raw::put_items(spec, LIST, items).ok_or_else(Problem::unreadable)
}

fn is(item: &str, name: &str) -> bool {
    let domain = raw::field_text(item, "domain");
    domain.is_some_and(|domain| domain.eq_ignore_ascii_case(name))
}

fn none(name: &str) -> Problem {
    Problem::new(
        "domain",
        format!("the app has no domain {name}: look again"),
    )
}
