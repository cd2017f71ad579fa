//! The apps and environments that a target means.

use std::collections::{HashMap, HashSet};

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::pages::Pages;
use super::super::target::{self, AppPlace, Target};
use crate::model::{App, AppId, Capability, Class, EnvId, Environment, Query};

/// An environment with its app.
#[derive(Clone, Debug)]
pub(super) struct EnvPlace {
    pub(super) place: AppPlace,
    pub(super) environment: Environment,
}

impl EnvPlace {
    /// The name of its context.
    pub(super) fn context(&self, fleet: &Fleet) -> String {
        context(fleet, &self.place)
    }

    /// The name of its app.
    pub(super) fn app(&self) -> String {
        self.place.app.name.to_string()
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.environment.name.to_string()
    }

    /// How much it matters.
    pub(super) fn class(&self, fleet: &Fleet) -> Option<Class> {
        let Environment { class, name, .. } = &self.environment;
        let app = self.place.app.name.as_str();
        fleet.class(self.place.context, *class, Some(name.as_str()), app)
    }
}

/// The name of an app's context.
pub(super) fn context(fleet: &Fleet, place: &AppPlace) -> String {
    fleet.contexts()[place.context].name.to_string()
}

/// Everything below some contexts, in one round of requests.
pub(super) struct Inventory {
    pub(super) apps: Vec<AppPlace>,
    pub(super) environments: Vec<EnvPlace>,
}

/// The apps that a target means.
pub(super) async fn apps(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<AppPlace>, CliError> {
    if let Some(target) = target.filter(|target| target.app.is_some()) {
        return Ok(vec![target::app(fleet, target).await?]);
    }
    let contexts = target::contexts(fleet, target)?;
    Ok(fleet.apps(&contexts).await)
}

/// The apps and environments that a target means, as far as they can be had without asking app by
/// app.
pub(super) async fn at_once(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Inventory, CliError> {
    if let Some(target) = target.filter(|target| target.app.is_some()) {
        return of_app(fleet, target).await;
    }
    let contexts = target::contexts(fleet, target)?;
    Ok(inventory(fleet, &contexts).await)
}

/// The environments that a target means, where necessary app by app.
pub(super) async fn environments(
    fleet: &mut Fleet,
    target: Option<&Target>,
) -> Result<Vec<EnvPlace>, CliError> {
    if let Some(target) = target.filter(|target| target.app.is_some()) {
        return Ok(of_app(fleet, target).await?.environments);
    }
    let contexts = target::contexts(fleet, target)?;
    let Inventory {
        apps,
        mut environments,
    } = inventory(fleet, &contexts).await;
    let one_by_one =
        |place: &&AppPlace| !fleet.offers(place.context, Capability::ListAllEnvironments);
    let questions = apps.iter().filter(one_by_one);
    let questions = questions.map(|it| (it.context, Query::Environments(it.app.id.clone())));
    let questions = questions.collect();
    let answers = fleet.ask(questions).await;
    environments.extend(joined(&apps, answers));
    Ok(environments)
}

/// Asks the same of every environment that a target means.
pub(super) async fn of_environments(
    fleet: &mut Fleet,
    target: &Target,
    query: fn(EnvId) -> Query,
) -> Result<Vec<(EnvPlace, Pages)>, CliError> {
    let mut places = environments(fleet, Some(target)).await?;
    if target.environment.is_none() {
        // What the platform does not offer is asked all the same: the answer says why.
        places.retain(|it| {
            let query = query(it.environment.id.clone());
            !fleet.offers(it.place.context, query.capability()) || it.environment.tells(&query)
        });
    }
    let question = |it: &EnvPlace| (it.place.context, query(it.environment.id.clone()));
    let questions = places.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    Ok(places.into_iter().zip(answers).collect())
}

/// The names of environments that were asked, for what says by itself which it belongs to.
pub(super) struct Names(HashMap<EnvId, String>);

impl Names {
    /// Those of all that were asked.
    pub(super) fn of(asked: &[(EnvPlace, Pages)]) -> Self {
        let name = |(place, _): &(EnvPlace, Pages)| (place.environment.id.clone(), place.name());
        Self(asked.iter().map(name).collect())
    }

    /// Its own environment, if that was asked, else the one whose answer it is in.
    pub(super) fn own(&self, own: Option<&EnvId>, place: &EnvPlace) -> String {
        let known = own.and_then(|id| self.0.get(id));
        known.cloned().unwrap_or_else(|| place.name())
    }
}

/// Platforms that know something by the whole app tell it of every part: it is listed once.
pub(super) fn once<T>(items: &mut Vec<T>, id: impl Fn(&T) -> String) {
    let mut seen = HashSet::new();
    items.retain(|it| seen.insert(id(it)));
}

/// The one app that a target names, with those of its environments that the target means.
async fn of_app(fleet: &mut Fleet, target: &Target) -> Result<Inventory, CliError> {
    let place = target::app(fleet, target).await?;
    let environments = target::environments(fleet, &place, target)
        .await?
        .into_iter();
    let environments = environments.map(|environment| EnvPlace {
        place: place.clone(),
        environment,
    });
    Ok(Inventory {
        environments: environments.collect(),
        apps: vec![place],
    })
}

/// The apps of some contexts, with their environments where those can be had all at once.
async fn inventory(fleet: &mut Fleet, contexts: &[usize]) -> Inventory {
    let apps = contexts.iter().map(|at| (*at, Query::Apps));
    let all_at_once = |at: &&usize| fleet.offers(**at, Capability::ListAllEnvironments);
    let environments = contexts.iter().filter(all_at_once);
    let environments = environments.map(|at| (*at, Query::AllEnvironments));
    let questions = apps.chain(environments).collect();
    let mut answers = fleet.ask(questions).await;
    let environments = answers.split_off(contexts.len());
    let apps: Vec<AppPlace> = answers
        .into_iter()
        .flat_map(|pages| {
            let context = pages.context;
            let apps = pages.apps().into_iter();
            apps.map(move |app| AppPlace { context, app })
        })
        .collect();
    let environments = joined(&apps, environments);
    Inventory { apps, environments }
}

/// Environments with their apps. One whose app is not known stays, under the app's id: half an
/// answer is better than none.
fn joined(apps: &[AppPlace], answers: Vec<Pages>) -> Vec<EnvPlace> {
    let by_id: HashMap<(usize, &AppId), &AppPlace> = apps
        .iter()
        .map(|it| ((it.context, &it.app.id), it))
        .collect();
    let mut found = Vec::new();
    for pages in answers {
        let context = pages.context;
        for environment in pages.environments() {
            let known = by_id.get(&(context, &environment.app)).copied().cloned();
            let unknown = || AppPlace {
                context,
                app: App::new(environment.app.clone(), environment.app.to_text()),
            };
            let place = known.unwrap_or_else(unknown);
            found.push(EnvPlace { place, environment });
        }
    }
    found
}
