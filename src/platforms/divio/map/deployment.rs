//! Deployments.

use std::collections::HashSet;
use std::time::Duration;

use crate::model::{
    AppId, Deployment, DeploymentId, DeploymentScope, EnvId, Phase, Progress, Text,
};
use crate::platforms::details::{Details, some, text};
use crate::platforms::divio::wire::{self, Loose};

/// `status` is free text: it is shown and never decides anything.
///
/// Source: Divio contract, section 7.1.
pub(in crate::platforms::divio) fn deployment(
    wire: &wire::Deployment,
    scope: Option<&DeploymentScope>,
) -> Deployment {
    let phase = phase(wire);
    let is_over = phase.is_final();
    let failed = phase == Phase::Failed;
    let reason = match *wire.success {
        None => Some(Text::clean("it ended without a result")),
        Some(_) => text(&wire.status),
    };
    Deployment {
        app: of_app(scope),
        environment: of_environment(wire, scope),
        commit: text(&wire.git_commit),
        started_at: *wire.started_at,
        ended_at: *wire.ended_at,
        duration: wire.duration.filter(|_| is_over).and_then(seconds),
        progress: if is_over {
            Progress::default()
        } else {
            progress(*wire.percent, &wire.status)
        },
        reason: reason.filter(|_| failed),
        can_roll_back_to: *wire.is_usable,
        details: details(wire),
        ..Deployment::new(
            DeploymentId::new(&wire.uuid),
            label(&wire.git_commit, &wire.uuid),
            phase,
        )
    }
}

/// Marks the newest successful deployment of each environment in a list that is newest first and
/// begins at the newest: a roll-back is a new deployment, so that is what runs.
pub(in crate::platforms::divio) fn mark_current(deployments: &mut [Deployment]) {
    let mut seen = HashSet::new();
    for deployment in deployments {
        let succeeded = deployment.phase == Phase::Succeeded;
        if succeeded && seen.insert(deployment.environment.clone()) {
            deployment.is_current = true;
        }
    }
}

/// It is over when it has an end or a result, and failed unless it says that it succeeded.
fn phase(wire: &wire::Deployment) -> Phase {
    match (*wire.success, *wire.ended_at) {
        (Some(true), _) => Phase::Succeeded,
        (Some(false), _) | (None, Some(_)) => Phase::Failed,
        (None, None) => Phase::Deploying,
    }
}

/// How far it is: the share is clamped because it may be anything, the label is the platform's.
pub(super) fn progress(percent: Option<i64>, status: &Loose<String>) -> Progress {
    Progress {
        percent: percent.and_then(|percent| u8::try_from(percent.clamp(0, 100)).ok()),
        label: text(status),
        ..Progress::default()
    }
}

/// The first digits of the commit, else of the id.
pub(super) fn label(commit: &Loose<String>, id: &str) -> Text {
    let first = |text: &str| text.chars().take(7).collect::<String>();
    let commit = commit.as_deref().and_then(Text::non_empty);
    match commit {
        Some(commit) => Text::clean(&first(commit.as_str())),
        None => Text::clean(&format!("d-{}", first(id))),
    }
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

fn of_app(scope: Option<&DeploymentScope>) -> Option<AppId> {
    match scope? {
        DeploymentScope::App(app) => Some(app.clone()),
        DeploymentScope::Environment(_) => None,
    }
}

fn of_environment(wire: &wire::Deployment, scope: Option<&DeploymentScope>) -> Option<EnvId> {
    if let Some(id) = wire.environment.as_deref() {
        return Some(EnvId::new(id));
    }
    match scope? {
        DeploymentScope::Environment(environment) => Some(environment.clone()),
        DeploymentScope::App(_) => None,
    }
}

fn details(wire: &wire::Deployment) -> Vec<crate::model::Detail> {
    let variables = wire.environment_variables.as_ref();
    Details::default()
        .word("Status", &wire.status)
        .flag("Image usable", &wire.is_usable)
        .word("Dockerfile", &wire.alternative_dockerfile)
        .word("Copied from", &wire.copy_from)
        .word("Region", &wire.region)
        .word("Member", &wire.org_membership)
        .count(
            "Variables",
            some(variables.map_or(0, |names| names.0.len())),
        )
        .done()
}
