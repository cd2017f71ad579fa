//! Logs: of projects the stream of a deployment, of managed apps the states that were seen.

use std::sync::Arc;

use super::api::Api;
use crate::model::{Capability, Failure, TailRequest};
use crate::platforms::Tail;

pub(super) fn open(_api: Arc<Api>, _request: &TailRequest) -> Result<Box<dyn Tail>, Failure> {
    Err(Failure::unsupported(Capability::DeploymentLog, "not built"))
}
