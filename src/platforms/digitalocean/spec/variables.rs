//! Variables of the app and of its components.

use super::component;
use super::edit::{Place, Problem};
use super::raw;
use crate::model::Secret;

/// The list that holds them, in the app and in a component.
pub(super) const LIST: &str = "envs";

/// A value to set.
pub(super) struct Wish<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a Secret,
    pub(super) is_secret: bool,
    pub(super) exists: bool,
}

/// Sets a variable. One that is there keeps everything else that is said of it, and one that is
/// encrypted stays so.
pub(super) fn set(spec: &str, place: &Place, wish: &Wish<'_>) -> Result<String, Problem> {
    within(spec, place, |owner| {
        let mut items = owned(owner);
        let mut found = false;
        for item in items.iter_mut().filter(|it| is(it, wish.key)) {
            found = true;
            *item = changed(item, wish).ok_or_else(Problem::unreadable)?;
        }
        if !found && wish.exists {
            return Err(none(spec, place, wish.key));
        }
        if !found {
            items.push(new(wish));
        }
        back(owner, &items)
    })
}

/// Removes a variable.
pub(super) fn unset(spec: &str, place: &Place, key: &str) -> Result<String, Problem> {
    within(spec, place, |owner| {
        let (gone, kept): (Vec<_>, Vec<_>) = owned(owner).into_iter().partition(|it| is(it, key));
        if gone.is_empty() {
            return Err(none(spec, place, key));
        }
        back(owner, &kept)
    })
}

/// What is written of a variable; absent if there is none.
pub(crate) fn find(spec: &str, place: &Place, key: &str) -> Option<String> {
    let owner = match place {
        Place::App => spec,
        Place::Component(name) => component::find(spec, name)?.1,
    };
    owned(owner).into_iter().rfind(|it| is(it, key))
}

/// Whether the platform keeps it encrypted.
pub(crate) fn is_secret(variable: &str) -> bool {
    raw::field_text(variable, "type").as_deref() == Some("SECRET")
}

fn within(
    spec: &str,
    place: &Place,
    change: impl FnOnce(&str) -> Result<String, Problem>,
) -> Result<String, Problem> {
    match place {
        Place::App => change(spec),
        Place::Component(name) => component::change(spec, name, |_, owner| change(owner)),
    }
}

fn owned(owner: &str) -> Vec<String> {
    let items = raw::items(owner, LIST);
    items.into_iter().map(str::to_owned).collect()
}

fn back(owner: &str, items: &[String]) -> Result<String, Problem> {
    if items == owned(owner).as_slice() {
        return Ok(owner.to_owned());
    }
    raw::put_items(owner, LIST, items).ok_or_else(Problem::unreadable)
}

fn is(variable: &str, key: &str) -> bool {
    raw::field_text(variable, "key").as_deref() == Some(key)
}

fn changed(variable: &str, wish: &Wish<'_>) -> Option<String> {
    let has_it = raw::field_text(variable, "value").unwrap_or_default() == wish.value.expose();
    let mut changed = variable.to_owned();
    if !has_it {
        let value = raw::quoted(wish.value.expose());
        changed = raw::put(&changed, "value", Some(&value))?;
    }
    if wish.is_secret && !is_secret(variable) {
        changed = raw::put(&changed, "type", Some("\"SECRET\""))?;
    }
    Some(changed)
}

fn new(wish: &Wish<'_>) -> String {
    let kind = if wish.is_secret { "SECRET" } else { "GENERAL" };
    format!(
        r#"{{"key":{},"value":{},"scope":"RUN_AND_BUILD_TIME","type":"{kind}"}}"#,
        raw::quoted(wish.key),
        raw::quoted(wish.value.expose()),
    )
}

fn none(spec: &str, place: &Place, key: &str) -> Problem {
    let text = match place {
        Place::App => format!("the app has no variable {key}: look again"),
        Place::Component(name) if find(spec, &Place::App, key).is_some() => {
            format!("{name} has no variable {key} of its own: the app has it, choose that one")
        }
        Place::Component(name) => format!("{name} has no variable {key}: look again"),
    };
    Problem::new("name", text)
}

/// Source: `DigitalOcean` contract, section 5.6 (variable).
pub(super) fn check_name(key: &str) -> Result<(), Problem> {
    let mut chars = key.chars();
    let is_first = |c: char| c == '_' || c.is_ascii_alphabetic();
    if chars.next().is_some_and(is_first) && chars.all(|c| is_first(c) || c.is_ascii_digit()) {
        return Ok(());
    }
    let text = "has letters, digits and _, and no digit first: choose such a name";
    Err(Problem::new("name", text))
}
