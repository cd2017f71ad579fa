//! Accounts, organisations and applications.

use url::Url;

use crate::model::{Account, App, AppId, Badge, OrgId, Organisation, Status, Text};
use crate::platforms::details::{Details, some, text};
use crate::platforms::divio::wire;

/// The control panel, to which links lead.
pub(in crate::platforms::divio) struct Panel(Option<Url>);

impl Panel {
    /// The panel beside an API: `api.` at the start of the host becomes `control.`. An API under
    /// another name has no known panel.
    pub(in crate::platforms::divio) fn beside(api: &Url) -> Self {
        let host = api.host_str().and_then(|host| host.strip_prefix("api."));
        let url =
            host.and_then(|zone| Url::parse(&format!("{}://control.{zone}", api.scheme())).ok());
        Self(url)
    }

    /// The page of an application.
    pub(super) fn app(&self, organisation: Option<&str>, app: &str) -> Option<Text> {
        let mut url = self.0.clone()?;
        url.path_segments_mut()
            .ok()?
            .extend(["o", organisation?, "app", app, ""]);
        Some(Text::clean(url.as_str()))
    }
}

pub(in crate::platforms::divio) fn account(user: &wire::User) -> Account {
    let names = [text(&user.first_name), text(&user.last_name)];
    let names: Vec<_> = names.iter().flatten().map(Text::as_str).collect();
    let name = Text::non_empty(&names.join(" "));
    Account {
        name: text(&user.email)
            .or_else(|| name.clone())
            .unwrap_or_else(|| Text::clean(&user.uuid)),
        details: Details::default()
            .text("Name", name)
            .word("Time zone", &user.timezone)
            .time("Member since", &user.created_at)
            .done(),
    }
}

pub(in crate::platforms::divio) fn organisation(wire: &wire::Organisation) -> Organisation {
    Organisation {
        id: OrgId::new(&wire.uuid),
        name: text(&wire.name).unwrap_or_else(|| Text::clean(&wire.uuid)),
        details: Details::default().time("Created", &wire.created_at).done(),
    }
}

/// An application has no state of its own, only its environments do; but a suspended one serves
/// nothing.
pub(in crate::platforms::divio) fn app(wire: &wire::Application, panel: &Panel) -> App {
    let title = text(&wire.name);
    let name = text(&wire.slug)
        .or_else(|| title.clone())
        .unwrap_or_else(|| Text::clean(&wire.uuid));
    let (status, reason) = state(wire);
    App {
        title: title.filter(|title| *title != name),
        organisation: wire.organisation.as_deref().map(OrgId::new),
        status,
        reason,
        badges: badges(wire),
        created_at: *wire.created_at,
        details: details(wire, panel),
        ..App::new(AppId::new(&wire.uuid), name)
    }
}

fn state(wire: &wire::Application) -> (Status, Option<Text>) {
    let because = |reason: Option<Text>, word| reason.or_else(|| Some(Text::clean(word)));
    if *wire.is_suspended == Some(true) {
        return (
            Status::Stopped,
            because(text(&wire.suspended_reason), "suspended"),
        );
    }
    if *wire.is_undergoing_maintenance == Some(true) {
        return (
            Status::Unknown,
            because(text(&wire.maintenance_reason), "under maintenance"),
        );
    }
    (Status::Unknown, None)
}

fn badges(wire: &wire::Application) -> Vec<Badge> {
    [
        (*wire.is_suspended, Badge::Suspended),
        (*wire.is_undergoing_maintenance, Badge::Maintenance),
        (
            wire.copy_type.as_deref().map(|kind| kind == "MIRROR"),
            Badge::Mirror,
        ),
        (*wire.is_locked, Badge::Locked),
        (*wire.requires_migration, Badge::MigrationNeeded),
    ]
    .into_iter()
    .filter_map(|(is_so, badge)| (is_so == Some(true)).then_some(badge))
    .collect()
}

fn details(wire: &wire::Application, panel: &Panel) -> Vec<crate::model::Detail> {
    let mut details = Details::default()
        .url(
            "Control panel",
            panel.app(wire.organisation.as_deref(), &wire.uuid),
        )
        .word("Region", &wire.region)
        .word("Repository", &wire.repository)
        .count("Port", *wire.port)
        .word("Support level", &wire.support_level)
        .when("On free trial", &wire.on_free_trial)
        .count("Free trial days left", *wire.free_trial_days_left)
        .word("Copy type", &wire.copy_type)
        .word("Copied from", &wire.copied_from)
        .count("Mirrors", wire.mirrors_count.filter(|count| *count > 0))
        .count(
            "Upcoming maintenance",
            wire.upcoming_maintenances_count.filter(|count| *count > 0),
        )
        .when("Updates available", &wire.updates_available)
        .count(
            "Release commands",
            some(wire.release_commands.as_ref().map_or(0, Vec::len)),
        );
    for command in wire.release_commands.iter().flatten() {
        let line = [text(&command.label), text(&command.command)];
        let line: Vec<_> = line.iter().flatten().map(Text::as_str).collect();
        details = details.text("Release command", Text::non_empty(&line.join(": ")));
    }
    for tag in wire.tags.iter().flatten() {
        let line = [text(&tag.name), text(&tag.value)];
        let line: Vec<_> = line.iter().flatten().map(Text::as_str).collect();
        details = details.text("Tag", Text::non_empty(&line.join(" = ")));
    }
    details.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(api: &str) -> Option<String> {
        let panel = Panel::beside(&Url::parse(api).unwrap());
        panel.app(Some("org"), "a/b").map(|url| url.to_string())
    }

    #[test]
    fn links_lead_to_the_panel_of_the_same_zone() {
        assert_eq!(
            link("https://api.divio.com").as_deref(),
            Some("https://control.divio.com/o/org/app/a%2Fb/")
        );
        assert_eq!(
            link("https://api.private.example/x").as_deref(),
            Some("https://control.private.example/o/org/app/a%2Fb/")
        );
        assert_eq!(link("http://127.0.0.1:8000"), None);
    }
}
