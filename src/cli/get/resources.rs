//! `get vars`, `domains`, `services`, `activity` and `metrics`.

use std::cmp::Reverse;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::{
    ActivityItem, DomainItem, MetricItem, PointItem, ServiceItem, VariableItem,
};
use super::super::table::{Cell, Column, column, wide};
use super::super::target::{AppPlace, Target};
use super::super::words;
use super::Listed;
use super::select::{self, EnvPlace, Names, of_environments, once};
use crate::model::{Metric, Query, Series, clean_line};

/// What stands for a value that is not shown.
const MASK: &str = "***";

impl Listed for VariableItem {
    const KIND: &'static str = "vars";
    const COLUMNS: &'static [Column<Self>] = &[
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("NAME", |it| Cell::Text(it.name.clone())),
        column("VALUE", |it| {
            Cell::Text(it.value.as_deref().map_or_else(|| MASK.into(), shown))
        }),
        column("SENSITIVE", |it| Cell::Flag(it.sensitive)),
        wide("READ ONLY", |it| Cell::Flag(it.read_only)),
        wide("SCOPE", |it| Cell::maybe(it.scope.as_deref())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The variables of what a target means, by name.
pub(super) async fn variables(
    fleet: &mut Fleet,
    target: &Target,
    reveal: bool,
) -> Result<Vec<VariableItem>, CliError> {
    let mut items = Vec::new();
    for (place, pages) in of_environments(fleet, target, Query::Variables).await? {
        for variable in pages.variables() {
            let value = variable.value.as_ref().filter(|_| reveal);
            let value = value.map(|it| it.expose().to_owned());
            items.push(VariableItem {
                context: place.context(fleet),
                app: place.app(),
                environment: place.name(),
                name: variable.name.to_string(),
                value,
                sensitive: variable.is_sensitive,
                read_only: variable.is_read_only,
                scope: words::text(variable.scope.as_ref()),
            });
        }
    }
    items.sort_by(|a, b| (&a.environment, &a.name).cmp(&(&b.environment, &b.name)));
    Ok(items)
}

/// A value on a terminal: it comes from a platform and may have many lines. JSON has it unchanged,
/// because there every control character is escaped.
fn shown(value: &str) -> String {
    let lines = value.lines().map(|line| clean_line(line.as_bytes()).0);
    lines.collect::<Vec<_>>().join("\\n")
}

impl Listed for DomainItem {
    const KIND: &'static str = "domains";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        column("DOMAIN", |it| Cell::Text(it.name.clone())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("PRIMARY", |it| Cell::Flag(it.primary)),
        column("REDIRECTS", |it| Cell::Flag(it.redirects)),
        column("MESSAGE", |it| Cell::maybe(it.message.as_deref())),
        wide("TO DO", |it| Cell::Text(it.instructions.join("; "))),
        wide("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The domains of what a target means.
pub(super) async fn domains(
    fleet: &mut Fleet,
    target: &Target,
) -> Result<Vec<DomainItem>, CliError> {
    let mut items = Vec::new();
    let asked = of_environments(fleet, target, Query::Domains).await?;
    let names = Names::of(&asked);
    for (place, pages) in asked {
        for domain in pages.domains() {
            let (status, platform_word) = words::status(&domain.status);
            items.push(DomainItem {
                context: place.context(fleet),
                app: place.app(),
                environment: names.own(domain.environment.as_ref(), &place),
                id: domain.id.to_text().to_string(),
                name: domain.name.to_string(),
                status,
                platform_word,
                message: words::text(domain.message.as_ref()),
                primary: domain.is_primary,
                redirects: domain.redirects,
                tls: domain.tls,
                instructions: domain
                    .instructions
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            });
        }
    }
    once(&mut items, |it| it.id.clone());
    Ok(items)
}

impl Listed for ServiceItem {
    const KIND: &'static str = "services";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        column("SERVICE", |it| Cell::Text(it.name.clone())),
        column("KIND", |it| Cell::Text(it.kind.clone())),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("BACKUP", |it| {
            Cell::maybe(it.can_back_up.map(|can| if can { "yes" } else { "no" }))
        }),
        wide("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The services of what a target means.
pub(super) async fn services(
    fleet: &mut Fleet,
    target: &Target,
) -> Result<Vec<ServiceItem>, CliError> {
    let mut items = Vec::new();
    let asked = of_environments(fleet, target, Query::Services).await?;
    let names = Names::of(&asked);
    for (place, pages) in asked {
        for service in pages.services() {
            let (status, platform_word) = words::status(&service.status);
            items.push(ServiceItem {
                context: place.context(fleet),
                app: place.app(),
                environment: names.own(service.environment.as_ref(), &place),
                id: service.id.to_text().to_string(),
                name: service.name.to_string(),
                kind: service.kind.to_string(),
                status,
                platform_word: words::text(service.state.as_ref()).or(platform_word),
                can_back_up: service.can_back_up,
            });
        }
    }
    once(&mut items, |it| it.id.clone());
    Ok(items)
}

impl Listed for ActivityItem {
    const KIND: &'static str = "activity";
    const COLUMNS: &'static [Column<Self>] = &[
        column("AGO", |it| Cell::Age(it.at)),
        column("APP", |it| Cell::Text(it.app.clone())),
        column("BY", |it| Cell::maybe(it.by.as_deref())),
        wide("KIND", |it| Cell::Text(it.kind.clone())),
        wide("FAILED", |it| Cell::Flag(it.failed == Some(true))),
        column("WHAT", |it| Cell::Text(it.text.clone())),
        wide("ID", |it| Cell::Text(it.id.clone())),
        wide("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// What happened to the apps that a target means, newest first.
pub(super) async fn activity(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<ActivityItem>, CliError> {
    let places = select::apps(fleet, target).await?;
    let question = |it: &AppPlace| (it.context, Query::Activity(Some(it.app.id.clone())));
    let questions = places.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    let mut items = Vec::new();
    for (place, pages) in places.iter().zip(answers) {
        for entry in pages.activity() {
            items.push(ActivityItem {
                context: select::context(fleet, place),
                app: place.app.name.to_string(),
                id: entry.id.to_text().to_string(),
                at: entry.at,
                by: words::text(entry.by.as_ref()),
                kind: entry.kind.to_string(),
                text: entry.text.to_string(),
                failed: entry.failed,
            });
        }
    }
    items.sort_by_key(|it| Reverse(it.at));
    Ok(items)
}

impl Listed for MetricItem {
    const KIND: &'static str = "metrics";
    const COLUMNS: &'static [Column<Self>] = &[
        column("APP", |it| Cell::Text(it.app.clone())),
        column("ENVIRONMENT", |it| Cell::Text(it.environment.clone())),
        column("METRIC", |it| Cell::Text(it.title.clone())),
        column("OF", |it| Cell::Text(it.series.clone())),
        column("VALUE", |it| Cell::Number(it.value)),
        column("UNIT", |it| Cell::Text(it.unit.clone())),
        column("AT", |it| Cell::Age(it.at)),
        wide("PROBLEM", |it| Cell::maybe(it.problem.as_deref())),
    ];
}

/// The metrics of what a target means, one entry per line of a chart.
pub(super) async fn metrics(
    fleet: &mut Fleet,
    target: &Target,
) -> Result<Vec<MetricItem>, CliError> {
    let mut items = Vec::new();
    for (place, pages) in of_environments(fleet, target, Query::Metrics).await? {
        for metric in pages.metrics() {
            items.extend(
                metric
                    .series
                    .iter()
                    .map(|it| line(fleet, &place, &metric, Some(it))),
            );
            if metric.series.is_empty() {
                items.push(line(fleet, &place, &metric, None));
            }
        }
    }
    Ok(items)
}

fn line(fleet: &Fleet, place: &EnvPlace, metric: &Metric, series: Option<&Series>) -> MetricItem {
    let points = series.map_or(&[][..], |series| &series.points);
    let newest = points.last();
    MetricItem {
        context: place.context(fleet),
        app: place.app(),
        environment: place.name(),
        metric: metric.key.to_string(),
        title: metric.title.to_string(),
        unit: metric.unit.to_string(),
        series: series.map_or_else(String::new, |series| series.label.to_string()),
        value: newest.map(|point| point.value),
        at: newest.map(|point| point.at),
        points: points
            .iter()
            .map(|point| PointItem {
                at: point.at,
                value: point.value,
            })
            .collect(),
        problem: words::text(metric.problem.as_ref()),
    }
}
