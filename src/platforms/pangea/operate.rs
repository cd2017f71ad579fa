//! Operations: one attempt each. Source: Pangea contract, sections 5 and 7.

use super::api::Api;
use crate::model::{Accepted, Failure, Operation};

pub(super) async fn operate(_api: &Api, operation: &Operation) -> Result<Accepted, Failure> {
    Err(Failure::unsupported(
        operation.kind.capability(),
        "not built",
    ))
}
