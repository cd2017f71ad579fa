//! `get deployments`.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::DeploymentItem;
use super::super::table::{Cell, Column, column, wide};
use super::super::target::{AppPlace, Target};
use super::super::terminal::tell;
use super::super::words;
use super::Listed;
use super::select::{self, EnvPlace, Inventory};
use crate::model::{Deployment, DeploymentScope, Query};

impl Listed for DeploymentItem {
    const KIND: &'static str = "deployments";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.phase, it.platform_word.as_deref()),
                it.phase.into(),
            )
        }),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::maybe(it.environment.as_deref())),
        column("RELEASE", |it| Cell::Text(it.label.clone())),
        column("CURRENT", |it| Cell::Flag(it.current)),
        column("STARTED", |it| Cell::Age(it.started_at)),
        column("TOOK", |it| Cell::Seconds(it.duration_s)),
        column("BY", |it| Cell::maybe(it.by.as_deref())),
        column("REASON", |it| Cell::maybe(it.reason.as_deref())),
        column("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
        wide("CAUSE", |it| Cell::maybe(it.cause.as_deref())),
        wide("COMMIT", |it| Cell::maybe(it.commit.as_deref())),
        wide("MESSAGE", |it| Cell::maybe(it.message.as_deref())),
    ];
}

/// The deployments of what a target means, newest first.
pub(super) async fn deployments(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<DeploymentItem>, CliError> {
    let Inventory { apps, environments } = select::at_once(fleet, target).await?;
    let is_one = target.is_some_and(|target| target.environment.is_some());
    let scope = environments.first().filter(|_| is_one);
    let scope = scope.map(|it| DeploymentScope::Environment(it.environment.id.clone()));
    let question = |place: &AppPlace| {
        let of_app = || DeploymentScope::App(place.app.id.clone());
        (
            place.context,
            Query::Deployments(scope.clone().unwrap_or_else(of_app)),
        )
    };
    let questions = apps.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    let mut items = Vec::new();
    for (place, pages) in apps.iter().zip(answers) {
        let deployments = pages.deployments().into_iter();
        items.extend(deployments.map(|it| item(fleet, place, &environments, &it)));
    }
    tell_notes(fleet, &apps);
    // What waits to begin is newest of all.
    items.sort_by_key(|it| Reverse((it.started_at.is_none(), it.started_at)));
    Ok(items)
}

/// Where a platform's lists are not whole, that is said beside them.
fn tell_notes(fleet: &Fleet, apps: &[AppPlace]) {
    let contexts: BTreeSet<usize> = apps.iter().map(|place| place.context).collect();
    for context in contexts.into_iter().map(|at| &fleet.contexts()[at]) {
        if let Some(note) = context.adapter.profile.deployments_note {
            tell(format_args!("{}: {note}", context.name));
        }
    }
}

fn item(
    fleet: &Fleet,
    place: &AppPlace,
    environments: &[EnvPlace],
    deployment: &Deployment,
) -> DeploymentItem {
    let environment = deployment.environment.as_ref().map(|id| {
        let known = environments.iter().find(|it| it.environment.id == *id);
        known.map_or_else(|| id.to_text(), |it| it.environment.name.clone())
    });
    let (phase, platform_word) = words::phase(&deployment.phase);
    DeploymentItem {
        context: select::context(fleet, place),
        app: place.app.name.to_string(),
        environment: words::text(environment.as_ref()),
        id: deployment.id.to_text().to_string(),
        label: deployment.label.to_string(),
        phase,
        platform_word,
        current: deployment.is_current,
        by: words::text(deployment.by.as_ref()),
        cause: words::text(deployment.cause.as_ref()),
        commit: words::text(deployment.commit.as_ref()),
        message: words::text(deployment.message.as_ref()),
        started_at: deployment.started_at,
        ended_at: deployment.ended_at,
        duration_s: deployment.duration.map(|duration| duration.as_secs()),
        percent: deployment.progress.percent,
        reason: words::text(deployment.reason.as_ref()),
    }
}
