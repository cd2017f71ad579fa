//! What became of an operation whose answer was lost: found out by comparing what existed before
//! it was sent with what exists now, never by clocks.
//!
//! What makes something is found by what is new (`made`), what changes something by how that looks
//! (`state`).

mod aim;
mod made;
mod state;

use super::api::Api;
use crate::model::{Failure, Operation, Witness};
use crate::platforms::Found;

/// What exists before the operation is sent. Some paths are deduced: one that is not there must not
/// keep the operation from being sent.
pub(super) async fn witness(api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    let seen = match made::trace(operation) {
        Some(trace) => made::witness(api, &trace).await,
        None => state::witness(api, operation).await,
    };
    match seen {
        Err(
            failure @ (Failure::NotFound { .. }
            | Failure::Validation(_)
            | Failure::Server {
                status: 400..=499, ..
            }),
        ) => {
            tracing::warn!(%failure, "an operation is sent without a look at what is there");
            Ok(Witness(None))
        }
        result => result,
    }
}

/// What has become of it.
pub(super) async fn look_for(
    api: &Api,
    operation: &Operation,
    before: &Witness,
) -> Result<Found, Failure> {
    match made::trace(operation) {
        Some(trace) => made::look_for(api, &trace, before).await,
        None => state::look_for(api, operation, before).await,
    }
}
