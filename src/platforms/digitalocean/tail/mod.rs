//! Following logs: what ends, stage by stage; what runs, from one deployment to the next.
//!
//! `links` asks where a log is, `stream` and archives bring pieces of it, `lines` makes lines of
//! them, `place` and `seen` know what was handed over. Source: DigitalOcean contract, section 6.

mod finite;
pub(super) mod lines;
mod links;
mod place;
mod runtime;
mod seen;
mod stream;
mod subject;

use std::sync::Arc;

use self::finite::Finite;
use self::place::Place;
use self::runtime::Runtime;
use self::subject::Subject;
use super::api::Api;
use super::ids;
use crate::model::{AppId, EnvId, Failure, LogSource, TailRequest};
use crate::platforms::Tail;
use crate::platforms::before::before;

/// Begins to follow a log. Sends nothing yet.
pub(super) fn open(api: Arc<Api>, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
    let TailRequest {
        source,
        lines,
        since,
        until,
        follow,
    } = request;
    let subject = match source {
        LogSource::Runtime { app, environment } => {
            let (app, component) = of(&app, environment.as_ref())?;
            let place = Place::new(lines, since);
            let runtime = Runtime::new(api, app, component, place, follow);
            // The platform does not filter by time.
            return Ok(before(Box::new(runtime), until));
        }
        LogSource::Deployment {
            deployment,
            environment,
            ..
        } => {
            let (app, deployment) = ids::of_deployment(&deployment)?;
            let component = environment.as_ref().map(ids::of_environment).transpose()?;
            Subject::Deployment {
                app: app.to_owned(),
                deployment: deployment.to_owned(),
                component: component.map(|(_, component)| component.to_owned()),
            }
        }
        LogSource::Previous { app, environment } => {
            let (app, component) = of(&app, environment.as_ref())?;
            Subject::Previous {
                app,
                component,
                lines,
            }
        }
        LogSource::JobRun { job, run, .. } => {
            let ((app, job), (_, run)) = (ids::of_job(&job)?, ids::of_job_run(&run)?);
            Subject::JobRun {
                app: app.to_owned(),
                job: job.to_owned(),
                run: run.to_owned(),
            }
        }
        LogSource::Event { event, .. } => {
            let (app, event) = ids::of_event(&event)?;
            Subject::Event {
                app: app.to_owned(),
                event: event.to_owned(),
            }
        }
    };
    Ok(before(Box::new(Finite::new(api, subject)), until))
}

/// The app, and the component where one is named.
fn of(app: &AppId, environment: Option<&EnvId>) -> Result<(String, Option<String>), Failure> {
    let Some(environment) = environment else {
        return Ok((app.as_str().to_owned(), None));
    };
    let (app, component) = ids::of_environment(environment)?;
    Ok((app.to_owned(), Some(component.to_owned())))
}
