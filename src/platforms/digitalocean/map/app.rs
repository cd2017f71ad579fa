//! Apps.
//!
//! Source: DigitalOcean contract, sections 5.2 and 8.

use super::component::{Around, release};
use super::state::{State, running, state, with_pulse};
use crate::model::{App, AppId, Badge, Detail, OrgId, Revision, Text};
use crate::platforms::details::{Details, some, text};
use crate::platforms::digitalocean::wire;

pub(in crate::platforms::digitalocean) fn app(wire: &wire::App, around: &Around<'_>) -> App {
    let spec = wire.spec.as_ref();
    let name = spec.and_then(|spec| text(&spec.name));
    let project = wire.project_id.as_deref().filter(|id| !id.is_empty());
    let (status, reason): State = with_pulse(state(wire, around.newest), around.pulses.values());
    App {
        organisation: project.map(OrgId::new),
        status,
        reason,
        class: project.and_then(|id| around.projects.get(id)?.class),
        release: release(wire, None),
        url: url(wire),
        badges: badges(wire),
        created_at: *wire.created_at,
        revision: version(wire),
        details: details(wire, around),
        ..App::new(
            AppId::new(&wire.id),
            name.unwrap_or_else(|| Text::clean(&wire.id)),
        )
    }
}

/// Where an app answers; one of workers only never does.
pub(super) fn url(wire: &wire::App) -> Option<Text> {
    text(&wire.live_url).or_else(|| text(&wire.default_ingress))
}

fn badges(wire: &wire::App) -> Vec<Badge> {
    let maintenance = wire
        .spec
        .as_ref()
        .and_then(|spec| spec.maintenance.as_ref());
    let is_on =
        maintenance.is_some_and(|it| *it.enabled == Some(true) || *it.archive == Some(true));
    [
        (wire.pinned_deployment.is_some(), Badge::Pinned),
        (is_on, Badge::Maintenance),
    ]
    .into_iter()
    .filter_map(|(is_so, badge)| is_so.then_some(badge))
    .collect()
}

fn details(wire: &wire::App, around: &Around<'_>) -> Vec<Detail> {
    let region = wire.region.as_ref();
    let project = wire.project_id.as_deref();
    let project = project.and_then(|id| around.projects.get(id));
    let panel = format!("https://cloud.digitalocean.com/apps/{}", wire.id);
    let mut details = Details::default()
        .url(
            "Control panel",
            around.has_panel.then(|| Text::clean(&panel)),
        )
        .text("Project", project.map(|project| project.name.clone()))
        .text(
            "Region",
            region.and_then(|region| text(&region.label).or_else(|| text(&region.slug))),
        )
        .word("Tier", &wire.tier_slug)
        .url("Default address", text(&wire.default_ingress))
        .time("Last deployment", &wire.last_deployment_created_at)
        .time("Live since", &wire.last_deployment_active_at)
        .text(
            "Under way",
            running(wire).map(|running| Text::clean(&running.id)),
        );
    let waiting = unfinished_domains(wire);
    details = details.count("Domains that need something", some(waiting.len()));
    for domain in waiting {
        details = details.text("Domain", Some(domain));
    }
    for ip in wire.dedicated_ips.iter().flatten() {
        let words = [text(&ip.ip), text(&ip.status).as_ref().map(lower)];
        let words: Vec<_> = words.iter().flatten().map(Text::as_str).collect();
        details = details.text("Dedicated address", Text::non_empty(&words.join(", ")));
    }
    let vpc = wire.vpc.as_ref();
    for ip in vpc.iter().flat_map(|vpc| vpc.egress_ips.iter().flatten()) {
        details = details.word("Leaves from", &ip.ip);
    }
    let spec = wire.spec.as_ref();
    let features = spec.and_then(|spec| spec.features.as_ref());
    details
        .word("Network", vpc.map_or(&NO_WORD, |vpc| &vpc.id))
        .text(
            "Features",
            features.and_then(|features| Text::non_empty(&features.join(", "))),
        )
        .done()
}

static NO_WORD: crate::platforms::loose::Loose<String> = crate::platforms::loose::Loose(None);

/// Which version of its spec an app has.
pub(super) fn version(app: &wire::App) -> Option<Revision> {
    let spec = app.spec.as_ref()?;
    Text::non_empty(&spec.revision).map(Revision)
}

fn lower(word: &Text) -> Text {
    Text::clean(&word.as_str().to_lowercase())
}

/// Domains that wait for their owner or have failed.
fn unfinished_domains(wire: &wire::App) -> Vec<Text> {
    let domains = wire.domains.iter().flatten();
    let waiting = domains.filter(|domain| {
        *domain.rotate_validation_records == Some(true)
            || matches!(domain.phase.as_deref(), Some("PENDING" | "ERROR"))
    });
    let named = waiting.filter_map(|domain| {
        let name = text(&domain.spec.as_ref()?.domain)?;
        let why = match (*domain.rotate_validation_records, domain.phase.as_deref()) {
            (Some(true), _) => "new validation records are needed",
            (_, Some("ERROR")) => "failed",
            _ => "waits for its records",
        };
        Some(Text::clean(&format!("{name}: {why}")))
    });
    named.collect()
}
