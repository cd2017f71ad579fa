//! Logs: of projects the stream of a deployment, of managed apps the states that were seen.
//!
//! `sse` finds frames in bytes, `said` what they say, `replay` what of it was handed over before;
//! `stream` reads one deployment, `deployment` and `newest` follow it, `watched` tells what was seen
//! of a managed app. Source: PandaStack contract, sections 7.1 and 9.

mod deployment;
mod newest;
mod replay;
mod said;
mod sse;
mod stream;
mod watched;

use std::sync::Arc;

use self::deployment::OfDeployment;
use self::newest::OfNewest;
use self::stream::Stream;
use self::watched::Watched;
use super::api::Api;
use super::ids::{self, Which};
use super::support::support;
use crate::model::{Capability, Failure, LogSource, TailRequest};
use crate::platforms::Tail;
use crate::platforms::before::before;

/// Begins to follow a log. Sends nothing yet.
pub(super) fn open(api: Arc<Api>, request: &TailRequest) -> Result<Box<dyn Tail>, Failure> {
    let tail = unbounded(api, request)?;
    Ok(before(tail, request.until))
}

fn unbounded(api: Arc<Api>, request: &TailRequest) -> Result<Box<dyn Tail>, Failure> {
    match &request.source {
        LogSource::Runtime { app, .. } => Ok(match ids::of_app(app) {
            Which::Project(name) => Box::new(OfNewest::new(api, name, request)),
            Which::Managed(_) => Box::new(Watched::of_app(api, app.clone(), request.follow)),
        }),
        LogSource::Deployment { deployment, .. } => {
            let (app, uuid) = ids::of_deployment(deployment)?;
            Ok(match ids::of_app(&app) {
                Which::Project(name) => {
                    let stream = Stream::new(uuid, request.since);
                    Box::new(OfDeployment::new(api, name, stream, request.follow))
                }
                Which::Managed(_) => {
                    let follows = request.follow;
                    Box::new(Watched::of_deployment(api, app.clone(), uuid, follows))
                }
            })
        }
        LogSource::Previous { .. } => Err(refused(Capability::PreviousLog)),
        LogSource::JobRun { .. } => Err(refused(Capability::JobLog)),
        LogSource::Event { .. } => Err(refused(Capability::EventLog)),
    }
}

fn refused(capability: Capability) -> Failure {
    let reason = support(capability).refusal();
    Failure::unsupported(
        capability,
        reason.unwrap_or("PandaStack's API has no such log"),
    )
}
