//! What became of an operation whose answer was lost, by reading.

use super::api::Api;
use crate::model::{Failure, Operation, Witness};
use crate::platforms::Found;

pub(super) async fn witness(_api: &Api, _operation: &Operation) -> Result<Witness, Failure> {
    Ok(Witness(None))
}

pub(super) async fn look_for(
    _api: &Api,
    _operation: &Operation,
    _before: &Witness,
) -> Result<Found, Failure> {
    Ok(Found::CannotTell)
}
