//! Which log is meant: of what runs, of what ran before, of a deployment, of a run of a job, of an
//! event.

use super::super::args::Which;
use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::target::{self, AppPlace, Target};
use crate::model::{
    Activity, AppId, Capability, Deployment, DeploymentId, DeploymentScope, EnvId, Environment,
    Failure, Job, JobRun, JobRunId, LogSource, Query, Text,
};
use crate::platforms::Platform;

/// A log, and the environment it belongs to where it belongs to one.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Absent where only the deployment is meant that begins next.
    pub(super) source: Option<LogSource>,
    /// Then the deployments that were there before: none of these is awaited.
    pub(super) known: Option<Vec<DeploymentId>>,
    pub(super) environment: Option<Environment>,
}

/// What is asked of a target.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) target: &'a Target,
    pub(super) which: &'a Which,
    /// Whether a deployment is meant even if none is named.
    pub(super) until_done: bool,
}

/// In place of an environment: all of them.
const ALL: &str = "*";

/// Finds the logs that are meant: one, or one for each environment.
pub(super) async fn find(
    fleet: &mut Fleet,
    place: &AppPlace,
    wish: Wish<'_>,
) -> Result<Vec<Found>, CliError> {
    let Which {
        previous,
        run,
        event,
        ..
    } = wish.which;
    if let Some(wanted) = run {
        return Ok(vec![of_run(fleet, place, wish.target, wanted).await?]);
    }
    if let Some(wanted) = event {
        return Ok(vec![of_event(fleet, place, wanted).await?]);
    }
    if *previous {
        offered(fleet, place, Capability::PreviousLog)?;
    }
    let mut found = Vec::new();
    for environment in environments(fleet, place, wish).await? {
        let (source, known) = source(fleet, place, environment.as_ref(), wish).await?;
        found.push(Found {
            source,
            known,
            environment,
        });
    }
    Ok(found)
}

/// The log of an environment, or of the whole app.
async fn source(
    fleet: &mut Fleet,
    place: &AppPlace,
    environment: Option<&Environment>,
    wish: Wish<'_>,
) -> Result<(Option<LogSource>, Option<Vec<DeploymentId>>), CliError> {
    let app = place.app.id.clone();
    let environment = environment.map(|it| it.id.clone());
    let of = |deployment| LogSource::Deployment {
        app: place.app.id.clone(),
        environment: environment.clone(),
        deployment,
    };
    if let Some(wanted) = &wish.which.deployment {
        let id = deployment_of(fleet, place, environment.as_ref(), wanted).await?;
        return Ok((Some(of(id)), None));
    }
    if wish.until_done {
        offered(fleet, place, Capability::ListDeployments)?;
        let known = deployments(fleet, place, environment.as_ref()).await?;
        let source = running(&known).map(|it| of(it.id.clone()));
        let known = known.into_iter().map(|it| it.id).collect();
        return Ok((source, Some(known)));
    }
    let source = if wish.which.previous {
        LogSource::Previous { app, environment }
    } else {
        LogSource::Runtime { app, environment }
    };
    Ok((Some(source), None))
}

/// The environments whose logs they are: `None` where the log is that of the whole app, because no
/// environment is named and the platform keeps one.
async fn environments(
    fleet: &mut Fleet,
    place: &AppPlace,
    Wish {
        target,
        which,
        until_done,
    }: Wish<'_>,
) -> Result<Vec<Option<Environment>>, CliError> {
    let is_all = target.environment.as_deref() == Some(ALL);
    let (_, platform) = fleet.platform(place.context)?;
    let is_of_app = if which.deployment.is_some() || until_done {
        // All together are deployed as one.
        !platform.profile().deploys_environments && (is_all || target.environment.is_none())
    } else {
        platform.support(Capability::AppLog).refusal().is_none() && target.environment.is_none()
    };
    if is_of_app {
        return Ok(vec![None]);
    }
    if is_all {
        let all = Target {
            environment: None,
            ..target.clone()
        };
        let found = target::environments(fleet, place, &all).await?;
        return Ok(found.into_iter().map(Some).collect());
    }
    Ok(vec![target::environment(fleet, place, target).await?])
}

