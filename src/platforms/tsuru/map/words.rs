//! Words for what the platform says with names, errors and lengths of time.
//!
//! Source: tsuru contract, sections 2, 3 and 5.

use jiff::Timestamp;

use crate::model::Text;
use crate::platforms::details::text;
use crate::platforms::http::hidden;
use crate::platforms::loose::Loose;
use crate::platforms::tsuru::failure::explained;
use crate::platforms::tsuru::wire;

/// What events do, by their kind.
const KINDS: &[(&str, &str)] = &[
    ("app.admin.routes", "rebuilding routes"),
    ("app.build", "build"),
    ("app.create", "creation"),
    ("app.delete", "deletion"),
    ("app.deploy", "deploy"),
    ("app.run", "command"),
    ("app.run.shell", "shell"),
    ("app.update", "update"),
    ("app.update.bind", "binding a service"),
    ("app.update.certificate.set", "setting a certificate"),
    ("app.update.certificate.unset", "removing a certificate"),
    ("app.update.cname.add", "adding a domain"),
    ("app.update.cname.remove", "removing a domain"),
    ("app.update.deploy.rollback", "changing a roll-back target"),
    ("app.update.env.set", "setting variables"),
    ("app.update.env.unset", "unsetting variables"),
    ("app.update.grant", "granting access"),
    ("app.update.restart", "restart"),
    ("app.update.revoke", "revoking access"),
    ("app.update.routable", "switching traffic"),
    ("app.update.start", "start"),
    ("app.update.stop", "stop"),
    ("app.update.unbind", "unbinding a service"),
    ("app.update.unit.add", "adding units"),
    ("app.update.unit.autoscale.add", "setting autoscaling"),
    ("app.update.unit.autoscale.remove", "removing autoscaling"),
    ("app.update.unit.kill", "killing a unit"),
    ("app.update.unit.remove", "removing units"),
    ("healer", "healing"),
];

/// What an event of a kind does; of one that is not known, its name.
pub(super) fn doing(kind: &str) -> String {
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    match known {
        Some((_, words)) => (*words).to_owned(),
        None => kind.replace('.', " "),
    }
}

/// The name of an event's kind; empty where it has none.
pub(in crate::platforms::tsuru) fn kind(wire: &wire::Event) -> &str {
    let kind = wire.kind.as_ref().and_then(|kind| kind.name.as_deref());
    kind.unwrap_or_default()
}

/// The apps that an event is about, or that it holds while it is about something else.
pub(super) fn apps(wire: &wire::Event) -> impl Iterator<Item = &str> {
    let extra = wire.extra_targets.iter().flatten();
    let extra = extra.filter_map(|extra| extra.target.as_ref());
    let targets = wire.target.as_ref().into_iter().chain(extra);
    let apps = targets.filter(|it| it.kind.as_deref() == Some("app"));
    apps.filter_map(|it| it.value.as_deref())
}

/// What an event or a block is about: "app shop".
pub(super) fn target(wire: Option<&wire::Target>) -> Option<Text> {
    let target = wire?;
    let kind = text(&target.kind)?;
    Text::non_empty(&format!(
        "{kind} {}",
        text(&target.value).unwrap_or_default()
    ))
}

/// Whether somebody asked that an event end early.
pub(in crate::platforms::tsuru) fn is_cancelling(wire: &wire::Event) -> bool {
    let cancel = wire.cancel_info.as_ref();
    cancel.is_some_and(|it| *it.is_asked == Some(true))
}

/// Who did it. What the server does by itself has names of its own.
pub(super) fn who(wire: &wire::Event) -> Option<Text> {
    let owner = wire.owner.as_ref()?;
    let name = text(&owner.name);
    match owner.kind.as_deref() {
        Some("internal") => Some(Text::clean("tsuru")),
        Some("token") => name.map(|name| Text::clean(&format!("token {name}"))),
        Some("app") => name.map(|name| Text::clean(&format!("app {name}"))),
        _ => name,
    }
}

/// What an error comes to, without what an address in it opens; absent where there is none.
pub(super) fn blame(error: &Loose<String>) -> Option<Text> {
    let said = error.as_deref().filter(|it| !it.trim().is_empty());
    said.map(explained)
}

/// All of an error, without what an address in it opens.
pub(super) fn whole(error: Option<&str>) -> Option<Text> {
    Text::non_empty(&hidden(error?, &[]))
}

/// "2m", "3h", "4d"; absent below a minute.
pub(super) fn since(from: Timestamp, now: Option<Timestamp>) -> Option<String> {
    let minutes = now?.duration_since(from).as_mins();
    match minutes {
        ..=0 => None,
        1..60 => Some(format!("{minutes}m")),
        60..1440 => Some(format!("{}h", minutes / 60)),
        _ => Some(format!("{}d", minutes / 1440)),
    }
}

/// Several names as one text.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> Option<Text> {
    let names = names.into_iter().map(|name| name.trim());
    let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
    Text::non_empty(&names.join(", "))
}

/// "3 units", "1 unit".
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_words_and_unknown_ones_their_name() {
        assert_eq!(doing("app.update.restart"), "restart");
        assert_eq!(doing("pool.update.team.add"), "pool update team add");
        let mut sorted = KINDS.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, KINDS);
    }

    #[test]
    fn lengths_of_time_are_short() {
        let from: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let after = |seconds: i64| {
            let now = from.checked_add(jiff::SignedDuration::from_secs(seconds));
            since(from, now.ok())
        };
        assert_eq!(after(59), None);
        assert_eq!(after(-600), None);
        assert_eq!(after(130).as_deref(), Some("2m"));
        assert_eq!(after(7200).as_deref(), Some("2h"));
        assert_eq!(after(200_000).as_deref(), Some("2d"));
        assert_eq!(since(from, None), None);
    }
}
