//! Which log is meant: of what runs, of what ran before, of a deployment, of a run of a job, of an
//! event.

use super::super::args::{Logs, Which};
use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::target::{self, AppPlace};
use crate::model::{
    Activity, Capability, DeploymentId, DeploymentScope, EnvId, Environment, Failure, Job, JobRun,
    JobRunId, LogSource, Query, Text,
};

/// A log, and the environment it belongs to where it belongs to one.
pub(super) struct Found {
    pub(super) source: LogSource,
    pub(super) environment: Option<Environment>,
}

/// Finds the log that is meant.
pub(super) async fn find(
    fleet: &mut Fleet,
    place: &AppPlace,
    args: &Logs,
) -> Result<Found, CliError> {
    let Which {
        deployment,
        previous,
        run,
        event,
    } = &args.which;
    if let Some(wanted) = run {
        return of_run(fleet, place, args, wanted).await;
    }
    if let Some(wanted) = event {
        return of_event(fleet, place, wanted).await;
    }
    if *previous {
        offered(fleet, place, Capability::PreviousLog)?;
    }
    let environment = environment(fleet, place, args).await?;
    let (app, env) = (
        place.app.id.clone(),
        environment.as_ref().map(|it| it.id.clone()),
    );
    let source = match deployment {
        Some(id) => LogSource::Deployment {
            app,
            environment: env.clone(),
            deployment: deployment_of(fleet, place, env.as_ref(), id).await?,
        },
        None if *previous => LogSource::Previous {
            app,
            environment: env,
        },
        None => LogSource::Runtime {
            app,
            environment: env,
        },
    };
    Ok(Found {
        source,
        environment,
    })
}

/// The environment whose log it is: none where the log is that of the whole app, because no
/// environment is named and the platform keeps one.
async fn environment(
    fleet: &mut Fleet,
    place: &AppPlace,
    args: &Logs,
) -> Result<Option<Environment>, CliError> {
    let (_, platform) = fleet.platform(place.context)?;
    let is_of_app = match args.which.deployment {
        Some(_) => !platform.profile().deploys_environments,
        None => platform.support(Capability::AppLog).refusal().is_none(),
    };
    if is_of_app && args.target.environment.is_none() {
        return Ok(None);
    }
    target::environment(fleet, place, &args.target).await
}

/// The newest deployment.
const LATEST: &str = "latest";

/// The deployment that is meant: its id, how that begins, or `latest`. One that is not among the
/// newest is taken as it is written.
async fn deployment_of(
    fleet: &mut Fleet,
    place: &AppPlace,
    environment: Option<&EnvId>,
    wanted: &str,
) -> Result<DeploymentId, CliError> {
    let (_, platform) = fleet.platform(place.context)?;
    let scope = match environment.filter(|_| platform.profile().deploys_environments) {
        Some(id) => DeploymentScope::Environment(id.clone()),
        None => DeploymentScope::App(place.app.id.clone()),
    };
    let query = Query::Deployments(scope);
    let known = fleet.one(place.context, query).await?.deployments();
    let list = format!("get deployments {} -o wide", place.app.name);
    let mut ids = known.into_iter().map(|it| it.id);
    if wanted == LATEST {
        return ids
            .next()
            .ok_or_else(|| not_one("deployment", wanted, 0, &list));
    }
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
    args: &Logs,
    wanted: &str,
) -> Result<Found, CliError> {
    offered(fleet, place, Capability::JobLog)?;
    if offered(fleet, place, Capability::ListJobRuns).is_err() {
        return of_job(fleet, place, args, wanted).await;
    }
    let mut runs: Vec<(Environment, JobRun)> = Vec::new();
    for environment in target::environments(fleet, place, &args.target).await? {
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
        not_one(what, wanted, many, &format!("get runs {}", args.target))
    })?;
    Ok(Found {
        source: LogSource::JobRun {
            app: place.app.id.clone(),
            job: run.job,
            run: run.id,
        },
        environment: Some(environment),
    })
}

/// What a job wrote, where the platform tells no runs of it apart: then the job itself is named.
async fn of_job(
    fleet: &mut Fleet,
    place: &AppPlace,
    args: &Logs,
    wanted: &str,
) -> Result<Found, CliError> {
    let mut jobs: Vec<Job> = Vec::new();
    let is_named = args.target.environment.is_some();
    for environment in target::environments(fleet, place, &args.target).await? {
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
    let job =
        job.map_err(|many| not_one("job", wanted, many, &format!("get jobs {}", args.target)))?;
    Ok(Found {
        source: LogSource::JobRun {
            app: place.app.id.clone(),
            run: JobRunId::new(job.id.as_str()),
            job: job.id,
        },
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
        source: LogSource::Event {
            app: place.app.id.clone(),
            event: event.id,
        },
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
