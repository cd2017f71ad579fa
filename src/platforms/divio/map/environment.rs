//! Environments, and what their state is.

use super::app::Panel;
use super::deployment::{label, progress};
use crate::model::{
    AppId, Class, DeploymentId, Detail, EnvId, Environment, OrgId, Pending, Progress, Release,
    Status, Text,
};
use crate::platforms::details::{Details, some, text};
use crate::platforms::divio::known::Known;
use crate::platforms::divio::wire::{self, DeploymentRef};

/// What the record does not say itself.
pub(in crate::platforms::divio) struct Around<'a> {
    /// Where links lead.
    pub(in crate::platforms::divio) panel: &'a Panel,
    /// The organisation that is kept to.
    pub(in crate::platforms::divio) organisation: Option<&'a OrgId>,
    /// The application that was asked for.
    pub(in crate::platforms::divio) app: Option<&'a AppId>,
    /// What earlier answers said.
    pub(in crate::platforms::divio) known: &'a Known,
}

/// Absent for an environment without an application: it has no place.
pub(in crate::platforms::divio) fn environment(
    wire: &wire::Environment,
    around: &Around<'_>,
) -> Option<Environment> {
    let app = match (wire.application.as_deref(), around.app) {
        (Some(id), _) => AppId::new(id),
        (None, asked) => asked?.clone(),
    };
    let running = running(wire);
    let state = state(wire, running);
    let name = text(&wire.slug).unwrap_or_else(|| Text::clean(&wire.uuid));
    let details = details(wire, &app, around);
    Some(Environment {
        class: (*wire.is_production_grade == Some(true)).then_some(Class::Production),
        status: state.status,
        reason: state.reason,
        release: wire.currently_released_deployment.as_ref().map(release),
        running: running.map(|deployment| DeploymentId::new(&deployment.uuid)),
        progress: state.progress,
        changed_at: changed_at(wire, running),
        url: text(&wire.deployed_url),
        branch: text(&wire.branch),
        pending: pending(wire),
        has_runtime_log: wire.last_finished_deployment.is_some(),
        backup_schedule: plan(wire.scheduled_backup_config.as_deref(), around),
        next_backup_at: *wire.next_scheduled_backup_occurence,
        details,
        ..Environment::new(EnvId::new(&wire.uuid), app, name)
    })
}

struct State {
    status: Status,
    reason: Option<Text>,
    progress: Option<Progress>,
}

impl State {
    fn plain(status: Status, reason: Option<Text>) -> Self {
        Self {
            status,
            reason,
            progress: None,
        }
    }
}

/// What is under way comes first, then how the last attempt ended, then whether there is anything.
fn state(wire: &wire::Environment, running: Option<&DeploymentRef>) -> State {
    if let Some(deployment) = running {
        return State {
            status: Status::Deploying,
            reason: text(&deployment.status),
            progress: Some(progress(*deployment.percent, &deployment.status)),
        };
    }
    match &*wire.last_finished_deployment {
        Some(last) if *last.success == Some(false) => State::plain(
            Status::Failed,
            Some(text(&last.status).unwrap_or_else(|| Text::clean("last deployment failed"))),
        ),
        None if wire.currently_released_deployment.is_none() => {
            State::plain(Status::Stopped, Some(Text::clean("never deployed")))
        }
        _ => State::plain(Status::Live, None),
    }
}

/// The deployment under way; a record of one that has ended is none.
fn running(wire: &wire::Environment) -> Option<&DeploymentRef> {
    let deployment = wire.currently_running_deployment.as_ref();
    deployment.filter(|deployment| deployment.ended_at.is_none())
}

fn release(deployment: &DeploymentRef) -> Release {
    Release {
        label: label(&deployment.git_commit, &deployment.uuid),
        deployment: Some(DeploymentId::new(&deployment.uuid)),
        at: *deployment.ended_at,
        by: None,
    }
}

fn changed_at(
    wire: &wire::Environment,
    running: Option<&DeploymentRef>,
) -> Option<jiff::Timestamp> {
    let ended = |deployment: &Option<DeploymentRef>| *deployment.as_ref()?.ended_at;
    running
        .and_then(|deployment| *deployment.started_at)
        .or_else(|| ended(&wire.last_finished_deployment))
        .or_else(|| ended(&wire.currently_released_deployment))
}

/// Counting commits needs the repository's host and may be absent.
fn pending(wire: &wire::Environment) -> Pending {
    let counted = wire
        .pending_commit_count
        .and_then(|count| u32::try_from(count).ok());
    Pending {
        commits: counted.or_else(|| (*wire.has_pending_commits == Some(false)).then_some(0)),
        changes: *wire.has_pending_changes == Some(true),
    }
}

fn plan(id: Option<&str>, around: &Around<'_>) -> Option<Text> {
    around.known.plans.get(id?).cloned()
}

fn details(wire: &wire::Environment, app: &AppId, around: &Around<'_>) -> Vec<Detail> {
    let plan_or_id = |id: &wire::Loose<String>| plan(id.as_deref(), around).or_else(|| text(id));
    let organisation = around.known.organisations.get(app.as_str());
    let organisation = organisation.or(around.organisation).map(OrgId::as_str);
    Details::default()
        .url(
            "Control panel",
            around.panel.app(organisation, app.as_str()),
        )
        .text("SSH", wire.ssh_endpoint.as_ref().map(ssh))
        .word("Divio domain", &wire.divio_domain)
        .word("Dockerfile", &wire.alternative_dockerfile)
        .text("Backup schedule", plan_or_id(&wire.scheduled_backup_config))
        .text(
            "Backup retention",
            plan_or_id(&wire.ondemand_backup_retention_config),
        )
        .count(
            "Pending changes",
            some(wire.pending_changes.as_ref().map_or(0, Vec::len)),
        )
        .count(
            "Running tasks",
            some(wire.running_tasks.as_ref().map_or(0, Vec::len)),
        )
        .done()
}

/// The command that logs in.
fn ssh(endpoint: &wire::SshEndpoint) -> Text {
    let (user, host) = (&endpoint.user, &endpoint.host);
    Text::clean(&match *endpoint.port {
        Some(port) => format!("ssh -p {port} {user}@{host}"),
        None => format!("ssh {user}@{host}"),
    })
}
