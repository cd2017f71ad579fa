//! Account, projects, regions and sizes.

use crate::model::{Account, Class, InstanceSize, OrgId, Organisation, Region, RegionId, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::wire;

/// A token that acts in a team is the team's.
pub(in crate::platforms::digitalocean) fn account(wire: &wire::Account) -> Account {
    let team = wire.team.as_ref().and_then(|team| text(&team.name));
    let email = text(&wire.email);
    let status = text(&wire.status).filter(|status| status.as_str() != "active");
    Account {
        name: team
            .clone()
            .or_else(|| email.clone())
            .or_else(|| text(&wire.uuid))
            .unwrap_or_else(|| Text::clean("account")),
        details: Details::default()
            .text("Team", team)
            .text("E-mail", email)
            .word("Name", &wire.name)
            .text("Status", status)
            .word("Status message", &wire.status_message)
            .done(),
    }
}

pub(in crate::platforms::digitalocean) fn organisation(wire: &wire::Project) -> Organisation {
    Organisation {
        id: OrgId::new(&wire.id),
        name: text(&wire.name).unwrap_or_else(|| Text::clean(&wire.id)),
        details: Details::default()
            .word("Environment", &wire.environment)
            .word("Purpose", &wire.purpose)
            .word("Description", &wire.description)
            .when("Default", &wire.is_default)
            .time("Created", &wire.created_at)
            .done(),
    }
}

/// A project says what its apps are for.
pub(in crate::platforms::digitalocean) fn class(wire: &wire::Project) -> Option<Class> {
    wire.environment.as_deref().and_then(Class::from_word)
}

/// Absent without the word by which it is chosen.
pub(in crate::platforms::digitalocean) fn region(wire: &wire::Region) -> Option<Region> {
    let slug = text(&wire.slug)?;
    Some(Region {
        id: RegionId::new(slug.as_str()),
        name: text(&wire.label).unwrap_or_else(|| slug.clone()),
        details: Details::default()
            .text("Slug", Some(slug))
            .word("Continent", &wire.continent)
            .text(
                "Data centres",
                wire.data_centers
                    .as_ref()
                    .and_then(|centres| Text::non_empty(&centres.join(", "))),
            )
            .when("Default", &wire.is_default)
            .when("Closed", &wire.is_disabled)
            .word("Reason", &wire.reason)
            .done(),
    })
}

/// Absent without the word by which it is chosen.
pub(in crate::platforms::digitalocean) fn size(wire: &wire::InstanceSize) -> Option<InstanceSize> {
    let slug = text(&wire.slug)?;
    let price = text(&wire.usd_per_month);
    Some(InstanceSize {
        name: text(&wire.name).unwrap_or_else(|| slug.clone()),
        cpus: cpus(wire),
        memory_bytes: *wire.memory_bytes,
        price: price.map(|price| Text::clean(&format!("{price} USD"))),
        can_scale: *wire.single_instance_only != Some(true),
        details: Details::default()
            .word("Tier", &wire.tier_slug)
            .when("Scales automatically", &wire.scalable)
            .text(
                "Traffic included",
                text(&wire.bandwidth_allowance_gib)
                    .map(|gib| Text::clean(&format!("{gib} GiB a month"))),
            )
            .when("About to go", &wire.deprecation_intent)
            .done(),
        slug,
    })
}

fn cpus(wire: &wire::InstanceSize) -> Text {
    let count = text(&wire.cpus);
    let kind = match wire.cpu_type.as_deref() {
        Some("SHARED") => Some("shared".to_owned()),
        Some("DEDICATED") => Some("dedicated".to_owned()),
        word => word.map(str::to_lowercase),
    };
    let words = [count.map(|count| count.to_string()), kind];
    let words: Vec<_> = words.into_iter().flatten().collect();
    Text::clean(&words.join(" "))
}
