//! `get apps`: every app with the worst of its environments.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::AppItem;
use super::super::table::{Cell, Column, column, wide};
use super::super::target::{AppPlace, Target};
use super::super::words;
use super::Listed;
use super::select::{self, EnvPlace};
use crate::app::rows::{badge, progress_words};
use crate::model::{AppId, Class, Environment, Status, Text};

impl Listed for AppItem {
    const KIND: &'static str = "apps";
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATUS", |it| {
            Cell::Short(
                words::cell(it.status, it.platform_word.as_deref()),
                it.status.into(),
            )
        }),
        column("APP", |it| Cell::Text(it.name.clone())),
        column("CLASS", |it| Cell::maybe(it.class)),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
        column("RELEASE", |it| {
            Cell::maybe(it.release.as_ref().map(|release| release.label.as_str()))
        }),
        column("RELEASED", |it| {
            Cell::Age(it.release.as_ref().and_then(|release| release.at))
        }),
        wide("BY", |it| {
            Cell::maybe(
                it.release
                    .as_ref()
                    .and_then(|release| release.by.as_deref()),
            )
        }),
        column("REASON", |it| Cell::maybe(it.reason.as_deref())),
        wide("TITLE", |it| Cell::maybe(it.title.as_deref())),
        wide("URL", |it| Cell::maybe(it.url.as_deref())),
        wide("ORGANISATION", |it| Cell::maybe(it.organisation.as_deref())),
        wide("ID", |it| Cell::Text(it.id.clone())),
    ];
}

/// The apps that a target means, those that need somebody first.
pub(super) async fn apps(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<AppItem>, CliError> {
    let inventory = select::at_once(fleet, target).await?;
    let mut by_app: HashMap<(usize, &AppId), Vec<&EnvPlace>> = HashMap::new();
    for it in &inventory.environments {
        let key = (it.place.context, &it.environment.app);
        by_app.entry(key).or_default().push(it);
    }
    let mut ranked: Vec<(u8, AppItem)> = Vec::new();
    for place in &inventory.apps {
        let environments = by_app.remove(&(place.context, &place.app.id));
        let mut environments = environments.unwrap_or_default();
        // The gravest class first, so that what is taken from one of them is taken from that one.
        let released = |it: &EnvPlace| it.environment.release.as_ref().and_then(|it| it.at);
        environments.sort_by_key(|it| Reverse((it.class(fleet), released(it))));
        let status = status(&place.app.status, &environments);
        let item = item(fleet, place, &status, &environments);
        ranked.push((status.rank(), item));
    }
    ranked.sort_by(|a, b| (a.0, &a.1.name, &a.1.context).cmp(&(b.0, &b.1.name, &b.1.context)));
    Ok(ranked.into_iter().map(|(_, item)| item).collect())
}

/// The worst of an app's own state and those of its environments. Where only its environments have
/// a state, its own is not known and says nothing.
fn status(own: &Status, environments: &[&EnvPlace]) -> Status {
    let own = Some(own).filter(|own| **own != Status::Unknown || environments.is_empty());
    let all = environments
        .iter()
        .map(|it| &it.environment.status)
        .chain(own);
    all.cloned().reduce(Status::worst).unwrap_or_default()
}

fn item(fleet: &Fleet, place: &AppPlace, status: &Status, environments: &[&EnvPlace]) -> AppItem {
    let app = &place.app;
    let gravest = environments.first().and_then(|it| it.class(fleet));
    let class = app.class.max(gravest);
    let class = class.or_else(|| fleet.class(place.context, None, None, app.name.as_str()));
    let of_environments = |take: fn(&Environment) -> Option<Text>| {
        environments.iter().find_map(|it| take(&it.environment))
    };
    let release = || {
        environments
            .iter()
            .find_map(|it| it.environment.release.as_ref())
    };
    let url = app
        .url
        .clone()
        .or_else(|| of_environments(|it| it.url.clone()));
    let (word, platform_word) = words::status(status);
    AppItem {
        context: select::context(fleet, place),
        id: app.id.to_text().to_string(),
        name: app.name.to_string(),
        title: words::text(app.title.as_ref()),
        organisation: app.organisation.as_ref().map(|id| id.to_text().to_string()),
        status: word,
        platform_word,
        class: class.map(Class::word),
        release: app.release.as_ref().or_else(release).map(words::release),
        reason: reason(place, status, environments),
        url: words::text(url.as_ref()),
    }
}

/// Why the app is in its state: by the environment that makes it so, by itself, by a badge.
fn reason(place: &AppPlace, status: &Status, environments: &[&EnvPlace]) -> Option<String> {
    let mut cause = environments
        .iter()
        .map(|it| &it.environment)
        .filter(|it| it.status == *status);
    let of_environment = cause.find_map(|it| {
        let progress = it.progress.as_ref().map(progress_words);
        let progress = progress.filter(|words| !words.is_empty());
        let reason = progress.or_else(|| words::text(it.reason.as_ref()))?;
        let is_one_of_many = environments.len() > 1;
        Some(if is_one_of_many {
            format!("{}: {reason}", it.name)
        } else {
            reason
        })
    });
    let badge = || place.app.badges.first().map(|it| badge(it).to_string());
    of_environment
        .or_else(|| words::text(place.app.reason.as_ref()))
        .or_else(badge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{App, EnvId};

    fn check(own: &Status, of_environments: &[Status], expected: &Status) {
        let places: Vec<EnvPlace> = of_environments
            .iter()
            .map(|status| EnvPlace {
                place: AppPlace {
                    context: 0,
                    app: App::new(AppId::new("a"), Text::clean("a")),
                },
                environment: Environment {
                    status: status.clone(),
                    ..Environment::new(EnvId::new("e"), AppId::new("a"), Text::clean("e"))
                },
            })
            .collect();
        let places: Vec<&EnvPlace> = places.iter().collect();
        assert_eq!(status(own, &places), *expected);
    }

    #[test]
    fn an_app_is_as_bad_as_the_worst_of_it() {
        check(
            &Status::Unknown,
            &[Status::Live, Status::Failed],
            &Status::Failed,
        );
        check(&Status::Degraded, &[Status::Live], &Status::Degraded);
        check(&Status::Unknown, &[Status::Live], &Status::Live);
        check(&Status::Live, &[Status::Unknown], &Status::Unknown);
        check(&Status::Unknown, &[], &Status::Unknown);
        check(&Status::Live, &[], &Status::Live);
    }
}
