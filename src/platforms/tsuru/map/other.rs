//! Lists that only tsuru has.
//!
//! Source: tsuru contract, sections 4 and 5.

use url::Url;

use super::account::place;
use super::place::details as pool_details;
use super::words::{doing, list};
use crate::model::{Other, Text};
use crate::platforms::address::address;
use crate::platforms::details::{Details, some, text};
use crate::platforms::tsuru::wire;

fn entry(name: &str, about: Option<Text>, details: Details) -> Option<Other> {
    Some(Other {
        name: Text::non_empty(name)?,
        about,
        details: details.done(),
    })
}

pub(in crate::platforms::tsuru) fn pool(wire: &wire::Pool) -> Option<Other> {
    let words = [
        text(&wire.provisioner).map(|it| it.to_string()),
        (*wire.is_default == Some(true)).then(|| "default".to_owned()),
        (*wire.is_public == Some(true)).then(|| "for every team".to_owned()),
    ];
    let about = list(words.iter().flatten());
    Some(Other {
        name: Text::non_empty(&wire.name)?,
        about,
        details: pool_details(wire),
    })
}

pub(in crate::platforms::tsuru) fn platform(wire: &wire::PlatformEntry) -> Option<Other> {
    let is_off = *wire.is_disabled == Some(true);
    let about = is_off.then(|| Text::clean("disabled: no new apps"));
    entry(&wire.name, about, Details::default())
}

pub(in crate::platforms::tsuru) fn router(wire: &wire::PlanRouter) -> Option<Other> {
    let mut details = Details::default()
        .word("Type", &wire.kind)
        .when("Default", &wire.is_default)
        .when("Made by the API", &wire.is_dynamic);
    for (name, value) in wire.info.iter().flatten() {
        details = details.text("Info", Text::non_empty(&format!("{name}: {value}")));
    }
    entry(&wire.name, text(&wire.kind), details)
}

pub(in crate::platforms::tsuru) fn volume(wire: &wire::Volume) -> Option<Other> {
    let plan = wire.plan.as_ref().and_then(|plan| text(&plan.name));
    let size = wire.opts.as_ref().and_then(|opts| opts.get("capacity"));
    let mut details = Details::default()
        .word("Pool", &wire.pool)
        .text("Plan", plan.clone())
        .word("Team", &wire.team_owner)
        .word("Status", &wire.status)
        .text("Size", size.and_then(|size| Text::non_empty(size)));
    let binds = wire.binds.iter().flatten();
    for id in binds.clone().filter_map(|bind| bind.id.as_ref()) {
        let (app, at) = (text(&id.app), text(&id.mount_point));
        let line = app.zip(at).map(|(app, at)| format!("{app} at {at}"));
        details = details.text("Mounted by", line.as_deref().and_then(Text::non_empty));
    }
    let used = binds.count();
    let about = match (plan, used) {
        (Some(plan), 0) => format!("{plan}, not mounted"),
        (Some(plan), _) => format!("{plan}, mounted"),
        (None, 0) => "not mounted".to_owned(),
        (None, _) => "mounted".to_owned(),
    };
    entry(&wire.name, Text::non_empty(&about), details)
}

pub(in crate::platforms::tsuru) fn cluster(wire: &wire::Cluster) -> Option<Other> {
    let mut details = Details::default()
        .word("Provisioner", &wire.provisioner)
        .text("Pools", wire.pools.as_ref().and_then(list))
        .when("Default", &wire.is_default)
        .when("Where the server runs", &wire.is_local);
    for it in wire.addresses.iter().flatten() {
        details = details.text("Address", address(it));
    }
    entry(&wire.name, text(&wire.provisioner), details)
}

/// Roles with where they hold, one line each.
fn roles(mut details: Details, roles: Option<&[wire::Grant]>) -> Details {
    for role in roles.unwrap_or_default() {
        let name = text(&role.name).unwrap_or_default();
        let line = format!("{name} ({})", place(role));
        details = details.text("Role", Text::non_empty(&line));
    }
    details
}

fn names(roles: Option<&[wire::Grant]>) -> Option<Text> {
    let names = roles.unwrap_or_default().iter();
    list(names.filter_map(|role| role.name.as_ref()))
}

pub(in crate::platforms::tsuru) fn user(wire: &wire::User) -> Option<Other> {
    let details = roles(Details::default(), wire.roles.as_deref());
    let details = details
        .text("Groups", wire.groups.as_ref().and_then(list))
        .count(
            "Permissions",
            some(wire.permissions.iter().flatten().count()),
        );
    entry(&wire.email, names(wire.roles.as_deref()), details)
}

/// A token by its identifier, which opens nothing.
pub(in crate::platforms::tsuru) fn token(wire: &wire::TeamToken) -> Option<Other> {
    let details = Details::default()
        .word("Team", &wire.team)
        .word("Description", &wire.description)
        .time("Expires", &wire.expires_at)
        .time("Made", &wire.created_at)
        .time("Last used", &wire.last_access)
        .word("Made by", &wire.creator_email);
    let team = text(&wire.team).map(|team| format!("team {team}"));
    let ends = wire
        .expires_at
        .is_none()
        .then(|| "never expires".to_owned());
    let about = list(team.iter().chain(&ends));
    entry(&wire.token_id, about, roles(details, wire.roles.as_deref()))
}

/// What there is to be allowed. All of it has the empty name.
pub(in crate::platforms::tsuru) fn permission(wire: &wire::Permission) -> Option<Other> {
    let name = if wire.name.is_empty() {
        "everything"
    } else {
        &wire.name
    };
    let contexts = wire.contexts.as_ref().and_then(list);
    let contexts = contexts.map(|it| Text::clean(&format!("for {it}")));
    entry(name, contexts, Details::default())
}

/// Of where it goes to only the host is shown: the rest of such an address is often the secret that
/// opens it.
pub(in crate::platforms::tsuru) fn webhook(wire: &wire::Webhook) -> Option<Other> {
    let url = wire.url.as_deref().and_then(|url| Url::parse(url).ok());
    let host = url.and_then(|url| Text::non_empty(url.host_str()?));
    let mut details = Details::default()
        .word("Description", &wire.description)
        .text("Method", text(&wire.method))
        .text("Goes to", host.clone())
        .word("Team", &wire.team_owner)
        .when("Certificates are not checked", &wire.insecure);
    if let Some(filter) = wire.event_filter.as_ref() {
        details = details
            .text("Kinds", filter.kind_names.as_ref().and_then(list))
            .text("Targets", filter.target_types.as_ref().and_then(list))
            .text("Only of", filter.target_values.as_ref().and_then(list))
            .when("Failures only", &filter.error_only)
            .when("Successes only", &filter.success_only);
    }
    entry(&wire.name, host, details)
}

pub(in crate::platforms::tsuru) fn event_kind(wire: &wire::Kind) -> Option<Other> {
    let name = text(&wire.name)?;
    let words = Text::non_empty(&doing(name.as_str()));
    let details = Details::default().word("Type", &wire.kind);
    entry(name.as_str(), words.filter(|words| *words != name), details)
}
