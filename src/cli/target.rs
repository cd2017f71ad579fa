//! Targets: `context:app/environment`, shortened while unambiguous.

use std::fmt;
use std::str::FromStr;

use super::exit::CliError;
use super::fleet::Fleet;
use crate::config::nearest::most_alike;
use crate::model::{App, Environment, Query, Text};

/// How many names are told when one is unknown.
const HINTS: usize = 5;

/// A target as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) context: Option<String>,
    /// Absent only for `context:`, which is everything in it.
    pub(crate) app: Option<String>,
    pub(crate) environment: Option<String>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || Err("a target is [CONTEXT:]APP[/ENVIRONMENT]".to_owned());
        let (context, rest) = match text.split_once(':') {
            Some((context, rest)) => (Some(context), rest),
            None => (None, text),
        };
        // The name of an environment may contain slashes, as branches do; that of an app cannot.
        let (app, environment) = match rest.split_once('/') {
            Some((app, environment)) => (app, Some(environment)),
            None => (rest, None),
        };
        let is_whole_context = context.is_some() && rest.is_empty();
        if context == Some("") || environment == Some("") || (app.is_empty() && !is_whole_context) {
            return wrong();
        }
        Ok(Self {
            context: context.map(Into::into),
            app: Some(app).filter(|app| !app.is_empty()).map(Into::into),
            environment: environment.map(Into::into),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = &self.context {
            write!(f, "{context}:")?;
        }
        f.write_str(self.app.as_deref().unwrap_or(""))?;
        self.environment
            .as_ref()
            .map_or(Ok(()), |environment| write!(f, "/{environment}"))
    }
}

/// An app and the context it is in, by its position in the configuration.
#[derive(Clone, Debug)]
pub(crate) struct AppPlace {
    pub(crate) context: usize,
    pub(crate) app: App,
}

/// The contexts that a target may be in.
pub(crate) fn contexts(fleet: &Fleet, target: Option<&Target>) -> Result<Vec<usize>, CliError> {
    let all = 0..fleet.contexts().len();
    let Some(name) = target.and_then(|target| target.context.as_deref()) else {
        return Ok(all.collect());
    };
    let names = || fleet.contexts().iter().map(|context| context.name.as_str());
    let found: Vec<usize> = all
        .zip(names())
        .filter(|(_, it)| *it == name)
        .map(|(at, _)| at)
        .collect();
    if found.is_empty() {
        let left_out = fleet.left_out().iter().any(|it| it.as_str() == name);
        let hint = if left_out {
            "the configuration leaves it out (flightdeck config check)".into()
        } else {
            hint(name, names())
        };
        return Err(CliError::Usage(format!(
            "no context \"{}\"; {hint}",
            Text::clean(name)
        )));
    }
    Ok(found)
}

/// The one app that a target names.
pub(crate) async fn app(fleet: &mut Fleet, target: &Target) -> Result<AppPlace, CliError> {
    let Some(name) = target.app.as_deref() else {
        return Err(CliError::Usage(format!("\"{target}\" names no app")));
    };
    let contexts = contexts(fleet, Some(target))?;
    let places = fleet.apps(&contexts).await;
    app_among(fleet, target, name, &contexts, &places)
}

/// The same for several targets: every context is asked once.
pub(crate) async fn apps(
    fleet: &mut Fleet,
    targets: &[Target],
) -> Result<Vec<Result<AppPlace, CliError>>, CliError> {
    let mut all = Vec::new();
    for target in targets {
        all.extend(contexts(fleet, Some(target))?);
    }
    all.sort_unstable();
    all.dedup();
    let places = fleet.apps(&all).await;
    let find = |target: &Target| {
        let Some(name) = target.app.as_deref() else {
            return Err(CliError::Usage(format!("\"{target}\" names no app")));
        };
        let contexts = contexts(fleet, Some(target))?;
        let own = places.iter().filter(|it| contexts.contains(&it.context));
        let own: Vec<AppPlace> = own.cloned().collect();
        app_among(fleet, target, name, &contexts, &own)
    };
    Ok(targets.iter().map(find).collect())
}

fn app_among(
    fleet: &Fleet,
    target: &Target,
    name: &str,
    contexts: &[usize],
    places: &[AppPlace],
) -> Result<AppPlace, CliError> {
    let mut found = pick(name, places, |it| {
        (it.app.name.as_str(), it.app.id.as_str())
    });
    match (found.pop(), found.as_slice()) {
        (Some(place), []) => Ok(place.clone()),
        (None, _) => Err(no_app(fleet, name, contexts, places)),
        (Some(last), others) => {
            let line = |it: &AppPlace| {
                let context = &fleet.contexts()[it.context].name;
                let id = it.app.id.to_text();
                format!("{context}:{} (id {id})", it.app.name)
            };
            let candidates = others.iter().map(|it| line(it)).chain([line(last)]);
            Err(ambiguous(target, candidates.collect()))
        }
    }
}

