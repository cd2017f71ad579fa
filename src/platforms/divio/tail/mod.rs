//! Following logs.
//!
//! Source: Divio contract, section 6.

mod deployment;
mod older;
mod runtime;

use std::sync::Arc;

use super::api::Api;
use super::support::support;
use crate::model::{Capability, Failure, LogSource, TailRequest};
use crate::platforms::Tail;

pub(super) fn open(api: Arc<Api>, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
    let TailRequest {
        source,
        lines,
        since,
        until,
        follow,
    } = request;
    // Whoever asks for what exists stops at the first silence, unless it is too much for one page.
    let reads_back = !follow && (until.is_some() || lines > runtime::MAX_LINES);
    match source {
        LogSource::Deployment { deployment, .. } => {
            Ok(Box::new(deployment::Growing::new(api, deployment)))
        }
        LogSource::Runtime {
            environment: Some(environment),
            ..
        } if reads_back => {
            let lines = lines as usize;
            let wanted = older::Wanted {
                lines,
                since,
                until,
            };
            Ok(Box::new(older::Older::new(api, environment, wanted)))
        }
        LogSource::Runtime {
            environment: Some(environment),
            ..
        } => Ok(Box::new(runtime::Cursor::new(
            api,
            environment,
            lines,
            since,
        ))),
        LogSource::Runtime {
            environment: None, ..
        } => Err(refused(Capability::AppLog)),
        LogSource::Previous { .. } => Err(refused(Capability::PreviousLog)),
        LogSource::JobRun { .. } => Err(refused(Capability::JobLog)),
        LogSource::Event { .. } => Err(refused(Capability::EventLog)),
    }
}

fn refused(capability: Capability) -> Failure {
    Failure::unsupported(
        capability,
        support(capability).refusal().unwrap_or_default(),
    )
}
