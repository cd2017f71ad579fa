//! Jobs. They belong to a team and a pool, not to an app.
//!
//! Source: tsuru contract, section 5.

use std::time::Duration;

use super::plan::words;
use crate::model::{Job, JobId, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// Whether a job is one of a team; without a team, every job is shown.
pub(in crate::platforms::tsuru) fn belongs(wire: &wire::Job, team: Option<&str>) -> bool {
    let owner = wire.team_owner.as_deref();
    let others = wire.teams.iter().flatten();
    team.is_none_or(|team| owner == Some(team) || others.clone().any(|it| it == team))
}

pub(in crate::platforms::tsuru) fn job(wire: &wire::Job) -> Option<Job> {
    let spec = wire.spec.as_ref();
    let container = spec.and_then(|spec| spec.container.as_ref());
    let command = container.and_then(|it| it.command.as_ref());
    let command = command.and_then(|words| Text::non_empty(&words.join(" ")));
    let limit = spec.and_then(|spec| *spec.active_deadline_seconds);
    Some(Job {
        id: JobId::new(&wire.name),
        command: Text::non_empty(&wire.name)?,
        schedule: schedule(spec),
        environment: None,
        last_run_at: None,
        last_exit: None,
        timeout: limit
            .and_then(|seconds| u64::try_from(seconds).ok())
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs),
        details: Details::default()
            .word("Description", &wire.description)
            .text("Command", command)
            .text("Image", container.and_then(|it| text(&it.image)))
            .word("Team", &wire.team_owner)
            .word("Pool", &wire.pool)
            .text("Plan", wire.plan.as_ref().map(words))
            .text(
                "At once",
                spec.and_then(|spec| text(&spec.concurrency_policy)),
            )
            .word("Owner", &wire.owner)
            .done(),
    })
}

/// One that is run by hand has a schedule all the same, of a day that never comes.
fn schedule(spec: Option<&wire::JobSpec>) -> Text {
    let by_hand = Text::clean("by hand");
    let Some(spec) = spec.filter(|spec| *spec.is_manual != Some(true)) else {
        return by_hand;
    };
    match text(&spec.schedule) {
        Some(cron) => Text::clean(&format!("{cron} (UTC)")),
        None => by_hand,
    }
}