/// The environments of an app that a target means: the one it names, or all.
pub(crate) async fn environments(
    fleet: &mut Fleet,
    place: &AppPlace,
    target: &Target,
) -> Result<Vec<Environment>, CliError> {
    let query = Query::Environments(place.app.id.clone());
    let environments = fleet.one(place.context, query).await?.environments();
    let Some(name) = target.environment.as_deref() else {
        return Ok(environments);
    };
    let versions = |it: &&Environment| it.name_among(&environments).as_str() == name;
    let mut found = pick(name, &environments, |it| (it.name.as_str(), it.id.as_str()));
    if found.is_empty() {
        found = environments.iter().filter(versions).collect();
    }
    match found.as_slice() {
        [one] => Ok(vec![(*one).clone()]),
        [] => {
            let hint = hint(name, environments.iter().map(|it| it.name.as_str()));
            let app = &place.app.name;
            let name = Text::clean(name);
            Err(CliError::Usage(format!(
                "{app} has no environment \"{name}\"; {hint}"
            )))
        }
        many => {
            let line = |it: &&Environment| {
                let own = it.name_among(&environments);
                let is_same = |other: &&&Environment| other.name_among(&environments) == own;
                // Two that cannot be told by their names are told by their ids.
                let is_only = many.iter().filter(is_same).count() == 1;
                let own = if is_only { own } else { it.id.to_text() };
                format!("{}/{own}", place.app.name)
            };
            Err(ambiguous(target, many.iter().map(line).collect()))
        }
    }
}

/// The one environment that a target means; absent where the app has no such level of its own.
pub(crate) async fn environment(
    fleet: &mut Fleet,
    place: &AppPlace,
    target: &Target,
) -> Result<Option<Environment>, CliError> {
    let found = environments(fleet, place, target).await?;
    only(place, target, &found).map(Option::<&_>::cloned)
}

/// The same of those that it may mean.
pub(crate) fn only<'a>(
    place: &AppPlace,
    target: &Target,
    found: &'a [Environment],
) -> Result<Option<&'a Environment>, CliError> {
    if target.environment.is_none() && found.iter().all(|it| it.is_synthetic) {
        return Ok(None);
    }
    if found.len() > 1 {
        let line = |it: &Environment| format!("{}/{}", place.app.name, it.name_among(found));
        return Err(ambiguous(target, found.iter().map(line).collect()));
    }
    Ok(found.last())
}

/// What has this name or id; case counts only where it tells two apart.
fn pick<'a, T>(typed: &str, items: &'a [T], names: impl Fn(&T) -> (&str, &str)) -> Vec<&'a T> {
    let all = |fits: &dyn Fn(&str, &str) -> bool| -> Vec<&'a T> {
        let fitting = items.iter().filter(|item| {
            let (name, id) = names(item);
            fits(name, id)
        });
        fitting.collect()
    };
    let exact = all(&|name, id| name == typed || id == typed);
    if exact.is_empty() {
        return all(&|name, _| name.eq_ignore_ascii_case(typed));
    }
    exact
}

fn no_app(fleet: &Fleet, name: &str, contexts: &[usize], places: &[AppPlace]) -> CliError {
    let name = Text::clean(name);
    let failed = contexts
        .iter()
        .find_map(|at| fleet.failure(*at).map(|failure| (*at, failure)));
    // It may be in the context that did not answer.
    if let Some((at, failure)) = failed {
        let context = fleet.contexts()[at].name.to_string();
        let failure = failure.clone();
        let context = match contexts {
            [_] => context,
            _ => format!("no app \"{name}\" elsewhere; {context}"),
        };
        return CliError::Failure { context, failure };
    }
    let hint = hint(name.as_str(), places.iter().map(|it| it.app.name.as_str()));
    CliError::Usage(format!("no app \"{name}\"; {hint}"))
}

fn hint<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = most_alike(typed, names, HINTS);
    if near.is_empty() {
        "there is none".into()
    } else {
        format!("nearest: {}", near.join(", "))
    }
}

fn ambiguous(target: &Target, mut candidates: Vec<String>) -> CliError {
    candidates.sort();
    let target = Text::clean(&target.to_string());
    let list = candidates.join("\n  ");
    CliError::Usage(format!("\"{target}\" is ambiguous; it could be\n  {list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(Option<&str>, Option<&str>, Option<&str>)>) {
        let target = text.parse::<Target>().ok();
        let parts = target.as_ref().map(|target| {
            (
                target.context.as_deref(),
                target.app.as_deref(),
                target.environment.as_deref(),
            )
        });
        assert_eq!(parts, expected, "{text}");
        if let Some(target) = target {
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn targets_are_read() {
        check("shop", Some((None, Some("shop"), None)));
        check("shop/live", Some((None, Some("shop"), Some("live"))));
        check(
            "a:shop/feature/x",
            Some((Some("a"), Some("shop"), Some("feature/x"))),
        );
        check("a:", Some((Some("a"), None, None)));
        for wrong in ["", ":", ":shop", "a:/live", "shop/", "/live"] {
            check(wrong, None);
        }
    }

    #[test]
    fn case_counts_only_where_it_tells_two_apart() {
        let names = ["Shop", "shop", "Blog"];
        assert_eq!(pick("shop", &names, |it| (it, "")), [&"shop"]);
        assert_eq!(pick("blog", &names, |it| (it, "")), [&"Blog"]);
        assert_eq!(pick("SHOP", &names, |it| (it, "")).len(), 2);
        assert!(pick("sho", &names, |it| (it, "")).is_empty());
    }
}