/// The newest deployment.
const LATEST: &str = "latest";
/// The one that is under way.
const RUNNING: &str = "running";

/// The newest of them that is under way.
pub(super) fn running(known: &[Deployment]) -> Option<&Deployment> {
    known.iter().find(|it| !it.phase.is_final())
}

/// Whose deployments concern a log.
pub(super) fn scope(
    platform: &dyn Platform,
    app: &AppId,
    environment: Option<&EnvId>,
) -> DeploymentScope {
    match environment.filter(|_| platform.profile().deploys_environments) {
        Some(id) => DeploymentScope::Environment(id.clone()),
        None => DeploymentScope::App(app.clone()),
    }
}

async fn deployments(
    fleet: &mut Fleet,
    place: &AppPlace,
    environment: Option<&EnvId>,
) -> Result<Vec<Deployment>, CliError> {
    let (_, platform) = fleet.platform(place.context)?;
    let scope = scope(platform.as_ref(), &place.app.id, environment);
    let query = Query::Deployments(scope);
    Ok(fleet.one(place.context, query).await?.deployments())
}

/// The deployment that is meant: its id, how that begins, `latest` or `running`. One that is not among
/// the newest is taken as it is written.
async fn deployment_of(
    fleet: &mut Fleet,
    place: &AppPlace,
    environment: Option<&EnvId>,
    wanted: &str,
) -> Result<DeploymentId, CliError> {
    let known = deployments(fleet, place, environment).await?;
    let list = format!("get deployments {} -o wide", place.app.name);
    let named = match wanted {
        LATEST => Some(known.first()),
        RUNNING => Some(running(&known)),
        _ => None,
    };
    if let Some(found) = named {
        let found = found.map(|it| it.id.clone());
        return found.ok_or_else(|| not_one("deployment", wanted, 0, &list));
    }
    let ids = known.into_iter().map(|it| it.id);
    match one(wanted, ids.collect(), DeploymentId::as_str) {
        Ok(id) => Ok(id),
        Err(0) => Ok(DeploymentId::new(wanted)),
        Err(many) => Err(not_one("deployment", wanted, many, &list)),
    }
}

/// What a run of a job wrote. Its environment need not be named: runs are told apart by their ids.
async fn of_run(
    fleet: &mut Fleet,
    place: &AppPlace,
    target: &Target,
    wanted: &str,
) -> Result<Found, CliError> {
    offered(fleet, place, Capability::JobLog)?;
    if offered(fleet, place, Capability::ListJobRuns).is_err() {
        return of_job(fleet, place, target, wanted).await;
    }
    let mut runs: Vec<(Environment, JobRun)> = Vec::new();
    for environment in target::environments(fleet, place, target).await? {
        let query = Query::JobRuns(environment.id.clone());
        let found = fleet.one(place.context, query).await?.job_runs();
        for run in found {
            // Platforms that know runs by the whole app tell them of every part.
            if !runs.iter().any(|(_, known)| known.id == run.id) {
                runs.push((environment.clone(), run));
            }
        }
    }
    let (environment, run) = one(wanted, runs, |(_, run)| run.id.as_str()).map_err(|many| {
        let what = "run of a job";
        not_one(what, wanted, many, &format!("get runs {target}"))
    })?;
    Ok(Found {
        source: Some(LogSource::JobRun {
            app: place.app.id.clone(),
            job: run.job,
            run: run.id,
        }),
        known: None,
        environment: Some(environment),
    })
}

