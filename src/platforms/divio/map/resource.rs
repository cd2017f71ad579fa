//! Variables, domains, services, jobs, activity, maintenance and catalogues.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::backup::lines;
use crate::model::{
    Activity, ActivityId, AppId, Domain, DomainId, EnvId, Job, JobId, MaintenanceId,
    MaintenanceRun, MaintenanceState, Service, ServiceId, ServiceKindId, Status, Text, Variable,
    VariableId,
};
use crate::platforms::details::{Details, text};
use crate::platforms::divio::known::Known;
use crate::platforms::divio::wire::{self, FromField, Loose};
use crate::platforms::http::plain_lines;

/// The unit of a job's time limit is not documented. Seconds: taken for minutes, a limit of half an
/// hour would kill a job after half a minute.
pub(in crate::platforms::divio) const JOB_TIMEOUT_UNIT: Duration = Duration::from_secs(1);

/// A sensitive value is null, empty or absent: all the same, and never shown.
pub(in crate::platforms::divio) fn variable(wire: wire::EnvironmentVariable) -> Option<Variable> {
    let is_sensitive = *wire.is_sensitive == Some(true);
    Some(Variable {
        id: Some(VariableId::new(&wire.uuid)),
        name: text(&wire.name)?,
        is_sensitive,
        is_read_only: *wire.is_read_only == Some(true),
        scope: None,
        changed_at: *wire.date_modified,
        details: Details::default()
            .when("Patterns replaced", &wire.is_pattern_replacement_active)
            .done(),
        value: wire.value.0.filter(|_| !is_sensitive),
    })
}

pub(in crate::platforms::divio) fn domain(wire: &wire::Domain) -> Option<Domain> {
    let status = match *wire.last_check_status {
        Some(true) => Status::Live,
        Some(false) => Status::Degraded,
        None => Status::Unknown,
    };
    let said = lines(&wire.last_check_details);
    let instructions = wire.setup_instructions_html.as_deref().map(plain_lines);
    Some(Domain {
        id: DomainId::new(&wire.uuid),
        name: text(&wire.name)?,
        environment: wire.environment.as_deref().map(EnvId::new),
        status,
        message: text(&wire.state_message).or_else(|| said.into_iter().next()),
        is_primary: *wire.is_primary == Some(true),
        redirects: *wire.is_redirect_to_primary == Some(true),
        tls: *wire.is_tls_enabled,
        instructions: instructions
            .iter()
            .flatten()
            .filter_map(|line| Text::non_empty(line))
            .collect(),
        checked_at: *wire.last_check_timestamp,
        details: Details::default()
            .word("State", &wire.state)
            .when("Managed by Divio", &wire.is_managed_by_divio)
            .when("Wildcard", &wire.is_wildcard)
            .flag("Editable", &wire.is_editable)
            .done(),
    })
}

/// Only two states are documented; the others are shown as they are.
pub(in crate::platforms::divio) fn service(wire: &wire::ServiceInstance, known: &Known) -> Service {
    let kind_id = wire.service.as_deref();
    let can_back_up = kind_id.and_then(|id| known.kinds.get(id).copied());
    let kind = text(&wire.kind).unwrap_or_default();
    let state = text(&wire.service_status);
    let status = match wire.service_status.as_deref() {
        Some("NEW") => Status::Stopped,
        Some("PROVISIONING_FAILED") => Status::Failed,
        Some("PROVISIONED") | None => Status::Present,
        Some(word) => Status::Other(Text::clean(word)),
    };
    Service {
        id: ServiceId::new(&wire.uuid),
        name: text(&wire.prefix).unwrap_or_else(|| kind.clone()),
        kind,
        kind_id: kind_id.map(ServiceKindId::new),
        environment: wire.environment.as_deref().map(EnvId::new),
        status,
        state,
        can_back_up: if is_provisioned(wire) {
            can_back_up
        } else {
            Some(false)
        },
        details: Details::default()
            .word("Region", &wire.region)
            .time("State since", &wire.last_status_update)
            .done(),
    }
}

