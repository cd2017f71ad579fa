//! What an operation acts on, found by its target.

use std::sync::Arc;

use super::command::special;
use crate::cli::exit::CliError;
use crate::cli::fleet::Fleet;
use crate::cli::target::{self, AppPlace};
use crate::model::catalogue::{Inputs, On, Recipe};
use crate::model::{
    App, Capability, Class, ContextId, Creation, DeploymentScope, EnvId, Environment, Failure,
    Query, Revision, Target, Text,
};
use crate::platforms::Platform;
use crate::shell::Ledger;

/// Where a target leads to, before its environments are asked for.
pub(in crate::cli) struct Place {
    context: usize,
    app: Option<AppPlace>,
}

/// What an operation acts on.
pub(in crate::cli) struct Subject {
    pub(in crate::cli) platform: Arc<dyn Platform>,
    /// Where what is sent is written down.
    pub(in crate::cli) ledger: Arc<Ledger>,
    /// The name of the context.
    pub(in crate::cli) context: Text,
    pub(in crate::cli) is_protected: bool,
    pub(in crate::cli) app: Option<App>,
    /// Absent where the operation concerns the whole app, or the platform has no such level.
    pub(in crate::cli) environment: Option<Environment>,
    /// The environments of an app that is meant as a whole.
    pub(in crate::cli) parts: Vec<Text>,
    /// The one of them that tells what the app has as a whole: its variables, domains, services.
    speaker: Option<EnvId>,
    pub(in crate::cli) target: Target,
}

/// An answer to what only other platforms ask for.
fn foreign(creation: &Creation, recipe: &Recipe, inputs: &Inputs) -> Option<&'static str> {
    let is_own = |name: &str| creation.fields.iter().any(|field| field.name == name);
    let mut names = inputs.iter().map(|(name, _)| name);
    names.find(|name| recipe.field(name).is_none() && !is_own(name))
}

impl Place {
    /// Finds the context, and the app unless a whole context is meant.
    pub(in crate::cli) async fn find(
        fleet: &mut Fleet,
        on: On,
        target: &target::Target,
    ) -> Result<Self, CliError> {
        if on != On::Context {
            let place = the_app(fleet, target).await?;
            let (context, app) = (place.context, Some(place));
            return Ok(Self { context, app });
        }
        match (
            target::contexts(fleet, Some(target))?.as_slice(),
            &target.app,
        ) {
            ([context], None) => Ok(Self {
                context: *context,
                app: None,
            }),
            _ => Err(CliError::Usage(format!(
                "this concerns a whole context: write CONTEXT: instead of {}",
                Text::clean(&target.to_string())
            ))),
        }
    }

    /// The context, by its position in the configuration.
    pub(in crate::cli) fn context(&self) -> usize {
        self.context
    }

    /// Refuses what the platform does not offer, and every change in a read-only context.
    pub(in crate::cli) fn permit(
        &self,
        fleet: &Fleet,
        capability: Capability,
    ) -> Result<(), CliError> {
        let (_, platform) = fleet.platform(self.context)?;
        let context = &fleet.contexts()[self.context];
        let fail = |failure| CliError::Failure {
            context: context.name.to_string(),
            failure,
        };
        if let Some(reason) = platform.support(capability).refusal() {
            return Err(fail(Failure::unsupported(capability, reason)));
        }
        if context.connection.read_only {
            return Err(fail(Failure::ReadOnly));
        }
        Ok(())
    }

    /// Refuses what only another platform has.
    pub(super) fn permit_own(&self, fleet: &Fleet, recipe: &Recipe) -> Result<(), CliError> {
        let context = &fleet.contexts()[self.context];
        let profile = context.adapter.profile;
        let (name, title) = (recipe.name, profile.title);
        let Some((_, platform)) = special(name).filter(|_| profile.special(name).is_none()) else {
            return Ok(());
        };
        let reason = format!("only {platform} has {name}, and this is {title}");
        Err(CliError::Failure {
            context: context.name.to_string(),
            failure: Failure::unsupported(recipe.capability, &reason),
        })
    }

