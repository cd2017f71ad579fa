//! Whose logs are meant, of all targets.

use super::super::args::Logs;
use super::super::exit::{CliError, Exit};
use super::super::fleet::Fleet;
use super::super::target::{self, AppPlace, Target};
use super::super::terminal::tell;
use super::source::{self, Found, Wish};
use crate::model::{AppId, ContextId, DeploymentId, EnvId, LogSource};

/// A log that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The context, by its position in the configuration, and as the engine knows it.
    pub(super) context: usize,
    pub(super) id: ContextId,
    pub(super) app: AppId,
    pub(super) environment: Option<EnvId>,
    /// Absent while only a deployment is awaited.
    pub(super) source: Option<LogSource>,
    /// The deployments that were there before that.
    pub(super) known: Option<Vec<DeploymentId>>,
    pub(super) origin: Origin,
}

/// Whose log it is, in names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) context: String,
    pub(super) app: String,
    pub(super) environment: Option<String>,
    /// As much of it as tells it from the other logs.
    pub(super) label: String,
}

impl Origin {
    /// `context:app/environment`.
    pub(super) fn whole(&self) -> String {
        format!("{}:{}", self.context, self.short())
    }

    fn short(&self) -> String {
        let environment = self.environment.iter();
        environment.fold(self.app.clone(), |app, environment| {
            format!("{app}/{environment}")
        })
    }
}

/// The deployment whose log it is.
pub(super) fn deployment(source: &LogSource) -> Option<&DeploymentId> {
    match source {
        LogSource::Deployment { deployment, .. } => Some(deployment),
        LogSource::Runtime { .. }
        | LogSource::Previous { .. }
        | LogSource::JobRun { .. }
        | LogSource::Event { .. } => None,
    }
}

/// All logs that are meant. What a context fails at is told, and the others are given, with the exit
/// code that the failures deserve; a target that names nothing ends the command.
pub(super) async fn all(fleet: &mut Fleet, args: &Logs) -> Result<(Vec<Place>, Exit), CliError> {
    let mut failures = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let apps = target::apps(fleet, &args.targets).await?;
    for (target, app) in args.targets.iter().zip(apps) {
        let found = match app {
            Ok(app) => of_target(fleet, args, target, &app).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => places.extend(found),
            Err(error @ CliError::Failure { .. }) => failures.push(error),
            Err(error) => return Err(error),
        }
    }
    let exit = tell_failures(fleet, &failures);
    let mut known = Vec::new();
    places.retain(|it| {
        let own = (
            it.context,
            it.app.clone(),
            it.environment.clone(),
            it.source.clone(),
        );
        let is_new = !known.contains(&own);
        known.push(own);
        is_new
    });
    label(&mut places);
    Ok((places, exit))
}

async fn of_target(
    fleet: &mut Fleet,
    args: &Logs,
    target: &Target,
    app: &AppPlace,
) -> Result<Vec<Place>, CliError> {
    let wish = Wish {
        target,
        which: &args.which,
        until_done: args.following.until_done,
    };
    let found = source::find(fleet, app, wish).await?;
    let (id, _) = fleet.platform(app.context)?;
    let context = fleet.contexts()[app.context].name.to_string();
    let place = |found: Found| Place {
        context: app.context,
        id,
        app: app.app.id.clone(),
        source: found.source,
        known: found.known,
        origin: Origin {
            context: context.clone(),
            app: app.app.name.to_string(),
            environment: found.environment.as_ref().map(|it| it.name.to_string()),
            label: String::new(),
        },
        environment: found.environment.map(|it| it.id),
    };
    Ok(found.into_iter().map(place).collect())
}

/// Tells what failed, each once: the fleet knows most of it.
fn tell_failures(fleet: &Fleet, failures: &[CliError]) -> Exit {
    let mut exit = fleet.tell_failures();
    for error in failures {
        exit = exit.max(error.exit());
        let CliError::Failure { context, failure } = error else {
            continue;
        };
        let mut contexts = fleet.contexts().iter().zip(fleet.states());
        let is_told = contexts.any(|(own, state)| {
            own.name.as_str() == context && state.failure.as_ref() == Some(failure)
        });
        if !is_told {
            tell(error);
        }
    }
    exit
}

/// Gives every log a name that no other has, as short as can be.
fn label(places: &mut [Place]) {
    let is_in_several = places
        .windows(2)
        .any(|pair| pair[0].context != pair[1].context);
    for at in 0..places.len() {
        let short = places[at].origin.short();
        let alike = places
            .iter()
            .filter(|it| it.origin.short() == short)
            .count();
        let is_ambiguous = is_in_several && alike > 1;
        let origin = &mut places[at].origin;
        origin.label = if is_ambiguous { origin.whole() } else { short };
    }
}