/// What a job wrote, where the platform tells no runs of it apart: then the job itself is named.
async fn of_job(
    fleet: &mut Fleet,
    place: &AppPlace,
    target: &Target,
    wanted: &str,
) -> Result<Found, CliError> {
    let mut jobs: Vec<Job> = Vec::new();
    let is_named = target.environment.is_some();
    for environment in target::environments(fleet, place, target).await? {
        let query = Query::Jobs(environment.id.clone());
        if !is_named && !environment.tells(&query) {
            continue;
        }
        let found = fleet.one(place.context, query).await?.jobs();
        // The jobs of an app are told of every part.
        for job in found {
            if jobs.iter().all(|known| known.id != job.id) {
                jobs.push(job);
            }
        }
    }
    let job = one(wanted, jobs, |job| job.id.as_str());
    let job = job.map_err(|many| not_one("job", wanted, many, &format!("get jobs {target}")))?;
    Ok(Found {
        source: Some(LogSource::JobRun {
            app: place.app.id.clone(),
            run: JobRunId::new(job.id.as_str()),
            job: job.id,
        }),
        known: None,
        environment: None,
    })
}

/// What the platform wrote about an event.
async fn of_event(fleet: &mut Fleet, place: &AppPlace, wanted: &str) -> Result<Found, CliError> {
    offered(fleet, place, Capability::EventLog)?;
    let query = Query::Activity(Some(place.app.id.clone()));
    let events = fleet.one(place.context, query).await?.activity();
    let event: Activity = one(wanted, events, |it| it.id.as_str()).map_err(|many| {
        let list = format!("get activity {} -o wide", place.app.name);
        not_one("event", wanted, many, &list)
    })?;
    Ok(Found {
        source: Some(LogSource::Event {
            app: place.app.id.clone(),
            event: event.id,
        }),
        known: None,
        environment: None,
    })
}

/// A platform's refusal comes before any request for what would not be used.
fn offered(fleet: &Fleet, place: &AppPlace, capability: Capability) -> Result<(), CliError> {
    let (_, platform) = fleet.platform(place.context)?;
    let Some(reason) = platform.support(capability).refusal() else {
        return Ok(());
    };
    Err(CliError::Failure {
        context: fleet.contexts()[place.context].name.to_string(),
        failure: Failure::unsupported(capability, reason),
    })
}

/// The one whose id is `wanted`, or begins so. Ids may be paths, whose first parts say whose it is:
/// the last part alone is enough. Otherwise how many fit.
fn one<T>(wanted: &str, items: Vec<T>, id: impl Fn(&T) -> &str) -> Result<T, usize> {
    let fits = |it: &T| {
        let last = id(it).rsplit('/').next().unwrap_or_default();
        id(it).starts_with(wanted) || last.starts_with(wanted)
    };
    let (exact, others): (Vec<T>, Vec<T>) = items.into_iter().partition(|it| id(it) == wanted);
    let mut found = if exact.is_empty() {
        others.into_iter().filter(fits).collect()
    } else {
        exact
    };
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (Some(_), others) => Err(others + 1),
        (None, _) => Err(0),
    }
}

fn not_one(what: &str, wanted: &str, fitting: usize, list: &str) -> CliError {
    let wanted = Text::clean(wanted);
    let problem = match fitting {
        0 => format!("no {what} \"{wanted}\""),
        many => format!("\"{wanted}\" begins {many} ids: write more of it"),
    };
    CliError::Usage(format!("{problem}; flightdeck {list} lists them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, expected: Result<&str, usize>) {
        let ids = vec!["a/run-12", "a/run-123", "b/job-7"];
        assert_eq!(one(wanted, ids, |it| *it), expected, "{wanted}");
    }

    #[test]
    fn a_run_is_found_by_as_much_of_its_id_as_tells_it_apart() {
        check("a/run-12", Ok("a/run-12"));
        check("run-123", Ok("a/run-123"));
        check("job", Ok("b/job-7"));
        check("run-1", Err(2));
        check("a/", Err(2));
        check("x", Err(0));
    }
}
