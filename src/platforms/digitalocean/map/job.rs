//! Jobs and their runs.
//!
//! Source: DigitalOcean contract, sections 5.4 and 5.6.

use jiff::Timestamp;

use crate::model::{Job, JobRun, Phase, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

/// The jobs of an app: the one that `component` is, or all of them where it is another kind.
pub(in crate::platforms::digitalocean) fn jobs<'a>(
    app: &'a wire::App,
    component: &str,
) -> Vec<&'a wire::Component> {
    let jobs = app.spec.as_ref().and_then(|spec| spec.jobs.as_deref());
    let jobs = jobs.unwrap_or_default();
    match jobs
        .iter()
        .find(|job| job.name.as_deref() == Some(component))
    {
        Some(job) => vec![job],
        None => jobs.iter().collect(),
    }
}

/// A job with its last run; absent without a name.
pub(in crate::platforms::digitalocean) fn job(
    app: &str,
    wire: &wire::Component,
    runs: &[JobRun],
) -> Option<Job> {
    let name = text(&wire.name)?;
    let id = ids::job(app, name.as_str());
    let last = runs.iter().filter(|run| run.job == id);
    let last = last.max_by_key(|run| run.started_at.or(run.created_at));
    Some(Job {
        environment: Some(ids::environment(app, name.as_str())),
        schedule: schedule(wire),
        last_run_at: last.and_then(|run| run.started_at.or(run.created_at)),
        last_exit: None,
        timeout: None,
        details: Details::default()
            .text("Last run", last.map(|run| word(&run.phase)))
            .word("Time limit", &wire.timeout)
            .word("Size", &wire.instance_size_slug)
            .done(),
        command: name,
        id,
    })
}

/// When a job runs; unset means after each deployment.
pub(super) fn schedule(wire: &wire::Component) -> Text {
    let schedule = wire.schedule.as_ref();
    let cron = schedule.and_then(|schedule| text(&schedule.cron));
    let zone = schedule.and_then(|schedule| text(&schedule.time_zone));
    Text::clean(&match (wire.kind.as_deref(), cron) {
        (Some("SCHEDULED"), Some(cron)) => match zone {
            Some(zone) => format!("{cron} ({zone})"),
            None => format!("{cron} (UTC)"),
        },
        (Some("SCHEDULED"), None) => "at an unknown time".to_owned(),
        (Some("PRE_DEPLOY"), _) => "before each deployment".to_owned(),
        (None | Some("" | "UNSPECIFIED" | "POST_DEPLOY"), _) => "after each deployment".to_owned(),
        (Some("FAILED_DEPLOY"), _) => "after a failed deployment".to_owned(),
        (Some(word), _) => word.to_lowercase().replace('_', " "),
    })
}

/// Absent without the name of its job.
pub(in crate::platforms::digitalocean) fn job_run(
    app: &str,
    wire: &wire::JobInvocation,
) -> Option<JobRun> {
    let name = text(&wire.job_name)?;
    let phase = phase(wire.phase.as_deref());
    Some(JobRun {
        id: ids::job_run(app, &wire.id),
        job: ids::job(app, name.as_str()),
        environment: Some(ids::environment(app, name.as_str())),
        cause: cause(wire.trigger.as_ref()),
        created_at: *wire.created_at,
        started_at: wire.started_at.filter(|_| phase != Phase::Queued),
        ended_at: ended(wire, &phase),
        details: Details::default()
            .text(
                "State",
                (wire.phase.as_deref() == Some("SKIPPED")).then(|| Text::clean("skipped")),
            )
            .word("Deployment", &wire.deployment_id)
            .done(),
        phase,
        name,
    })
}

fn ended(wire: &wire::JobInvocation, phase: &Phase) -> Option<Timestamp> {
    wire.completed_at.filter(|_| phase.is_final())
}

fn phase(word: Option<&str>) -> Phase {
    match word {
        None | Some("UNKNOWN" | "PENDING") => Phase::Queued,
        Some("RUNNING") => Phase::Running(Text::clean("running")),
        Some("SUCCEEDED") => Phase::Succeeded,
        Some("FAILED") => Phase::Failed,
        Some("CANCELED" | "SKIPPED") => Phase::Cancelled,
        Some(word) => Phase::Other(Text::clean(word)),
    }
}

fn word(phase: &Phase) -> Text {
    Text::clean(match phase {
        Phase::Queued => "waiting",
        Phase::Building | Phase::Deploying | Phase::Running(_) | Phase::ActionRequired(_) => {
            "running"
        }
        Phase::Succeeded | Phase::Replaced => "succeeded",
        Phase::Failed => "failed",
        Phase::Cancelled => "cancelled or skipped",
        Phase::Ended => "ended",
        Phase::Other(word) => word.as_str(),
    })
}

/// Two names are in use for the same trigger.
fn cause(trigger: Option<&wire::Trigger>) -> Option<Text> {
    let trigger = trigger?;
    match trigger.kind.as_deref() {
        Some("SCHEDULED" | "SCHEDULE") => {
            let schedule = trigger
                .scheduled
                .as_ref()
                .and_then(|it| it.schedule.as_ref());
            let cron = schedule.and_then(|schedule| text(&schedule.cron));
            let zone = schedule.and_then(|schedule| text(&schedule.time_zone));
            let words = [cron, zone];
            let words: Vec<_> = words.iter().flatten().map(Text::as_str).collect();
            Text::non_empty(&format!("schedule {}", words.join(" ")))
        }
        Some("MANUAL") => {
            let user = trigger
                .manual
                .as_ref()
                .and_then(|manual| manual.user.as_ref());
            let user = user.and_then(|user| text(&user.full_name).or_else(|| text(&user.email)));
            Some(match user {
                Some(user) => Text::clean(&format!("manual, by {user}")),
                None => Text::clean("manual"),
            })
        }
        word => word.and_then(|word| Text::non_empty(&word.to_lowercase())),
    }
}