/// What is not provisioned has no data.
pub(in crate::platforms::divio) fn is_provisioned(wire: &wire::ServiceInstance) -> bool {
    !matches!(
        wire.service_status.as_deref(),
        Some("NEW" | "PROVISIONING_FAILED")
    )
}

pub(in crate::platforms::divio) fn job(wire: &wire::Cronjob) -> Job {
    Job {
        id: JobId::new(&wire.uuid),
        command: text(&wire.command).unwrap_or_default(),
        schedule: schedule(wire),
        environment: wire.environment.as_deref().map(EnvId::new),
        last_run_at: None,
        last_exit: None,
        timeout: wire
            .custom_timeout
            .and_then(|units| JOB_TIMEOUT_UNIT.checked_mul(u32::try_from(units).ok()?)),
        details: Vec::new(),
    }
}

fn schedule(wire: &wire::Cronjob) -> Text {
    let time = text(&wire.time);
    let every = match wire.frequency.as_deref() {
        Some("EVERY10MIN") => return Text::clean("every 10 minutes"),
        Some("DAILY") => "daily",
        Some("HOURLY") => "hourly",
        Some(word) => word,
        None => "at an unknown time",
    };
    Text::clean(&match time {
        Some(time) => format!("{every} at {time}"),
        None => every.to_owned(),
    })
}

pub(in crate::platforms::divio) fn activity(wire: &wire::ApplicationActivity) -> Activity {
    let kind = text(&wire.kind).unwrap_or_default();
    Activity {
        id: ActivityId::new(&wire.uuid),
        at: *wire.created_at,
        app: wire.application.as_deref().map(AppId::new),
        by: text(&wire.user_name).or_else(|| text(&wire.user_email)),
        text: text(&wire.description).unwrap_or_else(|| kind.clone()),
        kind,
        failed: None,
        can_cancel: false,
        follow: None,
        details: Details::default()
            .when("By Divio's support", &wire.impersonated)
            .done(),
    }
}

pub(in crate::platforms::divio) fn maintenance(wire: &wire::MaintenanceRun) -> MaintenanceRun {
    let state = match (*wire.completed, *wire.running) {
        (Some(true), _) => MaintenanceState::Completed,
        (_, Some(true)) => MaintenanceState::Running,
        _ => MaintenanceState::Upcoming,
    };
    let windows = [&wire.execution_window, &wire.scheduled_window, &wire.window];
    MaintenanceRun {
        id: MaintenanceId::new(&wire.uuid),
        app: wire.application.as_deref().map(AppId::new),
        title: title(&wire.runbook),
        state,
        planned_for: windows.into_iter().find_map(beginning),
        can_run: *wire.can_run == Some(true),
        can_skip: *wire.can_skip == Some(true),
        can_cancel: *wire.can_cancel == Some(true),
        details: Details::default()
            .word("Estimated time", &wire.estimated_execution_time)
            .done(),
    }
}

/// What a runbook holds is not documented: the usual names of a title, or the text it is.
fn title(runbook: &Loose<Value>) -> Text {
    let named = runbook.as_ref().and_then(|runbook| {
        let inner = ["title", "name", "label", "description"];
        let inner = inner.iter().find_map(|key| runbook.get(key)?.as_str());
        inner.or_else(|| runbook.as_str()).and_then(Text::non_empty)
    });
    named.unwrap_or_else(|| Text::clean("maintenance"))
}

/// What a window holds is not documented: the usual names of a beginning, or the time it is.
fn beginning(window: &Loose<Value>) -> Option<Timestamp> {
    let window = window.as_ref()?;
    let inner = [
        "start",
        "starts_at",
        "start_at",
        "started_at",
        "from",
        "begin",
        "lower",
    ];
    let inner = inner.iter().find_map(|key| window.get(key));
    Timestamp::from_field(inner.unwrap_or(window).clone())
}
