//! Events.
//!
//! Source: DigitalOcean contract, section 5.4.

use super::deployment::deployment;
use super::source::short;
use crate::model::{Activity, AppId, Phase, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

pub(in crate::platforms::digitalocean) fn event(app: &str, wire: &wire::Event) -> Activity {
    let deployed = wire.deployment.as_deref().map(|it| deployment(app, it));
    let scaled = wire.autoscaling.as_ref();
    let phase = scaled.and_then(|scaled| scaled.phase.as_deref());
    let kind = text(&wire.kind).unwrap_or_default();
    let is_scaling = kind.as_str() == "AUTOSCALING";
    let failed = match (&deployed, phase) {
        (Some(deployed), _) => Some(deployed.phase == Phase::Failed),
        (None, Some(phase)) => Some(phase == "FAILED"),
        (None, None) => None,
    };
    Activity {
        id: ids::event(app, &wire.id),
        at: *wire.created_at,
        app: Some(AppId::new(app)),
        by: match &deployed {
            Some(deployed) => deployed.by.clone(),
            None => is_scaling.then(|| Text::clean("DigitalOcean")),
        },
        text: match &deployed {
            _ if is_scaling => scaling(scaled),
            Some(deployed) => story(deployed),
            None => deployment_text(wire, &kind),
        },
        failed,
        can_cancel: is_scaling && matches!(phase, Some("PENDING" | "IN_PROGRESS")),
        follow: None,
        details: Details::default()
            .word("Deployment", &wire.deployment_id)
            .text("State", phase.and_then(Text::non_empty))
            .done(),
        kind,
    }
}

/// What a deployment came to, with what began it.
fn story(deployed: &crate::model::Deployment) -> Text {
    let word = match &deployed.phase {
        Phase::Queued => "queued",
        Phase::Building => "building",
        Phase::Deploying => "deploying",
        Phase::Running(word) | Phase::ActionRequired(word) | Phase::Other(word) => word.as_str(),
        Phase::Succeeded => "live",
        Phase::Replaced => "replaced",
        Phase::Failed => "failed",
        Phase::Cancelled => "cancelled",
        Phase::Ended => "ended",
    };
    let cause = deployed.cause.as_ref().map(|cause| format!(", {cause}"));
    let reason = deployed.reason.as_ref().map(|reason| format!(": {reason}"));
    Text::clean(&format!(
        "deployment {} {word}{}{}",
        deployed.label,
        cause.unwrap_or_default(),
        reason.unwrap_or_default()
    ))
}

fn deployment_text(wire: &wire::Event, kind: &Text) -> Text {
    match text(&wire.deployment_id) {
        Some(id) => Text::clean(&format!("deployment d-{}", short(id.as_str()))),
        None => kind.clone(),
    }
}

/// "web from 2 to 4 instances (cpu): in progress".
fn scaling(wire: Option<&wire::Autoscaled>) -> Text {
    let components = wire.and_then(|wire| wire.components.as_ref());
    let parts = components.into_iter().flat_map(|components| &components.0);
    let parts = parts.map(|(name, it)| {
        let (from, to) = (it.from.unwrap_or(0), it.to.unwrap_or(0));
        let metric = text(&it.triggering_metric).map(|metric| format!(" ({metric})"));
        format!(
            "{name} from {from} to {to} instances{}",
            metric.unwrap_or_default()
        )
    });
    let parts: Vec<_> = parts.collect();
    let state = wire.and_then(|wire| text(&wire.phase));
    let state = state.map(|state| format!(": {}", state.as_str().to_lowercase().replace('_', " ")));
    let what = match parts.join(", ") {
        nothing if nothing.is_empty() => "scaled automatically".to_owned(),
        parts => parts,
    };
    Text::clean(&format!("{what}{}", state.unwrap_or_default()))
}