    /// What was said, as the row takes it: of an app that is to be created, what the platform wants to
    /// know. What is missing is told before anything is asked.
    pub(super) fn gathered(
        &self,
        fleet: &Fleet,
        recipe: &Recipe,
        inputs: Inputs,
    ) -> Result<Inputs, CliError> {
        if recipe.capability != Capability::CreateApp {
            return Ok(inputs);
        }
        let profile = fleet.contexts()[self.context].adapter.profile;
        let foreign = foreign(&profile.creation, recipe, &inputs);
        if let Some(name) = foreign {
            let title = profile.title;
            let text = format!("--{name}: {title} does not ask for it when an app is created");
            return Err(CliError::Usage(text));
        }
        profile.creation.gather(&inputs).map_err(|problems| {
            let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
            CliError::Usage(format!("{}: {}", profile.title, told.join("; ")))
        })
    }

    /// Finds out what there is to act on.
    pub(in crate::cli) async fn subject(
        self,
        fleet: &mut Fleet,
        on: On,
        target: &target::Target,
    ) -> Result<Subject, CliError> {
        let (id, platform) = fleet.platform(self.context)?;
        let deploys_environments = platform.profile().deploys_environments;
        let (mut parts, mut speaker) = (Vec::new(), None);
        let (environment, class) = match &self.app {
            None => (None, fleet.contexts()[self.context].class),
            Some(place) if on == On::App || (on == On::Release && !deploys_environments) => {
                whole(target)?;
                let environments = environments(fleet, place).await?;
                parts = environments.iter().map(|it| it.name.clone()).collect();
                (None, gravest(fleet, place, &environments))
            }
            Some(place) => {
                let found = target::environments(fleet, place, target).await?;
                let environment = environment(place, target, &found)?;
                let class = if environment.is_some() {
                    class(fleet, place, environment)
                } else {
                    parts = found.iter().map(|it| it.name.clone()).collect();
                    let first = found.iter().find(|it| it.is_synthetic && it.tells_lists);
                    speaker = first.map(|it| it.id.clone());
                    gravest(fleet, place, &found)
                };
                (environment.cloned(), class)
            }
        };
        let context = &fleet.contexts()[self.context];
        let app = self.app.map(|place| place.app);
        let title = title(app.as_ref(), environment.as_ref());
        Ok(Subject {
            platform,
            ledger: fleet.ledger(),
            context: context.name.clone(),
            is_protected: context.is_protected,
            parts,
            speaker,
            target: made(id, app.as_ref(), environment.as_ref(), title, class),
            app,
            environment,
        })
    }
}

fn made(
    context: ContextId,
    app: Option<&App>,
    environment: Option<&Environment>,
    title: Text,
    class: Option<Class>,
) -> Target {
    Target {
        context,
        app: app.map(|app| app.id.clone()),
        environment: environment.map(|it| it.id.clone()),
        title,
        class,
    }
}

impl Subject {
    /// As targets are written.
    pub(in crate::cli) fn title(&self) -> String {
        format!("{}:{}", self.context, self.target.title)
    }

    /// What must be written after `--confirm`.
    pub(in crate::cli) fn name(&self) -> &str {
        let app = self.app.as_ref().map(|app| &app.name);
        app.unwrap_or(&self.context).as_str()
    }

    /// The environment to ask for what an app has as a whole where its environments are made up:
    /// any of them would tell the same.
    pub(in crate::cli) fn speaker_id(&self) -> Result<EnvId, CliError> {
        match &self.speaker {
            Some(speaker) => Ok(speaker.clone()),
            None => self.environment_id(),
        }
    }

    /// The environment, where nothing less will do.
    pub(in crate::cli) fn environment_id(&self) -> Result<EnvId, CliError> {
        let id = self.target.environment.clone();
        id.ok_or_else(|| {
            let (title, app) = (self.title(), self.name());
            CliError::Usage(format!(
                "{title} has several parts: name one ({app}/PART); flightdeck get envs {app} lists them"
            ))
        })
    }

    /// Whose deployments its own are.
    pub(in crate::cli) fn deployments(&self) -> Result<DeploymentScope, CliError> {
        let Target {
            environment, app, ..
        } = &self.target;
        let of_environment = environment.clone().map(DeploymentScope::Environment);
        let scope = of_environment.or_else(|| app.clone().map(DeploymentScope::App));
        scope.ok_or_else(|| CliError::Usage(format!("{} has no deployments", self.title())))
    }

    /// Which version of its configuration was read.
    pub(in crate::cli) fn revision(&self) -> Option<Revision> {
        let own = self.environment.as_ref().and_then(|it| it.revision.clone());
        own.or_else(|| self.app.as_ref()?.revision.clone())
    }

