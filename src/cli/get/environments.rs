//! `get envs`.

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::{EnvironmentItem, UnitsItem};
use super::super::table::{Cell, Column, column, wide};
use super::super::target::Target;
use super::super::words;
use super::Listed;
use super::select::{self, EnvPlace};
use crate::model::Class;

impl Listed for EnvironmentItem {
    const KIND: &'static str = "envs";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.name.clone())),
        column("CLASS", |it| Cell::maybe(it.class)),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
        column("RELEASE", |it| {
            Cell::maybe(it.release.as_ref().map(|release| release.label.as_str()))
        }),
        column("RELEASED", |it| {
            Cell::Age(it.release.as_ref().and_then(|release| release.at))
        }),
        column("UNITS", |it| {
            Cell::Text(it.units.map_or_else(String::new, |units| {
                format!("{}/{}", units.ready, units.wanted)
            }))
        }),
        column("PENDING", pending),
        column("REASON", |it| Cell::maybe(it.reason.as_deref())),
        wide("KIND", |it| Cell::maybe(it.kind.as_deref())),
        wide("BRANCH", |it| Cell::maybe(it.branch.as_deref())),
        wide("CHANGED", |it| Cell::Age(it.changed_at)),
        wide("URL", |it| Cell::maybe(it.url.as_deref())),
        wide("ID", |it| Cell::Text(it.id.clone())),
    ];
}

fn pending(item: &EnvironmentItem) -> Cell {
    let commits = item.pending_commits.filter(|count| *count > 0);
    let commits = commits.map(|count| count.to_string());
    let changes = item.pending_changes.then(|| "settings".to_owned());
    let parts: Vec<String> = commits.into_iter().chain(changes).collect();
    Cell::Text(parts.join("+"))
}

/// The environments that a target means, those that need somebody first.
pub(super) async fn environments(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<EnvironmentItem>, CliError> {
    let mut places = select::environments(fleet, target).await?;
    places.sort_by_key(|it| (it.environment.status.rank(), it.app(), it.name()));
    Ok(places.iter().map(|place| item(fleet, place)).collect())
}

fn item(fleet: &Fleet, place: &EnvPlace) -> EnvironmentItem {
    let environment = &place.environment;
    let (status, platform_word) = words::status(&environment.status);
    let running = environment.running.as_ref();
    EnvironmentItem {
        context: place.context(fleet),
        app: place.app(),
        app_id: environment.app.to_text().to_string(),
        id: environment.id.to_text().to_string(),
        name: place.name(),
        synthetic: environment.is_synthetic,
        kind: words::text(environment.kind.as_ref()),
        status,
        platform_word,
        class: place.class(fleet).map(Class::word),
        release: environment.release.as_ref().map(words::release),
        reason: words::text(environment.reason.as_ref()),
        running_deployment: running.map(|id| id.to_text().to_string()),
        percent: environment.progress.as_ref().and_then(|it| it.percent),
        units: environment.units.map(|units| UnitsItem {
            ready: units.ready,
            wanted: units.wanted,
        }),
        branch: words::text(environment.branch.as_ref()),
        pending_commits: environment.pending.commits,
        pending_changes: environment.pending.changes,
        changed_at: environment.changed_at,
        url: words::text(environment.url.as_ref()),
    }
}
