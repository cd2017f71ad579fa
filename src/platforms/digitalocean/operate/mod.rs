//! Carrying out operations: one attempt each.

use std::future::ready;

use super::api::Api;
use crate::model::{Accepted, Failure, Operation, Revision, Text};

pub(super) async fn operate(
    _api: &Api,
    operation: &Operation,
    _seen: Option<&Revision>,
) -> Result<Accepted, Failure> {
    ready(Err(unsupported(operation))).await
}

pub(super) fn unsupported(operation: &Operation) -> Failure {
    Failure::Unsupported {
        capability: operation.kind.capability(),
        reason: Text::clean("this is not built for the platform yet"),
    }
}
