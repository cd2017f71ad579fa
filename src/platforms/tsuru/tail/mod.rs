//! Following logs: what runs, as it runs; and events, from what they print to what is kept of it.
//!
//! `aim` says what is asked and which records count, `feed` and `batch` bring them, `place` knows what was
//! handed over; `runtime` follows what does not end, `finite` an event, `standing` asks how that is
//! doing. Source: tsuru contract, sections 3, 5 (logs, deploys, events) and 7.

mod aim;
mod batch;
mod feed;
mod finite;
mod place;
mod runtime;
mod standing;

use std::sync::Arc;

use self::aim::Aim;
use self::finite::{Finite, Subject};
use self::runtime::Runtime;
use super::api::Api;
use crate::model::{Capability, Failure, LogSource, TailRequest};
use crate::platforms::Tail;
use crate::platforms::before::before;

/// Begins to follow a log. Sends nothing yet.
pub(super) fn open(api: Arc<Api>, request: &TailRequest) -> Result<Box<dyn Tail>, Failure> {
    let aim = match &request.source {
        LogSource::Runtime { app, environment } => Aim::runtime(app, environment.as_ref())?,
        LogSource::JobRun { job, run, .. } => Aim::job(job, run),
        LogSource::Deployment { deployment, .. } => {
            let subject = Subject::deploy(deployment.as_str());
            let finite = Finite::new(api, subject, request);
            return Ok(before(Box::new(finite), request.until));
        }
        LogSource::Event { event, .. } => {
            let subject = Subject::event(event.as_str());
            let finite = Finite::new(api, subject, request);
            return Ok(before(Box::new(finite), request.until));
        }
        LogSource::Previous { .. } => {
            let reason = super::support::support(Capability::PreviousLog);
            let reason = reason.refusal().unwrap_or_default();
            return Err(Failure::unsupported(Capability::PreviousLog, reason));
        }
    };
    // The server does not filter by time.
    let runtime = Runtime::new(api, aim, request);
    Ok(before(Box::new(runtime), request.until))
}
