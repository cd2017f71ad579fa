//! What became of an operation whose answer was lost.

use std::future::ready;

use super::api::Api;
use crate::model::{Failure, Operation, Witness};
use crate::platforms::Found;

pub(super) async fn witness(_api: &Api, operation: &Operation) -> Result<Witness, Failure> {
    ready(Err(super::operate::unsupported(operation))).await
}

pub(super) async fn look_for(
    _api: &Api,
    operation: &Operation,
    _before: &Witness,
) -> Result<Found, Failure> {
    ready(Err(super::operate::unsupported(operation))).await
}
