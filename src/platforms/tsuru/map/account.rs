//! Whose token it is, and teams.
//!
//! Source: tsuru contract, sections 1 and 5 (platform lists).

use std::collections::BTreeMap;

use super::words::list;
use crate::model::{Account, OrgId, Organisation, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// So many permissions are named; more are counted.
const NAMED: usize = 12;

pub(in crate::platforms::tsuru) fn account(
    me: &wire::Me,
    server: Option<&wire::Server>,
) -> Account {
    let version = server.and_then(|server| text(&server.version));
    let mut details = Details::default()
        .text(
            "Server",
            version.map(|it| Text::clean(&format!("tsuru {it}"))),
        )
        .text("Groups", me.groups.as_ref().and_then(list));
    for (place, names) in by_place(me.roles.as_deref()) {
        let line = format!("{} ({place})", names.join(", "));
        details = details.text("Role", Text::non_empty(&line));
    }
    for (place, names) in by_place(me.permissions.as_deref()) {
        let line = format!("{} ({place})", shortened(&names));
        details = details.text("May", Text::non_empty(&line));
    }
    Account {
        name: text(&me.email).unwrap_or_else(|| Text::clean("a token without a user")),
        details: details.done(),
    }
}

/// Names of roles or permissions, by where they hold.
fn by_place(grants: Option<&[wire::Grant]>) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for grant in grants.unwrap_or_default() {
        let names = places.entry(place(grant)).or_default();
        let name = grant.name.clone().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    places
}

/// "everywhere", "team web".
pub(super) fn place(grant: &wire::Grant) -> String {
    let kind = grant.context_type.as_deref().unwrap_or_default();
    let value = grant.context_value.as_deref().unwrap_or_default();
    match (kind, value) {
        ("" | "global", "") => "everywhere".to_owned(),
        ("", value) => value.to_owned(),
        (kind, "") => format!("every {kind}"),
        (kind, value) => format!("{kind} {value}"),
    }
}

/// What is not covered by another: `app` covers `app.deploy`, the empty name covers all.
fn shortened(names: &[String]) -> String {
    let covers = |outer: &str, inner: &str| {
        let below = inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.starts_with('.'));
        outer != inner && (outer.is_empty() || below)
    };
    let widest = names
        .iter()
        .filter(|name| !names.iter().any(|it| covers(it, name)));
    let mut widest: Vec<_> = widest.map(String::as_str).collect();
    if widest == [""] {
        return "everything".to_owned();
    }
    widest.sort_unstable();
    let more = widest.len().saturating_sub(NAMED);
    widest.truncate(NAMED);
    let line = widest.join(", ");
    if more == 0 {
        return line;
    }
    format!("{line} and {more} more")
}

pub(in crate::platforms::tsuru) fn team(wire: &wire::Team) -> Option<Organisation> {
    Some(Organisation {
        id: OrgId::new(&wire.name),
        name: Text::non_empty(&wire.name)?,
        details: Details::default()
            .text("Tags", wire.tags.as_ref().and_then(list))
            .text(
                "May",
                wire.permissions
                    .as_deref()
                    .filter(|it| !it.is_empty())
                    .map(|names| Text::clean(&shortened(names))),
            )
            .done(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_covers_what_is_below_it() {
        let check = |names: &[&str], expected: &str| {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(shortened(&names), expected);
        };
        check(&["app.deploy", "app", "application"], "app, application");
        check(&["app", ""], "everything");
        let many: Vec<_> = (10..24).map(|number| format!("p{number}")).collect();
        assert!(shortened(&many).ends_with("p21 and 2 more"));
    }
}