    /// Refuses what the platform does not offer.
    pub(in crate::cli) fn permit(&self, capability: Capability) -> Result<(), CliError> {
        let Some(reason) = self.platform.support(capability).refusal() else {
            return Ok(());
        };
        Err(self.failed(Failure::unsupported(capability, reason)))
    }

    /// Refuses what an app that is pinned to an earlier deployment does not take, and to end that
    /// where it is not.
    pub(in crate::cli) fn permit_pinned(&self, capability: Capability) -> Result<(), CliError> {
        let Some(app) = &self.app else { return Ok(()) };
        let every_change = self.platform.profile().changes_variables_together;
        let ends = [Capability::CommitRollback, Capability::RevertRollback];
        let name = &app.name;
        let text = if app.is_pinned() && capability.begins_deployment(every_change) {
            format!(
                "{name} is pinned to an earlier deployment: keep-rollback or undo-rollback it first"
            )
        } else if !app.is_pinned() && ends.contains(&capability) {
            format!("{name} is not pinned to an earlier deployment")
        } else {
            return Ok(());
        };
        Err(self.failed(Failure::Conflict(Text::clean(&text))))
    }

    /// What a command ends with that cannot do without an answer.
    pub(in crate::cli) fn failed(&self, failure: Failure) -> CliError {
        CliError::Failure {
            context: self.context.to_string(),
            failure,
        }
    }
}

/// The app to act on. It must be the only one: where a context did not answer, another app of the
/// same name may be there.
pub(in crate::cli) async fn the_app(
    fleet: &mut Fleet,
    target: &target::Target,
) -> Result<AppPlace, CliError> {
    let place = target::app(fleet, target).await?;
    let others = 0..fleet.contexts().len();
    let silent = others
        .into_iter()
        .find_map(|at| fleet.failure(at).map(|failure| (at, failure)));
    let Some((at, failure)) = silent.filter(|_| target.context.is_none()) else {
        return Ok(place);
    };
    let (here, there) = (
        &fleet.contexts()[place.context].name,
        &fleet.contexts()[at].name,
    );
    Err(CliError::Failure {
        context: format!("{there} did not answer, so name the context ({here}:{target})"),
        failure: failure.clone(),
    })
}

/// The environment that a target means, of those that it may mean. The only one needs no name, made
/// up or not; of several that are made up (processes, regions) all are meant where none is named.
fn environment<'a>(
    place: &AppPlace,
    target: &target::Target,
    found: &'a [Environment],
) -> Result<Option<&'a Environment>, CliError> {
    match found {
        [only] => Ok(Some(only)),
        _ => target::only(place, target, found),
    }
}

/// Whoever names an environment does not mean all of the app.
fn whole(target: &target::Target) -> Result<(), CliError> {
    match (&target.environment, &target.app) {
        (Some(environment), Some(app)) => Err(CliError::Usage(format!(
            "this concerns the whole app: write {} without /{}",
            Text::clean(app),
            Text::clean(environment)
        ))),
        _ => Ok(()),
    }
}

pub(in crate::cli) fn class(
    fleet: &Fleet,
    place: &AppPlace,
    environment: Option<&Environment>,
) -> Option<Class> {
    let app = place.app.name.as_str();
    let own = environment.map_or(place.app.class, |it| it.class);
    let name = environment.map(|it| it.name.as_str());
    fleet.class(place.context, own, name, app)
}

/// The environments of an app, where its platform lists them.
async fn environments(fleet: &mut Fleet, place: &AppPlace) -> Result<Vec<Environment>, CliError> {
    if !fleet.offers(place.context, Capability::ListEnvironments) {
        return Ok(Vec::new());
    }
    let query = Query::Environments(place.app.id.clone());
    Ok(fleet.one(place.context, query).await?.environments())
}

/// An app matters as much as the gravest of its environments.
fn gravest(fleet: &Fleet, place: &AppPlace, environments: &[Environment]) -> Option<Class> {
    let classes = environments.iter().map(|it| class(fleet, place, Some(it)));
    classes.fold(class(fleet, place, None), Ord::max)
}

pub(in crate::cli) fn title(app: Option<&App>, environment: Option<&Environment>) -> Text {
    match (app, environment) {
        (Some(app), Some(environment)) => {
            Text::clean(&format!("{}/{}", app.name, environment.name))
        }
        (Some(app), None) => app.name.clone(),
        (None, _) => Text::default(),
    }
}
