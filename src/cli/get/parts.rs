//! `get units`, `alerts`, `jobs` and `runs`: what an app has beside its environments.

use std::cmp::Reverse;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::{AlertItem, JobItem, RunItem, UnitItem};
use super::super::table::{Cell, Column, column, wide};
use super::super::target::{AppPlace, Target};
use super::super::words;
use super::Listed;
use super::select::{self, Names, of_environments, once};
use crate::model::Query;

impl Listed for UnitItem {
    const KIND: &'static str = "units";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        column("UNIT", |it| Cell::Text(it.name.clone())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("STARTED", |it| Cell::Age(it.started_at)),
        column("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The instances of what a target means.
pub(super) async fn units(fleet: &mut Fleet, target: &Target) -> Result<Vec<UnitItem>, CliError> {
    let mut items = Vec::new();
    for (place, pages) in of_environments(fleet, target, Query::Units).await? {
        for unit in pages.units() {
            let (status, platform_word) = words::status(&unit.status);
            items.push(UnitItem {
                context: place.context(fleet),
                app: place.app(),
                environment: place.name(),
                id: unit.id.to_string(),
                name: unit.name.to_string(),
                status,
                platform_word: words::text(unit.state.as_ref()).or(platform_word),
                started_at: unit.started_at,
            });
        }
    }
    Ok(items)
}

impl Listed for AlertItem {
    const KIND: &'static str = "alerts";
    const COLUMNS: &'static [Column<Self>] = &[
        column("FIRING", |it| {
            Cell::maybe(it.firing.map(|it| if it { "yes" } else { "no" }))
        }),
        column("RULE", |it| Cell::Text(it.rule.clone())),
        column("OF", |it| Cell::maybe(it.component.as_deref())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENABLED", |it| Cell::Flag(it.enabled)),
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        wide("TELLS", |it| Cell::Text(it.told.join("; "))),
        wide("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// What the apps that a target means are watched for, what fires first.
pub(super) async fn alerts(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<AlertItem>, CliError> {
    let places = select::apps(fleet, target).await?;
    let question = |it: &AppPlace| (it.context, Query::Alerts(it.app.id.clone()));
    let questions = places.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    let mut items = Vec::new();
    for (place, pages) in places.iter().zip(answers) {
        for alert in pages.alerts() {
            let (status, platform_word) = words::status(&alert.status);
            items.push(AlertItem {
                context: select::context(fleet, place),
                app: place.app.name.to_string(),
                id: alert.id.to_text().to_string(),
                component: words::text(alert.component.as_ref()),
                rule: alert.rule.to_string(),
                enabled: alert.is_enabled,
                firing: alert.is_firing,
                status,
                platform_word,
                told: alert.told.iter().map(ToString::to_string).collect(),
            });
        }
    }
    items.sort_by_key(|it| Reverse(it.firing));
    Ok(items)
}

impl Listed for JobItem {
    const KIND: &'static str = "jobs";
    const COLUMNS: &'static [Column<Self>] = &[
        column("JOB", |it| Cell::Text(it.command.clone())),
        column("SCHEDULE", |it| Cell::Text(it.schedule.clone())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("LAST RUN", |it| Cell::Age(it.last_run_at)),
        column("EXIT", |it| {
            Cell::Text(it.last_exit.map_or_else(String::new, |it| it.to_string()))
        }),
        wide("TIMEOUT", |it| Cell::Seconds(it.timeout_s)),
        wide("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The scheduled jobs of what a target means.
pub(super) async fn jobs(fleet: &mut Fleet, target: &Target) -> Result<Vec<JobItem>, CliError> {
    let mut items = Vec::new();
    let asked = of_environments(fleet, target, Query::Jobs).await?;
    let names = Names::of(&asked);
    for (place, pages) in asked {
        items.extend(pages.jobs().into_iter().map(|job| JobItem {
            context: place.context(fleet),
            app: place.app(),
            environment: names.own(job.environment.as_ref(), &place),
            id: job.id.to_text().to_string(),
            command: job.command.to_string(),
            schedule: job.schedule.to_string(),
            last_run_at: job.last_run_at,
            last_exit: job.last_exit,
            timeout_s: job.timeout.map(|it| it.as_secs()),
        }));
    }
    once(&mut items, |it| it.id.clone());
    Ok(items)
}

impl Listed for RunItem {
    const KIND: &'static str = "runs";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.phase, it.platform_word.as_deref()),
                it.phase.into(),
            )
        }),
        column("JOB", |it| Cell::Text(it.name.clone())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("STARTED", |it| Cell::Age(it.started_at.or(it.created_at))),
        column("ENDED", |it| Cell::Age(it.ended_at)),
        column("CAUSE", |it| Cell::maybe(it.cause.as_deref())),
        column("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The runs of the jobs of what a target means, newest first.
pub(super) async fn runs(fleet: &mut Fleet, target: &Target) -> Result<Vec<RunItem>, CliError> {
    let mut items = Vec::new();
    for (place, pages) in of_environments(fleet, target, Query::JobRuns).await? {
        for run in pages.job_runs() {
            let (phase, platform_word) = words::phase(&run.phase);
            items.push(RunItem {
                context: place.context(fleet),
                app: place.app(),
                environment: place.name(),
                id: run.id.to_text().to_string(),
                job: run.job.to_text().to_string(),
                name: run.name.to_string(),
                phase,
                platform_word,
                cause: words::text(run.cause.as_ref()),
                created_at: run.created_at,
                started_at: run.started_at,
                ended_at: run.ended_at,
            });
        }
    }
    once(&mut items, |it| it.id.clone());
    items.sort_by_key(|it| Reverse(it.created_at.or(it.started_at)));
    Ok(items)
}
