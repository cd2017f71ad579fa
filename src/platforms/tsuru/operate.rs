//! Carrying out operations: one attempt each.

use super::api::Api;
use super::failure::unbuilt;
use crate::model::{Accepted, Failure, Operation, Safety};
use crate::platforms::Output;

/// Nothing is sent twice: most changes restart the app, and the contract forbids repeating.
///
/// Source: tsuru contract, section 7.
pub(super) fn safety(_operation: &Operation) -> Safety {
    Safety::Once
}

pub(super) async fn operate(
    _api: &Api,
    _operation: &Operation,
    _output: Output<'_>,
) -> Result<Accepted, Failure> {
    Err(unbuilt())
}
