//! Following logs.

use std::sync::Arc;

use super::api::Api;
use crate::model::{Capability, Failure, TailRequest, Text};
use crate::platforms::Tail;

pub(super) fn open(_api: Arc<Api>, _request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
    Err(Failure::Unsupported {
        capability: Capability::RuntimeLog,
        reason: Text::clean("this is not built for the platform yet"),
    })
}
